// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/form/start_values.h"

#include <algorithm>
#include <cmath>

namespace bitfrontier {

BaseStart baseStart(std::span<const LawTarget> targets, std::size_t format, double level,
                    double alpha) {
  double smallest = HUGE_VAL;
  std::size_t ofFormat = 0;
  for (const LawTarget& t : targets) {
    smallest = std::min(smallest, t.value);
    ofFormat += t.row.format == format ? 1 : 0;
  }
  BaseStart base;
  base.floor = level * smallest;
  double top = 0, bottom = 0;
  for (const LawTarget& t : targets) {
    if (ofFormat >= 2 && t.row.format != format) continue;
    const double w = 1 / (t.sigma * t.sigma);
    const double u = std::exp(-alpha * t.row.logSize);
    top += w * u * (t.value - base.floor);
    bottom += w * u * u;
  }
  base.logAmplitude = std::log(std::max(top / bottom, 1e-6 * std::max(smallest, 1e-6)));
  return base;
}

double shiftStart(std::span<const LawTarget> targets, std::size_t format, const BaseStart& base,
                  double alpha) {
  double sum = 0;
  int n = 0;
  for (const LawTarget& t : targets) {
    if (t.row.format != format || t.value <= base.floor) continue;
    sum += -(std::log(t.value - base.floor) - base.logAmplitude) / alpha - t.row.logSize;
    ++n;
  }
  return n > 0 ? std::clamp(sum / n, -5.0, 0.4) : 0;
}

double offsetStart(std::span<const LawTarget> targets, std::size_t format, const BaseStart& base,
                   double alpha) {
  double sum = 0;
  int n = 0;
  for (const LawTarget& t : targets) {
    if (t.row.format != format) continue;
    sum += t.value - base.floor - std::exp(base.logAmplitude - alpha * t.row.logSize);
    ++n;
  }
  return n > 0 ? sum / n : 0;
}

std::string metricUnit(const LawContext& context) {
  return context.metric == LawMetric::Accuracy ? "share of items" : "nats per token";
}

LawParameter floorParameter(const LawContext& context, const std::string& suffix) {
  const bool accuracy = context.metric == LawMetric::Accuracy;
  return {"E" + suffix, metricUnit(context),
          accuracy ? "error of an infinitely large model" : "loss of an infinitely large model", 0,
          accuracy ? 0.95 : context.worst};
}

LawParameter amplitudeParameter(const LawContext& context, const std::string& suffix) {
  const bool accuracy = context.metric == LawMetric::Accuracy;
  return {"lnA0" + suffix, "ln of " + metricUnit(context), "what size can still win at N0",
          accuracy ? -8.0 : std::log(context.worst) - 14,
          accuracy ? 1.0 : std::log(context.worst) + 4};
}

LawParameter exponentParameter(const LawContext& /*context*/, const std::string& suffix) {
  return {"alpha" + suffix, "", "exponent of size", 0.005, 3};
}

}  // namespace bitfrontier
