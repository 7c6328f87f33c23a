// SPDX-License-Identifier: GPL-3.0-or-later
// The legend of the plot.
#include <algorithm>
#include <cmath>
#include <QLocale>

#include "ui/base/text.h"
#include "ui/plot/plot_content.h"

namespace bitfrontier {
namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(FrontierPlot)
};

QString keyHeading(SeriesKey key) {
  switch (key) {
    case SeriesKey::Bits:
      return Tr::tr("Bits per weight");
    case SeriesKey::BlockSize:
      return Tr::tr("Block size");
    case SeriesKey::DataType:
      return Tr::tr("Data type");
    case SeriesKey::Config:
      return Tr::tr("Configuration");
  }
  return {};
}

/// One entry for each frontier, and why there are several; `lines` are indices into the scene's.
template <typename Add>
void addFrontierEntries(const PlotScene& scene, const std::vector<std::size_t>& lines,
                        const LegendSpec& spec, const PlotStyle& style, const Add& add) {
  constexpr std::size_t kNamed = 6;
  const QString plain = spec.headings ? Tr::tr("Pareto frontier") : Tr::tr("frontier");
  const bool divided = std::any_of(lines.begin(), lines.end(), [&](std::size_t f) {
    return !scene.frontiers[f].label.isEmpty();
  });
  if (!divided) {
    add(plain)->setLine(frontierPen(style, lines.front()));
    return;
  }
  for (std::size_t i = 0; i < std::min(kNamed, lines.size()); ++i) {
    const QString& label = scene.frontiers[lines[i]].label;
    const QString text = label.isEmpty() ? plain : Tr::tr("frontier, %1").arg(label);
    add(text)->setLine(frontierPen(style, lines[i]));
  }
  if (lines.size() > kNamed) {
    add(Tr::tr("and %1 frontiers more").arg(lines.size() - kNamed));
  }
  add(Tr::tr("Scored differently, so not joined."));
}

/// What colours, shapes and cuts of markers mean.
template <typename Add, typename Heading>
void addMarks(const PlotScene& scene, const LegendSpec& spec, const PlotStyle& style,
              const PlotVisibility& visibility, const Add& add, const Heading& heading) {
  const SeriesKey series = spec.options.series;
  // In brief: what all have in common is said once, "3, 4, 8, 16 bit", or not at all.
  const QString unit = Tr::tr(" bit");
  const bool sameUnit =
      spec.brief && std::all_of(scene.values.begin(), scene.values.end(),
                                [&](const QString& value) { return value.endsWith(unit); });
  const qsizetype prefix = spec.brief ? commonPrefix(scene.families).size() : 0;
  heading(keyHeading(series));
  for (std::size_t v = 0; v < scene.values.size(); ++v) {
    const int index = static_cast<int>(v);
    const bool bare = sameUnit && v + 1 < scene.values.size();
    auto* entry = add(bare ? scene.values[v].chopped(unit.size()) : scene.values[v],
                      {LegendTarget::Kind::Value, index});
    const QColor color = valueColor(scene, v, series, style);
    entry->setMarker(QCPScatterStyle(QCPScatterStyle::ssDisc, color, color, style.marker * 1.15));
    entry->setFaded(visibility.hiddenValues.count(scene.values[v]) > 0);
  }
  const bool anyPublished = std::any_of(scene.sources.begin(), scene.sources.end(),
                                        [](const QString& source) { return !source.isEmpty(); });
  if (!scene.families.empty()) heading(Tr::tr("Family"));
  for (std::size_t f = 0; f < scene.families.size(); ++f) {
    const int index = static_cast<int>(f);
    auto* entry = add(scene.families[f].mid(prefix), {LegendTarget::Kind::Family, index});
    entry->setMarker(markerStyle(style, style.text, scene.familyLooks[f], 0, anyPublished));
    entry->setFaded(visibility.hiddenFamilies.count(scene.families[f]) > 0);
  }
  if (scene.methods.size() > 1) {
    heading(Tr::tr("Method"));
    for (std::size_t m = 0; m < scene.methods.size(); ++m) {
      auto* entry = add(scene.methods[m], {LegendTarget::Kind::Method, static_cast<int>(m)});
      entry->setMarker(markerStyle(style, style.text, 0, scene.methodLooks[m], anyPublished));
      entry->setFaded(visibility.hiddenMethods.count(scene.methods[m]) > 0);
    }
  }
}

template <typename Add, typename Heading>
void addSources(const PlotScene& scene, const PlotStyle& style, const PlotVisibility& visibility,
                const Add& add, const Heading& heading) {
  if (!scene.sources.empty()) heading(Tr::tr("Source"));
  for (std::size_t s = 0; s < scene.sources.size(); ++s) {
    const bool published = !scene.sources[s].isEmpty();
    auto* entry = add(Text::source(scene.sources[s].toStdString()),
                      {LegendTarget::Kind::Source, static_cast<int>(s)});
    entry->setMarker(markerStyle(style, style.axis, 0, 0, published));
    entry->setFaded(visibility.hiddenSources.count(scene.sources[s]) > 0);
  }
}

/// Rings, the lossless line and predicted points.
template <typename Add>
void addEvidence(const LegendSpec& spec, const PlotStyle& style, const Add& add) {
  const auto ring = [&](const QString& text, const QColor& color) {
    const double width = ringWidth(0.8, style.marker);
    add(text)->setMarker(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(color, width), Qt::NoBrush,
                                         style.marker * 1.1));
  };
  QColor faint = style.frontier;
  faint.setAlphaF(0.6F);
  if (spec.hasRings)
    ring(spec.headings ? Tr::tr("on the frontier: the thicker, the surer")
                       : Tr::tr("P(on frontier)"),
         style.text);
  if (spec.hasTies) ring(spec.headings ? Tr::tr("could be on it (tie)") : Tr::tr("tie"), faint);
  if (spec.hasLossless) {
    QPen pen(style.text, style.lineWidth, Qt::CustomDashLine);
    pen.setDashPattern({1, 2, 5, 2});
    add(Tr::tr("lossless %1 bit").arg(spec.options.losslessBits))->setLine(pen);
  }
  if (spec.hasPredictions) {
    add(Tr::tr("predicted, 95 %"))
        ->setMarker(QCPScatterStyle(QCPScatterStyle::ssCircle,
                                    QPen(style.text, style.lineWidth, Qt::DotLine), Qt::NoBrush,
                                    style.marker));
  }
}

}  // namespace

void buildLegend(QCPLegend& legend, const PlotScene& scene, const LegendSpec& spec,
                 const PlotStyle& style, const PlotVisibility& visibility) {
  const ViewOptions& options = spec.options;
  legend.clearItems();
  const auto add = [&](const QString& text, LegendTarget target = {}) {
    auto* entry = new LegendEntry(&legend, text, target);
    entry->setFont(style.font);
    entry->setTextColor(style.text);
    entry->setMaximumTextWidth(spec.maximumTextWidth);
    legend.addItem(entry);
    return entry;
  };
  const auto heading = [&](const QString& text) {
    if (spec.headings) add(text)->setHeading(true);
  };
  if (spec.sections & LegendSpec::Marks) {
    addMarks(scene, spec, style, visibility, add, heading);
  }
  if (spec.sections & LegendSpec::Lines) {
    // A frontier of one point is no line.
    std::vector<std::size_t> lines;
    for (std::size_t f = 0; options.frontier && f < scene.frontiers.size(); ++f) {
      if (scene.frontiers[f].points.size() > 1) lines.push_back(f);
    }
    const bool frontier = !lines.empty();
    const bool fits = spec.hasLaws && options.fits, means = spec.hasLaws && options.means;
    const bool chance = std::isfinite(scene.chance) && hasFrontier(options);
    const bool interpolated = spec.hasInterpolated && options.fits && !means;
    if (frontier || fits || means || interpolated || chance) heading(Tr::tr("Lines"));
    if (fits) {
      add(Tr::tr("fitted law"))->setLine(QPen(style.text, style.lineWidth));
      if (!spec.brief)
        add(Tr::tr("extrapolated"))->setLine(QPen(style.text, style.lineWidth, Qt::DashLine));
      if (spec.hasWeakLaws && !spec.brief) {
        QColor faint = style.text;
        faint.setAlphaF(0.3F);
        add(Tr::tr("weak fit, R² < %1").arg(QLocale().toString(kWeakFit)))
            ->setLine(QPen(faint, style.lineWidth));
      }
    }
    if (interpolated) {
      add(spec.brief ? Tr::tr("interpolated") : Tr::tr("interpolated, no law"))
          ->setLine(QPen(style.text, style.lineWidth, Qt::DashDotLine));
    }
    if (means) {
      add(spec.headings ? Tr::tr("mean of each model") : Tr::tr("model means"))
          ->setLine(QPen(style.text, style.lineWidth, Qt::DashDotLine));
    }
    if (frontier) addFrontierEntries(scene, lines, spec, style, add);
  }
  // Rings have to be explained wherever they are drawn.
  if (spec.sections & LegendSpec::Lines || spec.brief) addEvidence(spec, style, add);
  if (spec.sections & LegendSpec::Lines && !spec.brief && std::isfinite(scene.chance) &&
      hasFrontier(options)) {
    add(Tr::tr("guessing"))->setLine(QPen(style.axis, style.lineWidth * 0.7, Qt::DotLine));
  }
  if (spec.sections & LegendSpec::Sources) addSources(scene, style, visibility, add, heading);
}

}  // namespace bitfrontier
