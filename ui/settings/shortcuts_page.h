// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStandardItemModel>
#include <QTreeView>
#include <QWidget>

#include "ui/settings/shortcuts.h"

namespace bitfrontier {

/// The editor of shortcuts: a table of actions, a field that takes keys, and a line that names the
/// action that has these keys already. Every change is in effect and stored at once.
class ShortcutsPage : public QWidget {
  Q_OBJECT

 public:
  explicit ShortcutsPage(Shortcuts* shortcuts, QWidget* parent = nullptr);

  /// Makes this action the one that is edited; for tests and links.
  void choose(const QAction* action);

 Q_SIGNALS:
  void changed();

 private:
  void fill();
  void showCurrent();
  void offer();
  QAction* current() const;
  void afterChange();

  Shortcuts* shortcuts_;
  QLineEdit* search_;
  QTreeView* view_;
  QStandardItemModel* model_;
  QKeySequenceEdit* keys_;
  QPushButton *set_, *none_, *reset_, *resetAll_;
  QLabel* says_;
};

}  // namespace bitfrontier
