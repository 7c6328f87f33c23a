// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QKeySequence>
#include <QMap>
#include <QSettings>
#include <QString>

#include "ui/settings/theme.h"

namespace bitfrontier {

/// What the user chooses in the preferences; kept in the file of AppSettings. Values that make no
/// sense are read as the default.
class Preferences {
 public:
  static constexpr int kSmallestText = 7, kLargestText = 28;

  Preferences();

  Theme theme() const;
  void setTheme(Theme theme);
  /// Points of the text in the window; 0: as the desktop says.
  int textSize() const;
  void setTextSize(int points);
  /// Name of a locale such as zh_CN; empty: the desktop's.
  QString language() const;
  void setLanguage(const QString& name);
  /// Where new stores are made; empty: defaultStorePath's folder.
  QString storeFolder() const;
  void setStoreFolder(const QString& folder);
  /// Folder of the model cache; empty: HF_HOME, or ~/.cache/huggingface.
  QString modelFolder() const;
  void setModelFolder(const QString& folder);
  /// "cpu", "cuda:0"; empty: the first GPU, or else the CPU.
  QString device() const;
  void setDevice(const QString& device);
  /// Threads that evaluate; 0: one for each core.
  int threads() const;
  void setThreads(int threads);
  /// Refuses downloads, also those that are asked for.
  bool offline() const;
  void setOffline(bool offline);
  /// Whether a crash leaves a file in the state folder.
  bool crashLog() const;
  void setCrashLog(bool on);
  /// Shortcuts that differ from the program's own, by name of the action.
  QMap<QString, QList<QKeySequence>> shortcuts() const;
  void setShortcuts(const QMap<QString, QList<QKeySequence>>& shortcuts);

  /// Sets what libraries read once from the environment (threads, model folder, no network) where
  /// the user's environment does not say it already. For the start of the program.
  void applyToEnvironment() const;
  /// Applies theme and text size to the whole application.
  void applyAppearance() const;

 private:
  QSettings settings_;
};

}  // namespace bitfrontier
