// SPDX-License-Identifier: GPL-3.0-or-later
// Two laws that the k-bit paper weighs against each other (T. Dettmers, L. Zettlemoyer, ICML 2023):
//
//   offset     error (or loss) = E + exp(lnA0 - alpha ln(b/b0)) + o_k      b = total bits
//   bivariate  error (or loss) = E + exp(lnA0 - alpha ln(N/N0) - beta ln(k/16))
//
// The paper finds that "bivariate power functions with respect to the number of parameters and the
// bit-precision provide a poor fit", and curves over total bits that are almost parallel, "a base
// function and an offset".

#include <fmt/format.h>

#include <cmath>

#include "core/law/form/all.h"
#include "core/law/form/format_offset.h"

namespace bitfrontier {
namespace {

class Offset final : public FormatOffset {
 public:
  const LawFormInfo& info() const override {
    static constexpr LawFormInfo kInfo{
        .name = "offset",
        .title = "one curve in total bits, an offset per bit width (the k-bit paper)",
        .formula = "E + exp(lnA0 - alpha * ln(b / b0)) + o_k",
        .source = "Dettmers and Zettlemoyer 2023",
        .overTotalBits = true,
        .byBitWidth = true};
    return kInfo;
  }

  std::vector<LawParameter> parameters(const LawContext& c) const override {
    std::vector<LawParameter> all = baseParameters(c);
    addFormatParameters(c, "o_", "offset at equal total bits, negative is better", -1, 1, all);
    return all;
  }
};

class Bivariate final : public LawForm {
 public:
  const LawFormInfo& info() const override {
    static constexpr LawFormInfo kInfo{
        .name = "bivariate",
        .title = "a power of parameters times a power of the bit width",
        .formula = "E + exp(lnA0 - alpha * ln(N / N0) - beta * ln(k / 16))",
        .source = "Dettmers and Zettlemoyer 2023, found to fit poorly there"};
    return kInfo;
  }

  std::vector<LawParameter> parameters(const LawContext& c) const override {
    return {floorParameter(c),
            amplitudeParameter(c),
            exponentParameter(c),
            {"beta", "", "exponent of the bit width", -5, 10}};
  }

  double value(const LawContext& c, const double* p, const LawRow& row,
               double* gradient) const override {
    const double width = std::log(c.formats[row.format].bits / 16);
    const double term = std::exp(p[1] - p[2] * row.logSize - p[3] * width);
    if (gradient != nullptr) {
      gradient[0] = 1;
      gradient[1] = term;
      gradient[2] = -row.logSize * term;
      gradient[3] = -width * term;
    }
    return p[0] + term;
  }

  std::vector<double> start(const LawContext& /*c*/, std::span<const LawTarget> targets,
                            double level, double alpha) const override {
    const BaseStart base = baseStart(targets, 0, level, alpha);
    return {base.floor, base.logAmplitude, alpha, alpha};
  }
};

}  // namespace

const LawForm& formOffset() {
  static const Offset kForm;
  return kForm;
}

const LawForm& formBivariate() {
  static const Bivariate kForm;
  return kForm;
}

}  // namespace bitfrontier
