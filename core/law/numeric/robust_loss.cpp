// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/numeric/robust_loss.h"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

constexpr std::pair<RobustLoss, std::string_view> kNames[] = {{RobustLoss::None, "none"},
                                                              {RobustLoss::Huber, "huber"},
                                                              {RobustLoss::Cauchy, "cauchy"},
                                                              {RobustLoss::Tukey, "tukey"}};

}  // namespace

std::string_view robustLossName(RobustLoss loss) {
  return kNames[static_cast<std::size_t>(loss)].second;
}

RobustLoss parseRobustLoss(std::string_view name) {
  for (const auto& [loss, text] : kNames) {
    if (text == name) return loss;
  }
  throw Error(
      ErrorKind::InvalidArgument,
      fmt::format("unknown robust loss '{}', one of none, huber, cauchy, tukey is meant", name));
}

double usualScale(RobustLoss loss) {
  switch (loss) {
    case RobustLoss::None:
      return 0;
    case RobustLoss::Huber:
      return 1.345;
    case RobustLoss::Cauchy:
      return 2.385;
    case RobustLoss::Tukey:
      return 4.685;
  }
  return 0;
}

double robustRho(RobustLoss loss, double a, double r) {
  const double s = r * r, b = a * a;
  switch (loss) {
    case RobustLoss::None:
      return s;
    case RobustLoss::Huber:
      return s <= b ? s : 2 * a * std::abs(r) - b;
    case RobustLoss::Cauchy:
      return b * std::log1p(s / b);
    case RobustLoss::Tukey: {
      const double inside = 1 - s / b;
      return s <= b ? b / 3 * (1 - inside * inside * inside) : b / 3;
    }
  }
  return s;
}

double robustResidual(RobustLoss loss, double a, double r, double* derivative) {
  const double s = r * r, b = a * a;
  // Near zero all losses are r^2; the ratio below would be 0/0.
  if (loss == RobustLoss::None || s < 1e-16 * b || (loss == RobustLoss::Huber && s <= b)) {
    if (derivative != nullptr) *derivative = 1;
    return r;
  }
  const double root = std::sqrt(robustRho(loss, a, r));
  if (derivative != nullptr) {
    double slope = 0;  // rho'(s)
    if (loss == RobustLoss::Huber) slope = a / std::abs(r);
    if (loss == RobustLoss::Cauchy) slope = 1 / (1 + s / b);
    if (loss == RobustLoss::Tukey && s <= b) slope = (1 - s / b) * (1 - s / b);
    *derivative = slope * std::abs(r) / root;
  }
  return r < 0 ? -root : root;
}

}  // namespace bitfrontier
