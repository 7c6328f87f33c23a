// SPDX-License-Identifier: GPL-3.0-or-later
// How often 95 % intervals hold the truth: 500 simulated sweeps for each law.
//
//   bench_law_coverage [SWEEPS] [LAW...]
//
// Each sweep is a law of tests/core/law/planted_law.h with normal errors of known size; J1, J2 and
// V have errors correlated as those of outcomes on the same items (0.7 within a size, 0.39 between
// sizes) and a lack of fit that the fit estimates. Printed for each law: share of intervals of
// parameters and of the fitted curve that hold the truth, and the extremes over parameters.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <Eigen/Dense>
#include <map>
#include <string>
#include <vector>

#include "core/law/law_profile.h"
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
  std::map<std::string, Tally> parameters;
  Tally all, curve;
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
    const double factor = waldFactor(fit, 0.95);
    for (std::size_t k = 0; k < fit.parameters.size(); ++k) {
      const FittedParameter& p = fit.parameters[k];
      if (!std::isfinite(p.se)) continue;
      const bool inside = std::abs(p.value - planted.values[k]) <= factor * p.se;
      parameters[p.name].add(inside);
      all.add(inside);
    }
    for (std::size_t i = 0; i < n; ++i) {
      const LawPoint& truth = planted.points[fit.points[i].point];
      const double expected =
          law.metric == LawMetric::Accuracy ? truth.accuracy : truth.crossEntropy;
      curve.add(std::abs(fit.predict(fit.points[i].row) - expected) <=
                factor * fit.predictSe(fit.points[i].row));
    }
  }
  double lowest = 1, highest = 0;
  std::string lowName, highName;
  for (const auto& [parameter, tally] : parameters) {
    if (tally.share() < lowest) {
      lowest = tally.share();
      lowName = parameter;
    }
    if (tally.share() > highest) {
      highest = tally.share();
      highName = parameter;
    }
  }
  fmt::print("{:<13} parameters {:5.1f} %  ({:.1f} {} .. {:.1f} {})  curve {:5.1f} %  refused {}\n",
             name, 100 * all.share(), 100 * lowest, lowName, 100 * highest, highName,
             100 * curve.share(), refused);
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
