// SPDX-License-Identifier: GPL-3.0-or-later
/// Vector building blocks, compiled once for each instruction set: table look-ups and 16-bit
/// formats. Include behind hwy/highway.h, in files that foreach_target.h includes again.
#if defined(BITFRONTIER_KERNELS_SIMD_VECTOR_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef BITFRONTIER_KERNELS_SIMD_VECTOR_INL
#undef BITFRONTIER_KERNELS_SIMD_VECTOR_INL
#else
#define BITFRONTIER_KERNELS_SIMD_VECTOR_INL
#endif

#include <hwy/highway.h>

#include "kernels/simd/ops.h"

#if HWY_TARGET != HWY_SCALAR

HWY_BEFORE_NAMESPACE();
namespace bitfrontier::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Df = hn::ScalableTag<float>;
using Du = hn::ScalableTag<std::uint32_t>;
using Di = hn::ScalableTag<std::int32_t>;
using D8 = hn::Rebind<std::uint8_t, Df>;
using D16 = hn::Rebind<std::uint16_t, Df>;
using Vf = hn::Vec<Df>;
using Vu = hn::Vec<Du>;
using Vi = hn::Vec<Di>;
using Mf = hn::Mask<Df>;

/// Lanes of a vector of fp32; the compiled targets all have a fixed number.
inline constexpr std::int64_t kLanes = HWY_LANES(float);
inline constexpr int kLaneBits = kLanes == 16 ? 4 : kLanes == 8 ? 3 : 2;
/// Index bits that one look-up in registers serves.
inline constexpr int kLookupBits = HWY_TARGET <= HWY_AVX3 ? 5 : kLaneBits;
/// Index bits from which on a load per lane is cheaper than look-ups in registers.
inline constexpr int kGatherBits = HWY_TARGET <= HWY_AVX3   ? 8
                                   : HWY_TARGET == HWY_AVX2 ? 6
                                                            : kLaneBits + 4;
/// Depth of a table from which on cells (kernels/simd/ops.h) are faster than questions.
inline constexpr int kCellDepth = HWY_TARGET <= HWY_AVX3 ? 8 : 5;

/// table[index % lanes]. One instruction each on AVX2 and AVX-512; Highway's own function would
/// want indices without higher bits.
HWY_INLINE Vf lookupLanes(Vf table, Vu index) {
#if HWY_TARGET <= HWY_AVX3
  return Vf{_mm512_permutexvar_ps(index.raw, table.raw)};
#elif HWY_TARGET == HWY_AVX2
  return Vf{_mm256_permutevar8x32_ps(table.raw, index.raw)};
#else
  const Du du;
  return hn::TableLookupLanes(
      table, hn::IndicesFromVec(Df(), hn::And(index, hn::Set(du, std::uint32_t{kLanes - 1}))));
#endif
}

#if HWY_TARGET <= HWY_AVX3
/// The 32 values of two vectors by 5 bits of the index (Highway 1.0 has no name for it).
HWY_INLINE Vf lookupPair(Vf low, Vf high, Vu index) {
  return Vf{_mm512_permutex2var_ps(low.raw, index.raw, high.raw)};
}
#endif

/// index |= bit where the mask is set.
HWY_INLINE Vu orWhere(Vu index, Mf mask, Vu bit) {
#if HWY_TARGET <= HWY_AVX3
  return Vu{_mm512_mask_or_epi32(index.raw, mask.raw, index.raw, bit.raw)};
#else
  return hn::Or(index, hn::And(hn::BitCast(Du(), hn::VecFromMask(Df(), mask)), bit));
#endif
}

/// index + extra where the highest bit of `bits` is set.
HWY_INLINE Vi addWhereNegative(Vi index, Vi bits, Vi extra) {
#if HWY_TARGET <= HWY_AVX3
  return Vi{_mm512_mask_add_epi32(index.raw, _mm512_movepi32_mask(bits.raw), index.raw, extra.raw)};
#else
  return hn::Add(index, hn::And(hn::BroadcastSignBit(bits), extra));
#endif
}

/// first = from[2 * index], second = from[2 * index + 1], with one access of 8 bytes for both.
HWY_INLINE void gatherPairs(const float* from, Vi index, Vf& first, Vf& second) {
#if HWY_TARGET <= HWY_AVX3
  const __m512 low =
      _mm512_castpd_ps(_mm512_i32gather_pd(_mm512_castsi512_si256(index.raw), from, 8));
  const __m512 high =
      _mm512_castpd_ps(_mm512_i32gather_pd(_mm512_extracti64x4_epi64(index.raw, 1), from, 8));
  const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  const __m512i odd = _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
  first = Vf{_mm512_permutex2var_ps(low, even, high)};
  second = Vf{_mm512_permutex2var_ps(low, odd, high)};
#elif HWY_TARGET == HWY_AVX2
  // Lanes 0 1 4 5 and 2 3 6 7, which the shuffles within halves bring into order.
  const __m256i turned = _mm256_permute4x64_epi64(index.raw, 0xd8);
  const auto* pairs = reinterpret_cast<const double*>(from);
  const __m256 low =
      _mm256_castpd_ps(_mm256_i32gather_pd(pairs, _mm256_castsi256_si128(turned), 8));
  const __m256 high =
      _mm256_castpd_ps(_mm256_i32gather_pd(pairs, _mm256_extracti128_si256(turned, 1), 8));
  first = Vf{_mm256_shuffle_ps(low, high, 0x88)};
  second = Vf{_mm256_shuffle_ps(low, high, 0xdd)};
#else
  const Vi twice = hn::Add(index, index);
  first = hn::GatherIndex(Df(), from, twice);
  second = hn::GatherIndex(Df(), from + 1, twice);
#endif
}

/// Bit `kBit` of each index as a mask.
template <int kBit>
HWY_INLINE Mf bitMask(Vu index) {
#if HWY_TARGET <= HWY_AVX3
  return Mf{_mm512_test_epi32_mask(index.raw, _mm512_set1_epi32(1 << kBit))};
#else
  // Blends look at the highest bit alone.
  return hn::MaskFromVec(hn::BitCast(Df(), hn::ShiftLeft<31 - kBit>(index)));
#endif
}

/// Vectors that hold 2^kBits floats.
template <int kBits>
inline constexpr int kVectorsFor = (1 << kBits) <= kLanes ? 1
                                                          : (1 << kBits) / static_cast<int>(kLanes);

/// A table of 2^kBits floats in vectors, which the compiler keeps in registers where they suffice;
/// or only its address, where a load per lane is cheaper.
template <int kBits>
struct Lookup {
  static constexpr bool kGathers = kBits >= kGatherBits;
  Vf part[kGathers ? 1 : kVectorsFor<kBits>];
  const float* table;

  HWY_INLINE explicit Lookup(const float* HWY_RESTRICT from) : table(from) {
    if constexpr (!kGathers)
      for (int i = 0; i < kVectorsFor<kBits>; ++i) part[i] = hn::Load(Df(), from + i * kLanes);
  }

  /// table[index]. Bits above kBits are ignored, in tables that are shorter than a vector if they
  /// are 0 or the table repeats itself.
  HWY_INLINE Vf operator()(Vu index) const { return at<kBits>(part, index); }

  /// As above, when the index bits from kLookupBits on are at hand as masks (and perhaps not in the
  /// index).
  HWY_INLINE Vf operator()(Vu index, const Mf* masks) const {
    if constexpr (kGathers) {
      return at<kBits>(part, index);
    } else {
      return atMasks<kBits>(part, index, masks);
    }
  }

 private:
  template <int kWidth>
  HWY_INLINE Vf at(const Vf* from, Vu index) const {
    if constexpr (kWidth <= kLaneBits) {
      return lookupLanes(from[0], index);
#if HWY_TARGET <= HWY_AVX3
    } else if constexpr (kWidth == kLookupBits) {
      return lookupPair(from[0], from[1], index);
#endif
    } else if constexpr (kGathers) {
      const Vu inside = hn::And(index, hn::Set(Du(), (1U << kBits) - 1U));
      return hn::GatherIndex(Df(), table, hn::BitCast(Di(), inside));
    } else {
      return hn::IfThenElse(bitMask<kWidth - 1>(index),
                            at<kWidth - 1>(from + kVectorsFor<kWidth - 1>, index),
                            at<kWidth - 1>(from, index));
    }
  }

  template <int kWidth>
  HWY_INLINE Vf atMasks(const Vf* from, Vu index, const Mf* masks) const {
    if constexpr (kWidth <= kLookupBits) {
      return at<kWidth>(from, index);
    } else {
      return hn::IfThenElse(masks[kWidth - 1],
                            atMasks<kWidth - 1>(from + kVectorsFor<kWidth - 1>, index, masks),
                            atMasks<kWidth - 1>(from, index, masks));
    }
  }
};

/// fp16 as 16 low bits of each lane, as floatToHalf of kernels/numerics.h (payloads of NaN aside).
HWY_INLINE Vu halfBits(Vf value) {
  const Df df;
  const Du du;
#if HWY_TARGET <= HWY_AVX2
  const hn::Rebind<hwy::float16_t, Df> dh;
  return hn::PromoteTo(du, hn::BitCast(D16(), hn::DemoteTo(dh, value)));
#else
  const Vu bits = hn::BitCast(du, value);
  const Vu sign = hn::And(bits, hn::Set(du, 0x80000000U));
  const Vu magnitude = hn::AndNot(hn::Set(du, 0x80000000U), bits);
  const Vu odd = hn::And(hn::ShiftRight<13>(magnitude), hn::Set(du, 1U));
  const Vu normal = hn::ShiftRight<13>(
      hn::Sub(hn::Add(magnitude, hn::Add(hn::Set(du, 0xfffU), odd)), hn::Set(du, 0x38000000U)));
  const Vu small = hn::Sub(hn::BitCast(du, hn::Add(hn::BitCast(df, magnitude), hn::Set(df, 0.5F))),
                           hn::BitCast(du, hn::Set(df, 0.5F)));
  const Di di;
  const Vi ordered = hn::BitCast(di, magnitude);
  const auto below = hn::Lt(ordered, hn::Set(di, 0x38800000));
  const auto above = hn::Gt(ordered, hn::Set(di, 0x477fefff));
  const auto nan = hn::Gt(ordered, hn::Set(di, 0x7f800000));
  Vi result = hn::IfThenElse(below, hn::BitCast(di, small), hn::BitCast(di, normal));
  result = hn::IfThenElse(above, hn::Set(di, 0x7c00), result);
  result = hn::IfThenElse(nan, hn::Set(di, 0x7e00), result);
  return hn::Or(hn::BitCast(du, result), hn::ShiftRight<16>(sign));
#endif
}

HWY_INLINE Vf floatOfHalfBits(Vu half) {
  const Df df;
  const Du du;
  const Vu magnitude = hn::ShiftLeft<13>(hn::And(half, hn::Set(du, 0x7fffU)));
  const Vu sign = hn::ShiftLeft<16>(hn::And(half, hn::Set(du, 0x8000U)));
  const Vf scaled = hn::Mul(hn::BitCast(df, magnitude), hn::Set(df, 0x1p112F));
  const Vu special = hn::Or(magnitude, hn::Set(du, 0x7f800000U));
  const Di di;
  const auto big =
      hn::RebindMask(df, hn::Gt(hn::BitCast(di, magnitude), hn::Set(di, (0x7c00 << 13) - 1)));
  return hn::BitCast(
      df, hn::Or(hn::BitCast(du, hn::IfThenElse(big, hn::BitCast(df, special), scaled)), sign));
}

/// bf16 as 16 low bits of each lane, as floatToBfloat.
HWY_INLINE Vu bfloatBits(Vf value) {
  const Du du;
  const Di di;
  const Vu bits = hn::BitCast(du, value);
  const Vu high = hn::ShiftRight<16>(bits);
  const Vu odd = hn::And(high, hn::Set(du, 1U));
  const Vu rounded = hn::ShiftRight<16>(hn::Add(bits, hn::Add(hn::Set(du, 0x7fffU), odd)));
  const auto nan =
      hn::Gt(hn::BitCast(di, hn::And(bits, hn::Set(du, 0x7fffffffU))), hn::Set(di, 0x7f800000));
  return hn::BitCast(du, hn::IfThenElse(nan, hn::BitCast(di, hn::Or(high, hn::Set(du, 0x40U))),
                                        hn::BitCast(di, rounded)));
}

template <bool kStream>
HWY_INLINE void put(Vf value, float* out) {
  if constexpr (kStream)
    hn::Stream(value, Df(), out);
  else
    hn::StoreU(value, Df(), out);
}

/// 16 low bits of each lane to memory.
HWY_INLINE void storeLow16(Vu bits, std::uint16_t* out) {
  const D16 d16;
  hn::StoreU(hn::DemoteTo(d16, hn::BitCast(Di(), bits)), d16, out);
}

HWY_INLINE Vu loadLow16(const std::uint16_t* in) {
  return hn::PromoteTo(Du(), hn::LoadU(D16(), in));
}

HWY_INLINE Vf floatOfHalf(const std::uint16_t* in) {
#if HWY_TARGET <= HWY_AVX2
  const hn::Rebind<hwy::float16_t, Df> dh;
  return hn::PromoteTo(Df(), hn::BitCast(dh, hn::LoadU(D16(), in)));
#else
  return floatOfHalfBits(loadLow16(in));
#endif
}

}  // namespace bitfrontier::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // HWY_TARGET != HWY_SCALAR
#endif  // include guard
