// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/job.h"
#include "core/law/fit/joint_law.h"

namespace bitfrontier {

/// The values of one parameter that the data allow when all others are fitted again at each.
struct ProfileInterval {
  std::string name;
  double estimate = 0;
  double lower = LawPoint::kAbsent, upper = LawPoint::kAbsent;  ///< the bound where not closed
  bool closedBelow = false, closedAbove = false;
  double waldLower = LawPoint::kAbsent, waldUpper = LawPoint::kAbsent;
  /// The profile itself, ascending: values of the parameter, and by how much -2 ln L is above its
  /// least there. The interval is where it is below `threshold`. Empty unless asked for.
  std::vector<std::pair<double, double>> curve{};
  double threshold = LawPoint::kAbsent;
};

struct ProfileOptions {
  double level = 0.95;
  std::vector<std::string> parameters = {};  ///< empty: all free ones
  std::size_t curve = 0;                     ///< places of ProfileInterval::curve on each side
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

/// Half-width of the Wald interval of parameter `k`: standard error x normal quantile with known
/// errors, x t quantile with n - K degrees of freedom when one scatter is estimated for all. With a
/// lack of fit beside known errors both come from the restricted likelihood (RestrictedNoise), so
/// the interval is wider than the printed standard error, which belongs to the likelihood's
/// maximum, suggests. NaN without a standard error.
double waldHalfWidth(const JointFit& fit, std::size_t k, double level);
/// The same for the fitted curve at a place.
double curveHalfWidth(const JointFit& fit, const LawRow& row, double level);

/// The same for a new model measured on other items with this variance of its own. Without any, and
/// with a lack of fit near 0, next to nothing is known of the little that is left: Satterthwaite's
/// approximation comes down to one degree of freedom and the interval is far too wide.
double newHalfWidth(const JointFit& fit, const LawRow& row, double ownVariance, double level);

/// Degrees of freedom of that variance; infinite where nothing is estimated.
double newFreedom(const JointFit& fit, const LawRow& row, double ownVariance);
/// Half-width in standard errors: Student's t, normal for infinite `freedom`.
double studentQuantile(double freedom, double level);

/// t quantile with n - K degrees of freedom when the scatter is estimated, else normal.
double waldFactor(const JointFit& fit, double level);

}  // namespace bitfrontier
