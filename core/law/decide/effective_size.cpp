// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/decide/effective_size.h"
#include "core/law/decide/law_mixture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitfrontier {
namespace {

constexpr double kFarthest = 16;  ///< search range around the data; permitted is much less
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The size of the reference with this value; 0 or infinite when it is outside the search.
double invert(const JointFit& fit, const std::vector<double>& parameters, double value) {
  const auto good = [&](double logSize) {
    const double v = fit.predict(fit.row(0, std::exp(logSize)), parameters.data());
    return fit.context.metric == LawMetric::Accuracy ? v - value : value - v;
  };
  double low = std::log(fit.minSize / kFarthest), high = std::log(fit.maxSize * kFarthest);
  if (good(low) > 0) return 0;
  if (good(high) < 0) return kInfinity;
  for (int i = 0; i < 40; ++i) {
    const double middle = 0.5 * (low + high);
    (good(middle) < 0 ? low : high) = middle;
  }
  return std::exp(0.5 * (low + high));
}

}  // namespace

std::vector<EffectiveSize> effectiveSizes(const LawMixture& mixture,
                                          std::span<const DecisionCell> cells, std::size_t draws,
                                          std::uint64_t seed, const JobContext& job) {
  std::vector<EffectiveSize> all(cells.size());
  if (mixture.empty()) {
    for (EffectiveSize& size : all) size.problem = "there is no law";
    return all;
  }
  const JointFit& first = mixture.laws.front().fit();
  // The same draws of the parameters that cellDraws() makes: law and cell belong together.
  const Draws values = cellDraws(mixture, cells, draws, seed, job);
  Draws sizes(draws, cells.size());
  for (std::size_t s = 0; s < draws; ++s) {
    CounterRng rng(seed, s);
    const LawPosterior& law = mixture.laws[mixture.lawOf(s, draws)];
    const auto parameters = law.draw(rng).parameters;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      sizes.row(s)[c] = invert(law.fit(), parameters, values.row(s)[c]);
    }
  }
  for (std::size_t c = 0; c < cells.size(); ++c) {
    if (std::isnan(values.row(0)[c])) {
      all[c].problem = fmt::format("the law has no format {}", cells[c].format);
      continue;
    }
    const double median = sizes.quantile(c, 0.5);
    if (!(median > 0) || !std::isfinite(median)) {
      all[c].problem = fmt::format("{} than any {} model the law reaches",
                                   median > 0 ? "better" : "worse", first.context.formats[0].label);
      continue;
    }
    if (const auto remark = first.judgePrediction(median); remark && remark->refusal) {
      all[c].problem = fmt::format("its equal would lie {}", remark->text);
      continue;
    }
    all[c].parameters = median;
    all[c].low = sizes.quantile(c, 0.025);
    all[c].high = sizes.quantile(c, 0.975);
    all[c].se = 0.5 * (sizes.quantile(c, 0.84134) - sizes.quantile(c, 0.15866));
  }
  return all;
}

std::vector<LosslessComparison> compareWithLossless(const LawMixture& mixture,
                                                    std::span<const int> widths, std::size_t draws,
                                                    std::uint64_t seed) {
  std::vector<LosslessComparison> all;
  if (mixture.empty()) return all;
  const JointFit& first = mixture.laws.front().fit();
  const double sign = first.context.metric == LawMetric::Accuracy ? 1 : -1;
  for (std::size_t f = 1; f < first.context.formats.size(); ++f) {
    for (const int k : widths) {
      LosslessComparison one;
      one.format = f;
      one.k = k;
      const double size = first.context.size0;
      const double lossless = size * first.context.formats[f].bitsPerParameter / k;
      for (std::size_t s = 0; s < draws; ++s) {
        CounterRng rng(seed, s);
        const LawPosterior& law = mixture.laws[mixture.lawOf(s, draws)];
        const auto p = law.draw(rng).parameters;
        const double lead = sign * (law.fit().predict(law.fit().row(f, size), p.data()) -
                                    law.fit().predict(law.fit().row(0, lossless), p.data()));
        one.lead += lead / static_cast<double>(draws);
        one.probability += (lead > 0 ? 1.0 : 0.0) / static_cast<double>(draws);
      }
      all.push_back(one);
    }
  }
  return all;
}

}  // namespace bitfrontier
