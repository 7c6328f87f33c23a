// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quant_config.h"

#include <fmt/format.h>

#include <cmath>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

constexpr std::int64_t kSmallestBlock = 16;
constexpr std::int64_t kLargestBlock = 4096;

bool hundredths(double value, double lowest, double highest) {
  return value >= lowest && value <= highest && std::round(value * 100) / 100 == value;
}

std::optional<std::string> baselineProblem(const QuantConfig& config) {
  QuantConfig plain;
  plain.type = config.type;
  if (config == plain) return {};
  return fmt::format("{} has 16 bits and nothing else", dataTypeName(config.type));
}

std::optional<std::string> typeProblem(const QuantConfig& config) {
  const DataTypeInfo& info = dataTypeInfo(config.type);
  if (config.bits < info.lowestBits || config.bits > info.highestBits)
    return fmt::format("{} has {} to {} bits, not {}", info.name, info.lowestBits, info.highestBits,
                       config.bits);
  const int exponent = config.exponentBits;
  const int mantissa = config.mantissaBits;
  if (config.type != DataType::Float) {
    if (exponent == 0 && mantissa == 0 && config.subnormals == Subnormals::Ieee && !config.nanCodes)
      return {};
    return fmt::format("{} has no exponent and mantissa bits", info.name);
  }
  if (exponent < 1 || mantissa < 0)
    return fmt::format("a float has at least one exponent bit, not e{}m{}", exponent, mantissa);
  if (1 + exponent + mantissa != config.bits)
    return fmt::format("float{0}e{1}m{2} has {3} bits with its sign, not {0}", config.bits,
                       exponent, mantissa, 1 + exponent + mantissa);
  if (mantissa == 0 && config.subnormals != Subnormals::Ieee)
    return fmt::format("e{}m0 has no subnormals, so neither b0 nor b+1", exponent);
  const bool ocp = config.bits == 8 && (exponent == 4 || exponent == 5);
  if (config.nanCodes && (!ocp || config.subnormals != Subnormals::Ieee))
    return "NaN codes (n) belong to float8e4m3 and float8e5m2";
  return {};
}

std::optional<std::string> blockProblem(const QuantConfig& config) {
  const std::int64_t block = config.blockSize;
  const bool power =
      block >= kSmallestBlock && block <= kLargestBlock && (block & (block - 1)) == 0;
  if (block != 0 && block != QuantConfig::kPerRow && !power)
    return fmt::format("block size {} is not a power of two from {} to {}", block, kSmallestBlock,
                       kLargestBlock);
  if (config.withinRows && !power) return "a constant per row or tensor has no blocks within rows";
  if (config.type == DataType::AbsoluteFloat && !power)
    return "af has a table for each block size and needs -b<size>";
  return {};
}

std::optional<std::string> methodProblem(const QuantConfig& config) {
  const bool plainConstant = config.constant == ConstantType::Fp16 ||
                             config.constant == ConstantType::Fp32 ||
                             config.constant == ConstantType::Bf16;
  if (config.signedMax && !plainConstant)
    return "-signed needs constants that have a sign: fp16, fp32 or bf16";
  if (config.outliers == OutlierRule::None ? config.outlierPercent != 0
                                           : !hundredths(config.outlierPercent, 0.01, 50))
    return fmt::format("outlier dimensions are 0.01 to 50 percent in steps of 0.01, not {}",
                       config.outlierPercent);
  if (config.method != Method::Gptq && (config.activationOrder || config.dampingPercent != 1))
    return "-act and -damp belong to -gptq";
  if (!hundredths(config.dampingPercent, 0.01, 100))
    return fmt::format("damping is 0.01 to 100 percent in steps of 0.01, not {}",
                       config.dampingPercent);
  return {};
}

}  // namespace

std::optional<std::string> QuantConfig::problem() const {
  if (isBaseline()) return baselineProblem(*this);
  for (const auto check : {typeProblem, blockProblem, methodProblem})
    if (auto wrong = check(*this)) return wrong;
  return {};
}

QuantConfig QuantConfig::make(DataType type, int bits, std::int64_t blockSize) {
  QuantConfig config;
  config.type = type;
  if (!config.isBaseline()) {
    config.bits = bits;
    config.blockSize = blockSize;
  }
  const DataTypeInfo& info = dataTypeInfo(type);
  if (type == DataType::Float && bits >= info.lowestBits && bits <= info.highestBits) {
    config.exponentBits = paperExponentBits(bits);
    config.mantissaBits = bits - 1 - config.exponentBits;
  }
  config.validate();
  return config;
}

void QuantConfig::validate() const {
  if (const auto wrong = problem())
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("quantization configuration: {}; allowed: {}", *wrong, allowedSpecs()));
}

double QuantConfig::bitsPerConstant() const {
  switch (constant) {
    case ConstantType::Fp32:
      return 32;
    case ConstantType::E8M0:
    case ConstantType::E4M3:
      return 8;
    case ConstantType::Double:
      return 8 + 32.0 / 256;
    case ConstantType::Fp16:
    case ConstantType::Bf16:
      break;
  }
  return 16;
}

double QuantConfig::bitsPerParameter() const {
  if (isBaseline()) return 16;
  double quantized = bits;
  if (blockSize > 0) {
    const double perBlock = bitsPerConstant() + (centering == Centering::Block ? 16 : 0);
    quantized += perBlock / static_cast<double>(blockSize);
  }
  const double kept = outlierPercent / 100;
  return kept * 16 + (1 - kept) * quantized;
}

}  // namespace bitfrontier
