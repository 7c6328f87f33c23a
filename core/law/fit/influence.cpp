// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/fit/influence.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/fisher_f.hpp>
#include <cmath>

namespace bitfrontier {

std::vector<PointInfluence> influences(const JointFit& fit) {
  std::vector<PointInfluence> all;
  if (fit.form == nullptr || fit.freeParameters <= 0) return all;
  for (std::size_t i = 0; i < fit.points.size(); ++i) {
    const FittedPoint& p = fit.points[i];
    const double mean = fit.predictSe(p.row);
    const double scatter = std::isfinite(fit.tau) ? fit.tau * fit.residualUnit(p.row) : 0;
    const double known = fit.weighting == Weighting::Equal ? 0 : p.se;
    const double variance = known * known + scatter * scatter;
    if (!std::isfinite(mean) || !(variance > 0) || !std::isfinite(p.standardised)) continue;
    PointInfluence one{i, p.standardised};
    one.leverage = std::min(mean * mean / variance, 1 - 1e-6);
    const double room = 1 - one.leverage;
    one.cook = p.standardised * p.standardised * one.leverage / (room * room) / fit.freeParameters;
    all.push_back(one);
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.cook > b.cook; });
  return all;
}

std::vector<ExclusionHint> exclusionHints(const JointFit& fit) {
  std::vector<ExclusionHint> hints;
  const int freedom = fit.n - fit.freeParameters;
  if (!fit.usable || freedom < 1) return hints;
  const double edge =
      boost::math::quantile(boost::math::fisher_f(fit.freeParameters, freedom), 0.5);
  const std::string law(fit.form->info().name);
  const std::size_t most = std::max<std::size_t>(1, fit.points.size() / 10);
  for (const PointInfluence& one : influences(fit)) {
    const bool outlier =
        std::find(fit.outliers.begin(), fit.outliers.end(), one.fitted) != fit.outliers.end();
    const bool moves = one.cook > edge;
    if (!outlier && !moves) continue;
    if (hints.size() == most) break;
    ExclusionHint hint{one, {}};
    if (outlier) {
      hint.reason =
          fmt::format("lies {:.1f} standard deviations {} law {}", std::abs(one.standardised),
                      one.standardised > 0 ? "above" : "below", law);
      if (moves) hint.reason += fmt::format(", and moves it (Cook's distance {:.2f})", one.cook);
    } else {
      hint.reason = fmt::format("moves law {} by itself (Cook's distance {:.2f})", law, one.cook);
    }
    hints.push_back(std::move(hint));
  }
  return hints;
}

}  // namespace bitfrontier
