// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/preferences.h"

#include <algorithm>
#include <QApplication>
#include <QFont>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

void setOrRemove(QSettings& settings, const QString& key, const QVariant& value, bool isDefault) {
  if (isDefault) {
    settings.remove(key);
  } else {
    settings.setValue(key, value);
  }
}

void exportText(const char* name, const QString& value) {
  if (!value.isEmpty() && qEnvironmentVariableIsEmpty(name)) qputenv(name, value.toLocal8Bit());
}

}  // namespace

Preferences::Preferences()
    : settings_(QSettings::IniFormat, QSettings::UserScope, u"bitfrontier"_s, u"bitfrontier"_s) {}

Theme Preferences::theme() const {
  const int value = settings_.value(u"appearance/theme"_s, 0).toInt();
  return value >= 0 && value < kThemes ? static_cast<Theme>(value) : Theme::System;
}

void Preferences::setTheme(Theme theme) { settings_.setValue(u"appearance/theme"_s, int(theme)); }

int Preferences::textSize() const {
  const int points = settings_.value(u"appearance/textSize"_s, 0).toInt();
  return points >= kSmallestText && points <= kLargestText ? points : 0;
}

void Preferences::setTextSize(int points) {
  setOrRemove(settings_, u"appearance/textSize"_s, points, points == 0);
}

QString Preferences::language() const {
  return settings_.value(u"appearance/language"_s).toString();
}

void Preferences::setLanguage(const QString& name) {
  setOrRemove(settings_, u"appearance/language"_s, name, name.isEmpty());
}

QString Preferences::storeFolder() const { return settings_.value(u"data/stores"_s).toString(); }

void Preferences::setStoreFolder(const QString& folder) {
  setOrRemove(settings_, u"data/stores"_s, folder, folder.isEmpty());
}

QString Preferences::modelFolder() const { return settings_.value(u"data/models"_s).toString(); }

void Preferences::setModelFolder(const QString& folder) {
  setOrRemove(settings_, u"data/models"_s, folder, folder.isEmpty());
}

QString Preferences::device() const { return settings_.value(u"run/device"_s).toString(); }

void Preferences::setDevice(const QString& device) {
  setOrRemove(settings_, u"run/device"_s, device, device.isEmpty());
}

int Preferences::threads() const {
  return std::clamp(settings_.value(u"run/threads"_s, 0).toInt(), 0, 1024);
}

void Preferences::setThreads(int threads) {
  setOrRemove(settings_, u"run/threads"_s, threads, threads == 0);
}

bool Preferences::offline() const { return settings_.value(u"privacy/offline"_s, false).toBool(); }

void Preferences::setOffline(bool offline) {
  setOrRemove(settings_, u"privacy/offline"_s, offline, !offline);
}

bool Preferences::crashLog() const { return settings_.value(u"privacy/crashLog"_s, true).toBool(); }

void Preferences::setCrashLog(bool on) { setOrRemove(settings_, u"privacy/crashLog"_s, on, on); }

QMap<QString, QList<QKeySequence>> Preferences::shortcuts() const {
  QMap<QString, QList<QKeySequence>> shortcuts;
  QSettings settings(settings_.format(), settings_.scope(), settings_.organizationName(),
                     settings_.applicationName());
  settings.beginGroup(u"shortcuts"_s);
  for (const QString& name : settings.childKeys()) {
    shortcuts[name] = QKeySequence::listFromString(settings.value(name).toString());
    shortcuts[name].removeAll(QKeySequence());
  }
  return shortcuts;
}

void Preferences::setShortcuts(const QMap<QString, QList<QKeySequence>>& shortcuts) {
  settings_.remove(u"shortcuts"_s);
  for (auto it = shortcuts.begin(); it != shortcuts.end(); ++it) {
    settings_.setValue(u"shortcuts/"_s + it.key(), QKeySequence::listToString(it.value()));
  }
}

void Preferences::applyToEnvironment() const {
  if (threads() > 0) exportText("OMP_NUM_THREADS", QString::number(threads()));
  exportText("HF_HOME", modelFolder());
  if (offline()) exportText("HF_HUB_OFFLINE", u"1"_s);
}

void Preferences::applyAppearance() const {
  static const QFont systemFont = QApplication::font();
  applyTheme(theme());
  QFont font = systemFont;
  if (const int points = textSize(); points > 0) font.setPointSize(points);
  if (QApplication::font() != font) QApplication::setFont(font);
}

}  // namespace bitfrontier
