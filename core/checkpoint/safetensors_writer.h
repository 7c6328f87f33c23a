// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/base/file.h"

namespace bitfrontier {

/// A tensor that will be written.
struct TensorPlan {
  std::string name;
  at::ScalarType dtype = at::ScalarType::Float;
  std::vector<std::int64_t> shape;
};

/// Writes a safetensors file tensor by tensor, so that no two need be in memory at once. What will
/// be written is said beforehand, since it stands in the file's header.
class SafetensorsWriter {
 public:
  /// Writes the header. Throws InvalidArgument for a repeated or reserved name, a type that
  /// safetensors cannot hold or text that is not UTF-8, Io.
  SafetensorsWriter(const std::filesystem::path& path, std::vector<TensorPlan> plan,
                    const std::map<std::string, std::string>& metadata);

  /// The next tensor of the plan, on any device, in any layout. Throws InvalidArgument when it is
  /// not the one that was planned, Io.
  void write(const std::string& name, const at::Tensor& tensor);
  /// Puts the file in its place. Throws InvalidArgument when tensors are missing, Io.
  void commit();

 private:
  std::string where_;
  std::vector<TensorPlan> plan_;
  std::size_t next_ = 0;
  AtomicFile file_;
};

}  // namespace bitfrontier
