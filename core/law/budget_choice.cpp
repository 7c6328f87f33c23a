// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/budget_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double goodness(LawMetric metric, double value) {
  return metric == LawMetric::Accuracy ? value : -value;
}

bool covers(const FormatCurve& curve, double totalBits) {
  constexpr double kRounding = 1e-9;
  return totalBits >= curve.minBits * (1 - kRounding) &&
         totalBits <= curve.maxBits * (1 + kRounding);
}

/// Means of the points at each distinct size of a format, as in piecewiseLinear().
struct Polyline {
  std::vector<double> log2Bits;
  std::vector<std::vector<std::size_t>> members;  ///< points averaged at each place
};

double along(const Polyline& line, double x, const std::function<double(std::size_t)>& at) {
  const auto value = [&](std::size_t i) {
    double sum = 0;
    for (const std::size_t member : line.members[i]) sum += at(member);
    return sum / static_cast<double>(line.members[i].size());
  };
  const auto right = std::lower_bound(line.log2Bits.begin(), line.log2Bits.end(), x);
  if (right == line.log2Bits.end()) return value(line.log2Bits.size() - 1);
  const auto i = static_cast<std::size_t>(right - line.log2Bits.begin());
  if (i == 0 || *right == x) return value(i);
  const double t = (x - line.log2Bits[i - 1]) / (line.log2Bits[i] - line.log2Bits[i - 1]);
  return (1 - t) * value(i - 1) + t * value(i);
}

}  // namespace

FormatCurves lawCurves(const LawMixture& mixture, std::size_t draws, std::uint64_t seed) {
  if (mixture.empty()) throw Error(ErrorKind::InvalidArgument, "there is no law to choose by");
  struct Drawn {
    const LawMixture* mixture = nullptr;
    std::vector<std::size_t> law;
    std::vector<std::vector<double>> parameters;
  };
  auto drawn = std::make_shared<Drawn>();
  drawn->mixture = &mixture;
  for (std::size_t s = 0; s < draws; ++s) {
    CounterRng rng(seed, s);
    drawn->law.push_back(mixture.lawOf(s, draws));
    drawn->parameters.push_back(mixture.laws[drawn->law.back()].draw(rng).parameters);
  }
  const JointFit& first = mixture.laws.front().fit();
  FormatCurves curves;
  curves.metric = first.context.metric;
  curves.draws = draws;
  for (std::size_t f = 0; f < first.context.formats.size(); ++f) {
    const LawFormat& format = first.context.formats[f];
    FormatCurve curve{format.label, static_cast<int>(std::lround(format.bits)), kInfinity, 0};
    for (const FittedPoint& p : first.points) {
      if (p.row.format != f || !(p.totalBits > 0)) continue;
      curve.minBits = std::min(curve.minBits, p.totalBits);
      curve.maxBits = std::max(curve.maxBits, p.totalBits);
    }
    curves.formats.push_back(curve);
  }
  curves.value = [&mixture](std::size_t format, double totalBits) {
    double value = 0;
    for (std::size_t i = 0; i < mixture.laws.size(); ++i) {
      const JointFit& fit = mixture.laws[i].fit();
      value +=
          mixture.weights[i] * fit.predict(fit.row(format, fit.sizeForBits(format, totalBits)));
    }
    return value;
  };
  curves.drawn = [drawn](std::size_t format, double totalBits, std::span<double> out) {
    std::vector<LawRow> rows;
    for (const LawPosterior& law : drawn->mixture->laws) {
      rows.push_back(law.fit().row(format, law.fit().sizeForBits(format, totalBits)));
    }
    for (std::size_t s = 0; s < out.size(); ++s) {
      const std::size_t law = drawn->law[s];
      out[s] = drawn->mixture->laws[law].fit().predict(rows[law], drawn->parameters[s].data());
    }
  };
  return curves;
}

FormatCurves interpolatedCurves(std::span<const LawPoint> points, LawMetric metric, SeriesKey key,
                                Draws draws) {
  if (draws.n != points.size()) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("draws of {} points for {} points", draws.n, points.size()));
  }
  std::map<std::string, std::map<double, std::vector<std::size_t>>> groups;
  std::map<std::string, int> bits;
  std::vector<double> values;
  for (std::size_t i = 0; i < points.size(); ++i) {
    values.push_back(metricOf(points[i], metric));
    if (!std::isfinite(values[i]) || !std::isfinite(points[i].totalBits) ||
        !(points[i].totalBits > 0)) {
      continue;
    }
    const std::string label = seriesLabel(points[i], key);
    groups[label][std::log2(points[i].totalBits)].push_back(i);
    bits[label] = std::max(bits[label], points[i].bits);
  }
  struct Known {
    std::vector<Polyline> lines;
    std::vector<double> values;
    Draws draws;
  };
  auto known = std::make_shared<Known>(Known{{}, std::move(values), std::move(draws)});
  FormatCurves curves;
  curves.metric = metric;
  curves.draws = known->draws.count;
  std::vector<std::pair<FormatCurve, Polyline>> order;
  for (const auto& [label, places] : groups) {
    if (places.size() < 2) continue;  // a point is no curve
    Polyline line;
    for (const auto& [x, members] : places) {
      line.log2Bits.push_back(x);
      line.members.push_back(members);
    }
    order.emplace_back(FormatCurve{label, bits[label], std::exp2(line.log2Bits.front()),
                                   std::exp2(line.log2Bits.back())},
                       std::move(line));
  }
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.first.bits > b.first.bits; });
  for (auto& [curve, line] : order) {
    curves.formats.push_back(curve);
    known->lines.push_back(std::move(line));
  }
  curves.value = [known](std::size_t format, double totalBits) {
    return along(known->lines[format], std::log2(totalBits),
                 [&](std::size_t i) { return known->values[i]; });
  };
  curves.drawn = [known](std::size_t format, double totalBits, std::span<double> out) {
    for (std::size_t s = 0; s < out.size(); ++s) {
      const auto row = known->draws.row(s);
      out[s] =
          along(known->lines[format], std::log2(totalBits), [&](std::size_t i) { return row[i]; });
    }
  };
  return curves;
}

std::string_view verdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::Optimal:
      return "optimal";
    case Verdict::Probably:
      return "probably";
    case Verdict::Undecided:
      return "undecided";
    case Verdict::OnlyMeasured:
      return "only measured";
    case Verdict::Nothing:
      return "nothing measured";
  }
  return "undecided";
}

Verdict verdictOf(double probability, std::size_t candidates) {
  if (candidates == 0) return Verdict::Nothing;
  if (candidates == 1) return Verdict::OnlyMeasured;
  if (probability >= 0.95) return Verdict::Optimal;
  return probability >= 0.75 ? Verdict::Probably : Verdict::Undecided;
}

std::vector<BudgetChoice> chooseFormats(const FormatCurves& curves,
                                        std::span<const double> budgets) {
  std::vector<BudgetChoice> choices;
  for (const double totalBits : budgets) {
    BudgetChoice choice;
    choice.totalBits = totalBits;
    for (std::size_t f = 0; f < curves.formats.size(); ++f) {
      if (covers(curves.formats[f], totalBits)) {
        choice.formats.push_back({f, curves.value(f, totalBits), 0, 0});
      }
    }
    const std::size_t n = choice.formats.size();
    std::vector<std::vector<double>> drawn(n, std::vector<double>(curves.draws));
    for (std::size_t i = 0; i < n; ++i) {
      curves.drawn(choice.formats[i].format, totalBits, drawn[i]);
    }
    const auto draws = static_cast<double>(curves.draws);
    for (std::size_t s = 0; s < curves.draws && n > 0; ++s) {
      double top = -kInfinity;
      std::size_t ties = 0;
      for (std::size_t i = 0; i < n; ++i) {
        const double good = goodness(curves.metric, drawn[i][s]);
        ties = good > top ? 1 : ties + (good == top ? 1 : 0);
        top = std::max(top, good);
      }
      for (std::size_t i = 0; i < n; ++i) {
        const double good = goodness(curves.metric, drawn[i][s]);
        if (good == top) choice.formats[i].probability += 1 / (static_cast<double>(ties) * draws);
        choice.formats[i].loss += (top - good) / draws;
      }
    }
    if (n > 0) {
      const auto best = std::max_element(
          choice.formats.begin(), choice.formats.end(), [&](const auto& a, const auto& b) {
            return goodness(curves.metric, a.value) < goodness(curves.metric, b.value);
          });
      choice.best = best->format;
      choice.verdict = verdictOf(best->probability, n);
      std::stable_sort(choice.formats.begin(), choice.formats.end(),
                       [&](const FormatChance& a, const FormatChance& b) {
                         return a.probability > b.probability;
                       });
    }
    choices.push_back(std::move(choice));
  }
  return choices;
}

BudgetChoice byBits(const BudgetChoice& choice, const FormatCurves& curves) {
  BudgetChoice grouped;
  grouped.totalBits = choice.totalBits;
  std::map<int, FormatChance, std::greater<>> byWidth;
  for (const FormatChance& f : choice.formats) {
    const int k = curves.formats[f.format].bits;
    const auto [it, added] = byWidth.try_emplace(k, f);
    FormatChance& sum = it->second;
    sum.format = static_cast<std::size_t>(k);
    if (added) continue;
    sum.probability += f.probability;
    sum.loss = std::min(sum.loss, f.loss);
    if (goodness(curves.metric, f.value) > goodness(curves.metric, sum.value)) sum.value = f.value;
  }
  double top = -kInfinity, probability = 0;
  for (const auto& [k, f] : byWidth) {
    grouped.formats.push_back(f);
    if (goodness(curves.metric, f.value) > top) {
      top = goodness(curves.metric, f.value);
      grouped.best = f.format;
      probability = f.probability;
    }
  }
  grouped.verdict = verdictOf(probability, grouped.formats.size());
  std::stable_sort(grouped.formats.begin(), grouped.formats.end(),
                   [](const auto& a, const auto& b) { return a.probability > b.probability; });
  return grouped;
}

std::vector<double> budgetGrid(const FormatCurves& curves, int perOctave) {
  double low = kInfinity, high = 0;
  for (const FormatCurve& curve : curves.formats) {
    low = std::min(low, curve.minBits);
    high = std::max(high, curve.maxBits);
  }
  std::vector<double> budgets;
  if (!(high > 0)) return budgets;
  const auto first = static_cast<long>(std::ceil(std::log2(low) * perOctave - 1e-9));
  const auto last = static_cast<long>(std::floor(std::log2(high) * perOctave + 1e-9));
  for (long i = first; i <= last; ++i) {
    budgets.push_back(std::exp2(static_cast<double>(i) / perOctave));
  }
  return budgets;
}

std::vector<OptimalRange> optimalRanges(std::span<const BudgetChoice> choices) {
  std::vector<OptimalRange> ranges;
  bool open = false;
  for (const BudgetChoice& choice : choices) {
    if (!choice.contested()) {
      open = false;
      continue;
    }
    double probability = 0;
    for (const FormatChance& f : choice.formats) {
      if (f.format == choice.best) probability = f.probability;
    }
    if (!open || ranges.back().best != choice.best || ranges.back().verdict != choice.verdict) {
      ranges.push_back(
          {choice.best, choice.totalBits, choice.totalBits, probability, choice.verdict});
      open = true;
    }
    ranges.back().toBits = choice.totalBits;
    ranges.back().lowest = std::min(ranges.back().lowest, probability);
  }
  return ranges;
}

std::vector<Crossing> crossings(const FormatCurves& curves, std::span<const BudgetChoice> choices) {
  std::set<std::pair<std::size_t, std::size_t>> pairs;
  const BudgetChoice* before = nullptr;
  for (const BudgetChoice& choice : choices) {
    if (!choice.contested()) continue;
    if (before != nullptr && before->best != choice.best) pairs.emplace(before->best, choice.best);
    before = &choice;
  }
  std::vector<Crossing> all;
  for (const auto& [a, b] : pairs) {
    // The curves reach a factor of two beyond what both formats are measured at.
    const FormatCurve &ca = curves.formats[a], &cb = curves.formats[b];
    const double low = std::log2(std::max(ca.minBits, cb.minBits)) - 1;
    const double high = std::log2(std::min(ca.maxBits, cb.maxBits)) + 1;
    if (!(high > low)) continue;
    constexpr int kSteps = 160;
    std::vector<std::vector<double>> lead(kSteps + 1, std::vector<double>(curves.draws + 1));
    std::vector<double> other(curves.draws);
    for (int i = 0; i <= kSteps; ++i) {
      auto& row = lead[static_cast<std::size_t>(i)];
      const double bits = std::exp2(low + (high - low) * i / kSteps);
      curves.drawn(a, bits, std::span(row).first(curves.draws));
      curves.drawn(b, bits, other);
      for (std::size_t s = 0; s < curves.draws; ++s) {
        row[s] = goodness(curves.metric, row[s]) - goodness(curves.metric, other[s]);
      }
      row[curves.draws] = goodness(curves.metric, curves.value(a, bits)) -
                          goodness(curves.metric, curves.value(b, bits));
    }
    // Where the lead of `a` turns negative for good.
    const auto where = [&](std::size_t s) {
      for (int i = kSteps; i > 0; --i) {
        const double right = lead[static_cast<std::size_t>(i)][s];
        const double left = lead[static_cast<std::size_t>(i - 1)][s];
        if (i == kSteps && right >= 0) return kInfinity;
        if (left >= 0) return low + (high - low) * (i - 1 + left / (left - right)) / kSteps;
      }
      return -kInfinity;
    };
    std::vector<double> places;
    for (std::size_t s = 0; s < curves.draws; ++s) places.push_back(where(s));
    std::sort(places.begin(), places.end());
    const auto at = [&](double p) {
      const auto i =
          static_cast<std::size_t>(std::lround(p * static_cast<double>(places.size() - 1)));
      return std::exp2(places[i]);  // 0 and infinity stay
    };
    const double estimate = where(curves.draws);
    all.push_back(
        {a, b, std::isfinite(estimate) ? std::exp2(estimate) : kNaN, at(0.025), at(0.975)});
  }
  return all;
}

std::string sentence(const BudgetChoice& choice, const FormatCurves& curves) {
  if (choice.formats.empty()) return "no format is measured at this budget";
  const auto named = [&](const FormatChance& f) {
    return fmt::format("{} (P {:.2f})", curves.formats[f.format].label, f.probability);
  };
  const auto best = std::find_if(choice.formats.begin(), choice.formats.end(),
                                 [&](const FormatChance& f) { return f.format == choice.best; });
  switch (choice.verdict) {
    case Verdict::OnlyMeasured:
      return fmt::format("{} is the only format measured at this budget",
                         curves.formats[choice.best].label);
    case Verdict::Optimal:
      return fmt::format("{} is optimal", named(*best));
    case Verdict::Probably:
      return fmt::format("{} is probably optimal", named(*best));
    default:
      return fmt::format("not decided between {} and {}", named(choice.formats[0]),
                         named(choice.formats[1]));
  }
}

}  // namespace bitfrontier
