// SPDX-License-Identifier: GPL-3.0-or-later
// How often 95 % intervals hold the truth: 500 simulated sweeps for each law.
//
//   bench_law_coverage [SWEEPS] [LAW...]
//
// Each sweep is a law of tests/core/law/planted_law.h with normal errors of known size; J1, J2 and
// V have errors correlated as those of outcomes on the same items (0.7 within a size, 0.39 between
// sizes) and a lack of fit that the fit estimates. Printed for each law: share of Wald and of
// profile likelihood intervals of parameters that hold the truth with the extremes over parameters,
// and of intervals of the fitted curve. One parameter's share of S sweeps has a Monte Carlo error
// of sqrt(0.95 * 0.05 / S): 1 % for 500 sweeps, 0.5 % for 2,000.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <Eigen/Dense>
#include <map>
#include <string>
#include <vector>

#include "core/law/fit/joint_fit.h"
#include "core/law/inference/law_profile.h"
#include "tests/core/law/planted_law.h"

namespace bitfrontier {
namespace {

struct Tally {
  int covered = 0, counted = 0;
  void add(bool inside) {
    covered += inside ? 1 : 0;
    ++counted;
  }
  double share() const { return counted > 0 ? double(covered) / counted : NAN; }
};

/// Shares by parameter and over all.
class Parameters {
 public:
  void add(const std::string& name, bool inside) {
    each_[name].add(inside);
    all_.add(inside);
  }
  /// "94.9 % (93.2 alpha .. 97.2 E)".
  std::string text() const {
    const auto less = [](const auto& a, const auto& b) {
      return a.second.share() < b.second.share();
    };
    if (each_.empty()) return "";
    const auto [low, high] = std::minmax_element(each_.begin(), each_.end(), less);
    return fmt::format("{:5.1f} % ({:.1f} {} .. {:.1f} {})", 100 * all_.share(),
                       100 * low->second.share(), low->first, 100 * high->second.share(),
                       high->first);
  }

 private:
  std::map<std::string, Tally> each_;
  Tally all_;
};

void study(const std::string& name, int sweeps) {
  test::PlantedLaw law = test::planted(name);
  const bool paired = name == "J1" || name == "J2" || name == "V";
  const double tau = paired ? 0.003 : 0;
  const test::PlantedData planted = test::plant(law);
  const std::size_t n = planted.points.size();
  JointOptions options = planted.options;
  options.estimateTau = paired;
  options.starts = 9;
  const auto size = static_cast<Eigen::Index>(n);
  Eigen::MatrixXd root = Eigen::MatrixXd::Identity(size, size) * law.se;
  if (paired) {
    SymmetricMatrix matrix{n, std::vector<double>(n * n)};
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t k = 0; k < n; ++k) {
        const bool same = planted.points[i].model == planted.points[k].model;
        matrix.values[i * n + k] = law.se * law.se * (i == k ? 1 : same ? 0.70 : 0.39);
      }
    }
    root = Eigen::Map<Eigen::MatrixXd>(matrix.values.data(), size, size).llt().matrixL();
    options.covariance = std::move(matrix);
  }
  Parameters wald, profile;
  Tally curve;
  int refused = 0;
  for (int sweep = 0; sweep < sweeps; ++sweep) {
    CounterRng rng(2024, static_cast<std::uint64_t>(sweep));
    Eigen::VectorXd normal(size);
    for (double& x : normal) x = rng.normal();
    const Eigen::VectorXd error = root * normal;
    std::vector<LawPoint> points = planted.points;
    for (std::size_t i = 0; i < n; ++i) {
      const double e = error[static_cast<Eigen::Index>(i)] + tau * rng.normal();
      (law.metric == LawMetric::Accuracy ? points[i].accuracy : points[i].crossEntropy) += e;
    }
    const JointFit fit = fitJoint(points, options);
    if (fit.parameters.empty()) {
      ++refused;
      continue;
    }
    for (std::size_t k = 0; k < fit.parameters.size(); ++k) {
      const FittedParameter& p = fit.parameters[k];
      profile.add(p.name, insideProfile(points, options, fit, p.name, planted.values[k]));
      if (!std::isfinite(p.se)) continue;
      wald.add(p.name, std::abs(p.value - planted.values[k]) <= waldHalfWidth(fit, k, 0.95));
    }
    for (std::size_t i = 0; i < n; ++i) {
      const LawPoint& truth = planted.points[fit.points[i].point];
      const double expected =
          law.metric == LawMetric::Accuracy ? truth.accuracy : truth.crossEntropy;
      curve.add(std::abs(fit.predict(fit.points[i].row) - expected) <=
                curveHalfWidth(fit, fit.points[i].row, 0.95));
    }
  }
  fmt::print("{:<13} Wald {}  profile {}  curve {:5.1f} %  refused {}\n", name, wald.text(),
             profile.text(), 100 * curve.share(), refused);
  std::fflush(stdout);
}

}  // namespace
}  // namespace bitfrontier

int main(int argc, char** argv) {
  const int sweeps = argc > 1 ? std::max(1, std::atoi(argv[1])) : 500;
  std::vector<std::string> names(argv + std::min(argc, 2), argv + argc);
  if (names.empty()) {
    for (const bitfrontier::LawForm* form : bitfrontier::lawForms()) {
      names.emplace_back(form->info().name);
    }
  }
  for (const std::string& name : names) bitfrontier::study(name, sweeps);
  return 0;
}
