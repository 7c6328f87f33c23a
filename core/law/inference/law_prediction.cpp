// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/inference/law_prediction.h"

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "core/base/error.h"
#include "core/law/inference/law_profile.h"

namespace bitfrontier {
namespace {

/// Mean variance of the format's points that comes from their items.
double ownVariance(const JointFit& fit, std::size_t format) {
  if (fit.weighting == Weighting::Equal) return 0;
  double sum = 0;
  int count = 0;
  for (const FittedPoint& p : fit.points) {
    if (p.row.format != format || !std::isfinite(p.se)) continue;
    sum += p.se * p.se;
    ++count;
  }
  return count > 0 ? sum / count : 0;
}

LawPrediction predictOne(const JointFit& fit, std::size_t format, double size, double level) {
  LawPrediction prediction;
  prediction.format = format;
  prediction.size = size;
  prediction.totalBits = fit.bitsForSize(format, size);
  prediction.level = level;
  prediction.remark = fit.judgePrediction(size);
  if (prediction.remark && prediction.remark->refusal) return prediction;
  const LawRow row = fit.row(format, size);
  const double curve = curveHalfWidth(fit, row, level);
  const double own = ownVariance(fit, format);
  const double whole = newHalfWidth(fit, row, own, level);
  prediction.value = fit.predict(row);
  prediction.curveLower = prediction.value - curve;
  prediction.curveUpper = prediction.value + curve;
  prediction.ownSe = std::sqrt(own);
  prediction.newLower = prediction.value - whole;
  prediction.newUpper = prediction.value + whole;
  return prediction;
}

}  // namespace

void requireLawOfSize(const LawForm& form, LawAxis axis) {
  const LawFormInfo& info = form.info();
  const bool overBits = info.overTotalBits || axis == LawAxis::TotalBits;
  if (!overBits && !info.needsCrossEntropy) return;
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("the law {} is over {}, so it predicts nothing at a number of parameters",
                          info.name, overBits ? "total bits" : "cross-entropy"));
}

std::vector<LawPrediction> predictAt(const JointFit& fit, std::span<const double> sizes,
                                     double level) {
  if (!(level > 0 && level < 1)) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("an interval of level {}, between 0 and 1 is possible", level));
  }
  for (const double size : sizes) {
    if (size > 0 && std::isfinite(size)) continue;
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("a model of {} parameters, a positive number is needed", size));
  }
  std::vector<LawPrediction> predictions;
  if (fit.parameters.empty() || sizes.empty()) return predictions;
  requireLawOfSize(*fit.form, fit.axis);
  const ModelPredictor models(fit);
  for (const double size : sizes) {
    const std::optional<std::string> model = models.modelOfSize(size);
    for (std::size_t f = 0; f < fit.context.formats.size(); ++f) {
      predictions.push_back(predictOne(fit, f, size, level));
      if (model) predictions.back().known = models.predict(*model, f, level);
    }
  }
  return predictions;
}

}  // namespace bitfrontier
