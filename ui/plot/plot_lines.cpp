// SPDX-License-Identifier: GPL-3.0-or-later
// Lines, bands and names of PlotMarks.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "ui/base/text.h"
#include "ui/plot/plot_marks.h"
#include "ui/plot/series_value.h"

namespace bitfrontier {
namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(FrontierPlot)
};

/// Colour of a law's series; absent where its points are not in view.
std::optional<QColor> curveColor(const LawCurve& law, const PlotMarks& marks) {
  if (law.series.points.empty()) return {};
  const LawPoint& first = law.series.points.front();
  const SeriesKey key = marks.request.options.series;
  const QString value = seriesValue(first, key).label;
  if (!marks.request.visibility.shows(value, Text::from(first.family),
                                      first.bits < 16 ? methodLabel(first) : QString(),
                                      Text::from(law.series.source))) {
    return {};
  }
  const auto& names = marks.scene.values;
  const auto position = std::find(names.begin(), names.end(), value);
  if (position == names.end()) return {};  // the laws of an earlier view
  return valueColor(marks.scene, static_cast<std::size_t>(position - names.begin()), key,
                    marks.request.style);
}

/// The right end of what is drawn over the sizes of a series: of the law, else of the means.
std::optional<QPointF> endOf(const LawCurve& law, const ViewOptions& options) {
  double x = 0, y = LawPoint::kAbsent;
  if (law.law && options.fits && !law.inside.empty()) {
    x = law.inside.back().totalBits;
    y = curveValue(law.inside.back().value, options);
  } else if ((options.fits || options.means) && law.means.totalBits.size() > 1) {
    x = law.means.totalBits.back();
    y = curveValue(law.means.values.back(), options);
  }
  if (!std::isfinite(y)) return {};
  return QPointF(x, y);
}

/// A line of values of the metric, as far as the axes can show them.
class Line {
 public:
  explicit Line(const ViewOptions& options) : options_(options) {}
  void add(double x, double value) {
    const double y = curveValue(value, options_);
    if (!std::isfinite(y)) return;
    curve.x.push_back(x);
    curve.y.push_back(y);
  }
  void finish(const QPen& pen, std::vector<PlotCurve>& curves) {
    curve.pen = pen;
    if (curve.x.size() > 1) curves.push_back(std::move(curve));
  }
  PlotCurve curve;

 private:
  const ViewOptions& options_;
};

/// The 95 % interval of a law's curve.
void addBand(const std::vector<CurvePoint>& points, bool outside, const PlotRequest& request,
             QColor color, std::vector<PlotCurve>& curves) {
  PlotCurve band;
  for (const CurvePoint& p : points) {
    const double low = curveValue(p.lower, request.options),
                 high = curveValue(p.upper, request.options);
    if (!std::isfinite(low) || !std::isfinite(high)) continue;
    band.x.push_back(p.totalBits);
    band.lower.push_back(low);
    band.y.push_back(high);
  }
  if (band.x.size() < 2) return;
  // A figure, whose text is measured in pixels, is drawn anew by its scripts, which hatch nothing.
  band.hatched = outside && request.style.font.pixelSize() <= 0;
  color.setAlphaF(band.hatched ? 0.28F : outside ? 0.05F : 0.14F);
  band.fill = color;
  band.pen = QPen(color, request.style.lineWidth * 0.35);
  curves.push_back(std::move(band));
}

void addLaw(const LawCurve& law, const QColor& color, const PlotRequest& request,
            std::vector<PlotCurve>& curves) {
  const ViewOptions& options = request.options;
  const double width = request.style.lineWidth;
  const auto draw = [&](const std::vector<CurvePoint>& points, Qt::PenStyle pattern) {
    Line line(options);
    for (const CurvePoint& p : points) line.add(p.totalBits, p.value);
    line.finish(QPen(color, width, pattern), curves);
  };
  // Where no law describes the points the interpolation stands for it.
  const bool interpolated = options.fits && !law.law;
  if (options.means || interpolated) {
    Line line(options);
    for (std::size_t i = 0; i < law.means.totalBits.size(); ++i) {
      line.add(law.means.totalBits[i], law.means.values[i]);
    }
    QColor faint = color;
    if (interpolated) faint.setAlphaF(0.5F);
    line.finish(QPen(faint, width * (interpolated ? 0.7 : 1), Qt::DashDotLine), curves);
  }
  if (!options.fits || !law.law) return;
  addBand(law.below, true, request, color, curves);
  addBand(law.inside, false, request, color, curves);
  addBand(law.above, true, request, color, curves);
  draw(law.inside, Qt::SolidLine);
  draw(law.below, Qt::DashLine);
  draw(law.above, Qt::DashLine);
}

void addLossless(const LawCurve& law, const PlotRequest& request, std::vector<PlotCurve>& curves) {
  // The reference at k bits without loss: the same values with k / 16 of the bits.
  const double share = request.options.losslessBits / 16.0;
  Line line(request.options);
  if (law.law) {
    for (const CurvePoint& p : law.inside) line.add(p.totalBits * share, p.value);
  } else {
    for (std::size_t i = 0; i < law.means.totalBits.size(); ++i) {
      line.add(law.means.totalBits[i] * share, law.means.values[i]);
    }
  }
  QPen pen(request.style.text, request.style.lineWidth, Qt::CustomDashLine);
  pen.setDashPattern({1, 2, 5, 2});
  line.curve.name = Tr::tr("lossless %1 bit").arg(request.options.losslessBits);
  line.finish(pen, curves);
}

void nameFrontier(const PlotMarks& marks, std::vector<NamedPlace>& names) {
  std::set<std::string_view> seen;
  std::vector<QString> models;
  for (const LawPoint& p : *marks.request.points) {
    if (seen.insert(p.model).second) models.push_back(Text::from(p.model));
  }
  const QString prefix = commonPrefix(models);
  for (const PlotFrontier& frontier : marks.scene.frontiers) {
    // The best is at the right: what is left out for want of room is small.
    for (auto row = frontier.points.rbegin(); row != frontier.points.rend(); ++row) {
      const auto i = static_cast<std::size_t>(*row);
      const LawPoint& p = (*marks.request.points)[i];
      names.push_back({Tr::tr("%1, %2 bit").arg(Text::from(p.model).mid(prefix.size())).arg(p.bits),
                       marks.request.style.text, marks.scene.at.x[i], marks.scene.at.y[i], false});
    }
  }
}

void nameLines(const PlotMarks& marks, std::vector<NamedPlace>& named) {
  const ViewOptions& options = marks.request.options;
  if (!marks.request.currentLaws() || !std::isfinite(curveValue(0.5, options))) return;
  struct End {
    const LawCurve* law;
    QPointF at;
    QColor color;
  };
  std::map<QString, std::vector<End>> families;
  for (const LawCurve& law : marks.request.currentLaws()->laws) {
    const std::optional<QColor> color = curveColor(law, marks);
    const std::optional<QPointF> at = color ? endOf(law, options) : std::nullopt;
    if (at) families[Text::from(law.series.family)].push_back({&law, *at, *color});
  }
  const bool up = higherIsBetter(options);
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
      named.push_back(
          {family.mid(prefix.size()), marks.request.style.text, last.at.x(), last.at.y(), true});
    }
    if (family != first) continue;
    for (const End& end : ends) {
      named.push_back({seriesValue(end.law->series.points.front(), options.series).label, end.color,
                       end.at.x(), end.at.y(), true});
    }
  }
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

void addLaws(const PlotMarks& marks, std::vector<PlotCurve>& curves) {
  const PlotRequest& request = marks.request;
  if (!request.currentLaws()) return;
  if (!std::isfinite(curveValue(0.5, request.options))) return;  // no curves over these axes
  for (const LawCurve& law : request.currentLaws()->laws) {
    std::optional<QColor> color = curveColor(law, marks);
    if (!color) continue;
    // A law that hardly explains its points must not look like one that can be relied on.
    color->setAlphaF(law.r2 < kWeakFit ? 0.3F : 0.85F);
    addLaw(law, *color, request, curves);
    if (request.options.lossless && law.series.points.front().bits >= 16) {
      addLossless(law, request, curves);
    }
  }
}

void addLevel(const PlotMarks& marks, std::vector<PlotCurve>& curves) {
  const ViewOptions& options = marks.request.options;
  const bool zero = !hasFrontier(options) && !options.yLog;
  const double level = zero ? 0 : marks.scene.chance;
  if (!std::isfinite(level) || (options.yLog && !(level > 0))) return;
  PlotCurve line;
  line.x = {0};
  line.y = {level};
  line.across = true;
  line.pen = QPen(marks.request.style.axis, marks.request.style.lineWidth * 0.7, Qt::DotLine);
  curves.push_back(std::move(line));
}

std::vector<NamedPlace> namesOf(const PlotMarks& marks) {
  std::vector<NamedPlace> names;
  nameLines(marks, names);
  nameFrontier(marks, names);
  return names;
}

}  // namespace bitfrontier
