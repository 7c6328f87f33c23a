// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/checkpoint/stored_tensor.h"

namespace bitfrontier {

/// An open file of weights, memory-mapped: safetensors when its name ends so, otherwise a state
/// dict of torch.save.
class WeightFile {
 public:
  /// Reads the description of the tensors, none of the weights. Throws NotFound, Io, Format or
  /// Unsupported.
  explicit WeightFile(const std::filesystem::path& path);

  const std::vector<StoredTensor>& tensors() const { return tensors_; }
  std::span<const std::byte> bytes() const { return map_->bytes(); }
  /// A CPU tensor on the map itself, which it keeps alive; writing to it ends the process. Only
  /// data that the file does not align to its element size is copied. Tensors that share memory in
  /// the file have the same data_ptr().
  at::Tensor tensor(const StoredTensor& stored) const;
  /// See MappedFile::releasePages.
  void releasePages() const noexcept { map_->releasePages(); }

 private:
  std::shared_ptr<const MappedFile> map_;
  std::string where_;
  std::vector<StoredTensor> tensors_;
};

}  // namespace bitfrontier
