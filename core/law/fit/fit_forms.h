// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/law/fit/joint_law.h"

namespace bitfrontier {

/// The fits of several laws to the same points, in the order of `forms`; `options.form` is not
/// used.
std::vector<JointFit> fitForms(std::span<const LawPoint> points, std::span<const std::string> forms,
                               const JointOptions& options, const JobContext& job = {});

/// Indices of the points that all fits with an AICc rest on, when some of these rest on more; else
/// nothing. An AICc of other points compares nothing.
std::vector<std::size_t> commonPoints(std::span<const JointFit> fits);

}  // namespace bitfrontier
