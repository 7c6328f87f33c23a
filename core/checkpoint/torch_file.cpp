// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/torch_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "core/base/error.h"
#include "core/checkpoint/little_endian.h"
#include "core/checkpoint/malformed.h"
#include "core/checkpoint/pickle.h"
#include "core/checkpoint/zip_directory.h"

namespace bitfrontier {

namespace {

using Bytes = std::span<const std::byte>;
using Kind = PickleValue::Kind;

constexpr std::uint64_t kMaxPickle = std::uint64_t{64} << 20;
constexpr std::size_t kMaxTensors = std::size_t{1} << 20;
constexpr std::size_t kMaxDimensions = 16;

/// Where the bytes of a storage are.
struct Place {
  std::uint64_t begin = 0;
  std::uint64_t size = 0;
};
using Places = std::unordered_map<std::string_view, Place>;

std::uint64_t storageBytes(const PickleStorage& storage, std::string_view where) {
  return static_cast<std::uint64_t>(storedBytes({storage.elements}, storage.dtype, where));
}

const std::vector<PickleValue>& integers(const Pickle& pickle, std::size_t sequence,
                                         std::string_view where) {
  const auto& values = pickle.sequences[sequence];
  if (values.size() > kMaxDimensions) {
    malformedIs(where,
                fmt::format("has {} dimensions, more than {}", values.size(), kMaxDimensions));
  }
  for (const PickleValue& value : values) {
    if (value.kind != Kind::Int) malformedIs(where, "has a size or stride that is no integer");
    if (value.number < 0)
      malformedIs(where, fmt::format("has a size or stride of {}", value.number));
  }
  return values;
}

/// The distance from the first to the last element that is reached.
std::optional<std::int64_t> span(const std::vector<std::int64_t>& shape,
                                 const std::vector<std::int64_t>& strides) {
  std::int64_t last = 0;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    std::int64_t step = 0;
    if (__builtin_mul_overflow(shape[d] - 1, strides[d], &step) ||
        __builtin_add_overflow(last, step, &last)) {
      return std::nullopt;
    }
  }
  return last;
}

bool isRowMajor(const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& strides) {
  std::int64_t expected = 1;
  for (std::size_t d = shape.size(); d-- > 0;) {
    if (shape[d] == 1) continue;
    if (strides[d] != expected) return false;
    expected *= shape[d];
  }
  return true;
}

StoredTensor place(const Pickle& pickle, const PickleTensor& tensor, std::string name,
                   const Places& places, std::string_view file) {
  const std::string where = fmt::format("{}: tensor {}", file, name);
  const PickleStorage& storage = pickle.storages[tensor.storage];
  StoredTensor stored;
  stored.info.name = std::move(name);
  stored.info.dtype = storage.dtype;
  for (const PickleValue& v : integers(pickle, tensor.shape, where)) {
    stored.info.shape.push_back(v.number);
  }
  for (const PickleValue& v : integers(pickle, tensor.strides, where)) {
    stored.strides.push_back(v.number);
  }
  const std::vector<std::int64_t>& shape = stored.info.shape;
  if (stored.strides.size() != shape.size()) {
    malformedIs(where,
                fmt::format("has {} sizes and {} strides", shape.size(), stored.strides.size()));
  }
  stored.info.bytes = storedBytes(shape, storage.dtype, where);
  const auto found = places.find(storage.key);
  if (found == places.end()) {
    malformedIs(where, fmt::format("lies in storage {}, which is not in the file", storage.key));
  }
  const std::uint64_t bytes = storageBytes(storage, where);
  if (found->second.size != bytes) {
    malformed(where, fmt::format("its storage {} has {} bytes in the file, not {}", storage.key,
                                 found->second.size, bytes));
  }
  const auto itemBytes = static_cast<std::int64_t>(c10::elementSize(storage.dtype));
  if (tensor.offset < 0 || tensor.offset > storage.elements) {
    malformedIs(where, fmt::format("begins at element {} of a storage of {}", tensor.offset,
                                   storage.elements));
  }
  if (stored.info.bytes > 0) {
    const std::optional<std::int64_t> last = span(shape, stored.strides);
    if (!last || *last >= storage.elements - tensor.offset) {
      malformedIs(where,
                  fmt::format("of shape {} with strides {} from element {} leaves its storage "
                              "of {}",
                              shapeText(shape), shapeText(stored.strides), tensor.offset,
                              storage.elements));
    }
    // A few stored numbers could otherwise stand for a tensor of any size.
    if (stored.info.bytes / itemBytes > storage.elements) {
      malformedIs(where, fmt::format("of shape {} repeats the {} elements of its storage",
                                     shapeText(shape), storage.elements));
    }
  }
  stored.begin = found->second.begin + static_cast<std::uint64_t>(tensor.offset * itemBytes);
  if (stored.info.bytes == 0 || isRowMajor(shape, stored.strides)) stored.strides.clear();
  return stored;
}

std::vector<StoredTensor> placeAll(const Pickle& pickle, const PickleValue& root,
                                   const Places& places, std::string_view where) {
  if (root.kind != Kind::Dict) malformedIs(where, "does not hold a state dict");
  const auto& items = pickle.dicts[root.index()];
  if (items.size() > kMaxTensors) {
    malformedIs(where, fmt::format("holds {} tensors, more than {}", items.size(), kMaxTensors));
  }
  std::vector<StoredTensor> tensors;
  tensors.reserve(items.size());
  std::unordered_set<std::string_view> names;
  for (const auto& [key, value] : items) {
    if (key.kind != Kind::Text) malformedIs(where, "has a tensor without a name");
    const std::string_view name = pickle.texts[key.index()];
    if (value.kind != Kind::Tensor) malformed(where, fmt::format("entry {} is no tensor", name));
    if (!names.insert(name).second) malformed(where, fmt::format("tensor {} is there twice", name));
    tensors.push_back(
        place(pickle, pickle.tensors[value.index()], std::string(name), places, where));
  }
  return tensors;
}

// ---- the ZIP archive ----------------------------------------------------------------------------

std::string_view contentOf(Bytes file, const ZipMember& member) {
  return {reinterpret_cast<const char*>(file.data()) + member.begin, member.size};
}

std::vector<StoredTensor> parseZip(Bytes file, std::string_view where) {
  constexpr std::string_view pickleName = "/data.pkl";
  const std::vector<ZipMember> members = readZipDirectory(file, where);
  const ZipMember* main = nullptr;
  for (const ZipMember& member : members) {
    if (!member.name.ends_with(pickleName)) continue;
    if (main != nullptr) malformedIs(where, "holds two data.pkl");
    main = &member;
  }
  if (main == nullptr)
    malformedIs(where, "is a ZIP archive without data.pkl, not one of torch.save");
  const std::string_view root = main->name.substr(0, main->name.size() - pickleName.size() + 1);
  const std::string_view dataRoot = "data/";
  Places places;
  for (const ZipMember& member : members) {
    if (!member.name.starts_with(root)) continue;
    const std::string_view name = member.name.substr(root.size());
    if (name == "byteorder" && contentOf(file, member) != "little") {
      throw Error(ErrorKind::Unsupported,
                  fmt::format("{}: was written on a machine with byte order '{}'", where,
                              contentOf(file, member).substr(0, 16)));
    }
    if (name.starts_with(dataRoot)) {
      places.emplace(name.substr(dataRoot.size()), Place{member.begin, member.size});
    }
  }
  if (main->size > kMaxPickle) {
    malformed(where,
              fmt::format("data.pkl of {} bytes is beyond the {} allowed", main->size, kMaxPickle));
  }
  Pickle pickle;
  std::size_t at = 0;
  const PickleValue state = readPickle(file.subspan(main->begin, main->size), at, pickle, where);
  return placeAll(pickle, state, places, where);
}

// ---- pickles in a row ---------------------------------------------------------------------------

/// The first two pickles: the magic number and the version 1001.
constexpr std::string_view kLegacyStart(
    "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.", 21);

bool looksLikeLegacy(Bytes file) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  return text.starts_with(kLegacyStart);
}

void checkSystem(const Pickle& pickle, const PickleValue& system, std::string_view where) {
  if (system.kind == Kind::Dict) {
    for (const auto& [key, value] : pickle.dicts[system.index()]) {
      if (key.kind != Kind::Text || pickle.texts[key.index()] != "little_endian") continue;
      if (value.kind == Kind::Bool && value.number == 1) return;
      throw Error(ErrorKind::Unsupported,
                  fmt::format("{}: was written on a machine with another byte order", where));
    }
  }
  malformedIs(where, "does not say which byte order it has");
}

std::vector<StoredTensor> parseLegacy(Bytes file, std::string_view where) {
  Pickle pickle;
  std::size_t at = kLegacyStart.size();
  // Pickles must end before this, so that a broken one cannot wander through the weights.
  const Bytes pickles = file.first(std::min<std::size_t>(file.size(), kMaxPickle));
  checkSystem(pickle, readPickle(pickles, at, pickle, where), where);
  const PickleValue state = readPickle(pickles, at, pickle, where);
  std::unordered_map<std::string_view, const PickleStorage*> storages;
  for (const PickleStorage& storage : pickle.storages) {
    const auto [known, fresh] = storages.emplace(storage.key, &storage);
    if (!fresh &&
        (known->second->dtype != storage.dtype || known->second->elements != storage.elements)) {
      malformed(where, fmt::format("storage {} has two types or sizes", storage.key));
    }
  }
  const std::size_t stateStorages = pickle.storages.size();
  const PickleValue keys = readPickle(pickles, at, pickle, where);
  if (keys.kind != Kind::List || pickle.storages.size() != stateStorages) {
    malformedIs(where, "has no list of storages");
  }
  Places places;
  for (const PickleValue& key : pickle.sequences[keys.index()]) {
    const auto known =
        key.kind == Kind::Text ? storages.find(pickle.texts[key.index()]) : storages.end();
    if (known == storages.end()) malformedIs(where, "lists a storage that no tensor lies in");
    const PickleStorage& storage = *known->second;
    if (file.size() - at < 8) {
      malformedIs(where,
                  fmt::format("ends at byte {} before storage {}", file.size(), storage.key));
    }
    const auto elements = littleEndian<std::uint64_t>(file, at);
    at += 8;
    if (elements != static_cast<std::uint64_t>(storage.elements)) {
      malformed(where, fmt::format("storage {} has {} elements in the file, not {}", storage.key,
                                   elements, storage.elements));
    }
    const std::uint64_t bytes = storageBytes(storage, where);
    if (bytes > file.size() - at) {
      malformed(where, fmt::format("storage {} ends at byte {} but the file has {}", storage.key,
                                   at + bytes, file.size()));
    }
    if (!places.emplace(storage.key, Place{at, bytes}).second) {
      malformed(where, fmt::format("storage {} is there twice", storage.key));
    }
    at += bytes;
  }
  if (at != file.size()) {
    malformedIs(where, fmt::format("ends at byte {} but has {}", at, file.size()));
  }
  return placeAll(pickle, state, places, where);
}

}  // namespace

std::vector<StoredTensor> parseTorchFile(Bytes file, std::string_view where) {
  if (looksLikeZip(file)) return parseZip(file, where);
  if (looksLikeLegacy(file)) return parseLegacy(file, where);
  malformedIs(where, fmt::format("has {} bytes and does not begin as a file of torch.save does",
                                 file.size()));
}

}  // namespace bitfrontier
