// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bundle/bundle_laws.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "core/analysis/analysis.h"
#include "core/analysis/curve_text.h"
#include "core/law/data/law_metric.h"
#include "core/store/outcomes.h"

namespace bitfrontier {

std::string lawsJson(const RunStore& store, const JobContext& job) {
  const std::vector<LawPoint> points = store.points();
  if (points.empty()) return {};
  ChosenRequest request;
  request.metric = defaultMetric(points);
  const AnalysisInput input{
      points, [&store](std::span<const LawPoint> some) { return readOutcomes(store, some); }};
  const Analysis analysis = analyse(request, input, job);
  nlohmann::json laws = nlohmann::json::array();
  for (const ChosenResult& r : analysis.chosen) {
    for (nlohmann::json& curve : curvesToJson(r.curves, analysis.metric)) {
      laws.push_back(std::move(curve));
    }
  }
  return laws.empty() ? std::string() : laws.dump(2) + "\n";
}

}  // namespace bitfrontier
