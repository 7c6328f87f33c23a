// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "core/law/form/law_form.h"
#include "core/law/form/start_values.h"

namespace bitfrontier {

/// The base of laws with a quantization penalty: E + A0 (N/N0)^-alpha, and + B0 (D/D0)^-beta when
/// training tokens are known (Hoffmann et al. 2022, equation 10).
struct LossBase {
  static std::size_t count(const LawContext& c) { return c.hasTokens ? 5 : 3; }

  static void addParameters(const LawContext& c, std::vector<LawParameter>& all) {
    all.push_back(floorParameter(c));
    all.push_back(amplitudeParameter(c));
    all.push_back(exponentParameter(c));
    if (!c.hasTokens) return;
    LawParameter amplitude = amplitudeParameter(c);
    amplitude.name = "lnB0";
    amplitude.meaning = "what data can still win at D0";
    all.push_back(amplitude);
    all.push_back({"beta", "", "exponent of training tokens", 0.005, 3});
  }

  static double value(const LawContext& c, const double* p, const LawRow& row, double* gradient) {
    const double term = std::exp(p[1] - p[2] * row.logSize);
    const double data = c.hasTokens ? std::exp(p[3] - p[4] * row.logTokens) : 0;
    if (gradient != nullptr) {
      gradient[0] = 1;
      gradient[1] = term;
      gradient[2] = -row.logSize * term;
      if (c.hasTokens) {
        gradient[3] = data;
        gradient[4] = -row.logTokens * data;
      }
    }
    return p[0] + term + data;
  }

  static void addStart(const LawContext& c, const BaseStart& base, double alpha,
                       std::vector<double>& p) {
    p.insert(p.end(), {base.floor, base.logAmplitude, alpha});
    if (!c.hasTokens) return;
    p[1] -= std::log(2.0);
    p.insert(p.end(), {p[1], alpha});
  }
};

/// ln of the mean penalty of the low-bit rows above the base curve, at least a thousandth of it.
inline double logPenaltyStart(const LawContext& c, std::span<const LawTarget> targets,
                              std::size_t format, const BaseStart& base, double alpha) {
  return std::log(std::max(offsetStart(targets, format, base, alpha), 1e-3 * c.worst));
}

/// ln(log2 G / 6) of a format's blocks: 0 for blocks of 64. Whole tensors count as blocks of 65536.
inline double blockTerm(const LawFormat& format) {
  const double block = format.blockSize > 0 ? double(format.blockSize) : 65536;
  return std::log(std::log2(std::max(block, 2.0)) / 6);
}

}  // namespace bitfrontier
