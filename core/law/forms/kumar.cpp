// SPDX-License-Identifier: GPL-3.0-or-later
// Loss with the penalty of quantization after training of T. Kumar et al., "Scaling laws for
// precision", ICLR 2025 (arXiv 2411.04330), equation of delta_PTQ with weights only:
//
//   L = E + A0 (N/N0)^-alpha [+ B0 (D/D0)^-beta]
//       + exp(lnC + gammaD ln(D/D0) - gammaN ln(N/N0) - (k - 4) / gammaPost)    k bits, k < 16
//
// Without training tokens gammaD is absent. Its penalty depends on the bit width alone, not on the
// data type or block. lnC is the penalty of 4 bits at N0 (and D0). Constants: table 2 there, as
// quoted in secondary texts; the authors call them unlikely to carry over, so they are priors only
// when asked for.

#include <cmath>

#include "core/law/forms/all.h"
#include "core/law/forms/penalty_parts.h"

namespace bitfrontier {
namespace {

class Kumar final : public LawForm {
 public:
  const LawFormInfo& info() const override {
    static constexpr LawFormInfo kInfo{
        .name = "kumar",
        .title = "loss with a penalty exponential in the bit width",
        .formula =
            "E + exp(lnA0 - alpha * ln(N / N0)) [+ exp(lnB0 - beta * ln(D / D0))] + "
            "exp(lnC - gammaN * ln(N / N0) [+ gammaD * ln(D / D0)] - (k - 4) / gammaPost)",
        .source = "Kumar et al. 2024, arXiv 2411.04330",
        .accuracy = false,
        .usesTokens = true};
    return kInfo;
  }

  std::vector<LawParameter> parameters(const LawContext& c) const override {
    std::vector<LawParameter> all;
    LossBase::addParameters(c, all);
    all.push_back({"lnC", "ln of nats per token", "penalty of 4 bits at N0", -20, 10});
    all.push_back({"gammaN", "", "exponent of size in the penalty", -1, 3});
    all.push_back({"gammaPost", "bits", "bits over which the penalty falls by e", 0.05, 20});
    if (c.hasTokens) all.push_back({"gammaD", "", "exponent of tokens in the penalty", -1, 3});
    return all;
  }

  double value(const LawContext& c, const double* p, const LawRow& row,
               double* gradient) const override {
    const std::size_t b = LossBase::count(c);
    const double base = LossBase::value(c, p, row, gradient);
    const double k = c.formats[row.format].bits;
    const bool quantized = row.format > 0 && k < 16;
    double t = p[b] - p[b + 1] * row.logSize - (k - 4) / p[b + 2];
    if (c.hasTokens) t += p[b + 3] * row.logTokens;
    const double penalty = quantized ? std::exp(t) : 0;
    if (gradient != nullptr) {
      gradient[b] = penalty;
      gradient[b + 1] = -row.logSize * penalty;
      gradient[b + 2] = penalty * (k - 4) / (p[b + 2] * p[b + 2]);
      if (c.hasTokens) gradient[b + 3] = row.logTokens * penalty;
    }
    return base + penalty;
  }

  std::vector<double> start(const LawContext& c, std::span<const LawTarget> targets, double level,
                            double alpha) const override {
    const BaseStart base = baseStart(targets, 0, level, alpha);
    std::vector<double> p;
    LossBase::addStart(c, base, alpha, p);
    double fewest = 16;
    std::size_t lowest = 0;
    for (std::size_t f = 1; f < c.formats.size(); ++f) {
      if (c.formats[f].bits < fewest) {
        fewest = c.formats[f].bits;
        lowest = f;
      }
    }
    // MSE falls by 4 with each bit, 1 / gammaPost = 1.39.
    const double post = 1 / std::log(4.0);
    p.insert(p.end(),
             {logPenaltyStart(c, targets, lowest, base, alpha) + (fewest - 4) / post, alpha, post});
    if (c.hasTokens) p.push_back(0.3);
    return p;
  }

  std::vector<PublishedConstant> published() const override {
    const char* source = "Kumar et al. 2024, table 2";
    return {{"alpha", 0.4965, source},
            {"gammaN", 0.3439, source},
            {"gammaPost", 0.5907, source},
            {"gammaD", 0.5068, source}};
  }
};

}  // namespace

const LawForm& formKumar() {
  static const Kumar kForm;
  return kForm;
}

}  // namespace bitfrontier
