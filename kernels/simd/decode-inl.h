// SPDX-License-Identifier: GPL-3.0-or-later
/// Dequantizing, packing and 16-bit formats, compiled once for each instruction set.
///
/// Layout: fp32 arrays as in encode-inl.h; packed codes as in kernel_table.h.
/// Lanes: one value each. 16 packed codes lie in 17 bytes at most, 16 when they begin at a byte or
/// have less than 8 bits: one load of 16 bytes, a byte shuffle that gives each lane its two bytes,
/// a shift by a number of bits of its own.
/// Numerics: rule 5 of kernel_table.h.
/// Bytes per weight: bits / 8 read and 4 written; bound by stores to memory.
#if defined(BITFRONTIER_KERNELS_SIMD_DECODE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef BITFRONTIER_KERNELS_SIMD_DECODE_INL
#undef BITFRONTIER_KERNELS_SIMD_DECODE_INL
#else
#define BITFRONTIER_KERNELS_SIMD_DECODE_INL
#endif

#include <cstring>

#include "kernels/numerics.h"
#include "kernels/packing.h"
#include "kernels/simd/planes-inl.h"
#include "kernels/simd/vector-inl.h"

#if HWY_TARGET != HWY_SCALAR

HWY_BEFORE_NAMESPACE();
namespace bitfrontier::simd::HWY_NAMESPACE {

inline void loadHalves(const void* input, std::int64_t count, float* HWY_RESTRICT values) {
  const auto* in = static_cast<const std::uint16_t*>(input);
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) hn::StoreU(floatOfHalf(in + i), Df(), values + i);
  for (; i < count; ++i) values[i] = halfToFloat(in[i]);
}

inline void loadBfloats(const void* input, std::int64_t count, float* HWY_RESTRICT values) {
  const auto* in = static_cast<const std::uint16_t*>(input);
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    hn::StoreU(hn::ShiftLeft<16>(loadLow16(in + i)), Du(),
               reinterpret_cast<std::uint32_t*>(values + i));
  for (; i < count; ++i) values[i] = bfloatToFloat(in[i]);
}

inline void storeHalves(const float* HWY_RESTRICT values, std::int64_t count, void* output) {
  auto* out = static_cast<std::uint16_t*>(output);
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    storeLow16(halfBits(hn::LoadU(Df(), values + i)), out + i);
  for (; i < count; ++i) out[i] = floatToHalf(values[i]);
}

inline void storeBfloats(const float* HWY_RESTRICT values, std::int64_t count, void* output) {
  auto* out = static_cast<std::uint16_t*>(output);
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    storeLow16(bfloatBits(hn::LoadU(Df(), values + i)), out + i);
  for (; i < count; ++i) out[i] = floatToBfloat(values[i]);
}

/// Codes of 8 bytes pushed together: each step joins neighbours.
template <int kBits>
inline void pack(const std::uint8_t* HWY_RESTRICT codes, std::int64_t count,
                 std::uint8_t* HWY_RESTRICT bytes) {
  if constexpr (kBits == 8) {
    std::memcpy(bytes, codes, static_cast<std::size_t>(count));
  } else {
    const hn::CappedTag<std::uint64_t, 4> d64;  // 32 codes at most, of which `count` is a multiple
    constexpr std::int64_t kWords = HWY_MIN(4, HWY_LANES(std::uint64_t));
    HWY_ALIGN std::uint64_t words[4];
    for (std::int64_t i = 0; i < count; i += 8 * kWords, codes += 8 * kWords) {
      auto x = hn::LoadU(d64, reinterpret_cast<const std::uint64_t*>(codes));
      x = hn::Or(hn::And(x, hn::Set(d64, 0x00ff00ff00ff00ffULL)),
                 hn::ShiftRight<8 - kBits>(hn::And(x, hn::Set(d64, 0xff00ff00ff00ff00ULL))));
      x = hn::Or(hn::And(x, hn::Set(d64, 0x0000ffff0000ffffULL)),
                 hn::ShiftRight<16 - 2 * kBits>(hn::And(x, hn::Set(d64, 0xffff0000ffff0000ULL))));
      x = hn::Or(hn::And(x, hn::Set(d64, 0x00000000ffffffffULL)),
                 hn::ShiftRight<32 - 4 * kBits>(hn::And(x, hn::Set(d64, 0xffffffff00000000ULL))));
      hn::Store(x, d64, words);
      for (std::int64_t w = 0; w < kWords; ++w, bytes += kBits) std::memcpy(bytes, words + w, 8);
    }
  }
}

template <bool kCentered>
HWY_INLINE Vf decoded(Vf codebookValue, Vf constant, Vf mean) {
  const Vf product = hn::Mul(codebookValue, constant);
  return kCentered ? hn::Add(product, mean) : product;
}

template <int kDepth, bool kCentered>
HWY_INLINE void decodeByteBlocks(const Table& table, const std::uint8_t* HWY_RESTRICT codes,
                                 const Blocks& blocks, float* HWY_RESTRICT out) {
  const Df df;
  const Lookup<kDepth> lookup(table.values);
  const std::int64_t size = blocks.size;
  for (std::int64_t b = 0; b < blocks.count; ++b, codes += size, out += size) {
    const Vf constant = hn::Set(df, blocks.constant[b]);
    const Vf mean = kCentered ? hn::Set(df, blocks.mean[b]) : hn::Zero(df);
    std::int64_t i = 0;
    for (; i + kLanes <= size; i += kLanes) {
      const Vu index = hn::PromoteTo(Du(), hn::LoadU(D8(), codes + i));
      Vf value = lookup(index);
      // Codes beyond the table read as zero; below 2^depth they find padding.
      if constexpr (kDepth < 8) {
        const auto inside =
            hn::Lt(hn::BitCast(Di(), index), hn::Set(Di(), std::int32_t{1 << kDepth}));
        value = hn::IfThenElseZero(hn::RebindMask(df, inside), value);
      }
      hn::StoreU(decoded<kCentered>(value, constant, mean), df, out + i);
    }
    for (; i < size; ++i) {
      const float product = table.values[codes[i]] * blocks.constant[b];
      out[i] = kCentered ? product + blocks.mean[b] : product;
    }
  }
}

template <int kDepth>
void decodeBytes(const Table& table, const std::uint8_t* codes, const Blocks& blocks, float* out) {
  if (blocks.mean != nullptr) return decodeByteBlocks<kDepth, true>(table, codes, blocks, out);
  decodeByteBlocks<kDepth, false>(table, codes, blocks, out);
}

/// 16 codes that begin some bits after a byte, as 16 / lanes vectors with more bits above.
struct Unpacker {
  static constexpr std::int64_t kVectors = kUnit / kLanes;
  hn::Vec<hn::ScalableTag<std::uint8_t>> shuffle[kVectors];
  Vu shift[kVectors];

  HWY_INLINE Unpacker(const Table& table, std::int64_t early) {
    const hn::ScalableTag<std::uint8_t> d8;
    for (std::int64_t v = 0; v < kVectors; ++v) {
      shuffle[v] = hn::Load(d8, table.shuffle[early] + v * 4 * kLanes);
      shift[v] = hn::Load(Du(), table.shift[early] + v * kLanes);
    }
  }
  HWY_INLINE Vu operator()(hn::Vec<hn::ScalableTag<std::uint8_t>> bytes, std::int64_t v) const {
    return hn::Shr(hn::BitCast(Du(), hn::TableLookupBytesOr0(bytes, shuffle[v])), shift[v]);
  }
};

template <int kBits, bool kCentered, bool kStream>
HWY_INLINE void decodePackedBlocks(const Table& table, const PackedCodes& codes,
                                   const Blocks& blocks, float* HWY_RESTRICT out) {
  const Df df;
  const hn::ScalableTag<std::uint8_t> d8;
  const Lookup<kBits> lookup(table.packed);
  const std::int64_t size = blocks.size;
  std::int64_t bit = codes.bit;
  for (std::int64_t b = 0; b < blocks.count; ++b, out += size) {
    const Vf constant = hn::Set(df, blocks.constant[b]);
    const Vf mean = kCentered ? hn::Set(df, blocks.mean[b]) : hn::Zero(df);
    const std::uint8_t* bytes = codes.bytes + bit / 8;
    const std::int64_t early = bit % 8;
    const Unpacker unpack(table, early);
    std::int64_t i = 0;
    for (; i + kUnit <= size && codes.end - bytes >= 16; i += kUnit, bytes += 2 * kBits) {
      const auto loaded = hn::LoadDup128(d8, bytes);
      for (std::int64_t v = 0; v < Unpacker::kVectors; ++v) {
        const Vf value = lookup(unpack(loaded, v));
        put<kStream>(decoded<kCentered>(value, constant, mean), out + i + v * kLanes);
      }
    }
    for (; i < size; ++i) {
      const unsigned code = packedCodeAt(codes.bytes, bit + i * kBits, kBits);
      const float product = table.values[code] * blocks.constant[b];
      out[i] = kCentered ? product + blocks.mean[b] : product;
    }
    bit += size * kBits;
  }
}

/// The same for as many blocks as are whole units of Planes and not too near to the end of the
/// codes; returns how many.
template <int kBits, bool kCentered, bool kStream>
HWY_INLINE std::int64_t decodePlaneBlocks(const Table& table, const PackedCodes& codes,
                                          const Blocks& blocks, float* HWY_RESTRICT out) {
  using Unit = Planes<kBits>;
  const Df df;
  const std::int64_t size = blocks.size;
  const std::int64_t blockBytes = size / 8 * kBits;
  const std::uint8_t* bytes = codes.bytes + codes.bit / 8;
  const std::int64_t beyond = Unit::kReads - Unit::kCodes / 8 * kBits;
  if (codes.bit % 8 != 0 || size % Unit::kCodes != 0 || codes.end - bytes < beyond) return 0;
  const std::int64_t count = HWY_MIN(blocks.count, (codes.end - bytes - beyond) / blockBytes);
  const Unit unit(table);
  for (std::int64_t b = 0; b < count; ++b) {
    const Vf constant = hn::Set(df, blocks.constant[b]);
    const Vf mean = kCentered ? hn::Set(df, blocks.mean[b]) : hn::Zero(df);
    for (std::int64_t i = 0; i < size; i += Unit::kCodes, out += Unit::kCodes) {
      Vf values[4];
      unit(bytes, values);
      bytes += Unit::kCodes / 8 * kBits;
      for (std::int64_t v = 0; v < 4; ++v)
        put<kStream>(decoded<kCentered>(values[v], constant, mean), out + v * kLanes);
    }
  }
  return count;
}

template <int kBits, bool kCentered, bool kStream>
HWY_INLINE void decodePackedAll(const Table& table, PackedCodes codes, Blocks blocks, float* out) {
  if constexpr (kHasPlanes<kBits>) {
    const std::int64_t done =
        decodePlaneBlocks<kBits, kCentered, kStream>(table, codes, blocks, out);
    codes.bit += done * blocks.size * kBits;
    out += done * blocks.size;
    blocks.count -= done;
    blocks.constant += done;
    if (kCentered) blocks.mean += done;
    if (blocks.count == 0) return;
  }
  decodePackedBlocks<kBits, kCentered, kStream>(table, codes, blocks, out);
}

template <int kBits>
void decodePacked(const Table& table, const PackedCodes& codes, const Blocks& blocks, float* out,
                  bool stream) {
  if (blocks.mean != nullptr) return decodePackedAll<kBits, true, false>(table, codes, blocks, out);
  if (stream && streamable(out, blocks))
    return decodePackedAll<kBits, false, true>(table, codes, blocks, out);
  decodePackedAll<kBits, false, false>(table, codes, blocks, out);
}

}  // namespace bitfrontier::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // HWY_TARGET != HWY_SCALAR
#endif  // include guard
