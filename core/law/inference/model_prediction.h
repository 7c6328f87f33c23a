// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "core/law/fit/joint_law.h"

namespace bitfrontier {

/// What a configuration of a known model reaches that was not run: the law and what the model's
/// measured configurations deviate from it by. Values are of the metric.
struct ModelPrediction {
  std::string model;
  double value = LawPoint::kAbsent;
  double lower = LawPoint::kAbsent, upper = LawPoint::kAbsent;  ///< of a measurement
};

/// Best linear unbiased predictions with the variances of restricted maximum likelihood
/// (deviationVariances(); G. Robinson, "That BLUP is a good thing", 1991), for any law. The errors
/// of the points count as independent.
class ModelPredictor {
 public:
  /// `fit` outlives the predictor.
  explicit ModelPredictor(const JointFit& fit);
  ~ModelPredictor();

  /// The fit's model of about this many parameters (within 6 %, the nearest), if one was measured.
  std::optional<std::string> modelOfSize(double parameters) const;
  /// Absent for what was measured, for models and formats that the fit does not know, and where the
  /// points do not tell what models share: fewer than two models of two points, no free
  /// parameters, or more than 600 points.
  std::optional<ModelPrediction> predict(const std::string& model, std::size_t format,
                                         double level) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bitfrontier
