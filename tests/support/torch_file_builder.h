// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bitfrontier::test {

/// A number in `size` bytes, lowest first; zeros above its own eight.
inline std::string little(std::uint64_t value, int size) {
  std::string bytes;
  for (int i = 0; i < size; ++i, value >>= 8) bytes += static_cast<char>(value & 0xff);
  return bytes;
}

/// A ZIP archive as torch.save writes it: stored members, sizes in the central directory.
struct ZipBuilder {
  struct Member {
    std::string name;
    std::string data;
    std::uint16_t method = 0;
    std::uint16_t flags = 0x0808;
    std::int64_t claimedSize = -1;    ///< when not that of `data`
    std::int64_t claimedOffset = -1;  ///< when not where the member is
    std::string localName = {};       ///< when not `name`
  };
  std::vector<Member> members;
  std::string comment;
  bool zip64 = false;

  std::string build() const {
    std::string file;
    std::string central;
    for (const Member& m : members) {
      const std::uint64_t at = m.claimedOffset < 0 ? file.size() : std::uint64_t(m.claimedOffset);
      const std::uint64_t size = m.claimedSize < 0 ? m.data.size() : std::uint64_t(m.claimedSize);
      const std::string& local = m.localName.empty() ? m.name : m.localName;
      // Data begins at a multiple of 64 bytes.
      const std::size_t padding = (64 - (file.size() + 34 + local.size()) % 64) % 64;
      file += little(0x04034b50, 4) + little(0, 2) + little(m.flags, 2) + little(m.method, 2) +
              little(0, 16) + little(local.size(), 2) + little(padding + 4, 2) + local + "FB" +
              little(padding, 2) + std::string(padding, 'Z') + m.data;
      const std::string extra =
          zip64 ? little(1, 2) + little(24, 2) + little(size, 8) + little(size, 8) + little(at, 8)
                : "";
      const std::uint64_t hidden = 0xffffffff;
      central += little(0x02014b50, 4) + little(0, 4) + little(m.flags, 2) + little(m.method, 2) +
                 little(0, 8) + little(zip64 ? hidden : size, 4) +
                 little(zip64 ? hidden : size, 4) + little(m.name.size(), 2) +
                 little(extra.size(), 2) + little(0, 10) + little(zip64 ? hidden : at, 4) + m.name +
                 extra;
    }
    const std::size_t begin = file.size();
    file += central;
    const std::size_t end64 = file.size();
    if (zip64) {
      file += little(0x06064b50, 4) + little(44, 8) + little(0, 4) + little(0, 8) +
              little(members.size(), 8) + little(members.size(), 8) + little(central.size(), 8) +
              little(begin, 8) + little(0x07064b50, 4) + little(0, 4) + little(end64, 8) +
              little(1, 4);
    }
    return file + little(0x06054b50, 4) + little(0, 4) +
           little(zip64 ? 0xffff : members.size(), 2) + little(zip64 ? 0xffff : members.size(), 2) +
           little(zip64 ? 0xffffffff : central.size(), 4) + little(zip64 ? 0xffffffff : begin, 4) +
           little(comment.size(), 2) + comment;
  }
};

/// @name Pieces of a pickle
/// @{
inline const std::string kPickleStart("\x80\x02", 2);
inline std::string pickleText(std::string_view text) {
  return "X" + little(text.size(), 4) + std::string(text);
}
inline std::string pickleInt(std::int64_t value) {
  return std::string("\x8a\x08", 2) + little(static_cast<std::uint64_t>(value), 8);
}
inline std::string pickleTuple(const std::vector<std::int64_t>& values) {
  std::string tuple = "(";
  for (const std::int64_t v : values) tuple += pickleInt(v);
  return tuple + "t";
}
/// What stands for a tensor: see torch._utils._rebuild_tensor_v2.
struct PickledTensor {
  std::string name;
  std::string storage;  ///< "FloatStorage"
  std::string key;
  std::int64_t elements = 0;
  std::int64_t offset = 0;
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> strides;
};
inline std::string pickleStorage(const PickledTensor& t, bool legacy = false) {
  return "(" + pickleText("storage") + "ctorch\n" + t.storage + "\n" + pickleText(t.key) +
         pickleText("cpu") + pickleInt(t.elements) + (legacy ? "N" : "") + "tQ";
}
inline std::string pickleTensor(const PickledTensor& t, bool legacy = false) {
  return "ctorch._utils\n_rebuild_tensor_v2\n(" + pickleStorage(t, legacy) + pickleInt(t.offset) +
         pickleTuple(t.shape) + pickleTuple(t.strides) + "\x89" + "ccollections\nOrderedDict\n)RtR";
}
/// A state dict of tensors.
inline std::string pickleState(const std::vector<PickledTensor>& tensors, bool legacy = false) {
  std::string state = kPickleStart + "ccollections\nOrderedDict\n)R(";
  for (const PickledTensor& t : tensors) state += pickleText(t.name) + pickleTensor(t, legacy);
  return state + "u.";
}
/// @}

/// A file of torch.save: `data` is the content of each storage by key.
inline ZipBuilder torchZip(const std::string& pickle,
                           const std::vector<std::pair<std::string, std::string>>& data) {
  ZipBuilder zip;
  zip.members.push_back({"archive/data.pkl", pickle});
  for (const auto& [key, bytes] : data) zip.members.push_back({"archive/data/" + key, bytes});
  zip.members.push_back({"archive/version", "3\n"});
  return zip;
}

/// The format before torch 1.6; storages in the order of their list.
inline std::string torchLegacy(const std::string& pickle,
                               const std::vector<std::pair<std::string, std::string>>& data,
                               std::int64_t itemBytes) {
  std::string file("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.",
                   21);
  file += kPickleStart + "}" + pickleText("little_endian") + "\x88s.";
  file += pickle + kPickleStart + "](";
  for (const auto& [key, bytes] : data) file += pickleText(key);
  file += "e.";
  for (const auto& [key, bytes] : data) {
    file += little(bytes.size() / static_cast<std::size_t>(itemBytes), 8) + bytes;
  }
  return file;
}

}  // namespace bitfrontier::test
