// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/zip_directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_set>

#include "core/base/error.h"
#include "core/checkpoint/little_endian.h"
#include "core/checkpoint/malformed.h"

namespace bitfrontier {

namespace {

using Bytes = std::span<const std::byte>;

constexpr std::uint32_t kLocalSignature = 0x04034b50;
constexpr std::uint32_t kCentralSignature = 0x02014b50;
constexpr std::uint32_t kEndSignature = 0x06054b50;
constexpr std::uint32_t kEnd64Signature = 0x06064b50;
constexpr std::uint32_t kLocator64Signature = 0x07064b50;
constexpr std::size_t kLocalBytes = 30;
constexpr std::size_t kCentralBytes = 46;
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kEnd64Bytes = 56;
constexpr std::size_t kLocator64Bytes = 20;
constexpr std::uint32_t kInZip64 = 0xffffffff;
constexpr std::uint16_t kInZip64Short = 0xffff;

[[noreturn]] void unsupported(std::string_view where, const std::string& what) {
  throw Error(ErrorKind::Unsupported, fmt::format("{}: {}", where, what));
}

std::uint16_t u16(Bytes b, std::size_t at) { return littleEndian<std::uint16_t>(b, at); }
std::uint32_t u32(Bytes b, std::size_t at) { return littleEndian<std::uint32_t>(b, at); }
std::uint64_t u64(Bytes b, std::size_t at) { return littleEndian<std::uint64_t>(b, at); }

std::string_view textAt(Bytes b, std::size_t at, std::size_t size) {
  return {reinterpret_cast<const char*>(b.data()) + at, size};
}

/// The end record; a comment of up to 64 KiB may follow it.
std::size_t findEnd(Bytes file, std::string_view where) {
  if (file.size() >= kEndBytes) {
    const std::size_t last = file.size() - kEndBytes;
    const std::size_t first = last > 0xffff ? last - 0xffff : 0;
    for (std::size_t at = last + 1; at-- > first;) {
      if (u32(file, at) == kEndSignature && u16(file, at + 20) == file.size() - at - kEndBytes) {
        return at;
      }
    }
  }
  malformedIs(where, "is a ZIP archive without its end; was the download cut short?");
}

/// The central directory: its bytes and how many members it has.
struct Central {
  std::uint64_t begin = 0;
  std::uint64_t size = 0;
  std::uint64_t members = 0;
};

Central findCentral(Bytes file, std::string_view where) {
  const std::size_t end = findEnd(file, where);
  Central central{u32(file, end + 16), u32(file, end + 12), u16(file, end + 10)};
  std::uint64_t limit = end;
  std::uint64_t onThisDisk = u16(file, end + 8);
  bool oneDisk = u16(file, end + 4) == 0 && u16(file, end + 6) == 0;
  if (end >= kLocator64Bytes && u32(file, end - kLocator64Bytes) == kLocator64Signature) {
    const std::size_t locator = end - kLocator64Bytes;
    const std::uint64_t end64 = u64(file, locator + 8);
    if (end64 > locator || locator - end64 < kEnd64Bytes || u32(file, end64) != kEnd64Signature) {
      malformedIs(where, fmt::format("has no ZIP64 end record at byte {}", end64));
    }
    // The old record keeps what fits; the rest is in the new one.
    if (central.begin == kInZip64) central.begin = u64(file, end64 + 48);
    if (central.size == kInZip64) central.size = u64(file, end64 + 40);
    if (central.members == kInZip64Short) central.members = u64(file, end64 + 32);
    if (onThisDisk == kInZip64Short) onThisDisk = u64(file, end64 + 24);
    oneDisk = oneDisk || (u32(file, end64 + 16) == 0 && u32(file, end64 + 20) == 0);
    limit = end64;
  }
  if (!oneDisk || onThisDisk != central.members) {
    unsupported(where, "is one part of a ZIP archive in several parts");
  }
  if (central.begin > limit || central.size > limit - central.begin) {
    malformed(where, fmt::format("the ZIP directory of {} bytes at byte {} is not in the file",
                                 central.size, central.begin));
  }
  // Every member takes at least this much, which bounds what is allocated below.
  if (central.members > central.size / kCentralBytes) {
    malformed(where, fmt::format("the ZIP directory of {} bytes announces {} members", central.size,
                                 central.members));
  }
  return central;
}

/// A central record; 64-bit values come from its extra field where the record has no room.
struct Record {
  std::string_view name;
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint64_t size = 0;
  std::uint64_t packed = 0;
  std::uint64_t local = 0;
};

void readZip64(Bytes extra, Record& record, std::string_view where) {
  std::size_t at = 0;
  while (extra.size() - at >= 4) {
    const std::uint16_t kind = u16(extra, at);
    const std::uint16_t size = u16(extra, at + 2);
    at += 4;
    if (size > extra.size() - at) break;
    if (kind != 1) {
      at += size;
      continue;
    }
    std::size_t left = size;
    for (std::uint64_t* value : {&record.size, &record.packed, &record.local}) {
      if (*value != kInZip64) continue;
      if (left < 8) break;
      *value = u64(extra, at);
      at += 8;
      left -= 8;
    }
    return;
  }
  if (record.size == kInZip64 || record.packed == kInZip64 || record.local == kInZip64) {
    malformed(where, fmt::format("member {} has no ZIP64 sizes", record.name));
  }
}

ZipMember locate(Bytes file, const Record& record, std::uint64_t directory,
                 std::string_view where) {
  if ((record.flags & 1U) != 0) unsupported(where, fmt::format("{} is encrypted", record.name));
  if (record.method != 0) {
    unsupported(where, fmt::format("member {} is compressed (method {}), torch.save stores members "
                                   "as they are",
                                   record.name, record.method));
  }
  if (record.size != record.packed) {
    malformed(where, fmt::format("member {} is stored but has {} bytes in {}", record.name,
                                 record.size, record.packed));
  }
  if (record.local > directory || directory - record.local < kLocalBytes ||
      u32(file, record.local) != kLocalSignature) {
    malformed(where, fmt::format("member {} has no header at byte {}", record.name, record.local));
  }
  const std::uint64_t nameBytes = u16(file, record.local + 26);
  const std::uint64_t before = kLocalBytes + nameBytes + u16(file, record.local + 28);
  const std::uint64_t left = directory - record.local;
  if (before > left || record.size > left - before) {
    malformed(where, fmt::format("member {} of {} bytes at byte {} runs into the directory at {}",
                                 record.name, record.size, record.local, directory));
  }
  if (textAt(file, record.local + kLocalBytes, nameBytes) != record.name ||
      u16(file, record.local + 8) != record.method) {
    malformed(where, fmt::format("member {} is called {} at its place", record.name,
                                 textAt(file, record.local + kLocalBytes, nameBytes)));
  }
  return {record.name, record.local + before, record.size};
}

}  // namespace

bool looksLikeZip(Bytes file) { return file.size() >= 4 && u32(file, 0) == kLocalSignature; }

std::vector<ZipMember> readZipDirectory(Bytes file, std::string_view where) {
  const Central central = findCentral(file, where);
  const Bytes directory = file.subspan(central.begin, central.size);
  std::vector<ZipMember> members;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> places;  // of header and data
  members.reserve(central.members);
  places.reserve(central.members);
  std::unordered_set<std::string_view> names;
  std::size_t at = 0;
  for (std::uint64_t i = 0; i < central.members; ++i) {
    if (directory.size() - at < kCentralBytes || u32(directory, at) != kCentralSignature) {
      malformed(where,
                fmt::format("the ZIP directory ends after {} of {} members", i, central.members));
    }
    const std::size_t nameBytes = u16(directory, at + 28);
    const std::size_t extraBytes = u16(directory, at + 30);
    const std::size_t whole = kCentralBytes + nameBytes + extraBytes + u16(directory, at + 32);
    if (whole > directory.size() - at) {
      malformed(where, fmt::format("member {} runs over the end of the ZIP directory", i));
    }
    Record record;
    record.name = textAt(directory, at + kCentralBytes, nameBytes);
    record.flags = u16(directory, at + 8);
    record.method = u16(directory, at + 10);
    record.packed = u32(directory, at + 20);
    record.size = u32(directory, at + 24);
    record.local = u32(directory, at + 42);
    readZip64(directory.subspan(at + kCentralBytes + nameBytes, extraBytes), record, where);
    if (!names.insert(record.name).second) {
      malformed(where, fmt::format("member {} is there twice", record.name));
    }
    members.push_back(locate(file, record, central.begin, where));
    places.emplace_back(record.local, members.back().begin + members.back().size);
    at += whole;
  }
  std::sort(places.begin(), places.end());
  for (std::size_t i = 1; i < places.size(); ++i) {
    if (places[i].first < places[i - 1].second) {
      malformed(where, fmt::format("two members overlap at byte {}", places[i].first));
    }
  }
  return members;
}

}  // namespace bitfrontier
