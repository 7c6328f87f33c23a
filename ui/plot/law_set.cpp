// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/law_set.h"

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
  std::vector<LawPoint> usable;  // others would make series that cannot be fitted
  for (const LawPoint& p : points) {
    if (std::isfinite(metricOf(p, metric))) usable.push_back(p);
  }
  for (LawSeries& series : makeSeries(usable, key, metric)) {
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
