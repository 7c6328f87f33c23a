// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/rotary.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/json.h"

namespace bitfrontier {
namespace {

using Kind = RotaryScaling::Kind;

/// The keys that a type of rotary embedding heeds; nothing for a type that is not supported.
std::optional<std::vector<std::string_view>> keysOf(std::string_view type) {
  std::vector<std::string_view> keys = {"rope_type", "type", "rope_theta", "partial_rotary_factor"};
  const auto also = [&](std::initializer_list<std::string_view> more) {
    keys.insert(keys.end(), more);
    return keys;
  };
  if (type == "default") return keys;
  // Beyond max_position_embeddings alone, which is not reached.
  if (type == "dynamic" || type == "linear") return also({"factor"});
  if (type == "llama3") {
    return also(
        {"factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings"});
  }
  if (type == "yarn") {
    return also({"factor", "original_max_position_embeddings", "attention_factor", "beta_fast",
                 "beta_slow", "mscale", "mscale_all_dim", "truncate"});
  }
  return std::nullopt;
}

/// Refuses a type or an option of which nothing is known, and notes what is not heeded.
void checkRope(const ConfigReader& rope, const std::string& type, ModelConfig& config) {
  const auto known = keysOf(type);
  if (!known) {
    throw Error(ErrorKind::Unsupported,
                fmt::format("{}: rope_type \"{}\" is not supported (default, linear, dynamic, "
                            "llama3 and yarn are)",
                            rope.origin(), type));
  }
  std::vector<std::string> unused;
  for (const auto& [name, value] : rope.json().items()) {
    if (value.is_object()) {
      throw Error(
          ErrorKind::Unsupported,
          fmt::format("{}: options of its own for {} are not supported", rope.origin(), name));
    }
    const bool heeded = std::ranges::find(*known, name) != known->end();
    if (!heeded && !value.is_null() && value != false) unused.push_back(name);
  }
  if (!unused.empty()) {
    addNote(config, fmt::format("{}: rope_type \"{}\" does not use {}", rope.origin(), type,
                                fmt::join(unused, ", ")));
  }
}

double requireFactor(const ConfigReader& rope, const char* name, const std::string& type) {
  if (!rope.has(name)) {
    throw Error(ErrorKind::Format,
                fmt::format("{}: rope_type \"{}\" comes without a {}", rope.origin(), type, name));
  }
  return rope.positive({name}, 1.0);
}

void readLlama3(const ConfigReader& rope, RotaryScaling& scaling) {
  scaling.lowFrequencyFactor = requireFactor(rope, "low_freq_factor", "llama3");
  scaling.highFrequencyFactor = requireFactor(rope, "high_freq_factor", "llama3");
  if (!(scaling.highFrequencyFactor > scaling.lowFrequencyFactor)) {
    throw Error(
        ErrorKind::Format,
        fmt::format("{}: high_freq_factor {} is not above low_freq_factor {}", rope.origin(),
                    scaling.highFrequencyFactor, scaling.lowFrequencyFactor));
  }
}

void readYarn(const ConfigReader& rope, RotaryScaling& scaling) {
  // Zero stands for the default.
  const auto orDefault = [&](const char* name, double fallback) {
    const double value = rope.number({name}, fallback);
    return value == 0.0 ? fallback : value;
  };
  scaling.fastTurns = orDefault("beta_fast", 32.0);
  scaling.slowTurns = orDefault("beta_slow", 1.0);
  if (!(scaling.slowTurns > 0.0 && scaling.fastTurns >= scaling.slowTurns)) {
    throw Error(ErrorKind::Format,
                fmt::format("{}: beta_fast {} is below beta_slow {}", rope.origin(),
                            scaling.fastTurns, scaling.slowTurns));
  }
  scaling.truncate = rope.flag({"truncate"}, true);
  const auto scale = [&](double weight) {
    return scaling.factor <= 1.0 ? 1.0 : 0.1 * weight * std::log(scaling.factor) + 1.0;
  };
  const double all = rope.number({"mscale_all_dim"}, 0.0);
  const double own = rope.number({"mscale"}, 0.0);
  const double usual = own != 0.0 && all != 0.0 ? scale(own) / scale(all) : scale(1.0);
  scaling.attentionFactor = rope.positive({"attention_factor"}, usual);
}

RotaryScaling readScaling(const ConfigReader& reader, const ConfigReader& rope,
                          const std::string& type, std::int64_t maxPositions) {
  RotaryScaling scaling;
  if (type == "default" || type == "dynamic") return scaling;
  scaling.kind = type == "linear" ? Kind::Linear : type == "llama3" ? Kind::Llama3 : Kind::Yarn;
  if (scaling.kind != Kind::Linear) {
    // Beside the options it counts more than inside them.
    constexpr const char* kOriginal = "original_max_position_embeddings";
    scaling.originalPositions =
        reader.has(kOriginal) ? reader.size({kOriginal}, 0) : rope.size({kOriginal}, maxPositions);
  }
  const bool implied = scaling.kind == Kind::Yarn && rope.json().contains("factor") &&
                       rope.json().at("factor").is_null();
  scaling.factor =
      implied ? static_cast<double>(maxPositions) / static_cast<double>(scaling.originalPositions)
              : requireFactor(rope, "factor", type);
  if (scaling.kind == Kind::Llama3) readLlama3(rope, scaling);
  if (scaling.kind == Kind::Yarn) readYarn(rope, scaling);
  return scaling;
}

/// The object with the options, or an empty one.
const nlohmann::json& ropeObject(const ConfigReader& reader, const char*& key) {
  static const nlohmann::json kNone = nlohmann::json::object();
  for (const char* name : {"rope_scaling", "rope_parameters"}) {
    if (!reader.has(name)) continue;
    const nlohmann::json& object = requireObject(reader.json(), name, reader.origin());
    key = name;
    if (!object.empty()) return object;
  }
  return kNone;
}

void checkDimensions(const ConfigReader& reader, const ModelConfig& config) {
  const std::int64_t rotary = rotaryDimensions(config);
  const std::int64_t turned = rotary + rotary % 2;
  const bool fits = rotary > 0 && turned <= config.sizeOfHead();
  if (fits && (turned == rotary || config.rotaryScaling.kind != Kind::Yarn)) return;
  throw Error(ErrorKind::Format,
              fmt::format("{}: a share of {} rotates {} of a head's {} dimensions, which makes no "
                          "pairs",
                          reader.origin(), config.rotaryFraction, rotary, config.sizeOfHead()));
}

/// How much of the frequencies stays as it is: 1 up to the first bound, 0 from the second.
at::Tensor yarnShare(const ModelConfig& config, std::int64_t rotary,
                     const at::TensorOptions& options) {
  const RotaryScaling& scaling = config.rotaryScaling;
  const auto dimensions = static_cast<double>(rotary);
  const auto bound = [&](double turns) {
    return dimensions *
           std::log(static_cast<double>(scaling.originalPositions) /
                    (turns * 2.0 * std::numbers::pi)) /
           (2.0 * std::log(config.rotaryBase));
  };
  double low = bound(scaling.fastTurns);
  double high = bound(scaling.slowTurns);
  if (scaling.truncate) {
    low = std::floor(low);
    high = std::ceil(high);
  }
  low = std::max(low, 0.0);
  high = std::min(high, dimensions - 1.0);
  if (low == high) high += 0.001;
  return 1.0 - ((at::arange(rotary / 2, options) - low) / (high - low)).clamp(0.0, 1.0);
}

}  // namespace

void readRotary(const ConfigReader& reader, const RotaryKeys& keys, ModelConfig& config) {
  config.positions = Positions::Rotary;
  const char* key = "rope_parameters";
  const nlohmann::json& options = ropeObject(reader, key);
  const ConfigReader rope(options, fmt::format("{}: {}", reader.origin(), key));
  const std::string type = rope.text({"rope_type", "type"}, "default");
  checkRope(rope, type, config);
  config.rotaryBase = rope.number({"rope_theta"}, reader.number({keys.base}, 10000.0));
  config.rotaryFraction =
      rope.number({"partial_rotary_factor"}, reader.number({keys.fraction}, keys.defaultFraction));
  config.rotaryScaling = readScaling(reader, rope, type, config.maxPositions);
  if (!keys.partial && config.rotaryFraction != 1.0) {
    if (type != "default") {
      throw Error(ErrorKind::Unsupported,
                  fmt::format("{}: partial_rotary_factor {} is not supported beside rope_type "
                              "\"{}\"",
                              reader.origin(), config.rotaryFraction, type));
    }
    addNote(config, fmt::format("{}: partial_rotary_factor {} is not heeded, heads are rotated "
                                "whole as by transformers",
                                reader.origin(), config.rotaryFraction));
    config.rotaryFraction = 1.0;
  }
  if (!(config.rotaryFraction > 0.0 && config.rotaryFraction <= 1.0)) {
    throw Error(ErrorKind::Format, fmt::format("{}: {} is {}, not within (0, 1]", reader.origin(),
                                               keys.fraction, config.rotaryFraction));
  }
  if (!(config.rotaryBase > 1.0)) {
    throw Error(ErrorKind::Format, fmt::format("{}: {} is {}, not above 1", reader.origin(),
                                               keys.base, config.rotaryBase));
  }
  checkDimensions(reader, config);
}

nlohmann::ordered_json writeRotary(const ModelConfig& config) {
  nlohmann::ordered_json rope = {{"rope_type", "default"}, {"rope_theta", config.rotaryBase}};
  const RotaryScaling& scaling = config.rotaryScaling;
  if (scaling.kind == Kind::None) return rope;
  rope["factor"] = scaling.factor;
  rope["rope_type"] = "linear";
  if (scaling.kind == Kind::Linear) return rope;
  rope["original_max_position_embeddings"] = scaling.originalPositions;
  if (scaling.kind == Kind::Llama3) {
    rope["rope_type"] = "llama3";
    rope["low_freq_factor"] = scaling.lowFrequencyFactor;
    rope["high_freq_factor"] = scaling.highFrequencyFactor;
    return rope;
  }
  rope["rope_type"] = "yarn";
  rope["beta_fast"] = scaling.fastTurns;
  rope["beta_slow"] = scaling.slowTurns;
  rope["truncate"] = scaling.truncate;
  rope["attention_factor"] = scaling.attentionFactor;
  return rope;
}

std::int64_t rotaryDimensions(const ModelConfig& config) {
  return static_cast<std::int64_t>(static_cast<double>(config.sizeOfHead()) *
                                   config.rotaryFraction);
}

std::pair<at::Tensor, at::Tensor> rotaryTables(const ModelConfig& config, std::int64_t time,
                                               const at::Tensor& like) {
  const std::int64_t rotary = rotaryDimensions(config);
  const auto options = at::TensorOptions().dtype(at::kFloat).device(like.device());
  const at::Tensor exponents = at::arange(0, rotary, 2, options) / static_cast<double>(rotary);
  at::Tensor frequencies = at::pow(config.rotaryBase, exponents).reciprocal();
  const RotaryScaling& scaling = config.rotaryScaling;
  if (scaling.kind == Kind::Linear) {
    frequencies = frequencies / scaling.factor;
  } else if (scaling.kind == Kind::Llama3) {
    // Wavelengths up to original / high stay, those above original / low are stretched by the
    // factor, between them the two are mixed.
    const auto original = static_cast<double>(scaling.originalPositions);
    const at::Tensor turns = frequencies * (original / (2.0 * std::numbers::pi));
    const at::Tensor smooth = ((turns - scaling.lowFrequencyFactor) /
                               (scaling.highFrequencyFactor - scaling.lowFrequencyFactor))
                                  .clamp(0.0, 1.0);
    frequencies = (1.0 - smooth) * frequencies / scaling.factor + smooth * frequencies;
  } else if (scaling.kind == Kind::Yarn) {
    const at::Tensor share = yarnShare(config, rotary, options);
    frequencies = (1.0 - share) * frequencies / scaling.factor + share * frequencies;
  }
  const at::Tensor angles = at::outer(at::arange(time, options), frequencies);
  const at::Tensor both = at::cat({angles, angles}, -1);
  if (scaling.attentionFactor == 1.0) return {both.cos(), both.sin()};
  return {both.cos() * scaling.attentionFactor, both.sin() * scaling.attentionFactor};
}

at::Tensor rotate(const at::Tensor& x, const at::Tensor& cosines, const at::Tensor& sines) {
  const std::int64_t headDim = x.size(-1);
  const std::int64_t rotary = cosines.size(-1);
  const at::Tensor turned = x.narrow(-1, 0, rotary);
  const at::Tensor first = turned.narrow(-1, 0, rotary / 2);
  const at::Tensor second = turned.narrow(-1, rotary / 2, rotary / 2);
  const at::Tensor result = turned * cosines + at::cat({-second, first}, -1) * sines;
  if (rotary == headDim) return result;
  return at::cat({result, x.narrow(-1, rotary, headDim - rotary)}, -1);
}

}  // namespace bitfrontier
