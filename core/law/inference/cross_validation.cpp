// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/inference/cross_validation.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/law/fit/joint_data.h"
#include "core/law/fit/joint_fit.h"
#include "core/law/fit/subsets.h"
#include "core/law/inference/law_profile.h"

namespace bitfrontier {
namespace {

class Sums {
 public:
  void add(double error, double deviation, double halfWidth) {
    squares_ += error * error;
    ++result.points;
    if (!(deviation > 0)) return;
    standardised_ += error * error / (deviation * deviation);
    covered_ += std::abs(error) <= halfWidth ? 1 : 0;
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
  indices.reserve(kept.size());
  for (const std::size_t i : kept) indices.push_back(data.points[i].point);
  JointOptions part = optionsForSubset(options, points.size(), indices);
  // Leaving one size out of four is a test and no law for people.
  part.fewestSizes = 2;
  const JointFit fit = fitJoint(pickPoints(points, indices), part, job);
  ++sums.result.folds;
  if (fit.parameters.empty()) {
    ++sums.result.failedFolds;
    return;
  }
  for (const std::size_t i : left) {
    const FittedPoint& p = data.points[i];
    const auto format = fit.findFormat(data.context.formats[p.row.format].label);
    if (!format) continue;
    LawRow row = fit.row(*format, p.size);
    row.logTokens = p.row.logTokens + std::log(data.context.tokens0 / fit.context.tokens0);
    row.crossEntropy = p.row.crossEntropy;
    const double own = fit.weighting == Weighting::Equal || !std::isfinite(p.se) ? 0 : p.se;
    sums.add(p.value - fit.predict(row), fit.predictNewSe(row, own * own),
             newHalfWidth(fit, row, own * own, 0.95));
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

namespace {

using FamilyKey = std::pair<std::string, std::string>;

/// Parameters that the reference format says something about: the base curve's.
std::set<std::string> baseParametersOf(const LawForm& form, const JointData& data) {
  const std::vector<LawParameter> all = form.parameters(data.context);
  const std::vector<double> p = form.start(data.context, data.targets, 0.5, 0.3);
  std::set<std::string> base;
  std::vector<double> gradient(all.size());
  for (const LawTarget& t : data.targets) {
    if (t.row.format != 0) continue;
    form.value(data.context, p.data(), t.row, gradient.data());
    for (std::size_t k = 0; k < all.size(); ++k) {
      if (gradient[k] != 0) base.insert(all[k].name);
    }
  }
  return base;
}

/// What other families say about a parameter of formats: their mean, and how far one more family
/// may be from it. A prior of 0.2 (shifts) or 20 % (the rest) counts like one family, so that two
/// or three families that happen to agree do not make it certain.
struct Borrowed {
  double mean = 0, variance = 0;
  double freedom = HUGE_VAL;  ///< of the variance, whose prior part is known
};

Borrowed borrow(const std::string& name, const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  Borrowed b;
  for (const double v : values) b.mean += v / n;
  const bool shift = name.starts_with("lnrho_") || name.starts_with("r_");
  const double prior = shift ? 0.2 : 0.2 * std::abs(b.mean);
  double squares = 0;
  for (const double v : values) squares += (v - b.mean) * (v - b.mean);
  const double sum = prior * prior + squares;
  b.variance = sum / n * (1 + 1 / n);
  if (squares > 0) b.freedom = (n - 1) * (sum / squares) * (sum / squares);
  return b;
}

/// Predicts the low-bit points of one family from its reference format and what others say about
/// the formats.
void familyFold(std::span<const LawPoint> points, const std::vector<std::size_t>& indices,
                const JointOptions& options,
                const std::map<std::string, std::vector<double>>& others, const JobContext& job,
                Sums& sums) {
  ++sums.result.folds;
  const LawForm& form = lawForm(options.form);
  const JointData data = makeJointData(pickPoints(points, indices), form,
                                       optionsForSubset(options, points.size(), indices));
  std::vector<std::size_t> reference;
  for (const FittedPoint& p : data.points) {
    if (p.row.format == 0) reference.push_back(indices[p.point]);
  }
  // The reference alone gives the base curve; a joint form of one format is a power law.
  JointOptions part = optionsForSubset(options, points.size(), reference);
  part.fewestSizes = 3;
  part.estimateTau = options.estimateTau && reference.size() > 4;
  if (!data.refused) {
    // What one format cannot say is held: it has no effect there.
    const std::set<std::string> own = baseParametersOf(form, data);
    const JointData alone = makeJointData(pickPoints(points, reference), form, part);
    for (const LawParameter& p : form.parameters(alone.context)) {
      const auto it = others.find(p.name);
      if (!own.contains(p.name) && it != others.end()) {
        part.fixed[p.name] = borrow(p.name, it->second).mean;
      }
    }
  }
  JointFit base;
  if (!data.refused) base = fitJoint(pickPoints(points, reference), part, job);
  if (base.parameters.empty()) {
    ++sums.result.failedFolds;
    return;
  }
  std::vector<double> values;
  std::vector<Borrowed> sources;
  for (const LawParameter& p : form.parameters(data.context)) {
    Borrowed b{LawPoint::kAbsent, 0};
    const auto k = base.find(p.name);
    if (const auto it = others.find(p.name); it != others.end()) {
      b = borrow(p.name, it->second);
    } else if (k) {
      b.mean = base.parameters[*k].value;
    }
    values.push_back(b.mean);
    sources.push_back(b);
  }
  const bool flipped = form.info().ofError && options.metric == LawMetric::Accuracy;
  std::vector<double> gradient(values.size());
  for (const FittedPoint& p : data.points) {
    if (p.row.format == 0) continue;
    // The base curve was centred on its own sizes.
    LawRow row = p.row;
    row.logSize = std::log(p.size / base.context.size0);
    const double law = form.value(data.context, values.data(), row, gradient.data());
    if (!std::isfinite(law)) continue;
    const LawRow curve = base.row(0, p.size);
    const double own = std::isfinite(p.se) && base.weighting != Weighting::Equal ? p.se : 0;
    double variance = std::pow(base.predictNewSe(curve, own * own), 2);
    // A sum of estimated variances has the degrees of freedom that Satterthwaite gives it.
    double spread = variance * variance / newFreedom(base, curve, own * own);
    for (std::size_t k = 0; k < values.size(); ++k) {
      const double borrowed = gradient[k] * gradient[k] * sources[k].variance;
      variance += borrowed;
      spread += borrowed * borrowed / sources[k].freedom;
    }
    const double freedom = spread > 0 ? variance * variance / spread : HUGE_VAL;
    sums.add(p.value - (flipped ? 1 - law : law), std::sqrt(variance),
             studentQuantile(freedom, 0.95) * std::sqrt(variance));
  }
}

}  // namespace

CrossValidation leaveOneFamilyOut(std::span<const LawPoint> points, const JointOptions& options,
                                  const JobContext& job) {
  Sums sums;
  const LawForm& form = lawForm(options.form);
  // S1 shares nothing between formats, so other families tell nothing.
  if (!form.info().joint || form.info().name == "S1") return sums.finish();
  const auto families = familiesOf(points);
  std::map<FamilyKey, std::map<std::string, double>> shifts;
  for (const auto& [key, indices] : families) {
    const std::vector<LawPoint> own = pickPoints(points, indices);
    const JointOptions ownOptions = optionsForSubset(options, points.size(), indices);
    const JointFit fit = fitJoint(own, ownOptions, job);
    if (fit.parameters.empty()) continue;
    const auto base = baseParametersOf(form, makeJointData(own, form, ownOptions));
    shifts[key];  // S0 has nothing to share, but is the law to be better than
    for (const FittedParameter& p : fit.parameters) {
      if (!base.contains(p.name)) shifts[key][p.name] = p.value;
    }
  }
  for (const auto& [key, indices] : families) {
    job.throwIfCancelled();
    std::map<std::string, std::vector<double>> others;
    bool any = false;
    for (const auto& [other, values] : shifts) {
      if (other == key) continue;
      any = true;
      for (const auto& [name, value] : values) others[name].push_back(value);
    }
    if (any) familyFold(points, indices, options, others, job, sums);
  }
  return sums.finish();
}

}  // namespace bitfrontier
