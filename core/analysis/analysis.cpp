// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/analysis.h"

#include "core/analysis/chosen_analysis.h"
#include "core/analysis/joint_analysis.h"
#include "core/analysis/pooled_analysis.h"

namespace bitfrontier {

void Analysis::note(bool hasLaw, const std::string& why) {
  fitted = fitted || hasLaw;
  if (!hasLaw && refusal.empty()) refusal = why;
}

Analysis analyse(const FitRequest& request, const AnalysisInput& input, const JobContext& job) {
  check(request);
  Analysis analysis;
  analysis.metric = metricOf(request);
  struct Ask {
    const AnalysisInput& input;
    Analysis& analysis;
    const JobContext& job;
    void operator()(const ChosenRequest& r) const { analyseChosen(r, input, analysis, job); }
    void operator()(const SeriesRequest& r) const { analyseSeries(r, input, analysis, job); }
    void operator()(const JointRequest& r) const { analyseJoint(r, input, analysis, job); }
    void operator()(const ComparisonRequest& r) const {
      analyseComparison(r, input, analysis, job);
    }
    void operator()(const FamiliesRequest& r) const { analyseFamilies(r, input, analysis, job); }
    void operator()(const TwoStageRequest& r) const { analyseTwoStage(r, input, analysis, job); }
    void operator()(const TrainingRequest& r) const { analyseTraining(r, analysis, job); }
  };
  std::visit(Ask{input, analysis, job}, request);
  return analysis;
}

}  // namespace bitfrontier
