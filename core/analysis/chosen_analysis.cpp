// SPDX-License-Identifier: GPL-3.0-or-later
// The law that the data choose. All formats of a family together come first; a series that this law
// does not describe is asked alone; what then has no law is interpolated and says why.

#include "core/analysis/chosen_analysis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>
#include <utility>

#include "core/analysis/law_groups.h"
#include "core/law/fit/subsets.h"

namespace bitfrontier {
namespace {

/// Laws of all formats. The first says which formats to leave out when none describes the data.
std::vector<std::string> jointLaws(LawMetric metric) {
  std::vector<std::string> names = usualLaws(metric);
  std::stable_partition(names.begin(), names.end(),
                        [](const std::string& name) { return name == "J1"; });
  return names;
}

/// Laws of one format that describe the metric.
std::vector<std::string> singleLaws(LawMetric metric) {
  std::vector<std::string> names;
  for (const char* name : {"power", "saturating", "sigmoid"}) {
    const LawFormInfo& info = lawForm(name).info();
    if (metric == LawMetric::Accuracy ? info.accuracy : info.crossEntropy) names.emplace_back(name);
  }
  return names;
}

/// Why the family's law says nothing about a series: what its remarks say of it, or that it was
/// left out.
std::string whyLeftOut(const LawChoice& choice, const std::string& label, LawMetric metric) {
  for (const LeftOutFormat& left : choice.leftOut) {
    if (left.format == label) {
      return fmt::format(
          "{} does not describe it: with it points scatter by {}", choice.law()->form->info().name,
          metric == LawMetric::Accuracy ? fmt::format("{:.2f} points", 100 * left.scatter)
                                        : fmt::format("{:.3f} nats", left.scatter));
    }
  }
  for (const LawRemark& remark : choice.law()->remarks) {
    if (remark.text.starts_with(label + " ")) return remark.text;
  }
  return fmt::format("{} says nothing about it", choice.law()->form->info().name);
}

/// One family of one comparable set.
class FamilyChooser {
 public:
  FamilyChooser(const LawGroup& group, const ChosenRequest& request, const JobContext& job)
      : group_(group), request_(request), job_(job) {
    options_.metric = request.metric;
    options_.formatKey = request.key;
    // In pairs all formats of a model share their error, so that a law may miss a whole model for
    // next to nothing. A curve has to go through its points.
    options_.weighting = Weighting::Errors;
  }

  ChosenResult choose() {
    ChosenResult result;
    result.title = group_.title;
    std::set<std::string> labels;
    for (const LawPoint& p : group_.points) labels.insert(seriesLabel(p, request_.key));
    result.choice = labels.size() > 1
                        ? chooseLaw(group_.points, jointLaws(request_.metric), options_, job_)
                        : chooseAlone(*labels.begin());
    if (const JointFit* law = result.choice.law()) law_ = std::make_shared<const JointFit>(*law);
    for (LawSeries& series : makeSeries(group_.points, request_.key, request_.metric)) {
      job_.throwIfCancelled();
      result.curves.push_back(draw(std::move(series), result.choice, labels.size() > 1));
    }
    return result;
  }

 private:
  /// The law of one series over total bits.
  LawChoice chooseAlone(const std::string& label) const {
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < group_.points.size(); ++i) {
      if (seriesLabel(group_.points[i], request_.key) == label) kept.push_back(i);
    }
    JointOptions own = optionsForSubset(options_, group_.points.size(), kept);
    own.axis = LawAxis::TotalBits;
    return chooseLaw(pickPoints(group_.points, kept), singleLaws(request_.metric), own, job_);
  }

  LawCurve draw(LawSeries series, const LawChoice& choice, bool several) const {
    LawCurve curve;
    const std::string label = seriesLabel(series.points.front(), request_.key);
    curve.means = piecewiseLinear(series, request_.metric);
    curve.series = std::move(series);
    if (!group_.difference.empty()) curve.series.label += ", " + group_.difference;
    // A law of one format calls it "all".
    const auto format = !law_                      ? std::nullopt
                        : law_->form->info().joint ? law_->findFormat(label)
                                                   : std::optional<std::size_t>(0);
    if (format) {
      curve.law = law_;
      curve.format = *format;
      curve.note = choice.reason;
    } else if (several) {
      const LawChoice alone = chooseAlone(label);
      const std::string why = law_ ? whyLeftOut(choice, label, request_.metric) : choice.reason;
      if (const JointFit* law = alone.law()) {
        curve.law = std::make_shared<const JointFit>(*law);
        curve.note = fmt::format("{} of this series alone; with the others: {}", curve.name(), why);
      } else {
        curve.note = why;
      }
    } else {
      curve.note = choice.reason;
    }
    if (curve.law) drawLaw(curve);
    return curve;
  }

  const LawGroup& group_;
  const ChosenRequest& request_;
  const JobContext& job_;
  JointOptions options_;
  std::shared_ptr<const JointFit> law_;
};

}  // namespace

void analyseChosen(const ChosenRequest& request, const AnalysisInput& input, Analysis& analysis,
                   const JobContext& job) {
  for (const LawGroup& group : familyGroups(input.points, request.metric)) {
    job.throwIfCancelled();
    analysis.chosen.push_back(FamilyChooser(group, request, job).choose());
    const ChosenResult& result = analysis.chosen.back();
    // Two sizes have no law, but the interpolated curve.
    analysis.note(std::any_of(result.curves.begin(), result.curves.end(),
                              [](const LawCurve& c) {
                                return c.law != nullptr || c.means.values.size() >= 2;
                              }),
                  result.choice.reason);
  }
}

}  // namespace bitfrontier
