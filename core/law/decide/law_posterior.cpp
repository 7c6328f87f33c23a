// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/decide/law_posterior.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <Eigen/Dense>
#include <iterator>
#include <numbers>
#include <utility>

#include "core/base/error.h"
#include "core/law/decide/curve_likelihood.h"
#include "core/law/inference/own_scales.h"
#include "core/law/inference/shared_deviation.h"
#include "core/law/numeric/lattice_integral.h"

namespace bitfrontier {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using Index = Eigen::Index;

/// One of the draws that stand for the posterior.
struct Member {
  std::vector<double> parameters;
  double tau = 0;
  std::size_t sharing = 0;
  double cumulative = 0;  ///< of the weights up to this one
};
constexpr std::size_t kMembers = 10000;

/// Eigenvalues of Sigma as fits use them: configurations that answer every item alike make it
/// singular; their difference is then known no better than to about half an item.
constexpr double kSmallestEigenvalue = 1e-4;

/// Above it a decomposition of the covariance takes long: fewer of them are made.
constexpr std::size_t kManyRows = 400;

bool isTilted(const JointFit& fit) { return fit.form->info().name == "J2"; }

/// How many nodes of the lattice a posterior may have, so that it takes less than about a second.
std::size_t mostNodes(std::size_t rows, std::size_t parameters) {
  constexpr double kOperations = 2e9, kFewest = 60, kMost = 2000;
  const auto n = static_cast<double>(rows), m = static_cast<double>(parameters);
  return static_cast<std::size_t>(
      std::clamp(kOperations / (n * m * m + m * m * m + 4 * n * n), kFewest, kMost));
}

/// Shares of tau^2 that all formats of a model may have in common: middles of equally probable
/// ranges of their ratio. `rows` bounds how many, since each takes a decomposition of that size.
std::vector<double> sharesOf(double scale, std::size_t rows) {
  if (!(scale > 0)) return {0};
  const int count = rows <= kManyRows ? 7 : 3;
  std::vector<double> shares;
  for (int i = 0; i < count; ++i) {
    const double ratio = scale * std::tan(0.5 * std::numbers::pi * (i + 0.5) / count);
    shares.push_back(ratio * ratio / (1 + ratio * ratio));
  }
  return shares;
}

OwnScales alikeScales(const CurveLikelihood::Data& data) {
  return {std::vector<double>(data.formats, 1), std::vector<double>(data.y.size(), 1), 0};
}

/// The likelihood where deviations go together in one way.
struct Sharing {
  SharedDeviation deviation;
  std::vector<double> scales;  ///< of the formats' own deviations
  bool outliers = false;
  CurveLikelihood likelihood;
  LatticeIntegral integral;
};

}  // namespace

struct LawPosterior::Impl {
  JointFit fit;
  std::vector<std::string> models;
  std::vector<Sharing> sharings;
  std::vector<Member> members;
  double evidence = 0;
  double noise = 0;

  MatrixXd covarianceOf(const std::optional<SymmetricMatrix>& covariance) const;
  CurveLikelihood::Data makeData(MatrixXd& sigma);
  void addSharings(CurveLikelihood::Data data, const MatrixXd& sigma,
                   const std::vector<double>& shares, const OwnScales& scales,
                   const LawPriors& priors, const JobContext& job);
  OwnScales scatterOfFormats(const MatrixXd& sigma) const;
  void makePairedNoise(const CurveLikelihood::Data& data);
  LatticeIntegral integrate(const CurveLikelihood& likelihood, const LawPriors& priors,
                            const JobContext& job) const;
  void makeMembers();
  Member member(std::size_t sharing, const std::vector<double>& x, const VectorXd& drawn) const;
  std::vector<std::size_t> modelOfRows() const;
};

MatrixXd LawPosterior::Impl::covarianceOf(const std::optional<SymmetricMatrix>& covariance) const {
  const auto n = static_cast<Index>(fit.points.size());
  MatrixXd sigma = MatrixXd::Zero(n, n);
  for (Index i = 0; i < n; ++i) {
    const FittedPoint& a = fit.points[static_cast<std::size_t>(i)];
    if (covariance) {
      for (Index k = 0; k < n; ++k) {
        sigma(i, k) = covariance->at(a.point, fit.points[static_cast<std::size_t>(k)].point);
      }
    } else if (fit.weighting != Weighting::Equal) {
      sigma(i, i) = a.se * a.se;
    }
  }
  return sigma;
}

/// The points where nothing goes together. Makes `sigma` positive definite.
CurveLikelihood::Data LawPosterior::Impl::makeData(MatrixXd& sigma) {
  CurveLikelihood::Data data;
  const bool accuracy = fit.context.metric == LawMetric::Accuracy;
  for (const FittedPoint& p : fit.points) {
    data.y.push_back(accuracy ? 1 - p.value : p.value);
    data.z.push_back(p.row.logSize);
    data.format.push_back(p.row.format);
    if (std::find(models.begin(), models.end(), p.model) == models.end()) {
      models.push_back(p.model);
    }
  }
  data.formats = fit.context.formats.size();
  data.scale = accuracy ? 1 : fit.context.worst;
  data.highestFloor = 0.95 * data.scale;
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(sigma);
  data.basis = solver.eigenvectors();
  data.eigenvalues = solver.eigenvalues().cwiseMax(kSmallestEigenvalue * sigma.trace() /
                                                   static_cast<double>(fit.points.size()));
  sigma = data.basis * data.eigenvalues.asDiagonal() * data.basis.transpose();
  return data;
}

std::vector<std::size_t> LawPosterior::Impl::modelOfRows() const {
  std::vector<std::size_t> of;
  of.reserve(fit.points.size());
  for (const FittedPoint& p : fit.points) {
    of.push_back(static_cast<std::size_t>(std::find(models.begin(), models.end(), p.model) -
                                          models.begin()));
  }
  return of;
}

void LawPosterior::Impl::addSharings(CurveLikelihood::Data data, const MatrixXd& sigma,
                                     const std::vector<double>& shares, const OwnScales& scales,
                                     const LawPriors& priors, const JobContext& job) {
  const std::vector<std::size_t> model = modelOfRows();
  const VectorXd scale =
      Eigen::Map<const VectorXd>(scales.row.data(), static_cast<Index>(scales.row.size()));
  const bool alike = (scale.array() == 1).all();
  for (const double share : shares) {
    job.throwIfCancelled();
    SharedDeviation deviation(model, scale, share);
    if (share > 0 || !alike) {
      const MatrixXd half = deviation.whitened(sigma);
      const Eigen::SelfAdjointEigenSolver<MatrixXd> turned(deviation.whitened(half.transpose()));
      data.basis = deviation.dualWhitened(turned.eigenvectors());
      data.eigenvalues = turned.eigenvalues().cwiseMax(0);
    }
    data.logVolume = -0.5 * deviation.logDeterminant();
    Sharing sharing{std::move(deviation), scales.format, !alike, CurveLikelihood(data), {}};
    sharing.integral = integrate(sharing.likelihood, priors, job);
    // What it weighs before the points are seen.
    const double weight = scales.logWeight - std::log(static_cast<double>(shares.size()));
    sharing.integral.logIntegral += weight;
    for (LatticeNode& node : sharing.integral.nodes) node.logDensity += weight;
    sharings.push_back(std::move(sharing));
  }
}

/// How much the formats' own deviations differ, at the best place of the lattices so far.
OwnScales LawPosterior::Impl::scatterOfFormats(const MatrixXd& sigma) const {
  const LatticeNode* best = nullptr;
  for (const Sharing& sharing : sharings) {
    for (const LatticeNode& node : sharing.integral.nodes) {
      if (best == nullptr || node.logDensity > best->logDensity) best = &node;
    }
  }
  const CurveLikelihood::Data& data = sharings.front().likelihood.data();
  if (best == nullptr) return alikeScales(data);
  const double alpha = std::exp(best->x[0]), gammaN = alpha + (isTilted(fit) ? best->x[2] : 0);
  DeviatingRows rows;
  const auto n = static_cast<Index>(data.y.size());
  rows.y = Eigen::Map<const VectorXd>(data.y.data(), n);
  rows.design = MatrixXd::Zero(n, static_cast<Index>(data.formats) + 1);
  rows.sigma = sigma;
  rows.model = modelOfRows();
  rows.format = data.format;
  rows.formats = data.formats;
  for (Index i = 0; i < n; ++i) {
    const auto row = static_cast<std::size_t>(i);
    const auto f = static_cast<Index>(data.format[row]);
    rows.design(i, 0) = std::exp(-alpha * data.z[row]);
    if (f > 0) rows.design(i, f) = std::exp(-gammaN * data.z[row]);
    rows.design(i, rows.design.cols() - 1) = 1;
  }
  return ownScales(rows, std::exp(best->x[1]));
}

void LawPosterior::Impl::makePairedNoise(const CurveLikelihood::Data& data) {
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

LatticeIntegral LawPosterior::Impl::integrate(const CurveLikelihood& likelihood,
                                              const LawPriors& priors,
                                              const JobContext& job) const {
  const bool tilted = isTilted(fit);
  const double scale = priors.tauScale(fit.context.metric);
  // x = ln alpha, ln tau and, for J2, gammaN - alpha.
  const auto square = [](double x) { return x * x; };
  const auto logDensity = [&](const std::vector<double>& x) {
    job.throwIfCancelled();
    const double alpha = std::exp(x[0]), tau = std::exp(x[1]), tilt = tilted ? x[2] : 0;
    const double normal =
        -0.5 * square(std::log(alpha / priors.alphaMedian) / priors.alphaLogDeviation) -
        std::log(priors.alphaLogDeviation) -
        (tilted ? 0.5 * square(tilt / priors.tiltDeviation) + std::log(priors.tiltDeviation) +
                      0.5 * std::log(2 * std::numbers::pi)
                : 0);
    const double cauchy = std::log(tau / scale) - std::log1p(square(tau / scale));
    return normal + cauchy + likelihood.logDensity(alpha, alpha + tilt, tau, nullptr);
  };
  const double alpha = std::clamp(fit.parameters[2].value, 0.03, 2.0);
  std::vector<double> start{std::log(alpha), std::log(std::max(fit.tau, 0.1 * scale))};
  std::vector<double> step{0.2, 0.5};
  if (tilted) {
    start.push_back(std::clamp(fit.parameters.back().value - alpha, -0.5, 0.5));
    step.push_back(0.1);
  }
  return integrateOnLattice(logDensity, start, step,
                            mostNodes(fit.points.size(), likelihood.parameters()));
}

Member LawPosterior::Impl::member(std::size_t sharing, const std::vector<double>& x,
                                  const VectorXd& drawn) const {
  const bool tilted = isTilted(fit);
  const double alpha = std::exp(x[0]);
  const Index last = drawn.size() - 1;
  const double amplitude = std::max(drawn[0], 1e-9 * sharings[sharing].likelihood.data().scale);
  Member member{{drawn[last], std::log(amplitude), alpha}, std::exp(x[1]), sharing, 0};
  for (Index f = 1; f < last; ++f) {
    member.parameters.push_back(tilted ? drawn[f] : -std::log1p(drawn[f] / amplitude) / alpha);
  }
  if (tilted) member.parameters.push_back(alpha + x[2]);
  return member;
}

void LawPosterior::Impl::makeMembers() {
  // The lattices have nodes of different volumes: their integrals say what a node weighs.
  std::vector<double> volume;
  double top = -HUGE_VAL;
  for (const Sharing& sharing : sharings) {
    double best = -HUGE_VAL, nodes = 0;
    for (const LatticeNode& node : sharing.integral.nodes) best = std::max(best, node.logDensity);
    for (const LatticeNode& node : sharing.integral.nodes) {
      nodes += std::exp(node.logDensity - best);
    }
    volume.push_back(nodes > 0 ? sharing.integral.logIntegral - best - std::log(nodes) : 0);
    top = std::max(top, sharing.integral.logIntegral);
  }
  if (!std::isfinite(top)) {
    throw Error(ErrorKind::Numeric, "the covariance of the points and the law are degenerate");
  }
  double mass = 0;
  for (const Sharing& sharing : sharings) mass += std::exp(sharing.integral.logIntegral - top);
  double below = 0, sum = 0;
  for (std::size_t s = 0; s < sharings.size(); ++s) {
    const CurveLikelihood& likelihood = sharings[s].likelihood;
    for (const LatticeNode& node : sharings[s].integral.nodes) {
      below += std::exp(node.logDensity + volume[s] - top);
      const auto end = static_cast<std::size_t>(below / mass * kMembers + 0.5);
      if (members.size() >= end) continue;
      const double alpha = std::exp(node.x[0]);
      CurveLikelihood::Linear linear;
      likelihood.logDensity(alpha, alpha + (isTilted(fit) ? node.x[2] : 0), std::exp(node.x[1]),
                            &linear);
      while (members.size() < end) {
        CounterRng rng(0, members.size());
        double weight = 0;
        const VectorXd drawn = likelihood.draw(linear, rng, weight);
        members.push_back(member(s, node.x, drawn));
        members.back().cumulative = sum += weight;
      }
    }
  }
  if (!(sum > 0)) {
    throw Error(ErrorKind::Numeric, "the points have no curve that falls with size and precision");
  }
  for (Member& member : members) member.cumulative /= sum;
  evidence = top + std::log(mass) + std::log(sum / static_cast<double>(members.size()));
}

LawPosterior::LawPosterior(JointFit fit, const std::optional<SymmetricMatrix>& covariance,
                           const LawPriors& priors, const JobContext& job)
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
  Impl& d = *impl_;
  MatrixXd sigma = d.covarianceOf(covariance);
  const CurveLikelihood::Data data = d.makeData(sigma);
  d.makePairedNoise(data);
  // With a single point of each model nothing tells what is shared from what is not.
  const bool told = d.models.size() < d.fit.points.size();
  const std::vector<double> shares = sharesOf(told ? priors.sharedRatio : 0, d.fit.points.size());
  d.addSharings(data, sigma, shares, alikeScales(data), priors, job);
  if (told && priors.sharedRatio > 0 && d.fit.points.size() <= kManyRows) {
    d.addSharings(data, sigma, shares, d.scatterOfFormats(sigma), priors, job);
  }
  d.makeMembers();
}
LawPosterior::~LawPosterior() = default;
LawPosterior::LawPosterior(LawPosterior&&) noexcept = default;
LawPosterior& LawPosterior::operator=(LawPosterior&&) noexcept = default;

const JointFit& LawPosterior::fit() const { return impl_->fit; }
const std::vector<std::string>& LawPosterior::models() const { return impl_->models; }
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

double LawPosterior::meanShare() const {
  double mean = 0, before = 0;
  for (const Member& member : impl_->members) {
    mean += impl_->sharings[member.sharing].deviation.share() * (member.cumulative - before);
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
  const Sharing& sharing = impl_->sharings[found->sharing];
  return {found->parameters,         found->tau,      found->sharing,
          sharing.deviation.share(), &sharing.scales, sharing.outliers};
}

double LawPosterior::Draw::ownDeviation(std::size_t format, CounterRng& rng) const {
  double deviation = (*scales)[format] * ownDeviation() * rng.normal();
  if (outliers) {
    // Over the root of a chi-squared variable by its 4 degrees of freedom.
    static_assert(kOwnFreedom == 4);
    deviation *= std::sqrt(kOwnFreedom / (-2 * std::log(rng.uniform() * rng.uniform())));
  }
  return deviation;
}

LawPosterior::Deviations LawPosterior::deviations(const Draw& draw, CounterRng& rng) const {
  const Impl& d = *impl_;
  const Sharing& sharing = d.sharings.at(draw.sharing);
  const auto n = static_cast<Index>(d.fit.points.size());
  VectorXd residual(n);
  for (Index i = 0; i < n; ++i) {
    const FittedPoint& p = d.fit.points[static_cast<std::size_t>(i)];
    residual[i] = p.value - d.fit.predict(p.row, draw.parameters.data());
  }
  // In the basis B deviations and errors are independent; B^-1 is B'D since B'DB = I.
  const CurveLikelihood::Data& data = sharing.likelihood.data();
  VectorXd turned = data.basis.transpose() * residual;
  const double t2 = draw.tau * draw.tau;
  for (Index i = 0; i < n; ++i) {
    const double lambda = data.eigenvalues[i];
    turned[i] =
        turned[i] * t2 / (t2 + lambda) + std::sqrt(t2 * lambda / (t2 + lambda)) * rng.normal();
  }
  const VectorXd u = sharing.deviation.times(data.basis * turned);
  Deviations all{{u.data(), u.data() + n}, {}};
  for (const SharedDeviation::Known& known : sharing.deviation.known(u, draw.tau)) {
    all.models.push_back(known.mean + std::sqrt(known.variance) * rng.normal());
  }
  return all;
}

}  // namespace bitfrontier
