// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/model/scored_model.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/cli/options.h"
#include "core/base/error.h"
#include "core/checkpoint/checkpoint.h"
#include "core/device/device.h"
#include "core/hub/model_name.h"
#include "core/quant/quant_config.h"
#include "kernels/registry.h"

namespace bitfrontier::cli {
namespace {

/// Bits of a checkpoint as it is: every tensor in its own type.
ModelBits storedBits(const Checkpoint& checkpoint, const ParameterSummary& parameters,
                     double& bitsPerParameter) {
  double bytes = 0;
  double elements = 0;
  for (const TensorInfo& tensor : checkpoint.tensors()) {
    double count = 1;
    for (const std::int64_t extent : tensor.shape) count *= static_cast<double>(extent);
    bytes += static_cast<double>(tensor.bytes);
    elements += count;
  }
  bitsPerParameter = elements > 0 ? 8 * bytes / elements : 0;
  return {static_cast<double>(parameters.linear) * bitsPerParameter,
          static_cast<double>(parameters.total()) * bitsPerParameter, 8 * bytes};
}

}  // namespace

void addModelOptions(CLI::App& command, ModelOptions& options) {
  command
      .add_option("--model", options.model,
                  "Checkpoint directory, model in the Hugging Face cache, or model of the suite")
      ->required()
      ->type_name("DIR");
  command
      .add_option("--config", options.config,
                  "none (weights as they are stored), " + allowedSpecs())
      ->type_name("SPEC")
      ->capture_default_str();
  addCalibrationOptions(command, options.calibration);
  command.add_flag("--packed", options.packed,
                   "Leave linear layers packed and dequantize them as they are used");
  command.add_option("--device", options.device, "cpu, cuda, cuda:N or auto")
      ->capture_default_str();
  addMemoryOption(command, options.memory);
}

ScoredModel loadScoredModel(const ModelOptions& options, const JobContext& job) {
  std::optional<QuantConfig> config;
  if (options.config != "none") config = QuantConfig::parse(options.config);
  const DeviceId device = resolveDevice(options.device);
  const std::filesystem::path directory = findModel(options.model.string());
  const Checkpoint checkpoint = Checkpoint::open(directory);
  Tokenizer tokenizer = Tokenizer::load(directory);
  ScoredModel scored{
      std::move(tokenizer),
      QuantizedModel(CausalLm::load(checkpoint, device, parseWeightMemory(options.memory)),
                     kernelsFor(device.text())),
      config ? config->spec() : options.config,
      device,
      {},
      {}};
  const ModelConfig& model = scored.lm().config();
  for (const std::string& note : model.notes) fmt::print(stderr, "bitfrontier: note: {}\n", note);
  // A quantized checkpoint as it is has its own configuration.
  if (!config && !model.quantization.empty()) config = QuantConfig::fp16();
  if (config) {
    const QuantConfig used = effectiveConfig(*config, model.quantization);
    at::Tensor tokens;
    if (used.needsCalibration() && model.quantization.empty()) {
      const auto text = calibrationText(options.calibration);
      if (!text) {
        throw Error(ErrorKind::InvalidArgument,
                    used.spec() + " needs --calibration, a text file or pocket");
      }
      tokens = calibrationTokens(*text, scored.tokenizer, model.maxPositions);
    }
    scored.quantized.apply(*config, job, tokens,
                           options.packed ? WeightForm::Packed : WeightForm::Dense);
    scored.config = used.spec();
    scored.bitsPerParameter = used.bitsPerParameter();
    scored.bits = scored.quantized.bits(used);
  } else {
    scored.bits = storedBits(checkpoint, scored.lm().parameters(), scored.bitsPerParameter);
  }
  return scored;
}

}  // namespace bitfrontier::cli
