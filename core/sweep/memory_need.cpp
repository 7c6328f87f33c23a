// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/memory_need.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "core/eval/evaluate.h"
#include "core/model/architecture.h"
#include "core/model/model_config.h"

namespace bitfrontier {
namespace {

std::int64_t rounded(double bytes) { return static_cast<std::int64_t>(bytes); }

}  // namespace

ModelSizes sizesOf(const ModelConfig& config) {
  ModelSizes sizes{.hidden = config.hiddenSize,
                   .inner = std::max(config.intermediateSize, 4 * config.hiddenSize),
                   .vocab = config.vocabSize,
                   .positions = config.maxPositions};
  for (const TensorSlot& slot : tensorSlots(config)) {
    const auto elements = static_cast<double>(std::accumulate(
        slot.shape.begin(), slot.shape.end(), std::int64_t{1}, std::multiplies<>()));
    sizes.all += elements;
    if (!slot.quantizable()) continue;
    sizes.linear += elements;
    sizes.largest = std::max(sizes.largest, elements);
    sizes.widest = std::max(sizes.widest, slot.shape.back());
  }
  return sizes;
}

MemoryNeed needOf(const ModelSizes& sizes, const QuantConfig& config, bool gpu,
                  std::int64_t available) {
  const double width = gpu ? 2 : 4;  // bytes of a weight that is computed with
  MemoryNeed need;
  const bool mapped = !gpu && width * sizes.all > static_cast<double>(available) / 2;
  if (mapped) {
    // 16-bit weights stay in the file, whose pages the system takes back when it must.
    need.quantized =
        config.isBaseline() ? 0 : rounded(config.bitsPerParameter() / 8 * sizes.linear);
  } else {
    need.original = rounded(width * sizes.all);
    need.quantized = config.isBaseline() ? 0 : rounded(width * sizes.linear);
  }
  const EvalOptions batch;
  const double tokens = static_cast<double>(batch.maxBatchTokens);
  const double activations =
      tokens * (8.0 * static_cast<double>(sizes.hidden) + 2.0 * static_cast<double>(sizes.inner));
  const double logits = 2.0 * static_cast<double>(batch.maxLogits) * 4;
  need.working = rounded(4 * sizes.largest + width * activations + logits);
  if (config.needsCalibration()) {
    constexpr double kSequences = 128, kLongest = 2048;
    const double length = std::min(kLongest, static_cast<double>(sizes.positions));
    need.calibration =
        rounded(2 * width * kSequences * length * static_cast<double>(sizes.hidden) +
                3 * 8.0 * static_cast<double>(sizes.widest) * static_cast<double>(sizes.widest));
  }
  return need;
}

}  // namespace bitfrontier
