// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/inference/law_bootstrap.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <Eigen/Dense>
#include <set>

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/law/data/point_errors.h"
#include "core/law/fit/joint_data.h"
#include "core/law/fit/law_objective.h"
#include "core/law/numeric/counter_rng.h"
#include "core/law/numeric/quantile.h"
#include "core/law/numeric/small_lm.h"

namespace bitfrontier {
namespace {

constexpr double kAbsent = LawPoint::kAbsent;
constexpr double kMostAtBound = 0.05;
constexpr std::size_t kFewestClusters = 4;

constexpr std::pair<Resampling, std::string_view> kNames[] = {
    {Resampling::Auto, "auto"},
    {Resampling::Items, "items"},
    {Resampling::Models, "models"},
    {Resampling::Parametric, "parametric"}};

void check(const BootstrapOptions& options) {
  if (options.replicates < 10 || options.replicates > 10'000'000) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("a bootstrap of {} replicates, 10 to 10000000 are allowed",
                            options.replicates));
  }
  if (!(options.level > 0 && options.level < 1)) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("an interval of level {}, between 0 and 1 is possible", options.level));
  }
}

/// What is drawn when nobody says. Throws InvalidArgument for items that are not there.
Resampling chooseResampling(std::size_t points, LawMetric metric, const ItemOutcomes* items,
                            Resampling asked) {
  const bool accuracy = metric == LawMetric::Accuracy;
  if (asked == Resampling::Auto) {
    return items != nullptr && accuracy ? Resampling::Items : Resampling::Parametric;
  }
  if (asked == Resampling::Items &&
      (items == nullptr || items->rows() != points || items->tasks().empty() || !accuracy)) {
    throw Error(ErrorKind::InvalidArgument,
                "a bootstrap over items needs the outcomes of every item for every point");
  }
  return asked;
}

/// One worker's solver and copy of the objective.
struct Worker {
  explicit Worker(const LawObjective& prototype) : objective(prototype) {}
  LawObjective objective;
  SmallLm lm;
};

/// Fits the law again to replicates of the data, on several threads.
class Replicator {
 public:
  Replicator(const JointData& data, const LawObjective& prototype, const JointFit& fit,
             Resampling resampling, const BootstrapOptions& bootstrap)
      : data_(data),
        prototype_(prototype),
        bootstrap_(bootstrap),
        resampling_(resampling),
        optimum_(prototype.reduce(fit.values())),
        points_(data.points.size()),
        parameters_(fit.parameters.size()),
        equal_(data.weighting == Weighting::Equal),
        flipped_(fit.form->info().ofError && data.context.metric == LawMetric::Accuracy),
        noise_((bootstrap.withLackOfFit || equal_) && std::isfinite(fit.tau) ? fit.tau : 0) {}

  /// replicates x parameters; NaN in rows that gave no fit.
  std::vector<double> run(const ItemOutcomes* items, const JobContext& job) {
    if (resampling_ == Resampling::Items) drawItems(*items, job);
    if (resampling_ == Resampling::Parametric && data_.weighting == Weighting::Paired) findRoot();
    draws_.assign(bootstrap_.replicates * parameters_, kAbsent);
    std::vector<Worker> workers(static_cast<std::size_t>(std::max(bootstrap_.threads, 1)),
                                Worker(prototype_));
    parallelFor(bootstrap_.replicates, 8, bootstrap_.threads, job,
                [&](std::size_t w, std::size_t begin, std::size_t end) {
                  for (std::size_t r = begin; r < end; ++r) refit(workers[w], r);
                });
    return std::move(draws_);
  }

 private:
  void drawItems(const ItemOutcomes& items, const JobContext& job) {
    std::vector<std::size_t> rows;
    for (const FittedPoint& p : data_.points) rows.push_back(p.point);
    accuracies_ = resampleAccuracies(items.subset(rows), bootstrap_.replicates, bootstrap_.seed,
                                     bootstrap_.weights, bootstrap_.threads, job);
  }

  /// The symmetric root of the points' covariance.
  void findRoot() {
    const auto size = static_cast<Eigen::Index>(points_);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(
        Eigen::Map<const Eigen::MatrixXd>(data_.covariance.values.data(), size, size));
    root_ = solver.eigenvectors() * solver.eigenvalues().cwiseMax(0).cwiseSqrt().asDiagonal();
  }

  /// What the law is fitted to in replicate `r`.
  std::vector<double> values(std::size_t r) const {
    std::vector<double> y(points_);
    CounterRng rng(bootstrap_.seed + 0x5bd1e995U, r);
    for (std::size_t i = 0; i < points_; ++i) {
      y[i] = resampling_ == Resampling::Items ? double{accuracies_[r * points_ + i]}
                                              : data_.points[i].value;
    }
    if (resampling_ == Resampling::Parametric && root_.size() > 0) {
      Eigen::VectorXd normal(static_cast<Eigen::Index>(points_));
      for (double& x : normal) x = rng.normal();
      const Eigen::VectorXd step = root_ * normal;
      for (std::size_t i = 0; i < points_; ++i) y[i] += step[static_cast<Eigen::Index>(i)];
    } else if (resampling_ == Resampling::Parametric && !equal_) {
      for (std::size_t i = 0; i < points_; ++i) y[i] += data_.points[i].se * rng.normal();
    }
    if (noise_ > 0) {
      for (double& v : y) v += noise_ * rng.normal();
    }
    if (flipped_) {
      for (double& v : y) v = 1 - v;
    }
    return y;
  }

  /// How often each size is drawn, as a weight for each row; empty when too few different ones are.
  std::vector<double> sizeWeights(std::size_t r) const {
    CounterRng rng(bootstrap_.seed, r);
    std::vector<double> counts(static_cast<std::size_t>(data_.sizes), 0), weights;
    for (int s = 0; s < data_.sizes; ++s) {
      counts[rng.below(static_cast<std::uint32_t>(data_.sizes))] += 1;
    }
    const auto distinct =
        std::count_if(counts.begin(), counts.end(), [](double c) { return c > 0; });
    if (static_cast<std::size_t>(distinct) < kFewestClusters) return weights;
    for (const int s : data_.sizeIndex) weights.push_back(counts[static_cast<std::size_t>(s)]);
    return weights;
  }

  void refit(Worker& worker, std::size_t r) {
    if (resampling_ == Resampling::Models) {
      std::vector<double> weights = sizeWeights(r);
      if (weights.empty()) return;
      worker.objective.setRowWeights(std::move(weights));
    } else {
      const std::vector<double> y = values(r);
      if (!std::all_of(y.begin(), y.end(), [](double v) { return std::isfinite(v); })) return;
      worker.objective.setValues(y);
    }
    std::vector<double> free = optimum_;
    SmallLm::Options solver;
    solver.functionTolerance = 1e-11;
    const SmallLm::Result result = worker.lm.solve(
        worker.objective, worker.objective.residuals(), worker.objective.freeCount(),
        worker.objective.lower().data(), worker.objective.upper().data(), free.data(), solver);
    if (!result.converged) return;
    const std::vector<double> whole = worker.objective.expand(free.data());
    std::copy(whole.begin(), whole.end(), draws_.begin() + std::ptrdiff_t(r * parameters_));
  }

  const JointData& data_;
  const LawObjective& prototype_;
  const BootstrapOptions& bootstrap_;
  Resampling resampling_;
  std::vector<double> optimum_;
  std::size_t points_, parameters_;
  bool equal_, flipped_;
  double noise_;  ///< standard deviation added to every configuration
  std::vector<float> accuracies_;
  Eigen::MatrixXd root_;
  std::vector<double> draws_;
};

void keepSuccessful(const std::vector<double>& draws, std::size_t parameters,
                    BootstrapResult& result) {
  for (std::size_t r = 0; r * parameters < draws.size(); ++r) {
    const auto row = draws.begin() + std::ptrdiff_t(r * parameters);
    if (std::isnan(*row)) {
      ++result.failed;
      continue;
    }
    result.draws.insert(result.draws.end(), row, row + std::ptrdiff_t(parameters));
    ++result.replicates;
  }
}

void summarise(const JointFit& fit, double level, BootstrapResult& result) {
  const std::size_t all = fit.parameters.size();
  for (std::size_t k = 0; k < all; ++k) {
    const FittedParameter& p = fit.parameters[k];
    if (p.held) continue;
    std::vector<double> column;
    for (std::size_t r = 0; r < result.replicates; ++r) column.push_back(result.draws[r * all + k]);
    result.parameters.push_back(summariseDraws(p.name, std::move(column), p.lower, p.upper, level));
    const BootstrapParameter& summary = result.parameters.back();
    if (!summary.printable) {
      result.remarks.push_back(
          {RemarkCode::ReplicatesAtBound, true,
           fmt::format("{} is at a bound in {:.0f} % of the replicates: no interval is given",
                       p.name, 100 * summary.atBound)});
    }
  }
  const std::size_t replicates = result.replicates + result.failed;
  if (result.failed == 0) return;
  result.remarks.push_back(
      {RemarkCode::FailedReplicates, result.failed * 20 > replicates,
       result.resampling == Resampling::Models
           ? fmt::format("{} of {} replicates drew fewer than {} sizes or gave no fit",
                         result.failed, replicates, kFewestClusters)
           : fmt::format("{} of {} replicates gave no fit", result.failed, replicates)});
}

}  // namespace

std::string_view resamplingName(Resampling resampling) {
  return kNames[static_cast<std::size_t>(resampling)].second;
}

Resampling parseResampling(std::string_view name) {
  for (const auto& [value, text] : kNames) {
    if (text == name) return value;
  }
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("unknown resampling '{}', one of auto, items, models, parametric is "
                          "meant",
                          name));
}

std::pair<double, double> BootstrapResult::curveInterval(const JointFit& fit, const LawRow& row,
                                                         double level) const {
  const std::size_t k = fit.parameters.size();
  std::vector<double> values;
  for (std::size_t r = 0; r < replicates; ++r) {
    values.push_back(fit.predict(row, draws.data() + r * k));
  }
  std::sort(values.begin(), values.end());
  return {sortedQuantile(values, (1 - level) / 2), sortedQuantile(values, (1 + level) / 2)};
}

BootstrapParameter summariseDraws(std::string name, std::vector<double> values, double lower,
                                  double upper, double level) {
  BootstrapParameter p;
  p.name = std::move(name);
  std::erase_if(values, [](double v) { return !std::isfinite(v); });
  if (values.size() < 2) return p;
  const auto n = static_cast<double>(values.size());
  double sum = 0, squares = 0, bound = 0;
  for (const double v : values) {
    sum += v;
    const double width = 1e-9 * (std::abs(v) + 1e-6);
    bound += v <= lower + width || v >= upper - width ? 1 : 0;
  }
  p.mean = sum / n;
  for (const double v : values) squares += (v - p.mean) * (v - p.mean);
  p.sd = std::sqrt(squares / (n - 1));
  p.atBound = bound / n;
  p.printable = p.atBound <= kMostAtBound;
  std::sort(values.begin(), values.end());
  p.lower = sortedQuantile(values, (1 - level) / 2);
  p.upper = sortedQuantile(values, (1 + level) / 2);
  return p;
}

BootstrapResult bootstrapJoint(std::span<const LawPoint> points, const JointOptions& options,
                               const JointFit& fit, const ItemOutcomes* items,
                               const BootstrapOptions& bootstrap, const JobContext& job) {
  check(bootstrap);
  BootstrapResult result;
  result.resampling = chooseResampling(points.size(), options.metric, items, bootstrap.resampling);
  if (fit.parameters.empty()) return result;
  JointOptions used = options;
  if (result.resampling == Resampling::Models && fit.weighting == Weighting::Paired) {
    // Whole sizes enter or leave, so rows get weights, which the paired covariance has no place
    // for.
    used.weighting = Weighting::Errors;
    used.covariance.reset();
  }
  const JointData data = makeJointData(points, *fit.form, used);
  LawObjective prototype(*fit.form, data, used);
  if (data.weighting != Weighting::Equal) prototype.setTau(fit.tau);
  Replicator replicator(data, prototype, fit, result.resampling, bootstrap);
  keepSuccessful(replicator.run(items, job), fit.parameters.size(), result);
  summarise(fit, bootstrap.level, result);
  return result;
}

BootstrapResult bootstrapSeriesLaw(const SeriesLaw& law, const JointOptions& options,
                                   const ItemOutcomes* items, const BootstrapOptions& bootstrap,
                                   const JobContext& job) {
  BootstrapResult result =
      bootstrapJoint(law.series.points, options, law.fit, items, bootstrap, job);
  if (law.fit.parameters.empty()) return result;
  const LawMetric metric = law.fit.context.metric;
  double lower[3], upper[3];
  for (std::size_t k = 0; k < 3; ++k) {
    lower[k] = law.fit.parameters[k].lower;
    upper[k] = law.fit.parameters[k].upper;
  }
  const std::array<double, 3> low = powerLawValues(metric, lower);
  const std::array<double, 3> high = powerLawValues(metric, upper);
  std::vector<double> columns[3];
  for (std::size_t r = 0; r < result.replicates; ++r) {
    const std::array<double, 3> values = powerLawValues(metric, result.draws.data() + 3 * r);
    std::copy(values.begin(), values.end(), result.draws.begin() + std::ptrdiff_t(3 * r));
    for (std::size_t k = 0; k < 3; ++k) columns[k].push_back(values[k]);
  }
  result.parameters.clear();
  for (std::size_t k = 0; k < 3; ++k) {
    result.parameters.push_back(summariseDraws(PowerLaw::kNames[k], std::move(columns[k]),
                                               std::min(low[k], high[k]), std::max(low[k], high[k]),
                                               bootstrap.level));
  }
  return result;
}

}  // namespace bitfrontier
