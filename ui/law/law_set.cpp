// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/law/law_set.h"

#include <cmath>
#include <utility>

namespace bitfrontier {

std::shared_ptr<const LawSet> computeLaws(std::span<const LawPoint> points, SeriesKey key,
                                          LawMetric metric, const JobContext& job) {
  auto set = std::make_shared<LawSet>();
  set->metric = metric;
  set->key = key;
  FitOptions options;
  options.metric = metric;
  // Points without the metric would only make series that cannot be fitted.
  std::vector<LawPoint> present;
  for (const LawPoint& p : points) {
    if (std::isfinite(metric == LawMetric::Accuracy ? p.accuracy : p.crossEntropy)) {
      present.push_back(p);
    }
  }
  for (LawSeries& series : makeSeries(present, key, metric)) {
    job.throwIfCancelled();
    SeriesLaw law;
    law.fit = fitLaw(series, options, job);
    law.means = piecewiseLinear(series, metric);
    law.series = std::move(series);
    set->laws.push_back(std::move(law));
  }
  return set;
}

}  // namespace bitfrontier
