// SPDX-License-Identifier: GPL-3.0-or-later
// Legend of FrontierPlot.
#include <algorithm>
#include <cmath>

#include "ui/plot/frontier_plot.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

void FrontierPlot::setLegendShown(bool shown) {
  legendShown_ = shown;
  if (legend->layout()) legend->layout()->take(legend);
  if (side_->layout()) side_->layout()->take(side_);
  side_->clear();
  side_->simplify();
  legend->setVisible(shown);
  if (shown) {
    plotLayout()->addElement(0, 1, side_);
    plotLayout()->setColumnStretchFactor(1, 0.0001);
    side_->addElement(0, 0, legend);
    side_->addElement(1, 0, new QCPLayoutElement(this));
    side_->setRowStretchFactor(0, 0.0001);
  }
  plotLayout()->simplify();
  legend->setLayer(u"legend"_s);
  legend->setBorderPen(Qt::NoPen);
  legend->setBrush(Qt::NoBrush);
  legend->setMargins(QMargins(4, 1, 2, 1));
  legend->setRowSpacing(0);
  legend->setColumnSpacing(3);
  refreshLegend();
}

void FrontierPlot::setSizeAxis(bool visible) {
  xAxis2->setTicks(visible);
  xAxis2->setTickLabels(visible);
}

LegendSpec FrontierPlot::legendSpec() const {
  LegendSpec spec;
  spec.options = options_;
  const bool curves = std::isfinite(curveValue(0.5, options_));
  if (curves && laws_ && laws_->metric == options_.metric && laws_->key == options_.series) {
    for (const LawCurve& curve : laws_->laws) {
      spec.hasLaws = spec.hasLaws || curve.law;
      spec.hasWeakLaws = spec.hasWeakLaws || (curve.law && curve.r2 < kWeakFit);
      spec.hasInterpolated =
          spec.hasInterpolated || (!curve.law && curve.means.totalBits.size() > 1);
      spec.hasLossless = spec.hasLossless || (options_.lossless && !curve.series.points.empty() &&
                                              curve.series.points.front().bits >= 16);
    }
  }
  if (const Scatter* rings = content_.rings()) {
    for (const ScatterGroup& group : rings->data().groups) {
      const bool on = group.style.pen().color().rgb() == style_.text.rgb();
      (on ? spec.hasRings : spec.hasTies) = true;
    }
  }
  spec.hasPredictions = !predictions_.empty();
  return spec;
}

// A narrow window wraps texts, a low one loses headings, then sources, and what still does not fit
// scrolls.
void FrontierPlot::refreshLegend() {
  if (!legendShown_) return legend->clearItems();
  constexpr double kMostWidth = 0.25;
  const double em = QFontMetrics(style_.font).averageCharWidth();
  LegendSpec spec = legendSpec();
  spec.maximumTextWidth = qRound(21 * em);
  if (!fixedStyle_ && width() > 100) {
    spec.maximumTextWidth =
        std::clamp(qRound(kMostWidth * width() - 5 * em), qRound(8 * em), spec.maximumTextWidth);
  }
  legend->setFillOrder(QCPLegend::foRowsFirst);
  legend->setWrap(0);
  const auto needed = [this] {
    int sum = 0;
    for (int i = 0; i < legend->itemCount(); ++i) {
      sum += legend->item(i)->minimumOuterSizeHint().height();
    }
    return sum;
  };
  const int room = height() - 12;
  buildLegend(*legend, scene_, spec, style_, visibility_);
  if (fixedStyle_) return;
  if (needed() > room) {
    spec.headings = false;
    buildLegend(*legend, scene_, spec, style_, visibility_);
  }
  if (needed() > room && scene_.sources.size() < 2) {
    spec.sections &= ~LegendSpec::Sources;
    buildLegend(*legend, scene_, spec, style_, visibility_);
  }
  if (needed() <= room) {
    legendOffset_ = 0;
    return;
  }
  legendOffset_ = std::clamp(legendOffset_, 0, std::max(0, legend->itemCount() - 1));
  for (int i = 0; i < legendOffset_ && legend->itemCount() > 1; ++i) legend->removeItem(0);
  bool cut = false;
  const int more = QFontMetrics(style_.font).height();
  while (legend->itemCount() > 1 && needed() + more > room) {
    legend->removeItem(legend->itemCount() - 1);
    cut = true;
  }
  if (!cut && legendOffset_ == 0) return;
  auto* entry = new LegendEntry(legend, cut ? tr("▾ wheel for more") : tr("▴ wheel for more"));
  entry->setFont(style_.font);
  entry->setTextColor(style_.axis);
  entry->setMaximumTextWidth(spec.maximumTextWidth);
  legend->addItem(entry);
}

void FrontierPlot::scrollLegend(int entries) {
  legendOffset_ = std::max(0, legendOffset_ + entries);
  refreshLegend();
  replot(QCustomPlot::rpQueuedReplot);
}

}  // namespace bitfrontier
