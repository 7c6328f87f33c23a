// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/bit_breakdown.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/quant/quant_config.h"

namespace bitfrontier {
namespace {

void add(BitBreakdown& bits, BitUse use, double amount) {
  if (amount > 0) bits.parts.push_back({use, amount});
}

}  // namespace

BitBreakdown bitBreakdown(const std::string& spec, const ModelBits& stored, double parameters,
                          double linearParameters) {
  BitBreakdown bits;
  bits.total = stored.checkpointBytes;
  bits.parameters = parameters;
  bits.linearParameters = linearParameters;
  const double linear = stored.linearOnly;
  if (!(bits.total > 0) || !(linear > 0) || !(linearParameters > 0)) {
    bits.problem = "the store does not have the bits of its parts";
    return bits;
  }
  bits.perWeight = linear / linearParameters;
  QuantConfig config;
  try {
    config = QuantConfig::parse(spec);
  } catch (const Error&) {
    add(bits, BitUse::Codes, linear);
    add(bits, BitUse::Rest, bits.total - linear);
    bits.problem =
        fmt::format("{} is no configuration of this program: its parts are not known", spec);
    return bits;
  }
  const double kept = config.isBaseline() ? 0 : config.outlierPercent / 100;
  const double codes = linearParameters * (1 - kept) * config.bits;
  const double blocks = config.isBaseline() || config.blockSize <= 0
                            ? 0
                            : linearParameters * (1 - kept) / static_cast<double>(config.blockSize);
  const double scales = blocks * config.bitsPerConstant();
  const double means = config.centering == Centering::Block ? 16 * blocks : 0;
  const double outliers = 16 * kept * linearParameters;
  const double rest = linear - codes - scales - means - outliers;
  if (rest < -1e-3 * linear) {  // stored otherwise than the configuration says
    add(bits, BitUse::Codes, linear);
  } else {
    // Codes take whole bytes and outliers their indices; what is below zero is rounding.
    add(bits, BitUse::Codes, codes + std::min(0.0, rest));
    add(bits, BitUse::Scales, scales);
    add(bits, BitUse::Means, means);
    add(bits, BitUse::Outliers, outliers);
    add(bits, BitUse::Tables, rest);
  }
  add(bits, BitUse::Rest, bits.total - linear);
  return bits;
}

}  // namespace bitfrontier
