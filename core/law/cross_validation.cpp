// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/law/joint_data.h"
#include "core/law/law_comparison.h"
#include "core/law/law_outliers.h"
#include "core/law/law_profile.h"

namespace bitfrontier {
namespace {

std::vector<LawPoint> pick(std::span<const LawPoint> points, const std::vector<std::size_t>& kept) {
  std::vector<LawPoint> part;
  for (const std::size_t i : kept) part.push_back(points[i]);
  return part;
}

class Sums {
 public:
  void add(double error, double deviation, double factor) {
    squares_ += error * error;
    ++result.points;
    if (!(deviation > 0)) return;
    standardised_ += error * error / (deviation * deviation);
    covered_ += std::abs(error) <= factor * deviation ? 1 : 0;
    ++judged_;
  }
  CrossValidation finish() {
    if (result.points > 0) result.rmse = std::sqrt(squares_ / result.points);
    if (judged_ > 0) {
      result.coverage = double(covered_) / judged_;
      result.meanSquare = standardised_ / judged_;
    }
    return result;
  }
  CrossValidation result;

 private:
  double squares_ = 0, standardised_ = 0;
  int covered_ = 0, judged_ = 0;
};

/// Fits to all sizes but those in `out` and judges the prediction of theirs.
void fold(std::span<const LawPoint> points, const JointOptions& options, const JointData& data,
          const std::set<int>& out, const JobContext& job, Sums& sums) {
  std::vector<std::size_t> kept;
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < data.points.size(); ++i) {
    (out.contains(data.sizeIndex[i]) ? left : kept).push_back(i);
  }
  std::vector<std::size_t> indices;
  for (const std::size_t i : kept) indices.push_back(data.points[i].point);
  JointOptions part = optionsForSubset(options, indices);
  // Leaving one size out of four is a test and no law for people.
  part.fewestSizes = 2;
  const JointFit fit = fitJoint(pick(points, indices), part, job);
  ++sums.result.folds;
  if (fit.parameters.empty()) {
    ++sums.result.failedFolds;
    return;
  }
  const double factor = waldFactor(fit, 0.95);
  for (const std::size_t i : left) {
    const FittedPoint& p = data.points[i];
    const auto format = fit.findFormat(data.context.formats[p.row.format].label);
    if (!format) continue;
    LawRow row = fit.row(*format, p.size);
    row.logTokens = p.row.logTokens + std::log(data.context.tokens0 / fit.context.tokens0);
    row.crossEntropy = p.row.crossEntropy;
    const double own = fit.weighting == Weighting::Equal || !std::isfinite(p.se) ? 0 : p.se;
    sums.add(p.value - fit.predict(row), fit.predictNewSe(row, own * own), factor);
  }
}

}  // namespace

CrossValidation leaveOneSizeOut(std::span<const LawPoint> points, const JointOptions& options,
                                const JobContext& job) {
  const LawForm& form = lawForm(options.form);
  const JointData data = makeJointData(points, form, options);
  Sums sums;
  if (data.refused) return sums.finish();
  for (int size = 0; size < data.sizes; ++size) {
    job.throwIfCancelled();
    fold(points, options, data, {size}, job, sums);
  }
  return sums.finish();
}

CrossValidation leaveLargestOut(std::span<const LawPoint> points, const JointOptions& options,
                                const JobContext& job) {
  const LawForm& form = lawForm(options.form);
  const JointData data = makeJointData(points, form, options);
  Sums sums;
  if (data.refused) return sums.finish();
  const auto largest =
      std::max_element(data.points.begin(), data.points.end(),
                       [](const FittedPoint& a, const FittedPoint& b) { return a.size < b.size; });
  const auto index = static_cast<std::size_t>(largest - data.points.begin());
  fold(points, options, data, {data.sizeIndex[index]}, job, sums);
  return sums.finish();
}

CrossValidation leaveOneFamilyOut(std::span<const LawPoint> points, const JointOptions& options,
                                  const JobContext& job) {
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> families;
  for (std::size_t i = 0; i < points.size(); ++i) {
    families[{points[i].source, points[i].family}].push_back(i);
  }
  // Format parameters of each family by name.
  const auto isFormat = [](const std::string& name) {
    return name.starts_with("lnrho_") || name.starts_with("C_") || name.starts_with("d_");
  };
  std::map<std::pair<std::string, std::string>, std::map<std::string, double>> shifts;
  for (const auto& [key, indices] : families) {
    const JointFit fit = fitJoint(pick(points, indices), optionsForSubset(options, indices), job);
    for (const FittedParameter& p : fit.parameters) {
      if (isFormat(p.name)) shifts[key][p.name] = p.value;
    }
  }
  Sums sums;
  for (const auto& [key, indices] : families) {
    job.throwIfCancelled();
    std::map<std::string, std::vector<double>> others;
    for (const auto& [other, values] : shifts) {
      if (other == key) continue;
      for (const auto& [name, value] : values) others[name].push_back(value);
    }
    if (others.empty()) continue;
    ++sums.result.folds;
    // The reference alone gives the base curve; a joint form of one format is a power law.
    const LawForm& form = lawForm(options.form);
    const JointData data =
        makeJointData(pick(points, indices), form, optionsForSubset(options, indices));
    if (data.refused) {
      ++sums.result.failedFolds;
      continue;
    }
    std::vector<std::size_t> reference;
    for (const FittedPoint& p : data.points) {
      if (p.row.format == 0) reference.push_back(indices[p.point]);
    }
    JointOptions part = optionsForSubset(options, reference);
    part.fewestSizes = 3;
    part.estimateTau = options.estimateTau && reference.size() > 4;
    JointFit base = fitJoint(pick(points, reference), part, job);
    if (base.parameters.empty()) {
      ++sums.result.failedFolds;
      continue;
    }
    const std::vector<LawParameter> all = form.parameters(data.context);
    std::vector<double> values;
    for (const LawParameter& p : all) {
      if (const auto k = base.find(p.name)) {
        values.push_back(base.parameters[*k].value);
      } else if (const auto it = others.find(p.name); it != others.end()) {
        double sum = 0;
        for (const double v : it->second) sum += v;
        values.push_back(sum / static_cast<double>(it->second.size()));
      } else {
        values.push_back(LawPoint::kAbsent);
      }
    }
    const bool flipped = form.info().ofError && options.metric == LawMetric::Accuracy;
    for (const FittedPoint& p : data.points) {
      if (p.row.format == 0) continue;
      // The base curve was centred on its own sizes.
      LawRow row = p.row;
      row.logSize = std::log(p.size / base.context.size0);
      const double law = form.value(data.context, values.data(), row, nullptr);
      if (!std::isfinite(law)) continue;
      const double se = base.predictSe(base.row(0, p.size));
      const double own = std::isfinite(p.se) ? p.se : 0;
      sums.add(p.value - (flipped ? 1 - law : law),
               std::sqrt(se * se + base.tau * base.tau + own * own), 1.96);
    }
  }
  return sums.finish();
}

}  // namespace bitfrontier
