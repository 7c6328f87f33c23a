// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/fit/fit_json.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "core/analysis/curve_text.h"
#include "core/law/text/joint_json.h"
#include "core/law/text/series_text.h"

namespace bitfrontier::cli {
namespace {

using nlohmann::json;

json seriesJson(const Analysis& analysis) {
  std::vector<SeriesLaw> laws;
  for (const SeriesResult& r : analysis.series) laws.push_back(r.law);
  json all = seriesToJson(laws);
  for (std::size_t s = 0; s < laws.size(); ++s) {
    const SeriesResult& r = analysis.series[s];
    if (r.bootstrap) {
      all[s]["bootstrap"] = toJson(*r.bootstrap);
      all[s]["bootstrap"]["resampling"] = r.resampling;
    }
    if (!r.law.fit.parameters.empty()) addExpressions(portableLaw(r.law), all[s]);
  }
  return all;
}

json lawJson(const LawResult& r, const JointRequest& request, bool influence) {
  json law = toJson(r.fit);
  law["title"] = r.title;
  if (!request.sizes.empty()) law["predictions"] = toJson(r.fit, r.predictions);
  if (request.profile) law["profile"] = toJson(std::span(r.profiles));
  if (influence) law["influence"] = influenceToJson(r.fit);
  if (r.bootstrap) law["bootstrap"] = toJson(*r.bootstrap);
  if (r.refits) {
    law["robust"] = toJson(r.refits->robust);
    law["without_outliers"] = toJson(r.refits->without);
  }
  if (r.described) {
    law["without_formats"] = toJson(r.described->fits.front());
    json& formats = law["without_formats"]["left_out"];
    for (const LeftOutFormat& l : r.described->leftOut) formats.push_back(l.format);
  }
  if (!r.fit.parameters.empty()) addExpressions(portableLaw(r.fit, r.title), law);
  return law;
}

json comparisonJson(const Analysis& analysis) {
  json all = json::array();
  for (const ComparisonResult& r : analysis.comparisons) {
    all.push_back(toJson(r.comparison));
    all.back()["family"] = r.title;
  }
  for (const LeftOutFamilies& r : analysis.leftOutFamilies) {
    json rows = json::array();
    for (const auto& [name, v] : r.laws) rows.push_back({{"law", name}, {"result", toJson(v)}});
    all.push_back({{"left_out_families", rows}, {"source", r.source}});
  }
  return all;
}

json trainingJson(const TrainingResult& r, double delta) {
  const auto finite = [](double v) { return std::isfinite(v) ? json(v) : json(nullptr); };
  json all = toJson(r.fit);
  all["delta"] = finite(delta);
  if (r.bootstrap) all["bootstrap"] = toJson(*r.bootstrap);
  all["other_objective"] = toJson(r.other);
  all["other_objective"]["delta"] = finite(r.otherOptions.delta);
  return all;
}

/// Every law of the curves once.
std::vector<PortableLaw> chosenLaws(const Analysis& analysis) {
  std::vector<PortableLaw> laws;
  std::set<const JointFit*> seen;
  for (const ChosenResult& r : analysis.chosen) {
    for (const LawCurve& c : r.curves) {
      if (!c.law || !seen.insert(c.law.get()).second) continue;
      const bool alone = !c.law->form->info().joint;
      laws.push_back(portableLaw(*c.law, alone ? r.title + " " + c.series.label : r.title));
    }
  }
  return laws;
}

}  // namespace

json jsonOf(const FitRequest& request, const Analysis& analysis, bool influence) {
  json all = json::array();
  switch (kindOf(request)) {
    case FitKind::Chosen:
      for (const ChosenResult& r : analysis.chosen) {
        for (json& curve : curvesToJson(r.curves, analysis.metric)) all.push_back(std::move(curve));
      }
      return all;
    case FitKind::Series:
      return seriesJson(analysis);
    case FitKind::Joint:
      for (const LawResult& r : analysis.laws) {
        all.push_back(lawJson(r, std::get<JointRequest>(request), influence));
      }
      return all;
    case FitKind::Comparison:
      return comparisonJson(analysis);
    case FitKind::Families:
      for (const FamiliesResult& r : analysis.families) {
        all.push_back(toJson(r.fit));
        all.back()["source"] = r.source;
      }
      return all;
    case FitKind::TwoStage:
      for (const TwoStageResult& r : analysis.stages) {
        all.push_back(toJson(r.fit));
        all.back()["family"] = r.family;
      }
      return all;
    case FitKind::Training:
      return trainingJson(*analysis.training, std::get<TrainingRequest>(request).options.delta);
  }
  return all;
}

std::vector<PortableLaw> portableLaws(const FitRequest& request, const Analysis& analysis) {
  std::vector<PortableLaw> laws = chosenLaws(analysis);
  for (const SeriesResult& r : analysis.series) {
    if (!r.law.fit.parameters.empty()) laws.push_back(portableLaw(r.law));
  }
  for (const LawResult& r : analysis.laws) {
    if (!r.fit.parameters.empty()) laws.push_back(portableLaw(r.fit, r.title));
  }
  if (analysis.training) {
    const auto& training = std::get<TrainingRequest>(request);
    laws.push_back(portableLaw(analysis.training->fit, training.runs, training.title));
  }
  return laws;
}

}  // namespace bitfrontier::cli
