// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/frontier_plot.h"

#include <algorithm>
#include <unordered_map>

#include "ui/base/text.h"
#include "ui/plot/hover_card.h"
#include "ui/plot/log_ticker.h"
#include "ui/plot/plot_accessible.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

FrontierPlot::FrontierPlot(QWidget* parent)
    : QCustomPlot(parent),
      bitsTicker_(new LogTicker(LogTicker::Labels::Powers)),
      bytesTicker_(new LogTicker(LogTicker::Labels::Bytes)),
      plainTicker_(new LogTicker(LogTicker::Labels::Plain)),
      xLinear_(new QCPAxisTicker),
      yLinear_(new QCPAxisTicker),
      card_(new HoverCard(this)),
      band_(new QRubberBand(QRubberBand::Rectangle, this)) {
  PlotAccessible::install();
  setObjectName(u"frontierPlot"_s);
  setAccessibleName(tr("Scaling plot"));
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setMinimumSize(280, 170);
  setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
  dwell_.setSingleShot(true);
  dwell_.setInterval(120);
  connect(&dwell_, &QTimer::timeout, this, &FrontierPlot::updateCard);
  coalesce_.setSingleShot(true);
  coalesce_.setInterval(200);
  connect(&coalesce_, &QTimer::timeout, this, [this] {
    if (again_) prepareInBackground();
  });
  asked_.style = PlotStyle::fromPalette(palette(), font());
  buildLayout();
  connect(xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this,
          &FrontierPlot::keepRangesSane);
  connect(yAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this,
          &FrontierPlot::keepRangesSane);
  applyStyle();
  refresh();
}

FrontierPlot::~FrontierPlot() {
  if (legendShown_) return;  // else they are in no layout
  delete legend;
  delete side_;
}

void FrontierPlot::buildLayout() {
  // Each is drawn without the others: a picture that is ready, a slider, the selection, the mouse.
  for (const QString& name : {u"current"_s, u"marks"_s, u"budget"_s, u"content"_s}) {
    addLayer(name, layer(u"main"_s), QCustomPlot::limAbove);
    layer(name)->setMode(QCPLayer::lmBuffered);
  }
  content_.build(*this);
  selectedMarks_ = new Scatter(xAxis, yAxis);
  selectedMarks_->setLayer(u"marks"_s);
  currentMark_ = new Scatter(xAxis, yAxis);
  currentMark_->setLayer(u"current"_s);
  const auto draw = [this](const QString& on,
                           void (FrontierPlot::*paint)(QCPPainter&, const QRect&)) {
    auto* drawing = new Drawing(
        xAxis, yAxis,
        [this, paint](QCPPainter& painter, const QRect& area) { (this->*paint)(painter, area); });
    drawing->setLayer(on);
  };
  draw(u"current"_s, &FrontierPlot::paintCrosshair);
  draw(u"current"_s, &FrontierPlot::paintLasso);
  draw(u"budget"_s, &FrontierPlot::paintBudget);
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
  setBackground(asked_.style.background);
  const QPen axisPen(asked_.style.axis, std::max(0.5, asked_.style.lineWidth * 0.5));
  for (QCPAxis* axis : {xAxis, yAxis, xAxis2, yAxis2}) {
    axis->setBasePen(axisPen);
    axis->setTickPen(axisPen);
    axis->setSubTickPen(axisPen);
    axis->setTickLabelFont(asked_.style.font);
    axis->setLabelFont(asked_.style.font);
    axis->setTickLabelColor(asked_.style.text);
    axis->setLabelColor(asked_.style.text);
    const int length = std::max(2, qRound(asked_.style.marker * 0.6));
    axis->setTickLength(length, 0);
    axis->setSubTickLength(std::max(1, length / 2), 0);
    axis->setTickLabelPadding(std::max(1, length / 2));
    axis->setLabelPadding(std::max(1, length / 2));
  }
  for (QCPAxis* axis : {xAxis, yAxis}) {
    axis->grid()->setPen(QPen(asked_.style.faint, axisPen.widthF()));
    axis->grid()->setZeroLinePen(Qt::NoPen);
  }
}

void FrontierPlot::setStyle(const PlotStyle& style) {
  asked_.style = style;
  fixedStyle_ = true;
  applyStyle();
  refresh();
}

void FrontierPlot::setPoints(PointsPtr points, const StoreFacts& facts,
                             std::shared_ptr<const PointAxes> axes) {
  asked_.points = std::move(points);
  asked_.facts = facts;
  asked_.axes = std::move(axes);
  refresh();
}

void FrontierPlot::setLaws(std::shared_ptr<const LawSet> laws) {
  asked_.laws = std::move(laws);
  refresh();
}

void FrontierPlot::setOptions(const ViewOptions& options) {
  const ViewOptions old = asked_.options;
  const bool otherScale =
      options.metric != old.metric || options.rule != old.rule || options.source != old.source ||
      options.x != old.x || options.y != old.y || options.xLog != old.xLog ||
      options.yLog != old.yLog || options.task != old.task || options.context != old.context;
  if (options.series != old.series) asked_.visibility.hiddenValues.clear();
  ViewOptions onlyBudget = old;
  onlyBudget.budgetBits = options.budgetBits;
  asked_.options = options;
  if (options == onlyBudget) {  // a slider moves it: nothing else is drawn anew
    layer(u"budget"_s)->replot();
    return;
  }
  if (otherScale) {
    otherAxes_ = true;
    follow_ = true;
    back_.clear();
    forward_.clear();
  }
  refresh();
}

void FrontierPlot::setChances(std::shared_ptr<const FrontierChances> chances) {
  asked_.chances = std::move(chances);
  refresh();
}

void FrontierPlot::setPredictions(std::vector<PredictedPoint> predictions) {
  asked_.predictions = std::move(predictions);
  refresh();
}

void FrontierPlot::setVisibility(const PlotVisibility& visibility) {
  asked_.visibility = visibility;
  refresh();
  Q_EMIT visibilityChanged();
}

namespace {

/// Where points of `before` are in `now`, -1: nowhere.
std::vector<int> placesIn(const std::vector<LawPoint>& now, const std::vector<LawPoint>& before,
                          std::vector<int> rows) {
  std::unordered_map<std::string, std::size_t> wanted;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    wanted.emplace(pointKey(before[static_cast<std::size_t>(rows[i])]), i);
    rows[i] = -1;
  }
  for (std::size_t i = 0; i < now.size() && !wanted.empty(); ++i) {
    const auto found = wanted.find(pointKey(now[i]));
    if (found != wanted.end()) rows[found->second] = static_cast<int>(i);
  }
  return rows;
}

}  // namespace

bool FrontierPlot::large() const {
  constexpr std::size_t kManyLaws = 40;
  const bool laws = asked_.laws && asked_.laws->laws.size() > kManyLaws;
  return !fixedStyle_ && (threaded_ || laws || asked_.points->size() >= Scatter::kMany);
}

void FrontierPlot::refresh() {
  if (!large()) {
    building_.cancel();
    again_ = false;
    take(prepare(asked_, shown().points, selected_, selection_));
  } else if (building_.busy() || coalesce_.isActive()) {
    again_ = true;  // a row of changes must not keep the first from being seen
  } else {
    prepareInBackground();
  }
}

// The selection stays on the same points, not on the same rows.
FrontierPlot::Ready FrontierPlot::prepare(PlotRequest request, const PointsPtr& before,
                                          const std::vector<int>& rows, int selection) {
  Ready ready{makePlotMarks(std::move(request)), rows, selection};
  const PointsPtr& now = ready.marks->request.points;
  if (now != before) {
    ready.selected = placesIn(*now, *before, rows);
    std::erase(ready.selected, -1);
  }
  return ready;
}

void FrontierPlot::prepareInBackground() {
  again_ = false;
  coalesce_.start();
  building_.start(
      [request = asked_, before = shown().points, rows = selected_, selection = selection_](
          std::stop_token) { return prepare(request, before, rows, selection); },
      [this](Ready ready) {
        take(std::move(ready));
        if (again_ && !coalesce_.isActive()) prepareInBackground();
      });
}

void FrontierPlot::take(Ready ready) {
  const PointsPtr before = shown().points;
  const bool otherPoints = ready.marks->request.points != before;
  if (otherPoints) {
    const std::vector<LawPoint>& now = *ready.marks->request.points;
    if (ready.selection != selection_) {
      ready.selected = placesIn(now, *before, selected_);
      std::erase(ready.selected, -1);
    }
    selected_ = std::move(ready.selected);
    if (current_ >= 0) current_ = placesIn(now, *before, {current_}).front();
  }
  content_.show(std::move(ready.marks), large());
  if (otherAxes_) content_.forget();
  otherAxes_ = false;
  applyAxes();
  refreshLegend();
  if (follow_ && !cell_) fitView();
  markSelected();
  markCurrent();
  updateCard();
  replot(QCustomPlot::rpQueuedReplot);
  if (otherPoints) Q_EMIT pointsShown();
}

}  // namespace bitfrontier
