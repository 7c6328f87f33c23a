// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QTabWidget>

#include "ui/base/latest_task.h"
#include "ui/settings/preferences.h"
#include "ui/settings/shortcuts.h"

class QFormLayout;

namespace bitfrontier {

/// Preferences by subject. What is chosen is stored and in effect at once; what waits for the next
/// start says so.
class PreferencesDialog : public QDialog {
  Q_OBJECT

 public:
  enum class Page { Appearance, Data, Running, Privacy, Shortcuts };

  explicit PreferencesDialog(Shortcuts* shortcuts, QWidget* parent = nullptr);
  void showPage(Page page);

 Q_SIGNALS:
  void themeChosen(bitfrontier::Theme theme);
  void recentForgotten();

 private:
  QWidget* appearancePage();
  QWidget* dataPage();
  QWidget* runningPage();
  QWidget* privacyPage();
  QLineEdit* addFolder(QFormLayout* form, const QString& name, const QString& label,
                       const QString& now, const QString& automatic, const QString& tip,
                       void (Preferences::*set)(const QString&));
  void findDevices();

  Preferences preferences_;
  QTabWidget* tabs_;
  QComboBox* device_ = nullptr;
  LatestTask devices_;
};

}  // namespace bitfrontier
