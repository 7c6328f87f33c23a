// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/table/runs_panel.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <QClipboard>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMimeData>
#include <QVBoxLayout>
#include <unordered_set>

#include "ui/base/text.h"
#include "ui/runs/kept_selection.h"
#include "ui/runs/row_selection.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

/// A point's key as a number: its first run, or a hash of what it is.
std::int64_t numberOf(const std::string& key) {
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(key.data(), key.data() + key.size(), number);
  if (code == std::errc() && end == key.data() + key.size()) return number;
  return -1 - static_cast<std::int64_t>(std::hash<std::string>()(key) >> 1);
}

std::int64_t numberOf(const LawPoint& point) {
  return point.runIds.empty() ? numberOf(pointKey(point)) : point.runIds.front();
}

}  // namespace

RunsPanel::RunsPanel(QWidget* parent)
    : QWidget(parent),
      accuracies_(std::make_shared<PointDifferences>()),
      crossEntropies_(std::make_shared<PointDifferences>()),
      points_(makePointTable(accuracies_, crossEntropies_)),
      runs_(makeRunTable()),
      tabs_(new QTabWidget) {
  // Widths in characters of the header font: measuring 100,000 rows would take seconds.
  pointView_ = makeView(u"pointView"_s, points_.get(),
                        {18, 17, 11, 8, 10, 11, 14, 5, 16, 13, 12, 16, 5, 7, 34, 14, 22, 22, 34});
  runView_ = makeView(u"runView"_s, runs_.get(),
                      {7, 18, 17, 18, 11, 8, 14, 7, 14, 9, 8, 20, 34, 14, 5, 16, 16});
  pointView_->setAccessibleName(tr("Points"));
  runView_->setAccessibleName(tr("Runs"));
  // The differences stand beside what they are differences of.
  pointView_->horizontalHeader()->moveSection(kPointDifference, kPointError + 1);
  for (const int column : {int(kPointFamily), int(kPointEntropyDifference), int(kPointTaskNames)}) {
    pointView_->setColumnShown(column, false);
  }
  for (const int column : {int(kRunFamily), int(kRunBits), int(kRunType), int(kRunMethod)}) {
    runView_->setColumnShown(column, false);
  }
  pointView_->setPinned(1);
  runView_->setPinned(2);
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
  keptPoints_ = new KeptSelection(pointView_, points_.get(), [this](int row) {
    return numberOf(points_->rows()[static_cast<std::size_t>(row)]);
  });
  keptRuns_ = new KeptSelection(runView_, runs_.get(), [this](int row) {
    return runs_->rows()[static_cast<std::size_t>(row)].id;
  });
  connect(pointView_->selectionModel(), &QItemSelectionModel::selectionChanged, this,
          &RunsPanel::pointSelectionChanged);
  connect(runView_->selectionModel(), &QItemSelectionModel::selectionChanged, this,
          &RunsPanel::runSelectionChanged);
  connect(points_.get(), &TableModel::arranged, this,
          [this] { tabs_->setTabText(0, tr("Points (%1)").arg(points_->shownRows())); });
  connect(runs_.get(), &TableModel::arranged, this,
          [this] { tabs_->setTabText(1, tr("Runs (%1)").arg(runs_->shownRows())); });
}

PinnedTable* RunsPanel::makeView(const QString& name, TableModel* model,
                                 const std::vector<int>& widths) {
  auto* view = new PinnedTable;
  view->setObjectName(name);
  view->setModel(model);
  const QFontMetrics metrics(view->font());
  for (std::size_t c = 0; c < widths.size(); ++c) {
    const int needed = metrics.horizontalAdvance(
        model->headerData(static_cast<int>(c), Qt::Horizontal, Qt::DisplayRole).toString());
    view->setColumnWidth(static_cast<int>(c),
                         std::max(needed + 30, widths[c] * metrics.averageCharWidth() + 12));
  }
  for (QTableView* one : {static_cast<QTableView*>(view), view->pinnedView()}) {
    connect(one, &QWidget::customContextMenuRequested, this, [this, view, one](const QPoint& at) {
      const QModelIndex index = one->indexAt(at);
      const auto menu = rowMenu(view, index);
      if (menu) menu->exec(one->viewport()->mapToGlobal(at));
    });
    QHeaderView* header = one->horizontalHeader();
    connect(header, &QWidget::customContextMenuRequested, this,
            [this, view, header](const QPoint& at) {
              headerMenu(view, header->logicalIndexAt(at))->exec(header->mapToGlobal(at));
            });
    const auto toggle = [model](const QModelIndex& index) { model->toggleGroup(index.row()); };
    connect(one, &QTableView::doubleClicked, this, toggle);
  }
  connect(view, &QTableView::activated, this, [model](const QModelIndex& index) {
    if (model->isHeading(index.row())) model->toggleGroup(index.row());
  });
  connect(model, &TableModel::arranged, this, [this, view] {
    if (view->property("hideUniform").toBool()) hideUniform(view, true);
  });
  return view;
}

TableModel* RunsPanel::modelOf(const PinnedTable* view) const {
  return view == pointView_ ? static_cast<TableModel*>(points_.get()) : runs_.get();
}

void RunsPanel::setPoints(std::shared_ptr<const std::vector<LawPoint>> points) {
  points_->setRows(std::move(points));
}

void RunsPanel::setRuns(RunRowsPtr runs, RunTable::Places places) {
  runs_->setRows(std::move(runs), std::move(places));
}

void RunsPanel::setDifferences(std::shared_ptr<const PointDifferences::Map> accuracy,
                               std::shared_ptr<const PointDifferences::Map> crossEntropy) {
  accuracies_->set(std::move(accuracy));
  crossEntropies_->set(std::move(crossEntropy));
  points_->valuesChanged();
}

void RunsPanel::pointSelectionChanged() {
  if (!silent_ && !keptPoints_->restoring()) Q_EMIT selectionChanged(selectedPoints());
}

void RunsPanel::runSelectionChanged() {
  if (silent_ || keptRuns_->restoring()) return;
  std::vector<std::int64_t> ids;
  for (const int row : selectedViewRows(*runView_)) {
    if (const RunRow* run = runs_->rowAt(row)) ids.push_back(run->id);
  }
  Q_EMIT runsSelected(std::move(ids));
}

void RunsPanel::select(const Selection& selection) {
  std::unordered_set<std::int64_t> wanted;
  for (const std::string& key : selection.keys()) wanted.insert(numberOf(key));
  const std::int64_t current = selection.current().empty() ? 0 : numberOf(selection.current());
  std::vector<int> rows;
  int currentRow = -1;
  for (int row = 0; !wanted.empty() && row < points_->rowCount(); ++row) {
    const LawPoint* point = points_->rowAt(row);
    if (point == nullptr) continue;
    const std::int64_t number = numberOf(*point);
    if (!wanted.contains(number)) continue;
    rows.push_back(row);
    if (number == current && !selection.current().empty()) currentRow = row;
  }
  if (rows == selectedViewRows(*pointView_)) return;
  silent_ = true;
  if (rows.empty()) {
    pointView_->clearSelection();
  } else {
    selectViewRows(*pointView_, rows);
    if (currentRow < 0 && rows.size() == 1) currentRow = rows.front();
    if (currentRow >= 0) pointView_->scrollTo(points_->index(currentRow, 0));
  }
  silent_ = false;
}

void RunsPanel::selectRuns(const std::vector<std::int64_t>& ids) {
  std::vector<int> rows;
  for (int row = 0; !ids.empty() && row < runs_->rowCount(); ++row) {
    const RunRow* run = runs_->rowAt(row);
    if (run && std::binary_search(ids.begin(), ids.end(), run->id)) rows.push_back(row);
  }
  if (rows == selectedViewRows(*runView_)) return;
  silent_ = true;
  if (rows.empty()) {
    runView_->clearSelection();
  } else {
    selectViewRows(*runView_, rows);
    runView_->scrollTo(runs_->index(rows.front(), 0));
  }
  silent_ = false;
}

std::vector<int> RunsPanel::selectedPoints() const {
  std::vector<int> selected = selectedViewRows(*pointView_);
  for (int& row : selected) row = points_->sourceRow(row);
  std::erase(selected, -1);
  return selected;
}

void RunsPanel::copyRows(TableFormat format) const {
  const PinnedTable* view = tabs_->currentIndex() == 0 ? pointView_ : runView_;
  const TableModel* model = modelOf(view);
  std::vector<int> rows = selectedViewRows(*view);
  if (rows.empty()) {
    rows.resize(static_cast<std::size_t>(model->rowCount()));
    std::iota(rows.begin(), rows.end(), 0);
  }
  std::vector<int> columns;
  for (int visual = 0; visual < model->columnCount(); ++visual) {
    const int column = view->horizontalHeader()->logicalIndex(visual);
    if (!view->isColumnHidden(column)) columns.push_back(column);
  }
  QGuiApplication::clipboard()->setText(tableText(*model, rows, columns, format));
}

}  // namespace bitfrontier
