// SPDX-License-Identifier: GPL-3.0-or-later
/// Values of packed codes through byte look-ups, compiled once for each instruction set that has
/// wide ones.
///
/// A table of 2^kBits fp32 values is kept as four tables of bytes, one for each byte of a value
/// (`planes`): a byte look-up serves four times as many codes as one of fp32 values, and a vector
/// holds four times as many entries. The four results are then interleaved to fp32.
///
/// Layout: a unit is as many codes as a vector has bytes, in an order that interleaving within 16
/// byte lanes turns into ascending values: the byte 16 L + 4 q + t has code 4 (lanes / 4 q + L) +
/// t. Operations for a unit: bring codes to bytes (2 to 7), 4 look-ups, 8 interleavings. A look-up
/// is for AVX2 2^(kBits - 4) shuffles and, from two on, as many ORs: an index with its highest bit
/// set gives 0; for AVX-512 with byte permutations one (6 bits), one of two vectors (7), or two of
/// two (8). On Intel processors all but the ORs want the one or two ports of shuffles, which bind.
#if defined(BITFRONTIER_KERNELS_SIMD_PLANES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef BITFRONTIER_KERNELS_SIMD_PLANES_INL
#undef BITFRONTIER_KERNELS_SIMD_PLANES_INL
#else
#define BITFRONTIER_KERNELS_SIMD_PLANES_INL
#endif

#include <array>

#include "kernels/simd/vector-inl.h"

#if HWY_TARGET != HWY_SCALAR

HWY_BEFORE_NAMESPACE();
namespace bitfrontier::simd::HWY_NAMESPACE {

/// Whether Planes<kBits> exists and is faster than Lookup<kBits>.
template <int kBits>
inline constexpr bool kHasPlanes =
    HWY_TARGET == HWY_AVX3_DL ? kBits >= 6 : HWY_TARGET == HWY_AVX2&& kBits >= 4 && kBits <= 6;

/// The code of a unit that its byte `at` has.
constexpr int codeOfByte(int at) {
  const int q = at % 16 / 4;
  return 4 * (static_cast<int>(kLanes) / 4 * q + at / 16) + at % 4;
}

template <int kBits>
struct Planes;

#if HWY_TARGET == HWY_AVX3_DL

/// Interleaves four bytes of each value.
HWY_INLINE void joinPlanes(const __m512i (&byte)[4], Vf (&values)[4]) {
  const __m512i low01 = _mm512_unpacklo_epi8(byte[0], byte[1]);
  const __m512i high01 = _mm512_unpackhi_epi8(byte[0], byte[1]);
  const __m512i low23 = _mm512_unpacklo_epi8(byte[2], byte[3]);
  const __m512i high23 = _mm512_unpackhi_epi8(byte[2], byte[3]);
  values[0] = Vf{_mm512_castsi512_ps(_mm512_unpacklo_epi16(low01, low23))};
  values[1] = Vf{_mm512_castsi512_ps(_mm512_unpackhi_epi16(low01, low23))};
  values[2] = Vf{_mm512_castsi512_ps(_mm512_unpacklo_epi16(high01, high23))};
  values[3] = Vf{_mm512_castsi512_ps(_mm512_unpackhi_epi16(high01, high23))};
}

template <int kBits>
struct Planes {
  static constexpr std::int64_t kCodes = 64;
  static constexpr std::int64_t kReads = 8 * kBits;  ///< bytes
  static constexpr int kVectors = kBits == 8 ? 4 : kBits == 7 ? 2 : 1;
  __m512i plane[4][kVectors];
  __m512i spread, shift;

  /// Four codes of one place in memory go to each half of a word of 8 bytes, from which every byte
  /// then takes 8 bits that begin with its code; what is above the code does not matter.
  static constexpr auto kSpread = [] {
    std::array<std::uint8_t, 64> from{};
    for (int at = 0; at < 64; ++at)
      from[at] = static_cast<std::uint8_t>(codeOfByte(at / 4 * 4) * kBits / 8 + at % 4);
    return from;
  }();
  static constexpr auto kShift = [] {
    std::array<std::uint8_t, 64> bits{};
    for (int at = 0; at < 64; ++at)
      bits[at] = static_cast<std::uint8_t>(at / 4 % 2 * 32 + codeOfByte(at / 4 * 4) * kBits % 8 +
                                           at % 4 * kBits);
    return bits;
  }();

  HWY_INLINE explicit Planes(const Table& table)
      : spread(_mm512_loadu_si512(kSpread.data())), shift(_mm512_loadu_si512(kShift.data())) {
    for (int b = 0; b < 4; ++b)
      for (int v = 0; v < kVectors; ++v) plane[b][v] = _mm512_load_si512(table.planes[b] + 64 * v);
  }
  HWY_INLINE void operator()(const std::uint8_t* bytes, Vf (&values)[4]) const {
    constexpr auto kMask = kBits == 8 ? ~__mmask64{0} : (__mmask64{1} << (8 * kBits % 64)) - 1;
    __m512i code = _mm512_permutexvar_epi8(spread, _mm512_maskz_loadu_epi8(kMask, bytes));
    if constexpr (kBits < 8) code = _mm512_multishift_epi64_epi8(shift, code);
    __m512i byte[4];
    for (int b = 0; b < 4; ++b) {
      if constexpr (kVectors == 1) {
        byte[b] = _mm512_permutexvar_epi8(code, plane[b][0]);
      } else {
        byte[b] = _mm512_permutex2var_epi8(plane[b][0], code, plane[b][1]);
        if constexpr (kVectors == 4)
          byte[b] =
              _mm512_mask_blend_epi8(_mm512_movepi8_mask(code), byte[b],
                                     _mm512_permutex2var_epi8(plane[b][2], code, plane[b][3]));
      }
    }
    joinPlanes(byte, values);
  }
};

#elif HWY_TARGET == HWY_AVX2

HWY_INLINE void joinPlanes(const __m256i (&byte)[4], Vf (&values)[4]) {
  const __m256i low01 = _mm256_unpacklo_epi8(byte[0], byte[1]);
  const __m256i high01 = _mm256_unpackhi_epi8(byte[0], byte[1]);
  const __m256i low23 = _mm256_unpacklo_epi8(byte[2], byte[3]);
  const __m256i high23 = _mm256_unpackhi_epi8(byte[2], byte[3]);
  values[0] = Vf{_mm256_castsi256_ps(_mm256_unpacklo_epi16(low01, low23))};
  values[1] = Vf{_mm256_castsi256_ps(_mm256_unpackhi_epi16(low01, low23))};
  values[2] = Vf{_mm256_castsi256_ps(_mm256_unpacklo_epi16(high01, high23))};
  values[3] = Vf{_mm256_castsi256_ps(_mm256_unpackhi_epi16(high01, high23))};
}

/// Byte tables of 2^kBits entries, 16 in a vector (twice).
template <int kBits>
struct ByteTables {
  static constexpr int kVectors = 1 << (kBits - 4);
  __m256i plane[4][kVectors];

  HWY_INLINE explicit ByteTables(const Table& table) {
    for (int b = 0; b < 4; ++b)
      for (int v = 0; v < kVectors; ++v)
        plane[b][v] = _mm256_broadcastsi128_si256(
            _mm_load_si128(reinterpret_cast<const __m128i*>(table.planes[b] + 16 * v)));
  }
  /// Values of codes, a byte each, without bits above.
  HWY_INLINE void operator()(__m256i code, Vf (&values)[4]) const {
    __m256i byte[4];
    if constexpr (kVectors == 1) {
      for (int b = 0; b < 4; ++b) byte[b] = _mm256_shuffle_epi8(plane[b][0], code);
    } else {
      for (int v = 0; v < kVectors; ++v) {
        // 0x70 + (0..15) for codes of this vector; others have the highest bit set.
        const __m256i own =
            _mm256_add_epi8(_mm256_xor_si256(code, _mm256_set1_epi8(static_cast<char>(16 * v))),
                            _mm256_set1_epi8(0x70));
        for (int b = 0; b < 4; ++b) {
          const __m256i found = _mm256_shuffle_epi8(plane[b][v], own);
          byte[b] = v == 0 ? found : _mm256_or_si256(byte[b], found);
        }
      }
    }
    joinPlanes(byte, values);
  }
};

template <int kBits>
struct Planes {
  static constexpr std::int64_t kCodes = 32;
  static constexpr std::int64_t kReads = 2 * kBits + 16;  ///< bytes
  ByteTables<kBits> tables;
  __m256i spread, shift;

  /// The first 16 codes, and likewise the others, get 16 bits each: the two bytes that hold the
  /// code, shifted up by a product until nothing is above it.
  static constexpr int bitOf(int word) {
    return codeOfByte(word / 8 * 16 + word % 8) * kBits;  // the words of half L: bytes 16 L + 0..7
  }
  static constexpr auto kSpread = [] {
    std::array<std::uint8_t, 32> from{};
    for (int at = 0; at < 32; ++at)
      from[at] = static_cast<std::uint8_t>(HWY_MIN(bitOf(at / 2) / 8 + at % 2, 15));
    return from;
  }();
  static constexpr auto kShift = [] {
    std::array<std::uint16_t, 16> factor{};
    for (int word = 0; word < 16; ++word)
      factor[word] = static_cast<std::uint16_t>(1 << (16 - kBits - bitOf(word) % 8));
    return factor;
  }();

  HWY_INLINE explicit Planes(const Table& table)
      : tables(table),
        spread(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(kSpread.data()))),
        shift(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(kShift.data()))) {}
  HWY_INLINE __m256i half(const std::uint8_t* bytes) const {
    const __m256i twice =
        _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)));
    return _mm256_srli_epi16(_mm256_mullo_epi16(_mm256_shuffle_epi8(twice, spread), shift),
                             16 - kBits);
  }
  HWY_INLINE void operator()(const std::uint8_t* bytes, Vf (&values)[4]) const {
    tables(_mm256_packus_epi16(half(bytes), half(bytes + 2 * kBits)), values);
  }
};

#endif

}  // namespace bitfrontier::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // HWY_TARGET != HWY_SCALAR
#endif  // include guard
