// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/checkpoint.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <system_error>
#include <unordered_set>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/checkpoint/other_weights.h"

namespace bitfrontier {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr JsonLimits configLimits{.maxBytes = std::uint64_t{16} << 20, .maxDepth = 32};
// An index names every tensor of the model, mixtures of experts have hundreds of thousands.
constexpr JsonLimits indexLimits{
    .maxBytes = std::uint64_t{128} << 20, .maxDepth = 8, .uniqueKeys = true};
constexpr std::size_t maxShards = 10000;

// An index may only name files beside itself.
bool isPlainName(const std::string& name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos;
}

std::map<std::string, std::unordered_set<std::string>> readIndex(const fs::path& path) {
  const std::string where = path.string();
  const json index = readJson(path, indexLimits);
  std::map<std::string, std::unordered_set<std::string>> shards;
  for (const auto& [tensor, file] : requireObject(index, "weight_map", where).items()) {
    if (!file.is_string() || !isPlainName(file.get_ref<const std::string&>())) {
      throw Error(ErrorKind::Format,
                  fmt::format("{}: tensor {} is placed in {}, which is no file name", where, tensor,
                              file.dump(-1, ' ', true)));
    }
    shards[file.get_ref<const std::string&>()].insert(tensor);
  }
  if (shards.empty() || shards.size() > maxShards) {
    throw Error(ErrorKind::Format, fmt::format("{} names {} weight files, not 1 to {}", where,
                                               shards.size(), maxShards));
  }
  return shards;
}

constexpr const char* kWeightNames[] = {"model.safetensors", "pytorch_model.bin"};

fs::path indexOf(const fs::path& weights) { return weights.string() + ".index.json"; }

bool holdsWeights(const fs::path& dir) {
  return std::ranges::any_of(kWeightNames, [&](const char* name) {
    return pathExists(dir / name) || pathExists(indexOf(dir / name));
  });
}

/// Throws when `absent` are of the `all` files that an index names.
void refuseAbsent(const fs::path& index, std::vector<std::string> absent, std::size_t all) {
  if (absent.empty()) return;
  if (absent.size() == 1) {
    throw Error(ErrorKind::NotFound,
                fmt::format("{} names {}, which does not exist", index.string(),
                            (index.parent_path() / absent.front()).string()));
  }
  constexpr std::size_t kNamed = 3;
  const std::size_t count = absent.size();
  const std::size_t more = count - std::min(count, kNamed);
  absent.resize(count - more);
  const std::string which =
      count == all ? "none of which exists" : fmt::format("of which {} do not exist", count);
  throw Error(ErrorKind::NotFound, fmt::format("{} names {} files, {}: {}{}", index.string(), all,
                                               which, fmt::join(absent, ", "),
                                               more > 0 ? fmt::format(" and {} more", more) : ""));
}

}  // namespace

Checkpoint Checkpoint::open(const fs::path& dir) {
  std::error_code code;
  if (!fs::is_directory(dir, code)) {
    throw Error(ErrorKind::NotFound, fmt::format("{} is no directory", dir.string()));
  }
  Checkpoint checkpoint;
  checkpoint.path_ = dir;
  const fs::path configPath = dir / "config.json";
  if (!pathExists(configPath)) {
    const std::string other = holdsWeights(dir) ? "" : describeOtherWeights(dir);
    throw Error(ErrorKind::NotFound,
                fmt::format("{} {}", dir.string(), other.empty() ? "holds no config.json" : other));
  }
  checkpoint.config_ = readJson(configPath, configLimits);
  if (!checkpoint.config_.is_object()) {
    throw Error(ErrorKind::Format, fmt::format("{} is no object", configPath.string()));
  }
  for (const char* name : kWeightNames) {
    const fs::path single = dir / name;
    const fs::path index = indexOf(single);
    const bool whole = pathExists(single);
    if (!whole && !pathExists(index)) continue;
    refuseAdapterBeside(dir);
    if (whole) {
      checkpoint.openSingle(single);
    } else {
      checkpoint.openSharded(index);
    }
    return checkpoint;
  }
  const std::string other = describeOtherWeights(dir);
  throw Error(ErrorKind::NotFound,
              fmt::format("{} {}", dir.string(),
                          other.empty() ? "holds no weights: neither model.safetensors nor "
                                          "pytorch_model.bin nor an index of either"
                                        : other));
}

void Checkpoint::openSingle(const fs::path& file) {
  fileNames_.push_back(file.filename().string());
  files_.emplace_back(file);
  for (std::size_t i = 0; i < files_[0].tensors().size(); ++i) add(0, i);
}

void Checkpoint::openSharded(const fs::path& index) {
  auto shards = readIndex(index);
  std::vector<std::string> absent;
  for (const auto& [name, wanted] : shards) {
    if (!pathExists(path_ / name)) absent.push_back(name);
  }
  refuseAbsent(index, absent, shards.size());
  for (auto& [name, wanted] : shards) {
    const fs::path file = path_ / name;
    fileNames_.push_back(name);
    files_.emplace_back(file);
    const auto& entries = files_.back().tensors();
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (wanted.erase(entries[i].info.name) == 1) add(files_.size() - 1, i);
    }
    if (!wanted.empty()) {
      const std::string missing = *std::min_element(wanted.begin(), wanted.end());
      throw Error(ErrorKind::Format,
                  fmt::format("{} places tensor {} in {}, which does not hold it", index.string(),
                              missing, name));
    }
  }
}

void Checkpoint::add(std::size_t file, std::size_t entry) {
  const TensorInfo& info = files_[file].tensors()[entry].info;
  places_.emplace(info.name, Place{file, entry});
  tensors_.push_back(info);
}

const Checkpoint::Place* Checkpoint::find(std::string_view name) const {
  const auto it = places_.find(std::string(name));
  return it == places_.end() ? nullptr : &it->second;
}

bool Checkpoint::has(std::string_view name) const { return find(name) != nullptr; }

at::Tensor Checkpoint::tensor(std::string_view name) const {
  const Place* place = find(name);
  if (place == nullptr) {
    throw Error(ErrorKind::NotFound, fmt::format("{} holds no tensor {}", path_.string(), name));
  }
  const WeightFile& file = files_[place->file];
  return file.tensor(file.tensors()[place->entry]);
}

std::string Checkpoint::hash(const JobContext& job) const {
  constexpr std::size_t chunk = std::size_t{8} << 20;
  json config = config_;
  for (const char* key : {"_name_or_path", "transformers_version", "use_cache"}) config.erase(key);
  Sha256 whole;
  // Ordered by key, no white space, ASCII only: the same text for the same content.
  whole.update("config " + config.dump(-1, ' ', true) + "\n");
  std::size_t total = 0;
  for (const WeightFile& file : files_) total += file.bytes().size();
  std::size_t done = 0;
  for (std::size_t i = 0; i < files_.size(); ++i) {
    const auto bytes = files_[i].bytes();
    Sha256 content;
    for (std::size_t at = 0; at < bytes.size(); at += chunk) {
      job.throwIfCancelled();
      const auto part = bytes.subspan(at, std::min(chunk, bytes.size() - at));
      content.update(part);
      done += part.size();
      job.progress({static_cast<double>(done) / static_cast<double>(total), "hashing weights",
                    static_cast<std::int64_t>(done), static_cast<std::int64_t>(total)});
    }
    whole.update(fmt::format("file {} {} {}\n", fileNames_[i], bytes.size(), content.hexDigest()));
  }
  return whole.hexDigest();
}

void Checkpoint::releasePages() const noexcept {
  for (const WeightFile& file : files_) file.releasePages();
}

}  // namespace bitfrontier
