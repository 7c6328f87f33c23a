// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ceres/jet.h>

#include <array>
#include <cstddef>
#include <utility>

#include "core/law/numeric/least_squares.h"

namespace bitfrontier {

/// Exact derivatives by dual numbers. `model(p, i)` is a template over the number type, gives
/// residual i at the K parameters p, and uses unqualified exp, log, pow, ... after
/// `using std::exp;` and the like. Include this in .cpp files only.
template <int K, typename Model>
LeastSquaresProblem::Evaluate autoDiff(Model model, std::size_t residuals) {
  return [model = std::move(model), residuals](const double* p, double* r, double* jacobian) {
    if (jacobian == nullptr) {
      for (std::size_t i = 0; i < residuals; ++i) r[i] = model(p, i);
      return true;
    }
    using Jet = ceres::Jet<double, K>;
    std::array<Jet, K> duals;
    for (int k = 0; k < K; ++k) duals[static_cast<std::size_t>(k)] = Jet(p[k], k);
    for (std::size_t i = 0; i < residuals; ++i) {
      const Jet value = model(static_cast<const Jet*>(duals.data()), i);
      r[i] = value.a;
      for (int k = 0; k < K; ++k) jacobian[i * K + static_cast<std::size_t>(k)] = value.v[k];
    }
    return true;
  };
}

}  // namespace bitfrontier
