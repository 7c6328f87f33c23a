// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/law/fit/joint_law.h"

namespace bitfrontier {

/// What families have in common about one format.
struct SharedShift {
  std::string format;
  double mean = 0;                ///< mu_f: ln of the effective size relative to the reference
  double se = LawPoint::kAbsent;  ///< of the mean
  int families = 0;               ///< that have the format
  /// Standard deviation of ln rho_f of a family that was not measured: sqrt(se^2 + spread^2).
  double newFamilySe = LawPoint::kAbsent;
};

/// J1 of several families at once. Each has its own E, lnA0 and alpha; its format shifts are
///
///   lnrho_f of a family = mu_f + delta,   delta ~ N(0, spread^2)
///
/// so that a family with few or noisy points of a format borrows from the others.
struct FamilyFit {
  double spread = 0.2;             ///< prior standard deviation of delta
  std::vector<JointFit> families;  ///< J1 with the shifts of the pooled fit; may predict and draw
  std::vector<SharedShift> shifts;
  double chi2 = LawPoint::kAbsent;         ///< of the whitened residuals and the deltas
  double deltaSpread = LawPoint::kAbsent;  ///< root mean square of the fitted deltas
  int n = 0, freeParameters = 0;
  bool usable = false;
  std::vector<LawRemark> remarks;
};

/// Fits points of several families (and one source). Each family's lack of fit is that of its own
/// J1 fit. Families whose own law is refused, or whose reference format is another, are left out
/// with a remark; fewer than two that remain are refused. `options.form` is not used; a covariance
/// is taken within families. Throws InvalidArgument for a spread that is not above 0.
FamilyFit fitFamilies(std::span<const LawPoint> points, const JointOptions& options,
                      double spread = 0.2, const JobContext& job = {});

}  // namespace bitfrontier
