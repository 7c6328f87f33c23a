// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/decide/cell_posterior.h"

#include <algorithm>
#include <cmath>
#include <Eigen/Dense>
#include <limits>
#include <map>
#include <numbers>
#include <numeric>
#include <set>
#include <string>

#include "core/law/decide/format_guess.h"
#include "core/law/decide/law_mixture.h"

namespace bitfrontier {
namespace {

using Index = Eigen::Index;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Where a cell stands in a law: its model, its format and, when it was fitted, its row.
struct Place {
  std::size_t model = 0;  ///< of the law's models and, after them, those that it does not know
  std::optional<std::size_t> format;
  std::optional<std::size_t> row;
};

struct Places {
  std::vector<Place> cells;
  std::size_t models = 0;
};

Places placesIn(const LawPosterior& law, std::span<const DecisionCell> cells) {
  const JointFit& fit = law.fit();
  std::vector<Place> places(cells.size());
  std::map<std::string, std::size_t> modelOf;
  for (const std::string& model : law.models()) modelOf.emplace(model, modelOf.size());
  std::vector<std::optional<std::size_t>> rowOf;
  for (std::size_t r = 0; r < fit.points.size(); ++r) {
    const std::size_t point = fit.points[r].point;
    if (rowOf.size() <= point) rowOf.resize(point + 1);
    rowOf[point] = r;
  }
  for (std::size_t c = 0; c < cells.size(); ++c) {
    places[c].model = modelOf.emplace(cells[c].model, modelOf.size()).first->second;
    places[c].format = fit.findFormat(cells[c].format);
    const auto point = cells[c].point;
    if (point && *point < rowOf.size()) places[c].row = rowOf[*point];
  }
  return {std::move(places), modelOf.size()};
}

/// Cells of one guessed format.
struct GuessedFormat {
  double bits = 0;
  std::vector<std::size_t> cells;
};

std::vector<GuessedFormat> guessedFormats(const LawMixture& mixture,
                                          std::span<const DecisionCell> cells) {
  const std::vector<std::uint8_t> guessed = guessedCells(mixture, cells);
  std::map<std::string, GuessedFormat> formats;
  for (std::size_t c = 0; c < cells.size(); ++c) {
    if (guessed[c] == 0) continue;
    GuessedFormat& format = formats[cells[c].format];
    format.bits = cells[c].bits;
    format.cells.push_back(c);
  }
  std::vector<GuessedFormat> all;
  all.reserve(formats.size());
  for (auto& [name, format] : formats) all.push_back(std::move(format));
  return all;
}

/// One draw of the cells of a guessed format into `row`, which comes with what each cell's model
/// deviates by. Their measurement, if there is one, tells of the format first, then of the cell's
/// own deviation; errors count as independent of those of the law's points.
void drawGuessed(const GuessedFormat& format, std::span<const DecisionCell> cells,
                 const FormatGuess& guess, LawPosterior::Draw& draw, CounterRng& rng,
                 std::span<double> row) {
  const double own = draw.ownDeviation() * draw.ownDeviation();
  const auto noise = [&](std::size_t c) {
    return std::isfinite(cells[c].se) ? cells[c].se * cells[c].se : 0;
  };
  FormatGuess::Shift shift = guess.shift(format.bits, draw.parameters);
  for (const std::size_t c : format.cells) {
    if (!cells[c].point) continue;
    const auto at = [&](double x) {
      return guess.predict(cells[c].size, x, draw.parameters) + row[c];
    };
    const double slope = (at(shift.mean + shift.sd) - at(shift.mean - shift.sd)) / (2 * shift.sd);
    shift = shift.given(cells[c].value, at(shift.mean), slope, own + noise(c));
  }
  const double parameter = shift.mean + shift.sd * rng.normal();
  for (const std::size_t c : format.cells) {
    const double law = guess.predict(cells[c].size, parameter, draw.parameters) + row[c];
    if (!cells[c].point) {
      row[c] = law + draw.ownDeviation() * rng.normal();
      continue;
    }
    const double share = own > 0 ? own / (own + noise(c)) : 0;
    row[c] = law + share * (cells[c].value - law) + std::sqrt(share * noise(c)) * rng.normal();
  }
}

/// A cell of which only its measurement tells; NaN when it has none.
double measuredAlone(const DecisionCell& cell, CounterRng& rng) {
  if (!cell.point) return kNaN;
  return cell.value + (std::isfinite(cell.se) ? cell.se * rng.normal() : 0);
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

/// The cells that have a posterior, by their place k, and the covariance of their goodness.
class KnownCells {
 public:
  KnownCells(const Draws& goodness, const std::vector<double>& means) {
    for (std::size_t c = 0; c < goodness.n; ++c) {
      if (std::isfinite(means[c])) cells_.push_back(c);
    }
    Eigen::MatrixXd centred(static_cast<Index>(goodness.count), count());
    for (Index k = 0; k < count(); ++k) {
      for (std::size_t s = 0; s < goodness.count; ++s) {
        centred(static_cast<Index>(s), k) =
            goodness.values[s * goodness.n + cell(k)] - means[cell(k)];
      }
    }
    covariance_ = centred.transpose() * centred /
                  static_cast<double>(std::max<std::size_t>(goodness.count, 1));
  }

  Index count() const { return static_cast<Index>(cells_.size()); }
  std::size_t cell(Index k) const { return cells_[static_cast<std::size_t>(k)]; }
  double covariance(Index i, Index k) const { return covariance_(i, k); }

  /// Places of those that a budget admits.
  std::vector<Index> within(std::span<const double> costs, double budget) const {
    std::vector<Index> places;
    for (Index k = 0; k < count(); ++k) {
      if (costs[cell(k)] <= budget) places.push_back(k);
    }
    return places;
  }
  std::vector<std::size_t> cells(const std::vector<Index>& places) const {
    std::vector<std::size_t> all;
    all.reserve(places.size());
    for (const Index k : places) all.push_back(cell(k));
    return all;
  }

 private:
  std::vector<std::size_t> cells_;
  Eigen::MatrixXd covariance_;
};

/// Adds the choice among cells that fit a budget, and its regret, to the state.
void chooseAmong(const std::vector<std::size_t>& cells, const Draws& goodness,
                 std::span<const std::uint8_t> choosable, DecisionState& state) {
  std::optional<std::size_t> best;
  double most = -kInfinity;
  for (const std::size_t c : cells) {
    if (choosable[c] == 0 || !(state.means[c] > most)) continue;
    best = c;
    most = state.means[c];
  }
  state.choice.push_back(best);
  if (!best) {
    state.regret.push_back(kNaN);
    return;
  }
  const std::size_t chosen = *best;
  double regret = 0;
  for (std::size_t s = 0; s < goodness.count; ++s) {
    const auto row = goodness.row(s);
    double top = -kInfinity;
    for (const std::size_t c : cells) top = std::max(top, row[c]);
    regret += top - row[chosen];
  }
  state.regret.push_back(regret / static_cast<double>(goodness.count));
}

/// What a run of the cell at place `k` is worth at the budgets whose cells are `fits`.
ExperimentValue valueOfRun(Index k, const KnownCells& known,
                           const std::vector<std::vector<Index>>& fits,
                           std::span<const std::uint8_t> choosable, double noise,
                           const DecisionState& state) {
  const std::size_t c = known.cell(k);
  const double spread = std::sqrt(known.covariance(k, k) + noise);
  ExperimentValue value;
  value.cell = c;
  value.rival = c;
  double most = -1;
  for (std::size_t b = 0; b < fits.size(); ++b) {
    const std::optional<std::size_t> choice = state.choice[b];
    if (!choice && std::find(fits[b].begin(), fits[b].end(), k) == fits[b].end()) continue;
    // Lines mean + slope z of what could be chosen after the run; the cell itself, if it fits.
    std::vector<double> a, slope;
    std::vector<std::size_t> who;
    for (const Index i : fits[b]) {
      const std::size_t other = known.cell(i);
      if (choosable[other] == 0 && other != c) continue;
      who.push_back(other);
      a.push_back(state.means[other]);
      slope.push_back(spread > 0 ? known.covariance(i, k) / spread : 0);
    }
    if (who.empty()) continue;
    // Without a choice any is a gain; what it is worth is not known, so it counts as the spread.
    const double before = choice ? state.means[*choice] : state.means[c] - spread;
    const double gain = expectedMaximum(a, slope) - before;
    value.gain += gain / static_cast<double>(fits.size());
    if (gain <= most) continue;
    most = gain;
    value.budget = b;
    value.rival = nearestRival(a, slope, who, choice, c);
  }
  return value;
}

}  // namespace

std::vector<std::uint8_t> guessedCells(const LawMixture& mixture,
                                       std::span<const DecisionCell> cells) {
  std::vector<std::uint8_t> guessed(cells.size(), 0);
  if (mixture.empty()) return guessed;
  std::map<std::string, std::set<double>> sizesRun;
  for (const DecisionCell& cell : cells) {
    if (cell.point) sizesRun[cell.format].insert(cell.size);
  }
  const JointFit& fit = mixture.laws.front().fit();
  if (!FormatGuess(fit).possible()) return guessed;
  for (std::size_t c = 0; c < cells.size(); ++c) {
    const auto run = sizesRun.find(cells[c].format);
    const bool few = run == sizesRun.end() || run->second.size() < 2;
    guessed[c] = few && cells[c].bits > 0 && cells[c].size > 0 && !fit.findFormat(cells[c].format);
  }
  return guessed;
}

Draws cellDraws(const LawMixture& mixture, std::span<const DecisionCell> cells, std::size_t draws,
                std::uint64_t seed, const JobContext& job) {
  Draws all(draws, cells.size());
  std::vector<Places> places;
  places.reserve(mixture.laws.size());
  for (const LawPosterior& law : mixture.laws) places.push_back(placesIn(law, cells));
  const std::vector<GuessedFormat> guessed = guessedFormats(mixture, cells);
  for (std::size_t s = 0; s < draws; ++s) {
    job.throwIfCancelled();
    CounterRng rng(seed, s);
    const auto row = all.row(s);
    if (mixture.empty()) {
      for (std::size_t c = 0; c < cells.size(); ++c) row[c] = measuredAlone(cells[c], rng);
      continue;
    }
    const std::size_t index = mixture.lawOf(s, draws);
    const LawPosterior& law = mixture.laws[index];
    LawPosterior::Draw draw = law.draw(rng);
    LawPosterior::Deviations deviations = law.deviations(draw, rng);
    while (deviations.models.size() < places[index].models) {
      deviations.models.push_back(draw.sharedDeviation() * rng.normal());
    }
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const DecisionCell& cell = cells[c];
      const Place& at = places[index].cells[c];
      if (at.row) {
        const FittedPoint& p = law.fit().points[*at.row];
        row[c] = law.fit().predict(p.row, draw.parameters.data()) + deviations.points[*at.row];
      } else if (!cell.point && at.format && cell.size > 0) {
        const LawRow there = law.fit().row(*at.format, cell.size);
        row[c] = law.fit().predict(there, draw.parameters.data()) + deviations.models[at.model] +
                 draw.ownDeviation(*at.format, rng);
      } else {
        row[c] = measuredAlone(cell, rng);
      }
    }
    CounterRng own(~seed, s);
    const FormatGuess guess(law.fit());
    for (const GuessedFormat& format : guessed) {
      for (const std::size_t c : format.cells) {
        row[c] = deviations.models[places[index].cells[c].model];
      }
      drawGuessed(format, cells, guess, draw, own, row);
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
  DecisionState state;
  for (std::size_t c = 0; c < goodness.n; ++c) state.means.push_back(goodness.mean(c));
  const KnownCells known(goodness, state.means);
  std::vector<std::vector<Index>> fits;
  for (const double budget : budgets) {
    fits.push_back(known.within(costs, budget));
    chooseAmong(known.cells(fits.back()), goodness, choosable, state);
  }
  for (Index k = 0; k < known.count(); ++k) {
    if (unrun[known.cell(k)] == 0) continue;
    state.experiments.push_back(valueOfRun(k, known, fits, choosable, noise, state));
  }
  std::stable_sort(state.experiments.begin(), state.experiments.end(),
                   [](const auto& x, const auto& y) { return x.gain > y.gain; });
  return state;
}

}  // namespace bitfrontier
