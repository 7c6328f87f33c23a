// SPDX-License-Identifier: GPL-3.0-or-later
/// The nearest value of a code table, in shared memory: rule 4 of kernel_table.h.
///
/// A code of `kDepth` bits takes as many questions "y > threshold?", from its highest bit on. The
/// first two have thresholds in registers. Question l has 2^(l-1) thresholds, side by side for up
/// to 32 of them: in as many banks, so that a warp's look-ups never collide. Longer lists, and the
/// values, are kept once for each lane, in a bank of its own.
/// Cost: kDepth - 2 look-ups for a code and one for its value, without conflicts: 32 look-ups a
/// cycle and multiprocessor.
#pragma once

#include <limits>

#include "kernels/cuda/common.cuh"

namespace bitfrontier::cuda {

/// Code table and thresholds, padded to 256; a parameter of the kernels.
struct SearchTable {
  float values[256];
  float thresholds[256];
};

inline SearchTable searchTableOf(const bf_format& format) {
  SearchTable table{};
  for (int i = 0; i < 256; ++i) {
    table.values[i] = i < format.codebook_size ? format.codebook[i] : 0.0F;
    table.thresholds[i] = i + 1 < format.codebook_size
                              ? thresholdBetween(format.codebook[i], format.codebook[i + 1])
                              : std::numeric_limits<float>::infinity();
  }
  return table;
}

/// Bits of a search through `size` values: 3 to 8.
inline int searchDepth(int size) {
  int depth = 3;
  while ((1 << depth) < size) ++depth;
  return depth;
}

template <int kDepth>
struct Search {
  static constexpr int kCopies = 32;
  /// Whether a list of that many floats needs a copy for each lane.
  static constexpr __host__ __device__ bool copied(int size) { return size > kWarp; }
  static constexpr __host__ __device__ int room(int size) {
    return copied(size) ? size * kCopies : size;
  }
  /// Where the thresholds of a level (3..kDepth) begin; those of kDepth + 1 are the values.
  static constexpr __host__ __device__ int place(int level) {
    int result = 0;
    for (int l = 3; l < level; ++l) result += room(1 << (l - 1));
    return result;
  }
  static constexpr std::size_t kSharedBytes =
      static_cast<std::size_t>(place(kDepth + 1) + room(1 << kDepth)) * sizeof(float);

  const float* shared;
  int lane;
  float first, lower, upper;

  /// All threads of the block; waits for them.
  __device__ Search(const SearchTable& table, float* memory) : shared(memory), lane(laneOfWarp()) {
    first = table.thresholds[(1 << (kDepth - 1)) - 1];
    lower = table.thresholds[(1 << (kDepth - 2)) - 1];
    upper = table.thresholds[3 * (1 << (kDepth - 2)) - 1];
    for (int level = 3; level <= kDepth; ++level)
      fill(memory + place(level), table.thresholds, 1 << (level - 1), 1 << (kDepth - level + 1),
           (1 << (kDepth - level)) - 1);
    fill(memory + place(kDepth + 1), table.values, 1 << kDepth, 1, 0);
    __syncthreads();
  }

  __device__ int code(float y) const {
    const bool high = y > first;
    int code = high ? 2 : 0;
    code += y > (high ? upper : lower) ? 1 : 0;
#pragma unroll
    for (int level = 3; level <= kDepth; ++level)
      code = 2 * code + (y > at(place(level), 1 << (level - 1), code) ? 1 : 0);
    return code;
  }
  __device__ float value(int code) const { return at(place(kDepth + 1), 1 << kDepth, code); }

 private:
  __device__ float at(int begin, int size, int index) const {
    return shared[begin + (copied(size) ? index * kCopies + lane : index)];
  }
  /// memory[i] = from[i * step + offset] for `size` values, with their copies.
  __device__ static void fill(float* memory, const float* from, int size, int step, int offset) {
    const int copies = copied(size) ? kCopies : 1;
    for (int i = static_cast<int>(threadIdx.x); i < size * copies; i += kThreads)
      memory[i] = from[i / copies * step + offset];
  }
};

}  // namespace bitfrontier::cuda
