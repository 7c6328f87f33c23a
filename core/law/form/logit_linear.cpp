// SPDX-License-Identifier: GPL-3.0-or-later
// Logit-linear law: straight in logits above chance, one offset for each format.
//
//   logit((accuracy - c) / (1 - c)) = a + s z + d_f,   d of the reference = 0, c = chance
//
// Quick and always identified, but the ceiling is 1 at infinite size.

#include <cmath>

#include "core/law/form/all.h"
#include "core/law/form/start_values.h"

namespace bitfrontier {
namespace {

class LogitLinear final : public LawForm {
 public:
  explicit LogitLinear(const LawFormInfo& info, bool aboveChance)
      : info_(info), aboveChance_(aboveChance) {}
  const LawFormInfo& info() const override { return info_; }

  std::vector<LawParameter> parameters(const LawContext& c) const override {
    std::vector<LawParameter> all{{"a", "logits", "logit at N0", -20, 20},
                                  {"s", "logits per e-fold of size", "slope", -5, 5}};
    for (std::size_t f = 1; f < c.formats.size(); ++f) {
      all.push_back({"d_" + c.formats[f].label, "logits", "offset of the format", -20, 20});
    }
    return all;
  }

  double value(const LawContext& c, const double* p, const LawRow& row,
               double* gradient) const override {
    const double floor = aboveChance_ ? c.chance : 0;
    const double t = p[0] + p[1] * row.logSize + (row.format > 0 ? p[1 + row.format] : 0);
    const double share = 1 / (1 + std::exp(-t));
    if (gradient != nullptr) {
      const double slope = (1 - floor) * share * (1 - share);
      for (std::size_t f = 1; f < c.formats.size(); ++f) gradient[1 + f] = 0;
      gradient[0] = slope;
      gradient[1] = slope * row.logSize;
      if (row.format > 0) gradient[1 + row.format] = slope;
    }
    return floor + (1 - floor) * share;
  }

  std::vector<double> start(const LawContext& c, std::span<const LawTarget> targets,
                            double /*level*/, double alpha) const override {
    const double floor = aboveChance_ ? c.chance : 0;
    std::vector<double> sums(c.formats.size(), 0), counts(c.formats.size(), 0);
    for (const LawTarget& t : targets) {
      const double share = std::min(std::max((t.value - floor) / (1 - floor), 1e-3), 1 - 1e-3);
      sums[t.row.format] += std::log(share / (1 - share)) - alpha * t.row.logSize;
      counts[t.row.format] += 1;
    }
    std::vector<double> p{counts[0] > 0 ? sums[0] / counts[0] : 0, alpha};
    for (std::size_t f = 1; f < c.formats.size(); ++f) {
      p.push_back(counts[f] > 0 ? sums[f] / counts[f] - p[0] : 0);
    }
    return p;
  }

 private:
  LawFormInfo info_;
  bool aboveChance_;
};

}  // namespace

const LawForm& formLogitLinear() {
  static const LogitLinear kForm({.name = "LL",
                                  .title = "straight in logits above chance, an offset per format",
                                  .formula = "c + (1 - c) / (1 + exp(-(a + s * ln(N / N0) + d_f)))",
                                  .source = "logistic regression on log size",
                                  .crossEntropy = false,
                                  .ofError = false,
                                  .modelsChance = true},
                                 true);
  return kForm;
}

const LawForm& formLogitLinearFromZero() {
  static const LogitLinear kForm({.name = "L1",
                                  .title = "straight in logits from 0, an offset per format",
                                  .formula = "1 / (1 + exp(-(a + s * ln(N / N0) + d_f)))",
                                  .source = "LL with c = 0",
                                  .crossEntropy = false,
                                  .ofError = false},
                                 false);
  return kForm;
}

}  // namespace bitfrontier
