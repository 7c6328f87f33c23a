// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "app/cli/model/calibration_options.h"
#include "core/base/job.h"
#include "core/modelquant/quantized_model.h"
#include "core/tokenizer/tokenizer.h"

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11's own
class App;
}

namespace bitfrontier::cli {

/// Which model is scored, in which representation and where.
struct ModelOptions {
  std::filesystem::path model;
  std::string config = "none";
  CalibrationOptions calibration;
  bool packed = false;
  std::string device = "auto";
  std::string memory = "auto";
};
/// --model, --config, --calibration..., --packed, --device and --memory.
void addModelOptions(CLI::App& command, ModelOptions& options);

/// A model with its tokenizer, ready to be scored.
struct ScoredModel {
  Tokenizer tokenizer;
  QuantizedModel quantized;
  std::string config;  ///< canonical spec; "none" = the weights as they are stored
  DeviceId device;
  double bitsPerParameter = 0;
  ModelBits bits;

  const CausalLm& lm() const { return quantized.model(); }
};

/// Reads the model and applies the configuration. Throws what the parts of it throw.
ScoredModel loadScoredModel(const ModelOptions& options, const JobContext& job);

}  // namespace bitfrontier::cli
