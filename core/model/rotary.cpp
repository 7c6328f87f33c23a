// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/rotary.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <numbers>

#include "core/base/error.h"
#include "core/base/json.h"

namespace bitfrontier {
namespace {

RotaryScaling readScaling(const ConfigReader& rope, std::int64_t maxPositions) {
  const std::string type = rope.text({"rope_type", "type"}, "default");
  RotaryScaling scaling;
  if (type == "default" || type == "dynamic") return scaling;
  if (type == "linear") {
    scaling.kind = RotaryScaling::Kind::Linear;
  } else if (type == "llama3") {
    scaling.kind = RotaryScaling::Kind::Llama3;
    scaling.lowFrequencyFactor = rope.positive({"low_freq_factor"}, 1.0);
    scaling.highFrequencyFactor = rope.positive({"high_freq_factor"}, 4.0);
    scaling.originalPositions = rope.size({"original_max_position_embeddings"}, maxPositions);
    if (!(scaling.highFrequencyFactor > scaling.lowFrequencyFactor)) {
      throw Error(
          ErrorKind::Format,
          fmt::format("{}: high_freq_factor {} is not above low_freq_factor {}", rope.origin(),
                      scaling.highFrequencyFactor, scaling.lowFrequencyFactor));
    }
  } else {
    throw Error(ErrorKind::Unsupported,
                fmt::format("{}: rope_type \"{}\" is not supported (default, linear, dynamic and "
                            "llama3 are)",
                            rope.origin(), type));
  }
  if (!rope.has("factor")) {
    throw Error(ErrorKind::Format,
                fmt::format("{}: rope_type \"{}\" comes without a factor", rope.origin(), type));
  }
  scaling.factor = rope.positive({"factor"}, 1.0);
  return scaling;
}

}  // namespace

void readRotary(const ConfigReader& reader, ModelConfig& config, double defaultFraction) {
  config.positions = Positions::Rotary;
  config.rotaryFraction = reader.number({"rotary_pct", "partial_rotary_factor"}, defaultFraction);
  config.rotaryBase = reader.number({"rope_theta", "rotary_emb_base"}, 10000.0);
  for (const char* key : {"rope_scaling", "rope_parameters"}) {
    if (!reader.has(key)) continue;
    const ConfigReader rope(requireObject(reader.json(), key, reader.origin()),
                            reader.origin() + ": " + key);
    config.rotaryFraction = rope.number({"partial_rotary_factor"}, config.rotaryFraction);
    config.rotaryBase = rope.number({"rope_theta"}, config.rotaryBase);
    for (const auto& [name, value] : rope.json().items()) {
      if (value.is_object()) {
        throw Error(
            ErrorKind::Unsupported,
            fmt::format("{}: options of its own for {} are not supported", rope.origin(), name));
      }
    }
    config.rotaryScaling = readScaling(rope, config.maxPositions);
    // Beside the options it counts more than inside them, as in transformers.
    config.rotaryScaling.originalPositions =
        reader.size({"original_max_position_embeddings"}, config.rotaryScaling.originalPositions);
  }
  if (!(config.rotaryFraction > 0.0 && config.rotaryFraction <= 1.0)) {
    throw Error(ErrorKind::Format, fmt::format("{}: rotary_pct is {}, not within (0, 1]",
                                               reader.origin(), config.rotaryFraction));
  }
  if (!(config.rotaryBase > 1.0)) {
    throw Error(ErrorKind::Format, fmt::format("{}: rope_theta is {}, not above 1", reader.origin(),
                                               config.rotaryBase));
  }
  const std::int64_t rotary = rotaryDimensions(config);
  if (rotary < 2 || rotary % 2 != 0) {
    throw Error(ErrorKind::Format,
                fmt::format("{}: rotary_pct {} rotates {} of a head's {} dimensions, not an even "
                            "number",
                            reader.origin(), config.rotaryFraction, rotary, config.sizeOfHead()));
  }
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
  if (scaling.kind == RotaryScaling::Kind::Linear) {
    frequencies = frequencies / scaling.factor;
  } else if (scaling.kind == RotaryScaling::Kind::Llama3) {
    // Wavelengths up to original / high stay, those above original / low are stretched by the
    // factor, between them the two are mixed.
    const auto original = static_cast<double>(scaling.originalPositions);
    const at::Tensor turns = frequencies * (original / (2.0 * std::numbers::pi));
    const at::Tensor smooth = ((turns - scaling.lowFrequencyFactor) /
                               (scaling.highFrequencyFactor - scaling.lowFrequencyFactor))
                                  .clamp(0.0, 1.0);
    frequencies = (1.0 - smooth) * frequencies / scaling.factor + smooth * frequencies;
  }
  const at::Tensor angles = at::outer(at::arange(time, options), frequencies);
  const at::Tensor both = at::cat({angles, angles}, -1);
  return {both.cos(), both.sin()};
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
