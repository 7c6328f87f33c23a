// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/app_settings.h"

#include <QStandardPaths>
#include <system_error>

#include "core/base/error.h"
#include "ui/settings/preferences.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

constexpr int kLayoutVersion = 1;
constexpr int kRecentStores = 8;

template <typename Enum>
Enum readEnum(const QSettings& settings, const QString& key, Enum fallback, int count) {
  const int value = settings.value(key, int(fallback)).toInt();
  return value >= 0 && value < count ? static_cast<Enum>(value) : fallback;
}

}  // namespace

AppSettings::AppSettings()
    : settings_(QSettings::IniFormat, QSettings::UserScope, u"bitfrontier"_s, u"bitfrontier"_s) {}

Theme AppSettings::theme() const {
  return readEnum(settings_, u"appearance/theme"_s, Theme::System, kThemes);
}

void AppSettings::setTheme(Theme theme) { settings_.setValue(u"appearance/theme"_s, int(theme)); }

QByteArray AppSettings::geometry() const {
  return settings_.value(u"window/geometry"_s).toByteArray();
}

QByteArray AppSettings::layout() const {
  if (settings_.value(u"window/layoutVersion"_s).toInt() != kLayoutVersion) return {};
  return settings_.value(u"window/layout"_s).toByteArray();
}

void AppSettings::setWindow(const QByteArray& geometry, const QByteArray& layout) {
  settings_.setValue(u"window/geometry"_s, geometry);
  settings_.setValue(u"window/layout"_s, layout);
  settings_.setValue(u"window/layoutVersion"_s, kLayoutVersion);
}

void AppSettings::forgetWindow() { settings_.remove(u"window"_s); }

QStringList AppSettings::recentStores() const {
  return settings_.value(u"stores/recent"_s).toStringList();
}

void AppSettings::addRecentStore(const std::filesystem::path& file) {
  std::error_code code;
  const QString name = QString::fromStdString(std::filesystem::absolute(file, code).string());
  QStringList recent = recentStores();
  recent.removeAll(name);
  recent.prepend(name);
  settings_.setValue(u"stores/recent"_s, QVariant(recent.mid(0, kRecentStores)));
}

void AppSettings::forgetRecentStores() { settings_.remove(u"stores/recent"_s); }

ViewOptions AppSettings::viewOptions() const {
  ViewOptions o;
  o.metric = readEnum(settings_, u"view/metric"_s, o.metric, 2);
  o.rule = readEnum(settings_, u"view/rule"_s, o.rule, 3);
  o.series = readEnum(settings_, u"view/series"_s, o.series, 3);
  o.fits = settings_.value(u"view/fits"_s, o.fits).toBool();
  o.means = settings_.value(u"view/means"_s, o.means).toBool();
  o.frontier = settings_.value(u"view/frontier"_s, o.frontier).toBool();
  o.errorBars = settings_.value(u"view/errorBars"_s, o.errorBars).toBool();
  return o;
}

void AppSettings::setViewOptions(const ViewOptions& o) {
  settings_.setValue(u"view/metric"_s, int(o.metric));
  settings_.setValue(u"view/rule"_s, int(o.rule));
  settings_.setValue(u"view/series"_s, int(o.series));
  settings_.setValue(u"view/fits"_s, o.fits);
  settings_.setValue(u"view/means"_s, o.means);
  settings_.setValue(u"view/frontier"_s, o.frontier);
  settings_.setValue(u"view/errorBars"_s, o.errorBars);
}

std::filesystem::path defaultStorePath() {
  const QString base = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
  const std::string chosen = Preferences().storeFolder().toStdString();
  const std::filesystem::path folder =
      chosen.empty() ? std::filesystem::path(base.toStdString()) / "bitfrontier"
                     : std::filesystem::path(chosen);
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  if (code) {
    throw Error(ErrorKind::Io, folder.string() + ": cannot be made: " + code.message());
  }
  return folder / "runs.bfdb";
}

}  // namespace bitfrontier
