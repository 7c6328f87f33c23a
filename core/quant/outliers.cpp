// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/outliers.h"

#include <ATen/ATen.h>

namespace bitfrontier {
namespace {

/// Rows or columns converted to fp64 at a time, in values.
constexpr std::int64_t kPart = std::int64_t{1} << 21;

}  // namespace

at::Tensor unitDeviations(const at::Tensor& weight) {
  at::Tensor result = at::empty({weight.size(0)}, at::kDouble);
  const std::int64_t rows = std::max<std::int64_t>(1, kPart / weight.size(1));
  for (std::int64_t row = 0; row < weight.size(0); row += rows) {
    const std::int64_t count = std::min(rows, weight.size(0) - row);
    result.narrow(0, row, count).copy_(weight.narrow(0, row, count).to(at::kDouble).std(1));
  }
  return result;
}

at::Tensor columnDeviations(const at::Tensor& weight) {
  // Two passes by rows, so that a large matrix is never copied whole.
  const auto options = at::TensorOptions().dtype(at::kDouble).device(weight.device());
  const std::int64_t rows = std::max<std::int64_t>(1, kPart / weight.size(1));
  const auto total = static_cast<double>(weight.size(0));
  at::Tensor mean = at::zeros({weight.size(1)}, options);
  at::Tensor squares = at::zeros({weight.size(1)}, options);
  for (const bool second : {false, true}) {
    for (std::int64_t row = 0; row < weight.size(0); row += rows) {
      const std::int64_t count = std::min(rows, weight.size(0) - row);
      const at::Tensor part = weight.narrow(0, row, count).to(at::kDouble);
      if (second) {
        squares += (part - mean).square().sum(0);
      } else {
        mean += part.sum(0);
      }
    }
    if (!second) mean /= total;
  }
  return (squares / (total - 1)).sqrt();
}

at::Tensor largestIndices(const at::Tensor& values, std::int64_t count) {
  const at::Tensor order =
      at::argsort(values.to(at::kCPU), /*stable=*/true, 0, /*descending=*/true);
  return std::get<0>(order.narrow(0, 0, count).sort());
}

}  // namespace bitfrontier
