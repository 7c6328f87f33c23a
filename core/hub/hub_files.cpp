// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hub/hub_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "core/base/error.h"
#include "core/base/json.h"

namespace bitfrontier {

using nlohmann::json;

namespace {

/// Beside the weights and config.json; whichever are there.
constexpr std::string_view kOptional[] = {
    "generation_config.json", "tokenizer.json",          "vocab.json",       "merges.txt",
    "tokenizer_config.json",  "special_tokens_map.json", "added_tokens.json"};

bool isSafePath(std::string_view path) {
  if (path.empty() || path.size() > 1000 || path.front() == '/' || path.back() == '/') return false;
  for (const char c : path) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '\\' || c == 0x7F) return false;
  }
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, end - at);
    if (part.empty() || part == "." || part == "..") return false;
    at = end + 1;
  }
  return true;
}

HubFile readFileEntry(const json& entry, std::string_view where) {
  HubFile file;
  file.path = requireString(entry, "rfilename", where);
  const std::string fileWhere = fmt::format("{}: file {}", where, file.path);
  const auto takeSize = [&](const json& object) {
    const std::int64_t size = intOr(object, "size", fileWhere, -1);
    file.sizeKnown = size >= 0;
    file.size = size >= 0 ? static_cast<std::uint64_t>(size) : 0;
  };
  takeSize(entry);
  std::size_t digits = 40;
  const auto lfs = entry.find("lfs");
  if (lfs != entry.end() && lfs->is_object()) {
    digits = 64;
    file.hash = stringOr(*lfs, "sha256", fileWhere, "");
    takeSize(*lfs);
  } else {
    file.hash = stringOr(entry, "blobId", fileWhere, "");
  }
  if (!file.hash.empty() && !isHex(file.hash, digits)) {
    throw Error(ErrorKind::Format, fmt::format("{} has the hash '{}', not {} hexadecimal digits",
                                               fileWhere, file.hash, digits));
  }
  return file;
}

/// The files that an index of weights names, in order of name.
std::set<std::string> partsOf(std::string_view index, std::string_view where) {
  constexpr JsonLimits limits{.maxBytes = std::uint64_t{128} << 20, .maxDepth = 8};
  std::set<std::string> parts;
  const json root = parseJson(index, where, limits);
  for (const auto& [tensor, file] : requireObject(root, "weight_map", where).items()) {
    if (!file.is_string()) {
      throw Error(ErrorKind::Format,
                  fmt::format("{}: tensor {} is placed in no file", where, tensor));
    }
    parts.insert(file.get<std::string>());
  }
  return parts;
}

}  // namespace

HubListing parseHubListing(std::string_view text, std::string_view where) {
  constexpr JsonLimits limits{.maxBytes = std::uint64_t{64} << 20, .maxDepth = 32};
  const json answer = parseJson(text, where, limits);
  HubListing listing;
  listing.commit = requireString(answer, "sha", where);
  if (!isHex(listing.commit, 40)) {
    throw Error(ErrorKind::Format,
                fmt::format("{}: 'sha' is {}, no commit", where, listing.commit));
  }
  std::unordered_set<std::string> seen;
  for (const json& entry : requireArray(answer, "siblings", where)) {
    HubFile file = readFileEntry(entry, where);
    if (!isSafePath(file.path)) continue;
    if (!seen.insert(file.path).second) {
      throw Error(ErrorKind::Format, fmt::format("{}: file {} is there twice", where, file.path));
    }
    listing.files.push_back(std::move(file));
  }
  return listing;
}

std::vector<HubFile> neededFiles(const HubListing& listing, const HubModel& model,
                                 const ReadIndex& readIndex) {
  std::vector<HubFile> needed;
  std::unordered_map<std::string_view, const HubFile*> files;
  for (const HubFile& file : listing.files) files.emplace(file.path, &file);
  const auto take = [&](std::string_view path) {
    const auto found = files.find(path);
    if (found != files.end()) needed.push_back(*found->second);
    return found != files.end();
  };
  const auto fail = [&](const std::string& what) {
    throw Error(ErrorKind::NotFound, fmt::format("{} {}", model.text(), what));
  };
  if (!take("config.json")) fail("has no config.json");
  for (const std::string_view path : kOptional) take(path);
  for (const std::string name : {"model.safetensors", "pytorch_model.bin"}) {
    if (take(name)) return needed;
    if (!take(name + ".index.json")) continue;
    const std::string where = fmt::format("{}: {}", model.text(), needed.back().path);
    for (const std::string& part : partsOf(readIndex(needed.back()), where)) {
      if (!take(part)) fail(fmt::format("has no {}, which {}.index.json names", part, name));
    }
    return needed;
  }
  fail(
      "has no weights that can be read: neither model.safetensors nor pytorch_model.bin, whole or "
      "in parts");
  return needed;
}

}  // namespace bitfrontier
