// SPDX-License-Identifier: GPL-3.0-or-later
/// Quantizing, compiled once for each instruction set.
///
/// Layout: fp32 values of `blocks` blocks of `size` values, one after the other; unaligned.
/// Lanes: one value each; the last size % lanes values of a block are done one by one.
/// Numerics: rules 1-5 of kernel_table.h; no fused products.
/// Operations per vector: load, multiply, `depth` times (look up, compare, or), look up, multiply,
/// store. Bound by these, not by memory, from 4 bits on.
#if defined(BITFRONTIER_KERNELS_SIMD_ENCODE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef BITFRONTIER_KERNELS_SIMD_ENCODE_INL
#undef BITFRONTIER_KERNELS_SIMD_ENCODE_INL
#else
#define BITFRONTIER_KERNELS_SIMD_ENCODE_INL
#endif

#include <cmath>
#include <limits>

#include "kernels/numerics.h"
#include "kernels/simd/vector-inl.h"

#if HWY_TARGET != HWY_SCALAR

HWY_BEFORE_NAMESPACE();
namespace bitfrontier::simd::HWY_NAMESPACE {

/// Questions `level` and following; afterwards `index` has the answers in bits and `masks` has
/// them.
template <int kDepth, int kLevel = 0>
HWY_INLINE void ask(const Table& table, Vf y, Vu& index, Mf* masks) {
  if constexpr (kLevel < kDepth) {
    const Vf threshold = kLevel == 0 ? hn::Set(Df(), table.levels[0][0])
                                     : lookupMasks<kLevel>(table.levels[kLevel], index, masks);
    masks[kLevel] = hn::Gt(y, threshold);
    // Bits that only masks are asked for need not be collected.
    if constexpr (kLevel < kLookupBits || kDepth >= kGatherBits) {
      const Vu bit = hn::Set(Du(), 1U << kLevel);
      if constexpr (kLevel == 0) {
        index = hn::BitCast(Du(), hn::IfThenElseZero(masks[0], hn::BitCast(Df(), bit)));
      } else {
        index = orWhere(index, masks[kLevel], bit);
      }
    }
    ask<kDepth, kLevel + 1>(table, y, index, masks);
  }
}

/// Looks up `results` by the code of y.
template <int kDepth>
HWY_INLINE Vf searchIn(const Table& table, const float* results, Vf y) {
  Vu index;
  Mf masks[8];
  ask<kDepth>(table, y, index, masks);
  return lookupMasks<kDepth>(results, index, masks);
}

template <int kDepth>
int searchOne(const Table& table, float y) {
  int code = 0;
  for (int half = 1 << (kDepth - 1); half > 0; half /= 2)
    code += static_cast<int>(y > table.thresholds[code + half - 1]) * half;
  return code;
}

template <int kDepth>
void encode(const Table& table, const float* HWY_RESTRICT x, const Blocks& blocks,
            std::uint8_t* HWY_RESTRICT codes) {
  const Df df;
  const std::int64_t size = blocks.size;
  for (std::int64_t b = 0; b < blocks.count; ++b, x += size, codes += size) {
    const Vf inverse = hn::Set(df, blocks.inverse[b]);
    std::int64_t i = 0;
    for (; i + kLanes <= size; i += kLanes) {
      const Vf y = hn::Mul(hn::LoadU(df, x + i), inverse);
      const Vu code = hn::BitCast(Du(), searchIn<kDepth>(table, table.codes, y));
      hn::StoreU(hn::U8FromU32(code), D8(), codes + i);
    }
    for (; i < size; ++i)
      codes[i] = static_cast<std::uint8_t>(searchOne<kDepth>(table, x[i] * blocks.inverse[b]));
  }
}

template <int kDepth, bool kCentered>
HWY_INLINE void roundTripBlocks(const Table& table, const float* x, const Blocks& blocks,
                                float* out) {
  const Df df;
  const std::int64_t size = blocks.size;
  for (std::int64_t b = 0; b < blocks.count; ++b, x += size, out += size) {
    const Vf inverse = hn::Set(df, blocks.inverse[b]);
    const Vf constant = hn::Set(df, blocks.constant[b]);
    const float mean = kCentered ? blocks.mean[b] : 0.0F;
    std::int64_t i = 0;
    for (; i + kLanes <= size; i += kLanes) {
      const Vf y = hn::Mul(hn::LoadU(df, x + i), inverse);
      Vf value = hn::Mul(searchIn<kDepth>(table, table.reversed, y), constant);
      if constexpr (kCentered) value = hn::Add(value, hn::Set(df, mean));
      hn::StoreU(value, df, out + i);
    }
    for (; i < size; ++i) {
      const float value =
          table.values[searchOne<kDepth>(table, x[i] * blocks.inverse[b])] * blocks.constant[b];
      out[i] = kCentered ? value + mean : value;
    }
  }
}

template <int kDepth>
void roundTrip(const Table& table, const float* x, const Blocks& blocks, float* out) {
  if (blocks.mean != nullptr) return roundTripBlocks<kDepth, true>(table, x, blocks, out);
  roundTripBlocks<kDepth, false>(table, x, blocks, out);
}

inline void largest(const float* HWY_RESTRICT x, std::int64_t blocks, std::int64_t size,
                    std::int32_t* HWY_RESTRICT absmax, std::int32_t* HWY_RESTRICT positive) {
  const Di di;
  const Vi magnitude = hn::Set(di, 0x7fffffff);
  for (std::int64_t b = 0; b < blocks; ++b, x += size) {
    const auto* bits = reinterpret_cast<const std::int32_t*>(x);
    Vi most = hn::Zero(di);
    Vi most2 = hn::Zero(di);
    std::int64_t i = 0;
    for (; i + 2 * kLanes <= size; i += 2 * kLanes) {
      most = hn::Max(most, hn::And(hn::LoadU(di, bits + i), magnitude));
      most2 = hn::Max(most2, hn::And(hn::LoadU(di, bits + i + kLanes), magnitude));
    }
    for (; i + kLanes <= size; i += kLanes)
      most = hn::Max(most, hn::And(hn::LoadU(di, bits + i), magnitude));
    std::int32_t found = hn::GetLane(hn::MaxOfLanes(di, hn::Max(most, most2)));
    for (; i < size; ++i) {
      const auto one = static_cast<std::int32_t>(floatBits(x[i]) & 0x7fffffffU);
      found = found < one ? one : found;
    }
    absmax[b] = found;
  }
  if (positive == nullptr) return;
  x -= blocks * size;
  for (std::int64_t b = 0; b < blocks; ++b, x += size) {
    const auto* bits = reinterpret_cast<const std::int32_t*>(x);
    Vi most = hn::Zero(di);
    std::int64_t i = 0;
    for (; i + kLanes <= size; i += kLanes) most = hn::Max(most, hn::LoadU(di, bits + i));
    std::int32_t found = hn::GetLane(hn::MaxOfLanes(di, most));
    for (; i < size; ++i) {
      const auto one = static_cast<std::int32_t>(floatBits(x[i]));
      found = found < one ? one : found;
    }
    positive[b] = found;
  }
}

inline void center(float* HWY_RESTRICT x, std::int64_t blocks, std::int64_t size,
                   const float* HWY_RESTRICT mean) {
  const Df df;
  constexpr float kMost = std::numeric_limits<float>::max();
  const Vf high = hn::Set(df, kMost);
  const Vf low = hn::Set(df, -kMost);
  for (std::int64_t b = 0; b < blocks; ++b, x += size) {
    const Vf m = hn::Set(df, mean[b]);
    std::int64_t i = 0;
    for (; i + kLanes <= size; i += kLanes)
      hn::StoreU(hn::Min(hn::Max(hn::Sub(hn::LoadU(df, x + i), m), low), high), df, x + i);
    for (; i < size; ++i) x[i] = subtractMean(x[i], mean[b]);
  }
}

/// The 16 bits of a type, as a vector: what makeConstant does for magnitudes.
template <typename ToBits, typename ToFloat>
HWY_INLINE std::int64_t constants16(const std::int32_t* HWY_RESTRICT absmax, std::int64_t count,
                                    float most, std::uint32_t* HWY_RESTRICT bits,
                                    float* HWY_RESTRICT constant, float* HWY_RESTRICT inverse,
                                    const ToBits& toBits, const ToFloat& toFloat) {
  const Df df;
  const Du du;
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    const Vf t = hn::BitCast(df, hn::LoadU(Di(), absmax + i));
    const Vu stored = toBits(hn::Min(t, hn::Set(df, most)));
    const Vf value = toFloat(stored);
    const Vf one = hn::Div(hn::Set(df, 1.0F), value);
    const Mf usable = hn::Lt(one, hn::Set(df, std::numeric_limits<float>::infinity()));
    hn::StoreU(hn::BitCast(du, hn::IfThenElseZero(usable, hn::BitCast(df, stored))), du, bits + i);
    hn::StoreU(hn::IfThenElseZero(usable, value), df, constant + i);
    hn::StoreU(hn::IfThenElseZero(usable, one), df, inverse + i);
  }
  return i;
}

inline void constants(const std::int32_t* absmax, std::int64_t count, std::int32_t type,
                      std::uint32_t* bits, float* constant, float* inverse) {
  std::int64_t i = 0;
  // Functors of this instruction set: lambdas would need its attributes.
  struct ToHalf {
    HWY_INLINE Vu operator()(Vf v) const { return halfBits(v); }
  };
  struct OfHalf {
    HWY_INLINE Vf operator()(Vu v) const { return floatOfHalfBits(v); }
  };
  struct ToBfloat {
    HWY_INLINE Vu operator()(Vf v) const { return bfloatBits(v); }
  };
  struct OfBfloat {
    HWY_INLINE Vf operator()(Vu v) const { return hn::BitCast(Df(), hn::ShiftLeft<16>(v)); }
  };
  struct Same {
    HWY_INLINE Vu operator()(Vf v) const { return hn::BitCast(Du(), v); }
    HWY_INLINE Vf operator()(Vu v) const { return hn::BitCast(Df(), v); }
  };
  if (type == BF_FP16)
    i = constants16(absmax, count, 65504.0F, bits, constant, inverse, ToHalf(), OfHalf());
  else if (type == BF_BF16)
    i = constants16(absmax, count, floatFromBits(0x7f7f0000U), bits, constant, inverse, ToBfloat(),
                    OfBfloat());
  else
    i = constants16(absmax, count, std::numeric_limits<float>::max(), bits, constant, inverse,
                    Same(), Same());
  for (; i < count; ++i) {
    const StoredConstant stored =
        makeConstant(floatFromBits(static_cast<std::uint32_t>(absmax[i])), type, 1.0F, 1.0F);
    bits[i] = stored.bits;
    constant[i] = stored.value;
    inverse[i] = inverseConstant(stored.value);
  }
}

}  // namespace bitfrontier::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // HWY_TARGET != HWY_SCALAR
#endif  // include guard
