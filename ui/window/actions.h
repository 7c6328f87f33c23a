// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QActionGroup>
#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QPalette>
#include <vector>

namespace bitfrontier {

/// Every action of the main window: text, tip, shortcut, icon. What they do is connected elsewhere.
class Actions : public QObject {
  Q_OBJECT

 public:
  explicit Actions(QObject* parent);

  QAction *exportViews, *print, *printPreview;
  QAction *newSweep, *openStore, *addPublished, *exportFigure, *exportLaws, *exportPoints, *quit;
  QAction *copyFigure, *copyRows, *copyCsv, *copyMarkdown, *copyLatex, *copyLaws, *focusFilter;
  QAction *undo, *redo, *excludePoints, *setBaseline, *saveView, *newWindow;
  QAction *fits, *means, *frontier, *errorBars, *partial;
  QAction *fitView, *zoomIn, *zoomOut, *showAll;
  QAction *themeSystem, *themeLight, *themeDark, *themeContrast, *resetLayout, *fullScreen;
  QAction *pause, *cancel;
  QAction *importFiles, *paste;  ///< what a drop on the window does, too
  QAction *help, *about, *aboutQt;

  /// One action more, owned by this. `name` and `icon` (of resources/icons) are not translated.
  QAction* make(const char* name, const char* icon, const QString& text, const QString& tip,
                const QKeySequence& shortcut = {});
  /// Counts an action that was made elsewhere (of a panel, a recent file) among these: it gets an
  /// icon, and its status tip says what it does.
  /// `status` is what the status bar says now, where it is not the tip.
  void adopt(QAction* action, const char* icon, const QString& name, const QString& tip,
             const QString& status = {});
  /// Makes an action possible, or impossible with the reason as its status tip.
  static void setPossible(QAction* action, const QString& whyNot);

  const QList<QAction*>& all() const { return all_; }
  /// Draws the icons again in the palette's colours.
  void updateIcons(const QPalette& palette);

 private:
  void makeStoreActions();
  void makeEditActions();
  void makeViewActions();
  void makeThemes();
  void makeOthers();

  QList<QAction*> all_;
  QActionGroup* themes_;
};

}  // namespace bitfrontier
