// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/form/format_offset.h"

#include <cmath>

namespace bitfrontier {

double FormatOffset::value(const LawContext& c, const double* p, const LawRow& row,
                           double* gradient) const {
  const double term = std::exp(p[1] - p[2] * row.logSize);
  if (gradient != nullptr) {
    for (std::size_t f = 1; f < c.formats.size(); ++f) gradient[2 + f] = 0;
    gradient[0] = 1;
    gradient[1] = term;
    gradient[2] = -row.logSize * term;
    if (row.format > 0) gradient[2 + row.format] = 1;
  }
  return p[0] + term + (row.format > 0 ? p[2 + row.format] : 0);
}

std::vector<double> FormatOffset::start(const LawContext& c, std::span<const LawTarget> targets,
                                        double level, double alpha) const {
  return offsetStarts(c, targets, level, alpha);
}

std::vector<LawParameter> baseParameters(const LawContext& context) {
  return {floorParameter(context), amplitudeParameter(context), exponentParameter(context)};
}

void addFormatParameters(const LawContext& context, const std::string& prefix,
                         const std::string& meaning, double lower, double upper,
                         std::vector<LawParameter>& parameters) {
  const double scale = context.metric == LawMetric::Accuracy ? 1 : context.worst;
  for (std::size_t f = 1; f < context.formats.size(); ++f) {
    parameters.push_back({prefix + context.formats[f].label, metricUnit(context), meaning,
                          lower * scale, upper * scale});
  }
}

std::vector<double> offsetStarts(const LawContext& context, std::span<const LawTarget> targets,
                                 double level, double alpha) {
  const BaseStart base = baseStart(targets, 0, level, alpha);
  std::vector<double> p{base.floor, base.logAmplitude, alpha};
  for (std::size_t f = 1; f < context.formats.size(); ++f) {
    p.push_back(offsetStart(targets, f, base, alpha));
  }
  return p;
}

}  // namespace bitfrontier
