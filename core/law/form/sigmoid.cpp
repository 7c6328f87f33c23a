// SPDX-License-Identifier: GPL-3.0-or-later
// Accuracy between chance c and a ceiling u, for one format:
//
//   sigmoid     c + (u - c) / (1 + exp(-s (z - z0)))
//   saturating  c + (u - c) exp(-exp(lnA0 - alpha z))
//
// z = ln(N/N0). The second is a power law of -ln of the share of what can be won: for c = 0, u = 1
// it is -ln accuracy = A N^-alpha, the direct law of P. Krajewski et al., "Revisiting the scaling
// properties of downstream metrics", 2025. Hold u = 1 where the ceiling is known.

#include <algorithm>
#include <cmath>

#include "core/law/form/all.h"
#include "core/law/form/start_values.h"

namespace bitfrontier {
namespace {

LawParameter ceilingParameter(const LawContext& c) {
  return {"u", "share of items", "accuracy of an infinitely large model",
          std::min(c.chance + 0.01, 0.99), 1};
}

double best(std::span<const LawTarget> targets) {
  double highest = 0;
  for (const LawTarget& t : targets) highest = std::max(highest, t.value);
  return highest;
}

class Sigmoid final : public LawForm {
 public:
  const LawFormInfo& info() const override {
    static constexpr LawFormInfo kInfo{.name = "sigmoid",
                                       .title = "S-shaped between chance and a ceiling",
                                       .formula = "c + (u - c) / (1 + exp(-s * (ln(N / N0) - z0)))",
                                       .source = "four-parameter logistic; chance known",
                                       .joint = false,
                                       .crossEntropy = false,
                                       .ofError = false,
                                       .modelsChance = true};
    return kInfo;
  }

  std::vector<LawParameter> parameters(const LawContext& c) const override {
    const double span = c.maxLogSize - c.minLogSize;
    return {ceilingParameter(c),
            {"s", "per e-fold of size", "steepness", 0.01, 20},
            {"z0", "ln of a factor of N0", "size half way up", c.minLogSize - 2 * span,
             c.maxLogSize + 2 * span}};
  }

  double value(const LawContext& c, const double* p, const LawRow& row,
               double* gradient) const override {
    const double share = 1 / (1 + std::exp(-p[1] * (row.logSize - p[2])));
    if (gradient != nullptr) {
      const double slope = (p[0] - c.chance) * share * (1 - share);
      gradient[0] = share;
      gradient[1] = slope * (row.logSize - p[2]);
      gradient[2] = -slope * p[1];
    }
    return c.chance + (p[0] - c.chance) * share;
  }

  std::vector<double> start(const LawContext& c, std::span<const LawTarget> targets, double level,
                            double alpha) const override {
    const double u = best(targets) + (1 - best(targets)) * (1 - level);
    // Half way up: where the data pass the middle, or at the fraction that `level` says.
    double z0 = c.minLogSize + level * (c.maxLogSize - c.minLogSize), nearest = HUGE_VAL;
    for (const LawTarget& t : targets) {
      const double distance = std::abs(t.value - (c.chance + u) / 2);
      if (distance < nearest) {
        nearest = distance;
        z0 = t.row.logSize;
      }
    }
    return {u, 4 * alpha, z0};
  }
};

class Saturating final : public LawForm {
 public:
  const LawFormInfo& info() const override {
    static constexpr LawFormInfo kInfo{
        .name = "saturating",
        .title = "power law of -ln of the share won between chance and a ceiling",
        .formula = "c + (u - c) * exp(-exp(lnA0 - alpha * ln(N / N0)))",
        .source = "Krajewski et al. 2025 (direct law), with chance and ceiling",
        .joint = false,
        .crossEntropy = false,
        .ofError = false,
        .modelsChance = true};
    return kInfo;
  }

  std::vector<LawParameter> parameters(const LawContext& c) const override {
    return {ceilingParameter(c),
            {"lnA0", "", "ln of -ln of the share won at N0", -10, 5},
            exponentParameter(c)};
  }

  double value(const LawContext& c, const double* p, const LawRow& row,
               double* gradient) const override {
    const double x = std::exp(p[1] - p[2] * row.logSize);
    const double share = std::exp(-x);
    if (gradient != nullptr) {
      const double slope = -(p[0] - c.chance) * share * x;
      gradient[0] = share;
      gradient[1] = slope;
      gradient[2] = -slope * row.logSize;
    }
    return c.chance + (p[0] - c.chance) * share;
  }

  std::vector<double> start(const LawContext& c, std::span<const LawTarget> targets, double level,
                            double alpha) const override {
    const double u = best(targets) + (1 - best(targets)) * std::max(1 - level, 1e-3);
    double sum = 0;
    for (const LawTarget& t : targets) {
      const double share = std::clamp((t.value - c.chance) / (u - c.chance), 1e-3, 1 - 1e-3);
      sum += std::log(-std::log(share)) + alpha * t.row.logSize;
    }
    return {u, sum / static_cast<double>(targets.size()), alpha};
  }
};

}  // namespace

const LawForm& formSigmoid() {
  static const Sigmoid kForm;
  return kForm;
}

const LawForm& formSaturating() {
  static const Saturating kForm;
  return kForm;
}

}  // namespace bitfrontier
