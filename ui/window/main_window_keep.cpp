// SPDX-License-Identifier: GPL-3.0-or-later
// The view as one value: read, shown, undone, saved; excluded points.
#include <algorithm>
#include <cmath>
#include <limits>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QScopedValueRollback>
#include <QStatusBar>
#include <span>
#include <system_error>

#include "core/base/error.h"
#include "ui/base/screen_size.h"
#include "ui/base/text.h"
#include "ui/panels/views/exclude_dialog.h"
#include "ui/panels/views/views_panel.h"
#include "ui/plot/hover_card.h"
#include "ui/view/exclusions.h"
#include "ui/view/table_layout.h"
#include "ui/window/main_window.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

std::string absoluteName(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::absolute(file, ignored).lexically_normal().string();
}

std::vector<QTableView*> tablesOf(const std::vector<QDockWidget*>& docks) {
  std::vector<QTableView*> tables;
  for (const QDockWidget* dock : docks) {
    for (QTableView* table : dock->findChildren<QTableView*>()) {
      const bool part = qobject_cast<QTableView*>(table->parentWidget()) != nullptr;  // pinned
      if (!table->objectName().isEmpty() && !part) tables.push_back(table);
    }
  }
  return tables;
}

}  // namespace

ViewState MainWindow::viewState() const {
  if (pending_) return *pending_;
  ViewState state;
  if (!session_->path().empty()) state.store = absoluteName(session_->path());
  state.options = view_->options();
  state.sourceChosen = view_->sourceChosen();
  state.metricChosen = view_->metricChosen();
  if (!plot_->followsData()) state.range = plot_->range();
  state.hidden = plot_->visibility();
  state.selected = view_->selection().keys();
  state.current = view_->selection().current();
  for (const QTableView* table : tablesOf(docks_)) {
    state.tables[table->objectName().toStdString()] = tableLayout(*table);
  }
  return state;
}

void MainWindow::setViewState(const ViewState& state, const QString& text) {
  const bool here =
      state.store.empty() ||
      (!session_->path().empty() && absoluteName(session_->path()) == absoluteName(state.store));
  std::error_code ignored;
  if (!here && std::filesystem::exists(state.store, ignored)) {
    openStore(state.store);
    pending_ = state;
    return;
  }
  if (!here) {
    notice_->say(
        tr("%1 is not there. Its view is shown of the open store.").arg(Text::from(state.store)));
  }
  keeper_->undo().follow();  // zooming is no edit but comes back with this one
  applyWhole(state);
  keeper_->undo().record(text.isEmpty() ? tr("change of view") : text, true);
}

void MainWindow::applyWhole(const ViewState& state) {
  applyView(state, true);
  view_->selection().set(state.selected, state.current);
  for (QTableView* table : tablesOf(docks_)) {
    const auto it = state.tables.find(table->objectName().toStdString());
    if (it != state.tables.end()) applyLayout(*table, it->second);
  }
}

void MainWindow::applyView(const ViewState& state, bool zoom) {
  const QScopedValueRollback guard(applying_, true);
  view_->restore(state.options, state.sourceChosen, state.metricChosen);
  if (plot_->visibility() != state.hidden) plot_->setVisibility(state.hidden);
  if (!zoom) return;
  if (state.range) {
    plot_->showRange(*state.range);
  } else if (!plot_->followsData()) {
    plot_->fitView();
  }
}

bool MainWindow::restoreLayout(const QByteArray& geometry, const QByteArray& layout) {
  if (!geometry.isEmpty() && restoreGeometry(geometry)) moveIntoScreen(*this);
  const bool known = !layout.isEmpty() && restoreState(layout, kLayoutVersion);
  arranged_ = arranged_ || known;
  return known;
}

/// After the view has taken what was loaded.
void MainWindow::followStore() {
  const std::string now = absoluteName(session_->path());
  if (now == keptStore_) return;
  keptStore_ = now;
  if (pending_ && absoluteName(pending_->store) == now) {
    const ViewState state = *pending_;
    pending_.reset();
    applyWhole(state);
  } else if (!(plot_->visibility() == PlotVisibility())) {
    const QScopedValueRollback guard(applying_, true);
    plot_->setVisibility({});  // names of the store before
  }
  keeper_->forget();
}

void MainWindow::updateTitle() {
  const SnapshotPtr& snapshot = session_->snapshot();
  if (!snapshot) return;
  const QString store = QFileInfo(QString::fromStdString(snapshot->path.string())).fileName();
  const QString shown = snapshot->readOnly.empty() ? store : tr("%1 (read only)").arg(store);
  const QString view = keeper_->name();
  setWindowTitle(view.isEmpty() ? tr("%1 – Bitfrontier").arg(shown)
                                : tr("%1[*] – %2 – Bitfrontier").arg(view, shown));
  setWindowModified(!view.isEmpty() && keeper_->modified());
}

QString MainWindow::describe(const LawPoint& point) const {
  const LawMetric metric = view_->options().metric;
  QString text = HoverCard::summary(point, metric);
  const LawPoint* baseline = view_->baseline();
  const double difference = baseline ? plotValue(point, metric) - plotValue(*baseline, metric)
                                     : std::numeric_limits<double>::quiet_NaN();
  if (std::isfinite(difference) && pointKey(*baseline) != pointKey(point)) {
    const QString number =
        (difference < 0 ? u"−"_s : u"+"_s) + Text::number(std::abs(difference), 3);
    text += metric == LawMetric::Accuracy
                ? tr(" – %1 points of accuracy against %2 %3")
                      .arg(number, Text::from(baseline->model), Text::from(baseline->config))
                : tr(" – %1 against %2 %3")
                      .arg(number, Text::from(baseline->model), Text::from(baseline->config));
  }
  const std::string store = view_->storesOf(point);
  return store.empty() ? text : text + tr(" – from %1").arg(Text::from(store));
}

void MainWindow::updateEditActions() {
  const auto name = [](QAction* action, const QString& text, const QString& tip, bool enabled) {
    action->setText(text);
    action->setEnabled(enabled);
    action->setStatusTip(tip);
  };
  const QUndoStack& stack = keeper_->undo().stack();
  const auto plain = [](QString text) { return text.replace(u'&', u"&&"_s); };
  name(actions_->undo, tr("&Undo %1").arg(plain(stack.undoText())).trimmed(),
       stack.canUndo() ? tr("Takes back: %1").arg(stack.undoText())
                       : tr("Nothing has been changed yet"),
       stack.canUndo());
  name(actions_->redo, tr("&Redo %1").arg(plain(stack.redoText())).trimmed(),
       stack.canRedo() ? tr("Makes again: %1").arg(stack.redoText())
                       : tr("Nothing has been taken back"),
       stack.canRedo());
  const auto& keys = view_->selection().keys();
  name(actions_->excludePoints, tr("E&xclude points…"),
       keys.empty() ? tr("Select points first")
                    : tr("Leaves the selected points out of laws and frontier, with a reason"),
       !keys.empty());
  const LawPoint* baseline = view_->baseline();
  const bool remove = baseline && (keys.empty() || keys == std::vector{pointKey(*baseline)});
  name(actions_->setBaseline, remove ? tr("Remove &baseline") : tr("Set as &baseline"),
       remove             ? tr("Compares with no point")
       : keys.size() == 1 ? tr("Compares all points with the selected one")
                          : tr("Select one point first"),
       remove || keys.size() == 1);
}

void MainWindow::connectKeeping() {
  QUndoStack* stack = &keeper_->undo().stack();
  connect(view_, &ViewController::edited, this, [this] { keeper_->undo().record(); });
  connect(view_, &ViewController::suited, this, [this] { keeper_->undo().follow(); });
  connect(plot_, &FrontierPlot::visibilityChanged, this, [this] {
    if (!applying_) keeper_->undo().record();
  });
  connect(session_, &StoreSession::loaded, this, &MainWindow::followStore);
  connect(keeper_, &ViewKeeper::changed, this, [this] {
    updateTitle();
    updateEditActions();
  });
  connect(view_, &ViewController::optionsChanged, this, &MainWindow::updateTitle);
  connect(view_, &ViewController::pointsChanged, this, [this] {
    bar_->setExcluded(view_->excludedPoints());
    showSets();
    updateEditActions();
  });
  connect(&view_->selection(), &Selection::changed, this, &MainWindow::updateEditActions);
  connect(bar_, &ViewBar::excludedWanted, this, [this] { raisePanel(u"viewsDock"); });
  connect(bar_, &ViewBar::setChosen, this, [this](const QString& title) {
    ViewOptions options = view_->options();
    options.set = title.toStdString();
    view_->setOptions(options);
  });
  connect(requests_, &PanelRequests::excludeWanted, this, &MainWindow::excludePoints);
  connect(requests_, &PanelRequests::baselineWanted, this, &MainWindow::setBaseline);
  connect(requests_, &PanelRequests::noticeShown, this,
          [this](const QString& sentence, const QString& button, std::function<void()> action) {
            notice_->say(sentence, 8, button, std::move(action));
          });
  Actions& a = *actions_;
  connect(a.undo, &QAction::triggered, stack, &QUndoStack::undo);
  connect(a.redo, &QAction::triggered, stack, &QUndoStack::redo);
  connect(a.excludePoints, &QAction::triggered, this,
          [this] { excludePoints(view_->selection().keys()); });
  connect(a.setBaseline, &QAction::triggered, this, [this] {
    const auto& keys = view_->selection().keys();
    const LawPoint* now = view_->baseline();
    const bool same = keys.empty() || (now && keys.front() == pointKey(*now));
    setBaseline(same ? std::string() : keys.front());
  });
  connect(a.saveView, &QAction::triggered, this, [this] {
    if (keeper_->name().isEmpty()) raisePanel(u"viewsDock");
    panel<ViewsPanel>().saveShown();
  });
  connect(a.newWindow, &QAction::triggered, this, [this] {
    const QString file = QFileDialog::getOpenFileName(
        this, tr("Open in new window"), QString::fromStdString(session_->path().string()),
        tr("Stores (*.bfdb);;All files (*)"));
    if (!file.isEmpty()) Q_EMIT newWindowWanted(file.toStdString());
  });
  if (!keeper_->savedViews().trouble().isEmpty()) notice_->say(keeper_->savedViews().trouble(), 0);
  connectContextMenus();
  updateEditActions();
}

void MainWindow::showSets() {
  std::vector<ShownSet> sets;
  for (const PointSet& set : view_->sets()) {
    // The only one of its source is apart anyway.
    if (set.name.difference.empty()) continue;
    sets.push_back({Text::from(set.name.title), Text::from(set.name.difference), set.points});
  }
  bar_->setSets(sets, Text::from(view_->options().set));
}

void MainWindow::connectContextMenus() {
  auto* menu = new QMenu(this);
  menu->setObjectName(u"pointMenu"_s);
  menu->addActions({actions_->excludePoints, actions_->setBaseline});
  plot_->setContextMenuPolicy(Qt::CustomContextMenu);
  connect(plot_, &QWidget::customContextMenuRequested, this, [this, menu](QPoint at) {
    const int point = plot_->pointAt(at);
    if (point >= 0) {
      const std::string key = pointKey(plot_->points()[static_cast<std::size_t>(point)]);
      if (!view_->selection().contains(key)) view_->selection().setOne(key);
    }
    menu->popup(plot_->mapToGlobal(at));
  });
  runs().setPointActions({actions_->excludePoints, actions_->setBaseline});
}

void MainWindow::excludePoints(const std::vector<std::string>& keys) {
  std::vector<PointRef> points = refsOf(*view_->points(), keys);
  if (points.empty()) {
    statusBar()->showMessage(tr("None of these points is shown"), 5000);
    return;
  }
  QStringList reasons;
  for (const Exclusion& e : view_->options().exclusions) reasons << Text::from(e.reason);
  reasons.removeDuplicates();
  auto* dialog = new ExcludeDialog(std::move(points), reasons, this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QDialog::accepted, this, [this, dialog] {
    const auto count = dialog->points().size();
    view_->setOptions(withExcluded(view_->options(), dialog->points(), dialog->reason()));
    notice_->say(count == 1
                     ? tr("1 point excluded: %1").arg(Text::from(dialog->reason()))
                     : tr("%1 points excluded: %2").arg(count).arg(Text::from(dialog->reason())),
                 8, tr("Undo"), [this] { keeper_->undo().stack().undo(); });
  });
  dialog->open();
}

void MainWindow::setBaseline(const std::string& key) {
  ViewOptions options = view_->options();
  options.baseline = {};
  if (!key.empty()) {
    const std::vector<PointRef> points = refsOf(*view_->points(), std::span(&key, 1));
    if (points.empty()) return;
    options.baseline = points.front();
  }
  view_->setOptions(options);
}

}  // namespace bitfrontier
