// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/law_set.h"

#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "ui/plot/comparable.h"

namespace bitfrontier {

std::shared_ptr<const LawSet> computeLaws(std::span<const LawPoint> points, SeriesKey key,
                                          LawMetric metric, const JobContext& job) {
  auto set = std::make_shared<LawSet>();
  set->metric = metric;
  set->key = key;
  FitOptions options;
  options.metric = metric;
  // By family, so that a label says only in what points of one family differ. Points without the
  // metric would make series that cannot be fitted.
  std::map<std::pair<std::string, std::string>, std::vector<int>> families;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const LawPoint& p = points[i];
    if (std::isfinite(metricOf(p, metric))) {
      families[{p.source, p.family}].push_back(static_cast<int>(i));
    }
  }
  for (const auto& [family, members] : families) {
    for (const ComparableSet& alike : comparableSets(points, members, metric)) {
      std::vector<LawPoint> some;
      for (const int i : alike.points) some.push_back(points[static_cast<std::size_t>(i)]);
      for (LawSeries& series : makeSeries(some, key, metric)) {
        job.throwIfCancelled();
        if (!alike.label.isEmpty()) series.label += ", " + alike.label.toStdString();
        SeriesLaw law;
        law.fit = fitLaw(series, options, job);
        law.means = piecewiseLinear(series, metric);
        law.series = std::move(series);
        set->laws.push_back(std::move(law));
      }
    }
  }
  return set;
}

}  // namespace bitfrontier
