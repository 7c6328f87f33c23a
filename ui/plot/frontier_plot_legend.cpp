// SPDX-License-Identifier: GPL-3.0-or-later
// Legend and note of FrontierPlot.
#include <algorithm>
#include <cmath>

#include "ui/plot/frontier_plot.h"

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

void FrontierPlot::refreshLegend() {
  LegendSpec spec = legendSpec();
  const double em = QFontMetrics(style_.font).averageCharWidth();
  if (placement_ == LegendPlacement::Right) {
    refreshRightLegend(spec, em);
  } else {
    refreshBottomLegend(spec, em);
  }
}

// Beside the plot: a narrow window wraps texts, a low one loses headings, then sources, and what
// still does not fit scrolls.
void FrontierPlot::refreshRightLegend(LegendSpec spec, double em) {
  constexpr double kMostWidth = 0.25;
  sources_->clearItems();
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

// Below the plot, in figures: in as many columns as fit, and at most a quarter of the figure: what
// goes first is what a caption says or labels in the plot say, too.
void FrontierPlot::refreshBottomLegend(LegendSpec spec, double em) {
  constexpr double kPlotShape = 0.66, kMostShare = 0.25;
  spec.headings = false;
  spec.sections = LegendSpec::Marks | LegendSpec::Lines;
  spec.maximumTextWidth = qRound(24 * em);
  legend->setFillOrder(QCPLegend::foColumnsFirst);
  const auto build = [&] {
    legend->setWrap(1);
    buildLegend(*legend, scene_, spec, style_, visibility_);
    int widest = 1;
    for (int i = 0; i < legend->itemCount(); ++i) {
      widest = std::max(widest, legend->item(i)->minimumOuterSizeHint().width());
    }
    const int columns = std::clamp((legendWidth_ - 12) / (widest + legend->columnSpacing()), 1, 8);
    legend->setWrap(columns);
    buildLegend(*legend, scene_, spec, style_, visibility_);
  };
  const bool several = scene_.sources.size() > 1;
  if (several) {
    LegendSpec own = spec;
    own.sections = LegendSpec::Sources;
    own.maximumTextWidth = std::max(60, legendWidth_ - qRound(6 * em));
    buildLegend(*sources_, scene_, own, style_, visibility_);
  } else {
    sources_->clearItems();
  }
  // The figure is as high as its plot, this legend and the note.
  const auto tooHigh = [&] {
    const double below = side_->minimumOuterSizeHint().height();
    return below > kMostShare * (kPlotShape * legendWidth_ + below);
  };
  build();
  if (!tooHigh()) return;
  spec.brief = true;
  spec.maximumTextWidth = qRound(14 * em);
  build();
  if (!tooHigh() || !options_.labels) return;
  spec.sections = LegendSpec::Marks;
  build();
}

}  // namespace bitfrontier
