// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/numeric/counter_rng.h"

#include <cmath>
#include <numbers>

namespace bitfrontier {

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> c,
                                        std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    if (round > 0) {
      key[0] += 0x9E3779B9U;
      key[1] += 0xBB67AE85U;
    }
    const std::uint64_t a = std::uint64_t{0xD2511F53U} * c[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57U} * c[2];
    c = {static_cast<std::uint32_t>(b >> 32) ^ c[1] ^ key[0], static_cast<std::uint32_t>(b),
         static_cast<std::uint32_t>(a >> 32) ^ c[3] ^ key[1], static_cast<std::uint32_t>(a)};
  }
  return c;
}

void CounterRng::refill() {
  block_ = philox4x32(
      {static_cast<std::uint32_t>(position_), static_cast<std::uint32_t>(position_ >> 32),
       static_cast<std::uint32_t>(stream_), static_cast<std::uint32_t>(stream_ >> 32)},
      {static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32)});
  ++position_;
  used_ = 0;
}

double CounterRng::uniform() {
  const std::uint64_t high = next32(), low = next32();
  return static_cast<double>(((high << 32) | low) >> 11) * 0x1.0p-53;
}

double CounterRng::normal() {
  if (hasSpare_) {
    hasSpare_ = false;
    return spare_;
  }
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));
  const double angle = 2 * std::numbers::pi * uniform();
  spare_ = radius * std::sin(angle);
  hasSpare_ = true;
  return radius * std::cos(angle);
}

std::uint32_t CounterRng::poisson1() {
  const double u = uniform();
  double term = std::exp(-1.0), sum = term;
  std::uint32_t k = 0;
  while (u >= sum && k < 30) {
    ++k;
    term /= k;
    sum += term;
  }
  return k;
}

}  // namespace bitfrontier
