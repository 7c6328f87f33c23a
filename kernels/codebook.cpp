// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/codebook.h"

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>

#include "kernels/numerics.h"

namespace bitfrontier {
namespace {

void requireBits(const char* type, int bits, int lowest, int highest) {
  if (bits < lowest || bits > highest)
    throw std::invalid_argument(std::string(type) + " has " + std::to_string(lowest) + " to " +
                                std::to_string(highest) + " bits, not " + std::to_string(bits));
}

/// Sorts, divides by the unit, rounds to fp32 and drops repeated values if asked.
std::vector<float> normalised(std::vector<double> values, bool unique,
                              TableUnit unit = TableUnit::Largest) {
  std::sort(values.begin(), values.end());
  if (unique) values.erase(std::unique(values.begin(), values.end()), values.end());
  double largest = std::max(std::abs(values.front()), std::abs(values.back()));
  if (unit == TableUnit::PowerOfTwo && largest > 0.0) largest = std::exp2(std::ilogb(largest));
  std::vector<float> table;
  table.reserve(values.size());
  for (const double value : values)
    table.push_back(largest > 0.0 ? static_cast<float>(value / largest) : 0.0F);
  return table;
}

}  // namespace

double normalQuantile(double probability) {
  return -std::numbers::sqrt2 * boost::math::erfc_inv(2.0 * probability);
}

std::vector<float> intCodebook(int bits, TableUnit unit) {
  requireBits("int", bits, 2, 8);
  const int largest = (1 << (bits - 1)) - 1;
  std::vector<double> values;
  for (int i = -largest; i <= largest; ++i) values.push_back(i);
  return normalised(std::move(values), false, unit);
}

std::vector<float> floatCodebook(int exponentBits, int mantissaBits, Subnormals subnormals,
                                 TableUnit unit) {
  if (exponentBits < 1 || mantissaBits < 0 || exponentBits + mantissaBits > 7)
    throw std::invalid_argument(
        "a float has at least 1 exponent bit and at most 7 exponent and mantissa bits, not e" +
        std::to_string(exponentBits) + "m" + std::to_string(mantissaBits));
  const double subnormalScale = subnormals == Subnormals::Ieee       ? 1.0
                                : subnormals == Subnormals::BiasText ? 0x1p-2
                                                                     : 0x1p-4;
  const double step = std::ldexp(1.0, -mantissaBits);
  std::vector<double> values;
  for (int exponent = 0; exponent < 1 << exponentBits; ++exponent) {
    for (int mantissa = 0; mantissa < 1 << mantissaBits; ++mantissa) {
      const double value = exponent == 0 ? mantissa * step * subnormalScale
                                         : std::ldexp(1.0 + mantissa * step, exponent - 1);
      values.push_back(value);
      values.push_back(value == 0.0 ? 0.0 : -value);
    }
  }
  return normalised(std::move(values), true, unit);
}

std::vector<float> ocpFp8Codebook(int exponentBits, TableUnit unit) {
  if (exponentBits != 4 && exponentBits != 5)
    throw std::invalid_argument("OCP FP8 has 4 or 5 exponent bits, not " +
                                std::to_string(exponentBits));
  const int mantissas = exponentBits == 4 ? 8 : 4;
  // E4M3 gives up one mantissa of its last exponent for NaN, E5M2 the whole exponent.
  const int exponents = exponentBits == 4 ? 16 : 31;
  std::vector<double> values = {0.0};
  for (int exponent = 0; exponent < exponents; ++exponent) {
    for (int mantissa = 0; mantissa < mantissas; ++mantissa) {
      const double fraction = static_cast<double>(mantissa) / mantissas;
      const double value = exponent == 0 ? fraction : std::ldexp(1.0 + fraction, exponent - 1);
      if (value == 0.0 || (exponentBits == 4 && exponent == 15 && mantissa == 7)) continue;
      values.push_back(value);
      values.push_back(-value);
    }
  }
  return normalised(std::move(values), false, unit);
}

int paperExponentBits(int bits) {
  requireBits("float", bits, 2, 8);
  return bits == 2 ? 1 : bits == 3 ? 2 : 3;
}

std::vector<float> dynamicCodebook(int bits, double intervalEnd) {
  requireBits("dynamic", bits, 2, 8);
  const int exponents = bits - 1;
  std::vector<double> values = {0.0, 1.0};
  for (int i = 0; i < exponents; ++i) {
    // The exponent is the number of leading zero bits; the bits after the indicator bit choose
    // one of 2^i equal parts of [0.1, intervalEnd], represented by its middle.
    const int parts = 1 << i;
    const double width = (intervalEnd - 0.1) / parts;
    const double scale = std::pow(10.0, i - (exponents - 1));
    for (int part = 0; part < parts; ++part) {
      const double value = scale * (0.1 + (part + 0.5) * width);
      values.push_back(value);
      values.push_back(-value);
    }
  }
  return normalised(std::move(values), false);
}

std::vector<float> normalFloatCodebook(int bits) {
  requireBits("normal float", bits, 2, 8);
  const int positive = 1 << (bits - 1);
  const int negative = positive - 1;
  // QLoRA's table was made with this rounded offset and fp32 probabilities, evenly spaced from both
  // ends (torch.linspace); so its published values come out to the last bit.
  const double codes = std::ldexp(1.0, bits);
  const double offset = 1.0 - 0.5 * (1.0 / (2.0 * codes) + 1.0 / (2.0 * (codes - 1.0)));
  const auto start = static_cast<float>(bits == 4 ? 0.9677083 : offset);
  const auto probability = [start](int i, int steps) {
    const float step = (0.5F - start) / static_cast<float>(steps);
    return i < (steps + 1) / 2 ? start + step * static_cast<float>(i)
                               : 0.5F - step * static_cast<float>(steps - i);
  };
  std::vector<double> values = {0.0};
  for (int i = 0; i < positive; ++i) values.push_back(normalQuantile(probability(i, positive)));
  for (int i = 0; i < negative; ++i) values.push_back(-normalQuantile(probability(i, negative)));
  return normalised(std::move(values), false);
}

std::vector<float> symmetricNormalFloatCodebook(int bits) {
  requireBits("symmetric normal float", bits, 1, 8);
  const int half = 1 << (bits - 1);
  std::vector<double> values;
  for (int i = 0; i < half; ++i) {
    const double value = normalQuantile(0.5 + (i + 0.5) / (2.0 * half));
    values.push_back(value);
    values.push_back(-value);
  }
  return normalised(std::move(values), false);
}

double quantileProbability(int bits, std::size_t j) {
  requireBits("quantile", bits, 2, 8);
  const double offset = 1.0 / (2.0 * ((1 << bits) - 1));
  return offset + static_cast<double>(j) * (1.0 - 2.0 * offset) / (kQuantileCount - 1);
}

std::vector<float> codebookFromQuantiles(std::span<const double> quantiles, int bits) {
  requireBits("quantile", bits, 2, 8);
  if (quantiles.size() != kQuantileCount)
    throw std::invalid_argument("a quantile table is made from 256 quantiles, not " +
                                std::to_string(quantiles.size()));
  const std::size_t picked = (std::size_t{1} << bits) - 1;
  std::vector<double> values = {0.0};
  for (std::size_t i = 0; i < picked; ++i)
    values.push_back(quantiles[(kQuantileCount - 1) * i / (picked - 1)]);
  return normalised(std::move(values), false);
}

std::vector<float> normalQuantileCodebook(int bits) {
  std::array<double, kQuantileCount> quantiles{};
  for (std::size_t j = 0; j < kQuantileCount; ++j)
    quantiles[j] = normalQuantile(quantileProbability(bits, j));
  return codebookFromQuantiles(quantiles, bits);
}

}  // namespace bitfrontier
