// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/base/error.h"
#include "core/sweep/sweep.h"

namespace bitfrontier {
namespace {

const DataTypeInfo& codeType(DataType type) {
  const DataTypeInfo& info = dataTypeInfo(type);
  if (info.lowestBits == 16) {
    throw Error(ErrorKind::InvalidArgument,
                "fp16 and bf16 are no k-bit data types: ask for 16 bits to have the baseline");
  }
  return info;
}

/// The configurations without a variant: type, bits and block.
std::vector<QuantConfig> plainConfigs(const GridOptions& grid) {
  std::vector<QuantConfig> configs;
  for (const int bits : grid.bits) {
    if (bits == 16) continue;
    for (const DataType type : grid.types) {
      codeType(type);
      for (const std::int64_t block : grid.blockSizes) {
        if (type == DataType::AbsoluteFloat && block <= 0) continue;
        configs.push_back(QuantConfig::make(type, bits, block));
        configs.back().withinRows = grid.rowBlocks && block > 0;
      }
    }
  }
  return configs;
}

QuantConfig withVariant(QuantConfig config, const QuantVariant& variant) {
  static_cast<QuantVariant&>(config) = variant;
  return config;
}

/// A variant that no configuration of the grid can have is a mistake.
void requireVariant(const QuantVariant& variant, const std::vector<QuantConfig>& plain) {
  const auto fits = [&](const QuantConfig& one) { return !withVariant(one, variant).problem(); };
  if (std::ranges::none_of(plain, fits)) withVariant(plain.front(), variant).validate();
}

}  // namespace

std::vector<QuantConfig> makeGrid(const GridOptions& grid) {
  std::vector<QuantConfig> configs;
  const auto add = [&](const QuantConfig& one) {
    if (std::ranges::find(configs, one) == configs.end()) configs.push_back(one);
  };
  if (std::ranges::find(grid.bits, 16) != grid.bits.end()) add(QuantConfig::fp16());
  const std::vector<QuantConfig> plain = plainConfigs(grid);
  const std::vector<QuantVariant> variants =
      grid.variants.empty() ? std::vector<QuantVariant>(1) : grid.variants;
  for (const QuantVariant& variant : variants) {
    if (!plain.empty()) requireVariant(variant, plain);
  }
  for (const QuantConfig& one : plain) {
    for (const QuantVariant& variant : variants) {
      const QuantConfig config = withVariant(one, variant);
      if (!config.problem()) add(config);
    }
  }
  return configs;
}

}  // namespace bitfrontier
