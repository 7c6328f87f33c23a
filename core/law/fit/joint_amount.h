// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/law/fit/joint_data.h"
#include "core/law/fit/joint_law.h"

namespace bitfrontier {

/// Ranges of sizes and bits. Internal to core/law, as all of this header.
void describeRange(const JointData& data, JointFit& fit);

/// Whether there are enough sizes and points for the law at all; says so when not.
bool judgeAmount(const JointData& data, const JointOptions& options, const LawForm& form,
                 JointFit& fit);

}  // namespace bitfrontier
