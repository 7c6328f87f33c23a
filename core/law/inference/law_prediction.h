// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "core/law/fit/joint_law.h"
#include "core/law/inference/model_prediction.h"

namespace bitfrontier {

/// What a law says of one format at one size. Values are of the metric: accuracy as a share, or
/// nats per token. All are absent where the prediction is refused, the intervals also where the
/// parameters have no standard errors.
struct LawPrediction {
  std::size_t format = 0;                ///< of JointFit::context.formats
  double size = 0;                       ///< parameters
  double totalBits = LawPoint::kAbsent;  ///< see JointFit::bitsForSize; absent without any
  double value = LawPoint::kAbsent;
  double level = 0.95;  ///< of both intervals
  /// Of the curve (confidence band): the delta method on the parameters' covariance, see
  /// curveHalfWidth().
  double curveLower = LawPoint::kAbsent, curveUpper = LawPoint::kAbsent;
  /// Of a new model that is measured on as many other items (prediction band): the law's lack of
  /// fit and `ownSe` added, see newHalfWidth().
  double newLower = LawPoint::kAbsent, newUpper = LawPoint::kAbsent;
  /// Noise of the new model's items: root mean square standard error of the format's points. 0 with
  /// Equal weighting, where the scatter of the points has lack of fit and noise in one.
  double ownSe = 0;
  /// Where a model of about this size was measured, but not under this format: what that model
  /// reaches, at its own size.
  std::optional<ModelPrediction> known;
  /// The warning or refusal of JointFit::judgePrediction().
  std::optional<LawRemark> remark;
};

/// Throws InvalidArgument for a law that says nothing about a number of parameters alone: one over
/// total bits, or one from cross-entropy to accuracy.
void requireLawOfSize(const LawForm& form, LawAxis axis = LawAxis::Parameters);

/// Each format at each of the sizes (parameters), size by size in the order given; empty when there
/// is no fit. Laws that use training tokens are taken at JointFit::context.tokens0. Throws as
/// requireLawOfSize(), and InvalidArgument for a size that is not positive or a level outside 0..1.
std::vector<LawPrediction> predictAt(const JointFit& fit, std::span<const double> sizes,
                                     double level = 0.95);

}  // namespace bitfrontier
