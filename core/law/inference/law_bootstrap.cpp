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

BootstrapParameter summarise(std::string name, std::vector<double> values, double lower,
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

/// One worker's solver and copy of the objective.
struct Worker {
  explicit Worker(const LawObjective& prototype) : objective(prototype) {}
  LawObjective objective;
  SmallLm lm;
};

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

BootstrapResult bootstrapJoint(std::span<const LawPoint> points, const JointOptions& options,
                               const JointFit& fit, const ItemOutcomes* items,
                               const BootstrapOptions& bootstrap, const JobContext& job) {
  check(bootstrap);
  BootstrapResult result;
  result.resampling = bootstrap.resampling != Resampling::Auto ? bootstrap.resampling
                      : items != nullptr && options.metric == LawMetric::Accuracy
                          ? Resampling::Items
                          : Resampling::Parametric;
  if (result.resampling == Resampling::Items &&
      (items == nullptr || items->rows() != points.size() || items->tasks().empty() ||
       options.metric != LawMetric::Accuracy)) {
    throw Error(ErrorKind::InvalidArgument,
                "a bootstrap over items needs the outcomes of every item for every point");
  }
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
  const bool equal = data.weighting == Weighting::Equal;
  if (!equal) prototype.setTau(fit.tau);
  const std::vector<double> optimum = prototype.reduce(fit.values());
  const std::size_t n = data.points.size(), all = fit.parameters.size();
  const std::size_t replicates = bootstrap.replicates;
  const bool flipped = fit.form->info().ofError && options.metric == LawMetric::Accuracy;
  const double noise = (bootstrap.withLackOfFit || equal) && std::isfinite(fit.tau) ? fit.tau : 0;

  std::vector<float> accuracies;
  if (result.resampling == Resampling::Items) {
    std::vector<std::size_t> rows;
    for (const FittedPoint& p : data.points) rows.push_back(p.point);
    accuracies = resampleAccuracies(items->subset(rows), replicates, bootstrap.seed,
                                    bootstrap.weights, bootstrap.threads, job);
  }
  Eigen::MatrixXd root;
  if (result.resampling == Resampling::Parametric && data.weighting == Weighting::Paired) {
    const auto size = static_cast<Eigen::Index>(n);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(
        Eigen::Map<const Eigen::MatrixXd>(data.covariance.values.data(), size, size));
    root = solver.eigenvectors() * solver.eigenvalues().cwiseMax(0).cwiseSqrt().asDiagonal();
  }

  std::vector<double> draws(replicates * all, kAbsent);
  const auto values = [&](std::size_t r, std::vector<double>& y) {
    CounterRng rng(bootstrap.seed + 0x5bd1e995U, r);
    for (std::size_t i = 0; i < n; ++i) {
      y[i] = result.resampling == Resampling::Items ? double{accuracies[r * n + i]}
                                                    : data.points[i].value;
    }
    if (result.resampling == Resampling::Parametric && root.size() > 0) {
      Eigen::VectorXd normal(static_cast<Eigen::Index>(n));
      for (double& x : normal) x = rng.normal();
      const Eigen::VectorXd step = root * normal;
      for (std::size_t i = 0; i < n; ++i) y[i] += step[static_cast<Eigen::Index>(i)];
    } else if (result.resampling == Resampling::Parametric && !equal) {
      for (std::size_t i = 0; i < n; ++i) y[i] += data.points[i].se * rng.normal();
    }
    if (noise > 0) {
      for (double& v : y) v += noise * rng.normal();
    }
    if (flipped) {
      for (double& v : y) v = 1 - v;
    }
  };
  std::vector<Worker> workers(static_cast<std::size_t>(std::max(bootstrap.threads, 1)),
                              Worker(prototype));
  parallelFor(replicates, 8, bootstrap.threads, job,
              [&](std::size_t w, std::size_t begin, std::size_t end) {
                Worker& worker = workers[w];
                std::vector<double> y(n), free;
                for (std::size_t r = begin; r < end; ++r) {
                  if (result.resampling == Resampling::Models) {
                    CounterRng rng(bootstrap.seed, r);
                    std::vector<double> counts(static_cast<std::size_t>(data.sizes), 0), weights;
                    for (int s = 0; s < data.sizes; ++s) {
                      counts[rng.below(static_cast<std::uint32_t>(data.sizes))] += 1;
                    }
                    const auto distinct =
                        std::count_if(counts.begin(), counts.end(), [](double c) { return c > 0; });
                    if (static_cast<std::size_t>(distinct) < kFewestClusters) continue;
                    for (const int s : data.sizeIndex)
                      weights.push_back(counts[static_cast<std::size_t>(s)]);
                    worker.objective.setRowWeights(std::move(weights));
                  } else {
                    values(r, y);
                    if (!std::all_of(y.begin(), y.end(), [](double v) { return std::isfinite(v); }))
                      continue;
                    worker.objective.setValues(y);
                  }
                  free = optimum;
                  SmallLm::Options solver;
                  solver.functionTolerance = 1e-11;
                  const SmallLm::Result refit =
                      worker.lm.solve(worker.objective, worker.objective.residuals(),
                                      worker.objective.freeCount(), worker.objective.lower().data(),
                                      worker.objective.upper().data(), free.data(), solver);
                  if (!refit.converged) continue;
                  const std::vector<double> whole = worker.objective.expand(free.data());
                  std::copy(whole.begin(), whole.end(), draws.begin() + std::ptrdiff_t(r * all));
                }
              });
  for (std::size_t r = 0; r < replicates; ++r) {
    if (std::isnan(draws[r * all])) {
      ++result.failed;
      continue;
    }
    result.draws.insert(result.draws.end(), draws.begin() + std::ptrdiff_t(r * all),
                        draws.begin() + std::ptrdiff_t((r + 1) * all));
    ++result.replicates;
  }
  for (std::size_t k = 0; k < all; ++k) {
    std::vector<double> column;
    for (std::size_t r = 0; r < result.replicates; ++r) column.push_back(result.draws[r * all + k]);
    const FittedParameter& p = fit.parameters[k];
    if (p.held) continue;
    result.parameters.push_back(
        summarise(p.name, std::move(column), p.lower, p.upper, bootstrap.level));
    const BootstrapParameter& summary = result.parameters.back();
    if (!summary.printable) {
      result.remarks.push_back(
          {RemarkCode::ReplicatesAtBound, true,
           fmt::format("{} is at a bound in {:.0f} % of the replicates: no interval is given",
                       p.name, 100 * summary.atBound)});
    }
  }
  if (result.failed > 0) {
    result.remarks.push_back(
        {RemarkCode::FailedReplicates, result.failed * 20 > replicates,
         result.resampling == Resampling::Models
             ? fmt::format("{} of {} replicates drew fewer than {} sizes or gave no fit",
                           result.failed, replicates, kFewestClusters)
             : fmt::format("{} of {} replicates gave no fit", result.failed, replicates)});
  }
  return result;
}

std::vector<SeriesBootstrap> bootstrapSeries(std::span<const LawSeries> series,
                                             std::span<const LawFit> fits,
                                             std::span<const std::vector<float>> values,
                                             const BootstrapOptions& bootstrap,
                                             const JobContext& job) {
  check(bootstrap);
  if (fits.size() != series.size() || values.size() != series.size()) {
    throw Error(ErrorKind::InvalidArgument, "series, fits and replicates differ in number");
  }
  const std::size_t replicates = bootstrap.replicates;
  struct Prepared {
    JointData data;
    std::vector<std::size_t> rows;  ///< of the series' points
    JointOptions options;
    bool usable = false;
  };
  std::vector<SeriesBootstrap> results(series.size());
  std::vector<Prepared> prepared(series.size());
  const LawForm& form = lawForm("power");
  for (std::size_t s = 0; s < series.size(); ++s) {
    const LawFit& fit = fits[s];
    Prepared& p = prepared[s];
    if (!fit.usable || fit.metric != LawMetric::Accuracy) continue;
    if (values[s].size() != replicates * series[s].points.size()) {
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("series {} {} has {} replicate values, not {} x {}", fit.family,
                              fit.label, values[s].size(), replicates, series[s].points.size()));
    }
    p.options.form = "power";
    p.options.axis = LawAxis::TotalBits;
    p.options.estimateTau = false;
    p.data.context.metric = fit.metric;
    p.data.context.size0 = fit.b0;
    p.data.context.worst = 1;
    p.data.context.formats.resize(1);
    const PointErrors errors = pointErrors(series[s].points, fit.metric);
    for (std::size_t i = 0; i < series[s].points.size(); ++i) {
      const LawPoint& point = series[s].points[i];
      if (!std::isfinite(point.accuracy) || !(point.totalBits > 0)) continue;
      LawTarget target;
      target.row.logSize = std::log(point.totalBits / fit.b0);
      target.value = 1 - point.accuracy;
      p.data.targets.push_back(target);
      FittedPoint fitted;
      fitted.se = errors.values[i];
      p.data.points.push_back(fitted);
      p.rows.push_back(i);
    }
    p.data.weighting = errors.known() ? Weighting::Errors : Weighting::Equal;
    p.usable = true;
    results[s].draws.assign(3 * replicates, kAbsent);
  }
  // One unit of work is some replicates of one series, so that one long series does not hold all.
  constexpr std::size_t kChunk = 50;
  const std::size_t chunks = (replicates + kChunk - 1) / kChunk;
  parallelFor(series.size() * chunks, 1, bootstrap.threads, job,
              [&](std::size_t, std::size_t begin, std::size_t end) {
                SmallLm lm;
                for (std::size_t unit = begin; unit < end; ++unit) {
                  const std::size_t s = unit / chunks, first = unit % chunks * kChunk;
                  const Prepared& p = prepared[s];
                  if (!p.usable) continue;
                  LawObjective objective(form, p.data, p.options);
                  const std::vector<double> optimum{1 - fits[s].values[0],
                                                    std::log(fits[s].values[1]), fits[s].values[2]};
                  const std::size_t n = p.rows.size(), stride = series[s].points.size();
                  std::vector<double> y(n), free;
                  SmallLm::Options solver;
                  solver.functionTolerance = 1e-9;
                  for (std::size_t r = first; r < std::min(first + kChunk, replicates); ++r) {
                    for (std::size_t i = 0; i < n; ++i)
                      y[i] = 1 - values[s][r * stride + p.rows[i]];
                    objective.setValues(y);
                    free = optimum;
                    const SmallLm::Result refit =
                        lm.solve(objective, n, 3, objective.lower().data(),
                                 objective.upper().data(), free.data(), solver);
                    if (!refit.converged || !std::isfinite(refit.cost)) continue;
                    double* out = results[s].draws.data() + 3 * r;
                    out[0] = 1 - free[0];
                    out[1] = std::exp(free[1]);
                    out[2] = free[2];
                  }
                }
              });
  for (std::size_t s = 0; s < series.size(); ++s) {
    SeriesBootstrap& result = results[s];
    if (!prepared[s].usable) continue;
    const std::vector<LawParameter> bounds = form.parameters(prepared[s].data.context);
    const double lower[] = {1 - bounds[0].upper, std::exp(bounds[1].lower), bounds[2].lower};
    const double upper[] = {1 - bounds[0].lower, std::exp(bounds[1].upper), bounds[2].upper};
    const char* names[] = {"c", "a", "alpha"};
    for (std::size_t r = 0; r < replicates; ++r) {
      result.failed += std::isnan(result.draws[3 * r]) ? 1 : 0;
    }
    result.replicates = replicates - result.failed;
    for (std::size_t k = 0; k < 3; ++k) {
      std::vector<double> column;
      for (std::size_t r = 0; r < replicates; ++r) column.push_back(result.draws[3 * r + k]);
      result.parameters[k] =
          summarise(names[k], std::move(column), lower[k], upper[k], bootstrap.level);
    }
  }
  return results;
}

}  // namespace bitfrontier
