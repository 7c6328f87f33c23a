// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/table/runs_panel.h"

#include <algorithm>
#include <QClipboard>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QHeaderView>
#include <QVBoxLayout>

#include "ui/base/text.h"
#include "ui/panels/all.h"
#include "ui/runs/row_selection.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

RunsPanel::RunsPanel(QWidget* parent)
    : QWidget(parent), points_(makePointTable()), runs_(makeRunTable()), tabs_(new QTabWidget) {
  // Widths in characters of the header font: measuring 100,000 rows would take seconds.
  pointView_ = makeView(u"pointView"_s, points_.get(),
                        {18, 17, 11, 8, 10, 11, 14, 5, 10, 13, 12, 9, 5, 7, 44});
  runView_ = makeView(u"runView"_s, runs_.get(), {7, 18, 17, 18, 11, 8, 14, 7, 14, 9, 8, 20, 44});
  pointView_->setAccessibleName(tr("Points"));
  runView_->setAccessibleName(tr("Runs"));
  pointView_->sortByColumn(0, Qt::AscendingOrder);
  runView_->sortByColumn(0, Qt::DescendingOrder);
  tabs_->setObjectName(u"runsTabs"_s);
  tabs_->setAccessibleName(tr("Tables"));
  tabs_->setDocumentMode(true);
  tabs_->addTab(pointView_, tr("Points"));
  tabs_->addTab(runView_, tr("Runs"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(tabs_);
  connect(pointView_->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
    if (!silent_) Q_EMIT selectionChanged(selectedPoints());
  });
}

QTableView* RunsPanel::makeView(const QString& name, TableModel* model,
                                const std::vector<int>& widths) {
  auto* view = new QTableView;
  view->setObjectName(name);
  view->setModel(model);
  view->setSelectionBehavior(QAbstractItemView::SelectRows);
  view->setEditTriggers(QAbstractItemView::NoEditTriggers);
  view->setAlternatingRowColors(true);
  view->setWordWrap(false);
  view->setTextElideMode(Qt::ElideMiddle);
  view->setTabKeyNavigation(false);
  view->setShowGrid(false);
  view->setSortingEnabled(true);
  view->verticalHeader()->hide();
  view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  const QFontMetrics metrics(view->font());
  view->verticalHeader()->setDefaultSectionSize(metrics.height() + 6);
  view->horizontalHeader()->setHighlightSections(false);
  view->horizontalHeader()->setStretchLastSection(true);
  for (std::size_t c = 0; c < widths.size(); ++c) {
    const int needed = metrics.horizontalAdvance(
        model->headerData(static_cast<int>(c), Qt::Horizontal, Qt::DisplayRole).toString());
    view->setColumnWidth(static_cast<int>(c),
                         std::max(needed + 30, widths[c] * metrics.averageCharWidth() + 12));
  }
  return view;
}

void RunsPanel::setPoints(std::shared_ptr<const std::vector<LawPoint>> points) {
  silent_ = true;
  keepSelection(*pointView_, *points_, pointKey, [&] { points_->setRows(std::move(points)); });
  silent_ = false;
  tabs_->setTabText(0, tr("Points (%1)").arg(points_->rowCount()));
}

void RunsPanel::setRuns(std::shared_ptr<const std::vector<RunRecord>> runs) {
  keepSelection(
      *runView_, *runs_, [](const RunRecord& run) { return run.id; },
      [&] { runs_->setRows(std::move(runs)); });
  tabs_->setTabText(1, tr("Runs (%1)").arg(runs_->rowCount()));
}

void RunsPanel::select(const Selection& selection) {
  std::vector<std::string> mine;
  for (const int point : selectedPoints()) {
    mine.push_back(pointKey(points_->rows()[static_cast<std::size_t>(point)]));
  }
  std::sort(mine.begin(), mine.end());
  if (mine == selection.keys()) return;
  silent_ = true;
  std::vector<int> rows;
  for (int row = 0; !selection.keys().empty() && row < points_->rowCount(); ++row) {
    const auto source = static_cast<std::size_t>(points_->sourceRow(row));
    const std::string key = pointKey(points_->rows()[source]);
    if (!selection.contains(key)) continue;
    rows.push_back(row);
    if (key == selection.current()) pointView_->scrollTo(points_->index(row, 0));
  }
  if (rows.empty()) {
    pointView_->clearSelection();
  } else {
    selectViewRows(*pointView_, rows);
  }
  silent_ = false;
}

std::vector<int> RunsPanel::selectedPoints() const {
  std::vector<int> selected = selectedViewRows(*pointView_);
  for (int& row : selected) row = points_->sourceRow(row);
  return selected;
}

void RunsPanel::copyRows() const {
  const QTableView* view = tabs_->currentIndex() == 0 ? pointView_ : runView_;
  const TableModel* model = tabs_->currentIndex() == 0 ? static_cast<TableModel*>(points_.get())
                                                       : static_cast<TableModel*>(runs_.get());
  std::vector<int> rows = selectedViewRows(*view);
  if (rows.empty()) {
    rows.resize(static_cast<std::size_t>(model->rowCount()));
    std::iota(rows.begin(), rows.end(), 0);
  }
  QGuiApplication::clipboard()->setText(model->toTabSeparated(rows));
}

const PanelSpec kTablePanel{
    u"tableDock", [] { return RunsPanel::tr("Table"); }, PanelSpec::Place::BottomLeft, true,
    [](const PanelContext& context) -> QWidget* {
      auto* panel = new RunsPanel;
      ViewController* view = &context.view;
      Selection* selection = &view->selection();
      QObject::connect(view, &ViewController::pointsChanged, panel, [panel, view, selection] {
        panel->setPoints(view->points());
        panel->select(*selection);
      });
      QObject::connect(view, &ViewController::runsChanged, panel, &RunsPanel::setRuns);
      QObject::connect(selection, &Selection::changed, panel,
                       [panel, selection] { panel->select(*selection); });
      QObject::connect(
          panel, &RunsPanel::selectionChanged, selection,
          [view, selection](const std::vector<int>& points) {
            std::vector<std::string> keys;
            for (const int point : points) {
              keys.push_back(pointKey((*view->points())[static_cast<std::size_t>(point)]));
            }
            const std::string current = keys.size() == 1 ? keys.front() : "";
            selection->set(std::move(keys), current);
          });
      return panel;
    }};

}  // namespace bitfrontier
