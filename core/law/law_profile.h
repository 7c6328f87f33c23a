// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/law/joint_law.h"

namespace bitfrontier {

/// The values of one parameter that the data allow when all others are fitted again at each.
struct ProfileInterval {
  std::string name;
  double estimate = 0;
  double lower = LawPoint::kAbsent, upper = LawPoint::kAbsent;  ///< the bound where not closed
  bool closedBelow = false, closedAbove = false;
  double waldLower = LawPoint::kAbsent, waldUpper = LawPoint::kAbsent;
};

struct ProfileOptions {
  double level = 0.95;
  std::vector<std::string> parameters;  ///< empty: all free ones
};

/// Profile likelihood intervals. Known errors: Delta chi2 = quantile of chi2 with one degree of
/// freedom. Estimated scatter (Equal weighting, or tau): F-scaled, n ln(1 + F/(n - K)) in -2 ln L,
/// with tau maximised again at each value. An interval that does not close before the parameter's
/// bound is half-open, and the parameter not identified on that side.
std::vector<ProfileInterval> profileIntervals(std::span<const LawPoint> points,
                                              const JointOptions& options, const JointFit& fit,
                                              const ProfileOptions& profile = {},
                                              const JobContext& job = {});

/// Whether `value` of a free parameter lies inside its profile likelihood interval: the same
/// criterion at one place, without looking for the ends. Throws InvalidArgument for an unknown
/// name.
bool insideProfile(std::span<const LawPoint> points, const JointOptions& options,
                   const JointFit& fit, const std::string& parameter, double value,
                   double level = 0.95);

/// One remark for each interval that does not close.
std::vector<LawRemark> judgeProfiles(std::span<const ProfileInterval> intervals);

/// Half-width factor of a Wald interval: the t quantile with n - K degrees of freedom when the
/// scatter is estimated, else the normal one.
double waldFactor(const JointFit& fit, double level);

}  // namespace bitfrontier
