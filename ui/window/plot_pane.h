// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QMenu>
#include <QWidget>
#include <string>
#include <vector>

#include "ui/plot/frontier_plot.h"
#include "ui/plot/plot_grid.h"
#include "ui/view/evidence.h"
#include "ui/view/multiples.h"
#include "ui/view/view_controller.h"

namespace bitfrontier {

/// The plot with what is said of it: above it which bit width is best, below it what is not shown
/// and what no law describes. Connects the plot with the view and its selection.
class PlotPane : public QWidget {
  Q_OBJECT

 public:
  PlotPane(FrontierPlot* plot, ViewController* view, StoreSession* session,
           QWidget* parent = nullptr);

  /// True while something above or in the plot is still to come.
  bool busy() const;
  Evidence& evidence() { return *evidence_; }
  /// What is shown instead of the plot where ViewOptions::split asks for several.
  PlotGrid& grid() { return *grid_; }
  /// The lines above and below the plot.
  QLabel* statement() { return statement_; }
  QLabel* notes() { return notes_; }

  /// Zooms to what a statement is about and selects the points behind it.
  void showEvidence(int family);
  /// Shift and drag draws a line by hand rather than a rectangle.
  void setLasso(bool on);
  /// Narrows the filter to models and configurations of the selected points.
  void showOnlySelected();
  /// Shows all points of what is seen, the plot or the small ones.
  void fitView();
  /// What can be done at a point, or at an entry of the legend, or elsewhere (-1, no target). The
  /// caller owns it.
  QMenu* menuFor(int point, LegendTarget target = {});

 Q_SIGNALS:
  void excludeWanted(const std::vector<std::string>& keys);  ///< of the selected points
  void baselineWanted(const std::string& key);

 private:
  void showStatements();
  void connectGrid();
  void showCells();
  void showNotes();
  void followNote(const QString& link);
  void narrowFilter(const QString& term);

  FrontierPlot* plot_;
  ViewController* view_;
  Evidence* evidence_;
  Multiples* multiples_;
  PlotGrid* grid_;
  QLabel *statement_, *notes_;
};

/// "No law describes pocket-opt: 2 sizes are too few", short, and every reason in full; both empty
/// when all series have a law or only one model.
struct RefusalText {
  QString line, reasons;
};
RefusalText refusals(const LawSet& laws);

}  // namespace bitfrontier
