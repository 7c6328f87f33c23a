// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/file.h"

namespace bitfrontier {

/// A stored tensor: row-major, little-endian.
struct TensorInfo {
  std::string name;
  at::ScalarType dtype = at::ScalarType::Float;
  std::vector<std::int64_t> shape;
  std::int64_t bytes = 0;
};

/// The header of a safetensors file, checked against the file's size.
struct SafetensorsHeader {
  struct Entry {
    TensorInfo info;
    std::uint64_t begin = 0;  ///< from the start of the file
  };
  std::vector<Entry> entries;  ///< in order of their data
  std::map<std::string, std::string> metadata;
};

/// Reads the header at the start of `file` (the whole file's bytes). Accepts the dtypes BOOL U8 I8
/// I16 I32 I64 F16 BF16 F32 F64. Throws Format, naming `where`, tensor and bytes, unless the
/// tensors tile the data section exactly and agree with dtype and shape; Unsupported for other
/// dtypes. Format: the safetensors package's README and its 100 MB limit on the header.
SafetensorsHeader parseSafetensorsHeader(std::span<const std::byte> file, std::string_view where);

/// An open safetensors file, memory-mapped.
class SafetensorsFile {
 public:
  /// Throws NotFound, Io, Format or Unsupported.
  explicit SafetensorsFile(const std::filesystem::path& path);

  const SafetensorsHeader& header() const { return header_; }
  std::span<const std::byte> bytes() const { return map_->bytes(); }
  /// A CPU tensor on the map itself, which it keeps alive; writing to it ends the process. Only
  /// data that the file does not align to its element size is copied.
  at::Tensor tensor(const SafetensorsHeader::Entry& entry) const;

 private:
  std::shared_ptr<const MappedFile> map_;
  SafetensorsHeader header_;
  std::string where_;
};

/// Writes tensors (any device, any layout) so that equal input gives equal bytes: largest elements
/// first, then by name, header padded to 8 bytes. Replaces `path` atomically. Throws
/// InvalidArgument for a repeated or reserved name or an unstorable dtype, Io.
void saveSafetensors(const std::filesystem::path& path,
                     const std::vector<std::pair<std::string, at::Tensor>>& tensors,
                     const std::map<std::string, std::string>& metadata = {{"format", "pt"}});

}  // namespace bitfrontier
