// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/law/fit/joint_data.h"
#include "core/law/fit/joint_law.h"
#include "core/law/fit/law_objective.h"

namespace bitfrontier {

/// Everything that has to be said about a finished fit (internal to core/law); sets `usable`,
/// outliers, identification, minima and derived quantities. `others` are further optima (free
/// parameters).
void judgeFit(const JointData& data, const JointOptions& options, LawObjective& objective,
              const std::vector<double>& best, const std::vector<std::vector<double>>& others,
              JointFit& fit);

/// Error and slope of the reference at size0: what the data determine well even where E, A0 and
/// alpha trade off against each other. Replaces what was there.
void deriveExpectedValues(JointFit& fit);

}  // namespace bitfrontier
