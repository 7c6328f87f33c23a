// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QList>
#include <QStandardItemModel>
#include <QString>
#include <QTreeView>

namespace bitfrontier {

/// One line of the palette.
struct PaletteEntry {
  QString title;   ///< what is searched, "Export figure"
  QString kind;    ///< where it is from: "File", "Family", "Field"
  QString keys;    ///< its shortcut, or empty
  QString tip;     ///< one sentence
  QString whyNot;  ///< why it cannot be done now, or empty
  std::function<void()> run;
};

/// Finds anything by a few of its letters: Enter does it. What cannot be done now is listed last
/// and says why.
class CommandPalette : public QDialog {
  Q_OBJECT

 public:
  explicit CommandPalette(QList<PaletteEntry> entries, QWidget* parent = nullptr);

  /// Shown entries, best first.
  QList<PaletteEntry> found() const;
  QLineEdit* edit() { return edit_; }

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void search();
  void explain();
  void runCurrent();

  QList<PaletteEntry> entries_;
  QList<int> shown_;
  QLineEdit* edit_;
  QTreeView* view_;
  QStandardItemModel* model_;
  QLabel* says_;
};

}  // namespace bitfrontier
