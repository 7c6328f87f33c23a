// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quant_config.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>

#include "core/base/error.h"
#include "kernels/codebook.h"

namespace bitfrontier {
namespace {

constexpr std::int64_t kSmallestBlock = 16;
constexpr std::int64_t kLargestBlock = 4096;
constexpr std::int64_t kDefaultBlock = 64;
constexpr int kLowestBits = 2;
constexpr int kHighestBits = 8;

struct NamedType {
  std::string_view name;
  DataType type;
};
constexpr std::array<NamedType, 5> kTypes = {{{"fp16", DataType::Fp16},
                                              {"int", DataType::Int},
                                              {"float", DataType::Float},
                                              {"dynamic", DataType::Dynamic},
                                              {"quantile", DataType::Quantile}}};

/// Reads a specification from left to right and knows it for messages.
class Reader {
 public:
  explicit Reader(std::string_view spec) : spec_(spec), rest_(spec) {}

  bool atEnd() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  /// A decimal number without leading zeros.
  std::optional<std::int64_t> takeNumber() {
    std::int64_t value = 0;
    const auto [end, status] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (status != std::errc() || rest_.front() == '-') return std::nullopt;
    if (rest_.front() == '0' && end != rest_.data() + 1) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorKind::InvalidArgument, fmt::format("quantization spec '{}': {}; allowed: {}",
                                                        spec_, what, allowedSpecs()));
  }

 private:
  std::string_view spec_;
  std::string_view rest_;
};

/// What is out of range, or empty.
std::string problem(const QuantConfig& config) {
  if (config.type == DataType::Fp16) {
    if (config.bits != 16 || config.blockSize != 0 || config.exponentBits != 0 ||
        config.mantissaBits != 0)
      return "fp16 has 16 bits and no blocks";
    return {};
  }
  const std::string_view name = dataTypeName(config.type);
  if (config.bits < kLowestBits || config.bits > kHighestBits)
    return fmt::format("{} has {} to {} bits, not {}", name, kLowestBits, kHighestBits,
                       config.bits);
  if (config.type == DataType::Float) {
    if (config.exponentBits < 1 || config.mantissaBits < 0)
      return fmt::format("a float has at least one exponent bit, not e{}m{}", config.exponentBits,
                         config.mantissaBits);
    if (1 + config.exponentBits + config.mantissaBits != config.bits)
      return fmt::format("float{0}e{1}m{2} has {3} bits with its sign, not {0}", config.bits,
                         config.exponentBits, config.mantissaBits,
                         1 + config.exponentBits + config.mantissaBits);
  } else if (config.exponentBits != 0 || config.mantissaBits != 0) {
    return fmt::format("{} has no exponent and mantissa bits", name);
  }
  const std::int64_t block = config.blockSize;
  const bool power =
      block >= kSmallestBlock && block <= kLargestBlock && (block & (block - 1)) == 0;
  if (block != 0 && !power)
    return fmt::format("block size {} is not a power of two from {} to {}", block, kSmallestBlock,
                       kLargestBlock);
  return {};
}

QuantConfig read(std::string_view spec, bool blockRequired) {
  Reader reader(spec);
  if (spec == "fp16") return QuantConfig::fp16();
  QuantConfig config;
  bool known = false;
  for (const NamedType& candidate : kTypes) {
    if (candidate.type == DataType::Fp16 || !reader.take(candidate.name)) continue;
    config.type = candidate.type;
    known = true;
    break;
  }
  if (!known) reader.fail("unknown data type");
  const auto bits = reader.takeNumber();
  if (!bits) reader.fail(fmt::format("no number of bits behind '{}'", dataTypeName(config.type)));
  if (*bits < kLowestBits || *bits > kHighestBits)
    reader.fail(fmt::format("{} has {} to {} bits, not {}", dataTypeName(config.type), kLowestBits,
                            kHighestBits, *bits));
  config.bits = static_cast<int>(*bits);
  if (config.type == DataType::Float) {
    config.exponentBits = paperExponentBits(config.bits);
    if (reader.take("e")) {
      const auto exponent = reader.takeNumber();
      const auto mantissa = reader.take("m") ? reader.takeNumber() : std::nullopt;
      if (!exponent || !mantissa) reader.fail("an exponent split reads e<bits>m<bits>");
      if (*exponent > kHighestBits || *mantissa > kHighestBits)
        reader.fail(fmt::format("e{}m{} is not a split of {} bits", *exponent, *mantissa, *bits));
      config.exponentBits = static_cast<int>(*exponent);
      config.mantissaBits = static_cast<int>(*mantissa);
    } else {
      config.mantissaBits = config.bits - 1 - config.exponentBits;
    }
  }
  if (reader.take("-b")) {
    const auto block = reader.takeNumber();
    if (!block) reader.fail("no block size behind '-b'");
    if (*block == 0) reader.fail("block size 0 is not allowed, write -tensor");
    config.blockSize = *block;
  } else if (!reader.take("-tensor")) {
    if (blockRequired || !reader.atEnd())
      reader.fail(reader.atEnd() ? std::string("no block size (-b<size> or -tensor)")
                                 : fmt::format("cannot read '{}'", reader.rest()));
    config.blockSize = kDefaultBlock;
  }
  if (!reader.atEnd()) reader.fail(fmt::format("cannot read '{}'", reader.rest()));
  if (const std::string wrong = problem(config); !wrong.empty()) reader.fail(wrong);
  return config;
}

}  // namespace

std::string_view allowedSpecs() {
  return "fp16, or int|float|dynamic|quantile, bits 2 to 8, for float optionally e<bits>m<bits>, "
         "then -b<size> with a power of two from 16 to 4096 or -tensor "
         "(int4-b64, float4e2m1-b64, quantile3-tensor)";
}

std::string_view dataTypeName(DataType type) {
  for (const NamedType& candidate : kTypes)
    if (candidate.type == type) return candidate.name;
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("data type {} does not exist", static_cast<int>(type)));
}

QuantConfig QuantConfig::make(DataType type, int bits, std::int64_t blockSize) {
  QuantConfig config{
      .type = type, .bits = bits, .exponentBits = 0, .mantissaBits = 0, .blockSize = blockSize};
  if (type == DataType::Float && bits >= kLowestBits && bits <= kHighestBits) {
    config.exponentBits = paperExponentBits(bits);
    config.mantissaBits = bits - 1 - config.exponentBits;
  }
  config.validate();
  return config;
}

QuantConfig QuantConfig::parse(std::string_view spec) { return read(spec, true); }

QuantConfig QuantConfig::parseType(std::string_view spec) { return read(spec, false); }

void QuantConfig::validate() const {
  if (const std::string wrong = problem(*this); !wrong.empty())
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("quantization configuration: {}; allowed: {}", wrong, allowedSpecs()));
}

std::string QuantConfig::spec() const {
  if (isBaseline()) return std::string(dataTypeName(type));
  std::string text = fmt::format("{}{}", dataTypeName(type), bits);
  if (type == DataType::Float && exponentBits != paperExponentBits(bits))
    text += fmt::format("e{}m{}", exponentBits, mantissaBits);
  return text + (blockSize == 0 ? std::string("-tensor") : fmt::format("-b{}", blockSize));
}

double QuantConfig::bitsPerParameter() const {
  if (isBaseline() || blockSize == 0) return bits;
  return bits + 16.0 / static_cast<double>(blockSize);
}

}  // namespace bitfrontier
