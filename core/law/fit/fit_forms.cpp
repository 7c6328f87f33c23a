// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/fit/fit_forms.h"
#include "core/law/fit/joint_fit.h"

#include <cmath>
#include <map>

namespace bitfrontier {

std::vector<JointFit> fitForms(std::span<const LawPoint> points, std::span<const std::string> forms,
                               const JointOptions& options, const JobContext& job) {
  std::vector<JointFit> fits;
  fits.reserve(forms.size());
  for (const std::string& form : forms) {
    JointOptions own = options;
    own.form = form;
    fits.push_back(fitJoint(points, own, job));
  }
  return fits;
}

std::vector<std::size_t> commonPoints(std::span<const JointFit> fits) {
  std::map<std::size_t, std::size_t> uses;
  std::size_t count = 0;
  for (const JointFit& fit : fits) {
    if (!std::isfinite(fit.aicc) || fit.points.empty()) continue;
    ++count;
    for (const FittedPoint& p : fit.points) ++uses[p.point];
  }
  std::vector<std::size_t> common;
  for (const auto& [point, n] : uses) {
    if (n == count) common.push_back(point);
  }
  return common.size() == uses.size() ? std::vector<std::size_t>{} : common;
}

}  // namespace bitfrontier
