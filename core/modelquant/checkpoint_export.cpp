// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/modelquant/checkpoint_export.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/checkpoint/checkpoint.h"
#include "core/checkpoint/safetensors_writer.h"
#include "core/model/checkpoint_weights.h"
#include "core/model/packed_weights.h"
#include "core/modelquant/model_quantizer.h"
#include "core/modelquant/previous_layer.h"
#include "core/quant/codebook_for.h"
#include "core/tokenizer/tokenizer.h"
#include "kernels/registry.h"

namespace bitfrontier {
namespace {

/// Files beside the weights that belong to a model.
constexpr std::array<const char*, 9> kCompanions = {"tokenizer.json",
                                                    "tokenizer_config.json",
                                                    "special_tokens_map.json",
                                                    "added_tokens.json",
                                                    "vocab.json",
                                                    "merges.txt",
                                                    "generation_config.json",
                                                    "README.md",
                                                    "LICENSE"};
constexpr const char* kCodebookName = "bitfrontier.codebook";

using Weights = std::vector<std::pair<TensorSlot, at::Tensor>>;

/// fp16, refusing what does not fit.
at::Tensor toHalf(const at::Tensor& tensor) {
  if (tensor.scalar_type() == at::kHalf) return tensor;
  const at::Tensor half = tensor.to(at::kHalf);
  if (const std::int64_t index = firstNotFinite(half); index >= 0)
    throw Error(ErrorKind::Numeric,
                fmt::format("value {} of {} is {}, too large for fp16", index, tensor.numel(),
                            tensor.reshape({-1})[index].to(at::kDouble).item<double>()));
  return half;
}

class Exporter {
 public:
  Exporter(const std::filesystem::path& source, const std::filesystem::path& target,
           const QuantConfig& config, const ExportOptions& options, const JobContext& job)
      : checkpoint_(Checkpoint::open(source)),
        target_(target),
        config_(config),
        options_(options),
        job_(job) {
    config.validate();
    if (config.isBaseline() && !options.dequantized)
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("{} has no packed form; write it dequantized", config.spec()));
    if (config.needsCalibration() && !options.calibration)
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("{} needs a calibration text", config.spec()));
    CheckpointWeights weights = readWeights(checkpoint_, WeightCheck::ShapesOnly);
    if (!weights.config.quantization.empty())
      throw Error(ErrorKind::Unsupported,
                  fmt::format("{}: the weights are quantized as {} already", source.string(),
                              weights.config.quantization));
    model_ = weights.config;
    weights_ = std::move(weights.tensors);
    std::error_code error;
    std::filesystem::create_directories(target, error);
    if (error)
      throw Error(ErrorKind::Io,
                  fmt::format("cannot make folder {}: {}", target.string(), error.message()));
    if (std::filesystem::equivalent(source, target, error))
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("{}: a model cannot be written over itself", target.string()));
  }

  ExportResult run() {
    planTensors();
    const std::filesystem::path file = target_ / "model.safetensors";
    SafetensorsWriter writer(file, plan_, metadata());
    writer_ = &writer;
    if (hasSharedTable()) writer.write(kCodebookName, at::tensor(codebookFor(config_), at::kFloat));
    for (const auto& [slot, weight] : weights_) {
      if (configOf(slot)) continue;
      job_.throwIfCancelled();
      namingTensor(slot.name, [&] { writePlain(slot, weight); });
      checkpoint_.releasePages();
    }
    if (config_.needsCalibration()) {
      calibrated();
    } else {
      streamed();
    }
    writer.commit();
    writeConfig();
    copyCompanions();
    result_.fileBytes = static_cast<std::int64_t>(std::filesystem::file_size(file));
    return result_;
  }

 private:
  /// The configuration that a tensor is quantized with; nothing for those that are not.
  std::optional<QuantConfig> configOf(const TensorSlot& slot) const {
    const ParameterRole role = roleOf(slot);
    const bool tied = model_.tiedHead && slot.role == TensorRole::Embedding;
    const QuantConfig used = configFor(config_, role, tied);
    if (used.isBaseline() && (role != ParameterRole::Linear || !options_.dequantized))
      return std::nullopt;
    return used;
  }

  /// Linear layers first, then the others, as ModelQuantizer goes.
  std::vector<const std::pair<TensorSlot, at::Tensor>*> quantizedOrder() const {
    std::vector<const std::pair<TensorSlot, at::Tensor>*> order;
    for (const bool linear : {true, false})
      for (const auto& entry : weights_)
        if (entry.first.quantizable() == linear && configOf(entry.first)) order.push_back(&entry);
    return order;
  }

  bool hasSharedTable() const {
    return !options_.dequantized && !config_.isBaseline() && !config_.tablePerTensor();
  }

  static std::vector<std::int64_t> fileShape(const TensorSlot& slot) {
    if (!slot.transposed) return slot.shape;
    return {slot.shape.rbegin(), slot.shape.rend()};
  }

  void planTensors() {
    if (hasSharedTable())
      plan_.push_back(
          {kCodebookName, at::kFloat, {static_cast<std::int64_t>(codebookFor(config_).size())}});
    for (const auto& [slot, weight] : weights_) {
      if (configOf(slot)) continue;
      plan_.push_back(
          {slot.name, options_.dequantized ? at::kHalf : weight.scalar_type(), fileShape(slot)});
    }
    for (const auto* entry : quantizedOrder()) {
      const TensorSlot& slot = entry->first;
      if (options_.dequantized) {
        plan_.push_back({slot.name, at::kHalf, fileShape(slot)});
        continue;
      }
      for (const StoredPart& part : storedParts(*configOf(slot), slot.shape))
        plan_.push_back({slot.name + "." + part.name, part.type, part.shape});
    }
  }

  std::map<std::string, std::string> metadata() const {
    std::map<std::string, std::string> entries = {{"format", "pt"}};
    if (options_.dequantized) return entries;
    entries["bitfrontier.spec"] = config_.spec();
    entries["bitfrontier.version"] = std::to_string(kQuantizationVersion);
    if (options_.calibration && config_.needsCalibration())
      entries["bitfrontier.calibration"] = options_.calibration->identity();
    return entries;
  }

  void writePlain(const TensorSlot& slot, const at::Tensor& weight) {
    if (options_.nonFinite == NonFinite::Fail)
      if (const std::int64_t bad = firstNotFinite(weight); bad >= 0) failNotFinite(weight, bad);
    writeDense(slot, options_.dequantized ? toHalf(weight) : weight);
  }

  /// Returns the quantized tensor, or nothing for a baseline.
  std::optional<QuantizedTensor> writeQuantized(const TensorSlot& slot, const at::Tensor& weight,
                                                const QuantConfig& used, QuantizeOptions options) {
    const bf_kernel_table& kernels = kernelsFor("cpu");
    std::int64_t clamped = 0;
    options.clamped = &clamped;
    ++result_.tensors;
    result_.parameters += weight.numel();
    if (used.isBaseline()) {
      writeDense(slot, quantizeDequantize(weight, used, kernels, at::kHalf, options));
      result_.clamped += clamped;
      return std::nullopt;
    }
    QuantizedTensor tensor = quantize(weight, used, kernels, options);
    checkpoint_.releasePages();
    result_.clamped += clamped;
    result_.quantizedBytes += tensor.storedBits() / 8;
    if (options_.dequantized) {
      const at::Tensor dense = dequantize(tensor, at::kHalf, kernels);
      if (const std::int64_t index = firstNotFinite(dense); index >= 0)
        throw Error(ErrorKind::Numeric,
                    fmt::format("value {} of {} is too large for fp16", index, dense.numel()));
      writeDense(slot, dense);
    } else {
      for (const auto& [name, part] : tensor.parts()) writer_->write(slot.name + "." + name, part);
    }
    return tensor;
  }

  void writeDense(const TensorSlot& slot, const at::Tensor& weight) {
    writer_->write(slot.name, slot.transposed ? weight.t() : weight);
  }

  /// One tensor after the other from the mapped file.
  void streamed() {
    const WeightByRole byRole = [this](TensorRole role, std::int64_t layer) {
      for (const auto& [slot, weight] : weights_)
        if (slot.role == role && slot.layer == layer) return weight;
      return at::Tensor();
    };
    const auto order = quantizedOrder();
    for (std::size_t i = 0; i < order.size(); ++i) {
      job_.throwIfCancelled();
      const auto& [slot, weight] = *order[i];
      const QuantConfig used = *configOf(slot);
      QuantizeOptions options;
      options.nonFinite = options_.nonFinite;
      namingTensor(slot.name, [&] {
        if (used.outliers == OutlierRule::PreviousLayer) {
          options.previousDeviations =
              previousUnitDeviations(model_, slot.role, slot.layer, byRole);
          checkpoint_.releasePages();
        }
        writeQuantized(slot, weight, used, options);
      });
      checkpoint_.releasePages();
      job_.progress({static_cast<double>(i + 1) / static_cast<double>(order.size()), "quantizing",
                     static_cast<std::int64_t>(i + 1), static_cast<std::int64_t>(order.size())});
    }
  }

  /// The whole model in memory, each layer calibrated behind the quantized ones before it.
  void calibrated() {
    ModelQuantizer quantizer(CausalLm::load(checkpoint_, options_.device));
    const Tokenizer tokenizer = Tokenizer::load(checkpoint_.path());
    const at::Tensor tokens = calibrationTokens(*options_.calibration, tokenizer,
                                                quantizer.model().config().maxPositions);
    quantizer.run(
        config_, tokens,
        [&](const QuantizationStep& step) {
          // From the file's own type, as without calibration.
          const auto tensor =
              writeQuantized(step.slot, fileWeight(step.slot), step.config, step.options);
          if (tensor && step.slot.quantizable())
            quantizer.model().setWeight(step.slot.name, dequantize(*tensor, at::kFloat));
        },
        job_, options_.nonFinite);
  }

  at::Tensor fileWeight(const TensorSlot& wanted) const {
    for (const auto& [slot, weight] : weights_)
      if (slot.name == wanted.name) return weight;
    throw Error(ErrorKind::NotFound, fmt::format("the checkpoint has no tensor {}", wanted.name));
  }

  void writeConfig() const {
    nlohmann::ordered_json json = nlohmann::ordered_json(checkpoint_.config());
    json.erase("quantization_config");
    if (options_.dequantized) {
      json.erase("dtype");
      json["torch_dtype"] = "float16";
    } else {
      json["quantization_config"] = {{"quant_method", "bitfrontier"},
                                     {"version", kQuantizationVersion},
                                     {"spec", config_.spec()}};
      if (options_.calibration && config_.needsCalibration())
        json["quantization_config"]["calibration"] = options_.calibration->identity();
    }
    writeFileAtomic(target_ / "config.json", json.dump(2) + "\n");
  }

  void copyCompanions() const {
    for (const char* name : kCompanions) {
      const std::filesystem::path from = checkpoint_.path() / name;
      std::error_code error;
      if (!std::filesystem::exists(from, error)) continue;
      std::filesystem::copy_file(from, target_ / name,
                                 std::filesystem::copy_options::overwrite_existing, error);
      if (error)
        throw Error(ErrorKind::Io, fmt::format("cannot copy {} to {}: {}", from.string(),
                                               target_.string(), error.message()));
    }
  }

  Checkpoint checkpoint_;
  std::filesystem::path target_;
  const QuantConfig& config_;
  const ExportOptions& options_;
  const JobContext& job_;
  ModelConfig model_;
  Weights weights_;
  std::vector<TensorPlan> plan_;
  SafetensorsWriter* writer_ = nullptr;
  ExportResult result_;
};

}  // namespace

ExportResult exportQuantized(const std::filesystem::path& source,
                             const std::filesystem::path& target, const QuantConfig& config,
                             const ExportOptions& options, const JobContext& job) {
  return Exporter(source, target, config, options, job).run();
}

}  // namespace bitfrontier
