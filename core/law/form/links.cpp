// SPDX-License-Identifier: GPL-3.0-or-later
// Links from cross-entropy to accuracy, all formats pooled: the second stage of two-stage laws.
//
//   link-exp      accuracy = 1 - (eps - k exp(-gamma L))
//                 (S. Gadre et al., "Language models scale reliably with over-training", 2024)
//   link-sigmoid  accuracy = c + (u - c) / (1 + exp((L - m) / w)), c = chance
//                 (A. Bhagia et al., "Establishing task scaling laws via compute-efficient model
//                 ladders", 2024)

#include <algorithm>
#include <cmath>

#include "core/law/form/all.h"
#include "core/law/form/start_values.h"

namespace bitfrontier {
namespace {

std::pair<double, double> lossRange(std::span<const LawTarget> targets) {
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (const LawTarget& t : targets) {
    low = std::min(low, t.row.crossEntropy);
    high = std::max(high, t.row.crossEntropy);
  }
  return {low, high};
}

class LinkExponential final : public LawForm {
 public:
  const LawFormInfo& info() const override {
    static constexpr LawFormInfo kInfo{.name = "link-exp",
                                       .title = "accuracy from cross-entropy, exponential",
                                       .formula = "eps - exp(lnk - gamma * L)",
                                       .source = "Gadre et al. 2024, arXiv 2403.08540",
                                       .joint = false,
                                       .crossEntropy = false,
                                       .needsCrossEntropy = true};
    return kInfo;
  }

  std::vector<LawParameter> parameters(const LawContext& /*c*/) const override {
    return {{"eps", "share of items", "error at large loss", 0, 1},
            {"lnk", "ln of share of items", "ln of what a loss of 0 would win", -5, 20},
            {"gamma", "per nat", "how fast accuracy falls with loss", 0.01, 20}};
  }

  double value(const LawContext& /*c*/, const double* p, const LawRow& row,
               double* gradient) const override {
    const double term = std::exp(p[1] - p[2] * row.crossEntropy);
    if (gradient != nullptr) {
      gradient[0] = 1;
      gradient[1] = -term;
      gradient[2] = row.crossEntropy * term;
    }
    return p[0] - term;
  }

  std::vector<double> start(const LawContext& /*c*/, std::span<const LawTarget> targets,
                            double level, double alpha) const override {
    double worst = 0;
    for (const LawTarget& t : targets) worst = std::max(worst, t.value);
    const double eps = worst + (1 - worst) * std::max(1 - level, 0.01), gamma = 2 * alpha;
    double top = 0, bottom = 0;
    for (const LawTarget& t : targets) {
      const double u = std::exp(-gamma * t.row.crossEntropy);
      top += u * (eps - t.value);
      bottom += u * u;
    }
    return {eps, std::log(std::max(top / bottom, 1e-3)), gamma};
  }
};

class LinkSigmoid final : public LawForm {
 public:
  const LawFormInfo& info() const override {
    static constexpr LawFormInfo kInfo{
        .name = "link-sigmoid",
        .title = "accuracy from cross-entropy, S-shaped above chance",
        .formula = "c + (u - c) / (1 + exp((L - m) / w))",
        .source = "Bhagia et al. 2024, arXiv 2412.04403",
        .joint = false,
        .crossEntropy = false,
        .ofError = false,
        .modelsChance = true,
        .needsCrossEntropy = true};
    return kInfo;
  }

  std::vector<LawParameter> parameters(const LawContext& c) const override {
    return {{"u", "share of items", "accuracy at small loss", std::min(c.chance + 0.01, 0.99), 1},
            {"m", "nats per token", "loss half way down", -20, 50},
            {"w", "nats per token", "width", 0.01, 20}};
  }

  double value(const LawContext& c, const double* p, const LawRow& row,
               double* gradient) const override {
    const double t = (row.crossEntropy - p[1]) / p[2];
    const double share = 1 / (1 + std::exp(t));
    if (gradient != nullptr) {
      const double slope = (p[0] - c.chance) * share * (1 - share) / p[2];
      gradient[0] = share;
      gradient[1] = slope;
      gradient[2] = slope * t;
    }
    return c.chance + (p[0] - c.chance) * share;
  }

  std::vector<double> start(const LawContext& /*c*/, std::span<const LawTarget> targets,
                            double level, double alpha) const override {
    double best = 0;
    for (const LawTarget& t : targets) best = std::max(best, t.value);
    const auto [low, high] = lossRange(targets);
    return {best + (1 - best) * (1 - level), low + level * (high - low),
            (0.1 + alpha) * std::max(high - low, 0.1)};
  }
};

}  // namespace

const LawForm& formLinkExponential() {
  static const LinkExponential kForm;
  return kForm;
}

const LawForm& formLinkSigmoid() {
  static const LinkSigmoid kForm;
  return kForm;
}

}  // namespace bitfrontier
