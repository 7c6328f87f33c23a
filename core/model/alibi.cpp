// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/alibi.h"

#include <ATen/ATen.h>

#include <bit>
#include <cmath>

namespace bitfrontier {

at::Tensor alibiSlopes(std::int64_t heads) {
  const auto whole = static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(heads)));
  const float base = std::exp2(-8.0F / static_cast<float>(whole));
  const float between = std::exp2(-4.0F / static_cast<float>(whole));
  at::Tensor slopes = at::empty({heads}, at::kFloat);
  float* values = slopes.mutable_data_ptr<float>();
  for (std::int64_t head = 0; head < heads; ++head) {
    values[head] = head < whole ? std::pow(base, static_cast<float>(head + 1))
                                : std::pow(between, static_cast<float>(2 * (head - whole) + 1));
  }
  return slopes;
}

void addAlibi(at::Tensor& q, at::Tensor& k, at::Tensor& v, const at::Tensor& slopes, double scale) {
  const std::int64_t batch = q.size(0);
  const std::int64_t heads = q.size(1);
  const std::int64_t time = q.size(2);
  const at::Tensor column = (slopes / scale).view({1, heads, 1, 1}).expand({batch, heads, time, 1});
  const at::Tensor index =
      at::arange(time, k.options()).view({1, 1, time, 1}).expand({batch, heads, time, 1});
  q = at::cat({q, column}, -1);
  k = at::cat({k, index}, -1);
  v = at::constant_pad_nd(v, {0, 1});
}

}  // namespace bitfrontier
