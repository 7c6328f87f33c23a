// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/awq.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>

#include "core/quant/encode.h"

namespace bitfrontier {
namespace {

constexpr int kExponents = 20;

/// m^exponent, with the geometric middle of the largest and smallest at 1, as fp16 numbers.
at::Tensor channelScales(const at::Tensor& magnitudes, double exponent) {
  const at::Tensor raw = magnitudes.clamp_min(1e-4).pow(exponent);
  const double middle = std::sqrt(raw.max().item<double>() * raw.min().item<double>());
  return (raw / middle).clamp(1e-3, 1e4).to(at::kHalf);
}

}  // namespace

QuantizedTensor quantizeAwq(const at::Tensor& weight, const InputStatistics& inputs,
                            const QuantConfig& config, const bf_kernel_table& kernels) {
  const at::Tensor original = weight.to(at::kFloat);
  const at::Tensor moments = inputs.moments.to(at::kFloat);
  QuantizedTensor best;
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < kExponents; ++i) {
    const at::Tensor scales = channelScales(inputs.magnitudes, static_cast<double>(i) / kExponents);
    const at::Tensor scaled = (original * scales.to(at::kFloat)).contiguous();
    at::Tensor columnWeights;
    if (config.search == ScaleSearch::Weighted)
      columnWeights = inputs.moments.diagonal().to(at::kFloat) / scales.to(at::kFloat).square();
    QuantizedTensor candidate =
        encodeNearest(scaled, fitMatrix(scaled, config, kernels), kernels, columnWeights);
    candidate.inputScales = scales;
    const at::Tensor error = dequantize(candidate, at::kFloat, kernels) - original;
    const double loss = (at::mm(error, moments) * error).sum(at::kDouble).item<double>();
    if (loss < least) {
      least = loss;
      best = std::move(candidate);
    }
  }
  return best;
}

}  // namespace bitfrontier
