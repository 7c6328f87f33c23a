// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/law/data/law_point.h"
#include "ui/base/view_options.h"
#include "ui/plot/law_set.h"
#include "ui/plot/plot_content.h"
#include "ui/plot/plot_scene.h"
#include "ui/plot/plot_style.h"
#include "ui/plot/qcp.h"

namespace bitfrontier {

class HoverCard;
class LogTicker;

/// Points shared between panels; never changed after they are made.
using PointsPtr = std::shared_ptr<const std::vector<LawPoint>>;

/// A part of the plane: total bits and the plotted metric.
struct PlotRange {
  QCPRange x, y;
  bool contains(double bits, double value) const { return x.contains(bits) && y.contains(value); }
};

/// The central figure: a metric against total model bits on a logarithmic axis.
/// Wheel zooms, drag pans, double click or Home shows everything; a click on a legend entry
/// isolates it (with Ctrl: switches it). Left and Right walk the points of a series, Up and Down
/// change series, Enter activates, + and - zoom, Escape lets go.
/// New data never change a range that the user has chosen.
class FrontierPlot : public QCustomPlot {
  Q_OBJECT

 public:
  enum class LegendPlacement { Right, Bottom, None };

  explicit FrontierPlot(QWidget* parent = nullptr);
  ~FrontierPlot() override;

  /// `facts` is about the whole store that the points are from: what looks go by.
  void setPoints(PointsPtr points, const StoreFacts& facts = {});
  void setLaws(std::shared_ptr<const LawSet> laws);
  void setOptions(const ViewOptions& options);
  /// Uses a fixed style (figures) instead of following the palette.
  void setStyle(const PlotStyle& style);
  void setLegendPlacement(LegendPlacement placement, int availableWidth = 0);
  /// Small text under the figure; empty removes it.
  void setNote(const QString& note);
  /// Pixels that legend and note below the plot need.
  int heightBelow() const;
  /// Pixels that the legend needs where it stands beside the plot, else 0.
  int heightBeside() const;
  /// Shows or hides the upper axis with sizes in bytes.
  void setSizeAxis(bool visible);

  /// Shows all visible points; later data are followed until the user zooms or pans.
  void fitView();
  void zoom(double factor);
  /// Shows this part, as if the user had chosen it.
  void showRange(const PlotRange& range);
  PlotRange range() const { return {xAxis->range(), yAxis->range()}; }
  void showEverySeries();
  void setVisibility(const PlotVisibility& visibility);

  /// Highlights points (indices); out-of-range ones are ignored.
  void setSelected(std::vector<int> points);
  /// Makes a point current, -1 for none: ring, card, accessible description.
  void setCurrent(int point);

  const PlotScene& scene() const { return scene_; }
  const PlotContent& content() const { return content_; }
  const PlotVisibility& visibility() const { return visibility_; }
  const ViewOptions& options() const { return options_; }
  const StoreFacts& facts() const { return facts_; }
  const std::vector<LawPoint>& points() const { return *points_; }

  const std::shared_ptr<const LawSet>& laws() const { return laws_; }
  int current() const { return current_; }
  bool followsData() const { return follow_; }
  const HoverCard* card() const { return card_; }
  /// The visible point nearest to a widget position within `radius` pixels, or -1.
  int pointAt(QPointF position, double radius = 14) const;
  QPointF pixelOf(int point) const;
  /// What a legend of this plot has to explain.
  LegendSpec legendSpec() const;
  const PlotStyle& plotStyle() const { return style_; }
  /// The legend entry at a widget position, or null.
  LegendEntry* entryAt(QPointF position) const;
  /// Legend entries in the order shown.
  std::vector<LegendEntry*> legendEntries() const;
  /// Isolates an entry's value, family, method or source; `toggle` switches only that one.
  void clickLegend(LegendTarget target, bool toggle);

 Q_SIGNALS:
  void currentChanged(int point);
  void pointActivated(int point);
  void visibilityChanged();

 protected:
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void buildLayout();
  void applyStyle();
  void refresh();
  void refreshLegend();
  void drawSelected();
  void drawCurrent();
  QCPGraph* makeRings(const QString& layer, double size, double width,
                      const std::vector<int>& rows);
  void updateCard();
  void keepRangesSane();
  void walk(int step);
  void changeSeries(int step);
  bool onFrontier(int point) const;
  QString axisLabel() const;

  PointsPtr points_;
  std::shared_ptr<const LawSet> laws_;
  ViewOptions options_;
  StoreFacts facts_;
  PlotScene scene_;
  PlotContent content_;
  PlotStyle style_;
  PlotVisibility visibility_;
  bool fixedStyle_ = false;
  bool follow_ = true;
  LegendPlacement placement_ = LegendPlacement::Right;
  int legendWidth_ = 0;
  QSharedPointer<LogTicker> bitsTicker_, bytesTicker_;
  QCPLayoutGrid* side_ = nullptr;
  QCPLegend* sources_ = nullptr;  ///< second legend of the bottom placement
  QPointer<QCPLegend> note_;      ///< one entry without a marker: text that wraps
  QString noteText_;
  QPointer<QCPGraph> rings_, ring_;
  HoverCard* card_;
  std::vector<int> selected_;
  int current_ = -1;
  QPointF pressed_;
};

}  // namespace bitfrontier
