// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/safetensors.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <tuple>

#include "core/base/error.h"
#include "core/base/json.h"

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

std::optional<std::string_view> nameOf(at::ScalarType type) {
  for (const DtypeName& d : dtypes) {
    if (d.type == type) return d.name;
  }
  return std::nullopt;
}

[[noreturn]] void malformed(std::string_view where, const std::string& what) {
  throw Error(ErrorKind::Format, fmt::format("{}: {}", where, what));
}

std::uint64_t headerLength(std::span<const std::byte> file, std::string_view where) {
  if (file.size() < lengthBytes) {
    malformed(where, fmt::format("has {} bytes, too few for a safetensors header", file.size()));
  }
  std::uint64_t length = 0;
  for (std::size_t i = lengthBytes; i-- > 0;) {
    length = (length << 8) | std::to_integer<std::uint64_t>(file[i]);
  }
  if (length > maxHeader) {
    malformed(where, fmt::format("announces a header of {} bytes, more than the {} allowed", length,
                                 maxHeader));
  }
  if (length > file.size() - lengthBytes) {
    malformed(where, fmt::format("announces a header of {} bytes but only {} follow", length,
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

SafetensorsHeader::Entry readEntry(const std::string& name, const json& value,
                                   std::uint64_t dataStart, std::uint64_t dataBytes,
                                   std::string_view where) {
  const std::string tensorWhere = fmt::format("{}: tensor {}", where, name);
  const std::string& dtype = requireString(value, "dtype", tensorWhere);
  const auto type = dtypeNamed(dtype);
  if (!type) {
    throw Error(ErrorKind::Unsupported,
                fmt::format("{} has dtype '{}', which is not supported", tensorWhere, dtype));
  }
  SafetensorsHeader::Entry entry;
  entry.info.name = name;
  entry.info.dtype = *type;
  auto expected = static_cast<std::int64_t>(c10::elementSize(*type));
  const json& shape = requireArray(value, "shape", tensorWhere);
  if (shape.size() > 32) {
    malformed(tensorWhere, fmt::format("has {} dimensions, more than 32", shape.size()));
  }
  // Zeros count as one at first: 0 x 2^62 x 2^62 would overflow in whoever multiplies later.
  for (const json& dim : shape) {
    entry.info.shape.push_back(natural(dim, "the shape", tensorWhere));
    const std::int64_t size = std::max<std::int64_t>(entry.info.shape.back(), 1);
    if (__builtin_mul_overflow(expected, size, &expected)) {
      malformed(tensorWhere, fmt::format("has the shape {}, beyond 63 bits", shape.dump()));
    }
  }
  for (const std::int64_t dim : entry.info.shape) {
    if (dim == 0) expected = 0;
  }
  const json& offsets = requireArray(value, "data_offsets", tensorWhere);
  if (offsets.size() != 2) {
    malformed(tensorWhere, fmt::format("has {} data_offsets, not 2", offsets.size()));
  }
  const std::int64_t begin = natural(offsets[0], "data_offsets", tensorWhere);
  const std::int64_t end = natural(offsets[1], "data_offsets", tensorWhere);
  if (begin > end)
    malformed(tensorWhere, fmt::format("begins at byte {} and ends at {}", begin, end));
  if (static_cast<std::uint64_t>(end) > dataBytes) {
    malformed(tensorWhere, fmt::format("ends at data byte {} but the file has {}", end, dataBytes));
  }
  if (end - begin != expected) {
    malformed(tensorWhere, fmt::format("takes {} bytes but {} {} needs {}", end - begin, dtype,
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

SafetensorsHeader parseSafetensorsHeader(std::span<const std::byte> file, std::string_view where) {
  const std::uint64_t length = headerLength(file, where);
  const std::string_view text(reinterpret_cast<const char*>(file.data()) + lengthBytes, length);
  if (!text.starts_with('{')) malformed(where, "the header does not start with '{'");
  const json root = parseJson(text, where, {.maxBytes = maxHeader, .maxDepth = 8});
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

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path)
    : map_(std::make_shared<const MappedFile>(path)),
      header_(parseSafetensorsHeader(map_->bytes(), path.string())),
      where_(path.string()) {}

at::Tensor SafetensorsFile::tensor(const SafetensorsHeader::Entry& entry) const {
  const TensorInfo& info = entry.info;
  const auto options = at::TensorOptions().dtype(info.dtype).device(at::kCPU);
  if (info.bytes == 0) return at::empty(info.shape, options);
  const std::byte* data = map_->bytes().data() + entry.begin;
  if (info.dtype == at::ScalarType::Bool) {
    const std::byte* end = data + info.bytes;
    const std::byte* bad = std::find_if(data, end, [](std::byte b) { return b > std::byte{1}; });
    if (bad != end) {
      malformed(where_, fmt::format("tensor {} is BOOL but its byte {} is {}", info.name,
                                    bad - data, std::to_integer<int>(*bad)));
    }
  }
  // libtorch has no tensor on constant memory; nothing here writes through the pointer.
  void* memory = const_cast<std::byte*>(data);
  if (reinterpret_cast<std::uintptr_t>(data) % c10::elementSize(info.dtype) != 0) {
    at::Tensor copy = at::empty(info.shape, options);
    std::copy_n(data, info.bytes, static_cast<std::byte*>(copy.data_ptr()));
    return copy;
  }
  return at::from_blob(
      memory, info.shape, [map = map_](void*) mutable { map.reset(); }, options);
}

void saveSafetensors(const std::filesystem::path& path,
                     const std::vector<std::pair<std::string, at::Tensor>>& tensors,
                     const std::map<std::string, std::string>& metadata) {
  const std::string where = path.string();
  std::vector<const std::pair<std::string, at::Tensor>*> order;
  std::set<std::string_view> names;
  for (const auto& item : tensors) {
    const auto& [name, tensor] = item;
    if (name == "__metadata__" || !names.insert(name).second) {
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("{}: tensor name '{}' is repeated or reserved", where, name));
    }
    if (!tensor.defined() || tensor.layout() != at::kStrided || !nameOf(tensor.scalar_type())) {
      throw Error(
          ErrorKind::InvalidArgument,
          fmt::format("{}: tensor {} has a type that safetensors cannot hold", where, name));
    }
    order.push_back(&item);
  }
  std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    const auto sizeA = a->second.element_size();
    const auto sizeB = b->second.element_size();
    return sizeA != sizeB ? sizeA > sizeB : a->first < b->first;
  });
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::uint64_t at = 0;
  for (const auto* item : order) {
    const std::uint64_t end = at + item->second.nbytes();
    header[item->first] = {{"dtype", std::string(*nameOf(item->second.scalar_type()))},
                           {"shape", item->second.sizes().vec()},
                           {"data_offsets", {at, end}}};
    at = end;
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const json::exception&) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{}: a tensor name or metadata value is not valid UTF-8", where));
  }
  text.append((8 - text.size() % 8) % 8, ' ');
  std::array<std::byte, lengthBytes> length{};
  for (std::size_t i = 0; i < length.size(); ++i) {
    length[i] = static_cast<std::byte>((text.size() >> (8 * i)) & 0xff);
  }
  AtomicFile file(path);
  file.write(length);
  file.write(text);
  for (const auto* item : order) {
    const at::Tensor flat = item->second.detach().to(at::kCPU).contiguous();
    file.write(std::span(static_cast<const std::byte*>(flat.const_data_ptr()), flat.nbytes()));
  }
  file.commit();
}

}  // namespace bitfrontier
