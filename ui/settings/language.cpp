// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/language.h"

#include <memory>
#include <QApplication>
#include <QDir>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>
#include <vector>

using namespace Qt::StringLiterals;

// Outside any namespace, as Qt asks for resources of a static library.
static void initTranslations() {
#ifdef BITFRONTIER_TRANSLATIONS
  Q_INIT_RESOURCE(translations);
#endif
}

namespace bitfrontier {
namespace {

std::vector<std::unique_ptr<QTranslator>>& installed() {
  static std::vector<std::unique_ptr<QTranslator>> list;
  return list;
}

/// Texts of a function that hands them to a class's tr() are listed under the namespace.
class Translator : public QTranslator {
 public:
  QString translate(const char* context, const char* source, const char* comment,
                    int n) const override {
    const QString text = QTranslator::translate(context, source, comment, n);
    return text.isEmpty() ? QTranslator::translate("bitfrontier", source, comment, n) : text;
  }
};

bool install(const QLocale& locale, const QString& name, const QString& folder) {
  auto translator = std::make_unique<Translator>();
  if (!translator->load(locale, name, u"_"_s, folder)) return false;
  QCoreApplication::installTranslator(translator.get());
  installed().push_back(std::move(translator));
  return true;
}

}  // namespace

QList<Language> languages() {
  initTranslations();
  QList<Language> list{{u"en"_s, u"English"_s}};
  const QDir folder(u":/i18n"_s);
  for (const QString& file : folder.entryList({u"bitfrontier_*.qm"_s})) {
    const QString name = file.mid(12).chopped(3);
    if (name == u"en"_s) continue;  // its plurals only
    const QLocale locale(name);
    list << Language{name, locale.nativeLanguageName()};
  }
  return list;
}

QString installLanguage(const QString& wanted) {
  removeLanguage();
  initTranslations();
  const QLocale locale = wanted.isEmpty() ? QLocale::system() : QLocale(wanted);
  // Half a translation is worse than none: Qt's own texts follow only where ours are there.
  const bool english = locale.language() == QLocale::English || locale.language() == QLocale::C;
  if (!english && install(locale, u"bitfrontier"_s, u":/i18n"_s)) {
    install(locale, u"qtbase"_s, QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    QLocale::setDefault(locale);
    return locale.name();
  }
  install(QLocale(QLocale::English), u"bitfrontier"_s, u":/i18n"_s);  // plurals
  return u"en"_s;
}

void removeLanguage() {
  for (const auto& translator : installed()) QCoreApplication::removeTranslator(translator.get());
  installed().clear();
}

}  // namespace bitfrontier
