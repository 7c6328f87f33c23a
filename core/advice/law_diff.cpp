// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/law_diff.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "core/law/data/comparable_set.h"
#include "core/law/fit/joint_fit.h"
#include "core/law/form/all.h"
#include "core/law/inference/law_choice.h"
#include "core/law/inference/law_comparison.h"
#include "core/law/inference/law_profile.h"

namespace bitfrontier {
namespace {

std::map<std::string, std::vector<LawPoint>> byFamily(const std::vector<LawPoint>& points) {
  std::map<std::string, std::vector<LawPoint>> families;
  for (const LawPoint& p : points) families[p.family].push_back(p);
  return families;
}

std::set<std::string> formatsOf(const JointFit& fit) {
  std::set<std::string> labels;
  for (const auto& format : fit.context.formats) labels.insert(format.label);
  return labels;
}

/// A law fitted to the points of some formats; unusable when there are none.
JointFit fitFormats(const std::vector<LawPoint>& points, const std::set<std::string>& formats,
                    const JointOptions& options, const JobContext& job) {
  std::vector<LawPoint> kept;
  for (const LawPoint& p : points) {
    if (formats.contains(seriesLabel(p, options.formatKey))) kept.push_back(p);
  }
  return kept.empty() ? JointFit{} : fitJoint(kept, options, job);
}

std::string firstRefusal(const JointFit& fit) {
  for (const LawRemark& remark : fit.remarks) {
    if (remark.refusal) return remark.text;
  }
  return "it does not describe the data";
}

/// The parameters that both fits have, free and with an error.
void compareParameters(const std::string& family, const JointFit& a, const JointFit& b,
                       const DiffOptions& options, SweepDiff& diff) {
  for (std::size_t k = 0; k < a.parameters.size(); ++k) {
    const FittedParameter& p = a.parameters[k];
    const auto other = b.find(p.name);
    if (!other) continue;
    const FittedParameter& q = b.parameters[*other];
    ParameterDifference row;
    row.family = family;
    row.law = a.form->info().name;
    row.name = p.name;
    row.meaning = p.meaning;
    row.a = p.value;
    row.b = q.value;
    row.difference = q.value - p.value;
    const double half =
        std::hypot(waldHalfWidth(a, k, options.level), waldHalfWidth(b, *other, options.level));
    const double se = half / normalHalfWidth(options.level);
    if (se > 0) {
      row.lower = row.difference - half;
      row.upper = row.difference + half;
      row.p = twoSidedP(row.difference / se);
    }
    diff.parameters.push_back(std::move(row));
  }
}

}  // namespace

double twoSidedP(double z) { return std::erfc(std::abs(z) / std::sqrt(2.0)); }

double normalHalfWidth(double level) {
  return studentQuantile(std::numeric_limits<double>::infinity(), level);
}

void addLawDifferences(const std::vector<LawPoint>& a, const std::vector<LawPoint>& b,
                       const DiffOptions& options, SweepDiff& diff, const JobContext& job) {
  const auto inA = byFamily(a), inB = byFamily(b);
  for (const auto& [family, mine] : inA) {
    const auto theirs = inB.find(family);
    if (theirs == inB.end()) continue;
    const auto sets = [&](const std::vector<LawPoint>& points) {
      return comparableSets(points, options.metric).size();
    };
    if (sets(mine) != 1 || sets(theirs->second) != 1) {
      diff.notes.push_back(
          fmt::format("laws of {} are not compared: a side has points that may not be", family));
      continue;
    }
    job.progress({1, "laws of " + family, 0, 0});
    JointOptions how;
    how.metric = options.metric;
    how.formatKey = options.byWidth ? SeriesKey::Bits : SeriesKey::Config;
    how.weighting = Weighting::Errors;
    const LawChoice choice = chooseLaw(mine, usualLaws(options.metric), how, job);
    const JointFit* law = choice.law();
    if (!law) {
      diff.notes.push_back(fmt::format("laws of {} are not compared: {}", family, choice.reason));
      continue;
    }
    how.form = law->form->info().name;
    how.reference = law->context.formats.front().label;
    const std::set<std::string> formats = formatsOf(*law);
    const JointFit first = fitFormats(mine, formats, how, job);
    const JointFit second = fitFormats(theirs->second, formats, how, job);
    if (!first.usable || !second.usable) {
      const JointFit& refused = first.usable ? second : first;
      diff.notes.push_back(fmt::format("laws of {} are not compared: {} of {} is refused: {}",
                                       family, how.form, first.usable ? "B" : "A",
                                       firstRefusal(refused)));
      continue;
    }
    compareParameters(family, first, second, options, diff);
  }
  std::vector<double> p;
  for (const ParameterDifference& row : diff.parameters) p.push_back(row.p);
  p = adjusted(std::move(p), options.correction);
  for (std::size_t i = 0; i < p.size(); ++i) diff.parameters[i].pAdjusted = p[i];
}

}  // namespace bitfrontier
