// SPDX-License-Identifier: GPL-3.0-or-later
// Lines, bands and labels of PlotContent.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "ui/base/text.h"
#include "ui/plot/drawing.h"
#include "ui/plot/plot_content.h"
#include "ui/plot/series_value.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(FrontierPlot)
};

/// Colour of a law's series; absent where its points are not in view.
std::optional<QColor> curveColor(const LawCurve& law, const PlotDress& dress) {
  if (law.series.points.empty()) return {};
  const LawPoint& first = law.series.points.front();
  const QString value = seriesValue(first, dress.options.series).label;
  if (!dress.visibility.shows(value, Text::from(first.family),
                              first.bits < 16 ? methodLabel(first) : QString(),
                              Text::from(law.series.source))) {
    return {};
  }
  const auto& names = dress.scene.values;
  const auto position = std::find(names.begin(), names.end(), value);
  if (position == names.end()) return {};  // the laws of an earlier view
  return valueColor(dress.scene, static_cast<std::size_t>(position - names.begin()),
                    dress.options.series, dress.style);
}

/// The right end of what is drawn over the sizes of a series: of the law, else of the means.
std::optional<QPointF> endOf(const LawCurve& law, const PlotDress& dress) {
  double x = 0, y = LawPoint::kAbsent;
  if (law.law && dress.options.fits && !law.inside.empty()) {
    x = law.inside.back().totalBits;
    y = curveValue(law.inside.back().value, dress.options);
  } else if ((dress.options.fits || dress.options.means) && law.means.totalBits.size() > 1) {
    x = law.means.totalBits.back();
    y = curveValue(law.means.values.back(), dress.options);
  }
  if (!std::isfinite(y)) return {};
  return QPointF(x, y);
}

}  // namespace

QString commonPrefix(const std::vector<QString>& names) {
  if (names.size() < 2) return {};
  QString prefix = names.front();
  for (const QString& name : names) {
    while (!name.startsWith(prefix)) prefix.chop(1);
  }
  const qsizetype dash = prefix.lastIndexOf(u'-');
  return prefix.left(dash + 1);
}

QCPGraph* PlotContent::addCurve(QCustomPlot& plot, const QVector<double>& x,
                                const QVector<double>& y, const QPen& pen) {
  QCPGraph* graph = plot.addGraph();
  graph->setData(x, y, true);
  graph->setPen(pen);
  graph->setAdaptiveSampling(false);  // it rounds to pixels, which vector files show
  graph->setSelectable(QCP::stNone);
  graph->removeFromLegend();
  if (pen.style() != Qt::NoPen) curves_.emplace_back(graph);
  return graph;
}

void PlotContent::addLaws(QCustomPlot& plot, const PlotDress& dress) {
  if (!std::isfinite(curveValue(0.5, dress.options))) return;  // no curves over these axes
  for (const LawCurve& law : dress.currentLaws()->laws) {
    std::optional<QColor> color = curveColor(law, dress);
    if (!color) continue;
    // A law that hardly explains its points must not look like one that can be relied on.
    color->setAlphaF(law.r2 < kWeakFit ? 0.3F : 0.85F);
    addLaw(plot, law, *color, dress);
    if (dress.options.lossless && law.series.points.front().bits >= 16) {
      addLossless(plot, law, dress);
    }
  }
}

void PlotContent::addLaw(QCustomPlot& plot, const LawCurve& law, const QColor& color,
                         const PlotDress& dress) {
  const double width = dress.style.lineWidth;
  const auto draw = [&](const std::vector<CurvePoint>& curve, Qt::PenStyle pattern) {
    if (curve.empty()) return;
    QVector<double> x, y;
    for (const CurvePoint& p : curve) {
      x << p.totalBits;
      y << curveValue(p.value, dress.options);
    }
    addCurve(plot, x, y, QPen(color, width, pattern));
  };
  // Where no law describes the points the interpolation stands for it.
  const bool interpolated = dress.options.fits && !law.law;
  if ((dress.options.means || interpolated) && law.means.totalBits.size() > 1) {
    QVector<double> x(law.means.totalBits.begin(), law.means.totalBits.end()), y;
    for (const double v : law.means.values) y << curveValue(v, dress.options);
    QColor faint = color;
    if (interpolated) faint.setAlphaF(0.5F);
    addCurve(plot, x, y, QPen(faint, width * (interpolated ? 0.7 : 1), Qt::DashDotLine));
  }
  if (!dress.options.fits || !law.law) return;
  addBand(plot, law.below, dress, color, 0.05);
  addBand(plot, law.inside, dress, color, 0.14);
  addBand(plot, law.above, dress, color, 0.05);
  draw(law.inside, Qt::SolidLine);
  draw(law.below, Qt::DashLine);
  draw(law.above, Qt::DashLine);
}

void PlotContent::addLossless(QCustomPlot& plot, const LawCurve& law, const PlotDress& dress) {
  // The reference at k bits without loss: the same values with k / 16 of the bits.
  const double share = dress.options.losslessBits / 16.0;
  QVector<double> x, y;
  const auto add = [&](double bits, double value) {
    x << bits * share;
    y << curveValue(value, dress.options);
  };
  if (law.law) {
    for (const CurvePoint& p : law.inside) add(p.totalBits, p.value);
  } else {
    for (std::size_t i = 0; i < law.means.totalBits.size(); ++i) {
      add(law.means.totalBits[i], law.means.values[i]);
    }
  }
  if (x.size() < 2) return;
  QPen pen(dress.style.text, dress.style.lineWidth, Qt::CustomDashLine);
  pen.setDashPattern({1, 2, 5, 2});
  addCurve(plot, x, y, pen)->setName(Tr::tr("lossless %1 bit").arg(dress.options.losslessBits));
}

void PlotContent::addBand(QCustomPlot& plot, const std::vector<CurvePoint>& curve,
                          const PlotDress& dress, QColor color, double alpha) {
  QVector<double> x, lower, upper;
  for (const CurvePoint& p : curve) {
    const double low = curveValue(p.lower, dress.options),
                 high = curveValue(p.upper, dress.options);
    if (!std::isfinite(low) || !std::isfinite(high)) continue;
    x << p.totalBits;
    lower << low;
    upper << high;
  }
  if (x.size() < 2) return;
  color.setAlphaF(static_cast<float>(alpha));
  QCPGraph* low = addCurve(plot, x, lower, QPen(Qt::NoPen));
  QCPGraph* high = addCurve(plot, x, upper, QPen(Qt::NoPen));
  high->setBrush(color);
  high->setChannelFillGraph(low);
}

void PlotContent::addLevel(QCustomPlot& plot, const PlotDress& dress) {
  const bool zero = !hasFrontier(dress.options) && !dress.options.yLog;
  const double level = zero ? 0 : dress.scene.chance;
  if (!std::isfinite(level) || (dress.options.yLog && !(level > 0))) return;
  addCurve(plot, {1e-6, 1e18}, {level, level},
           QPen(dress.style.axis, dress.style.lineWidth * 0.7, Qt::DotLine));
}

void PlotContent::nameFrontier(const PlotDress& dress) {
  std::vector<QString> models;
  for (const LawPoint& p : dress.points) models.push_back(Text::from(p.model));
  const QString prefix = commonPrefix(models);
  for (const PlotFrontier& frontier : dress.scene.frontiers) {
    // The best is at the right: what is left out for want of room is small.
    for (auto row = frontier.points.rbegin(); row != frontier.points.rend(); ++row) {
      const auto i = static_cast<std::size_t>(*row);
      const LawPoint& p = dress.points[i];
      named_.push_back(
          {Tr::tr("%1, %2 bit").arg(Text::from(p.model).mid(prefix.size())).arg(p.bits),
           dress.style.text, dress.scene.at.x[i], dress.scene.at.y[i], false});
    }
  }
}

void PlotContent::nameLines(const PlotDress& dress) {
  if (!dress.currentLaws() || !std::isfinite(curveValue(0.5, dress.options))) return;
  struct End {
    const LawCurve* law;
    QPointF at;
    QColor color;
  };
  std::map<QString, std::vector<End>> families;
  for (const LawCurve& law : dress.currentLaws()->laws) {
    const std::optional<QColor> color = curveColor(law, dress);
    const std::optional<QPointF> at = color ? endOf(law, dress) : std::nullopt;
    if (at) families[Text::from(law.series.family)].push_back({&law, *at, *color});
  }
  const bool up = higherIsBetter(dress.options);
  const auto better = [up](const End& a, const End& b) {
    return up ? a.at.y() > b.at.y() : a.at.y() < b.at.y();
  };
  std::vector<QString> names;
  QString first;
  for (auto& [family, ends] : families) {
    std::sort(ends.begin(), ends.end(), better);
    names.push_back(family);
    if (first.isEmpty() || better(ends.front(), families[first].front())) first = family;
  }
  const QString prefix = commonPrefix(names);
  // The lines of the family that ends best are named one by one, the others as a whole.
  for (const auto& [family, ends] : families) {
    if (families.size() > 1) {
      const End& last = *std::max_element(
          ends.begin(), ends.end(), [](const End& a, const End& b) { return a.at.x() < b.at.x(); });
      named_.push_back(
          {family.mid(prefix.size()), dress.style.text, last.at.x(), last.at.y(), true});
    }
    if (family != first) continue;
    for (const End& end : ends) {
      named_.push_back({seriesValue(end.law->series.points.front(), dress.options.series).label,
                        end.color, end.at.x(), end.at.y(), true});
    }
  }
}

void PlotContent::addLabels(QCustomPlot& plot, const PlotDress& dress) {
  nameLines(dress);
  nameFrontier(dress);
  if (named_.empty()) return;
  QFont font = dress.style.font;
  // On paper all text has the size that was asked for.
  if (font.pixelSize() <= 0) font.setPointSizeF(font.pointSizeF() * 0.85);
  auto* labels = new Drawing(
      plot.xAxis, plot.yAxis,
      [this, font, halo = dress.style.background](QCPPainter& painter, const QRect& area) {
        drawLabels(painter, area, font, halo);
      });
  labels->setName(Tr::tr("labels"));
}

void PlotContent::drawLabels(QCPPainter& painter, const QRect& area, const QFont& font,
                             const QColor& halo) {
  if (!scatter_) return;
  QCPAxis &x = *scatter_->keyAxis(), &y = *scatter_->valueAxis();
  const QFontMetricsF metrics(font);
  const QRectF inner = QRectF(area).adjusted(2, 2, -2, -2);
  Occupancy occupied(inner);
  for (const ScatterGroup& group : scatter_->data().groups) {
    if (!group.visible) continue;
    for (const int row : group.rows) {
      const QPointF at = scatter_->pixelOf(row);
      if (inner.contains(at)) occupied.addPoint(at, group.style.size() / 2 + 1);
    }
  }
  for (const QPointer<QCPGraph>& graph : curves_) {
    if (!graph || !graph->visible()) continue;
    QPolygonF line;
    const bool steps = graph->lineStyle() == QCPGraph::lsStepLeft;
    for (const QCPGraphData& d : *graph->data()) {
      const QPointF p(x.coordToPixel(d.key), y.coordToPixel(d.value));
      if (steps && !line.isEmpty()) line << QPointF(p.x(), line.last().y());
      line << p;
    }
    occupied.addLine(line);
  }
  wishes_.clear();
  for (const Named& named : named_) {
    const QPointF at(x.coordToPixel(named.x), y.coordToPixel(named.y));
    if (!inner.contains(at)) continue;
    wishes_.push_back({named.text, named.color, at,
                       QSizeF(metrics.horizontalAdvance(named.text) + 2, metrics.height()),
                       named.lineEnd});
  }
  placed_ = placeLabels(wishes_, std::move(occupied));
  painter.setFont(font);
  for (const PlacedLabel& label : placed_) {
    const LabelWish& wish = wishes_[label.wish];
    if (label.leader) {
      QColor line = wish.color;
      line.setAlphaF(0.6F);
      painter.setPen(QPen(line, 0.7));
      painter.drawLine(leaderLine(label, wish));
    }
    Q_UNUSED(halo);
    painter.setPen(wish.color);
    painter.drawText(label.rect, Qt::AlignCenter, wish.text);
  }
}

}  // namespace bitfrontier
