// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/law/form/law_form.h"
#include "core/law/form/start_values.h"

namespace bitfrontier {

/// One power law and a constant for each format but the reference:
///
///   error (or loss) = E + exp(lnA0 - alpha z) + o_f,   o of the reference = 0
class FormatOffset : public LawForm {
 public:
  double value(const LawContext& c, const double* p, const LawRow& row,
               double* gradient) const final;
  std::vector<double> start(const LawContext& c, std::span<const LawTarget> targets, double level,
                            double alpha) const final;
};

/// E, lnA0, alpha.
std::vector<LawParameter> baseParameters(const LawContext& context);

/// One more parameter for each format but the reference, called `prefix` and the format's label;
/// `lower` and `upper` are in units of the metric's range (1, or the largest loss).
void addFormatParameters(const LawContext& context, const std::string& prefix,
                         const std::string& meaning, double lower, double upper,
                         std::vector<LawParameter>& parameters);

/// A start from the base curve and the mean vertical distances of the formats from it.
std::vector<double> offsetStarts(const LawContext& context, std::span<const LawTarget> targets,
                                 double level, double alpha);

}  // namespace bitfrontier
