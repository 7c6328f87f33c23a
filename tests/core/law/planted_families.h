// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "core/law/data/law_point.h"
#include "core/law/numeric/counter_rng.h"

namespace bitfrontier::test {

/// Families that follow J1 with base curves of their own and shifts ln rho_f = mu_f + N(0,
/// spread^2).
struct PlantedFamilies {
  int families = 5;
  int sizes = 7;
  double spread = 0.15;
  double se = 0.003;   ///< known error of a point, independent
  double tau = 0.002;  ///< lack of fit
  std::map<int, double> mu{{8, -0.02}, {4, -0.16}, {3, -0.8}};  ///< by bits

  struct Drawn {
    std::vector<LawPoint> points;
    std::map<std::string, std::map<int, double>> shifts;  ///< true ln rho by family and bits
    std::map<std::string, std::vector<double>> bases;     ///< true E, A at 1e9, alpha
  };

  Drawn draw(std::uint64_t seed) const {
    CounterRng rng(seed, 17);
    Drawn drawn;
    for (int f = 0; f < families; ++f) {
      const std::string family = "family" + std::to_string(f);
      const double floor = 0.2 + 0.1 * rng.uniform(), amplitude = 0.18 + 0.08 * rng.uniform();
      const double alpha = 0.2 + 0.1 * rng.uniform();
      drawn.bases[family] = {floor, amplitude, alpha};
      auto& shift = drawn.shifts[family];
      shift[16] = 0;
      for (const auto& [bits, mean] : mu) shift[bits] = mean + spread * rng.normal();
      for (int s = 0; s < sizes; ++s) {
        const double size = 8e7 * std::pow(200.0, s / (sizes - 1.0)) * (1 + 0.1 * rng.uniform());
        for (const auto& [bits, logRho] : shift) {
          LawPoint p;
          p.family = family;
          p.model = family + "-" + std::to_string(s);
          p.bits = bits;
          p.dataType = bits == 16 ? "fp16" : "int";
          p.blockSize = bits == 16 ? 0 : 64;
          p.config = bits == 16 ? "fp16" : "int" + std::to_string(bits) + "-b64";
          p.parameters = size;
          p.totalBits = size * (bits == 16 ? 16 : bits + 0.25);
          const double error =
              floor + amplitude * std::exp(-alpha * (std::log(size / 1e9) + logRho));
          p.accuracy = 1 - error + std::hypot(se, tau) * rng.normal();
          p.accuracySe = se;
          p.chance = 0;
          drawn.points.push_back(std::move(p));
        }
      }
    }
    return drawn;
  }
};

}  // namespace bitfrontier::test
