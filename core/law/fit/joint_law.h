// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/job.h"
#include "core/law/data/item_outcomes.h"
#include "core/law/data/series.h"
#include "core/law/fit/restricted_noise.h"
#include "core/law/form/law_form.h"
#include "core/law/form/law_remark.h"
#include "core/law/numeric/robust_loss.h"

namespace bitfrontier {

/// What the residuals are divided by.
enum class Weighting {
  Auto,    ///< Paired when a covariance is given, Errors when all points have one, else Equal
  Equal,   ///< one unknown standard deviation for all
  Errors,  ///< independent standard errors of the points (WLS)
  Paired,  ///< the full covariance (GLS)
};
/// "auto", "equal", "errors" (also "wls"), "paired" (also "gls").
std::string_view weightingName(Weighting weighting);
Weighting parseWeighting(std::string_view name);

/// How to fit a law to the points of one family.
struct JointOptions {
  std::string form = "J1";  ///< see lawForms()
  std::string reference;    ///< label of the reference format; empty: the one with most bits
  LawMetric metric = LawMetric::Accuracy;
  LawAxis axis = LawAxis::Parameters;
  SeriesKey formatKey = SeriesKey::Config;  ///< points with the same key share format parameters

  Weighting weighting = Weighting::Auto;
  /// Covariance of the points' metric, in the order of the points.
  std::optional<SymmetricMatrix> covariance;
  /// Why outcomes could not be paired, when the caller tried: the fit then uses independent errors
  /// and says this.
  std::string unpairedBecause;
  /// Standard deviation of the lack of fit, in units of the metric: estimated by maximum
  /// likelihood, or held at `tau`. Not with Equal weighting, whose one deviation is all there is.
  double tau = 0;
  bool estimateTau = true;
  /// The caller gives every model a deviation of its own (LawPosterior), so that a law which misses
  /// whole models is qualified, not refused.
  bool modelsDeviate = false;

  bool publishedPriors = false;         ///< published constants as priors; the fit says so
  RobustLoss loss = RobustLoss::None;   ///< not with Paired
  double lossScale = 0;                 ///< in standardised residuals; 0: the usual one
  double priorWidth = 0.3;              ///< of the priors, relative to the constants
  std::map<std::string, double> fixed;  ///< parameters held at a value

  std::map<std::string, double> trainingTokens;  ///< by model
  std::map<std::string, double> formatNoise;     ///< by configuration: relative squared error
  int breaks = 1;                                ///< of the broken power law

  int starts = 16;
  std::uint64_t seed = 1;
  std::size_t fewestSizes = 4;  ///< fewer are refused
};

/// One parameter after the fit.
struct FittedParameter : LawParameter {
  double value = 0;
  double se = LawPoint::kAbsent;  ///< absent at a bound, when held, or not determined
  bool atBound = false;
  bool held = false;
  bool identified = true;
};

/// A number that follows from the parameters, e.g. the error at size0.
struct DerivedQuantity {
  std::string name;
  std::string meaning;
  double value = 0;
  double se = LawPoint::kAbsent;
};

/// One point as the fit saw it.
struct FittedPoint {
  std::size_t point = 0;  ///< index into the points given
  std::string model;
  LawRow row;
  double size = 0;
  double totalBits = 0;
  double value = 0;         ///< metric
  double se = 0;            ///< known part: sqrt of the covariance's diagonal
  double fitted = 0;        ///< metric
  double standardised = 0;  ///< residual / sqrt(se^2 + tau^2)
};

/// A fitted law. Everything in units of the metric (accuracy 0..1, nats per token).
struct JointFit {
  const LawForm* form = nullptr;
  LawContext context;
  LawAxis axis = LawAxis::Parameters;
  Weighting weighting = Weighting::Equal;  ///< never Auto
  std::string family;
  std::string source;

  std::vector<FittedParameter> parameters;
  std::vector<double> covariance;  ///< K x K row-major; zero rows for held and bound ones
  std::vector<DerivedQuantity> derived;
  /// Lack of fit, with Equal weighting the residual standard deviation; of laws with logarithmic
  /// residuals in the unit of those.
  double tau = 0;
  bool tauEstimated = false;
  /// What Wald intervals rest on when tau is estimated beside known errors; else empty.
  RestrictedNoise restricted;
  double chi2 = LawPoint::kAbsent;  ///< of the whitened residuals at the optimum
  double minus2LogLikelihood = LawPoint::kAbsent;
  double aicc = LawPoint::kAbsent;  ///< infinite when there are too few points
  /// chi2 + 2K + 2K(K+1)/(n-K-1), when the errors are known and tau is held at 0.
  double aiccKnownErrors = LawPoint::kAbsent;
  double rmse = LawPoint::kAbsent;
  double r2 = LawPoint::kAbsent;
  int n = 0, freeParameters = 0, sizes = 0;
  double condition = LawPoint::kAbsent;  ///< of the column-scaled, whitened Jacobian
  int starts = 0, agreed = 0;            ///< starts that reached the best optimum
  int minima = 0;  ///< distinct optima with a cost within Delta chi2 < 1 of the best
  double minSize = 0, maxSize = 0;  ///< range of the data
  double minBits = 0, maxBits = 0;
  bool usable = false;  ///< false: refused; the remarks say why
  std::vector<LawRemark> remarks;
  std::vector<FittedPoint> points;
  std::vector<std::size_t> outliers;  ///< of `points`: standardised residual above 4

  /// Parameter values in order.
  std::vector<double> values() const;
  /// Index of a parameter by name.
  std::optional<std::size_t> find(std::string_view parameter) const;
  std::optional<std::size_t> findFormat(std::string_view label) const;

  /// A place to predict at, from the format's index and the size on the fit's axis.
  LawRow row(std::size_t format, double size, double tokens = LawPoint::kAbsent) const;
  /// The metric there. NaN when there is no fit. `values` replaces the fitted parameters.
  double predict(const LawRow& row) const;
  double predict(const LawRow& row, const double* values) const;
  /// How the law's value there (error or metric) changes with each parameter.
  std::vector<double> gradientAt(const LawRow& row) const;
  /// What one unit of the law's residuals, the unit of tau, is there in units of the metric: 1, the
  /// value for residuals of ln, 1 + the value for those of ln(1 + value).
  double residualUnit(const LawRow& row) const;
  /// Standard error of the mean curve (delta method).
  double predictSe(const LawRow& row) const;
  /// Of a new model measured on other items: + tau^2 + `ownVariance`, with the covariance and tau
  /// of the restricted likelihood where tau is estimated beside known errors.
  double predictNewSe(const LawRow& row, double ownVariance = 0) const;
  /// Size (parameters) at which a format has these total bits: interpolated over the format's
  /// points in logarithms, in proportion outside them.
  double sizeForBits(std::size_t format, double totalBits) const;
  double bitsForSize(std::size_t format, double size) const;
  /// Factor by which a total of bits or a size on the axis lies outside the data; 1 inside.
  double extrapolation(double size) const;
  /// What to say about a prediction at `size`: nothing, a warning, or a refusal (factor above 4,
  /// or above 2 with fewer than 6 sizes, or outside at all when not identified).
  std::optional<LawRemark> judgePrediction(double size) const;

  /// `count` x K draws from the normal approximation at the optimum, bounds respected; the same
  /// for the same seed whatever the number of threads.
  std::vector<double> draws(std::size_t count, std::uint64_t seed) const;
};

}  // namespace bitfrontier
