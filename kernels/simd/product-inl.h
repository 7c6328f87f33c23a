// SPDX-License-Identifier: GPL-3.0-or-later
/// Products of a few input rows with one row of packed weights, compiled once for each instruction
/// set; for widths that divide a word of 32 bits.
///
/// Layout: a step is a vector of words, 32 / bits codes each, taken out one after the other by
/// shifting the whole vector: code j of lane i is weight i * codes + j of the step. The input has
/// been brought into the order j * lanes + i (`arrangeInput`).
/// Numerics: fp32; each step's sum is multiplied with the constants of its lanes and added.
/// Operations for `lanes` weights: shift, look-up, one fused product per input row. Bytes: bits / 8
/// a weight; bound by memory from about two threads on.
#if defined(BITFRONTIER_KERNELS_SIMD_PRODUCT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef BITFRONTIER_KERNELS_SIMD_PRODUCT_INL
#undef BITFRONTIER_KERNELS_SIMD_PRODUCT_INL
#else
#define BITFRONTIER_KERNELS_SIMD_PRODUCT_INL
#endif

#include <hwy/cache_control.h>

#include "kernels/simd/vector-inl.h"

#if HWY_TARGET != HWY_SCALAR

HWY_BEFORE_NAMESPACE();
namespace bitfrontier::simd::HWY_NAMESPACE {

template <int kBits>
inline constexpr std::int64_t kStep = kLanes*(32 / kBits);

template <int kBits>
void arrangeInput(const float* HWY_RESTRICT x, std::int64_t count, float* HWY_RESTRICT arranged) {
  constexpr std::int64_t kCodes = 32 / kBits;
  for (std::int64_t begin = 0; begin < count; begin += kStep<kBits>)
    for (std::int64_t j = 0; j < kCodes; ++j)
      for (std::int64_t i = 0; i < kLanes; ++i)
        arranged[begin + j * kLanes + i] = x[begin + i * kCodes + j];
}

/// Keeps a vector in a register: GCC would load it again for every shift.
HWY_INLINE void keep(Vu& value) {
#if HWY_COMPILER_GCC_ACTUAL
  asm("" : "+v"(value.raw));
#endif
}

/// sums[b] = sum_i x[b][i] w[i] over `count` weights, a multiple of the step. `constants` are those
/// of the row, readable for a vector beyond its last; a block is whole steps, or a step whole
/// blocks of whole words, of which lane i takes number owners[i].
template <int kBits, int kBatch>
void wordProduct(const Table& table, const std::uint8_t* HWY_RESTRICT codes,
                 const float* HWY_RESTRICT x, std::int64_t count,
                 const float* HWY_RESTRICT constants, std::int64_t blockSize,
                 const std::uint32_t* owner, float* HWY_RESTRICT sums) {
  const Df df;
  const Du du;
  constexpr int kCodes = 32 / kBits;
  constexpr std::int64_t kWeights = kStep<kBits>;
  const Lookup<kBits> lookup(table.packed);
  const Vu owners = hn::LoadU(du, owner);
  const std::int64_t blocksPerStep = blockSize < kWeights ? kWeights / blockSize : 0;
  Vf total[kBatch];
  for (Vf& sum : total) sum = hn::Zero(df);
  const float* step = constants;
  for (std::int64_t i = 0; i < count; i += kWeights, codes += 4 * kLanes) {
    hwy::Prefetch(codes + 1024);
    Vu words = hn::BitCast(du, hn::LoadU(hn::ScalableTag<std::uint8_t>(), codes));
    keep(words);
    Vf even[kBatch];
    Vf odd[kBatch];
    for (int b = 0; b < kBatch; ++b) even[b] = odd[b] = hn::Zero(df);
    for (int j = 0; j < kCodes; j += 2) {
      const Vf first = lookup(hn::ShiftRightSame(words, j * kBits));
      const Vf second = lookup(hn::ShiftRightSame(words, (j + 1) * kBits));
      for (int b = 0; b < kBatch; ++b) {
        const float* at = x + b * count + i + j * kLanes;
        even[b] = hn::MulAdd(first, hn::LoadU(df, at), even[b]);
        odd[b] = hn::MulAdd(second, hn::LoadU(df, at + kLanes), odd[b]);
      }
    }
    Vf scale;
    if (blocksPerStep > 0) {
      scale = lookupLanes(hn::LoadU(df, step), owners);
      step += blocksPerStep;
    } else {
      scale = hn::Set(df, constants[i / blockSize]);
    }
    for (int b = 0; b < kBatch; ++b)
      total[b] = hn::MulAdd(hn::Add(even[b], odd[b]), scale, total[b]);
  }
  for (int b = 0; b < kBatch; ++b) sums[b] = hn::GetLane(hn::SumOfLanes(df, total[b]));
}

}  // namespace bitfrontier::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // HWY_TARGET != HWY_SCALAR
#endif  // include guard
