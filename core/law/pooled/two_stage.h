// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/job.h"
#include "core/law/fit/joint_law.h"
#include "core/law/inference/law_comparison.h"

namespace bitfrontier {

struct TwoStageOptions {
  std::string lossForm = "J1";            ///< cross-entropy from size and format
  std::string linkForm = "link-sigmoid";  ///< accuracy from cross-entropy, all formats pooled
  std::string directForm = "J1";          ///< accuracy from size and format: what to be better than
};

/// How far a format's accuracies lie from the common link.
struct LinkResidual {
  std::string format;
  int points = 0;
  double mean = 0;                ///< accuracy, measured - link
  double se = LawPoint::kAbsent;  ///< of the mean, from the format's own scatter
  double p = LawPoint::kAbsent;   ///< two-sided t test of mean 0
};

/// Accuracy by way of cross-entropy: size and format give the loss, the loss gives the accuracy.
struct TwoStageFit {
  JointFit loss, link, direct;
  CrossValidation staged;    ///< accuracy of sizes left out of both stages
  CrossValidation straight;  ///< the same points by the direct law
  std::vector<LinkResidual> pooling;
  bool usable = false;
  std::vector<LawRemark> remarks;

  /// Accuracy at a size on the loss law's axis; NaN when there is no fit or no such format.
  double predict(std::string_view format, double size) const;
  /// `draws` predictions with both stages' parameters drawn; with the lack of fit of both for a
  /// model that was not measured.
  std::vector<double> predictions(std::string_view format, double size, std::size_t draws,
                                  std::uint64_t seed, bool newModel) const;
  /// Percentile interval of predictions().
  std::pair<double, double> interval(std::string_view format, double size, bool newModel,
                                     double level = 0.95) const;
};

/// Fits both stages and the direct law to the points that have accuracy and cross-entropy. Usable
/// only when both stages are, when no format lies off the link (t test at 0.01 over all formats,
/// and half a point of accuracy), and when left-out sizes are predicted no worse than by the direct
/// law. `options.form` and `metric` are not used; its covariance is that of the accuracies.
TwoStageFit fitTwoStage(std::span<const LawPoint> points, const JointOptions& options,
                        const TwoStageOptions& stages = {}, const JobContext& job = {});

}  // namespace bitfrontier
