// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/decide/law_mixture.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace bitfrontier {
namespace {

std::string refusalsOf(const JointFit& fit) {
  std::vector<LawRemark> refusals;
  for (const LawRemark& r : fit.remarks) {
    if (r.refusal) refusals.push_back(r);
  }
  return joinRemarks(refusals);
}

}  // namespace

std::size_t LawMixture::lawOf(std::size_t s, std::size_t count) const {
  const double share = (static_cast<double>(s) + 0.5) / static_cast<double>(count);
  double sum = 0;
  for (std::size_t i = 0; i + 1 < weights.size(); ++i) {
    sum += weights[i];
    if (share < sum) return i;
  }
  return weights.size() - 1;
}

std::string LawMixture::describe() const {
  std::string text;
  for (std::size_t i = 0; i < laws.size(); ++i) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", laws[i].fit().form->info().name);
    if (laws.size() > 1) text += fmt::format(" ({:.2f})", weights[i]);
  }
  return text;
}

std::string LawMixture::describeLeftOut(LawMetric metric) const {
  if (leftOut.empty()) return {};
  return fmt::format(
      "left out of the law, which does not describe {}: {}; only what was measured "
      "of {} counts",
      leftOut.size() == 1 ? "it" : "them", listLeftOut(leftOut, metric),
      leftOut.size() == 1 ? "it" : "them");
}

LawMixture fitMixture(std::span<const LawPoint> points, const JointOptions& options,
                      std::string& why, const JobContext& job, const LawPriors& priors) {
  constexpr double kSmallest = 0.01;
  const std::vector<std::string> forms{"J1", "J2"};
  JointOptions own = options;
  own.modelsDeviate = true;
  auto [fits, leftOut] = fitDescribed(points, own, forms, job);
  const std::string refusals = refusalsOf(fits.front());
  LawMixture mixture;
  mixture.leftOut = std::move(leftOut);
  std::erase_if(fits, [](const JointFit& fit) { return !fit.usable; });
  if (fits.empty()) {
    if (why.empty()) why = refusals;
    return mixture;
  }
  why.clear();
  std::vector<LawPosterior> laws;
  double best = -HUGE_VAL;
  for (JointFit& fit : fits) {
    laws.emplace_back(std::move(fit), options.covariance, priors, job);
    best = std::max(best, laws.back().logEvidence());
  }
  double sum = 0, kept = 0;
  for (const LawPosterior& law : laws) sum += std::exp(law.logEvidence() - best);
  for (LawPosterior& law : laws) {
    const double weight = std::exp(law.logEvidence() - best) / sum;
    if (weight < kSmallest) continue;
    mixture.laws.push_back(std::move(law));
    mixture.weights.push_back(weight);
    kept += weight;
  }
  for (double& w : mixture.weights) w /= kept;
  return mixture;
}

}  // namespace bitfrontier
