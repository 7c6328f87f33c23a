// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/laws/residual_plot.h"

#include <algorithm>
#include <cmath>
#include <QEvent>

#include "ui/base/text.h"
#include "ui/plot/plot_style.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

ResidualPlot::ResidualPlot(QWidget* parent) : QCustomPlot(parent) {
  setObjectName(u"lawResiduals"_s);
  setAccessibleName(tr("Residuals of the law"));
  setMinimumSize(80, 60);
  xAxis->setScaleType(QCPAxis::stLogarithmic);
  xAxis->setTicker(QSharedPointer<QCPAxisTickerLog>::create());
  xAxis->setNumberFormat(u"eb"_s);
  xAxis->setNumberPrecision(0);
  xAxis->setLabel(tr("Parameters"));
  yAxis->setLabel(tr("Residual (standard deviations)"));
  setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
  restyle();
}

void ResidualPlot::restyle() {
  const PlotStyle style = PlotStyle::fromPalette(palette(), font());
  setBackground(style.background);
  for (QCPAxis* axis : {xAxis, yAxis, xAxis2, yAxis2}) {
    axis->setBasePen(QPen(style.axis));
    axis->setTickPen(QPen(style.axis));
    axis->setSubTickPen(QPen(style.axis));
    axis->setLabelColor(style.text);
    axis->setTickLabelColor(style.text);
    axis->grid()->setPen(QPen(style.faint, 0, Qt::DotLine));
    axis->grid()->setZeroLinePen(QPen(style.axis));
  }
  replot(QCustomPlot::rpQueuedReplot);
}

void ResidualPlot::changeEvent(QEvent* event) {
  QCustomPlot::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) restyle();
}

void ResidualPlot::setLaw(const JointFit* fit) {
  clearGraphs();
  points_ = 0;
  const PlotStyle style = PlotStyle::fromPalette(palette(), font());
  double low = HUGE_VAL, high = 0, most = 3;
  for (std::size_t f = 0; fit && f < fit->context.formats.size(); ++f) {
    QVector<double> x, y;
    for (const FittedPoint& p : fit->points) {
      if (p.row.format != f || !std::isfinite(p.standardised)) continue;
      x << p.size;
      y << p.standardised;
      low = std::min(low, p.size);
      high = std::max(high, p.size);
      most = std::max(most, std::abs(p.standardised));
    }
    if (x.isEmpty()) continue;
    QCPGraph* graph = addGraph();
    const QString label = Text::from(fit->context.formats[f].label);
    graph->setName(label);
    graph->setLineStyle(QCPGraph::lsNone);
    const QColor color = style.seriesColor(SeriesKey::Bits, label, static_cast<int>(f));
    graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, color, 5));
    graph->setData(x, y);
    points_ += static_cast<int>(x.size());
  }
  if (points_ > 0) {
    xAxis->setRange(low / 1.3, high * 1.3);
    yAxis->setRange(-1.1 * most, 1.1 * most);
  }
  xAxis->setLabel(fit && fit->axis == LawAxis::TotalBits ? tr("Total bits") : tr("Parameters"));
  setAccessibleDescription(tr("%1 points; the largest residual is %2 standard deviations")
                               .arg(points_)
                               .arg(QLocale().toString(points_ > 0 ? most : 0., 'f', 1)));
  replot(QCustomPlot::rpQueuedReplot);
}

}  // namespace bitfrontier
