// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/law/data/item_resampling.h"
#include "core/law/fit/joint_law.h"
#include "core/law/fit/series_law.h"

namespace bitfrontier {

/// What is drawn again.
enum class Resampling {
  Auto,        ///< Items when there are outcomes, else Parametric
  Items,       ///< items of the tasks, the same for all configurations (paired)
  Models,      ///< whole sizes with all their formats (clusters)
  Parametric,  ///< normal around the measured values with the fit's covariance
};
/// "auto", "items", "models", "parametric".
std::string_view resamplingName(Resampling resampling);
Resampling parseResampling(std::string_view name);

struct BootstrapOptions {
  std::size_t replicates = 1000;
  Resampling resampling = Resampling::Auto;
  ItemWeights weights = ItemWeights::Multinomial;
  /// Adds tau N(0, 1) to every configuration: without it the intervals hold for these very models
  /// only.
  bool withLackOfFit = true;
  std::uint64_t seed = 1;
  double level = 0.95;
  int threads = 1;
};

/// Spread of one parameter over replicates.
struct BootstrapParameter {
  std::string name;
  double mean = LawPoint::kAbsent, sd = LawPoint::kAbsent;
  double lower = LawPoint::kAbsent, upper = LawPoint::kAbsent;  ///< percentiles
  double atBound = 0;                                           ///< share of replicates
  bool printable = true;  ///< false: more than 5 % at the bound
};

/// Mean, deviation and percentiles of `values`, those that are not finite apart.
BootstrapParameter summariseDraws(std::string name, std::vector<double> values, double lower,
                                  double upper, double level);

struct BootstrapResult {
  Resampling resampling = Resampling::Items;
  std::size_t replicates = 0;  ///< that gave a fit
  std::size_t failed = 0;
  std::vector<BootstrapParameter> parameters;
  std::vector<double> draws;  ///< replicates x K, all parameters
  std::vector<LawRemark> remarks;

  /// Percentile interval of the fitted curve at `row`.
  std::pair<double, double> curveInterval(const JointFit& fit, const LawRow& row,
                                          double level = 0.95) const;
};

/// Fits again to each replicate from the optimum, standard errors, covariance and tau kept.
/// `items` are rows for the points given (same order), or null. Throws InvalidArgument when items
/// are asked for and absent.
BootstrapResult bootstrapJoint(std::span<const LawPoint> points, const JointOptions& options,
                               const JointFit& fit, const ItemOutcomes* items,
                               const BootstrapOptions& bootstrap, const JobContext& job = {});

/// The same for the law of a series: draws and summaries are of c, a and alpha (PowerLaw).
BootstrapResult bootstrapSeriesLaw(const SeriesLaw& law, const JointOptions& options,
                                   const ItemOutcomes* items, const BootstrapOptions& bootstrap,
                                   const JobContext& job = {});

}  // namespace bitfrontier
