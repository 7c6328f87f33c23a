// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/figure_spec.h"

#include <algorithm>
#include <cmath>
#include <QCoreApplication>
#include <set>

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
std::vector<int> pointsOfGroups(const FigureSpec& spec) {
  std::vector<int> visible;
  const PlotScene scene = makeScene(*spec.points, spec.options, spec.facts);
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

bool drawsBands(const FigureSpec& spec) {
  if (!spec.laws || !spec.options.fits || spec.laws->metric != spec.options.metric ||
      spec.laws->key != spec.options.series) {
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

std::vector<int> drawnPoints(const FigureSpec& spec) {
  std::vector<int> drawn = pointsOfGroups(spec);
  std::erase_if(drawn, [&](int i) {
    const LawPoint& p = (*spec.points)[static_cast<std::size_t>(i)];
    return spec.range && !spec.range->contains(p.totalBits, plotValue(p, spec.options.metric));
  });
  return drawn;
}

std::size_t shownPoints(const FigureSpec& spec) { return pointsOfGroups(spec).size(); }

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
  if (spec.options.errorBars && bars) note += Tr::tr("; bars: ±1 standard error");
  if (drawsBands(spec)) note += Tr::tr("; bands: 95 % interval of the law");
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
  std::set<std::string> sources;
  for (const int i : drawn) sources.insert(point(i).source);
  if (sources.size() == 1) {
    note += u"; "_s + Text::source(*sources.begin());
  }
  return note;
}

}  // namespace bitfrontier
