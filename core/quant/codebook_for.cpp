// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <cmath>

#include "core/base/error.h"
#include "core/quant/quantize.h"
#include "kernels/blocks.h"
#include "kernels/codebook.h"
#include "kernels/numerics.h"

namespace bitfrontier {
namespace {

/// Values sketched by one task. Fixed, so that the sums, and with them the table, do not depend on
/// the number of threads.
constexpr std::int64_t kSketchPart = 64 * static_cast<std::int64_t>(kQuantileChunk);

std::vector<float> quantileTable(std::span<const float> sample, int bits) {
  for (std::size_t i = 0; i < sample.size(); ++i)
    if (!std::isfinite(sample[i]))
      throw Error(ErrorKind::Numeric,
                  fmt::format("value {} of {} is {}", i, sample.size(), sample[i]));
  const auto count = static_cast<std::int64_t>(sample.size());
  const std::int64_t parts = blockCount(count, kSketchPart);
  std::vector<QuantileSketch> sketches(static_cast<std::size_t>(parts));
  at::parallel_for(0, parts, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t part = begin; part < end; ++part) {
      const std::int64_t from = part * kSketchPart;
      std::int64_t size = std::min(kSketchPart, count - from);
      // An incomplete chunk counts only in a tensor that has no complete one.
      if (parts > 1) size -= size % static_cast<std::int64_t>(kQuantileChunk);
      sketches[static_cast<std::size_t>(part)] = sketchQuantiles(
          sample.subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(size)), bits);
    }
  });
  QuantileSketch total;
  for (const QuantileSketch& sketch : sketches) {
    for (std::size_t j = 0; j < kQuantileCount; ++j) total.sums[j] += sketch.sums[j];
    total.chunks += sketch.chunks;
  }
  return codebookFromQuantiles(total.sums, bits);
}

}  // namespace

std::vector<float> codebookFor(const QuantConfig& config, std::span<const float> sample) {
  config.validate();
  switch (config.type) {
    case DataType::Int:
      return intCodebook(config.bits);
    case DataType::Float:
      return floatCodebook(config.exponentBits, config.mantissaBits);
    case DataType::Dynamic:
      return dynamicCodebook(config.bits);
    case DataType::Quantile: {
      std::vector<float> table =
          sample.empty() ? normalQuantileCodebook(config.bits) : quantileTable(sample, config.bits);
      if (!sample.empty())
        for (float& value : table) value = halfToFloat(floatToHalf(value));
      return table;
    }
    case DataType::Fp16:
      break;
  }
  throw Error(ErrorKind::InvalidArgument, "fp16 has no code table");
}

}  // namespace bitfrontier
