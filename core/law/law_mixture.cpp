// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/law/law_posterior.h"

namespace bitfrontier {
namespace {

/// The fits of the laws that a decision considers, to the same points.
std::vector<JointFit> fitAll(std::span<const LawPoint> points, const JointOptions& options,
                             const JobContext& job) {
  std::vector<JointFit> fits;
  for (const char* form : {"J1", "J2"}) {
    JointOptions own = options;
    own.form = form;
    fits.push_back(fitJoint(points, own, job));
  }
  return fits;
}

bool anyUsable(const std::vector<JointFit>& fits) {
  return std::any_of(fits.begin(), fits.end(), [](const JointFit& fit) { return fit.usable; });
}

std::string refusalsOf(const JointFit& fit) {
  std::vector<LawRemark> refusals;
  for (const LawRemark& r : fit.remarks) {
    if (r.refusal) refusals.push_back(r);
  }
  return joinRemarks(refusals);
}

/// The points with those of a format without a value: laws pass over them, and what is known by
/// index (covariances, cells of decisions) stays where it is.
std::vector<LawPoint> without(std::vector<LawPoint> points, const JointOptions& options,
                              const std::string& format) {
  for (LawPoint& p : points) {
    if (seriesLabel(p, options.formatKey) != format) continue;
    p.accuracy = LawPoint::kAbsent;
    p.crossEntropy = LawPoint::kAbsent;
  }
  return points;
}

/// Formats but the reference, those that deviate most from the law first.
std::vector<std::string> worstFormats(const JointFit& fit) {
  std::map<std::size_t, std::pair<double, double>> squares;  // sum, count
  for (const FittedPoint& p : fit.points) {
    if (p.row.format == 0) continue;
    auto& [sum, count] = squares[p.row.format];
    sum += (p.value - p.fitted) * (p.value - p.fitted);
    count += 1;
  }
  std::vector<std::pair<double, std::size_t>> order;
  for (const auto& [format, square] : squares) {
    order.emplace_back(-square.first / square.second, format);
  }
  std::sort(order.begin(), order.end());
  std::vector<std::string> labels;
  for (const auto& [mean, format] : order) labels.push_back(fit.context.formats[format].label);
  return labels;
}

/// Leaves out one more format; false when that is no help.
bool leaveOneOut(std::vector<LawPoint>& points, const JointOptions& options,
                 std::vector<JointFit>& fits, std::vector<LawMixture::LeftOut>& leftOut,
                 const JobContext& job) {
  constexpr std::size_t kTried = 3;
  const JointFit& first = fits.front();
  const bool scatter = findRemark(first.remarks, RemarkCode::DoesNotDescribe) != nullptr;
  const std::size_t all = first.context.formats.size() + leftOut.size();
  if (!scatter || first.context.formats.size() < 3 || 2 * (leftOut.size() + 1) > all) return false;
  std::vector<LawPoint> best;
  LawMixture::LeftOut chosen;
  double least = first.tau;
  std::vector<std::string> worst = worstFormats(first);
  worst.resize(std::min(worst.size(), kTried));
  for (const std::string& format : worst) {
    JointOptions own = options;
    own.form = "J1";
    std::vector<LawPoint> rest = without(points, options, format);
    const JointFit fit = fitJoint(rest, own, job);
    if (fit.parameters.empty() || !(fit.tau < least)) continue;
    least = fit.tau;
    best = std::move(rest);
    chosen = {format, first.tau};
  }
  if (best.empty()) return false;
  points = std::move(best);
  leftOut.push_back(chosen);
  fits = fitAll(points, options, job);
  return true;
}

}  // namespace

std::size_t LawMixture::lawOf(std::size_t s, std::size_t count) const {
  const double share = (static_cast<double>(s) + 0.5) / static_cast<double>(count);
  double sum = 0;
  for (std::size_t i = 0; i + 1 < weights.size(); ++i) {
    sum += weights[i];
    if (share < sum) return i;
  }
  return weights.size() - 1;
}

std::string LawMixture::describe() const {
  std::string text;
  for (std::size_t i = 0; i < laws.size(); ++i) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", laws[i].fit().form->info().name);
    if (laws.size() > 1) text += fmt::format(" ({:.2f})", weights[i]);
  }
  return text;
}

std::string LawMixture::describeLeftOut(LawMetric metric) const {
  if (leftOut.empty()) return {};
  std::string names;
  for (const LeftOut& l : leftOut) {
    names +=
        fmt::format("{}{} (with it points scatter by {})", names.empty() ? "" : ", ", l.format,
                    metric == LawMetric::Accuracy ? fmt::format("{:.2f} points", 100 * l.scatter)
                                                  : fmt::format("{:.3f} nats", l.scatter));
  }
  return fmt::format(
      "left out of the law, which does not describe {}: {}; only what was measured "
      "of {} counts",
      leftOut.size() == 1 ? "it" : "them", names, leftOut.size() == 1 ? "it" : "them");
}

LawMixture fitMixture(std::span<const LawPoint> points, const JointOptions& options,
                      std::string& why, const JobContext& job) {
  constexpr double kSmallest = 0.01;
  std::vector<JointFit> fits = fitAll(points, options, job);
  const std::string refusals = refusalsOf(fits.front());
  LawMixture mixture;
  std::vector<LawPoint> rest(points.begin(), points.end());
  while (!anyUsable(fits) && leaveOneOut(rest, options, fits, mixture.leftOut, job)) {
  }
  std::erase_if(fits, [](const JointFit& fit) { return !fit.usable; });
  if (fits.empty()) {
    mixture.leftOut.clear();
    if (why.empty()) why = refusals;
    return mixture;
  }
  why.clear();
  std::vector<LawPosterior> laws;
  double best = -HUGE_VAL;
  for (JointFit& fit : fits) {
    laws.emplace_back(std::move(fit), options.covariance);
    best = std::max(best, laws.back().logEvidence());
  }
  double sum = 0, kept = 0;
  for (const LawPosterior& law : laws) sum += std::exp(law.logEvidence() - best);
  for (LawPosterior& law : laws) {
    const double weight = std::exp(law.logEvidence() - best) / sum;
    if (weight < kSmallest) continue;
    mixture.laws.push_back(std::move(law));
    mixture.weights.push_back(weight);
    kept += weight;
  }
  for (double& w : mixture.weights) w /= kept;
  return mixture;
}

}  // namespace bitfrontier
