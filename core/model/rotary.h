// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <utility>

#include "core/model/config_reader.h"
#include "core/model/model_config.h"

namespace bitfrontier {

/// Where a family's config.json has the options, and what its code makes of them.
struct RotaryKeys {
  const char* base;      ///< beside `rope_scaling`: "rope_theta" or "rotary_emb_base"
  const char* fraction;  ///< "partial_rotary_factor" or "rotary_pct"
  double defaultFraction;
  /// False: heads are rotated whole, as by transformers' Llama, which heeds no fraction.
  bool partial;
};

/// Reads the rotary embedding's options as transformers 5.23 does: `rope_scaling`, and where that
/// is empty `rope_parameters`, is one object with type, base, fraction and scaling; what it does
/// not say is read beside it. Types: default, linear, llama3, yarn, and dynamic, which changes
/// nothing within max_position_embeddings. Error Unsupported naming any other. Options without a
/// use are named in `config.notes`.
void readRotary(const ConfigReader& reader, const RotaryKeys& keys, ModelConfig& config);

/// The object that describes the scaling, as `rope_parameters` holds it.
nlohmann::ordered_json writeRotary(const ModelConfig& config);

/// Dimensions of each head that are rotated.
std::int64_t rotaryDimensions(const ModelConfig& config);

/// Cosines and sines [time, rotary dimensions, rounded up to even], fp32 on the device of `like`,
/// half-split layout.
std::pair<at::Tensor, at::Tensor> rotaryTables(const ModelConfig& config, std::int64_t time,
                                               const at::Tensor& like);

/// Rotates the first dimensions of x [batch, heads, time, headDim] by tables of its type.
at::Tensor rotate(const at::Tensor& x, const at::Tensor& cosines, const at::Tensor& sines);

}  // namespace bitfrontier
