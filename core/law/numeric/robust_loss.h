// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace bitfrontier {

/// How large residuals count. Costs as in Ceres (1/2 rho(r^2)): Huber r^2/2 inside a, a|r| - a^2/2
/// outside; Cauchy a^2/2 ln(1 + r^2/a^2); Tukey a^2/6 (1 - (1 - r^2/a^2)^3), a^2/6 outside.
enum class RobustLoss { None, Huber, Cauchy, Tukey };

/// "none", "huber", "cauchy", "tukey".
std::string_view robustLossName(RobustLoss loss);
/// Throws Error(InvalidArgument) listing the names.
RobustLoss parseRobustLoss(std::string_view name);
/// 1.345, 2.385, 4.685: 95 % efficiency for normal residuals.
double usualScale(RobustLoss loss);

/// rho(r^2) with rho(s) = s for None, so that the cost is 1/2 rho.
double robustRho(RobustLoss loss, double scale, double residual);
/// sign(r) sqrt(rho(r^2)): squares of these sum to the robust cost, so that any least-squares
/// solver minimises it. `derivative` is by r.
double robustResidual(RobustLoss loss, double scale, double residual, double* derivative);

}  // namespace bitfrontier
