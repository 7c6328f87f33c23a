// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "core/law/form/law_form.h"

namespace bitfrontier {

/// E and ln A0 of E + A0 exp(-alpha z).
struct BaseStart {
  double floor = 0;
  double logAmplitude = 0;
};

/// For a given exponent: E = `level` times the smallest value, A0 by linear least squares over
/// the rows of `format` (all rows when it has fewer than two).
BaseStart baseStart(std::span<const LawTarget> targets, std::size_t format, double level,
                    double alpha);

/// ln rho of a format: mean horizontal distance of its points from the base curve.
double shiftStart(std::span<const LawTarget> targets, std::size_t format, const BaseStart& base,
                  double alpha);

/// Mean vertical distance of a format's points from the base curve.
double offsetStart(std::span<const LawTarget> targets, std::size_t format, const BaseStart& base,
                   double alpha);

/// @name Bounds and units that several laws share
/// @{
LawParameter floorParameter(const LawContext& context, const std::string& suffix = "");
LawParameter amplitudeParameter(const LawContext& context, const std::string& suffix = "");
LawParameter exponentParameter(const LawContext& context, const std::string& suffix = "");
std::string metricUnit(const LawContext& context);
/// @}

}  // namespace bitfrontier
