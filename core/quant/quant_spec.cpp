// SPDX-License-Identifier: GPL-3.0-or-later
/// Reading and writing of specs. The first part names the type, the others, between dashes, one
/// axis each.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "core/base/error.h"
#include "core/quant/quant_config.h"

namespace bitfrontier {
namespace {

constexpr std::int64_t kDefaultBlock = 64;

/// Axes that a spec may set, to find what is said twice.
enum class Part {
  Block,
  Constant,
  Sign,
  Centering,
  Outliers,
  Search,
  Method,
  Order,
  Damping,
  Embeddings,
  Head
};

/// Reads one text from left to right.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool atEnd() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  /// A decimal number without leading zeros or sign.
  std::optional<std::int64_t> takeNumber() {
    std::int64_t value = 0;
    const auto [end, status] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (status != std::errc() || rest_.front() == '-') return std::nullopt;
    if (rest_.front() == '0' && end != rest_.data() + 1) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

  /// What is left as digits with at most one point between them, or nothing.
  std::optional<double> takeDecimal() {
    const bool digits = !rest_.empty() && rest_.find_first_not_of("0123456789.") == rest_.npos &&
                        rest_.front() != '.' && rest_.back() != '.';
    double value = 0;
    const auto [end, status] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (!digits || status != std::errc() || end != rest_.data() + rest_.size()) return std::nullopt;
    rest_ = {};
    return value;
  }

 private:
  std::string_view rest_;
};

std::string listOfNames() {
  std::string names;
  const auto add = [&](std::string_view name) {
    names += (names.empty() ? "" : "|") + std::string(name);
  };
  for (const DataTypeInfo& info : dataTypes())
    if (info.highestBits < 16) add(info.name);
  return names;
}

class SpecParser {
 public:
  SpecParser(std::string_view spec, bool blockRequired)
      : spec_(spec), blockRequired_(blockRequired) {}

  QuantConfig parse() {
    const std::size_t dash = spec_.find('-');
    readType(spec_.substr(0, dash));
    readParts(dash == spec_.npos ? std::string_view() : spec_.substr(dash));
    if (!config_.isBaseline() && !has(Part::Block)) {
      if (blockRequired_) fail("no block size (-b<size>, -b<size>r, -row or -tensor)");
      config_.blockSize = kDefaultBlock;
    }
    if (const auto wrong = config_.problem()) fail(*wrong);
    return config_;
  }

  QuantVariant parseVariant() {
    if (!spec_.empty() && spec_.front() != '-') fail("the end of a spec begins with a dash");
    config_ = QuantConfig::make(DataType::Int, 4, kDefaultBlock);  // one that can have everything
    seen_ = {Part::Block};
    readParts(spec_);
    if (const auto wrong = config_.problem()) fail(*wrong);
    return config_;
  }

 private:
  /// `text` is empty or begins with its dash.
  void readParts(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('-', 1), text.size());
      readPart(text.substr(0, end));
      text.remove_prefix(end);
    }
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorKind::InvalidArgument, fmt::format("quantization spec '{}': {}; allowed: {}",
                                                        spec_, what, allowedSpecs()));
  }

  bool has(Part part) const { return std::ranges::find(seen_, part) != seen_.end(); }

  void once(Part part, std::string_view text) {
    if (has(part)) fail(fmt::format("'{}' contradicts or repeats what stands before it", text));
    seen_.push_back(part);
  }

  void readType(std::string_view text) {
    for (const SpecAlias& alias : specAliases()) {
      if (text != alias.name) continue;
      // An alias of a type still has no block; "-tensor" only completes its spec.
      config_ = alias.whole ? QuantConfig::parse(alias.spec) : QuantConfig::parseType(alias.spec);
      if (alias.whole) {
        seen_ = {Part::Block, Part::Constant};
      } else {
        config_.blockSize = 0;
      }
      return;
    }
    Reader reader(text);
    const DataTypeInfo* found = nullptr;
    for (const DataTypeInfo& info : dataTypes()) {
      if (text == info.name && info.lowestBits == 16) {
        config_ = QuantConfig::make(info.type, 16, 0);
        return;
      }
      if (info.lowestBits < 16 && text.starts_with(info.name)) found = &info;
    }
    if (found == nullptr) fail(fmt::format("unknown data type '{}'", text));
    reader.take(found->name);
    const auto bits = reader.takeNumber();
    if (!bits) fail(fmt::format("no number of bits behind '{}'", found->name));
    if (*bits < found->lowestBits || *bits > found->highestBits)
      fail(fmt::format("{} has {} to {} bits, not {}", found->name, found->lowestBits,
                       found->highestBits, *bits));
    config_.type = found->type;
    config_.bits = static_cast<int>(*bits);
    if (found->type == DataType::Float) readSplit(reader);
    if (!reader.atEnd()) fail(fmt::format("cannot read '{}' behind the type", reader.rest()));
  }

  void readSplit(Reader& reader) {
    config_.exponentBits = paperExponentBits(config_.bits);
    config_.mantissaBits = config_.bits - 1 - config_.exponentBits;
    if (reader.take("e")) {
      const auto exponent = reader.takeNumber();
      const auto mantissa = reader.take("m") ? reader.takeNumber() : std::nullopt;
      if (!exponent || !mantissa) fail("an exponent split reads e<bits>m<bits>");
      if (*exponent > 8 || *mantissa > 8)
        fail(fmt::format("e{}m{} is not a split of {} bits", *exponent, *mantissa, config_.bits));
      config_.exponentBits = static_cast<int>(*exponent);
      config_.mantissaBits = static_cast<int>(*mantissa);
    }
    if (reader.take("b0")) config_.subnormals = Subnormals::BiasText;
    if (reader.take("b+1")) config_.subnormals = Subnormals::BiasPlusOne;
    if (reader.take("n")) config_.nanCodes = true;
  }

  /// `text` begins with its dash.
  void readPart(std::string_view text) {
    if (config_.isBaseline())
      fail(fmt::format("'{}': {} has 16 bits and nothing else", text, dataTypeName(config_.type)));
    if (readNamed(text, blockAxis().subspan(2), Part::Block,
                  [this](std::size_t i) { config_.blockSize = i == 0 ? QuantConfig::kPerRow : 0; }))
      return;
    if (readNamed(text, constantAxis(), Part::Constant,
                  [this](std::size_t i) { config_.constant = static_cast<ConstantType>(i); }) ||
        readNamed(text, signAxis(), Part::Sign,
                  [this](std::size_t) { config_.signedMax = true; }) ||
        readNamed(text, centeringAxis(), Part::Centering,
                  [this](std::size_t i) { config_.centering = static_cast<Centering>(i); }) ||
        readNamed(text, scaleSearchAxis(), Part::Search,
                  [this](std::size_t i) { config_.search = static_cast<ScaleSearch>(i); }) ||
        readNamed(text, methodAxis(), Part::Method,
                  [this](std::size_t i) { config_.method = static_cast<Method>(i); }) ||
        readNamed(text, gptqAxis().first(1), Part::Order,
                  [this](std::size_t) { config_.activationOrder = true; }) ||
        readNamed(text, scopeAxis().first(1), Part::Embeddings,
                  [this](std::size_t) { config_.embeddings = true; }) ||
        readNamed(text, scopeAxis().subspan(1), Part::Head,
                  [this](std::size_t) { config_.head = true; }))
      return;
    readNumbered(text);
  }

  /// Sets a value whose notation is `text`, if the axis has one.
  template <typename Set>
  bool readNamed(std::string_view text, std::span<const AxisValue> axis, Part part,
                 const Set& set) {
    for (std::size_t i = 0; i < axis.size(); ++i) {
      if (axis[i].notation.empty() || axis[i].notation != text) continue;
      once(part, text);
      set(i);
      return true;
    }
    return false;
  }

  void readNumbered(std::string_view text) {
    Reader reader(text);
    if (reader.take("-damp")) {
      once(Part::Damping, text);
      const auto percent = reader.takeDecimal();
      if (!percent) fail(fmt::format("no percentage behind '-damp' in '{}'", text));
      config_.dampingPercent = *percent;
    } else if (reader.take("-oc") || reader.take("-o")) {
      once(Part::Outliers, text);
      const auto percent = reader.takeDecimal();
      if (!percent)
        fail(fmt::format("no percentage behind '{}' in '{}'",
                         text.starts_with("-oc") ? "-oc" : "-o", text));
      config_.outliers =
          text.starts_with("-oc") ? OutlierRule::CurrentColumn : OutlierRule::PreviousLayer;
      config_.outlierPercent = *percent;
    } else if (reader.take("-b")) {
      once(Part::Block, text);
      const auto block = reader.takeNumber();
      if (!block) fail("no block size behind '-b'");
      if (*block == 0) fail("block size 0 is not allowed, write -tensor");
      config_.blockSize = *block;
      config_.withinRows = reader.take("r");
      if (!reader.atEnd()) fail(fmt::format("cannot read '{}' behind the block", reader.rest()));
    } else {
      fail(fmt::format("cannot read '{}'", text));
    }
  }

  std::string_view spec_;
  bool blockRequired_;
  QuantConfig config_;
  std::vector<Part> seen_;
};

/// The alias that stands for the type (and, when whole, for block and constant), or null.
const SpecAlias* aliasOf(const QuantConfig& config, bool whole) {
  for (const SpecAlias& alias : specAliases()) {
    if (alias.whole != whole) continue;
    const QuantConfig known = QuantConfig::parseType(alias.spec);
    const bool sameType =
        known.type == config.type && known.bits == config.bits &&
        known.exponentBits == config.exponentBits && known.mantissaBits == config.mantissaBits &&
        known.subnormals == config.subnormals && known.nanCodes == config.nanCodes;
    const bool sameBlock = known.blockSize == config.blockSize &&
                           known.withinRows == config.withinRows &&
                           known.constant == config.constant;
    if (sameType && (!whole || sameBlock)) return &alias;
  }
  return nullptr;
}

std::string_view constantNotation(const QuantVariant& variant) {
  return constantAxis()[static_cast<std::size_t>(variant.constant)].notation;
}

/// All of a variant but the constant, which an alias may stand for.
std::string restNotation(const QuantVariant& variant) {
  std::string text;
  if (variant.signedMax) text += "-signed";
  text += centeringAxis()[static_cast<std::size_t>(variant.centering)].notation;
  if (variant.outliers != OutlierRule::None)
    text += fmt::format("{}{}", variant.outliers == OutlierRule::CurrentColumn ? "-oc" : "-o",
                        variant.outlierPercent);
  text += scaleSearchAxis()[static_cast<std::size_t>(variant.search)].notation;
  text += methodAxis()[static_cast<std::size_t>(variant.method)].notation;
  if (variant.activationOrder) text += "-act";
  if (variant.dampingPercent != 1) text += fmt::format("-damp{}", variant.dampingPercent);
  if (variant.embeddings) text += "-emb";
  if (variant.head) text += "-head";
  return text;
}

std::string blockSpec(const QuantConfig& config) {
  if (config.blockSize == 0) return "-tensor";
  if (config.blockSize == QuantConfig::kPerRow) return "-row";
  return fmt::format("-b{}{}", config.blockSize, config.withinRows ? "r" : "");
}

}  // namespace

const std::string& allowedSpecs() {
  static const std::string text = [] {
    std::string aliases;
    for (const SpecAlias& alias : specAliases())
      if (alias.whole) aliases += fmt::format(", {}", alias.name);
    return fmt::format(
        "fp16, bf16{}, or {}, bits 2 to 8 (or fp4), for float optionally e<bits>m<bits> and b0, "
        "b+1 "
        "or n, then -b<size> with a power of two from 16 to 4096, -b<size>r, -row or -tensor, then "
        "what applies of -sfp32|-sbf16|-se8m0|-se4m3|-sdq, -signed, -mean|-bmean, "
        "-o<percent>|-oc<percent>, -mse|-wmse, -gptq[-act][-damp<percent>]|-awq, -emb, -head "
        "(int4-b64, float4e2m1-b64, nf4-b64-sdq, int3-b128r-gptq, quantile3-tensor)",
        aliases, listOfNames());
  }();
  return text;
}

QuantConfig QuantConfig::parse(std::string_view spec) { return SpecParser(spec, true).parse(); }

QuantConfig QuantConfig::parseType(std::string_view spec) {
  return SpecParser(spec, false).parse();
}

std::string QuantConfig::typeSpec() const {
  if (isBaseline()) return std::string(dataTypeName(type));
  if (const SpecAlias* alias = aliasOf(*this, false)) return std::string(alias->name);
  std::string text = fmt::format("{}{}", dataTypeName(type), bits);
  if (type != DataType::Float) return text;
  if (exponentBits != paperExponentBits(bits))
    text += fmt::format("e{}m{}", exponentBits, mantissaBits);
  if (subnormals == Subnormals::BiasText) text += "b0";
  if (subnormals == Subnormals::BiasPlusOne) text += "b+1";
  if (nanCodes) text += "n";
  return text;
}

QuantVariant QuantVariant::parse(std::string_view notation) {
  return SpecParser(notation, false).parseVariant();
}

std::string QuantVariant::notation() const {
  return std::string(constantNotation(*this)) + restNotation(*this);
}

std::string QuantConfig::spec() const {
  if (isBaseline()) return typeSpec();
  if (const SpecAlias* alias = aliasOf(*this, true))
    return std::string(alias->name) + restNotation(*this);
  return typeSpec() + blockSpec(*this) + notation();
}

}  // namespace bitfrontier
