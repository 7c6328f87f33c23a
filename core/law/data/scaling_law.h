// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/job.h"
#include "core/law/data/law_point.h"

namespace bitfrontier {

/// What is on the vertical axis.
enum class LawMetric { Accuracy, CrossEntropy };

/// "accuracy", "cross-entropy".
std::string_view lawMetricName(LawMetric metric);
/// Inverse of lawMetricName. Throws Error(InvalidArgument) listing the names.
LawMetric parseLawMetric(std::string_view name);
/// The point's value of the metric, and its standard error; NaN when absent.
double metricOf(const LawPoint& point, LawMetric metric);
double metricSeOf(const LawPoint& point, LawMetric metric);
/// Names of the tasks behind it.
const std::string& tasksOf(const LawPoint& point, LawMetric metric);

/// One field of LawPoint by which points are divided into series.
enum class SeriesKey { Bits, BlockSize, DataType, Config };

/// "bits", "block", "type", "config".
std::string_view seriesKeyName(SeriesKey key);
/// Inverse of seriesKeyName. Throws Error(InvalidArgument) listing the names.
SeriesKey parseSeriesKey(std::string_view name);

/// A named set of points fitted and drawn together, e.g. all 4-bit points of one family.
struct LawSeries {
  std::string family;
  std::string label;  ///< e.g. "4 bit", "block 64", "int"
  SeriesKey key = SeriesKey::Bits;
  std::string source;            ///< empty = measured here
  std::vector<LawPoint> points;  ///< ordered by total bits
  std::string method;            ///< of the points, e.g. "rtn"
  std::int64_t itemLimit = 0;    ///< of the points
};

/// Name of what a point has in common with others of its series: "4 bit", "int4-b64",
/// "4 bit, gptq".
std::string seriesLabel(const LawPoint& point, SeriesKey key);

/// How to fit; every field has a sensible default.
struct FitOptions {
  LawMetric metric = LawMetric::Accuracy;
  int starts = 24;          ///< random starts inside the data-driven box
  std::uint64_t seed = 1;   ///< of the starts
  int maxIterations = 300;  ///< per start
  double functionTolerance = 1e-12;
  bool weighted = true;  ///< weights 1/se^2 where points have standard errors; see pointErrors()
};

/// A saturating power law in total model bits b, centred at b0 (geometric mean of the data):
/// accuracy: y = c - a (b/b0)^-alpha; cross-entropy: y = c + a (b/b0)^-alpha. Parameters c, a,
/// alpha.
struct LawFit {
  std::string family;
  std::string label;
  std::string source;
  LawMetric metric = LawMetric::Accuracy;
  std::vector<std::string> parameterNames;  ///< {"c", "a", "alpha"}
  std::vector<double> values;
  std::vector<double> standardErrors;  ///< NaN where the data do not determine them
  std::vector<double> covariance;      ///< row-major, size parameters^2; empty when not available
  double b0 = 1;                       ///< bits at which the law is centred
  double minBits = 0;  ///< range of the data; predictions outside are extrapolations
  double maxBits = 0;
  double r2 = 0;
  double rmse = 0;
  double chi2 = 0;  ///< weighted sum of squares at the optimum
  int n = 0;
  int convergedStarts = 0;  ///< starts that reached the best optimum
  int starts = 0;
  bool usable = false;  ///< false: too few points, no convergence or no agreement; `note` says why
  std::string note;     ///< one sentence of warning, or empty

  double predict(double totalBits) const;
  /// Standard error of the mean curve by the delta method; NaN without covariance.
  double predictSe(double totalBits) const;
};

/// Divides points into series by family and key; never mixes methods, nor points of different
/// Scoring (see comparable_set.h). With a key that
/// leaves several configurations at one model (e.g. 4 bit has four data types and two block sizes),
/// every configuration's point is kept.
std::vector<LawSeries> makeSeries(std::span<const LawPoint> points, SeriesKey key,
                                  LawMetric metric = LawMetric::Accuracy);

/// Fits one series. Fewer than 4 distinct sizes or degenerate data give a fit with usable = false
/// and a note.
LawFit fitLaw(const LawSeries& series, const FitOptions& options, const JobContext& job = {});

/// Piecewise-linear interpolation in log2(total bits) (the paper's curves): the mean metric of the
/// points at each distinct model, joined by straight lines. No extrapolation: absent outside the
/// range.
struct PiecewiseCurve {
  std::vector<double> totalBits;  ///< ascending
  std::vector<double> values;
  /// NaN outside the range.
  double at(double bits) const;
};
PiecewiseCurve piecewiseLinear(const LawSeries& series, LawMetric metric);

}  // namespace bitfrontier
