// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the data are enough for a law, before it is fitted.

#include "core/law/fit/joint_amount.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace bitfrontier {

void describeRange(const JointData& data, JointFit& fit) {
  fit.minSize = fit.minBits = HUGE_VAL;
  for (const FittedPoint& p : data.points) {
    fit.minSize = std::min(fit.minSize, p.size);
    fit.maxSize = std::max(fit.maxSize, p.size);
    if (!(p.totalBits > 0)) continue;
    fit.minBits = std::min(fit.minBits, p.totalBits);
    fit.maxBits = std::max(fit.maxBits, p.totalBits);
  }
  if (!std::isfinite(fit.minBits)) fit.minBits = 0;
}

bool judgeAmount(const JointData& data, const JointOptions& options, const LawForm& form,
                 JointFit& fit) {
  const auto say = [&](RemarkCode code, std::string text) {
    fit.remarks.push_back({code, false, std::move(text)});
  };
  const auto refuse = [&](RemarkCode code, std::string text) {
    fit.remarks.push_back({code, true, std::move(text)});
  };
  const LawFormInfo& info = form.info();
  const int least = static_cast<int>(options.fewestSizes);
  if (!info.needsCrossEntropy && data.sizes < least) {
    refuse(RemarkCode::InterpolateOnly,
           fmt::format("{} sizes are too few for an exponent ({} are needed): the curve is "
                       "interpolated and not continued",
                       data.sizes, least));
    return false;
  }
  std::size_t free = form.parameters(data.context).size();
  for (const LawParameter& p : form.parameters(data.context)) {
    free -= options.fixed.contains(p.name) ? 1 : 0;
  }
  if (!info.joint && !info.needsCrossEntropy && options.fewestSizes >= 4) {
    const int needed = static_cast<int>(std::max<std::size_t>(2 * free, 5));
    if (data.sizes < needed) {
      refuse(RemarkCode::TooFewSizes,
             fmt::format("{} sizes are too few for the {} parameters of {} in one format ({} are "
                         "needed): use a joint law",
                         data.sizes, free, info.name, needed));
      return false;
    }
  }
  const std::size_t needed = free + (options.estimateTau ? 2 : 1);
  if (data.points.size() < needed) {
    refuse(RemarkCode::TooFewPoints,
           fmt::format("{} points are too few for the {} parameters of {}{}", data.points.size(),
                       free, info.name, options.estimateTau ? " and the lack of fit" : ""));
    return false;
  }
  if (!info.needsCrossEntropy && data.sizes < 6) {
    say(RemarkCode::FewSizes,
        fmt::format("with {} sizes the exponent is weakly determined: nothing beyond one doubling "
                    "of size",
                    data.sizes));
  }
  if (options.publishedPriors) {
    std::string list;
    for (const PublishedConstant& c : form.published()) {
      list +=
          fmt::format("{}{} = {:g} ({})", list.empty() ? "" : ", ", c.parameter, c.value, c.source);
    }
    say(RemarkCode::PriorUsed,
        list.empty()
            ? fmt::format("the law {} has no published constants", info.name)
            : fmt::format("published constants took part as priors of relative width {:g}: "
                          "{}; their authors do not expect them to carry over",
                          options.priorWidth, list));
  }
  return true;
}

}  // namespace bitfrontier
