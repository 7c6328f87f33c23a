// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/cell_posterior.h"

#include <algorithm>
#include <cmath>
#include <Eigen/Dense>
#include <limits>
#include <numbers>
#include <numeric>

namespace bitfrontier {
namespace {

using Index = Eigen::Index;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Where a cell stands in a law: its format and, when it was fitted, its row.
struct Place {
  std::optional<std::size_t> format;
  std::optional<std::size_t> row;
};

std::vector<Place> placesIn(const JointFit& fit, std::span<const DecisionCell> cells) {
  std::vector<Place> places(cells.size());
  std::vector<std::optional<std::size_t>> rowOf;
  for (std::size_t r = 0; r < fit.points.size(); ++r) {
    const std::size_t point = fit.points[r].point;
    if (rowOf.size() <= point) rowOf.resize(point + 1);
    rowOf[point] = r;
  }
  for (std::size_t c = 0; c < cells.size(); ++c) {
    places[c].format = fit.findFormat(cells[c].format);
    const auto point = cells[c].point;
    if (point && *point < rowOf.size()) places[c].row = rowOf[*point];
  }
  return places;
}

double normalDensity(double x) { return std::exp(-0.5 * x * x) / std::sqrt(2 * std::numbers::pi); }
double normalBelow(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

/// E[max(0, -x + Z)] for x >= 0 without cancellation.
double excess(double x) { return normalDensity(x) - x * normalBelow(-x); }

/// The cell that overtakes the choice first as the outcome moves away from what is expected.
std::size_t nearestRival(const std::vector<double>& a, const std::vector<double>& slope,
                         const std::vector<std::size_t>& who, std::optional<std::size_t> choice,
                         std::size_t run) {
  const auto chosen = choice ? std::find(who.begin(), who.end(), *choice) : who.end();
  if (chosen == who.end()) return run;
  const auto at = static_cast<std::size_t>(chosen - who.begin());
  std::size_t rival = run;
  double nearest = kInfinity;
  for (std::size_t i = 0; i < who.size(); ++i) {
    if (i == at) continue;
    const double distance = (a[at] - a[i]) / std::abs(slope[i] - slope[at]);
    if (distance < nearest) {
      nearest = distance;
      rival = who[i];
    }
  }
  return rival;
}

}  // namespace

Draws cellDraws(const LawMixture& mixture, std::span<const DecisionCell> cells, std::size_t draws,
                std::uint64_t seed) {
  Draws all(draws, cells.size());
  std::vector<std::vector<Place>> places;
  for (const LawPosterior& law : mixture.laws) places.push_back(placesIn(law.fit(), cells));
  for (std::size_t s = 0; s < draws; ++s) {
    CounterRng rng(seed, s);
    const auto row = all.row(s);
    LawPosterior::Draw draw;
    std::vector<double> deviations;
    const LawPosterior* law = nullptr;
    const std::vector<Place>* place = nullptr;
    if (!mixture.empty()) {
      const std::size_t index = mixture.lawOf(s, draws);
      law = &mixture.laws[index];
      place = &places[index];
      draw = law->draw(rng);
      deviations = law->deviations(draw, rng);
    }
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const DecisionCell& cell = cells[c];
      if (law != nullptr && (*place)[c].row) {
        const FittedPoint& p = law->fit().points[*(*place)[c].row];
        row[c] = law->fit().predict(p.row, draw.parameters.data()) + deviations[*(*place)[c].row];
      } else if (cell.point) {
        row[c] = cell.value + (std::isfinite(cell.se) ? cell.se * rng.normal() : 0);
      } else if (law != nullptr && (*place)[c].format && cell.size > 0) {
        const LawRow at = law->fit().row(*(*place)[c].format, cell.size);
        row[c] = law->fit().predict(at, draw.parameters.data()) + draw.tau * rng.normal();
      } else {
        row[c] = kNaN;
      }
    }
  }
  return all;
}

double expectedMaximum(std::span<const double> a, std::span<const double> b) {
  if (a.empty()) return -kInfinity;
  std::vector<std::size_t> order(a.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t i, std::size_t k) { return b[i] != b[k] ? b[i] < b[k] : a[i] < a[k]; });
  // Upper envelope of the lines a + b z from left to right; `from` is where each begins.
  std::vector<std::size_t> envelope;
  std::vector<double> from;
  for (const std::size_t i : order) {
    if (!envelope.empty() && b[envelope.back()] == b[i]) {
      envelope.pop_back();  // parallel and not above
      from.pop_back();
    }
    double begin = -kInfinity;
    while (!envelope.empty()) {
      const std::size_t last = envelope.back();
      begin = (a[last] - a[i]) / (b[i] - b[last]);
      if (begin > from.back()) break;
      envelope.pop_back();
      from.pop_back();
      begin = -kInfinity;
    }
    envelope.push_back(i);
    from.push_back(begin);
  }
  const std::size_t best =
      static_cast<std::size_t>(std::max_element(a.begin(), a.end()) - a.begin());
  double rise = 0;
  for (std::size_t e = 1; e < envelope.size(); ++e) {
    rise += (b[envelope[e]] - b[envelope[e - 1]]) * excess(std::abs(from[e]));
  }
  return a[best] + rise;
}

double DecisionState::meanRegret() const {
  double sum = 0;
  int n = 0;
  for (std::size_t i = 0; i < regret.size(); ++i) {
    if (!choice[i]) continue;
    sum += regret[i];
    ++n;
  }
  return n > 0 ? sum / n : kNaN;
}

DecisionState evaluateDecision(const Draws& goodness, std::span<const double> costs,
                               std::span<const double> budgets, std::span<const std::uint8_t> unrun,
                               std::span<const std::uint8_t> choosable, double noise) {
  const std::size_t m = goodness.n;
  DecisionState state;
  std::vector<bool> known(m);
  std::vector<std::size_t> columns;  // cells with a posterior
  for (std::size_t c = 0; c < m; ++c) {
    state.means.push_back(goodness.mean(c));
    known[c] = std::isfinite(state.means[c]);
    if (known[c]) columns.push_back(c);
  }
  const auto n = static_cast<Index>(columns.size());
  Eigen::MatrixXd centred(static_cast<Index>(goodness.count), n);
  for (Index k = 0; k < n; ++k) {
    const std::size_t c = columns[static_cast<std::size_t>(k)];
    for (std::size_t s = 0; s < goodness.count; ++s) {
      centred(static_cast<Index>(s), k) = goodness.values[s * m + c] - state.means[c];
    }
  }
  const Eigen::MatrixXd covariance =
      centred.transpose() * centred / static_cast<double>(std::max<std::size_t>(goodness.count, 1));

  std::vector<std::vector<Index>> fits(budgets.size());
  for (std::size_t b = 0; b < budgets.size(); ++b) {
    std::optional<std::size_t> best;
    for (Index k = 0; k < n; ++k) {
      const std::size_t c = columns[static_cast<std::size_t>(k)];
      if (!(costs[c] <= budgets[b])) continue;
      fits[b].push_back(k);
      if (choosable[c] != 0 && (!best || state.means[c] > state.means[*best])) best = c;
    }
    state.choice.push_back(best);
    double regret = 0;
    for (std::size_t s = 0; s < goodness.count && best; ++s) {
      const auto row = goodness.row(s);
      double top = -kInfinity;
      for (const Index k : fits[b]) top = std::max(top, row[columns[static_cast<std::size_t>(k)]]);
      regret += top - row[*best];
    }
    state.regret.push_back(best ? regret / static_cast<double>(goodness.count) : kNaN);
  }

  for (Index k = 0; k < n; ++k) {
    const std::size_t c = columns[static_cast<std::size_t>(k)];
    if (unrun[c] == 0) continue;
    const double spread = std::sqrt(covariance(k, k) + noise);
    ExperimentValue value;
    value.cell = c;
    value.rival = c;
    double most = -1;
    for (std::size_t b = 0; b < budgets.size(); ++b) {
      if (std::find(fits[b].begin(), fits[b].end(), k) == fits[b].end() && !state.choice[b]) {
        continue;
      }
      // Lines mean + slope z of what could be chosen after the run; the cell itself, if it fits.
      std::vector<double> a, slope;
      std::vector<std::size_t> who;
      for (const Index i : fits[b]) {
        const std::size_t other = columns[static_cast<std::size_t>(i)];
        if (choosable[other] == 0 && other != c) continue;
        who.push_back(other);
        a.push_back(state.means[other]);
        slope.push_back(spread > 0 ? covariance(i, k) / spread : 0);
      }
      if (who.empty()) continue;
      // Without a choice any is a gain; what it is worth is not known, so it counts as the spread.
      const double before =
          state.choice[b] ? state.means[*state.choice[b]] : state.means[c] - spread;
      const double gain = expectedMaximum(a, slope) - before;
      value.gain += gain / static_cast<double>(budgets.size());
      if (gain <= most) continue;
      most = gain;
      value.budget = b;
      value.rival = nearestRival(a, slope, who, state.choice[b], c);
    }
    state.experiments.push_back(value);
  }
  std::stable_sort(state.experiments.begin(), state.experiments.end(),
                   [](const auto& x, const auto& y) { return x.gain > y.gain; });
  return state;
}

}  // namespace bitfrontier
