// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/codebook_for.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/quant/blocks.h"
#include "core/quant/kernel_call.h"
#include "core/quant/learned_codebook.h"
#include "kernels/codebook.h"
#include "kernels/reference/scalar.h"

namespace bitfrontier {
namespace {

/// Values sketched by one task. Fixed, so that the sums, and with them the table, do not depend on
/// the number of threads.
constexpr std::int64_t kSketchPart = 64 * static_cast<std::int64_t>(kQuantileChunk);
/// Values converted to fp32 at a time.
constexpr std::int64_t kSlab = 8 * kSketchPart;

/// Size of the stand-in for a tensor where only a type is asked for.
constexpr std::int64_t kNormalSample = 65536;

/// Normalised values that a table is estimated on, about.
constexpr std::int64_t kBlockSample = std::int64_t{1} << 21;

std::vector<float> quantileTable(const at::Tensor& flat, float mean, int bits) {
  const std::int64_t count = flat.numel();
  const std::int64_t parts = blockCount(count, kSketchPart);
  std::vector<QuantileSketch> sketches(static_cast<std::size_t>(parts));
  for (std::int64_t slab = 0; slab < count; slab += kSlab) {
    const std::int64_t slabSize = std::min(kSlab, count - slab);
    at::Tensor values = flat.narrow(0, slab, slabSize).to(at::kFloat);
    if (mean != 0.0F) values = values - mean;
    const auto* data = values.const_data_ptr<float>();
    overParts(blockCount(slabSize, kSketchPart), [&](std::int64_t part) {
      const std::int64_t from = part * kSketchPart;
      std::int64_t size = std::min(kSketchPart, slabSize - from);
      // An incomplete chunk counts only in a tensor that has no complete one.
      if (parts > 1) size -= size % static_cast<std::int64_t>(kQuantileChunk);
      sketches[static_cast<std::size_t>(slab / kSketchPart + part)] =
          sketchQuantiles({data + from, static_cast<std::size_t>(size)}, bits);
    });
  }
  QuantileSketch total;
  for (const QuantileSketch& sketch : sketches) {
    for (std::size_t j = 0; j < kQuantileCount; ++j) total.sums[j] += sketch.sums[j];
    total.chunks += sketch.chunks;
  }
  return codebookFromQuantiles(total.sums, bits);
}

/// Which values of a matrix are looked at: every `blockStep`-th block, and in it every
/// `valueStep`-th value.
struct Sampling {
  std::int64_t blockStep = 1;
  std::int64_t valueStep = 1;

  explicit Sampling(const BlockGrid& grid) {
    valueStep = std::max<std::int64_t>(1, grid.blockSize / kBlockSample);
    const std::int64_t perBlock = grid.blockSize / valueStep;
    blockStep = std::max<std::int64_t>(1, grid.blocks * perBlock / kBlockSample);
  }
};

/// Each value divided by what its block is divided by, with the square of that as its weight.
template <typename In>
std::vector<WeightedValue> normalisedByBlock(const QuantConfig& config, const In* data,
                                             const BlockGrid& grid, float mean) {
  const Sampling sampling(grid);
  const std::int64_t blocks = (grid.blocks - 1) / sampling.blockStep + 1;
  const std::int64_t stride = (grid.blockSize - 1) / sampling.valueStep + 1;
  std::vector<WeightedValue> values(static_cast<std::size_t>(blocks * stride));
  overParts(blocks, [&](std::int64_t i) {
    const std::int64_t block = i * sampling.blockStep;
    const std::int64_t begin = grid.begin(block);
    const std::int64_t size = grid.end(block) - begin;
    BlockValues<In> x{data + begin};
    x.centered = config.centering != Centering::None;
    x.mean =
        config.centering == Centering::Block ? halfToFloat(meanToHalf(blockMean(x, size))) : mean;
    const float constant = largestOf(x, size, config.signedMax);
    const float inverse = inverseConstant(constant);
    for (std::int64_t j = 0; j < size; j += sampling.valueStep)
      values[static_cast<std::size_t>(i * stride + j / sampling.valueStep)] = {
          x(j) * inverse, inverse == 0.0F ? 0.0F : constant * constant};
  });
  return values;
}

std::vector<float> estimated(const QuantConfig& config, const at::Tensor& matrix, float mean) {
  const at::Tensor contiguous = matrix.contiguous();
  const at::Tensor flat = contiguous.view({-1});
  if (config.type == DataType::Quantile) return quantileTable(flat, mean, config.bits);
  const BlockGrid grid =
      blockGridOf(config, flat.numel(), matrix.dim() > 0 ? matrix.size(-1) : flat.numel());
  std::vector<WeightedValue> values;
  withType(kernelType(flat.scalar_type(), "a weight to quantize"), [&](auto* tag) {
    using In = std::remove_pointer_t<decltype(tag)>;
    values = normalisedByBlock(config, static_cast<const In*>(flat.const_data_ptr()), grid, mean);
    return 0;
  });
  if (config.type == DataType::Learned) return learnedCodebook(values, 1 << config.bits);
  at::Tensor plain = at::empty({static_cast<std::int64_t>(values.size())}, at::kFloat);
  std::ranges::transform(values, plain.mutable_data_ptr<float>(), &WeightedValue::value);
  return quantileTable(plain, 0.0F, config.bits);
}

/// Exact normal quantiles in an order without pattern, so that each block is a normal sample.
at::Tensor normalSample() {
  at::Tensor sample = at::empty({kNormalSample}, at::kFloat);
  auto* values = sample.mutable_data_ptr<float>();
  std::uint64_t state = 1;
  for (std::int64_t i = 0; i < kNormalSample; ++i) {
    // A linear congruential sequence of full period visits each rank once.
    state = (state * 0x915f77f5ULL + 0x3c6ef35fULL) % kNormalSample;
    values[i] = static_cast<float>(
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

/// As a tensor's own table is stored.
std::vector<float> roundedToHalf(std::vector<float> table) {
  for (float& value : table) value = halfToFloat(floatToHalf(value));
  return table;
}

}  // namespace

std::vector<float> codebookFor(const QuantConfig& config) {
  config.validate();
  if (!config.tablePerTensor()) return fixedTable(config);
  if (config.type == DataType::Quantile) return normalQuantileCodebook(config.bits);
  return roundedToHalf(estimated(config, normalSample(), 0.0F));
}

std::vector<float> codebookFor(const QuantConfig& config, const at::Tensor& matrix, float mean) {
  config.validate();
  if (!config.tablePerTensor() || matrix.numel() == 0) return codebookFor(config);
  return roundedToHalf(estimated(config, matrix, mean));
}

}  // namespace bitfrontier
