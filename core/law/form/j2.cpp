// SPDX-License-Identifier: GPL-3.0-or-later
// J2, the rival of J1 with one degree of freedom more: an additive penalty with its own exponent.
//
//   error (or loss) = E + exp(lnA0 - alpha z) + C_f exp(-gammaN z),   z = ln(N/N0), C_ref = 0
//
// gammaN = alpha is J1 with rho_f = (A0 / (A0 + C_f))^(1/alpha); gammaN = 0 is the vertical shift
// V. Only with gammaN != alpha does the best format depend on the budget. C enters linearly and is
// not taken as a logarithm: penalties of 8 bits are 0 within their error. The shape N^-gammaN is
// that of the penalties in T. Kumar et al., "Scaling laws for precision", 2024, and others.

#include <cmath>

#include "core/law/form/all.h"
#include "core/law/form/format_offset.h"

namespace bitfrontier {
namespace {

/// E, lnA0, alpha and the penalties C_f of formats 1, 2, ...
std::vector<LawParameter> withPenalties(const LawContext& c) {
  std::vector<LawParameter> all = baseParameters(c);
  addFormatParameters(c, "C_", "what the format costs at N0", -0.05, 1, all);
  return all;
}

class J2 final : public LawForm {
 public:
  const LawFormInfo& info() const override {
    static constexpr LawFormInfo kInfo{
        .name = "J2",
        .title = "one curve, an additive penalty per format that shrinks with size",
        .formula = "E + exp(lnA0 - alpha * ln(N / N0)) + C_f * exp(-gammaN * ln(N / N0))",
        .source = "after Kumar et al. 2024 and Chen et al. 2025 (penalty proportional to N^-gN)"};
    return kInfo;
  }

  std::vector<LawParameter> parameters(const LawContext& c) const override {
    std::vector<LawParameter> all = withPenalties(c);
    all.push_back({"gammaN", "", "exponent of size in the penalty", -1, 3});
    return all;
  }

  double value(const LawContext& c, const double* p, const LawRow& row,
               double* gradient) const override {
    const std::size_t last = c.formats.size() + 2;
    const double term = std::exp(p[1] - p[2] * row.logSize);
    const double shape = std::exp(-p[last] * row.logSize);
    const double penalty = row.format > 0 ? p[2 + row.format] * shape : 0;
    if (gradient != nullptr) {
      for (std::size_t f = 1; f < c.formats.size(); ++f) gradient[2 + f] = 0;
      gradient[0] = 1;
      gradient[1] = term;
      gradient[2] = -row.logSize * term;
      if (row.format > 0) gradient[2 + row.format] = shape;
      gradient[last] = -row.logSize * penalty;
    }
    return p[0] + term + penalty;
  }

  std::vector<double> start(const LawContext& c, std::span<const LawTarget> targets, double level,
                            double alpha) const override {
    std::vector<double> p = offsetStarts(c, targets, level, alpha);
    p.push_back(alpha);
    return p;
  }
};

class Vertical final : public FormatOffset {
 public:
  const LawFormInfo& info() const override {
    static constexpr LawFormInfo kInfo{.name = "V",
                                       .title = "one curve, one vertical offset per format",
                                       .formula = "E + exp(lnA0 - alpha * ln(N / N0)) + C_f",
                                       .source = "J2 with gammaN = 0",
                                       .nestedIn = "J2"};
    return kInfo;
  }

  std::vector<LawParameter> parameters(const LawContext& c) const override {
    return withPenalties(c);
  }
};

}  // namespace

const LawForm& formJ2() {
  static const J2 kForm;
  return kForm;
}

const LawForm& formVertical() {
  static const Vertical kForm;
  return kForm;
}

}  // namespace bitfrontier
