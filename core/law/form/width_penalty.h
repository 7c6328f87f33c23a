// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/law/form/law_form.h"
#include "core/law/form/penalty_parts.h"

namespace bitfrontier {

/// Loss whose penalty of quantization is a function of the bit width k alone, k < 16:
///
///   L = E + A0 (N/N0)^-alpha [+ B0 (D/D0)^-beta]
///       + exp(lnC - gammaN ln(N/N0) [+ gammaD ln(D/D0)] + w(k)),   w(4) = 0
///
/// Laws differ in w, which has one parameter. Parameters in order: those of LossBase, lnC, gammaN,
/// that of w, and gammaD with training tokens.
class LossWithWidthPenalty : public LawForm {
 public:
  std::vector<LawParameter> parameters(const LawContext& c) const final;
  double value(const LawContext& c, const double* p, const LawRow& row,
               double* gradient) const final;
  std::vector<double> start(const LawContext& c, std::span<const LawTarget> targets, double level,
                            double alpha) const final;

 protected:
  virtual LawParameter widthParameter() const = 0;
  /// w(k) and its derivative by the parameter.
  virtual double width(double k, double parameter, double& slope) const = 0;
  /// Where searches for the parameter begin.
  virtual double widthStart() const = 0;
};

}  // namespace bitfrontier
