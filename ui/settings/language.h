// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

namespace bitfrontier {

struct Language {
  QString locale;   ///< "zh_CN"
  QString ownName;  ///< "简体中文"
};

/// English, and every language that this program has a translation for.
QList<Language> languages();

/// Translates the application from now on: its own texts and those of Qt. `locale` empty: the first
/// of the desktop's languages that there is a translation for. Widgets that exist already keep
/// their texts. Returns the locale that is used, "en" where there is no translation.
QString installLanguage(const QString& locale);
/// Takes the translations back.
void removeLanguage();

}  // namespace bitfrontier
