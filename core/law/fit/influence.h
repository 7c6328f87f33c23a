// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/law/fit/joint_law.h"

namespace bitfrontier {

/// How much one point alone moves a law.
struct PointInfluence {
  std::size_t fitted = 0;   ///< index of JointFit::points
  double standardised = 0;  ///< its residual, in its own standard deviations
  double leverage = 0;      ///< share of the fitted value that is its own, 0..1
  /// R. D. Cook, "Detection of influential observation in linear regression", 1977: the distance by
  /// which all fitted values move when the point is left out, in units of the K parameters' errors.
  /// To first order in a law that is not linear.
  double cook = 0;
};

/// Of every point of a fit with a covariance, most influential first; empty without one. Errors
/// count as independent, also where the fit was paired.
std::vector<PointInfluence> influences(const JointFit& fit);

/// A point that is worth a look, and why, a sentence that may stand as the reason for leaving it
/// out. Whether it is left out is never decided here.
struct ExclusionHint {
  PointInfluence influence;
  std::string reason;
};

/// Points that move the parameters to the edge of their 50 % confidence region by themselves
/// (Cook's distance above the median of F(K, n - K), as Cook suggests), and outliers
/// (JointFit::outliers). None of a law that is refused or misses what it describes: the law is the
/// fault then. At most a tenth of the points, most influential first.
std::vector<ExclusionHint> exclusionHints(const JointFit& fit);

}  // namespace bitfrontier
