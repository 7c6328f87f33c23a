// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <QTableView>
#include <QTabWidget>
#include <QWidget>
#include <vector>

#include "ui/runs/runs_tables.h"
#include "ui/view/selection.h"

namespace bitfrontier {

/// The table twin of the plot: its points, and the runs behind them on a second page.
class RunsPanel : public QWidget {
  Q_OBJECT

 public:
  explicit RunsPanel(QWidget* parent = nullptr);

  /// Rows of both pages; selection and scroll position stay where they are.
  void setPoints(std::shared_ptr<const std::vector<LawPoint>> points);
  void setRuns(std::shared_ptr<const std::vector<RunRecord>> runs);
  /// Selects the points of `selection` that are there and scrolls to the current one, without
  /// emitting selectionChanged.
  void select(const Selection& selection);
  /// Selected points, in view order.
  std::vector<int> selectedPoints() const;
  /// Copies the selected rows of the page in view, or all of them, as tab-separated text.
  void copyRows() const;

  PointTable& pointTable() { return *points_; }
  RunTable& runTable() { return *runs_; }
  QTableView* pointView() { return pointView_; }

 Q_SIGNALS:
  void selectionChanged(std::vector<int> points);

 private:
  QTableView* makeView(const QString& name, TableModel* model, const std::vector<int>& widths);

  std::unique_ptr<PointTable> points_;
  std::unique_ptr<RunTable> runs_;
  QTabWidget* tabs_;
  QTableView* pointView_;
  QTableView* runView_;
  bool silent_ = false;
};

}  // namespace bitfrontier
