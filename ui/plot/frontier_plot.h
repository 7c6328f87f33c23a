// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <QElapsedTimer>
#include <QRubberBand>
#include <QTimer>
#include <vector>

#include "ui/base/latest_task.h"
#include "ui/plot/drawing.h"
#include "ui/plot/plot_content.h"
#include "ui/plot/plot_range.h"
#include "ui/plot/qcp.h"

namespace bitfrontier {

class HoverCard;
class LogTicker;

/// The central figure: a metric against total model bits, or what else the options ask for.
/// Wheel zooms, drag pans, Shift and drag selects, Ctrl and drag zooms to a rectangle, double click
/// or Home shows everything; Backspace and Alt+Left go back to the range before. A click on a
/// legend entry isolates it (with Ctrl: switches it). Left and Right walk the points of a series
/// (PageUp and PageDown ten at once), Up and Down change series, Enter activates, + and - zoom,
/// Escape lets go. New data never change a range that the user has chosen.
///
/// Few points are shown at once. From Scatter::kMany on, or with many laws, they are made ready and
/// drawn by other threads, at most five times a second; until then points(), scene() and the axes
/// are those of what was there before, and busy() is true.
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
  /// One of several plots side by side: no legend, `title` above, the axes' names only where
  /// `left` and `bottom` say so.
  void setCell(const QString& title, bool left, bool bottom);
  /// Shows or hides the upper axis with sizes in bytes.
  void setSizeAxis(bool visible);

  /// Shows all visible points; later data are followed until the user zooms or pans.
  void fitView();
  void zoom(double factor);
  /// What fitView() shows.
  PlotRange fittedRange() const;
  /// Shows what another plot beside this one shows; no step of the history.
  void showLinked(const PlotRange& range, bool follows);
  /// Shows this part, as if the user had chosen it.
  void showRange(const PlotRange& range);
  PlotRange range() const { return {xAxis->range(), yAxis->range()}; }
  /// The range before the last zoom or move of the user, and the one after it.
  void goBack();
  void goForward();
  void showEverySeries();
  void setVisibility(const PlotVisibility& visibility);

  /// Shift and drag selects what a line drawn by hand encloses rather than a rectangle.
  void setLasso(bool on) { lassoOn_ = on; }
  bool lasso() const { return lassoOn_; }

  /// Highlights points (indices); out-of-range ones are ignored.
  void setSelected(std::vector<int> points);
  const std::vector<int>& selected() const { return selected_; }
  /// Makes a point current, -1 for none: ring, card, accessible description.
  void setCurrent(int point);

  /// Whether other threads still prepare or draw what was last set.
  bool busy() const { return building_.busy() || again_ || content_.busy(); }
  /// Prepares and draws in the background whatever the number of points.
  void setThreaded(bool always) { threaded_ = always; }

  /// @name What is shown
  /// @{
  const PlotScene& scene() const { return content_.marks().scene; }
  const PlotContent& content() const { return content_; }
  const std::vector<LawPoint>& points() const { return *shown().points; }
  const PointsPtr& sharedPoints() const { return shown().points; }
  /// @}
  /// @name What is asked for
  /// @{
  const PlotVisibility& visibility() const { return asked_.visibility; }
  const ViewOptions& options() const { return asked_.options; }
  const StoreFacts& facts() const { return asked_.facts; }
  const std::shared_ptr<const LawSet>& laws() const { return asked_.laws; }
  const std::shared_ptr<const PointAxes>& axes() const { return asked_.axes; }
  const std::shared_ptr<const FrontierChances>& chances() const { return asked_.chances; }
  const std::vector<PredictedPoint>& predictions() const { return asked_.predictions; }
  /// @}
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
  /// The points of the same look, ordered by x; empty for none.
  std::vector<int> seriesOf(int point) const;
  /// The visible point nearest to a widget position within `radius` pixels, or -1.
  int pointAt(QPointF position, double radius = 14) const;
  QPointF pixelOf(int point) const;
  /// What a legend of this plot has to explain.
  LegendSpec legendSpec() const;
  const PlotStyle& plotStyle() const { return asked_.style; }
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
  void rangeMoved();   ///< also by new data
  void fitWanted();    ///< of a cell, which shows what all of them need
  void pointsShown();  ///< points() are others than before

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
  /// What refresh() asked for is ready.
  struct Ready {
    PlotMarksPtr marks;
    std::vector<int> selected;  ///< the selection of `selection` on the new points
    int selection = 0;
  };
  static Ready prepare(PlotRequest request, const PointsPtr& before, const std::vector<int>& rows,
                       int selection);
  void prepareInBackground();
  void take(Ready ready);
  bool large() const;
  const PlotRequest& shown() const { return content_.marks().request; }
  void refreshLegend();
  void markSelected();
  void markCurrent();
  void updateCard();
  void hideCard();
  void applyAxes();
  void keepRangesSane();
  /// Keeps the present range for goBack(); `gesture` joins what follows at once, as wheel steps.
  void remember(bool gesture = false);
  void setRangeNow(const PlotRange& range);
  void paintCrosshair(QCPPainter& painter, const QRect& area);
  void paintBudget(QCPPainter& painter, const QRect& area);
  void paintLasso(QCPPainter& painter, const QRect& area);
  /// Tells screen readers of the current point.
  void speak();
  void setCursorAt(std::optional<QPointF> position);
  void handleKey(QKeyEvent* event);
  void walk(int step);
  void changeSeries(int step);
  void hoverAt(QPointF position);
  void scrollLegend(int entries);
  bool onFrontier(int point) const;
  /// A mark of `size` around rows, on its own layer.
  ScatterData marks(const std::vector<int>& rows, double size, double width) const;

  PlotRequest asked_;
  PlotContent content_;
  LatestTask building_;
  QTimer coalesce_;     ///< runs for a while after each start in the background
  bool again_ = false;  ///< something else was asked for meanwhile
  bool threaded_ = false;
  bool otherAxes_ = false;  ///< what is asked for has other axes than what is shown
  bool fixedStyle_ = false;
  bool follow_ = true;
  bool legendShown_ = true;
  QSharedPointer<LogTicker> bitsTicker_, bytesTicker_, plainTicker_;
  QSharedPointer<QCPAxisTicker> xLinear_, yLinear_;
  QCPLayoutGrid* side_ = nullptr;
  Scatter *selectedMarks_ = nullptr, *currentMark_ = nullptr;
  HoverCard* card_;
  QTimer dwell_;  ///< until the card appears
  std::optional<QPointF> cursor_;
  QRubberBand* band_;
  bool zoomBand_ = false;
  bool lassoOn_ = false;
  QPolygonF lasso_;  ///< while it is drawn
  enum class Drag { None, Pan, Band, Lasso } dragging_ = Drag::None;
  bool cell_ = false, namesX_ = true, namesY_ = true;
  QCPTextElement* title_ = nullptr;  ///< of a cell
  int legendOffset_ = 0;             ///< entries that are scrolled away
  std::vector<PlotRange> back_, forward_;
  QElapsedTimer gesture_;
  std::vector<int> selected_;
  int selection_ = 0;  ///< counts setSelected()
  int current_ = -1;
  QPointF pressed_;
};

}  // namespace bitfrontier
