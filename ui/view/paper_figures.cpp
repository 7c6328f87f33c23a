// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/paper_figures.h"

#include <algorithm>
#include <cmath>
#include <QCoreApplication>
#include <set>
#include <string>

#include "ui/base/text.h"

namespace bitfrontier {
namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(PaperFigures)
};

/// How a figure looks at a store.
struct Look {
  int bits = 0;  ///< the only width beside 16 bit; 0: several
  std::string filter;
  SeriesKey series = SeriesKey::Bits;
  SplitBy split = SplitBy::Family;
};

bool isPythia(const LawPoint& p) {
  return Text::from(p.family).contains(QStringLiteral("pythia"), Qt::CaseInsensitive);
}

Look lookOf(int figure, std::span<const LawPoint> points) {
  switch (figure) {
    case 2:
      return {0, "bits:3,4,8,16", SeriesKey::Bits, SplitBy::Family};
    case 3: {  // of Pythia, where the store has it
      const bool pythia = std::any_of(points.begin(), points.end(), isPythia);
      return {4, pythia ? "family:pythia bits:4,16" : "bits:4,16", SeriesKey::DataType,
              SplitBy::BlockSize};
    }
    case 7:
      return {0, "bits:3-16", SeriesKey::Bits, SplitBy::Family};
    case 8:
      return {4, "bits:4,16", SeriesKey::BlockSize, SplitBy::Family};
    default:
      return {6, "bits:6,16", SeriesKey::BlockSize, SplitBy::Family};
  }
}

}  // namespace

std::vector<PaperFigure> paperFigures() {
  return {{2, Tr::tr("Figure &2: 3, 4, 8 and 16 bit by family")},
          {3, Tr::tr("Figure &3: data types at 4 bit by block size")},
          {7, Tr::tr("Figure &7: all widths from 3 to 16 bit by family")},
          {8, Tr::tr("Figure &8: block sizes at 4 bit by family")},
          {11, Tr::tr("Figure &11: block sizes at 6 bit by family")}};
}

QString missingFor(int figure, std::span<const LawPoint> points) {
  const Look look = lookOf(figure, points);
  std::set<int> widths;
  std::set<std::string> types;
  std::set<std::int64_t> blocks;
  for (const LawPoint& p : points) {
    if (!std::isfinite(p.accuracy)) continue;
    widths.insert(p.bits);
    if (p.bits != look.bits) continue;
    types.insert(p.dataType);
    blocks.insert(p.blockSize);
  }
  if (widths.empty()) return Tr::tr("The store has no accuracies.");
  if (look.bits == 0) {
    const auto low = std::count_if(widths.begin(), widths.end(),
                                   [](int bits) { return bits >= 3 && bits <= 16; });
    return low > 1 ? QString() : Tr::tr("The store has runs of only one bit width.");
  }
  if (!widths.contains(look.bits)) {
    return Tr::tr("The store has no runs at %1 bit.").arg(look.bits);
  }
  if (figure == 3) {
    return types.size() > 1 || blocks.size() > 1
               ? QString()
               : Tr::tr("The store has only one data type and block size at 4 bit.");
  }
  return blocks.size() > 1 ? QString()
                           : Tr::tr("The store has only one block size at %1 bit.").arg(look.bits);
}

ViewOptions paperOptions(int figure, const ViewOptions& now, std::span<const LawPoint> points) {
  const Look look = lookOf(figure, points);
  ViewOptions options = now;
  options.filter = look.filter;
  options.series = look.series;
  options.split = look.split;
  options.metric = LawMetric::Accuracy;
  options.x = XAxis::TotalBits;
  options.y = YAxis::Metric;
  options.xLog = true;
  options.yLog = false;
  options.task.clear();
  options.fits = false;  // the paper joins means by straight lines
  options.means = true;
  options.frontier = false;
  return options;
}

}  // namespace bitfrontier
