// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace bitfrontier {

/// What a GGUF file says of itself; its tensors are not read.
struct GgufHeader {
  std::uint32_t version = 0;
  std::uint64_t tensors = 0;
  std::string architecture, name;  ///< general.architecture, general.name; empty when not there
  std::int64_t fileType = -1;      ///< general.file_type; -1 when not there
};

/// Whether a file begins as GGUF does.
bool isGguf(const std::filesystem::path& file);

/// Reads the header (github.com/ggml-org/ggml, docs/gguf.md; versions 2 and 3, little endian).
/// Throws NotFound, Io, or Format naming the place.
GgufHeader readGgufHeader(const std::filesystem::path& file);

}  // namespace bitfrontier
