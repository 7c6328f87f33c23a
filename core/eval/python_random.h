// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace bitfrontier {

/// CPython's random.Random(seed): the Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998) with
/// its initialisation by an array, here of the one word that a small seed is. For results that must
/// equal a Python program's; everything else uses Rng.
class PythonRandom {
 public:
  explicit PythonRandom(std::uint32_t seed);

  /// getrandbits(32).
  std::uint32_t next();
  /// random(): uniform in [0, 1), a multiple of 2^-53.
  double random() {
    const std::uint32_t high = next() >> 5;
    const std::uint32_t low = next() >> 6;
    return (high * 67108864.0 + low) * (1.0 / 9007199254740992.0);
  }
  /// One index of choices() from n entries: floor(random() * n).
  std::size_t choice(double n) { return static_cast<std::size_t>(random() * n); }

 private:
  static constexpr std::size_t kSize = 624;
  void refill();

  std::array<std::uint32_t, kSize> state_{};
  std::size_t at_ = kSize;
};

}  // namespace bitfrontier
