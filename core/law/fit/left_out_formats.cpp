// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/fit/left_out_formats.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "core/law/fit/fit_forms.h"
#include "core/law/fit/joint_fit.h"

namespace bitfrontier {
namespace {

bool anyUsable(const std::vector<JointFit>& fits) {
  return std::any_of(fits.begin(), fits.end(), [](const JointFit& fit) { return fit.usable; });
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
  order.reserve(squares.size());
  for (const auto& [format, square] : squares) {
    order.emplace_back(-square.first / square.second, format);
  }
  std::sort(order.begin(), order.end());
  std::vector<std::string> labels;
  labels.reserve(order.size());
  for (const auto& [mean, format] : order) labels.push_back(fit.context.formats[format].label);
  return labels;
}

/// Leaves out one more format; false when that is no help.
bool leaveOneOut(std::vector<LawPoint>& points, const JointOptions& options, DescribedFits& part,
                 const JobContext& job) {
  constexpr std::size_t kTried = 3;
  const JointFit& first = part.fits.front();
  const bool scatter = findRemark(first.remarks, RemarkCode::DoesNotDescribe) != nullptr;
  const std::size_t formats = first.context.formats.size(), left = part.leftOut.size();
  if (!scatter || formats < 3 || 2 * (left + 1) > formats + left) return false;
  std::vector<LawPoint> best;
  LeftOutFormat chosen;
  double least = first.tau;
  std::vector<std::string> worst = worstFormats(first);
  worst.resize(std::min(worst.size(), kTried));
  for (const std::string& format : worst) {
    JointOptions own = options;
    own.form = first.form->info().name;
    std::vector<LawPoint> rest = without(points, options, format);
    const JointFit fit = fitJoint(rest, own, job);
    if (fit.parameters.empty() || !(fit.tau < least)) continue;
    least = fit.tau;
    best = std::move(rest);
    chosen = {format, first.tau};
  }
  if (best.empty()) return false;
  points = std::move(best);
  part.leftOut.push_back(chosen);
  return true;
}

}  // namespace

DescribedFits fitDescribed(std::span<const LawPoint> points, const JointOptions& options,
                           std::span<const std::string> forms, const JobContext& job) {
  DescribedFits all{fitForms(points, forms, options, job), {}};
  DescribedFits part = all;
  std::vector<LawPoint> rest(points.begin(), points.end());
  while (!anyUsable(part.fits)) {
    if (!leaveOneOut(rest, options, part, job)) return all;
    part.fits = fitForms(rest, forms, options, job);
  }
  return part;
}

std::string listLeftOut(std::span<const LeftOutFormat> leftOut, LawMetric metric) {
  std::string names;
  for (const LeftOutFormat& l : leftOut) {
    names +=
        fmt::format("{}{} (with it points scatter by {})", names.empty() ? "" : ", ", l.format,
                    metric == LawMetric::Accuracy ? fmt::format("{:.2f} points", 100 * l.scatter)
                                                  : fmt::format("{:.3f} nats", l.scatter));
  }
  return names;
}

}  // namespace bitfrontier
