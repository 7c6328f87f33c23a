// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "core/base/job.h"
#include "core/law/data/series.h"
#include "core/law/fit/joint_law.h"

namespace bitfrontier {

/// One series with its law: the form "power" over total model bits.
struct SeriesLaw {
  LawSeries series;
  JointFit fit;
};

/// How the law of a series is fitted: with independent errors, so that the curve goes through its
/// points; everything else as for joint laws.
JointOptions seriesOptions(LawMetric metric);

/// Fits the law of a series with `options` (see seriesOptions()); its key says what a format is.
/// What is refused is in the fit.
SeriesLaw fitSeries(LawSeries series, const JointOptions& options, const JobContext& job = {});

/// The law of a series as it is written in total bits b: accuracy c - a (b/b0)^-alpha,
/// cross-entropy c + a (b/b0)^-alpha. All of it follows from the fit's E, lnA0 and alpha: c = 1 - E
/// (of cross-entropy E), a = exp(lnA0), b0 the geometric mean of the data's total bits.
struct PowerLaw {
  static constexpr std::array<const char*, 3> kNames{"c", "a", "alpha"};

  LawMetric metric = LawMetric::Accuracy;
  double b0 = 1;
  std::array<double, 3> values{};
  std::array<double, 3> standardErrors{};  ///< NaN at a bound and where nothing determines them
  std::vector<double> covariance;          ///< 3 x 3 row-major, or empty

  double predict(double totalBits) const;
};

/// Nothing when the fit has no parameters. Throws InvalidArgument for another form than "power".
std::optional<PowerLaw> powerLawOf(const JointFit& fit);
/// Three values of E, lnA0, alpha as c, a, alpha.
std::array<double, 3> powerLawValues(LawMetric metric, const double* values);

}  // namespace bitfrontier
