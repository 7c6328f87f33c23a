// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/finite.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/quant/blocks.h"

namespace bitfrontier {
namespace {

constexpr std::int64_t kPart = std::int64_t{1} << 20;

}  // namespace

std::int64_t firstNotFinite(const at::Tensor& tensor) {
  const at::Tensor flat = tensor.reshape({-1});
  for (std::int64_t begin = 0; begin < flat.numel(); begin += kPart) {
    const at::Tensor part = flat.narrow(0, begin, std::min(kPart, flat.numel() - begin));
    // A sum is finite when its terms are, but for overflow; one that is not is looked at closely.
    if (std::isfinite(part.sum(at::kDouble).item<double>())) continue;
    const at::Tensor bad = at::isfinite(part).logical_not().nonzero();
    if (bad.numel() > 0) return begin + bad[0].item<std::int64_t>();
  }
  return -1;
}

void failNotFinite(const at::Tensor& tensor, std::int64_t index) {
  const double value = tensor.reshape({-1})[index].to(at::kDouble).item<double>();
  throw Error(ErrorKind::Numeric,
              fmt::format("value {} of {} is {}", index, tensor.numel(), value));
}

at::Tensor clampedToFinite(const at::Tensor& tensor, const QuantConfig& config,
                           std::int64_t& count) {
  at::Tensor copy = tensor.contiguous().clone();
  const at::Tensor flat = copy.view({-1});
  const at::Tensor bad = at::isfinite(flat).logical_not().nonzero().flatten();
  count = bad.numel();
  const BlockGrid grid = blockGridOf(config, flat.numel(), tensor.dim() > 0 ? tensor.size(-1) : 1);
  std::int64_t known = -1;
  double largest = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto index = bad[i].item<std::int64_t>();
    const std::int64_t block = grid.blockOf(index);
    if (block != known) {
      const at::Tensor values =
          tensor.reshape({-1})
              .narrow(0, grid.begin(block), grid.end(block) - grid.begin(block))
              .to(at::kDouble);
      largest = at::where(at::isfinite(values), values.abs(), 0.0).max().item<double>();
      known = block;
    }
    const double value = flat[index].item<double>();
    flat[index] = std::isnan(value) ? 0.0 : std::copysign(largest, value);
  }
  return copy;
}

}  // namespace bitfrontier
