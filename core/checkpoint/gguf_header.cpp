// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/gguf_header.h"

#include <fmt/format.h>

#include <cstring>
#include <fstream>

#include "core/base/error.h"
#include "core/base/file.h"

namespace bitfrontier {
namespace {

constexpr std::string_view kMagic = "GGUF";
constexpr std::uint64_t kLongestText = 1 << 16;  // of what is looked at
constexpr int kDeepest = 4;                      // arrays in arrays

/// Reads values of a mapped file one behind the other.
class Cursor {
 public:
  Cursor(std::span<const std::byte> bytes, std::string where)
      : bytes_(bytes), where_(std::move(where)) {}

  template <typename Number>
  Number number() {
    Number value;
    std::memcpy(&value, take(sizeof value), sizeof value);
    return value;
  }
  std::string_view text() {
    const auto size = number<std::uint64_t>();
    return {reinterpret_cast<const char*>(take(size)), static_cast<std::size_t>(size)};
  }
  void skip(std::uint64_t size) { take(size); }

  /// Bytes of a value of a type that has a fixed size; 0 for texts and arrays.
  std::uint64_t sizeOf(std::uint32_t type) const {
    switch (type) {
      case 0:  // uint8
      case 1:  // int8
      case 7:  // bool
        return 1;
      case 2:  // uint16
      case 3:
        return 2;
      case 4:  // uint32
      case 5:
      case 6:  // float32
        return 4;
      case 8:  // text
      case 9:  // array
        return 0;
      case 10:  // uint64
      case 11:
      case 12:  // float64
        return 8;
      default:
        fail(fmt::format("names the type {}", type));
    }
  }
  void skipValue(std::uint32_t type, int depth = 0) {
    if (const std::uint64_t size = sizeOf(type)) return skip(size);
    if (type == 8) {
      text();
      return;
    }
    if (depth == kDeepest) fail("has arrays within arrays");
    const auto inner = number<std::uint32_t>();
    const auto count = number<std::uint64_t>();
    if (const std::uint64_t size = sizeOf(inner)) {
      if (count > bytes_.size() / size) fail("has an array longer than the file");
      return skip(count * size);
    }
    for (std::uint64_t i = 0; i < count; ++i) skipValue(inner, depth + 1);
  }
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorKind::Format, fmt::format("{}: the header {} at byte {}", where_, what, at_));
  }

 private:
  const std::byte* take(std::uint64_t size) {
    if (size > bytes_.size() - at_) fail("ends too early");
    const std::byte* place = bytes_.data() + at_;
    at_ += static_cast<std::size_t>(size);
    return place;
  }

  std::span<const std::byte> bytes_;
  std::string where_;
  std::size_t at_ = 0;
};

}  // namespace

bool isGguf(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  char magic[4] = {};
  return in.read(magic, 4) && std::string_view(magic, 4) == kMagic;
}

GgufHeader readGgufHeader(const std::filesystem::path& file) {
  const MappedFile map(file);
  if (!map.text().starts_with(kMagic))
    throw Error(ErrorKind::Format, fmt::format("{}: does not begin with GGUF", file.string()));
  Cursor at(map.bytes(), file.string());
  at.skip(kMagic.size());
  GgufHeader header;
  header.version = at.number<std::uint32_t>();
  if (header.version < 2 || header.version > 3)
    at.fail(fmt::format("is of version {}, which is not known,", header.version));
  header.tensors = at.number<std::uint64_t>();
  const auto pairs = at.number<std::uint64_t>();
  for (std::uint64_t i = 0; i < pairs; ++i) {
    const std::string_view key = at.text();
    const auto type = at.number<std::uint32_t>();
    if (type == 8 && (key == "general.architecture" || key == "general.name")) {
      const std::string_view value = at.text().substr(0, kLongestText);
      (key == "general.name" ? header.name : header.architecture) = value;
    } else if (type == 4 && key == "general.file_type") {
      header.fileType = at.number<std::uint32_t>();
    } else {
      at.skipValue(type);
    }
  }
  return header;
}

}  // namespace bitfrontier
