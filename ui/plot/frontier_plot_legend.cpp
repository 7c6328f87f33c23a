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

void FrontierPlot::setCell(const QString& title, bool left, bool bottom) {
  cell_ = true;
  if (!title_) {
    setLegendShown(false);
    plotLayout()->insertRow(0);
    title_ = new QCPTextElement(this);
    plotLayout()->addElement(0, 0, title_);
  }
  QFont font = asked_.style.font;
  font.setBold(true);
  title_->setFont(font);
  title_->setText(title);
  title_->setTextColor(asked_.style.text);
  namesX_ = bottom;
  namesY_ = left;
  setMinimumSize(140, 110);
  setAccessibleName(tr("Scaling plot of %1").arg(title));
  applyAxes();
  replot(QCustomPlot::rpQueuedReplot);
}

void FrontierPlot::setSizeAxis(bool visible) {
  xAxis2->setTicks(visible);
  xAxis2->setTickLabels(visible);
}

LegendSpec FrontierPlot::legendSpec() const {
  LegendSpec spec;
  spec.options = shown().options;
  const bool curves = std::isfinite(curveValue(0.5, shown().options));
  if (curves && shown().laws && shown().laws->metric == shown().options.metric &&
      shown().laws->key == shown().options.series) {
    for (const LawCurve& curve : shown().laws->laws) {
      spec.hasLaws = spec.hasLaws || curve.law;
      spec.hasWeakLaws = spec.hasWeakLaws || (curve.law && curve.r2 < kWeakFit);
      spec.hasInterpolated =
          spec.hasInterpolated || (!curve.law && curve.means.totalBits.size() > 1);
      spec.hasLossless =
          spec.hasLossless || (shown().options.lossless && !curve.series.points.empty() &&
                               curve.series.points.front().bits >= 16);
    }
  }
  if (const Scatter* rings = content_.rings()) {
    for (const ScatterGroup& group : rings->data().groups) {
      const bool on = group.style.pen().color().rgb() == asked_.style.text.rgb();
      (on ? spec.hasRings : spec.hasTies) = true;
    }
  }
  spec.hasPredictions = !shown().predictions.empty();
  return spec;
}

// A narrow window wraps texts, a low one loses headings, then sources, and what still does not fit
// scrolls.
void FrontierPlot::refreshLegend() {
  if (title_) title_->setTextColor(asked_.style.text);
  if (!legendShown_) return legend->clearItems();
  constexpr double kMostWidth = 0.25;
  const double em = QFontMetrics(asked_.style.font).averageCharWidth();
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
  buildLegend(*legend, scene(), spec, asked_.style, asked_.visibility);
  if (fixedStyle_) return;
  if (needed() > room) {
    spec.headings = false;
    buildLegend(*legend, scene(), spec, asked_.style, asked_.visibility);
  }
  if (needed() > room && scene().sources.size() < 2) {
    spec.sections &= ~LegendSpec::Sources;
    buildLegend(*legend, scene(), spec, asked_.style, asked_.visibility);
  }
  if (needed() <= room) {
    legendOffset_ = 0;
    return;
  }
  legendOffset_ = std::clamp(legendOffset_, 0, std::max(0, legend->itemCount() - 1));
  for (int i = 0; i < legendOffset_ && legend->itemCount() > 1; ++i) legend->removeItem(0);
  bool cut = false;
  const int more = QFontMetrics(asked_.style.font).height();
  while (legend->itemCount() > 1 && needed() + more > room) {
    legend->removeItem(legend->itemCount() - 1);
    cut = true;
  }
  if (!cut && legendOffset_ == 0) return;
  auto* entry = new LegendEntry(legend, cut ? tr("▾ wheel for more") : tr("▴ wheel for more"));
  entry->setFont(asked_.style.font);
  entry->setTextColor(asked_.style.axis);
  entry->setMaximumTextWidth(spec.maximumTextWidth);
  legend->addItem(entry);
}

void FrontierPlot::scrollLegend(int entries) {
  legendOffset_ = std::max(0, legendOffset_ + entries);
  refreshLegend();
  replot(QCustomPlot::rpQueuedReplot);
}

}  // namespace bitfrontier
