// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <QAction>
#include <QList>
#include <QMenu>
#include <QTableView>
#include <QTabWidget>
#include <QWidget>
#include <vector>

#include "ui/runs/pinned_table.h"
#include "ui/runs/runs_tables.h"
#include "ui/runs/table_text.h"
#include "ui/view/selection.h"

namespace bitfrontier {

class KeptSelection;

/// The table twin of the plot: its points, and the runs behind them on a second page.
class RunsPanel : public QWidget {
  Q_OBJECT

 public:
  explicit RunsPanel(QWidget* parent = nullptr);

  /// Rows of both pages; selection and scroll position stay where they are.
  void setPoints(std::shared_ptr<const std::vector<LawPoint>> points);
  /// All rows, or those at `places`.
  void setRuns(RunRowsPtr runs, RunTable::Places places = {});
  /// Differences to 16 bit.
  void setDifferences(std::shared_ptr<const PointDifferences::Map> accuracy,
                      std::shared_ptr<const PointDifferences::Map> crossEntropy);
  /// Selects the points of `selection` that are there and scrolls to the current one, without
  /// emitting selectionChanged.
  void select(const Selection& selection);
  /// Selects the runs with these ids (ascending) and shows the first, without emitting
  /// runsSelected.
  void selectRuns(const std::vector<std::int64_t>& ids);
  /// Selected points, in view order.
  std::vector<int> selectedPoints() const;
  /// Copies the selected rows of the page in view, or all of them, with the columns that are shown
  /// in their order.
  void copyRows(TableFormat format = TableFormat::Tsv) const;

  /// What a row's menu offers besides for the selected points.
  void setPointActions(const QList<QAction*>& actions) { pointActions_ = actions; }

  PointTable& pointTable() { return *points_; }
  RunTable& runTable() { return *runs_; }
  PinnedTable* pointView() { return pointView_; }
  PinnedTable* runView() { return runView_; }
  /// While one is being put into order in the background.
  bool busy() const { return points_->busy() || runs_->busy(); }

  /// The menu of a cell of one of the views, and of a column's header.
  std::unique_ptr<QMenu> rowMenu(PinnedTable* view, const QModelIndex& index);
  std::unique_ptr<QMenu> headerMenu(PinnedTable* view, int column);

 Q_SIGNALS:
  void selectionChanged(std::vector<int> points);
  void runsSelected(std::vector<std::int64_t> ids);
  /// Only (or, with `leaveOut`, all but) what has this value in a field of the filter box.
  void filterWanted(const QString& field, const QString& value, bool leaveOut);

 private:
  PinnedTable* makeView(const QString& name, TableModel* model, const std::vector<int>& widths);
  TableModel* modelOf(const PinnedTable* view) const;
  void pointSelectionChanged();
  void runSelectionChanged();
  void hideUniform(PinnedTable* view, bool hide);

  std::shared_ptr<PointDifferences> accuracies_, crossEntropies_;
  std::unique_ptr<PointTable> points_;
  std::unique_ptr<RunTable> runs_;
  QTabWidget* tabs_;
  PinnedTable* pointView_;
  PinnedTable* runView_;
  KeptSelection *keptPoints_, *keptRuns_;
  QList<QAction*> pointActions_;
  bool silent_ = false;
};

}  // namespace bitfrontier
