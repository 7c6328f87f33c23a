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

#include "core/law/form/all.h"
#include "core/law/form/width_penalty.h"

namespace bitfrontier {
namespace {

class Kumar final : public LossWithWidthPenalty {
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

  std::vector<PublishedConstant> published() const override {
    const char* source = "Kumar et al. 2024, table 2";
    return {{"alpha", 0.4965, source},
            {"gammaN", 0.3439, source},
            {"gammaPost", 0.5907, source},
            {"gammaD", 0.5068, source}};
  }

 protected:
  LawParameter widthParameter() const override {
    return {"gammaPost", "bits", "bits over which the penalty falls by e", 0.05, 20};
  }
  double width(double k, double gammaPost, double& slope) const override {
    slope = (k - 4) / (gammaPost * gammaPost);
    return -(k - 4) / gammaPost;
  }
  // MSE falls by 4 with each bit, 1 / gammaPost = 1.39.
  double widthStart() const override { return 1 / std::log(4.0); }
};

}  // namespace

const LawForm& formKumar() {
  static const Kumar kForm;
  return kForm;
}

}  // namespace bitfrontier
