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

namespace {

void tidyLegend(QCPLegend* legend) {
  legend->setLayer(QStringLiteral("legend"));
  legend->setBorderPen(Qt::NoPen);
  legend->setBrush(Qt::NoBrush);
  legend->setMargins(QMargins(4, 1, 2, 1));
  legend->setRowSpacing(0);
  legend->setColumnSpacing(3);
}

}  // namespace

FrontierPlot::FrontierPlot(QWidget* parent)
    : QCustomPlot(parent),
      points_(std::make_shared<std::vector<LawPoint>>()),
      style_(PlotStyle::fromPalette(palette(), font())),
      bitsTicker_(new LogTicker(LogTicker::Labels::Powers)),
      bytesTicker_(new LogTicker(LogTicker::Labels::Bytes)),
      card_(new HoverCard(this)) {
  setObjectName(u"frontierPlot"_s);
  setAccessibleName(tr("Scaling plot"));
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setMinimumSize(280, 200);
  setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
  setNoAntialiasingOnDrag(true);
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
  for (const QString& name : {u"marks"_s, u"current"_s}) layer(name)->setMode(QCPLayer::lmBuffered);
  xAxis->setScaleType(QCPAxis::stLogarithmic);
  xAxis->setTicker(bitsTicker_);
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
  sources_ = new QCPLegend;
  setLegendPlacement(LegendPlacement::Right);
}

void FrontierPlot::setLegendPlacement(LegendPlacement placement, int availableWidth) {
  placement_ = placement;
  legendWidth_ = availableWidth;
  if (legend->layout()) legend->layout()->take(legend);
  if (sources_->layout()) sources_->layout()->take(sources_);
  if (side_->layout()) side_->layout()->take(side_);
  side_->clear();
  side_->simplify();
  legend->setVisible(true);
  sources_->setVisible(placement == LegendPlacement::Bottom);
  if (placement == LegendPlacement::None) {
    legend->setVisible(false);
    legend->clearItems();
    sources_->clearItems();
    plotLayout()->simplify();
    return;
  }
  if (placement == LegendPlacement::Right) {
    plotLayout()->addElement(0, 1, side_);
    plotLayout()->setColumnStretchFactor(1, 0.0001);
    side_->addElement(0, 0, legend);
    side_->addElement(1, 0, sources_);
    side_->addElement(2, 0, new QCPLayoutElement(this));
    side_->setRowStretchFactor(0, 0.0001);
    side_->setRowStretchFactor(1, 0.0001);
  } else {
    plotLayout()->addElement(1, 0, side_);
    plotLayout()->setRowStretchFactor(1, 0.0001);
    side_->addElement(0, 0, legend);
    side_->addElement(1, 0, sources_);
    side_->setRowSpacing(0);
  }
  plotLayout()->simplify();
  for (QCPLegend* l : {legend, sources_}) tidyLegend(l);
  refreshLegend();
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
  setNote(noteText_);
}

void FrontierPlot::setStyle(const PlotStyle& style) {
  style_ = style;
  fixedStyle_ = true;
  applyStyle();
  refresh();
}

void FrontierPlot::setNote(const QString& note) {
  noteText_ = note;
  if (note_) {
    plotLayout()->remove(note_);
    plotLayout()->simplify();
  }
  if (note.isEmpty()) return;
  note_ = new QCPLegend;
  const int row = plotLayout()->rowCount();
  plotLayout()->addElement(row, 0, note_);
  plotLayout()->setRowStretchFactor(row, 0.0001);
  tidyLegend(note_);
  auto* entry = new LegendEntry(note_, note);
  QFont small = style_.font;
  if (small.pixelSize() > 0) small.setPixelSize(std::max(4, qRound(small.pixelSize() * 0.86)));
  entry->setFont(small);
  entry->setTextColor(style_.axis);
  entry->setMaximumTextWidth(std::max(120, legendWidth_ - 20));
  note_->addItem(entry);
}

int FrontierPlot::heightBelow() const {
  int height = 0;
  if (placement_ == LegendPlacement::Bottom) height += side_->minimumOuterSizeHint().height();
  if (note_) height += note_->minimumOuterSizeHint().height();
  return height + 3 * plotLayout()->rowSpacing();
}

int FrontierPlot::heightBeside() const {
  if (placement_ != LegendPlacement::Right) return 0;
  int height = 0;
  for (const QCPLegend* l :
       {static_cast<const QCPLegend*>(legend), static_cast<const QCPLegend*>(sources_)}) {
    height += l->minimumOuterSizeHint().height();
  }
  const QMargins outside = plotLayout()->margins();
  return height + 2 * side_->rowSpacing() + outside.top() + outside.bottom();
}

void FrontierPlot::setSizeAxis(bool visible) {
  xAxis2->setTicks(visible);
  xAxis2->setTickLabels(visible);
}

QString FrontierPlot::axisLabel() const {
  switch (options_.rule) {
    case CountingRule::LinearOnly:
      return tr("Total bits of the linear layers");
    case CountingRule::AllParameters:
      return tr("Total model bits (all parameters at k bits)");
    case CountingRule::CheckpointBytes:
      return tr("Total model bits");
  }
  return {};
}

void FrontierPlot::setPoints(PointsPtr points, const StoreFacts& facts) {
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
  refresh();
}

void FrontierPlot::setLaws(std::shared_ptr<const LawSet> laws) {
  laws_ = std::move(laws);
  refresh();
}

void FrontierPlot::setOptions(const ViewOptions& options) {
  const bool otherScale = options.metric != options_.metric || options.rule != options_.rule ||
                          options.source != options_.source;
  if (options.series != options_.series) visibility_.hiddenValues.clear();
  options_ = options;
  if (otherScale) follow_ = true;
  refresh();
}

void FrontierPlot::setVisibility(const PlotVisibility& visibility) {
  visibility_ = visibility;
  refresh();
  Q_EMIT visibilityChanged();
}

void FrontierPlot::refresh() {
  scene_ = makeScene(*points_, options_, facts_);
  // Entries that have vanished must not keep hiding what comes later under the same name.
  const auto prune = [](std::set<QString>& hidden, const std::vector<QString>& names) {
    std::erase_if(hidden, [&](const QString& h) {
      return std::find(names.begin(), names.end(), h) == names.end();
    });
  };
  if (!scene_.groups.empty()) {
    prune(visibility_.hiddenValues, scene_.values);
    prune(visibility_.hiddenFamilies, scene_.families);
    prune(visibility_.hiddenMethods, scene_.methods);
    prune(visibility_.hiddenSources, scene_.sources);
  }
  content_.rebuild(*this, *points_, scene_, options_, laws_.get(), style_, visibility_);
  xAxis->setLabel(axisLabel());
  yAxis->setLabel(Text::metricAxis(options_.metric));
  refreshLegend();
  if (follow_) fitView();
  drawSelected();
  drawCurrent();
  updateCard();
  replot(QCustomPlot::rpQueuedReplot);
}

LegendSpec FrontierPlot::legendSpec() const {
  LegendSpec spec;
  spec.options = options_;
  if (laws_ && laws_->metric == options_.metric && laws_->key == options_.series) {
    for (const LawCurve& curve : laws_->laws) {
      spec.hasLaws = spec.hasLaws || curve.law;
      spec.hasWeakLaws = spec.hasWeakLaws || (curve.law && curve.r2 < kWeakFit);
      spec.hasInterpolated =
          spec.hasInterpolated || (!curve.law && curve.means.totalBits.size() > 1);
    }
  }
  return spec;
}

void FrontierPlot::refreshLegend() {
  if (placement_ == LegendPlacement::None) return;
  LegendSpec spec = legendSpec();
  legend->clearItems();
  sources_->clearItems();
  const double em = QFontMetrics(style_.font).averageCharWidth();
  if (placement_ == LegendPlacement::Right) {
    spec.maximumTextWidth = qRound(21 * em);
    legend->setFillOrder(QCPLegend::foRowsFirst);
    legend->setWrap(0);
    buildLegend(*legend, scene_, spec, style_, visibility_);
    int needed = 0;
    for (int i = 0; i < legend->itemCount(); ++i) {
      needed += legend->item(i)->minimumOuterSizeHint().height();
    }
    // A low window keeps the entries and lets the headings go.
    if (!fixedStyle_ && needed > height() - 12) {
      spec.headings = false;
      buildLegend(*legend, scene_, spec, style_, visibility_);
    }
    return;
  }
  spec.headings = false;
  spec.sections = LegendSpec::Marks | LegendSpec::Lines;
  spec.maximumTextWidth = qRound(24 * em);
  legend->setFillOrder(QCPLegend::foColumnsFirst);
  legend->setWrap(1);
  buildLegend(*legend, scene_, spec, style_, visibility_);
  int widest = 1;
  for (int i = 0; i < legend->itemCount(); ++i) {
    widest = std::max(widest, legend->item(i)->minimumOuterSizeHint().width());
  }
  const int columns = std::clamp((legendWidth_ - 12) / (widest + legend->columnSpacing()), 1, 8);
  legend->setWrap(columns);
  buildLegend(*legend, scene_, spec, style_, visibility_);
  spec.sections = LegendSpec::Sources;
  spec.maximumTextWidth = std::max(60, legendWidth_ - qRound(6 * em));
  buildLegend(*sources_, scene_, spec, style_, visibility_);
}

void FrontierPlot::fitView() {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  double xLow = kInf, xHigh = 0, yLow = kInf, yHigh = -kInf;
  for (const PlotGroup& group : scene_.groups) {
    if (!content_.shows(scene_, group)) continue;
    for (const int i : group.points) {
      const LawPoint& p = (*points_)[static_cast<std::size_t>(i)];
      const double y = plotValue(p, options_.metric);
      const double e = plotError(p, options_.metric);
      const double reach = options_.errorBars && std::isfinite(e) ? e : 0;
      xLow = std::min(xLow, p.totalBits);
      xHigh = std::max(xHigh, p.totalBits);
      yLow = std::min(yLow, y - reach);
      yHigh = std::max(yHigh, y + reach);
    }
  }
  if (!(xLow < kInf)) {  // nothing to show: the range of real models
    xLow = 1e9, xHigh = 1e12;
    yLow = options_.metric == LawMetric::Accuracy ? 30 : 1;
    yHigh = options_.metric == LawMetric::Accuracy ? 80 : 4;
  }
  const double factor = std::max(1.25, std::pow(xHigh / xLow, 0.04));
  const double pad = std::max(0.06 * (yHigh - yLow), 1e-3 * std::max(1.0, std::abs(yHigh)));
  xAxis->setRange(xLow / factor, xHigh * factor);
  yAxis->setRange(yLow - pad, yHigh + pad);
  follow_ = true;
  replot(QCustomPlot::rpQueuedReplot);
}

void FrontierPlot::keepRangesSane() {
  constexpr double kLeast = 1e2, kMost = 1e18, kNarrowest = 1.02;
  QCPRange x = xAxis->range();
  const bool broken = !(x.lower >= kLeast) || !(x.upper <= kMost) || x.upper / x.lower < kNarrowest;
  if (broken) {
    const double center =
        std::clamp(std::sqrt(std::max(x.lower, 1e-300) * x.upper), kLeast * 2, kMost / 2);
    x.lower = std::clamp(x.lower, kLeast, center / std::sqrt(kNarrowest));
    x.upper = std::clamp(x.upper, center * std::sqrt(kNarrowest), kMost);
    const QSignalBlocker blocker(xAxis);
    xAxis->setRange(x);
  }
  xAxis2->setRange(x.lower / 8, x.upper / 8);
  yAxis2->setRange(yAxis->range());
  updateCard();
}

void FrontierPlot::zoom(double factor) {
  xAxis->scaleRange(factor);
  yAxis->scaleRange(factor);
  follow_ = false;
  replot(QCustomPlot::rpQueuedReplot);
}

void FrontierPlot::showRange(const PlotRange& range) {
  follow_ = false;
  xAxis->setRange(range.x);
  yAxis->setRange(range.y);
  replot(QCustomPlot::rpQueuedReplot);
}

QCPGraph* FrontierPlot::makeRings(const QString& layerName, double size, double width,
                                  const std::vector<int>& rows) {
  QVector<double> x, y;
  for (const int i : rows) {
    if (i < 0 || static_cast<std::size_t>(i) >= points_->size()) continue;
    const LawPoint& p = (*points_)[static_cast<std::size_t>(i)];
    const double value = plotValue(p, options_.metric);
    if (!std::isfinite(value) || !(p.totalBits > 0)) continue;
    x << p.totalBits;
    y << value;
  }
  auto* graph = new GlyphGraph(xAxis, yAxis);
  graph->setLayer(layerName);
  graph->setData(x, y);
  graph->setLineStyle(QCPGraph::lsNone);
  graph->setSelectable(QCP::stNone);
  graph->setScatterStyle(
      QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(style_.text, width), Qt::NoBrush, size));
  graph->removeFromLegend();
  return graph;
}

void FrontierPlot::drawSelected() {
  if (rings_) removePlottable(rings_);
  rings_ = makeRings(u"marks"_s, style_.marker * 1.8, style_.lineWidth, selected_);
  layer(u"marks"_s)->replot();
}

void FrontierPlot::drawCurrent() {
  if (ring_) removePlottable(ring_);
  ring_ = makeRings(u"current"_s, style_.marker * 2.2, style_.lineWidth * 1.6,
                    current_ >= 0 ? std::vector<int>{current_} : std::vector<int>{});
  layer(u"current"_s)->replot();
}

bool FrontierPlot::onFrontier(int point) const {
  return std::any_of(scene_.frontiers.begin(), scene_.frontiers.end(), [&](const PlotFrontier& f) {
    return std::find(f.points.begin(), f.points.end(), point) != f.points.end();
  });
}

void FrontierPlot::setSelected(std::vector<int> points) {
  selected_ = std::move(points);
  drawSelected();
}

void FrontierPlot::setCurrent(int point) {
  if (point < 0 || static_cast<std::size_t>(point) >= points_->size()) point = -1;
  if (point == current_) return;
  current_ = point;
  drawCurrent();
  updateCard();
  setAccessibleDescription(
      point < 0 ? QString()
                : HoverCard::summary((*points_)[static_cast<std::size_t>(point)], options_.metric));
  QAccessibleEvent event(this, QAccessible::DescriptionChanged);
  QAccessible::updateAccessibility(&event);
  Q_EMIT currentChanged(point);
}

void FrontierPlot::updateCard() {
  if (current_ < 0 || static_cast<std::size_t>(current_) >= points_->size()) {
    card_->hide();
    return;
  }
  const QPointF pixel = pixelOf(current_);
  if (!axisRect()->rect().contains(pixel.toPoint())) {
    card_->hide();
    return;
  }
  card_->showPoint((*points_)[static_cast<std::size_t>(current_)], options_.metric,
                   onFrontier(current_), pixel, rect().adjusted(4, 4, -4, -4));
}

}  // namespace bitfrontier
