// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/figure_preset.h"

#include <algorithm>
#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(FigurePreset)
};

}  // namespace

const std::vector<FigurePreset>& figurePresets() {
  using Place = FrontierPlot::LegendPlacement;
  static const std::vector<FigurePreset> presets{
      {u"column"_s, Tr::tr("Paper column, ICML (234 pt)"), 234, 220, 7, Place::Bottom, false},
      {u"text"_s, Tr::tr("Text width, NeurIPS/ICLR (397 pt)"), 397, 250, 8, Place::Right, true},
      {u"acl"_s, Tr::tr("Paper column, ACL (219 pt)"), 219, 210, 7, Place::Bottom, false},
      {u"ieee"_s, Tr::tr("Paper column, IEEE (252 pt)"), 252, 222, 7, Place::Bottom, false},
      {u"slide"_s, Tr::tr("Slide 16:9 (960 × 540 pt)"), 960, 540, 18, Place::Right, true},
      {u"screen"_s, Tr::tr("Screen (900 × 560 pt)"), 900, 560, 12, Place::Right, true}};
  return presets;
}

std::optional<FigurePreset> findPreset(const QString& id) {
  const QString name = id == "icml"_L1 ? u"column"_s : id;
  const auto& presets = figurePresets();
  const auto it = std::find_if(presets.begin(), presets.end(),
                               [&](const FigurePreset& p) { return p.id == name; });
  return it == presets.end() ? std::nullopt : std::optional<FigurePreset>(*it);
}

}  // namespace bitfrontier
