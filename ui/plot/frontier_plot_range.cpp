// SPDX-License-Identifier: GPL-3.0-or-later
// Axes, ranges and their history of FrontierPlot.
#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/base/text.h"
#include "ui/plot/axis_range.h"
#include "ui/plot/frontier_plot.h"
#include "ui/plot/hover_card.h"
#include "ui/plot/log_ticker.h"

namespace bitfrontier {
namespace {

AxisLimits xLimits(const ViewOptions& options) {
  if (options.x == XAxis::TotalBits) return {options.xLog, 1e2, 1e18};
  if (options.x == XAxis::Seconds) return {options.xLog, 1e-4, 1e10};
  return {options.xLog, 1, 1e18};
}

AxisLimits yLimits(const ViewOptions& options) { return {options.yLog, 1e-6, 1e6}; }

}  // namespace

void FrontierPlot::applyAxes() {
  const bool bytes = shown().options.x == XAxis::Memory,
             bits = shown().options.x == XAxis::TotalBits;
  const auto scale = [](bool log) { return log ? QCPAxis::stLogarithmic : QCPAxis::stLinear; };
  // An axis that becomes logarithmic must not hold a range with zero in it.
  const QSignalBlocker blockX(xAxis), blockY(yAxis);
  for (const auto& [axis, limits] :
       {std::pair{xAxis, xLimits(shown().options)}, std::pair{yAxis, yLimits(shown().options)}}) {
    axis->setScaleType(scale(limits.log));
    axis->setRange(saneRange(axis->range(), limits));
    axis->setNumberFormat(QStringLiteral("gbc"));
    axis->setNumberPrecision(4);
  }
  xAxis->setTicker(!shown().options.xLog ? xLinear_
                   : bits                ? bitsTicker_
                   : bytes               ? bytesTicker_
                                         : plainTicker_);
  yAxis->setTicker(shown().options.yLog ? plainTicker_ : yLinear_);
  xAxis2->setVisible(bits && shown().options.xLog);
  if (bits && shown().options.xLog)
    xAxis2->setRange(xAxis->range().lower / 8, xAxis->range().upper / 8);
  yAxis2->setScaleType(scale(shown().options.yLog));
  yAxis2->setRange(yAxis->range());
  xAxis->setLabel(namesX_ ? xAxisLabel(shown().options) : QString());
  yAxis->setLabel(namesY_ ? yAxisLabel(shown().options) : QString());
}

PlotRange FrontierPlot::fittedRange() const {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  double xLow = kInf, xHigh = -kInf, yLow = kInf, yHigh = -kInf;
  std::vector<bool> bars(points().size());
  for (const int row : content_.scatter()->data().bars) bars[static_cast<std::size_t>(row)] = true;
  for (const PlotGroup& group : scene().groups) {
    if (!content_.marks().shows(group)) continue;
    for (const int row : group.points) {
      const auto i = static_cast<std::size_t>(row);
      const double y = scene().at.y[i], e = scene().at.error[i];
      double reach = bars[i] && std::isfinite(e) ? e : 0;
      if (shown().options.yLog && !(y - reach > 0)) reach = 0;
      xLow = std::min(xLow, scene().at.x[i]);
      xHigh = std::max(xHigh, scene().at.x[i]);
      yLow = std::min(yLow, y - reach);
      yHigh = std::max(yHigh, y + reach);
    }
  }
  const bool accuracy = shown().options.metric == LawMetric::Accuracy;
  if (!(xLow < kInf)) {  // nothing to show: the range of real models
    xLow = shown().options.x == XAxis::Seconds ? 1 : 1e9, xHigh = 1e3 * xLow;
    const bool difference = !hasFrontier(shown().options);
    yLow = difference ? -1 : accuracy ? 30 : 1;
    yHigh = difference ? 1 : accuracy ? 80 : 4;
  }
  if (!hasFrontier(shown().options) && !shown().options.yLog) {  // no difference is in view
    yLow = std::min(yLow, 0.0);
    yHigh = std::max(yHigh, 0.0);
  }
  return {paddedRange(xLow, xHigh, shown().options.xLog, true),
          paddedRange(yLow, yHigh, shown().options.yLog, false)};
}

void FrontierPlot::fitView() {
  follow_ = true;
  if (cell_) {
    Q_EMIT fitWanted();
    return;
  }
  const PlotRange range = fittedRange();
  xAxis->setRange(range.x);
  yAxis->setRange(range.y);
  replot(QCustomPlot::rpQueuedReplot);
}

void FrontierPlot::showLinked(const PlotRange& range, bool follows) {
  follow_ = follows;
  xAxis->setRange(range.x);
  yAxis->setRange(range.y);
  replot(QCustomPlot::rpQueuedReplot);
}

void FrontierPlot::keepRangesSane() {
  for (const auto& [axis, limits] :
       {std::pair{xAxis, xLimits(shown().options)}, std::pair{yAxis, yLimits(shown().options)}}) {
    const QCPRange sane = saneRange(axis->range(), limits);
    if (sane == axis->range()) continue;
    const QSignalBlocker blocker(axis);
    axis->setRange(sane);
  }
  if (xAxis2->visible()) {
    xAxis2->setRange(xAxis->range().lower / 8, xAxis->range().upper / 8);
  }
  yAxis2->setRange(yAxis->range());
  if (card_->isVisible()) updateCard();
  Q_EMIT rangeMoved();
}

void FrontierPlot::remember(bool gesture) {
  constexpr qint64 kOneGestureMs = 500;
  const bool goesOn = gesture && gesture_.isValid() && gesture_.elapsed() < kOneGestureMs;
  if (gesture) {
    gesture_.start();
  } else {
    gesture_.invalidate();
  }
  if (goesOn || (!back_.empty() && back_.back() == range())) return;
  constexpr std::size_t kMost = 100;
  if (back_.size() >= kMost) back_.erase(back_.begin());
  back_.push_back(range());
  forward_.clear();
}

void FrontierPlot::setRangeNow(const PlotRange& range) {
  follow_ = false;
  xAxis->setRange(range.x);
  yAxis->setRange(range.y);
  replot(QCustomPlot::rpQueuedReplot);
}

void FrontierPlot::goBack() {
  if (back_.empty()) return;
  const PlotRange to = back_.back();
  back_.pop_back();
  forward_.push_back(range());
  setRangeNow(to);
}

void FrontierPlot::goForward() {
  if (forward_.empty()) return;
  const PlotRange to = forward_.back();
  forward_.pop_back();
  back_.push_back(range());
  setRangeNow(to);
}

void FrontierPlot::zoom(double factor) {
  remember(true);
  follow_ = false;
  xAxis->scaleRange(factor);
  yAxis->scaleRange(factor);
  replot(QCustomPlot::rpQueuedReplot);
}

void FrontierPlot::showRange(const PlotRange& range) {
  remember();
  setRangeNow(range);
}

}  // namespace bitfrontier
