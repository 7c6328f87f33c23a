// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/figure_lint.h"

#include <algorithm>
#include <cmath>
#include <QCoreApplication>
#include <QFontMetricsF>
#include <set>

#include "ui/base/colour_vision.h"
#include "ui/base/text.h"
#include "ui/export/figure_parts.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(FigureLint)
};

using Kind = LintRemark::Kind;
using Remarks = std::vector<LintRemark>;

void lintText(const FigureSpec& spec, Remarks& remarks) {
  if (spec.look.preset.font >= kSmallText) return;
  remarks.push_back({Kind::SmallText,
                     Tr::tr("The text is only %1 pt high.").arg(spec.look.preset.font),
                     Tr::tr("Choose at least %1 pt.").arg(kSmallText)});
}

/// Series that a text in the plot names need no colour to be told apart.
std::set<int> namedValues(const PlotScene& scene, const FigureParts& parts) {
  std::set<int> named;
  for (const FigureLabel& label : parts.labels) {
    const auto at = std::find(scene.values.begin(), scene.values.end(), label.text);
    if (at != scene.values.end()) named.insert(static_cast<int>(at - scene.values.begin()));
  }
  return named;
}

// One remark for each way of seeing, about the two colours that are nearest to each other.
void lintColours(const FigureSpec& spec, const FigureParts& parts, Remarks& remarks) {
  const PlotScene scene = sceneOf(spec);
  std::set<int> shown;
  for (const PlotGroup& group : scene.groups) {
    if (spec.visibility.shows(scene, group)) shown.insert(group.value);
  }
  const std::set<int> named = namedValues(scene, parts);
  for (const Vision vision : kVisions) {
    double nearest = kAlike;
    int one = -1, other = -1;
    const auto colour = [&](int value) {
      return labOf(seenWith(vision, valueColor(scene, static_cast<std::size_t>(value),
                                               spec.options.series, parts.style)));
    };
    for (const int a : shown) {
      for (const int b : shown) {
        if (a >= b || (named.contains(a) && named.contains(b))) continue;
        const double difference = deltaE2000(colour(a), colour(b));
        if (difference < nearest) nearest = difference, one = a, other = b;
      }
    }
    if (one < 0) continue;
    remarks.push_back({Kind::AlikeColours,
                       Tr::tr("%1 and %2 look alike in %3.")
                           .arg(scene.values[static_cast<std::size_t>(one)],
                                scene.values[static_cast<std::size_t>(other)], visionName(vision)),
                       Tr::tr("Show labels, choose another palette, or hide one of the two.")});
  }
}

void lintUnits(const FigureParts& parts, Remarks& remarks) {
  // A count is its own unit.
  const QStringList counts{Tr::tr("bits"), Tr::tr("bytes"), Tr::tr("parameters"), Tr::tr("tokens")};
  for (const FigureAxis* axis : {&parts.x, &parts.y}) {
    const QString& label = axis->label;
    const bool counted = std::any_of(counts.begin(), counts.end(), [&](const QString& unit) {
      return label.contains(unit, Qt::CaseInsensitive);
    });
    const bool named = label.contains(u'(') || label.contains(u'（');
    if (counted || named) continue;
    remarks.push_back({Kind::NoUnit,
                       label.isEmpty() ? Tr::tr("An axis has no title.")
                                       : Tr::tr("The axis “%1” has no unit.").arg(label),
                       Tr::tr("Put the unit in parentheses behind the title.")});
  }
}

void lintPoints(const FigureSpec& spec, Remarks& remarks) {
  const std::vector<int> drawn = drawnPoints(spec);
  std::set<std::int64_t> limits;
  std::set<int> tasks;
  std::set<std::string> versions;
  for (const int i : drawn) {
    const LawPoint& p = (*spec.points)[static_cast<std::size_t>(i)];
    limits.insert(p.itemLimit);
    if (spec.options.metric == LawMetric::Accuracy) tasks.insert(p.accuracyTasks);
    if (!p.published() && !p.evaluator.empty()) versions.insert(p.evaluator);
  }
  if (limits.size() > 1 || tasks.size() > 1) {
    remarks.push_back({Kind::UnequalItems,
                       limits.size() > 1 ? Tr::tr("Points rest on different numbers of items.")
                                         : Tr::tr("Points rest on different numbers of tasks."),
                       Tr::tr("Filter for one of them, or say so in the caption.")});
  }
  const std::size_t all = shownPoints(spec);
  if (drawn.size() < all) {
    remarks.push_back({Kind::Truncated,
                       Tr::tr("The axes cut off %1 of %2 points.").arg(all - drawn.size()).arg(all),
                       Tr::tr("Export all points, or keep the note, which says so.")});
  }
  if (versions.size() > 1 || versions.contains("mixed")) {
    remarks.push_back({Kind::MixedVersions,
                       Tr::tr("Points were scored by different versions of the evaluator."),
                       Tr::tr("Run the older ones again, or filter them out.")});
  }
}

// Whether two labels of the axis are nearer than half a letter; `length` is that of the axis.
bool overlap(const FigureAxis& axis, const QFontMetricsF& font, double length, bool across) {
  double end = -1e9;
  for (const FigureTick& tick : axis.ticks) {
    if (tick.label.isEmpty()) continue;
    const double share = axis.log ? std::log(tick.value / axis.low) / std::log(axis.high / axis.low)
                                  : (tick.value - axis.low) / (axis.high - axis.low);
    const double half = across ? font.horizontalAdvance(tick.label) / 2
                               : font.tightBoundingRect(tick.label).height() / 2;
    if (share * length - half < end + (across ? font.averageCharWidth() / 2 : 0)) return true;
    end = share * length + half;
  }
  return false;
}

void lintRoom(const FigureParts& parts, Remarks& remarks) {
  const QFontMetricsF font(parts.style.font);
  const double width = parts.axes.width(), height = parts.axes.height();
  if (overlap(parts.x, font, width, true) || overlap(parts.top, font, width, true) ||
      overlap(parts.y, font, height, false)) {
    remarks.push_back({Kind::OverlappingLabels, Tr::tr("Numbers at an axis overlap."),
                       Tr::tr("Choose a larger figure or smaller text.")});
  }
  const bool wide = font.horizontalAdvance(parts.x.label) > parts.size.width();
  const bool high = font.horizontalAdvance(parts.y.label) > parts.size.height();
  if (wide || high) {
    remarks.push_back({Kind::LongTitle,
                       Tr::tr("The title “%1” is longer than the figure.")
                           .arg(wide ? parts.x.label : parts.y.label),
                       Tr::tr("Shorten it, or choose smaller text.")});
  }
  if (parts.missingEntries > 0) {
    remarks.push_back(
        {Kind::LegendCut,
         Tr::tr("The legend has no room for %1 of its entries.").arg(parts.missingEntries),
         Tr::tr("Choose a larger figure, or show fewer series.")});
  }
}

void lintFont(const FigureSpec& spec, const FigureParts& parts, Remarks& remarks) {
  const QString family = parts.style.font.family();
  if (spec.look.font.isEmpty() || family.compare(spec.look.font, Qt::CaseInsensitive) == 0) return;
  remarks.push_back({Kind::OtherFont,
                     Tr::tr("The font %1 is not here; %2 is used.").arg(spec.look.font, family),
                     Tr::tr("Install it, or choose another.")});
}

}  // namespace

std::vector<LintRemark> lintFigure(const FigureSpec& spec) {
  Remarks remarks;
  const FigureParts parts = figureParts(spec);
  lintText(spec, remarks);
  lintColours(spec, parts, remarks);
  lintUnits(parts, remarks);
  lintPoints(spec, remarks);
  lintRoom(parts, remarks);
  lintFont(spec, parts, remarks);
  return remarks;
}

}  // namespace bitfrontier
