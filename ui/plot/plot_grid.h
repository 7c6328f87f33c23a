// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <QGridLayout>
#include <QScrollArea>
#include <string>
#include <vector>

#include "ui/plot/frontier_plot.h"
#include "ui/plot/plot_cell.h"

namespace bitfrontier {

/// Several FrontierPlots side by side with the same axes, zoom and selection, and one legend. What
/// does not fit is scrolled to.
class PlotGrid : public QWidget {
  Q_OBJECT

 public:
  explicit PlotGrid(QWidget* parent = nullptr);

  void setCells(std::shared_ptr<const PlotCells> cells, const StoreFacts& facts);
  void setOptions(const ViewOptions& options);
  void setVisibility(const PlotVisibility& visibility);
  void setChances(std::shared_ptr<const FrontierChances> chances);
  void setLasso(bool on);
  /// Shows as selected what `contains` says of a key.
  void setSelected(const std::function<bool(const std::string&)>& contains);
  /// Shows all points of all plots.
  void fitView();

  bool busy() const;
  const std::vector<FrontierPlot*>& plots() const { return plots_; }
  /// The legend of all of them; what is clicked in it is told by legendClicked().
  std::vector<LegendEntry*> legendEntries() const;
  QCustomPlot* legendPlot() const { return legend_; }

 Q_SIGNALS:
  void pointActivated(const std::string& key);
  void pointToggled(const std::string& key);
  void pointsEnclosed(const std::vector<std::string>& keys);
  void legendClicked(const QString& name, bitfrontier::LegendTarget::Kind kind, bool toggle);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  FrontierPlot* addPlot();
  void arrange();
  void link(FrontierPlot* from);
  void showFitted();
  void showLegend();

  QScrollArea* scroll_;
  QWidget* inside_;
  QGridLayout* grid_;
  QCustomPlot* legend_;
  std::vector<FrontierPlot*> plots_;
  std::shared_ptr<const PlotCells> cells_;
  StoreFacts facts_;
  ViewOptions options_;
  PlotVisibility visibility_;
  PlotScene scene_;  ///< of all points: what the legend names
  std::shared_ptr<const FrontierChances> chances_;
  std::function<bool(const std::string&)> contains_;
  bool lasso_ = false, linking_ = false;
  int columns_ = 0;
};

}  // namespace bitfrontier
