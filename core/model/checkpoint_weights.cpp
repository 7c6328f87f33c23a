// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/checkpoint_weights.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>

#include "core/base/error.h"
#include "core/checkpoint/checkpoint.h"
#include "core/model/packed_weights.h"
#include "core/quant/finite.h"

namespace bitfrontier {
namespace {

std::string shapeText(at::IntArrayRef shape) {
  return fmt::format("[{}]", fmt::join(shape.begin(), shape.end(), ", "));
}

class Reader {
 public:
  Reader(const Checkpoint& checkpoint, WeightCheck check)
      : checkpoint_(checkpoint), check_(check), where_(checkpoint.path().string()) {}

  CheckpointWeights read() {
    const std::string origin = (checkpoint_.path() / "config.json").string();
    CheckpointWeights weights;
    weights.config = readModelConfig(checkpoint_.config(), origin);
    architecture_ = &architectureOf(weights.config.modelType, origin);
    refuseAdapters();
    settleWrapper(weights.config);
    const bool embeddingIsHead = settleHead(weights.config);
    for (TensorSlot& slot : tensorSlots(weights.config)) {
      if (auto packed = readPacked(slot, weights.config)) {
        weights.tensors.emplace_back(std::move(slot), std::move(*packed));
        continue;
      }
      auto name = slot.role == TensorRole::Head ? findHead() : find(slot.name);
      if (!name && slot.role == TensorRole::Embedding && embeddingIsHead) name = findHead();
      if (!name) {
        throw Error(ErrorKind::Format,
                    fmt::format("{}: tensor {}{} is missing", where_, wrapper_, slot.name));
      }
      used_.insert(*name);
      at::Tensor tensor = checked(*name, slot);
      weights.tensors.emplace_back(std::move(slot), std::move(tensor));
    }
    refuseStrangers(weights.config);
    return weights;
  }

 private:
  /// Programs that wrap a model save its names with what they call it: "module." (DistributedData
  /// Parallel), "_orig_mod." (torch.compile), "model." (Lightning), "base_model.model." (PEFT).
  /// Whatever stands before the embedding's name stands before all names.
  void settleWrapper(ModelConfig& config) {
    const std::string embedding = tensorSlots(config).front().name;
    const std::string bare = embedding.substr(architecture_->prefixes.front().size());
    std::set<std::string> wrappers;
    for (const TensorInfo& info : checkpoint_.tensors()) {
      for (const std::string& prefix : architecture_->prefixes) {
        if (!info.name.ends_with(prefix + bare)) continue;
        std::string wrapper = info.name.substr(0, info.name.size() - prefix.size() - bare.size());
        if (!wrapper.empty() && wrapper.back() != '.') continue;
        wrappers.insert(std::move(wrapper));
        break;  // the longest base prefix comes first
      }
    }
    if (wrappers.empty() || wrappers.contains("")) return;
    if (wrappers.size() > 1) {
      throw Error(ErrorKind::Unsupported,
                  fmt::format("{}: holds more than one model, their names begin with {}", where_,
                              fmt::join(wrappers, " and ")));
    }
    wrapper_ = *wrappers.begin();
    addNote(config,
            fmt::format("{}: the names of its tensors begin with \"{}\"", where_, wrapper_));
  }

  void refuseAdapters() const {
    for (const TensorInfo& info : checkpoint_.tensors()) {
      if (info.name.find(".lora_A.") == std::string::npos) continue;
      throw Error(ErrorKind::Unsupported,
                  fmt::format("{}: tensor {} belongs to a LoRA adapter, which must first be merged "
                              "into its model",
                              where_, info.name));
    }
  }

  /// The file's name of a tensor.
  std::optional<std::string> find(const std::string& name) const {
    const std::string_view bare =
        std::string_view(name).substr(architecture_->prefixes.front().size());
    for (const std::string& prefix : architecture_->prefixes) {
      std::string candidate = wrapper_ + prefix + std::string(bare);
      if (checkpoint_.has(candidate)) return candidate;
    }
    return std::nullopt;
  }

  /// A tensor that is stored quantized, fp32; nothing for a dense one.
  std::optional<at::Tensor> readPacked(const TensorSlot& slot, const ModelConfig& config) {
    if (config.quantization.empty() || !hasPackedTensor(checkpoint_, slot.name))
      return std::nullopt;
    at::Tensor tensor = readPackedTensor(checkpoint_, slot, config, used_);
    if (check_ == WeightCheck::Finite) requireFinite(slot.name, tensor);
    return tensor;
  }

  std::optional<std::string> findHead() const {
    for (const std::string& name : architecture_->headNames) {
      if (checkpoint_.has(wrapper_ + name)) return wrapper_ + name;
    }
    return std::nullopt;
  }

  /// transformers 5: tied by config.json, unless the file holds a head that differs from the
  /// embedding. Returns true when the head alone is there and serves as both.
  bool settleHead(ModelConfig& config) {
    if (!config.tiedHead) return false;
    const auto head = findHead();
    if (!head) return false;
    const auto embedding = find(tensorSlots(config).front().name);
    if (!embedding) return true;
    used_.insert(*head);
    const at::Tensor a = checkpoint_.tensor(*head);
    const at::Tensor b = checkpoint_.tensor(*embedding);
    const bool same = a.const_data_ptr() == b.const_data_ptr() && a.strides() == b.strides();
    config.tiedHead =
        a.sizes() == b.sizes() && a.scalar_type() == b.scalar_type() && (same || at::equal(a, b));
    return false;
  }

  at::Tensor checked(const std::string& name, const TensorSlot& slot) const {
    const at::Tensor tensor = checkpoint_.tensor(name);
    std::vector<std::int64_t> expected = slot.shape;
    if (slot.transposed) std::reverse(expected.begin(), expected.end());
    if (tensor.sizes() != at::IntArrayRef(expected)) {
      throw Error(ErrorKind::Format,
                  fmt::format("{}: tensor {} has shape {}, config.json asks for {}", where_, name,
                              shapeText(tensor.sizes()), shapeText(expected)));
    }
    switch (tensor.scalar_type()) {
      case at::kHalf:
      case at::kBFloat16:
      case at::kFloat:
      case at::kDouble:
        break;
      default:
        throw Error(ErrorKind::Format,
                    fmt::format("{}: tensor {} is of type {}, not 16, 32 or 64 bit floating point",
                                where_, name, at::toString(tensor.scalar_type())));
    }
    if (check_ == WeightCheck::Finite) requireFinite(name, tensor);
    return slot.transposed ? tensor.t() : tensor;
  }

  void requireFinite(const std::string& name, const at::Tensor& tensor) const {
    const std::int64_t bad = firstNotFinite(tensor);
    if (bad < 0) return;
    throw Error(ErrorKind::Numeric,
                fmt::format("{}: tensor {} holds {} at element {} of {}", where_, name,
                            tensor.flatten()[bad].item<double>(), bad, tensor.numel()));
  }

  /// The part of a name behind "<prefix><stem>.<layer>.", when it has such a start and the layer
  /// is one of the model's.
  std::optional<std::string_view> insideLayer(std::string_view name, std::int64_t layers) const {
    for (const std::string& prefix : architecture_->prefixes) {
      const std::string start = wrapper_ + prefix + architecture_->layerStem + ".";
      if (!name.starts_with(start)) continue;
      const char* end = name.data() + name.size();
      std::int64_t layer = -1;
      const auto parsed = std::from_chars(name.data() + start.size(), end, layer);
      if (parsed.ec != std::errc() || parsed.ptr == end || *parsed.ptr != '.') continue;
      if (layer < 0 || layer >= layers) return std::nullopt;
      return std::string_view(parsed.ptr + 1, end);
    }
    return std::nullopt;
  }

  void refuseStrangers(const ModelConfig& config) const {
    for (const TensorInfo& info : checkpoint_.tensors()) {
      if (used_.contains(info.name)) continue;
      const auto inside = insideLayer(info.name, config.layers);
      if (!inside) continue;
      const bool buffer =
          std::ranges::any_of(architecture_->buffers,
                              [&](const std::string& ending) { return inside->ends_with(ending); });
      if (buffer) continue;
      throw Error(ErrorKind::Unsupported,
                  fmt::format("{}: tensor {} has no place in the {} model that config.json "
                              "describes",
                              where_, info.name, config.modelType));
    }
  }

  const Checkpoint& checkpoint_;
  WeightCheck check_;
  std::string where_;
  const Architecture* architecture_ = nullptr;
  std::string wrapper_;  ///< what all names begin with before the base prefix, "module."
  std::unordered_set<std::string> used_;
};

}  // namespace

CheckpointWeights readWeights(const Checkpoint& checkpoint, WeightCheck check) {
  return Reader(checkpoint, check).read();
}

}  // namespace bitfrontier
