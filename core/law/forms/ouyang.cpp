// SPDX-License-Identifier: GPL-3.0-or-later
// Loss with the penalty of X. Ouyang et al., "Low-bit quantization favors undertrained LLMs", ACL
// 2025 (arXiv 2411.17691):
//
//   L = E + A0 (N/N0)^-alpha [+ B0 (D/D0)^-beta]
//       + exp(lnC - gammaN ln(N/N0) [+ gammaD ln(D/D0)] - gammaP ln(k/4))    k bits, k < 16
//
// A power of the bit width where Kumar et al. have an exponential. The printed law is
// 0.017 D^0.5251 / (N^0.2261 P^5.4967), D in billions of tokens; its exponents are priors when
// asked for, its factor is not, since it holds for one quantizer.

#include <cmath>

#include "core/law/forms/all.h"
#include "core/law/forms/penalty_parts.h"

namespace bitfrontier {
namespace {

class Ouyang final : public LawForm {
 public:
  const LawFormInfo& info() const override {
    static constexpr LawFormInfo kInfo{
        .name = "ouyang",
        .title = "loss with a penalty that is a power of the bit width",
        .formula =
            "E + exp(lnA0 - alpha * ln(N / N0)) [+ exp(lnB0 - beta * ln(D / D0))] + "
            "exp(lnC - gammaN * ln(N / N0) [+ gammaD * ln(D / D0)] - gammaP * ln(k / 4))",
        .source = "Ouyang et al. 2024, arXiv 2411.17691",
        .accuracy = false,
        .usesTokens = true};
    return kInfo;
  }

  std::vector<LawParameter> parameters(const LawContext& c) const override {
    std::vector<LawParameter> all;
    LossBase::addParameters(c, all);
    all.push_back({"lnC", "ln of nats per token", "penalty of 4 bits at N0", -20, 10});
    all.push_back({"gammaN", "", "exponent of size in the penalty", -1, 3});
    all.push_back({"gammaP", "", "exponent of the bit width in the penalty", 0, 30});
    if (c.hasTokens) all.push_back({"gammaD", "", "exponent of tokens in the penalty", -1, 3});
    return all;
  }

  double value(const LawContext& c, const double* p, const LawRow& row,
               double* gradient) const override {
    const std::size_t b = LossBase::count(c);
    const double base = LossBase::value(c, p, row, gradient);
    const double k = c.formats[row.format].bits;
    const double width = std::log(k / 4);
    double t = p[b] - p[b + 1] * row.logSize - p[b + 2] * width;
    if (c.hasTokens) t += p[b + 3] * row.logTokens;
    const double penalty = row.format > 0 && k < 16 ? std::exp(t) : 0;
    if (gradient != nullptr) {
      gradient[b] = penalty;
      gradient[b + 1] = -row.logSize * penalty;
      gradient[b + 2] = -width * penalty;
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
    constexpr double kWidth = 5.5;
    p.insert(p.end(),
             {logPenaltyStart(c, targets, lowest, base, alpha) + kWidth * std::log(fewest / 4),
              alpha, kWidth});
    if (c.hasTokens) p.push_back(0.3);
    return p;
  }

  std::vector<PublishedConstant> published() const override {
    const char* source = "Ouyang et al. 2024, unified law";
    return {{"gammaN", 0.2261, source}, {"gammaP", 5.4967, source}, {"gammaD", 0.5251, source}};
  }
};

}  // namespace

const LawForm& formOuyang() {
  static const Ouyang kForm;
  return kForm;
}

}  // namespace bitfrontier
