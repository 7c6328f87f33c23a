// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/inference/law_comparison.h"

#include <fmt/format.h>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/law/fit/fit_forms.h"
#include "core/law/fit/subsets.h"

namespace bitfrontier {
namespace {

constexpr double kDistinguished = 2;  // difference of AICc
constexpr double kSignificant = 0.05;

bool nested(std::string_view inner, std::string_view outer) {
  if (inner == "S0") return outer == "J1" || outer == "J2" || outer == "V" || outer == "bivariate";
  return !inner.empty() && lawForm(inner).info().nestedIn == outer;
}

/// Sum of squares that rounding of the values alone may leave.
double roundingSquares(const JointFit& fit) {
  constexpr double kUlps = 4 * std::numeric_limits<double>::epsilon();
  double sum = 0;
  for (const FittedPoint& p : fit.points) sum += kUlps * p.value * kUlps * p.value;
  return sum;
}

NestedTest test(const JointFit& inner, const JointFit& outer) {
  NestedTest result;
  result.inner = inner.form->info().name;
  result.outer = outer.form->info().name;
  result.freedom = outer.freeParameters - inner.freeParameters;
  const double freedom = result.freedom, rest = outer.n - outer.freeParameters;
  if (inner.weighting == Weighting::Equal) {
    result.kind = "F";
    // Of laws that both go through every point none is better.
    const double scatter = std::max(outer.chi2, roundingSquares(outer));
    result.statistic = std::max((inner.chi2 - scatter) / freedom / (scatter / rest), 0.0);
    if (rest > 0) {
      result.p = cdf(complement(boost::math::fisher_f(freedom, rest), result.statistic));
    }
  } else {
    result.kind = "likelihood ratio";
    result.statistic = std::max(inner.minus2LogLikelihood - outer.minus2LogLikelihood, 0.0);
    result.p = cdf(complement(boost::math::chi_squared(freedom), result.statistic));
  }
  return result;
}

std::string_view nameOf(const LawComparison::Row* row) { return row->fit.form->info().name; }

/// Which of these laws (ascending AICc, one at least is usable) describes the data best. A refused
/// one never does, whatever its AICc.
void sayBest(LawComparison& comparison, const std::vector<const LawComparison::Row*>& rows) {
  std::vector<const LawComparison::Row*> usable;
  std::string refused;
  for (const auto* row : rows) {
    if (row->fit.usable) {
      usable.push_back(row);
    } else if (usable.empty()) {
      refused += fmt::format("{}{}", refused.empty() ? "" : ", ", nameOf(row));
    }
  }
  if (usable.size() == 1) {
    if (rows.size() > 1) {
      comparison.verdicts.push_back(
          fmt::format("{} is the only law that is not refused", nameOf(usable[0])));
    }
    return;
  }
  const double best = usable[0]->deltaAicc;
  std::string close;
  for (std::size_t i = 1; i < usable.size(); ++i) {
    if (usable[i]->deltaAicc - best < kDistinguished) {
      close += fmt::format("{}{}", close.empty() ? "" : ", ", nameOf(usable[i]));
    }
  }
  std::string verdict =
      close.empty() ? fmt::format("{} describes the data best (AICc lower by {:.1f} than {})",
                                  nameOf(usable[0]), usable[1]->deltaAicc - best, nameOf(usable[1]))
                    : fmt::format("{} and {} are not distinguished (AICc within 2)",
                                  nameOf(usable[0]), close);
  if (!refused.empty()) verdict += fmt::format("; refused with a lower AICc: {}", refused);
  comparison.verdicts.push_back(std::move(verdict));
}

}  // namespace

void conclude(LawComparison& comparison) {
  comparison.verdicts.clear();
  std::vector<const LawComparison::Row*> good;
  int points = 0;
  std::size_t formats = 0;
  for (const auto& row : comparison.rows) {
    if (!std::isfinite(row.fit.aicc)) continue;
    points = std::max(points, row.fit.n);
    if (row.fit.form->info().joint) formats = std::max(formats, row.fit.context.formats.size());
  }
  for (const auto& row : comparison.rows) {
    if (!std::isfinite(row.fit.aicc)) continue;
    if (row.fit.n == points) {
      good.push_back(&row);
    } else {
      comparison.verdicts.push_back(fmt::format(
          "{} rests on {} of the {} points and is not compared", nameOf(&row), row.fit.n, points));
    }
  }
  if (formats == 1) {
    comparison.verdicts.emplace_back(
        "there is one format: laws that differ in what formats cost say the same of it");
    return;
  }
  if (good.empty()) {
    comparison.verdicts.emplace_back("no law can be compared: too few points for their parameters");
    return;
  }
  if (std::none_of(good.begin(), good.end(), [](const auto* row) { return row->fit.usable; })) {
    comparison.verdicts.push_back(
        fmt::format("no law describes the data ({} comes nearest): use the interpolated curves",
                    nameOf(good[0])));
    return;
  }
  sayBest(comparison, good);
  for (const NestedTest& t : comparison.tests) {
    if (t.inner != "J1" || t.outer != "J2") continue;
    const auto outer = std::find_if(good.begin(), good.end(),
                                    [&](const auto* row) { return nameOf(row) == "J2"; });
    if (outer == good.end() || !(*outer)->fit.usable) continue;
    comparison.verdicts.push_back(
        t.p < kSignificant
            ? fmt::format("the best precision depends on the budget (J2 against J1: p = {:.2g})",
                          t.p)
            : fmt::format("no sign that the best precision depends on the budget (J2 against J1: "
                          "p = {:.2g})",
                          t.p));
  }
}

namespace {

/// Orders by AICc and gives the Akaike weights.
void weigh(LawComparison& comparison) {
  std::stable_sort(comparison.rows.begin(), comparison.rows.end(),
                   [](const auto& a, const auto& b) {
                     const double x = std::isfinite(a.fit.aicc) ? a.fit.aicc : HUGE_VAL;
                     const double y = std::isfinite(b.fit.aicc) ? b.fit.aicc : HUGE_VAL;
                     return x < y;
                   });
  double sum = 0;
  const double best = comparison.rows.empty() ? 0 : comparison.rows[0].fit.aicc;
  for (auto& row : comparison.rows) {
    if (!std::isfinite(row.fit.aicc)) continue;
    row.deltaAicc = row.fit.aicc - best;
    row.weight = std::exp(-row.deltaAicc / 2);
    sum += row.weight;
  }
  for (auto& row : comparison.rows) row.weight = sum > 0 ? row.weight / sum : 0;
}

void testNested(LawComparison& comparison) {
  for (const auto& inner : comparison.rows) {
    for (const auto& outer : comparison.rows) {
      if (inner.fit.parameters.empty() || outer.fit.parameters.empty()) continue;
      if (inner.fit.n != outer.fit.n || inner.fit.freeParameters >= outer.fit.freeParameters) {
        continue;
      }
      if (nested(inner.fit.form->info().name, outer.fit.form->info().name)) {
        comparison.tests.push_back(test(inner.fit, outer.fit));
      }
    }
  }
}

}  // namespace

std::vector<std::string> usualLaws(LawMetric metric) {
  std::vector<std::string> names{"S0", "V", "J1", "J2", "S1"};
  if (metric == LawMetric::Accuracy) names.emplace_back("LL");
  return names;
}

LawComparison compareLaws(std::span<const LawPoint> points, std::span<const std::string> forms,
                          const JointOptions& options, const JobContext& job) {
  LawComparison comparison;
  std::vector<JointFit> fits = fitForms(points, forms, options, job);
  std::vector<LawPoint> same(points.begin(), points.end());
  JointOptions shared = options;
  // Laws with a chance level keep points at chance that others leave out; an AICc of other points
  // compares nothing.
  if (const std::vector<std::size_t> common = commonPoints(fits); !common.empty()) {
    comparison.verdicts.push_back(
        fmt::format("compared on the {} points that all these laws take", common.size()));
    same = pickPoints(points, common);
    shared = optionsForSubset(options, points.size(), common);
    fits = fitForms(same, forms, shared, job);
  }
  for (std::size_t i = 0; i < forms.size(); ++i) {
    JointOptions own = shared;
    own.form = forms[i];
    LawComparison::Row row;
    row.fit = std::move(fits[i]);
    if (!row.fit.parameters.empty()) {
      row.sizes = leaveOneSizeOut(same, own, job);
      row.largest = leaveLargestOut(same, own, job);
    }
    comparison.rows.push_back(std::move(row));
  }
  weigh(comparison);
  testNested(comparison);
  conclude(comparison);
  return comparison;
}

}  // namespace bitfrontier
