// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/frontier_plot.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <QAccessible>
#include <unordered_map>
#include <unordered_set>

#include "ui/base/text.h"
#include "ui/plot/hover_card.h"
#include "ui/plot/log_ticker.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

FrontierPlot::FrontierPlot(QWidget* parent)
    : QCustomPlot(parent),
      points_(std::make_shared<std::vector<LawPoint>>()),
      style_(PlotStyle::fromPalette(palette(), font())),
      bitsTicker_(new LogTicker(LogTicker::Labels::Powers)),
      bytesTicker_(new LogTicker(LogTicker::Labels::Bytes)),
      plainTicker_(new LogTicker(LogTicker::Labels::Plain)),
      xLinear_(new QCPAxisTicker),
      yLinear_(new QCPAxisTicker),
      card_(new HoverCard(this)),
      band_(new QRubberBand(QRubberBand::Rectangle, this)) {
  setObjectName(u"frontierPlot"_s);
  setAccessibleName(tr("Scaling plot"));
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setMinimumSize(280, 170);
  setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
  dwell_.setSingleShot(true);
  dwell_.setInterval(120);
  connect(&dwell_, &QTimer::timeout, this, &FrontierPlot::updateCard);
  buildLayout();
  connect(xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this,
          &FrontierPlot::keepRangesSane);
  connect(yAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this,
          &FrontierPlot::keepRangesSane);
  applyStyle();
  refresh();
}

FrontierPlot::~FrontierPlot() = default;

void FrontierPlot::buildLayout() {
  // Of its own, so that the mouse moves over a plot with everything selected.
  addLayer(u"current"_s, layer(u"main"_s), QCustomPlot::limAbove);
  addLayer(u"marks"_s, layer(u"main"_s), QCustomPlot::limAbove);
  addLayer(u"budget"_s, layer(u"main"_s), QCustomPlot::limAbove);
  for (const QString& name : {u"budget"_s, u"marks"_s, u"current"_s}) {
    layer(name)->setMode(QCPLayer::lmBuffered);
  }
  applyAxes();
  xAxis->grid()->setSubGridVisible(false);
  xAxis2->setScaleType(QCPAxis::stLogarithmic);
  xAxis2->setTicker(bytesTicker_);
  xAxis2->setVisible(true);
  yAxis2->setVisible(true);
  yAxis2->setTicks(false);
  yAxis2->setTickLabels(false);
  axisRect()->setMinimumMargins(QMargins(4, 4, 8, 4));
  plotLayout()->setMargins(QMargins(2, 2, 2, 2));
  plotLayout()->setColumnSpacing(2);
  plotLayout()->setRowSpacing(2);

  axisRect()->insetLayout()->take(legend);
  side_ = new QCPLayoutGrid;
  setLegendShown(true);
}

void FrontierPlot::applyStyle() {
  setBackground(style_.background);
  const QPen axisPen(style_.axis, std::max(0.5, style_.lineWidth * 0.5));
  for (QCPAxis* axis : {xAxis, yAxis, xAxis2, yAxis2}) {
    axis->setBasePen(axisPen);
    axis->setTickPen(axisPen);
    axis->setSubTickPen(axisPen);
    axis->setTickLabelFont(style_.font);
    axis->setLabelFont(style_.font);
    axis->setTickLabelColor(style_.text);
    axis->setLabelColor(style_.text);
    const int length = std::max(2, qRound(style_.marker * 0.6));
    axis->setTickLength(length, 0);
    axis->setSubTickLength(std::max(1, length / 2), 0);
    axis->setTickLabelPadding(std::max(1, length / 2));
    axis->setLabelPadding(std::max(1, length / 2));
  }
  for (QCPAxis* axis : {xAxis, yAxis}) {
    axis->grid()->setPen(QPen(style_.faint, axisPen.widthF()));
    axis->grid()->setZeroLinePen(Qt::NoPen);
  }
}

void FrontierPlot::setStyle(const PlotStyle& style) {
  style_ = style;
  fixedStyle_ = true;
  applyStyle();
  refresh();
}

void FrontierPlot::setPoints(PointsPtr points, const StoreFacts& facts,
                             std::shared_ptr<const PointAxes> axes) {
  // The current point and the selection stay on the same points, not on the same rows.
  std::unordered_map<std::string, int> rows;
  if (current_ >= 0 || !selected_.empty()) {
    for (std::size_t i = 0; i < points->size(); ++i) {
      rows.emplace(pointKey((*points)[i]), static_cast<int>(i));
    }
  }
  const auto moved = [&](int old) {
    const auto it = rows.find(pointKey((*points_)[static_cast<std::size_t>(old)]));
    return it == rows.end() ? -1 : it->second;
  };
  if (current_ >= 0) current_ = moved(current_);
  for (int& s : selected_) s = moved(s);
  std::erase(selected_, -1);
  points_ = std::move(points);
  facts_ = facts;
  axes_ = std::move(axes);
  refresh();
}

void FrontierPlot::setLaws(std::shared_ptr<const LawSet> laws) {
  laws_ = std::move(laws);
  refresh();
}

void FrontierPlot::setOptions(const ViewOptions& options) {
  const ViewOptions& old = options_;
  const bool otherScale =
      options.metric != old.metric || options.rule != old.rule || options.source != old.source ||
      options.x != old.x || options.y != old.y || options.xLog != old.xLog ||
      options.yLog != old.yLog || options.task != old.task || options.context != old.context;
  if (options.series != old.series) visibility_.hiddenValues.clear();
  ViewOptions onlyBudget = old;
  onlyBudget.budgetBits = options.budgetBits;
  const bool sameButBudget = options == onlyBudget;
  options_ = options;
  if (sameButBudget) {  // a slider moves it: nothing else is drawn anew
    layer(u"budget"_s)->replot();
    return;
  }
  if (otherScale) {
    follow_ = true;
    back_.clear();
    forward_.clear();
  }
  refresh();
}

void FrontierPlot::setChances(std::shared_ptr<const FrontierChances> chances) {
  chances_ = std::move(chances);
  refresh();
}

void FrontierPlot::setPredictions(std::vector<PredictedPoint> predictions) {
  predictions_ = std::move(predictions);
  refresh();
}

void FrontierPlot::setVisibility(const PlotVisibility& visibility) {
  visibility_ = visibility;
  refresh();
  Q_EMIT visibilityChanged();
}

void FrontierPlot::refresh() {
  scene_ = makeScene(*points_, options_, facts_, {axes_.get(), laws_.get()});
  const PlotDress dress{*points_,       scene_,       options_, laws_.get(),
                        chances_.get(), predictions_, style_,   visibility_};
  content_.rebuild(*this, dress);
  crosshair_ = new Drawing(xAxis, yAxis, [this](QCPPainter& painter, const QRect& area) {
    paintCrosshair(painter, area);
  });
  crosshair_->setLayer(u"current"_s);
  budget_ = new Drawing(
      xAxis, yAxis, [this](QCPPainter& painter, const QRect& area) { paintBudget(painter, area); });
  budget_->setLayer(u"budget"_s);
  applyAxes();
  refreshLegend();
  if (follow_) fitView();
  drawSelected();
  drawCurrent();
  updateCard();
  replot(QCustomPlot::rpQueuedReplot);
}

}  // namespace bitfrontier
