// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace bitfrontier {

/// A file in a ZIP archive, stored without compression: its bytes lie in the archive as they are.
struct ZipMember {
  std::string_view name;  ///< points into the archive
  std::uint64_t begin = 0;
  std::uint64_t size = 0;
};

/// Whether the bytes begin like a ZIP archive that is not empty.
bool looksLikeZip(std::span<const std::byte> file);

/// The directory of an archive (APPNOTE 6.3, with ZIP64), in its order. Sizes and places come from
/// the central directory and are compared with the local headers. Throws Format, naming `where` and
/// the member, for anything truncated, overlapping, repeated or contradictory; Unsupported for
/// compressed or encrypted members and archives in several parts.
std::vector<ZipMember> readZipDirectory(std::span<const std::byte> file, std::string_view where);

}  // namespace bitfrontier
