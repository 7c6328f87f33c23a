// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <QObject>

#include "ui/base/latest_task.h"
#include "ui/settings/shortcuts.h"
#include "ui/window/command_palette.h"
#include "ui/window/preferences_dialog.h"

class QDockWidget;

namespace bitfrontier {

class MainWindow;

/// What every desktop program has beside its subject: preferences, shortcuts, the palette that
/// finds commands, the manual, diagnostics, and keys that go from pane to pane. It adds its actions
/// to the window's menus (found by their names).
class DesktopTools : public QObject {
  Q_OBJECT

 public:
  explicit DesktopTools(MainWindow* window);
  ~DesktopTools() override;

  /// Made when they are first asked for, after every part of the window has added its actions.
  Shortcuts& shortcuts();
  /// All that the palette can find now.
  QList<PaletteEntry> entries() const;

  void showPalette();
  void showPreferences(PreferencesDialog::Page page);
  void showManual(const QString& page = {});
  void showNews();
  void showAbout();
  void copyDiagnostics();
  /// Puts the focus into the next pane that is seen: plot, filter, panels. `step` is 1 or -1.
  void cyclePanes(int step);

 private:
  void makeActions();
  void addGoTo();
  void addActions(QList<PaletteEntry>& list) const;
  void addStoreContent(QList<PaletteEntry>& list) const;
  void filterBy(const QString& term);
  void goTo(QDockWidget* dock);
  QList<QWidget*> panes() const;

  MainWindow* window_;
  std::unique_ptr<Shortcuts> shortcuts_;
  LatestTask devices_;
};

}  // namespace bitfrontier
