// SPDX-License-Identifier: GPL-3.0-or-later
// What a fit must refuse or qualify.

#include "core/law/fit/joint_remarks.h"

#include <fmt/format.h>
#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <cmath>
#include <Eigen/Dense>
#include <map>
#include <set>

namespace bitfrontier {
namespace {

constexpr double kIllConditioned = 1e4;
constexpr double kDependent = 0.9999;
constexpr double kLargeResidual = 4;
constexpr double kLeverage = 0.99;
constexpr double kPValue = 1e-3;
// What J2's own exponent and J3's need.
constexpr double kClearPenalty = 3;  // standard errors
constexpr int kFewestClear = 2;
constexpr int kFewestNoises = 4;
constexpr double kNoiseSpan = 16;

/// Above this lack of fit a law is not worth its curve: 1 point of accuracy, 0.05 nats.
double largestTau(LawMetric metric) { return metric == LawMetric::Accuracy ? 0.01 : 0.05; }

void say(JointFit& fit, RemarkCode code, std::string text) {
  fit.remarks.push_back({code, false, std::move(text)});
}
void refuse(JointFit& fit, RemarkCode code, std::string text) {
  fit.remarks.push_back({code, true, std::move(text)});
}

/// "no format", "1 format", "3 formats".
std::string counted(int n, const char* noun) {
  return n == 0 ? fmt::format("no {}", noun) : fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

/// Why the optimum is not to be relied on when most starts ended elsewhere.
std::string startsText(const JointFit& fit) {
  std::string bounds;
  for (const FittedParameter& p : fit.parameters) {
    if (p.atBound) bounds += (bounds.empty() ? "" : ", ") + p.name;
  }
  const std::string reached =
      fit.agreed == 0
          ? fmt::format("the best of {} starts had to be refined to get here", fit.starts)
          : fmt::format("only {} of {} starts ended here", fit.agreed, fit.starts);
  if (bounds.empty()) {
    return reached + ": another optimum may be better, a law with fewer parameters is safer";
  }
  return fmt::format("{}: with {} at a bound the data do not say much about the others", reached,
                     bounds);
}

void judgeIdentification(const LawObjective& objective, JointFit& fit) {
  std::set<std::string> weak;
  for (FittedParameter& p : fit.parameters) {
    if (!p.atBound) continue;
    p.identified = false;
    weak.insert(p.name);
    say(fit, RemarkCode::AtBound,
        fmt::format("{} at bound {:.4g}: not identified, predictions hold inside the measured "
                    "range only",
                    p.name, p.value));
  }
  const std::size_t k = fit.parameters.size();
  std::string pair;
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double vi = fit.covariance[i * k + i], vj = fit.covariance[j * k + j];
      if (!(vi > 0) || !(vj > 0)) continue;
      const double correlation = fit.covariance[i * k + j] / std::sqrt(vi * vj);
      if (std::abs(correlation) <= kDependent) continue;
      fit.parameters[i].identified = fit.parameters[j].identified = false;
      pair = fmt::format("{} and {} (correlation {:.5f})", fit.parameters[j].name,
                         fit.parameters[i].name, correlation);
    }
  }
  if (!pair.empty()) {
    say(fit, RemarkCode::NotIdentified,
        fmt::format("{} are not identified separately: predictions hold inside the measured range "
                    "only",
                    pair));
  } else if (objective.freeCount() > 0 && !(fit.condition <= kIllConditioned)) {
    for (FittedParameter& p : fit.parameters) p.identified = p.held;
    say(fit, RemarkCode::NotIdentified,
        std::isfinite(fit.condition)
            ? fmt::format("parameters are not identified (condition {:.3g}): predictions hold "
                          "inside the measured range only",
                          fit.condition)
            : std::string("the data do not determine the parameters separately: predictions hold "
                          "inside the measured range only"));
  }
}

/// A point whose removal would leave a parameter undetermined carries the law alone: the share of
/// its (whitened) direction that the parameters can follow is then 1.
void judgeLeverage(const LawObjective& objective, const std::vector<double>& best, JointFit& fit) {
  if (objective.freeCount() == 0) return;
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto n = static_cast<Eigen::Index>(objective.residuals());
  const auto m = static_cast<Eigen::Index>(objective.freeCount());
  RowMajor j(n, m);
  Eigen::VectorXd r(n);
  if (!objective(best.data(), r.data(), j.data())) return;
  for (Eigen::Index c = 0; c < m; ++c) {
    const double norm = j.col(c).norm();
    if (norm > 0) j.col(c) /= norm;
  }
  const Eigen::ColPivHouseholderQR<RowMajor> qr(j);
  const Eigen::MatrixXd q =
      qr.householderQ() * Eigen::MatrixXd::Identity(n, std::min<Eigen::Index>(qr.rank(), m));
  for (std::size_t i = 0; i < fit.points.size(); ++i) {
    const std::vector<double> column = objective.whitened(i);
    const Eigen::Map<const Eigen::VectorXd> direction(column.data(),
                                                      static_cast<Eigen::Index>(column.size()));
    const double leverage = (q.topRows(direction.size()).transpose() * direction).squaredNorm() /
                            direction.squaredNorm();
    if (leverage <= kLeverage) continue;
    const FittedPoint& p = fit.points[i];
    refuse(fit, RemarkCode::DominatingPoint,
           fmt::format("the law rests on one point: {} {} (leverage {:.4f})", p.model,
                       fit.context.formats[p.row.format].label, leverage));
    return;
  }
}

void judgeResiduals(const JointData& data, JointFit& fit) {
  std::vector<double> sizes;
  for (const FittedPoint& p : fit.points) sizes.push_back(std::abs(p.value - p.fitted));
  std::vector<double> sorted = sizes;
  std::nth_element(sorted.begin(), sorted.begin() + std::ptrdiff_t(sorted.size() / 2),
                   sorted.end());
  const double scatter = 1.4826 * sorted[sorted.size() / 2];
  std::string names;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const double known = data.weighting == Weighting::Equal ? 0 : fit.points[i].se;
    // The median keeps one bad point from hiding behind the lack of fit that it causes.
    const double deviation = std::max(known, scatter);
    if (!(deviation > 1e-12) || sizes[i] <= kLargeResidual * deviation) continue;
    fit.outliers.push_back(i);
    if (fit.outliers.size() <= 3) {
      names += fmt::format("{}{} {} ({:+.1f} standard deviations)", names.empty() ? "" : ", ",
                           fit.points[i].model, fit.context.formats[fit.points[i].row.format].label,
                           (fit.points[i].value - fit.points[i].fitted) / deviation);
    }
  }
  if (!fit.outliers.empty()) {
    say(fit, RemarkCode::Outlier,
        fmt::format("{}{} {} not fit: compare the robust fit and the fit without {}", names,
                    fit.outliers.size() > 3 ? ", ..." : "",
                    fit.outliers.size() == 1 ? "does" : "do",
                    fit.outliers.size() == 1 ? "it" : "them"));
  }
}

void judgeDescription(const JointData& data, const JointOptions& options, JointFit& fit) {
  const auto freedom = static_cast<double>(fit.n - fit.freeParameters);
  const bool known = data.weighting != Weighting::Equal;
  if (options.loss != RobustLoss::None) {
    say(fit, RemarkCode::RobustErrors,
        "standard errors of a robust fit come from its weights; a bootstrap is safer");
    return;
  }
  if (known && !fit.tauEstimated && fit.tau == 0 && freedom > 0) {
    const double p = boost::math::gamma_q(freedom / 2, fit.chi2 / 2);
    if (p < kPValue) {
      refuse(fit, RemarkCode::DoesNotDescribe,
             fmt::format("the law does not describe the data: chi2 {:.3g} for {:.0f} degrees of "
                         "freedom (p {:.1g}); the interpolated curve does",
                         fit.chi2, freedom, p));
    }
  } else if (fit.form->info().scale == ResidualScale::Linear &&
             fit.tau > largestTau(data.context.metric)) {
    refuse(fit, RemarkCode::DoesNotDescribe,
           data.context.metric == LawMetric::Accuracy
               ? fmt::format("the law does not describe the data: points scatter by {:.2f} points "
                             "of accuracy beyond their errors; the interpolated curve does",
                             100 * fit.tau)
               : fmt::format("the law does not describe the data: points scatter by {:.3f} nats "
                             "beyond their errors; the interpolated curve does",
                             fit.tau));
  }
}

/// How far the means of models lie off the law beyond the errors that their points share.
struct ModelMisses {
  double deviation = 0;  ///< standard deviation beyond the errors, in units of the metric
  double p = 1;          ///< of means this far off if errors were all
  std::string worst;
  double worstMean = 0;  ///< of value - fitted
};

ModelMisses modelMisses(const JointData& data, const JointFit& fit) {
  std::map<std::string, std::vector<std::size_t>> models;
  for (std::size_t i = 0; i < fit.points.size(); ++i) models[fit.points[i].model].push_back(i);
  ModelMisses misses;
  double excess = 0, chi2 = 0, farthest = 0;
  for (const auto& [model, rows] : models) {
    const auto n = static_cast<double>(rows.size());
    double mean = 0, variance = fit.tau * fit.tau / n;
    for (const std::size_t i : rows) {
      mean += (fit.points[i].value - fit.points[i].fitted) / n;
      for (const std::size_t k : rows) variance += data.covariance.at(i, k) / (n * n);
    }
    if (!(variance > 0)) continue;
    excess += mean * mean - variance;
    chi2 += mean * mean / variance;
    if (std::abs(mean) <= farthest) continue;
    farthest = std::abs(mean);
    misses.worst = model;
    misses.worstMean = mean;
  }
  const auto count = static_cast<double>(models.size());
  misses.deviation = std::sqrt(std::max(0.0, excess / count));
  misses.p = boost::math::gamma_q(count / 2, chi2 / 2);
  return misses;
}

/// Points of one model share most of their error (the same items), so to a fit with paired errors a
/// model that lies off as a whole is one observation: the lack of fit does not see it.
void judgeModels(const JointData& data, const JointOptions& options, JointFit& fit) {
  if (data.weighting != Weighting::Paired || fit.form->info().scale != ResidualScale::Linear) {
    return;
  }
  const ModelMisses misses = modelMisses(data, fit);
  if (misses.p >= kPValue || misses.deviation <= largestTau(data.context.metric)) return;
  const bool accuracy = data.context.metric == LawMetric::Accuracy;
  const std::string text = fmt::format(
      "{} {} on average, models by {} beyond the errors that their points share", misses.worst,
      accuracy ? fmt::format("lies {:+.1f} points off", 100 * misses.worstMean)
               : fmt::format("lies {:+.3f} nats off", misses.worstMean),
      accuracy ? fmt::format("{:.1f} points", 100 * misses.deviation)
               : fmt::format("{:.3f} nats", misses.deviation));
  if (options.modelsDeviate) {
    say(fit, RemarkCode::MissesModels, "models deviate from the law as a whole: " + text);
  } else {
    refuse(fit, RemarkCode::MissesModels,
           "the law misses whole models: " + text + "; the interpolated curve does not");
  }
}

void judgeDirection(JointFit& fit) {
  if (fit.form->info().needsCrossEntropy) return;
  const double first = fit.predict(fit.row(0, fit.minSize));
  const double last = fit.predict(fit.row(0, fit.maxSize));
  const bool accuracy = fit.context.metric == LawMetric::Accuracy;
  const double gain = accuracy ? last - first : first - last;
  double lowest = HUGE_VAL, highest = -HUGE_VAL;
  for (const FittedPoint& p : fit.points) {
    lowest = std::min(lowest, p.value);
    highest = std::max(highest, p.value);
  }
  // At its bounds a law of falling data still rises by a trace.
  if (!(gain > 0.02 * (highest - lowest))) {
    refuse(fit, RemarkCode::NotRising,
           fmt::format("{} does not {} with size", lawMetricName(fit.context.metric),
                       accuracy ? "rise" : "fall"));
  }
}

/// Index of the best format at each of a few budgets that at least two formats cover.
std::vector<std::size_t> winners(const JointFit& fit, const std::vector<double>& values) {
  std::vector<std::size_t> best;
  constexpr int kBudgets = 17;
  for (int b = 0; b < kBudgets; ++b) {
    const double bits = fit.minBits * std::pow(fit.maxBits / fit.minBits, b / double(kBudgets - 1));
    std::size_t winner = fit.context.formats.size();
    double winning = -HUGE_VAL;
    for (std::size_t f = 0; f < fit.context.formats.size(); ++f) {
      const double size = fit.axis == LawAxis::TotalBits ? bits : fit.sizeForBits(f, bits);
      if (!(size >= fit.minSize && size <= fit.maxSize)) continue;
      const double value = fit.predict(fit.row(f, size), values.data());
      const double good = fit.context.metric == LawMetric::Accuracy ? value : -value;
      if (good > winning) {
        winning = good;
        winner = f;
      }
    }
    best.push_back(winner);
  }
  return best;
}

void judgeMinima(const LawObjective& objective, const std::vector<std::vector<double>>& others,
                 JointFit& fit) {
  fit.minima = 1 + static_cast<int>(others.size());
  if (others.empty() || fit.context.formats.size() < 2 || !(fit.minBits > 0)) return;
  const auto reference = winners(fit, fit.values());
  for (const auto& other : others) {
    if (winners(fit, objective.expand(other.data())) == reference) continue;
    say(fit, RemarkCode::Ambiguous,
        fmt::format("ambiguous: {} optima fit equally well and name different best formats",
                    fit.minima));
    return;
  }
}

/// Parameters that need more formats than others: the penalty's own exponent (J2) and that of the
/// weight error (J3).
void judgeFormats(JointFit& fit) {
  const auto& formats = fit.context.formats;
  if (fit.form->info().name == "J2") {
    int clear = 0;
    for (std::size_t f = 1; f < formats.size(); ++f) {
      const FittedParameter& p = fit.parameters[2 + f];
      clear += std::isfinite(p.se) && p.value > kClearPenalty * p.se ? 1 : 0;
    }
    const auto gamma = fit.find("gammaN");
    if (clear < kFewestClear && gamma && !fit.parameters[*gamma].held) {
      say(fit, RemarkCode::NotIdentified,
          fmt::format("gammaN rests on {} with a penalty above {:g} standard errors ({} are "
                      "needed): whether the best precision depends on the budget stays open",
                      counted(clear, "format"), kClearPenalty, kFewestClear));
    }
  }
  if (fit.form->info().needsNoise && !fit.context.modelledNoise) {
    int measured = 0;
    double low = HUGE_VAL, high = 0;
    for (std::size_t f = 1; f < formats.size(); ++f) {
      if (!(formats[f].noise > 0)) continue;
      ++measured;
      low = std::min(low, formats[f].noise);
      high = std::max(high, formats[f].noise);
    }
    if (measured < kFewestNoises || high < kNoiseSpan * low) {
      say(fit, RemarkCode::NotIdentified,
          fmt::format("eta rests on {} whose weight errors span a factor of {:.3g} ({} and {:g} "
                      "are needed): formats outside that range are not predicted",
                      counted(measured, "format"), measured > 0 ? high / low : 1, kFewestNoises,
                      kNoiseSpan));
    }
  }
}

}  // namespace

void deriveExpectedValues(JointFit& fit) {
  const auto e = fit.find("E"), a = fit.find("lnA0"), alpha = fit.find("alpha");
  fit.derived.clear();
  if (!e || !a || !alpha) return;
  const std::size_t k = fit.parameters.size();
  const double amplitude = std::exp(fit.parameters[*a].value);
  const double exponent = fit.parameters[*alpha].value;
  const auto derive = [&](std::string name, std::string meaning, double value,
                          const std::vector<double>& gradient) {
    double variance = 0;
    for (std::size_t i = 0; i < k; ++i) {
      for (std::size_t j = 0; j < k; ++j) {
        variance += gradient[i] * fit.covariance[i * k + j] * gradient[j];
      }
    }
    fit.derived.push_back({std::move(name), std::move(meaning), value, std::sqrt(variance)});
  };
  std::vector<double> gradient(k, 0);
  gradient[*e] = 1;
  gradient[*a] = amplitude;
  derive("err0", "error (or loss) of the reference format at N0",
         fit.parameters[*e].value + amplitude, gradient);
  gradient.assign(k, 0);
  gradient[*a] = exponent * amplitude;
  gradient[*alpha] = amplitude;
  derive("slope0", "its fall per e-fold of size at N0", exponent * amplitude, gradient);
}

void judgeFit(const JointData& data, const JointOptions& options, LawObjective& objective,
              const std::vector<double>& best, const std::vector<std::vector<double>>& others,
              JointFit& fit) {
  if (fit.agreed < std::max(1, fit.starts / 8)) {
    say(fit, RemarkCode::FewStartsAgree, startsText(fit));
  }
  judgeIdentification(objective, fit);
  judgeFormats(fit);
  judgeLeverage(objective, best, fit);
  judgeResiduals(data, fit);
  judgeDirection(fit);
  judgeDescription(data, options, fit);
  judgeModels(data, options, fit);
  judgeMinima(objective, others, fit);
  deriveExpectedValues(fit);
  fit.usable = std::none_of(fit.remarks.begin(), fit.remarks.end(),
                            [](const LawRemark& remark) { return remark.refusal; });
}

}  // namespace bitfrontier
