// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/app_settings.h"

#include <QStandardPaths>
#include <system_error>

#include "core/base/error.h"
#include "ui/settings/preferences.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

constexpr int kLayoutVersion = 2;
constexpr int kRecentStores = 8;

template <typename Enum>
Enum readEnum(const QSettings& settings, const QString& key, Enum fallback, int count) {
  const int value = settings.value(key, int(fallback)).toInt();
  return value >= 0 && value < count ? static_cast<Enum>(value) : fallback;
}

qint64 readNumber(const QSettings& settings, const QString& key, qint64 fallback, qint64 least,
                  qint64 most) {
  bool understood = false;
  const qint64 value = settings.value(key, fallback).toLongLong(&understood);
  return understood && value >= least && value <= most ? value : fallback;
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

QByteArray AppSettings::lastSweep() const {
  return settings_.value(u"launch/last"_s).toByteArray();
}

void AppSettings::setLastSweep(const QByteArray& json) {
  settings_.setValue(u"launch/last"_s, json);
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
  // Not seconds, which most stores do not have: the first sight of one would be empty.
  o.x = readEnum(settings_, u"view/x"_s, o.x, 3);
  o.xLog = settings_.value(u"view/xLog"_s, o.xLog).toBool();
  o.yLog = settings_.value(u"view/yLog"_s, o.yLog).toBool();
  o.context = readNumber(settings_, u"view/context"_s, o.context, 0, qint64{1} << 24);
  o.rings = settings_.value(u"view/rings"_s, o.rings).toBool();
  o.labels = settings_.value(u"view/labels"_s, o.labels).toBool();
  o.lossless = settings_.value(u"view/lossless"_s, o.lossless).toBool();
  o.losslessBits =
      static_cast<int>(readNumber(settings_, u"view/losslessBits"_s, o.losslessBits, 1, 16));
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
  if (o.x != XAxis::Seconds) settings_.setValue(u"view/x"_s, int(o.x));
  settings_.setValue(u"view/xLog"_s, o.xLog);
  settings_.setValue(u"view/yLog"_s, o.yLog);
  settings_.setValue(u"view/context"_s, qint64{o.context});
  settings_.setValue(u"view/rings"_s, o.rings);
  settings_.setValue(u"view/labels"_s, o.labels);
  settings_.setValue(u"view/lossless"_s, o.lossless);
  settings_.setValue(u"view/losslessBits"_s, o.losslessBits);
}

QVariant AppSettings::remembered(const QString& key, const QVariant& otherwise) const {
  return settings_.value(u"panels/"_s + key, otherwise);
}

void AppSettings::remember(const QString& key, const QVariant& value) {
  settings_.setValue(u"panels/"_s + key, value);
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
