// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/checkpoint/stored_tensor.h"

namespace bitfrontier {

/// The header of a safetensors file, checked against the file's size.
struct SafetensorsHeader {
  std::vector<StoredTensor> entries;  ///< in order of their data, row-major
  std::map<std::string, std::string> metadata;
};

/// Reads the header at the start of `file` (the whole file's bytes). Accepts the dtypes BOOL U8 I8
/// I16 I32 I64 F16 BF16 F32 F64. Throws Format, naming `where`, tensor and bytes, unless the names
/// are unique and the tensors tile the data section exactly and agree with dtype and shape;
/// Unsupported for other dtypes. Format: the safetensors package's README and its 100 MB limit on
/// the header.
SafetensorsHeader parseSafetensorsHeader(std::span<const std::byte> file, std::string_view where);

/// "F16" and the like; nothing for a type that safetensors cannot hold.
std::optional<std::string_view> safetensorsDtypeName(at::ScalarType type);

}  // namespace bitfrontier
