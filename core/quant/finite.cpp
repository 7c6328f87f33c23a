// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/finite.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "core/base/error.h"
#include "core/quant/blocks.h"
#include "core/quant/kernel_call.h"

namespace bitfrontier {
namespace {

/// Index of the first value whose exponent bits are all set, or -1. Reads whole parts before it
/// decides, which compilers turn into vector instructions; libtorch's own tests would first make
/// copies.
template <typename Bits>
std::int64_t firstWithAllBits(const void* data, std::int64_t count, Bits exponent,
                              const bf_runner* runner) {
  constexpr std::int64_t kPart = std::int64_t{1} << 16;
  const auto* values = static_cast<const Bits*>(data);
  std::atomic<std::int64_t> first{count};
  const auto work = [&](std::int64_t part) {
    const std::int64_t begin = part * kPart;
    const std::int64_t end = std::min(count, begin + kPart);
    if (begin >= first) return;
    Bits found = 0;
    for (std::int64_t i = begin; i < end; ++i)
      found = static_cast<Bits>(found | ((values[i] & exponent) == exponent ? 1 : 0));
    if (found == 0) return;
    std::int64_t at = begin;
    while ((values[at] & exponent) != exponent) ++at;
    for (std::int64_t known = first; at < known && !first.compare_exchange_weak(known, at);) {
    }
  };
  overParts(blockCount(count, kPart), work, runner);
  return first == count ? -1 : first.load();
}

}  // namespace

std::int64_t firstNotFinite(const at::Tensor& tensor, const bf_runner* runner) {
  if (!tensor.is_cpu()) {
    const at::Tensor bad = at::isfinite(tensor.reshape({-1})).logical_not().nonzero();
    return bad.numel() > 0 ? bad[0].item<std::int64_t>() : -1;
  }
  const at::Tensor values = tensor.contiguous();
  const void* data = values.const_data_ptr();
  switch (values.scalar_type()) {
    case at::kHalf:
      return firstWithAllBits<std::uint16_t>(data, values.numel(), 0x7c00, runner);
    case at::kBFloat16:
      return firstWithAllBits<std::uint16_t>(data, values.numel(), 0x7f80, runner);
    case at::kFloat:
      return firstWithAllBits<std::uint32_t>(data, values.numel(), 0x7f800000, runner);
    case at::kDouble:
      return firstWithAllBits<std::uint64_t>(data, values.numel(), 0x7ff0000000000000, runner);
    default:
      return -1;
  }
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
