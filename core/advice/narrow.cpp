// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/narrow.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <utility>

namespace bitfrontier {
namespace {

constexpr double kNothing = -std::numeric_limits<double>::infinity();

/// The best measured value of each format among cells that fit, and its number of cells.
struct Format {
  double best = kNothing;
  std::size_t cells = 0;
};
using Formats = std::map<std::string, Format>;

double bestOf(const Formats& formats) {
  double best = kNothing;
  for (const auto& [name, format] : formats) best = std::max(best, format.best);
  return best;
}

/// Names of the formats with the best values that have at most `most` cells, but at least one.
std::set<std::string> bestFormats(const Formats& formats, std::size_t most) {
  std::vector<std::pair<double, std::string>> order;
  for (const auto& [name, format] : formats) order.emplace_back(-format.best, name);
  std::sort(order.begin(), order.end());
  std::set<std::string> kept;
  std::size_t cells = 0;
  for (const auto& [value, name] : order) {
    cells += formats.at(name).cells;
    if (!kept.empty() && cells > most) break;
    kept.insert(name);
  }
  return kept;
}

/// Keeps the cells and points of some formats; what is known by index follows.
void keepFormats(FamilyRuns& family, const std::set<std::string>& formats) {
  std::vector<std::size_t> rows;
  std::map<std::size_t, std::size_t> place;
  std::vector<FamilyCell> cells;
  for (FamilyCell& cell : family.cells) {
    if (!formats.contains(cell.config)) continue;
    if (cell.point) {
      place[*cell.point] = rows.size();
      rows.push_back(*cell.point);
      cell.point.emplace(rows.size() - 1);
    }
    cells.push_back(std::move(cell));
  }
  std::vector<LawPoint> points;
  for (const std::size_t row : rows) points.push_back(std::move(family.points[row]));
  family.cells = std::move(cells);
  family.points = std::move(points);
  if (family.items) family.items = family.items->subset(rows);
  if (family.covariance) family.covariance = family.items->covariance();
}

}  // namespace

std::string narrowFamilies(std::vector<FamilyRuns>& families, LawMetric metric, std::size_t most,
                           const std::function<bool(const FamilyRuns&, std::size_t cell)>& fits) {
  std::size_t all = 0;
  for (const FamilyRuns& family : families) all += family.cells.size();
  if (all <= most) return {};
  std::vector<Formats> formats(families.size());
  for (std::size_t f = 0; f < families.size(); ++f) {
    const FamilyRuns& family = families[f];
    for (std::size_t c = 0; c < family.cells.size(); ++c) {
      const FamilyCell& cell = family.cells[c];
      Format& format = formats[f][cell.config];
      ++format.cells;
      if (!cell.point || !fits(family, c)) continue;
      const double value = metricOf(family.points[*cell.point], metric);
      format.best = std::max(format.best, metric == LawMetric::Accuracy ? value : -value);
    }
  }
  std::vector<std::size_t> order(families.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return bestOf(formats[a]) > bestOf(formats[b]);
  });
  std::vector<FamilyRuns> kept;
  std::size_t cells = 0;
  for (const std::size_t f : order) {
    const std::size_t own = families[f].cells.size();
    if (!kept.empty() && cells + own > most) break;
    if (own > most) keepFormats(families[f], bestFormats(formats[f], most));
    cells += families[f].cells.size();
    kept.push_back(std::move(families[f]));
  }
  const std::size_t before = families.size();
  families = std::move(kept);
  const std::string what = before > families.size()
                               ? fmt::format("{} of {} families", families.size(), before)
                               : fmt::format("{} of {} combinations", cells, all);
  return fmt::format(
      "the {} whose measured cells that fit are best are considered, as all would take long; "
      "--family and --types choose others",
      what);
}

}  // namespace bitfrontier
