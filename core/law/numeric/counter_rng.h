// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace bitfrontier {

/// Ten rounds of Philox 4x32 (J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
/// 2011): 128 random bits as a function of a counter and a key.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key);

/// Random numbers of one replicate: a function of (seed, stream, position) alone, so that results
/// do not depend on which thread computes which replicate.
class CounterRng {
 public:
  CounterRng(std::uint64_t seed, std::uint64_t stream) : seed_(seed), stream_(stream) {}

  std::uint32_t next32() {
    if (used_ == 4) refill();
    return block_[used_++];
  }
  /// Uniform in [0, 1), a multiple of 2^-53.
  double uniform();
  /// Uniform in 0..n-1 (multiplication, bias below n / 2^32).
  std::uint32_t below(std::uint32_t n) {
    return static_cast<std::uint32_t>((std::uint64_t{next32()} * n) >> 32);
  }
  /// Standard normal (Box and Muller).
  double normal();
  /// Poisson of mean 1 by inversion.
  std::uint32_t poisson1();

 private:
  void refill();

  std::uint64_t seed_, stream_, position_ = 0;
  std::array<std::uint32_t, 4> block_{};
  std::size_t used_ = 4;
  double spare_ = 0;
  bool hasSpare_ = false;
};

}  // namespace bitfrontier
