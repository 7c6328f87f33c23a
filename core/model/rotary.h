// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <utility>

#include "core/model/config_reader.h"
#include "core/model/model_config.h"

namespace bitfrontier {

/// Reads the rotary embedding's options: `rope_parameters` (transformers 5) or the older keys
/// `rope_scaling`, `rope_theta` / `rotary_emb_base` and `rotary_pct` / `partial_rotary_factor`.
/// Scalings: default, linear, llama3, and dynamic, which changes nothing within
/// max_position_embeddings. Error Unsupported naming any other.
void readRotary(const ConfigReader& reader, ModelConfig& config, double defaultFraction);

/// Dimensions of each head that are rotated.
std::int64_t rotaryDimensions(const ModelConfig& config);

/// Cosines and sines [time, rotary dimensions], fp32 on the device of `like`, half-split layout.
std::pair<at::Tensor, at::Tensor> rotaryTables(const ModelConfig& config, std::int64_t time,
                                               const at::Tensor& like);

/// Rotates the first dimensions of x [batch, heads, time, headDim] by tables of its type.
at::Tensor rotate(const at::Tensor& x, const at::Tensor& cosines, const at::Tensor& sines);

}  // namespace bitfrontier
