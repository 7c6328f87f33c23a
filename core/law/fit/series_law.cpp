// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/fit/series_law.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "core/base/error.h"
#include "core/law/fit/joint_fit.h"

namespace bitfrontier {

JointOptions seriesOptions(LawMetric metric) {
  JointOptions options;
  options.form = "power";
  options.metric = metric;
  options.axis = LawAxis::TotalBits;
  options.weighting = Weighting::Errors;
  return options;
}

SeriesLaw fitSeries(LawSeries series, const JointOptions& options, const JobContext& job) {
  JointOptions own = options;
  own.formatKey = series.key;
  SeriesLaw law;
  law.fit = fitJoint(series.points, own, job);
  law.series = std::move(series);
  return law;
}

double PowerLaw::predict(double totalBits) const {
  const double term = values[1] * std::pow(totalBits / b0, -values[2]);
  return metric == LawMetric::Accuracy ? values[0] - term : values[0] + term;
}

std::array<double, 3> powerLawValues(LawMetric metric, const double* values) {
  return {metric == LawMetric::Accuracy ? 1 - values[0] : values[0], std::exp(values[1]),
          values[2]};
}

std::optional<PowerLaw> powerLawOf(const JointFit& fit) {
  if (fit.parameters.empty()) return std::nullopt;
  if (fit.form->info().name != "power") {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("the law {} has no c, a and alpha", fit.form->info().name));
  }
  PowerLaw law;
  law.metric = fit.context.metric;
  law.b0 = fit.context.size0;
  law.values = powerLawValues(law.metric, fit.values().data());
  const double slopes[] = {law.metric == LawMetric::Accuracy ? -1.0 : 1.0, law.values[1], 1};
  for (std::size_t i = 0; i < 3; ++i) {
    law.standardErrors[i] = std::abs(slopes[i]) * fit.parameters[i].se;
  }
  if (fit.covariance.size() == 9) {
    law.covariance.resize(9);
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) {
        law.covariance[3 * i + j] = slopes[i] * slopes[j] * fit.covariance[3 * i + j];
      }
    }
  }
  return law;
}

}  // namespace bitfrontier
