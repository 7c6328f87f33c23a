// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/plot_menu.h"

#include <utility>

#include "ui/base/text.h"
#include "ui/view/paper_figures.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

PlotMenu::PlotMenu(ViewController* view, PlotPane* pane, QWidget* parent)
    : QMenu(tr("&Plot"), parent), view_(view), pane_(pane) {
  setObjectName(u"plotOptionsMenu"_s);
  addSwitch(u"showRings"_s, tr("&Rings of the frontier"),
            tr("The thicker a ring, the surer its point is on the frontier"), &ViewOptions::rings);
  addSwitch(u"showLabels"_s, tr("&Names in the plot"),
            tr("Names lines and the points of the frontier where there is room"),
            &ViewOptions::labels);
  buildLossless();
  buildContext();
  addSeparator();
  buildSplit();
  buildFigures();
  addSeparator();
  QAction* lasso = addAction(tr("Select by l&asso"));
  lasso->setObjectName(u"selectByLasso"_s);
  lasso->setToolTip(
      tr("Shift and drag selects what a line drawn by hand encloses, not a rectangle"));
  lasso->setStatusTip(lasso->toolTip());
  lasso->setCheckable(true);
  connect(lasso, &QAction::toggled, pane_, &PlotPane::setLasso);
  QAction* only = addAction(tr("Show &only the selected points"));
  only->setObjectName(u"showOnlySelected"_s);
  only->setToolTip(tr("Writes models and configurations of the selected points into the filter"));
  only->setStatusTip(only->toolTip());
  connect(only, &QAction::triggered, pane_, &PlotPane::showOnlySelected);
  connect(&view_->selection(), &Selection::changed, only, [this, only] {
    only->setEnabled(!view_->selection().keys().empty());
    only->setStatusTip(only->isEnabled() ? only->toolTip() : tr("Select points first"));
  });
  only->setEnabled(false);
  only->setStatusTip(tr("Select points first"));
  connect(view_, &ViewController::optionsChanged, this, &PlotMenu::showOptions);
  connect(view_, &ViewController::pointsChanged, this, &PlotMenu::showFigures);
  showOptions();
  showFigures();
}

QAction* PlotMenu::add(QMenu& menu, const QString& name, const QString& text, const QString& tip,
                       Test on, Change change) {
  QAction* action = menu.addAction(text);
  action->setObjectName(name);
  action->setToolTip(tip);
  action->setStatusTip(tip);
  action->setCheckable(true);
  connect(action, &QAction::triggered, this, [this, change = std::move(change)] {
    ViewOptions options = view_->options();
    change(options);
    view_->setOptions(options);
    showOptions();  // also when nothing has changed: a choice that is made again stays checked
  });
  tests_.emplace_back(action, std::move(on));
  return action;
}

void PlotMenu::addSwitch(const QString& name, const QString& text, const QString& tip,
                         bool ViewOptions::*flag) {
  add(
      *this, name, text, tip, [flag](const ViewOptions& o) { return o.*flag; },
      [flag](ViewOptions& o) { o.*flag = !(o.*flag); });
}

void PlotMenu::buildLossless() {
  QMenu* menu = addMenu(tr("Loss&less line"));
  menu->setObjectName(u"losslessMenu"_s);
  const QString tip = tr("The 16-bit law as if weights were kept in fewer bits without any loss");
  add(
      *menu, u"losslessNone"_s, tr("&None"), tip, [](const ViewOptions& o) { return !o.lossless; },
      [](ViewOptions& o) { o.lossless = false; });
  for (int bits = 2; bits <= 8; ++bits) {
    add(
        *menu, u"lossless%1"_s.arg(bits), tr("&%1 bit").arg(bits), tip,
        [bits](const ViewOptions& o) { return o.lossless && o.losslessBits == bits; },
        [bits](ViewOptions& o) {
          o.lossless = true;
          o.losslessBits = bits;
        });
  }
}

void PlotMenu::buildContext() {
  context_ = addMenu(tr("&Context in memory"));
  context_->setObjectName(u"contextMenu"_s);
  const QString tip = tr("Tokens whose key-value cache the axis \"Memory with context\" counts");
  struct Entry {
    std::int64_t tokens;
    QString text;
  };
  for (const Entry& c :
       {Entry{0, tr("&Weights alone")}, Entry{512, tr("&512 tokens")},
        Entry{2048, tr("&2,048 tokens")}, Entry{8192, tr("&8,192 tokens")},
        Entry{32768, tr("&32,768 tokens")}, Entry{131072, tr("&131,072 tokens")}}) {
    add(
        *context_, u"context%1"_s.arg(c.tokens), c.text, tip,
        [tokens = c.tokens](const ViewOptions& o) { return o.context == tokens; },
        [tokens = c.tokens](ViewOptions& o) {
          o.context = tokens;
          o.x = XAxis::Memory;  // what is chosen is seen
        });
  }
}

void PlotMenu::buildSplit() {
  QMenu* menu = addMenu(tr("&Small plots by"));
  menu->setObjectName(u"splitMenu"_s);
  struct Entry {
    SplitBy split;
    QString name, text;
  };
  for (const Entry& c : {Entry{SplitBy::None, u"splitNone"_s, tr("&Nothing: one plot")},
                         Entry{SplitBy::Family, u"splitFamily"_s, tr("&Family")},
                         Entry{SplitBy::DataType, u"splitType"_s, tr("&Data type")},
                         Entry{SplitBy::BlockSize, u"splitBlock"_s, tr("&Block size")},
                         Entry{SplitBy::Task, u"splitTask"_s, tr("&Task")}}) {
    add(
        *menu, c.name, c.text,
        tr("Shows plots side by side with the same axes, zoom and selection"),
        [split = c.split](const ViewOptions& o) { return o.split == split; },
        [split = c.split](ViewOptions& o) { o.split = split; });
  }
}

void PlotMenu::buildFigures() {
  QMenu* menu = addMenu(tr("&Figures of the paper"));
  menu->setObjectName(u"paperMenu"_s);
  for (const PaperFigure& figure : paperFigures()) {
    QAction* action = menu->addAction(figure.title);
    action->setObjectName(u"paperFigure%1"_s.arg(figure.number));
    figures_.emplace_back(action, figure.number);
    connect(action, &QAction::triggered, this, [this, number = figure.number] {
      if (!view_->snapshot()) return;
      Q_EMIT viewWanted(paperOptions(number, view_->options(), *view_->snapshot()->points),
                        tr("figure %1 of the paper").arg(number));
    });
  }
}

QList<QAction*> PlotMenu::choices() const {
  QList<QAction*> all;
  QList<const QMenu*> menus{this};
  for (const QMenu* menu : findChildren<QMenu*>()) menus << menu;
  for (const QMenu* menu : menus) {
    for (QAction* action : menu->actions()) {
      if (!action->isSeparator() && !action->menu()) all << action;
    }
  }
  return all;
}

void PlotMenu::showOptions() {
  const ViewOptions& options = view_->options();
  for (const auto& [action, on] : tests_) action->setChecked(on(options));
}

void PlotMenu::showFigures() {
  static const std::vector<LawPoint> kNone;
  const auto& points = view_->snapshot() ? *view_->snapshot()->points : kNone;
  for (const auto& [action, number] : figures_) {
    const QString missing = missingFor(number, points);
    action->setEnabled(missing.isEmpty());
    action->setToolTip(
        tr("Filter, colours and small plots as in that figure of Dettmers and "
           "Zettlemoyer (2023); Undo takes it back"));
    action->setStatusTip(missing.isEmpty() ? action->toolTip() : missing);
  }
}

}  // namespace bitfrontier
