// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/law_posterior.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <Eigen/Dense>
#include <iterator>
#include <numbers>
#include <utility>

#include "core/base/error.h"
#include "core/law/curve_likelihood.h"
#include "core/law/lattice_integral.h"

namespace bitfrontier {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using Index = Eigen::Index;

/// One of the draws that stand for the posterior.
struct Member {
  std::vector<double> parameters;
  double tau = 0;
  double cumulative = 0;  ///< of the weights up to this one
};
constexpr std::size_t kMembers = 10000;

/// Eigenvalues of Sigma as fits use them: configurations that answer every item alike make it
/// singular; their difference is then known no better than to about half an item.
constexpr double kSmallestEigenvalue = 1e-4;

bool isTilted(const JointFit& fit) { return fit.form->info().name == "J2"; }

/// How many nodes of the lattice a posterior may have, so that it takes less than about a second.
std::size_t mostNodes(std::size_t rows, std::size_t parameters) {
  constexpr double kOperations = 2e9, kFewest = 60, kMost = 2000;
  const auto n = static_cast<double>(rows), m = static_cast<double>(parameters);
  return static_cast<std::size_t>(
      std::clamp(kOperations / (n * m * m + m * m * m + 4 * n * n), kFewest, kMost));
}

}  // namespace

struct LawPosterior::Impl {
  JointFit fit;
  std::optional<CurveLikelihood> likelihood;
  std::vector<Member> members;
  double evidence = 0;
  double noise = 0;

  void makeLikelihood(const std::optional<SymmetricMatrix>& covariance);
  void makePairedNoise();
  LatticeIntegral integrate(const LawPriors& priors) const;
  void makeMembers(const LatticeIntegral& integral);
};

void LawPosterior::Impl::makeLikelihood(const std::optional<SymmetricMatrix>& covariance) {
  const auto n = static_cast<Index>(fit.points.size());
  CurveLikelihood::Data data;
  MatrixXd sigma = MatrixXd::Zero(n, n);
  const bool accuracy = fit.context.metric == LawMetric::Accuracy;
  for (Index i = 0; i < n; ++i) {
    const FittedPoint& a = fit.points[static_cast<std::size_t>(i)];
    data.y.push_back(accuracy ? 1 - a.value : a.value);
    data.z.push_back(a.row.logSize);
    data.format.push_back(a.row.format);
    if (covariance) {
      for (Index k = 0; k < n; ++k) {
        sigma(i, k) = covariance->at(a.point, fit.points[static_cast<std::size_t>(k)].point);
      }
    } else if (fit.weighting != Weighting::Equal) {
      sigma(i, i) = a.se * a.se;
    }
  }
  data.formats = fit.context.formats.size();
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(sigma);
  data.basis = solver.eigenvectors();
  data.eigenvalues =
      solver.eigenvalues().cwiseMax(kSmallestEigenvalue * sigma.trace() / static_cast<double>(n));
  data.scale = accuracy ? 1 : fit.context.worst;
  data.highestFloor = 0.95 * data.scale;
  likelihood.emplace(std::move(data));
}

void LawPosterior::Impl::makePairedNoise() {
  const CurveLikelihood::Data& data = likelihood->data();
  std::vector<double> own;
  for (Index i = 0; i < data.basis.rows(); ++i) {
    double precision = 0;
    for (Index j = 0; j < data.basis.cols(); ++j) {
      precision += data.basis(i, j) * data.basis(i, j) / std::max(data.eigenvalues[j], 1e-300);
    }
    own.push_back(1 / precision);
  }
  const auto middle = own.begin() + static_cast<std::ptrdiff_t>(own.size() / 2);
  std::nth_element(own.begin(), middle, own.end());
  noise = *middle;
}

LatticeIntegral LawPosterior::Impl::integrate(const LawPriors& priors) const {
  const bool tilted = isTilted(fit);
  const double scale = priors.tauScale(fit.context.metric);
  // x = ln alpha, ln tau and, for J2, gammaN - alpha.
  const auto square = [](double x) { return x * x; };
  const auto logDensity = [&](const std::vector<double>& x) {
    const double alpha = std::exp(x[0]), tau = std::exp(x[1]), tilt = tilted ? x[2] : 0;
    const double normal =
        -0.5 * square(std::log(alpha / priors.alphaMedian) / priors.alphaLogDeviation) -
        std::log(priors.alphaLogDeviation) -
        (tilted ? 0.5 * square(tilt / priors.tiltDeviation) + std::log(priors.tiltDeviation) +
                      0.5 * std::log(2 * std::numbers::pi)
                : 0);
    const double cauchy = std::log(tau / scale) - std::log1p(square(tau / scale));
    return normal + cauchy + likelihood->logDensity(alpha, alpha + tilt, tau, nullptr);
  };
  const double alpha = std::clamp(fit.parameters[2].value, 0.03, 2.0);
  std::vector<double> start{std::log(alpha), std::log(std::max(fit.tau, 0.1 * scale))};
  std::vector<double> step{0.2, 0.5};
  if (tilted) {
    start.push_back(std::clamp(fit.parameters.back().value - alpha, -0.5, 0.5));
    step.push_back(0.1);
  }
  return integrateOnLattice(logDensity, start, step,
                            mostNodes(fit.points.size(), likelihood->parameters()));
}

void LawPosterior::Impl::makeMembers(const LatticeIntegral& integral) {
  if (integral.nodes.empty()) {
    throw Error(ErrorKind::Numeric, "the covariance of the points and the law are degenerate");
  }
  const bool tilted = isTilted(fit);
  double top = -HUGE_VAL, mass = 0;
  for (const LatticeNode& node : integral.nodes) top = std::max(top, node.logDensity);
  for (const LatticeNode& node : integral.nodes) mass += std::exp(node.logDensity - top);
  double below = 0, sum = 0;
  for (const LatticeNode& node : integral.nodes) {
    below += std::exp(node.logDensity - top);
    const auto end = static_cast<std::size_t>(below / mass * kMembers + 0.5);
    if (members.size() >= end) continue;
    const double alpha = std::exp(node.x[0]), tau = std::exp(node.x[1]);
    const double gammaN = alpha + (tilted ? node.x[2] : 0);
    CurveLikelihood::Linear linear;
    likelihood->logDensity(alpha, gammaN, tau, &linear);
    while (members.size() < end) {
      CounterRng rng(0, members.size());
      double weight = 0;
      const VectorXd drawn = likelihood->draw(linear, rng, weight);
      const Index last = drawn.size() - 1;
      const double amplitude = std::max(drawn[0], 1e-9 * likelihood->data().scale);
      Member member{{drawn[last], std::log(amplitude), alpha}, tau, sum += weight};
      for (Index f = 1; f < last; ++f) {
        member.parameters.push_back(tilted ? drawn[f] : -std::log1p(drawn[f] / amplitude) / alpha);
      }
      if (tilted) member.parameters.push_back(gammaN);
      members.push_back(std::move(member));
    }
  }
  if (!(sum > 0)) {
    throw Error(ErrorKind::Numeric, "the points have no curve that falls with size and precision");
  }
  for (Member& member : members) member.cumulative /= sum;
  evidence = integral.logIntegral + std::log(sum / static_cast<double>(members.size()));
}

LawPosterior::LawPosterior(JointFit fit, const std::optional<SymmetricMatrix>& covariance,
                           const LawPriors& priors)
    : impl_(std::make_unique<Impl>()) {
  if (!fit.usable || fit.points.empty()) {
    throw Error(ErrorKind::InvalidArgument, "a refused law has no posterior");
  }
  const bool held = std::any_of(fit.parameters.begin(), fit.parameters.end(),
                                [](const FittedParameter& p) { return p.held; });
  if ((fit.form->info().name != "J1" && !isTilted(fit)) || held) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("decisions rest on J1 and J2 with all parameters free, not on {}{}",
                            fit.form->info().name, held ? " with held ones" : ""));
  }
  impl_->fit = std::move(fit);
  impl_->makeLikelihood(covariance);
  impl_->makePairedNoise();
  impl_->makeMembers(impl_->integrate(priors));
}
LawPosterior::~LawPosterior() = default;
LawPosterior::LawPosterior(LawPosterior&&) noexcept = default;
LawPosterior& LawPosterior::operator=(LawPosterior&&) noexcept = default;

const JointFit& LawPosterior::fit() const { return impl_->fit; }
double LawPosterior::pairedNoise() const { return impl_->noise; }
double LawPosterior::logEvidence() const { return impl_->evidence; }

double LawPosterior::meanTau() const {
  double mean = 0, before = 0;
  for (const Member& member : impl_->members) {
    mean += member.tau * (member.cumulative - before);
    before = member.cumulative;
  }
  return mean;
}

LawPosterior::Draw LawPosterior::draw(CounterRng& rng) const {
  const std::vector<Member>& members = impl_->members;
  const double share = rng.uniform();
  const auto found = std::lower_bound(
      members.begin(), std::prev(members.end()), share,
      [](const Member& member, double value) { return member.cumulative <= value; });
  return {found->parameters, found->tau};
}

std::vector<double> LawPosterior::deviations(const Draw& draw, CounterRng& rng) const {
  const Impl& d = *impl_;
  const auto n = static_cast<Index>(d.fit.points.size());
  VectorXd residual(n);
  for (Index i = 0; i < n; ++i) {
    const FittedPoint& p = d.fit.points[static_cast<std::size_t>(i)];
    residual[i] = p.value - d.fit.predict(p.row, draw.parameters.data());
  }
  const CurveLikelihood::Data& data = d.likelihood->data();
  VectorXd turned = data.basis.transpose() * residual;
  const double t2 = draw.tau * draw.tau;
  for (Index i = 0; i < n; ++i) {
    const double lambda = data.eigenvalues[i];
    turned[i] =
        turned[i] * t2 / (t2 + lambda) + std::sqrt(t2 * lambda / (t2 + lambda)) * rng.normal();
  }
  const VectorXd u = data.basis * turned;
  return {u.data(), u.data() + n};
}

}  // namespace bitfrontier
