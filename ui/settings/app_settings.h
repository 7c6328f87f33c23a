// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <QByteArray>
#include <QSettings>
#include <QString>
#include <QStringList>
#include <QVariant>

#include "ui/base/view_options.h"
#include "ui/settings/theme.h"

namespace bitfrontier {

/// What the window remembers, in $XDG_CONFIG_HOME/bitfrontier/bitfrontier.ini.
class AppSettings {
 public:
  AppSettings();

  Theme theme() const;
  void setTheme(Theme theme);
  /// Window geometry and dock layout; empty when there is none of this version.
  QByteArray geometry() const;
  QByteArray layout() const;
  void setWindow(const QByteArray& geometry, const QByteArray& layout);
  void forgetWindow();
  QStringList recentStores() const;
  void forgetRecentStores();
  void addRecentStore(const std::filesystem::path& file);
  /// What was last queued from the launch dialog, as JSON; empty before.
  QByteArray lastSweep() const;
  void setLastSweep(const QByteArray& json);
  /// Drawing choices; not the filter and not the source, which belong to a store.
  ViewOptions viewOptions() const;
  void setViewOptions(const ViewOptions& options);
  /// @name What a panel remembers, by "panel/thing"
  /// @{
  QVariant remembered(const QString& key, const QVariant& otherwise = {}) const;
  void remember(const QString& key, const QVariant& value);
  /// @}

 private:
  QSettings settings_;
};

/// runs.bfdb in the folder of the preferences, or else in $XDG_DATA_HOME/bitfrontier; the folder is
/// made. Throws Error{Io}.
std::filesystem::path defaultStorePath();

}  // namespace bitfrontier
