// SPDX-License-Identifier: GPL-3.0-or-later
/// Products of a few input rows with one row of packed weights, compiled once for each instruction
/// set; for widths that divide a word of 32 bits.
///
/// Layout: a step is a vector of codes; the input has been brought into the order that their values
/// come in (`wordOrder`), lane by lane of the vectors of values.
/// - Words: the vector is one of words, 32 / bits codes each, taken out one after the other by
///   shifting it: code j of word i goes to lane i of vector j.
/// - Planes (4 bits, AVX2): the low halves of all bytes, then the high ones, are looked up in
/// planes
///   (kernels/simd/planes-inl.h): the low half of byte 16 L + 4 q + t goes to lane 4 L + t of
///   vector q, the high half to that of vector 4 + q.
/// Numerics: fp32; the sum of each block's part of a step is multiplied with its constant and
/// added, or where a step has several blocks each value with that of its lane. Operations for
/// `lanes` weights: one to three to get the value, one fused product per input row. Bytes: bits / 8
/// a weight; bound by memory from about two threads on.
#if defined(BITFRONTIER_KERNELS_SIMD_PRODUCT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef BITFRONTIER_KERNELS_SIMD_PRODUCT_INL
#undef BITFRONTIER_KERNELS_SIMD_PRODUCT_INL
#else
#define BITFRONTIER_KERNELS_SIMD_PRODUCT_INL
#endif

#include <hwy/cache_control.h>

#include "kernels/simd/planes-inl.h"
#include "kernels/simd/vector-inl.h"

#if HWY_TARGET != HWY_SCALAR

HWY_BEFORE_NAMESPACE();
namespace bitfrontier::simd::HWY_NAMESPACE {

template <int kBits>
inline constexpr std::int64_t kStep = kLanes*(32 / kBits);

/// Whether nibbles are looked up in planes.
template <int kBits>
inline constexpr bool kNibblePlanes = HWY_TARGET == HWY_AVX2&& kBits == 4;

template <int kBits>
std::int64_t wordOrder(std::int64_t position) {
  const std::int64_t vector = position / kLanes;
  const std::int64_t lane = position % kLanes;
  if (kNibblePlanes<kBits>) return 2 * (16 * (lane / 4) + 4 * (vector % 4) + lane % 4) + vector / 4;
  return lane * (32 / kBits) + vector;
}

/// Keeps a vector in a register: GCC would load it again for every shift.
HWY_INLINE void keep(Vu& value) {
#if HWY_COMPILER_GCC_ACTUAL
  asm("" : "+v"(value.raw));
#endif
}

/// The values of a step's codes, one vector after the other.
template <int kBits>
struct WordValues {
  const Lookup<kBits> lookup;

  HWY_INLINE explicit WordValues(const Table& table) : lookup(table.packed) {}
  template <typename Use>
  HWY_INLINE void operator()(const std::uint8_t* codes, Use& use) const {
    Vu words = hn::BitCast(Du(), hn::LoadU(hn::ScalableTag<std::uint8_t>(), codes));
    keep(words);
    for (int j = 0; j < 32 / kBits; ++j) use(j, lookup(hn::ShiftRightSame(words, j * kBits)));
  }
};

#if HWY_TARGET == HWY_AVX2
template <>
struct WordValues<4> {
  ByteTables<4> tables;

  HWY_INLINE explicit WordValues(const Table& table) : tables(table) {}
  template <typename Use>
  HWY_INLINE void operator()(const std::uint8_t* codes, Use& use) const {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes));
    const __m256i low = _mm256_set1_epi8(0x0f);
    Vf values[4];
    tables(_mm256_and_si256(bytes, low), values);
    for (int q = 0; q < 4; ++q) use(q, values[q]);
    tables(_mm256_and_si256(_mm256_srli_epi16(bytes, 4), low), values);
    for (int q = 0; q < 4; ++q) use(4 + q, values[q]);
  }
};
#endif

/// The products of a step; even and odd vectors have sums of their own.
template <int kBatch, bool kScaleEach>
struct StepSums {
  const float* x;
  std::int64_t count;
  Vf constants;                 ///< kScaleEach: of the step, from lane 0 on
  const std::uint32_t* owners;  ///< kScaleEach: of all positions
  Vf sums[2][kBatch];

  HWY_INLINE void operator()(int vector, Vf values) {
    const Df df;
    if constexpr (kScaleEach)
      values = hn::Mul(values, lookupLanes(constants, hn::LoadU(Du(), owners + vector * kLanes)));
    for (int b = 0; b < kBatch; ++b)
      sums[vector % 2][b] =
          hn::MulAdd(values, hn::LoadU(df, x + b * count + vector * kLanes), sums[vector % 2][b]);
  }
};

template <int kBits, int kBatch, bool kBlocksInStep>
HWY_INLINE void wordProductOf(const Table& table, const std::uint8_t* HWY_RESTRICT codes,
                              const float* HWY_RESTRICT x, std::int64_t count,
                              const float* HWY_RESTRICT constants, std::int64_t blockSize,
                              const std::uint32_t* owners, float* HWY_RESTRICT sums) {
  const Df df;
  constexpr std::int64_t kWeights = kStep<kBits>;
  constexpr bool kScaleEach = kBlocksInStep && kNibblePlanes<kBits>;
  [[maybe_unused]] const std::int64_t blocksPerStep = kWeights / blockSize;
  const WordValues<kBits> values(table);
  const Vu laneOwners = hn::LoadU(Du(), owners);
  Vf total[kBatch];
  for (Vf& sum : total) sum = hn::Zero(df);
  const std::int64_t unit = kBlocksInStep ? kWeights : blockSize;  // weights of a scale
  for (std::int64_t i = 0; i < count;) {
    Vf scale;
    if constexpr (!kBlocksInStep)
      scale = hn::Set(df, *constants++);
    else if constexpr (!kScaleEach)
      scale = lookupLanes(hn::LoadU(df, constants), laneOwners);
    for (const std::int64_t end = i + unit; i < end; i += kWeights, codes += 4 * kLanes) {
      hwy::Prefetch(codes + 2048);
      StepSums<kBatch, kScaleEach> step;
      step.x = x + i;
      step.count = count;
      step.owners = owners;
      if constexpr (kScaleEach) step.constants = hn::LoadU(df, constants);
      for (int b = 0; b < kBatch; ++b) step.sums[0][b] = step.sums[1][b] = hn::Zero(df);
      values(codes, step);
      for (int b = 0; b < kBatch; ++b) {
        const Vf sum = hn::Add(step.sums[0][b], step.sums[1][b]);
        total[b] = kScaleEach ? hn::Add(total[b], sum) : hn::MulAdd(sum, scale, total[b]);
      }
    }
    if constexpr (kBlocksInStep) constants += blocksPerStep;
  }
  for (int b = 0; b < kBatch; ++b) sums[b] = hn::GetLane(hn::SumOfLanes(df, total[b]));
}

/// sums[b] = sum_i x[b][i] w[i] over `count` weights, a multiple of the step. `constants` are those
/// of the row, readable for a vector beyond its last; a block is whole steps, or a step whole
/// blocks of whole words, of which position p takes number owners[p].
template <int kBits, int kBatch>
void wordProduct(const Table& table, const std::uint8_t* codes, const float* x, std::int64_t count,
                 const float* constants, std::int64_t blockSize, const std::uint32_t* owners,
                 float* sums) {
  if (blockSize < kStep<kBits>)
    wordProductOf<kBits, kBatch, true>(table, codes, x, count, constants, blockSize, owners, sums);
  else
    wordProductOf<kBits, kBatch, false>(table, codes, x, count, constants, blockSize, owners, sums);
}

}  // namespace bitfrontier::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // HWY_TARGET != HWY_SCALAR
#endif  // include guard
