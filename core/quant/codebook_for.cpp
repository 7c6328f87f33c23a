// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/codebook_for.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <cmath>

#include "core/base/error.h"
#include "core/quant/blocks.h"
#include "core/quant/learned_codebook.h"
#include "kernels/codebook.h"
#include "kernels/numerics.h"

namespace bitfrontier {
namespace {

/// Values sketched by one task. Fixed, so that the sums, and with them the table, do not depend on
/// the number of threads.
constexpr std::int64_t kSketchPart = 64 * static_cast<std::int64_t>(kQuantileChunk);

/// Size of the stand-in for a tensor where only a type is asked for: exact normal quantiles, in an
/// order without pattern, so that each block is a normal sample.
constexpr std::uint64_t kNormalSample = 65536;

void requireFinite(std::span<const float> sample) {
  for (std::size_t i = 0; i < sample.size(); ++i)
    if (!std::isfinite(sample[i]))
      throw Error(ErrorKind::Numeric,
                  fmt::format("value {} of {} is {}", i, sample.size(), sample[i]));
}

std::vector<float> quantileTable(std::span<const float> sample, int bits) {
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

/// Each value divided by what its block is divided by, with the square of that as its weight.
std::vector<WeightedValue> normalisedByBlock(const QuantConfig& config,
                                             std::span<const float> sample,
                                             std::int64_t rowLength) {
  const auto count = static_cast<std::int64_t>(sample.size());
  const BlockGrid grid = blockGridOf(config, count, rowLength > 0 ? rowLength : count);
  std::vector<WeightedValue> values(sample.size());
  at::parallel_for(0, grid.blocks, 64, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t block = first; block < last; ++block) {
      float largest = 0;
      for (std::int64_t i = grid.begin(block); i < grid.end(block); ++i) {
        const float x = sample[static_cast<std::size_t>(i)];
        if (std::abs(x) > std::abs(largest)) largest = x;
      }
      const float constant = config.signedMax ? largest : std::abs(largest);
      const bool usable = constant != 0 && std::isfinite(1 / constant);
      for (std::int64_t i = grid.begin(block); i < grid.end(block); ++i) {
        const auto at = static_cast<std::size_t>(i);
        values[at] = {usable ? sample[at] / constant : 0.0F, usable ? constant * constant : 0.0F};
      }
    }
  });
  return values;
}

/// The table estimated on a tensor.
std::vector<float> estimated(const QuantConfig& config, std::span<const float> sample,
                             std::int64_t rowLength) {
  if (config.type == DataType::Quantile) return quantileTable(sample, config.bits);
  const std::vector<WeightedValue> values = normalisedByBlock(config, sample, rowLength);
  if (config.type == DataType::Learned) return learnedCodebook(values, 1 << config.bits);
  std::vector<float> plain;
  plain.reserve(values.size());
  for (const WeightedValue& value : values) plain.push_back(value.value);
  return quantileTable(plain, config.bits);
}

std::vector<float> normalSample() {
  std::vector<float> sample(kNormalSample);
  std::uint64_t state = 1;
  for (std::uint64_t i = 0; i < kNormalSample; ++i) {
    // A full-period linear congruential sequence visits each rank once.
    state = (state * 0x915f77f5ULL + 0x3c6ef35fULL) % kNormalSample;
    sample[i] = static_cast<float>(
        normalQuantile((static_cast<double>(state) + 0.5) / static_cast<double>(kNormalSample)));
  }
  return sample;
}

std::vector<float> fixedTable(const QuantConfig& config) {
  const TableUnit unit =
      config.constant == ConstantType::E8M0 ? TableUnit::PowerOfTwo : TableUnit::Largest;
  switch (config.type) {
    case DataType::Int:
      return intCodebook(config.bits, unit);
    case DataType::Float:
      return config.nanCodes
                 ? ocpFp8Codebook(config.exponentBits, unit)
                 : floatCodebook(config.exponentBits, config.mantissaBits, config.subnormals, unit);
    case DataType::Dynamic:
      return dynamicCodebook(config.bits);
    case DataType::NormalFloat:
      return normalFloatCodebook(config.bits);
    case DataType::SymmetricNormalFloat:
      return symmetricNormalFloatCodebook(config.bits);
    case DataType::AbsoluteFloat:
      return absoluteFloatCodebook(config.bits, config.blockSize);
    default:
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("{} has no code table", dataTypeName(config.type)));
  }
}

}  // namespace

std::vector<float> codebookFor(const QuantConfig& config, std::span<const float> sample,
                               std::int64_t rowLength) {
  config.validate();
  if (config.tablePerTensor()) {
    requireFinite(sample);
    if (sample.empty() && config.type == DataType::Quantile)
      return normalQuantileCodebook(config.bits);
    std::vector<float> table = sample.empty() ? estimated(config, normalSample(), 0)
                                              : estimated(config, sample, rowLength);
    for (float& value : table) value = halfToFloat(floatToHalf(value));
    return table;
  }
  return fixedTable(config);
}

}  // namespace bitfrontier
