// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/base/error.h"
#include "core/sweep/sweep.h"

namespace bitfrontier {

std::vector<QuantConfig> makeGrid(const GridOptions& grid) {
  std::vector<QuantConfig> configs;
  const auto add = [&](const QuantConfig& config) {
    if (std::ranges::find(configs, config) == configs.end()) configs.push_back(config);
  };
  if (std::ranges::find(grid.bits, 16) != grid.bits.end()) add(QuantConfig::fp16());
  for (const int bits : grid.bits) {
    if (bits == 16) continue;
    for (const DataType type : grid.types) {
      if (dataTypeInfo(type).lowestBits == 16) {
        throw Error(ErrorKind::InvalidArgument,
                    "fp16 and bf16 are no k-bit data types: ask for 16 bits to have the baseline");
      }
      for (const std::int64_t block : grid.blockSizes) {
        add(QuantConfig::make(type, bits, block));
      }
    }
  }
  return configs;
}

}  // namespace bitfrontier
