// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/job.h"
#include "core/checkpoint/weight_file.h"

namespace bitfrontier {

/// A model directory in Hugging Face form: config.json beside the first of model.safetensors,
/// model.safetensors.index.json with its shards, pytorch_model.bin, pytorch_model.bin.index.json
/// (the order of the transformers package). Weights are memory-mapped, nothing is copied. Names and
/// shapes are those of the files; what they mean is the model's business.
class Checkpoint {
 public:
  /// Reads config.json and the descriptions of all tensors. Throws NotFound, Io, Format, or
  /// Unsupported for a pickle that asks for more than tensors.
  static Checkpoint open(const std::filesystem::path& dir);

  const std::filesystem::path& path() const { return path_; }
  const nlohmann::json& config() const { return config_; }
  /// By file name, then position in the file. Of a sharded checkpoint those in its index.
  const std::vector<TensorInfo>& tensors() const { return tensors_; }
  bool has(std::string_view name) const;
  /// See WeightFile::tensor: a read-only view that keeps its file mapped. Throws NotFound.
  at::Tensor tensor(std::string_view name) const;
  /// See MappedFile::releasePages, for all weight files.
  void releasePages() const noexcept;

  /// SHA-256 identifying the model, 64 hexadecimal digits: over config.json as canonical JSON
  /// without the keys that change no number (`_name_or_path`, `transformers_version`, `use_cache`),
  /// and over name, size and SHA-256 of each weight file in order of name. Independent of where the
  /// directory lies and of the tokenizer. Reads all weights (about 1 GB/s); cache it if needed.
  std::string hash(const JobContext& job = {}) const;

 private:
  struct Place {
    std::size_t file;
    std::size_t entry;
  };
  Checkpoint() = default;
  void openSingle(const std::filesystem::path& file);
  void openSharded(const std::filesystem::path& index);
  void add(std::size_t file, std::size_t entry);
  const Place* find(std::string_view name) const;

  std::filesystem::path path_;
  nlohmann::json config_;
  std::vector<std::string> fileNames_;
  std::vector<WeightFile> files_;
  std::vector<TensorInfo> tensors_;
  std::unordered_map<std::string, Place> places_;
};

}  // namespace bitfrontier
