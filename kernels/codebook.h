// SPDX-License-Identifier: GPL-3.0-or-later
/// Code tables of the k-bit data types (Dettmers & Zettlemoyer, arXiv 2212.09720, appendix A).
///
/// Every table is ascending, lies in [-1, 1] and has at most 2^bits values; its largest magnitude
/// is 1 (unless a TableUnit says otherwise). All functions throw std::invalid_argument when bits or
/// splits are out of range.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace bitfrontier {

/// Where the values with exponent field 0 of a float format lie, relative to its normal values.
/// The sources contradict each other; formats without mantissa bits are the same under all three.
enum class Subnormals {
  Ieee,         ///< gradual underflow, as in FP8 and OCP MX formats
  BiasText,     ///< 4 times smaller: "bias of 2^(E-1)", bitsandbytes 0.39 and later
  BiasPlusOne,  ///< 16 times smaller: bias 2^(E-1)+1 of the paper's eq. 5, bitsandbytes' FP4
};

/// What a table is divided by: its largest magnitude, or the power of two at or below it (then it
/// reaches up to a value in [1, 2), and with power-of-two constants the values are those of the OCP
/// formats, exactly).
enum class TableUnit { Largest, PowerOfTwo };

/// Inverse of the standard normal distribution function; 0 < probability < 1.
double normalQuantile(double probability);

/// Symmetric integers i / (2^(bits-1)-1), 2^bits - 1 values; bits 2..8.
std::vector<float> intCodebook(int bits, TableUnit unit = TableUnit::Largest);

/// Sign, exponent, mantissa; no Inf or NaN codes, one zero, 2^(1+E+M) - 1 values.
/// exponentBits >= 1, mantissaBits >= 0, their sum 1..7.
std::vector<float> floatCodebook(int exponentBits, int mantissaBits,
                                 Subnormals subnormals = Subnormals::Ieee,
                                 TableUnit unit = TableUnit::Largest);

/// OCP FP8: `exponentBits` 4 (E4M3, all but its two NaN codes) or 5 (E5M2, without exponent 31,
/// which means Inf and NaN). OCP Microscaling Formats specification 1.0, section 5.3.1.
std::vector<float> ocpFp8Codebook(int exponentBits, TableUnit unit = TableUnit::Largest);

/// The paper's exponent bits for `bits`-bit floats: 2 for 3 bits, 3 for 4..8 (1 for 2 bits, which
/// the paper does not use). Mantissa bits are the rest: E2M0, E3M0, E3M1, E3M2, E3M3, E3M4.
int paperExponentBits(int bits);

/// Dynamic exponent (dynamic tree): bitsandbytes' create_dynamic_map(signed, bits-1, bits).
/// 2^bits values; +1 is one, the most negative is above -1. bits 2..8. `intervalEnd` is the upper
/// end of the linear fraction: 1 as in the released code, 0.9 in the paper's text.
std::vector<float> dynamicCodebook(int bits, double intervalEnd = 1.0);

/// Normal float NFk (QLoRA's NF4, arXiv 2305.14314, continued to other widths): 2^(k-1) positive
/// values, zero, 2^(k-1)-1 negative ones; bits 2..8.
std::vector<float> normalFloatCodebook(int bits);

/// Normal float without zero, symmetric: quantiles at (i + 1/2) / 2^bits; bits 1..8.
std::vector<float> symmetricNormalFloatCodebook(int bits);

/// Absolute float (AF4 of Yoshida, arXiv 2306.06965, continued to other widths): least mean
/// absolute error for normal weights divided by the largest magnitude of their block, each side of
/// zero on its own, ends at -1 and 1. 2^(k-1) positive values, zero, 2^(k-1)-1 negative ones;
/// bits 2..8, blockSize 2..65536. Computed once per argument pair (up to a second for 8 bits), then
/// remembered.
std::vector<float> absoluteFloatCodebook(int bits, std::int64_t blockSize);

/// Quantiles that the quantile data type is made from (bitsandbytes' estimate_quantiles).
inline constexpr std::size_t kQuantileCount = 256;
/// Values that are sorted together when quantiles are estimated.
inline constexpr std::size_t kQuantileChunk = 4096;

/// Probability of the j-th of the 256 quantiles for a `bits`-bit type:
/// o + j (1 - 2 o) / 255 with o = 1 / (2 (2^bits - 1)).
double quantileProbability(int bits, std::size_t j);

/// Sums of quantiles over chunks of 4096 values; sketches of parts of a tensor add up.
struct QuantileSketch {
  std::array<double, kQuantileCount> sums{};
  std::int64_t chunks = 0;
};

/// Sketch of `values`: for each full chunk its order statistics round(p_j * 4095) are added. An
/// incomplete chunk counts only when it is all there is (`values` shorter than a chunk).
/// Values must be finite. About 10 ns a value.
QuantileSketch sketchQuantiles(std::span<const float> values, int bits);

/// Quantile table from 256 quantiles in ascending order: 2^bits - 1 of them evenly picked, a zero
/// added, divided by the largest magnitude (all zero when that is 0). 2^bits values. bitsandbytes'
/// create_quantile_map; not the paper's eq. 6, which gives one value too many and starts at the
/// minimum.
std::vector<float> codebookFromQuantiles(std::span<const double> quantiles, int bits);

/// Quantile table of the standard normal distribution, from its exact quantiles.
std::vector<float> normalQuantileCodebook(int bits);

}  // namespace bitfrontier
