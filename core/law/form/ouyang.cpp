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

#include "core/law/form/all.h"
#include "core/law/form/width_penalty.h"

namespace bitfrontier {
namespace {

class Ouyang final : public LossWithWidthPenalty {
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

  std::vector<PublishedConstant> published() const override {
    const char* source = "Ouyang et al. 2024, unified law";
    return {{"gammaN", 0.2261, source}, {"gammaP", 5.4967, source}, {"gammaD", 0.5251, source}};
  }

 protected:
  LawParameter widthParameter() const override {
    return {"gammaP", "", "exponent of the bit width in the penalty", 0, 30};
  }
  double width(double k, double gammaP, double& slope) const override {
    slope = -std::log(k / 4);
    return gammaP * slope;
  }
  double widthStart() const override { return 5.5; }
};

}  // namespace

const LawForm& formOuyang() {
  static const Ouyang kForm;
  return kForm;
}

}  // namespace bitfrontier
