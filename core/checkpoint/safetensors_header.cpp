// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/safetensors_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <nlohmann/json.hpp>
#include <tuple>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/checkpoint/malformed.h"

namespace bitfrontier {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "tensors are mapped as they are stored");

namespace {

constexpr std::uint64_t lengthBytes = 8;
constexpr std::uint64_t maxHeader = 100'000'000;

struct DtypeName {
  std::string_view name;
  at::ScalarType type;
};

constexpr std::array<DtypeName, 10> dtypes = {{{"BOOL", at::ScalarType::Bool},
                                               {"U8", at::ScalarType::Byte},
                                               {"I8", at::ScalarType::Char},
                                               {"I16", at::ScalarType::Short},
                                               {"I32", at::ScalarType::Int},
                                               {"I64", at::ScalarType::Long},
                                               {"F16", at::ScalarType::Half},
                                               {"BF16", at::ScalarType::BFloat16},
                                               {"F32", at::ScalarType::Float},
                                               {"F64", at::ScalarType::Double}}};

std::optional<at::ScalarType> dtypeNamed(std::string_view name) {
  for (const DtypeName& d : dtypes) {
    if (d.name == name) return d.type;
  }
  return std::nullopt;
}

std::uint64_t headerLength(std::span<const std::byte> file, std::string_view where) {
  if (file.size() < lengthBytes) {
    malformedIs(where, fmt::format("has {} bytes, too few for a safetensors header", file.size()));
  }
  std::uint64_t length = 0;
  for (std::size_t i = lengthBytes; i-- > 0;) {
    length = (length << 8) | std::to_integer<std::uint64_t>(file[i]);
  }
  if (length > maxHeader) {
    malformedIs(where, fmt::format("announces a header of {} bytes, more than the {} allowed",
                                   length, maxHeader));
  }
  if (length > file.size() - lengthBytes) {
    malformedIs(where, fmt::format("announces a header of {} bytes but only {} follow", length,
                                   file.size() - lengthBytes));
  }
  return length;
}

// A whole number that is neither negative nor beyond 63 bits.
std::int64_t natural(const json& value, std::string_view what, std::string_view where) {
  const bool fits = value.is_number_unsigned()
                        ? value.get<std::uint64_t>() <= static_cast<std::uint64_t>(INT64_MAX)
                        : value.is_number_integer() && value.get<std::int64_t>() >= 0;
  if (!fits) malformed(where, fmt::format("{} holds {}, not a count", what, value.dump()));
  return value.get<std::int64_t>();
}

StoredTensor readEntry(const std::string& name, const json& value, std::uint64_t dataStart,
                       std::uint64_t dataBytes, std::string_view where) {
  const std::string tensorWhere = fmt::format("{}: tensor {}", where, name);
  const std::string& dtype = requireString(value, "dtype", tensorWhere);
  const auto type = dtypeNamed(dtype);
  if (!type) {
    throw Error(ErrorKind::Unsupported,
                fmt::format("{} has dtype '{}', which is not supported", tensorWhere, dtype));
  }
  StoredTensor entry;
  entry.info.name = name;
  entry.info.dtype = *type;
  const json& shape = requireArray(value, "shape", tensorWhere);
  if (shape.size() > 32) {
    malformedIs(tensorWhere, fmt::format("has {} dimensions, more than 32", shape.size()));
  }
  for (const json& dim : shape) {
    entry.info.shape.push_back(natural(dim, "the shape", tensorWhere));
  }
  const std::int64_t expected = storedBytes(entry.info.shape, *type, tensorWhere);
  const json& offsets = requireArray(value, "data_offsets", tensorWhere);
  if (offsets.size() != 2) {
    malformedIs(tensorWhere, fmt::format("has {} data_offsets, not 2", offsets.size()));
  }
  const std::int64_t begin = natural(offsets[0], "data_offsets", tensorWhere);
  const std::int64_t end = natural(offsets[1], "data_offsets", tensorWhere);
  if (begin > end)
    malformedIs(tensorWhere, fmt::format("begins at byte {} and ends at {}", begin, end));
  if (static_cast<std::uint64_t>(end) > dataBytes) {
    malformedIs(tensorWhere,
                fmt::format("ends at data byte {} but the file has {}", end, dataBytes));
  }
  if (end - begin != expected) {
    malformedIs(tensorWhere, fmt::format("takes {} bytes but {} {} needs {}", end - begin, dtype,
                                         shape.dump(), expected));
  }
  entry.info.bytes = expected;
  entry.begin = dataStart + static_cast<std::uint64_t>(begin);
  return entry;
}

void checkTiling(const SafetensorsHeader& header, std::uint64_t dataStart, std::uint64_t fileBytes,
                 std::string_view where) {
  std::uint64_t at = dataStart;
  for (const auto& entry : header.entries) {
    if (entry.begin != at) {
      malformed(where, fmt::format("tensor {} begins at data byte {}, {} the end of the one before "
                                   "it at {}",
                                   entry.info.name, entry.begin - dataStart,
                                   entry.begin < at ? "inside" : "behind", at - dataStart));
    }
    at += static_cast<std::uint64_t>(entry.info.bytes);
  }
  if (at != fileBytes) {
    malformed(where, fmt::format("the tensors end at data byte {} but the file has {}",
                                 at - dataStart, fileBytes - dataStart));
  }
}

}  // namespace

std::optional<std::string_view> safetensorsDtypeName(at::ScalarType type) {
  for (const DtypeName& d : dtypes) {
    if (d.type == type) return d.name;
  }
  return std::nullopt;
}

SafetensorsHeader parseSafetensorsHeader(std::span<const std::byte> file, std::string_view where) {
  const std::uint64_t length = headerLength(file, where);
  const std::string_view text(reinterpret_cast<const char*>(file.data()) + lengthBytes, length);
  if (!text.starts_with('{')) malformed(where, "the header does not start with '{'");
  const json root =
      parseJson(text, where, {.maxBytes = maxHeader, .maxDepth = 8, .uniqueKeys = true});
  const std::uint64_t dataStart = lengthBytes + length;
  SafetensorsHeader header;
  header.entries.reserve(root.size());
  for (const auto& [name, value] : root.items()) {
    if (name != "__metadata__") {
      header.entries.push_back(readEntry(name, value, dataStart, file.size() - dataStart, where));
      continue;
    }
    if (!value.is_object()) malformed(where, "'__metadata__' is no object");
    for (const auto& [key, text_] : value.items()) {
      header.metadata.emplace(key, requireString(value, key, where));
    }
  }
  // Empty tensors share their offset with a neighbour: the end breaks the tie.
  std::sort(header.entries.begin(), header.entries.end(), [](const auto& a, const auto& b) {
    return std::tie(a.begin, a.info.bytes, a.info.name) <
           std::tie(b.begin, b.info.bytes, b.info.name);
  });
  checkTiling(header, dataStart, file.size(), where);
  return header;
}

}  // namespace bitfrontier
