// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/law_set.h"

#include <utility>

#include "core/analysis/analysis.h"

namespace bitfrontier {

std::shared_ptr<const LawSet> computeLaws(std::span<const LawPoint> points, SeriesKey key,
                                          LawMetric metric, const JobContext& job) {
  Analysis analysis = analyse(ChosenRequest{metric, key}, {points, {}}, job);
  auto set = std::make_shared<LawSet>();
  set->metric = metric;
  set->key = key;
  for (ChosenResult& result : analysis.chosen) {
    set->chosen.push_back({std::move(result.title), std::move(result.choice), set->laws.size(),
                           result.curves.size()});
    for (LawCurve& curve : result.curves) set->laws.push_back(std::move(curve));
  }
  return set;
}

}  // namespace bitfrontier
