// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/decide/budget_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

#include "core/base/error.h"
#include "core/law/decide/law_mixture.h"

namespace bitfrontier {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double goodness(LawMetric metric, double value) {
  return metric == LawMetric::Accuracy ? value : -value;
}

constexpr double kRounding = 1e-9;  // of budgets, relative

/// One size is a point and no curve.
bool covers(const FormatCurve& curve, double totalBits) {
  return curve.minBits < curve.maxBits && totalBits >= curve.minBits * (1 - kRounding) &&
         totalBits <= curve.maxBits * (1 + kRounding);
}

/// Total bits of the model that stands for a format at a budget: the largest that fits, unless only
/// measured ones count, or a measured smaller one that is better. Absent when none fits.
std::optional<double> bestFitting(const FormatCurves& curves, std::size_t format, double budget,
                                  bool onlyMeasured) {
  const FormatCurve& curve = curves.formats[format];
  if (!(budget >= curve.minBits * (1 - kRounding))) return std::nullopt;
  double best = onlyMeasured ? curve.minBits : std::min(budget, curve.maxBits);
  double most = goodness(curves.metric, curves.value(format, best));
  for (const double size : curve.measured) {
    if (size > budget * (1 + kRounding) || (!onlyMeasured && size >= best)) break;
    const double good = goodness(curves.metric, curves.value(format, size));
    if (good > most) {
      most = good;
      best = size;
    }
  }
  return best;
}

/// Total bits of the model that stands for a format at a budget; absent when it does not compete.
std::optional<double> placeOf(const FormatCurves& curves, std::size_t format, double budget,
                              Rivals rivals) {
  if (rivals != Rivals::Covered) {
    return bestFitting(curves, format, budget, rivals == Rivals::Measured);
  }
  return covers(curves.formats[format], budget) ? std::optional(budget) : std::nullopt;
}

/// Means of the points at each distinct size of a format, as in piecewiseLinear().
struct Polyline {
  std::vector<double> log2Bits;
  std::vector<std::vector<std::size_t>> members;  ///< points averaged at each place
};

/// Of each place of a format the mean of what `at` gives of its points, joined by straight lines;
/// `at` adds a point's values to those it is handed.
template <typename Add>
void along(const Polyline& line, double x, std::span<double> out, const Add& at) {
  const auto values = [&](std::size_t i, std::span<double> mean) {
    std::fill(mean.begin(), mean.end(), 0.0);
    for (const std::size_t member : line.members[i]) at(member, mean);
    const auto count = static_cast<double>(line.members[i].size());
    for (double& v : mean) v /= count;
  };
  const auto right = std::lower_bound(line.log2Bits.begin(), line.log2Bits.end(), x);
  if (right == line.log2Bits.end()) return values(line.log2Bits.size() - 1, out);
  const auto i = static_cast<std::size_t>(right - line.log2Bits.begin());
  if (i == 0 || *right == x) return values(i, out);
  const double t = (x - line.log2Bits[i - 1]) / (line.log2Bits[i] - line.log2Bits[i - 1]);
  std::vector<double> next(out.size());
  values(i - 1, out);
  values(i, next);
  for (std::size_t s = 0; s < out.size(); ++s) out[s] = (1 - t) * out[s] + t * next[s];
}

/// The draws of each point one after the other.
std::vector<double> byPoint(const Draws& draws) {
  constexpr std::size_t kTile = 64;
  std::vector<double> values(draws.n * draws.count);
  for (std::size_t first = 0; first < draws.n; first += kTile) {
    const std::size_t last = std::min(first + kTile, draws.n);
    for (std::size_t s = 0; s < draws.count; ++s) {
      const auto row = draws.row(s);
      for (std::size_t i = first; i < last; ++i) values[i * draws.count + s] = row[i];
    }
  }
  return values;
}

/// Which of many formats could be the best at their places: all but those that another is ahead of
/// by more than eight of both standard deviations over some of the draws.
std::vector<std::uint8_t> contenders(const FormatCurves& curves,
                                     const std::vector<FormatChance>& formats) {
  constexpr std::size_t kFewFormats = 24, kLooks = 64;
  constexpr double kDeviations = 8;
  std::vector<std::uint8_t> all(formats.size(), 1);
  if (!curves.exchangeable || formats.size() <= kFewFormats || curves.draws <= kLooks) return all;
  std::vector<double> looks(kLooks), upper;
  double certain = -kInfinity;
  for (const FormatChance& f : formats) {
    curves.drawn(f.format, f.atBits, looks);
    double mean = 0, squares = 0;
    for (const double v : looks) mean += goodness(curves.metric, v) / kLooks;
    for (const double v : looks) squares += std::pow(goodness(curves.metric, v) - mean, 2);
    const double margin = kDeviations * std::sqrt(squares / (kLooks - 1));
    certain = std::max(certain, mean - margin);
    upper.push_back(mean + margin);
  }
  for (std::size_t i = 0; i < formats.size(); ++i) all[i] = upper[i] >= certain ? 1 : 0;
  return all;
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
      curve.measured.push_back(p.totalBits);
    }
    std::sort(curve.measured.begin(), curve.measured.end());
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
    std::vector<double> draws;  ///< by point
    std::size_t count = 0;
  };
  auto known = std::make_shared<Known>(Known{{}, std::move(values), byPoint(draws), draws.count});
  draws = Draws(0, 0);
  FormatCurves curves;
  curves.metric = metric;
  curves.draws = known->count;
  curves.exchangeable = true;
  std::vector<std::pair<FormatCurve, Polyline>> order;
  for (const auto& [label, places] : groups) {
    Polyline line;
    FormatCurve curve{label, bits[label], std::exp2(places.begin()->first),
                      std::exp2(places.rbegin()->first)};
    for (const auto& [x, members] : places) {
      line.log2Bits.push_back(x);
      line.members.push_back(members);
      curve.measured.push_back(std::exp2(x));
    }
    order.emplace_back(std::move(curve), std::move(line));
  }
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.first.bits > b.first.bits; });
  for (auto& [curve, line] : order) {
    curves.formats.push_back(curve);
    known->lines.push_back(std::move(line));
  }
  curves.value = [known](std::size_t format, double totalBits) {
    double value = 0;
    along(known->lines[format], std::log2(totalBits), {&value, 1},
          [&](std::size_t i, std::span<double> sum) { sum[0] += known->values[i]; });
    return value;
  };
  curves.drawn = [known](std::size_t format, double totalBits, std::span<double> out) {
    along(known->lines[format], std::log2(totalBits), out,
          [&](std::size_t i, std::span<double> sum) {
            const double* drawn = known->draws.data() + i * known->count;
            for (std::size_t s = 0; s < sum.size(); ++s) sum[s] += drawn[s];
          });
  };
  return curves;
}

FormatCurves joinCurves(FormatCurves first, FormatCurves second) {
  if (first.draws != second.draws || first.metric != second.metric) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("curves of {} draws are joined with curves of {} draws", first.draws,
                            second.draws));
  }
  FormatCurves all;
  all.metric = first.metric;
  all.draws = first.draws;
  all.exchangeable = first.exchangeable && second.exchangeable;
  all.formats = first.formats;
  all.formats.insert(all.formats.end(), second.formats.begin(), second.formats.end());
  const std::size_t n = first.formats.size();
  all.value = [n, a = first.value, b = second.value](std::size_t format, double totalBits) {
    return format < n ? a(format, totalBits) : b(format - n, totalBits);
  };
  all.drawn = [n, a = first.drawn, b = second.drawn](std::size_t format, double totalBits,
                                                     std::span<double> out) {
    format < n ? a(format, totalBits, out) : b(format - n, totalBits, out);
  };
  return all;
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

std::vector<BudgetChoice> chooseFormats(const FormatCurves& curves, std::span<const double> budgets,
                                        Rivals rivals, const JobContext& job) {
  std::vector<BudgetChoice> choices;
  for (const double totalBits : budgets) {
    job.throwIfCancelled();
    BudgetChoice choice;
    choice.totalBits = totalBits;
    for (std::size_t f = 0; f < curves.formats.size(); ++f) {
      if (const auto place = placeOf(curves, f, totalBits, rivals)) {
        choice.formats.push_back({f, curves.value(f, *place), 0, 0, *place});
      }
    }
    const std::size_t n = choice.formats.size();
    const std::vector<std::uint8_t> contends = contenders(curves, choice.formats);
    const auto draws = static_cast<double>(curves.draws);
    std::vector<std::pair<std::size_t, std::vector<double>>> drawn;
    for (std::size_t i = 0; i < n; ++i) {
      if (contends[i] == 0) continue;
      FormatChance& f = choice.formats[i];
      std::vector<double>& values = drawn.emplace_back(i, std::vector<double>(curves.draws)).second;
      curves.drawn(f.format, f.atBits, values);
      if (rivals == Rivals::Covered || values.empty()) continue;
      f.value = std::accumulate(values.begin(), values.end(), 0.0) / draws;
    }
    std::vector<double> top(curves.draws, -kInfinity), ties(curves.draws, 0);
    for (const auto& [i, values] : drawn) {
      for (std::size_t s = 0; s < curves.draws; ++s) {
        const double good = goodness(curves.metric, values[s]);
        ties[s] = good > top[s] ? 1 : ties[s] + (good == top[s] ? 1 : 0);
        top[s] = std::max(top[s], good);
      }
    }
    for (const auto& [i, values] : drawn) {
      FormatChance& f = choice.formats[i];
      for (std::size_t s = 0; s < curves.draws; ++s) {
        const double good = goodness(curves.metric, values[s]);
        if (good == top[s]) f.probability += 1 / (ties[s] * draws);
        f.loss += (top[s] - good) / draws;
      }
    }
    double meanTop = 0;
    for (std::size_t s = 0; s < curves.draws && n > 0; ++s) meanTop += top[s] / draws;
    for (std::size_t i = 0; i < n; ++i) {
      FormatChance& f = choice.formats[i];
      if (contends[i] == 0) f.loss = meanTop - goodness(curves.metric, f.value);
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
    std::vector<std::vector<double>> lead(kSteps + 1, std::vector<double>(curves.draws));
    std::vector<double> other(curves.draws);
    for (int i = 0; i <= kSteps; ++i) {
      auto& row = lead[static_cast<std::size_t>(i)];
      const double bits = std::exp2(low + (high - low) * i / kSteps);
      curves.drawn(a, bits, row);
      curves.drawn(b, bits, other);
      for (std::size_t s = 0; s < curves.draws; ++s) {
        row[s] = goodness(curves.metric, row[s]) - goodness(curves.metric, other[s]);
      }
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
    const double middle = at(0.5);
    const bool within = std::isfinite(middle) && middle > 0;
    all.push_back({a, b, within ? middle : kNaN, at(0.025), at(0.975)});
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
