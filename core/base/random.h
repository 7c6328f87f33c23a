// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace bitfrontier {

/// Random numbers that are the same on every platform and standard library: xoshiro256** 1.0
/// (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021), its state filled
/// from the seed by SplitMix64. Not for cryptography.
class Rng {
 public:
  using State = std::array<std::uint64_t, 4>;

  explicit Rng(std::uint64_t seed);

  /// 64 random bits.
  std::uint64_t next();
  /// Uniform in 0..n-1 without bias (rejection). Throws InvalidArgument for n == 0.
  std::uint64_t below(std::uint64_t n);
  /// Uniform in [0, 1), a multiple of 2^-53.
  double uniform();
  /// Fisher-Yates, from the back.
  template <typename T>
  void shuffle(std::span<T> items) {
    for (std::size_t i = items.size(); i > 1; --i) {
      using std::swap;
      swap(items[i - 1], items[static_cast<std::size_t>(below(i))]);
    }
  }
  template <typename Container>
  void shuffle(Container& items) {
    shuffle(std::span(items.data(), items.size()));
  }
  /// A generator for an independent purpose: seeded from this one's output and `stream`.
  Rng fork(std::uint64_t stream);

  /// For saving and resuming.
  const State& state() const { return state_; }
  void setState(const State& state) { state_ = state; }

 private:
  State state_{};
};

}  // namespace bitfrontier
