// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/figure_spec.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <QCoreApplication>
#include <set>
#include <span>

#include "core/base/error.h"
#include "core/quant/quant_config.h"
#include "ui/base/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(FigureExport)
};

// Every point of a group that is not hidden, wherever it lies.
std::vector<int> pointsOfGroups(const FigureSpec& spec, const PlotScene& scene) {
  std::vector<int> visible;
  for (const PlotGroup& group : scene.groups) {
    if (!spec.visibility.shows(scene, group)) continue;
    visible.insert(visible.end(), group.points.begin(), group.points.end());
  }
  return visible;
}

// Whether the point's bits are those that the sweep counts: linear layers at k bits, the rest at
// 16. Sizes of files and of other programs' configurations are what they are.
bool countedHere(const LawPoint& point) {
  if (point.published()) return false;
  try {
    const QuantConfig config = QuantConfig::parse(point.config);
    return !config.embeddings && !config.head;
  } catch (const Error&) {
    return false;
  }
}

// Which of the points are crosses, and why; points of one reason together.
QString exclusionNote(const FigureSpec& spec) {
  std::map<std::string, QStringList> byReason;
  for (const Exclusion& e : spec.options.exclusions) {
    if (placesOf(std::span(&e, 1), *spec.points).empty()) continue;
    byReason[e.reason] << Text::from(e.point.name);
  }
  QStringList parts;
  for (const auto& [reason, points] : byReason) {
    parts << u"%1 (%2)"_s.arg(points.join(u", "_s), Text::from(reason));
  }
  return parts.isEmpty() ? QString()
                         : Tr::tr("; excluded from laws and frontier: %1").arg(parts.join(u"; "_s));
}

// Where the points are from, which the legend leaves to the note: ", measured here".
QString sourcesText(const std::vector<int>& drawn, const FigureSpec& spec) {
  constexpr std::size_t kMostNamed = 3;
  std::set<std::string> sources;
  for (const int i : drawn) sources.insert((*spec.points)[static_cast<std::size_t>(i)].source);
  if (sources.size() > kMostNamed) return Tr::tr(", from %1 sources").arg(sources.size());
  QStringList names;
  for (const std::string& source : sources) names << Text::source(source);
  return names.isEmpty() ? QString() : u", "_s + names.join(u", "_s);
}

bool drawsBands(const FigureSpec& spec) {
  if (!spec.laws || !spec.options.fits || spec.laws->metric != spec.options.metric ||
      spec.laws->key != spec.options.series || !std::isfinite(curveValue(0.5, spec.options))) {
    return false;
  }
  return std::any_of(spec.laws->laws.begin(), spec.laws->laws.end(), [](const LawCurve& curve) {
    return curve.law && std::any_of(curve.inside.begin(), curve.inside.end(),
                                    [](const CurvePoint& p) { return std::isfinite(p.lower); });
  });
}

}  // namespace

QString paletteName(FigurePalette palette) {
  switch (palette) {
    case FigurePalette::OkabeIto:
      return u"okabe-ito"_s;
    case FigurePalette::Grey:
      return u"grey"_s;
    case FigurePalette::Tab10:
      return u"tab10"_s;
  }
  return {};
}

std::optional<FigurePalette> findPalette(const QString& name) {
  for (const auto palette : {FigurePalette::OkabeIto, FigurePalette::Grey, FigurePalette::Tab10}) {
    if (paletteName(palette) == name) return palette;
  }
  return std::nullopt;
}

QSizeF figureSize(const FigureSpec& spec) {
  return QSizeF(spec.look.preset.width, spec.look.preset.height);
}

PlotScene sceneOf(const FigureSpec& spec) {
  return makeScene(*spec.points, spec.options, spec.facts, {spec.axes.get(), spec.laws.get()});
}

std::vector<int> drawnPoints(const FigureSpec& spec) {
  const PlotScene scene = sceneOf(spec);
  std::vector<int> drawn = pointsOfGroups(spec, scene);
  if (!spec.range) return drawn;
  std::erase_if(drawn, [&](int row) {
    const auto i = static_cast<std::size_t>(row);
    return !spec.range->contains(scene.at.x[i], scene.at.y[i]);
  });
  return drawn;
}

std::size_t shownPoints(const FigureSpec& spec) {
  return pointsOfGroups(spec, sceneOf(spec)).size();
}

QString figureNote(const FigureSpec& spec) {
  const std::vector<int> drawn = drawnPoints(spec);
  const std::size_t all = shownPoints(spec);
  const auto point = [&](int i) -> const LawPoint& {
    return (*spec.points)[static_cast<std::size_t>(i)];
  };
  const bool bars = std::any_of(drawn.begin(), drawn.end(), [&](int i) {
    return plotError(point(i), spec.options.metric) > 0;
  });
  const bool counted =
      std::all_of(drawn.begin(), drawn.end(), [&](int i) { return countedHere(point(i)); });
  QString note = drawn.size() == all ? Tr::tr("n = %1 points").arg(all)
                                     : Tr::tr("n = %1 of %2 points").arg(drawn.size()).arg(all);
  note += sourcesText(drawn, spec);
  if (spec.options.errorBars && bars)
    note += Tr::tr("; bars: %1")
                .arg(spec.options.y == YAxis::Difference ? barText(spec.options) : Tr::tr("±1 SE"));
  if (drawsBands(spec)) note += Tr::tr("; bands: 95 %");
  switch (spec.options.rule) {
    case CountingRule::LinearOnly:
      note += counted ? Tr::tr("; bits of the linear layers only")
                      : Tr::tr("; bits of the quantized layers only");
      break;
    case CountingRule::AllParameters:
      note += Tr::tr("; all parameters counted at k bits");
      break;
    case CountingRule::CheckpointBytes:
      note += counted ? Tr::tr("; linear layers at k bits, all else at 16")
                      : Tr::tr("; bits of each whole model as stored");
      break;
  }
  return note + exclusionNote(spec);
}

}  // namespace bitfrontier
