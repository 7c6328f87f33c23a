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

}  // namespace

std::vector<QuantConfig> makeGrid(const GridOptions& grid) {
  std::vector<QuantConfig> configs;
  const auto add = [&](const QuantConfig& one) {
    if (std::ranges::find(configs, one) == configs.end()) configs.push_back(one);
  };
  const std::vector<std::string> plain = {""};
  const std::vector<std::string>& variants = grid.variants.empty() ? plain : grid.variants;
  if (std::ranges::find(grid.bits, 16) != grid.bits.end()) add(QuantConfig::fp16());
  for (const int bits : grid.bits) {
    if (bits == 16) continue;
    for (const DataType type : grid.types) {
      codeType(type);
      for (const std::int64_t block : grid.blockSizes) {
        if (type == DataType::AbsoluteFloat && block <= 0) continue;
        QuantConfig config = QuantConfig::make(type, bits, block);
        config.withinRows = grid.rowBlocks && block > 0;
        const std::string spec = config.spec();
        for (const std::string& variant : variants) {
          if (!variant.empty() && variant.front() != '-') {
            throw Error(ErrorKind::InvalidArgument,
                        fmt::format("a variant is the end of a spec such as -sdq or -o2-gptq, not "
                                    "'{}'",
                                    variant));
          }
          add(QuantConfig::parse(spec + variant));
        }
      }
    }
  }
  return configs;
}

}  // namespace bitfrontier
