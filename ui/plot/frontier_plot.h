// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <QElapsedTimer>
#include <QRubberBand>
#include <QTimer>
#include <vector>

#include "core/law/data/law_point.h"
#include "ui/base/view_options.h"
#include "ui/plot/drawing.h"
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
  bool operator==(const PlotRange&) const = default;
};

/// The central figure: a metric against total model bits, or what else the options ask for.
/// Wheel zooms, drag pans, Shift and drag selects, Ctrl and drag zooms to a rectangle, double click
/// or Home shows everything; Backspace and Alt+Left go back to the range before. A click on a
/// legend entry isolates it (with Ctrl: switches it). Left and Right walk the points of a series
/// (PageUp and PageDown ten at once), Up and Down change series, Enter activates, + and - zoom,
/// Escape lets go. New data never change a range that the user has chosen.
class FrontierPlot : public QCustomPlot {
  Q_OBJECT

 public:
  explicit FrontierPlot(QWidget* parent = nullptr);
  ~FrontierPlot() override;

  /// `facts` is about the whole store that the points are from: what looks go by.
  void setPoints(PointsPtr points, const StoreFacts& facts = {},
                 std::shared_ptr<const PointAxes> axes = {});
  void setLaws(std::shared_ptr<const LawSet> laws);
  void setOptions(const ViewOptions& options);
  /// Rings: how sure it is that points are on the frontier; null: none.
  void setChances(std::shared_ptr<const FrontierChances> chances);
  /// Cells that were not run: hollow, with their intervals.
  void setPredictions(std::vector<PredictedPoint> predictions);
  /// Uses a fixed style (figures) instead of following the palette.
  void setStyle(const PlotStyle& style);
  /// Figures have a legend of their own.
  void setLegendShown(bool shown);
  /// Shows or hides the upper axis with sizes in bytes.
  void setSizeAxis(bool visible);

  /// Shows all visible points; later data are followed until the user zooms or pans.
  void fitView();
  void zoom(double factor);
  /// Shows this part, as if the user had chosen it.
  void showRange(const PlotRange& range);
  PlotRange range() const { return {xAxis->range(), yAxis->range()}; }
  /// The range before the last zoom or move of the user, and the one after it.
  void goBack();
  void goForward();
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
  const std::shared_ptr<const PointAxes>& axes() const { return axes_; }
  const std::shared_ptr<const FrontierChances>& chances() const { return chances_; }
  const std::vector<PredictedPoint>& predictions() const { return predictions_; }
  /// Where the line of the budget stands, if these axes have one, and how it and what is beyond
  /// look.
  std::optional<double> budgetAt() const;
  QPen budgetPen() const;
  QColor budgetShade() const;
  /// "best at 1.0 MB: pocket-opt-2 4 bit, 61.2 ± 0.4 %" of the first visible frontier.
  QString readingAt(double x) const;
  /// What the law of the current view says, as a sentence for screen readers; empty without.
  QString lawSentence() const;
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
  void pointToggled(int point);                         ///< in or out of the selection
  void pointsEnclosed(const std::vector<int>& points);  ///< to be added to the selection
  void menuWanted(int point, QPoint globalPosition);    ///< -1: not at a point
  void visibilityChanged();

 protected:
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  bool event(QEvent* event) override;
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void buildLayout();
  void applyStyle();
  void refresh();
  void refreshLegend();
  void drawSelected();
  void drawCurrent();
  void updateCard();
  void hideCard();
  void applyAxes();
  void keepRangesSane();
  /// Keeps the present range for goBack(); `gesture` joins what follows at once, as wheel steps.
  void remember(bool gesture = false);
  void setRangeNow(const PlotRange& range);
  void paintCrosshair(QCPPainter& painter, const QRect& area);
  void paintBudget(QCPPainter& painter, const QRect& area);
  void setCursorAt(std::optional<QPointF> position);
  void walk(int step);
  void changeSeries(int step);
  void hoverAt(QPointF position);
  void scrollLegend(int entries);
  bool onFrontier(int point) const;
  /// A mark of `size` around rows, on its own layer.
  ScatterData marks(const std::vector<int>& rows, double size, double width) const;

  PointsPtr points_;
  std::shared_ptr<const LawSet> laws_;
  ViewOptions options_;
  StoreFacts facts_;
  std::shared_ptr<const PointAxes> axes_;
  std::shared_ptr<const FrontierChances> chances_;
  std::vector<PredictedPoint> predictions_;
  PlotScene scene_;
  PlotContent content_;
  PlotStyle style_;
  PlotVisibility visibility_;
  bool fixedStyle_ = false;
  bool follow_ = true;
  bool legendShown_ = true;
  QSharedPointer<LogTicker> bitsTicker_, bytesTicker_, plainTicker_;
  QSharedPointer<QCPAxisTicker> xLinear_, yLinear_;
  QCPLayoutGrid* side_ = nullptr;
  QPointer<Scatter> selectedMarks_, currentMark_;
  QPointer<Drawing> crosshair_, budget_;
  HoverCard* card_;
  QTimer dwell_;  ///< until the card appears
  std::optional<QPointF> cursor_;
  QRubberBand* band_;
  bool zoomBand_ = false;
  enum class Drag { None, Pan, Band } dragging_ = Drag::None;
  int legendOffset_ = 0;  ///< entries that are scrolled away
  std::vector<PlotRange> back_, forward_;
  QElapsedTimer gesture_;
  std::vector<int> selected_;
  int current_ = -1;
  QPointF pressed_;
};

}  // namespace bitfrontier
