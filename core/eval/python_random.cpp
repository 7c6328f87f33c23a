// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/python_random.h"

namespace bitfrontier {

PythonRandom::PythonRandom(std::uint32_t seed) {
  state_[0] = 19650218u;
  for (std::uint32_t i = 1; i < kSize; ++i) {
    state_[i] = 1812433253u * (state_[i - 1] ^ (state_[i - 1] >> 30)) + i;
  }
  std::uint32_t i = 1;
  const auto step = [&] {
    if (++i < kSize) return;
    state_[0] = state_[kSize - 1];
    i = 1;
  };
  for (std::size_t k = 0; k < kSize; ++k) {
    state_[i] = (state_[i] ^ ((state_[i - 1] ^ (state_[i - 1] >> 30)) * 1664525u)) + seed;
    step();
  }
  for (std::size_t k = 1; k < kSize; ++k) {
    state_[i] = (state_[i] ^ ((state_[i - 1] ^ (state_[i - 1] >> 30)) * 1566083941u)) - i;
    step();
  }
  state_[0] = 0x80000000u;
}

void PythonRandom::refill() {
  const auto mix = [](std::uint32_t high, std::uint32_t low) {
    const std::uint32_t y = (high & 0x80000000u) | (low & 0x7fffffffu);
    return (y >> 1) ^ ((0u - (y & 1u)) & 0x9908b0dfu);
  };
  std::size_t i = 0;
  for (; i < kSize - 397; ++i) state_[i] = state_[i + 397] ^ mix(state_[i], state_[i + 1]);
  for (; i < kSize - 1; ++i) state_[i] = state_[i + 397 - kSize] ^ mix(state_[i], state_[i + 1]);
  state_[kSize - 1] = state_[396] ^ mix(state_[kSize - 1], state_[0]);
  at_ = 0;
}

std::uint32_t PythonRandom::next() {
  if (at_ == kSize) refill();
  std::uint32_t y = state_[at_++];
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680u;
  y ^= (y << 15) & 0xefc60000u;
  return y ^ (y >> 18);
}

}  // namespace bitfrontier
