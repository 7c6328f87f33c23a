// SPDX-License-Identifier: GPL-3.0-or-later
// J1, the default: one base curve, one horizontal shift for each format.
//
//   error (or loss) = E + exp(lnA0 - alpha (ln(N/N0) + lnrho_f)),   lnrho of the reference = 0
//
// A model of N parameters in format f counts like one of rho_f N parameters in the reference. This
// is the parametric form of "almost parallel" curves with "a base function and an offset" in
// T. Dettmers, L. Zettlemoyer, "The case for 4-bit precision: k-bit inference scaling laws", ICML
// 2023, and of effective parameters in E. Frantar et al., "Compression scaling laws", 2025. The
// best format is the same at every budget.

#include <cmath>

#include "core/law/form/all.h"
#include "core/law/form/start_values.h"

namespace bitfrontier {
namespace {

class J1 final : public LawForm {
 public:
  const LawFormInfo& info() const override {
    static constexpr LawFormInfo kInfo{
        .name = "J1",
        .title = "one curve, one horizontal shift (effective size) per format",
        .formula = "E + exp(lnA0 - alpha * (ln(N / N0) + lnrho_f))",
        .source = "Dettmers and Zettlemoyer 2023 (parallel curves); Frantar et al. 2025",
        .nestedIn = "J2"};
    return kInfo;
  }

  std::vector<LawParameter> parameters(const LawContext& c) const override {
    std::vector<LawParameter> all{floorParameter(c), amplitudeParameter(c), exponentParameter(c)};
    for (std::size_t f = 1; f < c.formats.size(); ++f) {
      all.push_back({"lnrho_" + c.formats[f].label, "ln of a factor of size",
                     "effective size relative to the reference", -6, 0.5});
    }
    return all;
  }

  double value(const LawContext& c, const double* p, const LawRow& row,
               double* gradient) const override {
    const double z = row.logSize + (row.format > 0 ? p[2 + row.format] : 0);
    const double term = std::exp(p[1] - p[2] * z);
    if (gradient != nullptr) {
      for (std::size_t f = 1; f < c.formats.size(); ++f) gradient[2 + f] = 0;
      gradient[0] = 1;
      gradient[1] = term;
      gradient[2] = -z * term;
      if (row.format > 0) gradient[2 + row.format] = -p[2] * term;
    }
    return p[0] + term;
  }

  std::vector<double> start(const LawContext& c, std::span<const LawTarget> targets, double level,
                            double alpha) const override {
    const BaseStart base = baseStart(targets, 0, level, alpha);
    std::vector<double> p{base.floor, base.logAmplitude, alpha};
    for (std::size_t f = 1; f < c.formats.size(); ++f) {
      p.push_back(shiftStart(targets, f, base, alpha));
    }
    return p;
  }
};

}  // namespace

const LawForm& formJ1() {
  static const J1 kForm;
  return kForm;
}

}  // namespace bitfrontier
