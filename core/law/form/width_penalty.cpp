// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/form/width_penalty.h"

#include <algorithm>
#include <cmath>

namespace bitfrontier {

std::vector<LawParameter> LossWithWidthPenalty::parameters(const LawContext& c) const {
  std::vector<LawParameter> all;
  LossBase::addParameters(c, all);
  all.push_back({"lnC", "ln of nats per token", "penalty of 4 bits at N0", -20, 10});
  all.push_back({"gammaN", "", "exponent of size in the penalty", -1, 3});
  all.push_back(widthParameter());
  if (c.hasTokens) all.push_back({"gammaD", "", "exponent of tokens in the penalty", -1, 3});
  return all;
}

double LossWithWidthPenalty::value(const LawContext& c, const double* p, const LawRow& row,
                                   double* gradient) const {
  const std::size_t b = LossBase::count(c);
  const double base = LossBase::value(c, p, row, gradient);
  const double k = c.formats[row.format].bits;
  double slope = 0;
  double t = p[b] - p[b + 1] * row.logSize + width(k, p[b + 2], slope);
  if (c.hasTokens) t += p[b + 3] * row.logTokens;
  const double penalty = row.format > 0 && k < 16 ? std::exp(t) : 0;
  if (gradient != nullptr) {
    gradient[b] = penalty;
    gradient[b + 1] = -row.logSize * penalty;
    gradient[b + 2] = slope * penalty;
    if (c.hasTokens) gradient[b + 3] = row.logTokens * penalty;
  }
  return base + penalty;
}

std::vector<double> LossWithWidthPenalty::start(const LawContext& c,
                                                std::span<const LawTarget> targets, double level,
                                                double alpha) const {
  const BaseStart base = baseStart(targets, 0, level, alpha);
  std::vector<double> p;
  LossBase::addStart(c, base, alpha, p);
  // The format with the fewest bits has the penalty that is best seen.
  const auto lowest =
      std::min_element(c.formats.begin(), c.formats.end(),
                       [](const LawFormat& x, const LawFormat& y) { return x.bits < y.bits; });
  const auto format = static_cast<std::size_t>(lowest - c.formats.begin());
  double slope = 0;
  const double penalty = logPenaltyStart(c, targets, format, base, alpha);
  p.insert(p.end(), {penalty - width(lowest->bits, widthStart(), slope), alpha, widthStart()});
  if (c.hasTokens) p.push_back(0.3);
  return p;
}

}  // namespace bitfrontier
