// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "core/store/import/quantized_name.h"

namespace bitfrontier {

/// What a model's folder says about its weights.
struct ModelFolder {
  std::filesystem::path path;
  std::string dtype;                          ///< "float32", ...; empty when not said
  std::optional<QuantizedName> quantization;  ///< of "quantization_config" in config.json
  double fileBits = 0;                        ///< of its weight files; 0 when there are none
};

/// Reads "quantization_config" of transformers (gptq, awq, bitsandbytes, compressed-tensors, fp8,
/// mxfp4, hqq, aqlm, quanto, eetq, torchao, modelopt, exl2, ...; transformers 5.23). Bits are 0
/// when it does not tell; absent when it describes weights of 16 bits.
std::optional<QuantizedName> readQuantizationConfig(const nlohmann::json& config);

/// The folder of a model that a file names: itself when it is a folder here, or the snapshot of
/// that revision in the Hugging Face cache. Nothing when it is not on this machine or cannot be
/// read.
std::optional<ModelFolder> findModelFolder(const std::string& name, const std::string& revision);

}  // namespace bitfrontier
