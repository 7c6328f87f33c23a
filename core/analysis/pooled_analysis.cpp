// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/pooled_analysis.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/analysis/law_groups.h"

namespace bitfrontier {

void analyseFamilies(const FamiliesRequest& request, const AnalysisInput& input, Analysis& analysis,
                     const JobContext& job) {
  const std::vector<LawPoint> points = withoutFormats({input.points.begin(), input.points.end()},
                                                      request.without, request.options.formatKey);
  for (const LawGroup& group : sourceGroups(points, request.options.metric)) {
    FamilyFit fit = fitFamilies(group.points, request.options, request.spread, job);
    analysis.note(!fit.families.empty(), fit.remarks.empty() ? "" : fit.remarks.back().text);
    analysis.families.push_back({group.source, std::move(fit)});
  }
}

void analyseTwoStage(const TwoStageRequest& request, const AnalysisInput& input, Analysis& analysis,
                     const JobContext& job) {
  const std::vector<LawPoint> points = withoutFormats({input.points.begin(), input.points.end()},
                                                      request.without, request.options.formatKey);
  for (const LawGroup& group : familyGroups(points, LawMetric::Accuracy)) {
    std::optional<ItemOutcomes> items;
    JointOptions options = request.options;
    options.metric = LawMetric::Accuracy;
    options = pairedOptions(std::move(options), group.points, input, items);
    TwoStageFit fit = fitTwoStage(group.points, options, request.stages, job);
    const bool both = !fit.loss.parameters.empty() && !fit.link.parameters.empty();
    analysis.note(both, fit.remarks.empty() ? "" : fit.remarks.front().text);
    analysis.stages.push_back({group.family, std::move(fit)});
  }
}

void analyseTraining(const TrainingRequest& request, Analysis& analysis, const JobContext& job) {
  TrainingResult result;
  result.fit = fitChinchilla(request.runs, request.options, job);
  if (request.bootstrap > 0) {
    result.bootstrap =
        bootstrapChinchilla(request.runs, result.fit, request.bootstrap, request.options, job);
  }
  // The choice of delta moves the exponents by more than their errors: both are shown.
  result.otherOptions = request.options;
  result.otherOptions.delta = std::isfinite(request.options.delta) ? HUGE_VAL : 1e-3;
  result.otherOptions.publishedGrid = false;
  result.other = fitChinchilla(request.runs, result.otherOptions, job);
  analysis.note(true, "");
  analysis.training = std::move(result);
}

}  // namespace bitfrontier
