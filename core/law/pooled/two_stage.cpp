// SPDX-License-Identifier: GPL-3.0-or-later
// Two-stage laws (A. Bhagia et al., "Establishing task scaling laws via compute-efficient model
// ladders", 2024; S. Gadre et al., 2024). Errors of the two stages compound (P. Krajewski et al.,
// 2025), so the result counts only where it predicts left-out sizes no worse than a direct law.

#include "core/law/pooled/two_stage.h"

#include <fmt/format.h>
#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/law/data/point_errors.h"
#include "core/law/fit/joint_fit.h"
#include "core/law/fit/subsets.h"
#include "core/law/inference/law_bootstrap.h"
#include "core/law/inference/law_profile.h"
#include "core/law/numeric/counter_rng.h"
#include "core/law/numeric/quantile.h"

namespace bitfrontier {
namespace {

constexpr double kAbsent = LawPoint::kAbsent;
constexpr double kOffTheLink = 0.005;  // of accuracy
constexpr double kSignificant = 0.01;
constexpr std::size_t kFoldDraws = 400;

/// The two stages on some of the points.
void fitStages(std::span<const LawPoint> points, const JointOptions& options,
               const TwoStageOptions& stages, const JobContext& job, TwoStageFit& fit) {
  JointOptions loss = options;
  loss.form = stages.lossForm;
  loss.metric = LawMetric::CrossEntropy;
  loss.covariance.reset();  // that of accuracies
  loss.unpairedBecause.clear();
  if (loss.weighting == Weighting::Paired) loss.weighting = Weighting::Auto;
  fit.loss = fitJoint(points, loss, job);
  JointOptions link = options;
  link.form = stages.linkForm;
  link.metric = LawMetric::Accuracy;
  fit.link = fitJoint(points, link, job);
}

void passOn(const JointFit& part, const char* stage, std::vector<LawRemark>& remarks) {
  for (const LawRemark& remark : part.remarks) {
    remarks.push_back({remark.code, remark.refusal, fmt::format("{}: {}", stage, remark.text)});
  }
}

/// Predicts the points in `counted` from both stages without their size.
CrossValidation leaveSizesOut(std::span<const LawPoint> points, const JointOptions& options,
                              const TwoStageOptions& stages, const std::set<std::size_t>& counted,
                              const JobContext& job) {
  std::map<double, std::vector<std::size_t>> sizes;
  for (std::size_t i = 0; i < points.size(); ++i) sizes[points[i].parameters].push_back(i);
  const PointErrors errors = pointErrors(points, LawMetric::Accuracy);
  CrossValidation result;
  double squares = 0, standardised = 0;
  int covered = 0;
  for (const auto& [size, out] : sizes) {
    job.throwIfCancelled();
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (points[i].parameters != size) kept.push_back(i);
    }
    JointOptions part = optionsForSubset(options, points.size(), kept);
    part.fewestSizes = 2;  // a test and no law for people
    TwoStageFit fold;
    fitStages(pickPoints(points, kept), part, stages, job, fold);
    ++result.folds;
    if (fold.loss.parameters.empty() || fold.link.parameters.empty()) {
      ++result.failedFolds;
      continue;
    }
    const double factor = waldFactor(fold.link, 0.95);
    for (const std::size_t i : out) {
      if (!counted.contains(i)) continue;
      const std::string format = seriesLabel(points[i], options.formatKey);
      const double predicted = fold.predict(format, points[i].parameters);
      if (!std::isfinite(predicted)) continue;
      const std::vector<double> drawn =
          fold.predictions(format, points[i].parameters, kFoldDraws, i + 1, true);
      double variance = errors.known() ? errors.values[i] * errors.values[i] : 0.0;
      for (const double d : drawn) {
        variance += (d - predicted) * (d - predicted) / static_cast<double>(drawn.size());
      }
      const double error = points[i].accuracy - predicted;
      squares += error * error;
      standardised += error * error / variance;
      covered += std::abs(error) <= factor * std::sqrt(variance) ? 1 : 0;
      ++result.points;
    }
  }
  if (result.points > 0) {
    result.rmse = std::sqrt(squares / result.points);
    result.coverage = double(covered) / result.points;
    result.meanSquare = standardised / result.points;
  }
  return result;
}

std::vector<LinkResidual> residualsByFormat(std::span<const LawPoint> points, const JointFit& link,
                                            SeriesKey key) {
  std::map<std::string, std::vector<double>> residuals;
  for (const FittedPoint& p : link.points) {
    residuals[seriesLabel(points[p.point], key)].push_back(p.value - p.fitted);
  }
  std::vector<LinkResidual> all;
  for (const auto& [format, values] : residuals) {
    LinkResidual r;
    r.format = format;
    r.points = static_cast<int>(values.size());
    const auto n = static_cast<double>(values.size());
    for (const double v : values) r.mean += v / n;
    if (values.size() >= 3) {
      double squares = 0;
      for (const double v : values) squares += (v - r.mean) * (v - r.mean);
      r.se = std::sqrt(squares / (n - 1) / n);
      const boost::math::students_t t(n - 1);
      if (r.se > 0) r.p = 2 * cdf(complement(t, std::abs(r.mean) / r.se));
    }
    all.push_back(std::move(r));
  }
  return all;
}

void judge(TwoStageFit& fit) {
  passOn(fit.loss, "loss", fit.remarks);
  passOn(fit.link, "link", fit.remarks);
  for (const LinkResidual& r : fit.pooling) {
    if (!(r.p * static_cast<double>(fit.pooling.size()) < kSignificant) ||
        std::abs(r.mean) < kOffTheLink) {
      continue;
    }
    fit.remarks.push_back(
        {RemarkCode::DoesNotDescribe, true,
         fmt::format(
             "{} lies {:+.2f} \u00b1 {:.2f} points of accuracy off the link that all formats "
             "share: its loss does not tell its accuracy as that of the others does",
             r.format, 100 * r.mean, 100 * r.se)});
  }
  if (!fit.direct.usable) {
    fit.remarks.push_back({RemarkCode::DoesNotDescribe, false,
                           fit.loss.usable && fit.link.usable
                               ? "the direct law is refused, so only the two stages are left"
                               : "the direct law is refused, too: neither way predicts"});
  } else if (!(fit.staged.rmse <= fit.straight.rmse)) {
    fit.remarks.push_back(
        {RemarkCode::DoesNotDescribe, true,
         fmt::format(
             "the direct law predicts left-out sizes better ({:.2f} against {:.2f} points): "
             "use it",
             100 * fit.straight.rmse, 100 * fit.staged.rmse)});
  }
  fit.usable = fit.loss.usable && fit.link.usable &&
               std::none_of(fit.remarks.begin(), fit.remarks.end(),
                            [](const LawRemark& remark) { return remark.refusal; });
}

}  // namespace

double TwoStageFit::predict(std::string_view format, double size) const {
  const auto f = loss.findFormat(format);
  if (!f || link.parameters.empty()) return kAbsent;
  LawRow row;
  row.crossEntropy = loss.predict(loss.row(*f, size));
  return link.predict(row);
}

std::vector<double> TwoStageFit::predictions(std::string_view format, double size,
                                             std::size_t draws, std::uint64_t seed,
                                             bool newModel) const {
  const auto f = loss.findFormat(format);
  if (!f || link.parameters.empty()) return {};
  const std::vector<double> first = loss.draws(draws, seed);
  const std::vector<double> second = link.draws(draws, seed + 0x9e3779b9U);
  const LawRow at = loss.row(*f, size);
  const auto noise = [newModel](const JointFit& fit, CounterRng& rng) {
    return newModel && std::isfinite(fit.tau) ? fit.tau * rng.normal() : 0;
  };
  std::vector<double> values;
  values.reserve(draws);
  for (std::size_t d = 0; d < draws; ++d) {
    CounterRng rng(seed + 0x85ebca6bU, d);
    LawRow row;
    row.crossEntropy =
        loss.predict(at, first.data() + d * loss.parameters.size()) + noise(loss, rng);
    values.push_back(link.predict(row, second.data() + d * link.parameters.size()) +
                     noise(link, rng));
  }
  return values;
}

std::pair<double, double> TwoStageFit::interval(std::string_view format, double size, bool newModel,
                                                double level) const {
  constexpr std::size_t kDraws = 4000;
  std::vector<double> values = predictions(format, size, kDraws, 1, newModel);
  std::sort(values.begin(), values.end());
  return {sortedQuantile(values, (1 - level) / 2), sortedQuantile(values, (1 + level) / 2)};
}

TwoStageFit fitTwoStage(std::span<const LawPoint> points, const JointOptions& options,
                        const TwoStageOptions& stages, const JobContext& job) {
  TwoStageFit fit;
  std::vector<std::size_t> both;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (std::isfinite(points[i].accuracy) && std::isfinite(points[i].crossEntropy)) {
      both.push_back(i);
    }
  }
  const std::vector<LawPoint> used = pickPoints(points, both);
  const JointOptions own = optionsForSubset(options, points.size(), both);
  JointOptions direct = own;
  direct.form = stages.directForm;
  direct.metric = LawMetric::Accuracy;
  if (both.empty()) {
    fit.loss.form = fit.link.form = fit.direct.form = &lawForm(stages.directForm);
    fit.remarks.push_back({RemarkCode::MissingVariable, true,
                           "no point has both accuracy and cross-entropy, which two stages need"});
    return fit;
  }
  fitStages(used, own, stages, job, fit);
  fit.direct = fitJoint(used, direct, job);
  if (!fit.loss.parameters.empty() && !fit.link.parameters.empty()) {
    fit.pooling = residualsByFormat(used, fit.link, options.formatKey);
    // Points that the direct law leaves out, those at chance, are not held against the stages.
    std::set<std::size_t> counted;
    for (const FittedPoint& p : (fit.direct.parameters.empty() ? fit.link : fit.direct).points) {
      counted.insert(p.point);
    }
    fit.staged = leaveSizesOut(used, own, stages, counted, job);
    if (!fit.direct.parameters.empty()) fit.straight = leaveOneSizeOut(used, direct, job);
  }
  judge(fit);
  return fit;
}

}  // namespace bitfrontier
