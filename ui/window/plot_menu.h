// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <QActionGroup>
#include <QMenu>
#include <vector>

#include "ui/view/view_controller.h"
#include "ui/window/plot_pane.h"

namespace bitfrontier {

/// The menu "Plot": what is drawn besides what the tool bar has, small plots side by side, the
/// figures of the paper. Its state follows the view.
class PlotMenu : public QMenu {
  Q_OBJECT

 public:
  PlotMenu(ViewController* view, PlotPane* pane, QWidget* parent = nullptr);

  /// All entries, those of its menus too.
  QList<QAction*> choices() const;

 Q_SIGNALS:
  /// Options that are more than a switch; `text` says what they are, for "Undo".
  void viewWanted(const bitfrontier::ViewOptions& options, const QString& text);

 private:
  using Change = std::function<void(ViewOptions&)>;
  using Test = std::function<bool(const ViewOptions&)>;

  /// Adds a checkable action that is on where `on` says so and makes `change` when triggered.
  QAction* add(QMenu& menu, const QString& name, const QString& text, const QString& tip, Test on,
               Change change);
  void addSwitch(const QString& name, const QString& text, const QString& tip,
                 bool ViewOptions::*flag);
  void buildLossless();
  void buildContext();
  void buildSplit();
  void buildFigures();
  void showOptions();
  void showFigures();

  ViewController* view_;
  PlotPane* pane_;
  QMenu* context_ = nullptr;
  std::vector<std::pair<QAction*, Test>> tests_;
  std::vector<std::pair<QAction*, int>> figures_;
};

}  // namespace bitfrontier
