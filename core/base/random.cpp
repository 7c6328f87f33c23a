// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/random.h"

#include <bit>

#include "core/base/error.h"

namespace bitfrontier {

namespace {

std::uint64_t splitMix64(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15U);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

}  // namespace

Rng::Rng(std::uint64_t seed) {
  for (std::uint64_t& word : state_) word = splitMix64(seed);
}

std::uint64_t Rng::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

std::uint64_t Rng::below(std::uint64_t n) {
  if (n == 0) throw Error(ErrorKind::InvalidArgument, "cannot draw a random number below 0");
  // 2^64 mod n values at the bottom would make small results likelier: draw again for them.
  const std::uint64_t rejected = (0 - n) % n;
  std::uint64_t value = next();
  while (value < rejected) value = next();
  return value % n;
}

double Rng::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

Rng Rng::fork(std::uint64_t stream) {
  std::uint64_t mixed = stream;
  return Rng(next() ^ splitMix64(mixed));
}

}  // namespace bitfrontier
