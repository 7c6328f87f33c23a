// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/figure_preset.h"

#include <algorithm>
#include <map>
#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(FigurePreset)
};

const std::map<QString, QString>& otherNames() {
  static const std::map<QString, QString> names{{u"column"_s, u"icml"_s},
                                                {u"iclr"_s, u"neurips"_s},
                                                {u"text"_s, u"neurips"_s},
                                                {u"nature"_s, u"nature89"_s}};
  return names;
}

}  // namespace

// Widths of columns in the style files of the venues; Nature's in its guide for authors.
const std::vector<FigurePreset>& figurePresets() {
  static const std::vector<FigurePreset> presets{
      {u"icml"_s, Tr::tr("ICML, column (3.25 in)"), 234, 220, 8, false},
      {u"neurips"_s, Tr::tr("NeurIPS and ICLR, text width (5.5 in)"), 397, 250, 8, true},
      {u"acl"_s, Tr::tr("ACL, column (7.7 cm)"), 219, 240, 8, false},
      {u"ieee"_s, Tr::tr("IEEE, column (3.5 in)"), 252, 220, 8, false},
      {u"nature89"_s, Tr::tr("Nature, one column (89 mm)"), 252, 200, 7, false},
      {u"nature183"_s, Tr::tr("Nature, two columns (183 mm)"), 519, 280, 7, true},
      {u"slide"_s, Tr::tr("Slide, 16:9"), 960, 540, 18, true},
      {u"poster"_s, Tr::tr("Poster (30 × 20 cm)"), 850, 567, 20, true},
      {u"screen"_s, Tr::tr("Screen"), 900, 560, 12, true}};
  return presets;
}

std::optional<FigurePreset> findPreset(const QString& id) {
  const auto other = otherNames().find(id);
  const QString& name = other == otherNames().end() ? id : other->second;
  const auto& presets = figurePresets();
  const auto it = std::find_if(presets.begin(), presets.end(),
                               [&](const FigurePreset& p) { return p.id == name; });
  return it == presets.end() ? std::nullopt : std::optional<FigurePreset>(*it);
}

QStringList presetNames() {
  QStringList names;
  for (const FigurePreset& p : figurePresets()) names << p.id;
  for (const auto& [name, preset] : otherNames()) names << name;
  return names;
}

}  // namespace bitfrontier
