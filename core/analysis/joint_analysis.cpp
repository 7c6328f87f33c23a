// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/joint_analysis.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/analysis/law_groups.h"
#include "core/law/fit/joint_fit.h"
#include "core/law/fit/subsets.h"

namespace bitfrontier {
namespace {

std::string whyRefused(const JointFit& fit) {
  std::vector<LawRemark> refusals = fit.remarks;
  std::erase_if(refusals, [](const LawRemark& r) { return !r.refusal; });
  return joinRemarks(refusals);
}

/// Everything asked for about one law of one group.
LawResult analyseLaw(const JointRequest& request, const LawGroup& group, const AnalysisInput& input,
                     const JobContext& job) {
  std::optional<ItemOutcomes> items;
  const JointOptions own = pairedOptions(request.options, group.points, input, items);
  LawResult result;
  result.title = group.title;
  result.fit = fitJoint(group.points, own, job);
  result.predictions = predictAt(result.fit, request.sizes);
  if (!result.fit.parameters.empty()) {
    if (request.profile) {
      result.profiles =
          profileIntervals(group.points, own, result.fit, {.curve = request.profileCurve}, job);
    }
    if (request.bootstrap) {
      result.bootstrap = bootstrapJoint(group.points, own, result.fit, items ? &*items : nullptr,
                                        *request.bootstrap, job);
    }
    if (own.loss == RobustLoss::None) {
      result.refits = refitForOutliers(group.points, own, result.fit, job);
    }
  }
  if (findRemark(result.fit.remarks, RemarkCode::DoesNotDescribe) != nullptr) {
    const std::vector<std::string> law{own.form};
    DescribedFits described = fitDescribed(group.points, own, law, job);
    if (!described.leftOut.empty()) result.described = std::move(described);
  }
  return result;
}

/// How laws carry over between the families of a source, when there are several.
void compareFamilies(const ComparisonRequest& request, std::span<const LawPoint> points,
                     Analysis& analysis, const JobContext& job) {
  for (const LawGroup& group : sourceGroups(points, request.options.metric)) {
    if (familiesOf(group.points).size() < 2) continue;
    LeftOutFamilies result{"left-out families" + group.title, group.source, {}};
    for (const std::string& name : request.forms) {
      JointOptions law = request.options;
      law.form = name;
      const CrossValidation v = leaveOneFamilyOut(group.points, law, job);
      if (v.folds > 0) result.laws.emplace_back(name, v);
    }
    if (!result.laws.empty()) analysis.leftOutFamilies.push_back(std::move(result));
  }
}

/// What the bootstrap of a series drew.
std::string describeResampling(const BootstrapResult& bootstrap) {
  if (bootstrap.resampling == Resampling::Items) {
    return "bootstrap over items, the same for all configurations";
  }
  if (bootstrap.resampling == Resampling::Models) return "bootstrap over sizes";
  return "bootstrap by independent standard errors";
}

}  // namespace

void analyseSeries(const SeriesRequest& request, const AnalysisInput& input, Analysis& analysis,
                   const JobContext& job) {
  for (const LawGroup& group : familyGroups(input.points, request.metric)) {
    for (LawSeries& series : makeSeries(group.points, request.key, request.metric)) {
      std::optional<ItemOutcomes> items;  // of the bootstrap
      JointOptions options = seriesOptions(request.metric);
      if (request.bootstrap) {
        options = pairedOptions(std::move(options), series.points, input, items);
      }
      if (!group.difference.empty()) series.label += ", " + group.difference;
      SeriesResult result;
      result.means = piecewiseLinear(series, request.metric);
      result.law = fitSeries(std::move(series), options, job);
      if (request.bootstrap) {
        result.bootstrap = bootstrapSeriesLaw(result.law, options, items ? &*items : nullptr,
                                              *request.bootstrap, job);
        result.resampling = describeResampling(*result.bootstrap);
      }
      // Two sizes have no law, but the interpolated curve.
      analysis.note(result.law.fit.usable || result.means.values.size() >= 2,
                    whyRefused(result.law.fit));
      analysis.series.push_back(std::move(result));
    }
  }
}

void analyseJoint(const JointRequest& request, const AnalysisInput& input, Analysis& analysis,
                  const JobContext& job) {
  const JointOptions& options = request.options;
  const std::vector<LawPoint> points = withoutFormats({input.points.begin(), input.points.end()},
                                                      request.without, options.formatKey);
  for (const LawGroup& group :
       groupsFor(lawForm(options.form), points, request.seriesKey, options.metric)) {
    analysis.laws.push_back(analyseLaw(request, group, input, job));
    const LawResult& result = analysis.laws.back();
    analysis.note(result.fit.usable, whyRefused(result.fit));
    if (result.described) analysis.note(result.described->fits.front().usable, "");
  }
}

void analyseComparison(const ComparisonRequest& request, const AnalysisInput& input,
                       Analysis& analysis, const JobContext& job) {
  const JointOptions& options = request.options;
  const std::vector<LawPoint> points = withoutFormats({input.points.begin(), input.points.end()},
                                                      request.without, options.formatKey);
  for (const LawGroup& group :
       groupsFor(lawForm(request.forms.front()), points, request.seriesKey, options.metric)) {
    std::optional<ItemOutcomes> items;
    const JointOptions own = pairedOptions(options, group.points, input, items);
    analysis.comparisons.push_back(
        {group.title, compareLaws(group.points, request.forms, own, job)});
    for (const auto& row : analysis.comparisons.back().comparison.rows) {
      // A table that says of every law why it is refused is an answer too.
      analysis.note(!row.fit.parameters.empty(), whyRefused(row.fit));
    }
  }
  compareFamilies(request, points, analysis, job);
}

}  // namespace bitfrontier
