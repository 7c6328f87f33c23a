// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

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

bool isSpec(const std::string& spec) {
  try {
    QuantConfig::parse(spec);
    return true;
  } catch (const Error&) {
    return false;
  }
}

/// Type, bits and block of each k-bit configuration.
std::vector<std::string> blockSpecs(const GridOptions& grid) {
  std::vector<std::string> specs;
  for (const int bits : grid.bits) {
    if (bits == 16) continue;
    for (const DataType type : grid.types) {
      codeType(type);
      for (const std::int64_t block : grid.blockSizes) {
        if (type == DataType::AbsoluteFloat && block <= 0) continue;
        QuantConfig config = QuantConfig::make(type, bits, block);
        config.withinRows = grid.rowBlocks && block > 0;
        specs.push_back(config.spec());
      }
    }
  }
  return specs;
}

/// A variant that no configuration of the grid can have is a mistake.
void requireVariant(const std::string& variant, const std::vector<std::string>& specs) {
  if (!variant.empty() && variant.front() != '-') {
    throw Error(
        ErrorKind::InvalidArgument,
        fmt::format("a variant is the end of a spec such as -sdq or -o2-gptq, not '{}'", variant));
  }
  const auto valid = [&](const std::string& spec) { return isSpec(spec + variant); };
  if (std::ranges::none_of(specs, valid)) QuantConfig::parse(specs.front() + variant);
}

}  // namespace

std::vector<QuantConfig> makeGrid(const GridOptions& grid) {
  std::vector<QuantConfig> configs;
  const auto add = [&](const QuantConfig& one) {
    if (std::ranges::find(configs, one) == configs.end()) configs.push_back(one);
  };
  if (std::ranges::find(grid.bits, 16) != grid.bits.end()) add(QuantConfig::fp16());
  const std::vector<std::string> specs = blockSpecs(grid);
  for (const std::string& variant : grid.variants) {
    if (!specs.empty()) requireVariant(variant, specs);
  }
  for (const std::string& spec : specs) {
    if (grid.variants.empty()) add(QuantConfig::parse(spec));
    for (const std::string& variant : grid.variants) {
      if (isSpec(spec + variant)) add(QuantConfig::parse(spec + variant));
    }
  }
  return configs;
}

}  // namespace bitfrontier
