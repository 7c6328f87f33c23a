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

#include <hwy/cache_control.h>

#include "kernels/numerics.h"
#include "kernels/simd/vector-inl.h"

#if HWY_TARGET != HWY_SCALAR

HWY_BEFORE_NAMESPACE();
namespace bitfrontier::simd::HWY_NAMESPACE {

/// Thresholds of question kLevel - 1 and of those before it.
template <int kLevel>
struct Questions : Questions<kLevel - 1> {
  Lookup<kLevel - 1> thresholds;
  Vu bit;

  HWY_INLINE explicit Questions(const Table& table)
      : Questions<kLevel - 1>(table),
        thresholds(table.levels[kLevel - 1]),
        bit(hn::Set(Du(), 1U << (kLevel - 1))) {}

  /// Afterwards `index` has the answers in its bits, as far as kDepth questions need them there,
  /// and `masks` has them.
  template <int kDepth>
  HWY_INLINE void ask(Vf y, Vu& index, Mf* masks) const {
    Questions<kLevel - 1>::template ask<kDepth>(y, index, masks);
    constexpr int kThis = kLevel - 1;
    masks[kThis] = hn::Gt(y, thresholds(index, masks));
    // Bits that only masks are asked for need not be collected.
    if constexpr (kThis < kLookupBits || kDepth >= kGatherBits)
      index = orWhere(index, masks[kThis], bit);
  }
};

template <>
struct Questions<1> {
  Vf threshold;
  Vf bit;

  HWY_INLINE explicit Questions(const Table& table)
      : threshold(hn::Set(Df(), table.levels[0][0])), bit(hn::BitCast(Df(), hn::Set(Du(), 1U))) {}
  template <int kDepth>
  HWY_INLINE void ask(Vf y, Vu& index, Mf* masks) const {
    masks[0] = hn::Gt(y, threshold);
    index = hn::BitCast(Du(), hn::IfThenElseZero(masks[0], bit));
  }
};

/// Dequantized codebook values of y.
template <int kDepth>
struct ValueSearch {
  Questions<kDepth> questions;
  Lookup<kDepth> values;

  HWY_INLINE explicit ValueSearch(const Table& table) : questions(table), values(table.reversed) {}
  HWY_INLINE Vf operator()(Vf y) const {
    Vu index;
    Mf masks[8];
    questions.template ask<kDepth>(y, index, masks);
    return values(index, masks);
  }
};

/// Codes of y. The answers that are in the index are turned round by a look-up, the others put in
/// place one by one.
template <int kDepth>
struct CodeSearch {
  static constexpr bool kAll = kDepth <= kLookupBits || kDepth >= kGatherBits;
  static constexpr int kTurned = kAll ? kDepth : kLookupBits;
  Questions<kDepth> questions;
  Lookup<kTurned> codes;

  HWY_INLINE explicit CodeSearch(const Table& table) : questions(table), codes(table.codes) {}
  HWY_INLINE Vu operator()(Vf y) const {
    Vu index;
    Mf masks[8];
    questions.template ask<kDepth>(y, index, masks);
    Vu code = hn::BitCast(Du(), codes(index, masks));
    for (int level = kTurned; level < kDepth; ++level)
      code = orWhere(code, masks[level], hn::Set(Du(), 1U << (kDepth - 1 - level)));
    return code;
  }
};

/// Codes of y through cells.
struct CellSearch {
  const std::int32_t* entries;
  Vi base, last, count, rest;
  int shift;

  HWY_INLINE explicit CellSearch(const Table& table)
      : entries(table.cells.entries.data()),
        base(hn::Set(Di(), table.cells.base)),
        last(hn::Set(Di(), table.cells.count - 1)),
        count(hn::Set(Di(), table.cells.count)),
        rest(hn::Set(Di(), (1 << table.cells.shift) - 1)),
        shift(table.cells.shift) {}
  HWY_INLINE Vi operator()(Vf y) const {
    const Di di;
    const Vi bits = hn::BitCast(di, y);
    const Vi magnitude = hn::And(bits, hn::Set(di, 0x7fffffff));
    const Vi negative = hn::BroadcastSignBit(bits);
    const Vi cell =
        hn::Min(hn::Max(hn::Sub(hn::ShiftRightSame(magnitude, shift), base), hn::Zero(di)), last);
    const Vi entry = hn::GatherIndex(di, entries, hn::Add(cell, hn::And(negative, count)));
    const Vi above =
        hn::VecFromMask(di, hn::Gt(hn::And(magnitude, rest), hn::ShiftRight<8>(entry)));
    return hn::Sub(hn::And(entry, hn::Set(di, 255)), hn::Xor(above, negative));
  }
};

template <int kDepth>
int searchOne(const Table& table, float y) {
  int code = 0;
  for (int half = 1 << (kDepth - 1); half > 0; half /= 2)
    code += static_cast<int>(y > table.thresholds[code + half - 1]) * half;
  return code;
}

template <int kDepth, typename Search>
HWY_INLINE void encodeBlocks(const Table& table, const Search& search, const float* HWY_RESTRICT x,
                             const Blocks& blocks, std::uint8_t* HWY_RESTRICT codes) {
  const Df df;
  const std::int64_t size = blocks.size;
  for (std::int64_t b = 0; b < blocks.count; ++b, x += size, codes += size) {
    const Vf inverse = hn::Set(df, blocks.inverse[b]);
    std::int64_t i = 0;
    for (; i + kLanes <= size; i += kLanes) {
      const auto code = search(hn::Mul(hn::LoadU(df, x + i), inverse));
      hn::StoreU(hn::U8FromU32(hn::BitCast(Du(), code)), D8(), codes + i);
    }
    for (; i < size; ++i)
      codes[i] = static_cast<std::uint8_t>(searchOne<kDepth>(table, x[i] * blocks.inverse[b]));
  }
}

template <int kDepth>
void encode(const Table& table, const float* x, const Blocks& blocks, std::uint8_t* codes) {
  if constexpr (kDepth >= kCellDepth)
    if (!table.cells.entries.empty())
      return encodeBlocks<kDepth>(table, CellSearch(table), x, blocks, codes);
  encodeBlocks<kDepth>(table, CodeSearch<kDepth>(table), x, blocks, codes);
}

/// Codebook values through cells: the pair of each lane's cell, then the nearer of the two. The
/// comparison is that with the threshold, which is their middle (kernels/numerics.h), made with
/// magnitudes so that a tie goes to the value nearer to zero on either side.
struct CellValues {
  const float* pairs;
  Vi least, most, count;
  int shift;

  HWY_INLINE explicit CellValues(const Table& table)
      : pairs(table.cells.pairs.data() - 2 * std::int64_t{table.cells.base}),
        least(hn::Set(Di(), table.cells.base << table.cells.shift)),
        most(hn::Set(Di(), (table.cells.base + table.cells.count - 1) << table.cells.shift)),
        count(hn::Set(Di(), table.cells.count)),
        shift(table.cells.shift) {}
  HWY_INLINE Vf operator()(Vf y) const {
    const Df df;
    const Di di;
    const Vi bits = hn::BitCast(di, y);
    const Vi positive = hn::Set(di, 0x7fffffff);
    const Vi magnitude = hn::And(bits, positive);
    const Vi cell = hn::ShiftRightSame(hn::Min(hn::Max(magnitude, least), most), shift);
    Vf near;
    Vf far;
    gatherPairs(pairs, addWhereNegative(cell, bits, count), near, far);
    const Vf middle = hn::Mul(hn::Add(near, far), hn::Set(df, 0.5F));
    const auto beyond = hn::Gt(hn::BitCast(df, magnitude),
                               hn::BitCast(df, hn::And(hn::BitCast(di, middle), positive)));
    return hn::IfThenElse(beyond, far, near);
  }
};

/// Where dequantized values of a round trip go, and whether its input is in the caches.
enum class Far { No, Prefetch, PrefetchAndStream };

template <bool kCentered, Far kFar, typename Search>
HWY_INLINE void roundTripVector(const Search& search, const float* x, Vf inverse, Vf constant,
                                Vf mean, float* out) {
  // The next chunk comes in while this one is worked on.
  if constexpr (kFar != Far::No) hwy::Prefetch(x + kChunk);
  Vf value = hn::Mul(search(hn::Mul(hn::LoadU(Df(), x), inverse)), constant);
  if constexpr (kCentered) value = hn::Add(value, mean);
  put<kFar == Far::PrefetchAndStream>(value, out);
}

template <int kDepth, bool kCentered, Far kFar, typename Search>
HWY_INLINE void roundTripBlocks(const Table& table, const Search& search, const float* x,
                                const Blocks& blocks, float* out) {
  const Df df;
  const std::int64_t size = blocks.size;
  for (std::int64_t b = 0; b < blocks.count; ++b, x += size, out += size) {
    const Vf inverse = hn::Set(df, blocks.inverse[b]);
    const Vf constant = hn::Set(df, blocks.constant[b]);
    const Vf mean = kCentered ? hn::Set(df, blocks.mean[b]) : hn::Zero(df);
    std::int64_t i = 0;
    for (; i + 2 * kLanes <= size; i += 2 * kLanes) {
      roundTripVector<kCentered, kFar>(search, x + i, inverse, constant, mean, out + i);
      roundTripVector<kCentered, kFar>(search, x + i + kLanes, inverse, constant, mean,
                                       out + i + kLanes);
    }
    for (; i + kLanes <= size; i += kLanes)
      roundTripVector<kCentered, kFar>(search, x + i, inverse, constant, mean, out + i);
    for (; i < size; ++i) {
      const float value =
          table.values[searchOne<kDepth>(table, x[i] * blocks.inverse[b])] * blocks.constant[b];
      out[i] = kCentered ? value + blocks.mean[b] : value;
    }
  }
}

template <int kDepth, typename Search>
HWY_INLINE void roundTripWith(const Table& table, const Search& search, const float* x,
                              const Blocks& blocks, float* out, bool far) {
  if (blocks.mean != nullptr)
    return roundTripBlocks<kDepth, true, Far::No>(table, search, x, blocks, out);
  if (far && out != x && streamable(out, blocks))
    return roundTripBlocks<kDepth, false, Far::PrefetchAndStream>(table, search, x, blocks, out);
  if (far) return roundTripBlocks<kDepth, false, Far::Prefetch>(table, search, x, blocks, out);
  roundTripBlocks<kDepth, false, Far::No>(table, search, x, blocks, out);
}

template <int kDepth>
void roundTrip(const Table& table, const float* x, const Blocks& blocks, float* out, bool far) {
  if constexpr (kDepth >= kCellDepth)
    if (!table.cells.entries.empty())
      return roundTripWith<kDepth>(table, CellValues(table), x, blocks, out, far);
  roundTripWith<kDepth>(table, ValueSearch<kDepth>(table), x, blocks, out, far);
}

/// Largest lane of each of four vectors, in order, to four places.
HWY_INLINE void storeLargest(Vi a, Vi b, Vi c, Vi d, std::int32_t* out) {
  const Di di;
  const hn::Repartition<std::uint64_t, Di> d64;
  const Vi ab = hn::Max(hn::InterleaveLower(di, a, b), hn::InterleaveUpper(di, a, b));
  const Vi cd = hn::Max(hn::InterleaveLower(di, c, d), hn::InterleaveUpper(di, c, d));
  const auto ab64 = hn::BitCast(d64, ab);
  const auto cd64 = hn::BitCast(d64, cd);
  const Vi all = hn::Max(hn::BitCast(di, hn::InterleaveLower(d64, ab64, cd64)),
                         hn::BitCast(di, hn::InterleaveUpper(d64, ab64, cd64)));
#if HWY_TARGET <= HWY_AVX3
  const hn::Half<Di> d256;
  const hn::Half<decltype(d256)> d128;
  const auto half = hn::Max(hn::LowerHalf(d256, all), hn::UpperHalf(d256, all));
  hn::StoreU(hn::Max(hn::LowerHalf(d128, half), hn::UpperHalf(d128, half)), d128, out);
#elif HWY_TARGET == HWY_AVX2
  const hn::Half<Di> d128;
  hn::StoreU(hn::Max(hn::LowerHalf(d128, all), hn::UpperHalf(d128, all)), d128, out);
#else
  hn::StoreU(all, di, out);
#endif
}

/// Largest magnitude in each lane of a block of whole vectors.
HWY_INLINE Vi largestLanes(const std::int32_t* bits, std::int64_t size) {
  const Di di;
  const Vi magnitude = hn::Set(di, 0x7fffffff);
  Vi most = hn::And(hn::LoadU(di, bits), magnitude);
  for (std::int64_t i = kLanes; i < size; i += kLanes)
    most = hn::Max(most, hn::And(hn::LoadU(di, bits + i), magnitude));
  return most;
}

inline void largest(const float* HWY_RESTRICT x, std::int64_t blocks, std::int64_t size,
                    std::int32_t* HWY_RESTRICT absmax, std::int32_t* HWY_RESTRICT positive) {
  const Di di;
  const Vi magnitude = hn::Set(di, 0x7fffffff);
  const float* begin = x;
  std::int64_t b = 0;
  if (size % kLanes == 0) {
    for (; b + 4 <= blocks; b += 4, x += 4 * size) {
      const auto* bits = reinterpret_cast<const std::int32_t*>(x);
      storeLargest(largestLanes(bits, size), largestLanes(bits + size, size),
                   largestLanes(bits + 2 * size, size), largestLanes(bits + 3 * size, size),
                   absmax + b);
    }
  }
  for (; b < blocks; ++b, x += size) {
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
  x = begin;
  for (b = 0; b < blocks; ++b, x += size) {
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
