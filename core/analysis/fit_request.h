// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/analysis/fit_option.h"
#include "core/law/fit/joint_law.h"
#include "core/law/inference/law_bootstrap.h"
#include "core/law/pooled/chinchilla.h"
#include "core/law/pooled/two_stage.h"

namespace bitfrontier {

/// For each family, on what may be compared: the law that the data choose.
struct ChosenRequest {
  LawMetric metric = LawMetric::Accuracy;
  SeriesKey key = SeriesKey::Bits;  ///< what a format is, and what a curve is drawn for
};

/// A power law of total bits for each series.
struct SeriesRequest {
  LawMetric metric = LawMetric::Accuracy;
  SeriesKey key = SeriesKey::Bits;
  std::optional<BootstrapOptions> bootstrap{};
};

/// One named law for each family, or for each series when it is of one format.
struct JointRequest {
  JointOptions options;                   ///< with the law; without a covariance
  SeriesKey seriesKey = SeriesKey::Bits;  ///< of laws of one format
  std::vector<std::string> without{};     ///< formats that are left out, words of --without
  std::vector<double> sizes{};            ///< to predict at, in parameters
  bool profile = false;
  std::size_t profileCurve = 0;  ///< places of each profile on either side; 0: intervals alone
  std::optional<BootstrapOptions> bootstrap{};
};

/// Several laws of each family on the same points, and how they carry over between families.
struct ComparisonRequest {
  JointOptions options;
  SeriesKey seriesKey = SeriesKey::Bits;
  std::vector<std::string> forms;  ///< the first says what a group of points is
  std::vector<std::string> without{};
};

/// J1 over all families at once.
struct FamiliesRequest {
  JointOptions options;
  double spread = 0.2;
  std::vector<std::string> without{};
};

/// Accuracy by way of cross-entropy.
struct TwoStageRequest {
  JointOptions options;
  TwoStageOptions stages;
  std::vector<std::string> without{};
};

/// Loss of training runs by parameters and tokens.
struct TrainingRequest {
  std::vector<TrainingRun> runs;
  std::string title;  ///< name of the file
  ChinchillaOptions options;
  std::size_t bootstrap = 0;  ///< replicates; 0: none
};

/// One question to ask. The alternatives are in the order of FitKind.
using FitRequest = std::variant<ChosenRequest, SeriesRequest, JointRequest, ComparisonRequest,
                                FamiliesRequest, TwoStageRequest, TrainingRequest>;

inline FitKind kindOf(const FitRequest& request) { return static_cast<FitKind>(request.index()); }
/// The metric that the points must have; accuracy for two stages and training runs.
LawMetric metricOf(const FitRequest& request);
/// Throws InvalidArgument for what makes no sense, before any point is read.
void check(const FitRequest& request);

}  // namespace bitfrontier
