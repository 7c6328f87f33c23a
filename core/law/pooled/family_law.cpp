// SPDX-License-Identifier: GPL-3.0-or-later
// J1 over families: one least-squares problem in (mu_f; E, lnA0, alpha, lnrho_f of each family),
// whose residuals are those of each family's own J1 and (lnrho_f - mu_f) / spread.

#include "core/law/pooled/family_law.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "core/base/error.h"
#include "core/law/fit/joint_data.h"
#include "core/law/fit/joint_fit.h"
#include "core/law/fit/joint_remarks.h"
#include "core/law/fit/law_objective.h"
#include "core/law/fit/subsets.h"
#include "core/law/numeric/least_squares.h"

namespace bitfrontier {
namespace {

/// One family's part of the problem.
struct Member {
  JointFit fit;
  JointOptions options;
  JointData data;
  std::unique_ptr<LawObjective> objective;
  double scale = 1;           ///< of its residuals, where points have no errors of their own
  std::size_t firstFree = 0;  ///< of its free parameters in the whole
  std::size_t firstRow = 0;   ///< of its residuals in the whole
  std::vector<int> sharedOf;  ///< index of mu for each free parameter, -1 when it has none
};

class Pooled {
 public:
  Pooled(double spread, const JobContext& job) : job_(job) { result_.spread = spread; }

  void add(std::span<const LawPoint> points, const JointOptions& options) {
    auto member = std::make_unique<Member>();
    member->options = options;
    member->fit = fitJoint(points, options, job_);
    const JointFit& fit = member->fit;
    if (!fit.usable) {
      std::vector<LawRemark> why = fit.remarks;
      std::erase_if(why, [](const LawRemark& remark) { return !remark.refusal; });
      say(fmt::format("{} is left out: {}", nameOf(fit, points), joinRemarks(why)));
      return;
    }
    member->data = makeJointData(points, *fit.form, member->options);
    member->objective = std::make_unique<LawObjective>(*fit.form, member->data, member->options);
    if (fit.weighting == Weighting::Equal) {
      member->scale = fit.tau > 0 ? 1 / fit.tau : 1;
    } else {
      member->objective->setTau(fit.tau);
    }
    members_.push_back(std::move(member));
  }

  FamilyFit solve() {
    leaveOutOtherReferences();
    if (members_.size() < 2) {
      result_.remarks.push_back(
          {RemarkCode::TooFewPoints, true,
           fmt::format("{} with a law of its own: two are needed to share format shifts",
                       members_.empty() ? "no family" : "one family")});
      return std::move(result_);
    }
    LeastSquaresProblem problem = makeProblem();
    std::vector<double> start(problem.names.size(), 0);
    for (const auto& [format, index] : shared_) {
      double sum = 0;
      int n = 0;
      for (const auto& m : members_) {
        if (const auto k = m->fit.find("lnrho_" + format)) {
          sum += m->fit.parameters[*k].value;
          ++n;
        }
      }
      start[index] = sum / n;
    }
    for (const auto& m : members_) {
      const std::vector<double> own = m->objective->reduce(m->fit.values());
      std::copy(own.begin(), own.end(), start.begin() + std::ptrdiff_t(m->firstFree));
    }
    const LeastSquaresResult solved = solveLeastSquares(problem, start, {}, job_);
    describe(solved);
    return std::move(result_);
  }

 private:
  void say(std::string text) {
    result_.remarks.push_back({RemarkCode::MixedFamilies, false, std::move(text)});
  }
  /// The reference of most families is that of all.
  void leaveOutOtherReferences() {
    std::map<std::string, int> references;
    for (const auto& m : members_) ++references[m->fit.context.formats[0].label];
    const auto most =
        std::max_element(references.begin(), references.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    std::erase_if(members_, [&](const auto& m) {
      const std::string& own = m->fit.context.formats[0].label;
      if (own == most->first) return false;
      say(
          fmt::format("{} is left out: its formats are compared with {}, those of the others with "
                      "{}",
                      m->fit.family, own, most->first));
      return true;
    });
  }

  static std::string nameOf(const JointFit& fit, std::span<const LawPoint> points) {
    return !fit.family.empty() ? fit.family : points[0].family;
  }

  LeastSquaresProblem makeProblem() {
    LeastSquaresProblem problem;
    for (const auto& m : members_) {
      for (std::size_t f = 1; f < m->fit.context.formats.size(); ++f) {
        shared_.emplace(m->fit.context.formats[f].label, 0);
      }
    }
    for (auto& [format, index] : shared_) {
      index = problem.names.size();
      problem.names.push_back("mu_" + format);
      problem.lower.push_back(-8);
      problem.upper.push_back(2);
    }
    std::size_t rows = 0;
    for (const auto& m : members_) {
      m->firstFree = problem.names.size();
      m->firstRow = rows;
      rows += m->objective->residuals();
      for (std::size_t i = 0; i < m->objective->freeCount(); ++i) {
        const std::string& name = m->objective->parameters()[m->objective->free()[i]].name;
        problem.names.push_back(m->fit.family + " " + name);
        problem.lower.push_back(m->objective->lower()[i]);
        problem.upper.push_back(m->objective->upper()[i]);
        const auto mu = name.starts_with("lnrho_") ? shared_.find(name.substr(6)) : shared_.end();
        m->sharedOf.push_back(mu == shared_.end() ? -1 : static_cast<int>(mu->second));
        if (mu != shared_.end()) ties_.push_back({problem.names.size() - 1, mu->second});
      }
    }
    problem.residuals = rows + ties_.size();
    problem.evaluate = [this, rows, k = problem.names.size(), all = problem.residuals](
                           const double* p, double* r, double* j) {
      if (j != nullptr) std::fill(j, j + all * k, 0.0);
      for (const auto& m : members_) {
        const std::size_t n = m->objective->residuals(), own = m->objective->freeCount();
        block_.resize(n * own);
        if (!(*m->objective)(p + m->firstFree, r + m->firstRow,
                             j != nullptr ? block_.data() : nullptr)) {
          return false;
        }
        for (std::size_t i = 0; i < n; ++i) r[m->firstRow + i] *= m->scale;
        for (std::size_t i = 0; j != nullptr && i < n; ++i) {
          for (std::size_t c = 0; c < own; ++c) {
            j[(m->firstRow + i) * k + m->firstFree + c] = m->scale * block_[i * own + c];
          }
        }
      }
      for (std::size_t t = 0; t < ties_.size(); ++t) {
        r[rows + t] = (p[ties_[t].own] - p[ties_[t].shared]) / result_.spread;
        if (j == nullptr) continue;
        j[(rows + t) * k + ties_[t].own] = 1 / result_.spread;
        j[(rows + t) * k + ties_[t].shared] = -1 / result_.spread;
      }
      return true;
    };
    return problem;
  }

  void describe(const LeastSquaresResult& solved) {
    const std::size_t k = solved.values.size();
    const bool known = solved.covariance.size() == k * k;
    result_.chi2 = 2 * solved.cost;
    result_.freeParameters = static_cast<int>(k);
    for (const auto& [format, index] : shared_) {
      SharedShift shift;
      shift.format = format;
      shift.mean = solved.values[index];
      if (known && !solved.atBound[index]) {
        shift.se = std::sqrt(solved.covariance[index * k + index]);
        shift.newFamilySe = std::hypot(shift.se, result_.spread);
      }
      for (const Tie& tie : ties_) shift.families += tie.shared == index ? 1 : 0;
      result_.shifts.push_back(std::move(shift));
    }
    double squares = 0;
    for (const Tie& tie : ties_) {
      const double delta = solved.values[tie.own] - solved.values[tie.shared];
      squares += delta * delta;
    }
    if (!ties_.empty()) {
      result_.deltaSpread = std::sqrt(squares / static_cast<double>(ties_.size()));
    }
    for (const auto& m : members_) {
      result_.n += m->fit.n;
      result_.families.push_back(refreshed(*m, solved, known));
    }
    result_.usable = solved.converged && known;
    if (!solved.converged) {
      result_.remarks.push_back(
          {RemarkCode::NotConverged, true, "the pooled fit did not converge"});
    }
    if (result_.deltaSpread > 2 * result_.spread) {
      result_.remarks.push_back(
          {RemarkCode::DoesNotDescribe, false,
           fmt::format("format shifts differ between families by {:.2f}, more than the {:g} that "
                       "is taken for granted: families have little in common",
                       result_.deltaSpread, result_.spread)});
    }
  }

  /// The family's fit at the pooled optimum.
  static JointFit refreshed(const Member& m, const LeastSquaresResult& solved, bool known) {
    JointFit fit = m.fit;
    const std::size_t all = fit.parameters.size(), k = solved.values.size();
    const std::vector<std::size_t>& free = m.objective->free();
    for (std::size_t i = 0; i < free.size(); ++i) {
      FittedParameter& p = fit.parameters[free[i]];
      const std::size_t row = m.firstFree + i;
      p.value = solved.values[row];
      p.atBound = solved.atBound[row];
      p.se = known && !p.atBound ? std::sqrt(solved.covariance[row * k + row]) : LawPoint::kAbsent;
      for (std::size_t c = 0; c < free.size() && known; ++c) {
        fit.covariance[free[i] * all + free[c]] = solved.covariance[row * k + m.firstFree + c];
      }
    }
    fit.restricted = {};  // of the family's own fit
    double squares = 0;
    for (FittedPoint& p : fit.points) {
      p.fitted = fit.predict(p.row);
      const double se = fit.weighting == Weighting::Equal ? 0 : p.se;
      const double deviation = std::hypot(se, fit.tau);
      p.standardised = deviation > 0 ? (p.value - p.fitted) / deviation : 0;
      squares += (p.value - p.fitted) * (p.value - p.fitted);
    }
    fit.rmse = std::sqrt(squares / static_cast<double>(fit.points.size()));
    fit.chi2 = fit.minus2LogLikelihood = fit.aicc = fit.aiccKnownErrors = LawPoint::kAbsent;
    deriveExpectedValues(fit);
    return fit;
  }

  struct Tie {
    std::size_t own, shared;  ///< lnrho of a family, mu
  };

  const JobContext& job_;
  FamilyFit result_;
  std::vector<std::unique_ptr<Member>> members_;
  std::map<std::string, std::size_t> shared_;
  std::vector<Tie> ties_;
  std::vector<double> block_;
};

}  // namespace

FamilyFit fitFamilies(std::span<const LawPoint> points, const JointOptions& options, double spread,
                      const JobContext& job) {
  if (!(spread > 0) || !std::isfinite(spread)) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("a spread of format shifts between families of {}", spread));
  }
  Pooled pooled(spread, job);
  for (const auto& [family, indices] : familiesOf(points)) {
    JointOptions ownOptions = optionsForSubset(options, points.size(), indices);
    ownOptions.form = "J1";
    pooled.add(pickPoints(points, indices), ownOptions);
  }
  return pooled.solve();
}

}  // namespace bitfrontier
