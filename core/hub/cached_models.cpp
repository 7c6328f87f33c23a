// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hub/cached_models.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "models--";
constexpr std::uint64_t kMaxIndex = std::uint64_t{128} << 20;

/// Entries of a folder by name; none when it cannot be read.
std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> list;
  std::error_code code;
  for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code))
    list.push_back(it->path());
  std::ranges::sort(list);
  return list;
}

/// "models--org--name" -> "org/name".
std::string repositoryOf(const std::string& folder) {
  std::string name = folder.substr(kPrefix.size());
  const auto dashes = name.find("--");
  if (dashes != std::string::npos) name.replace(dashes, 2, "/");
  return name;
}

/// Names of revisions by the commit that they stand for, main before others.
std::map<std::string, std::string> revisionsOf(const fs::path& repo) {
  std::map<std::string, std::string> names;
  std::error_code code;
  const fs::path refs = repo / "refs";
  for (fs::recursive_directory_iterator it(refs, code), end; !code && it != end;
       it.increment(code)) {
    std::error_code ignored;
    if (!it->is_regular_file(ignored)) continue;
    try {
      std::string commit = readFile(it->path(), 4096);
      while (commit.ends_with('\n')) commit.pop_back();
      const std::string name = it->path().lexically_relative(refs).string();
      if (name == "main" || !names.contains(commit)) names[commit] = name;
    } catch (const Error&) {
      // A file that cannot be read names nothing.
    }
  }
  return names;
}

/// Parts that an index of weights names.
std::set<std::string> partsOf(const fs::path& index) {
  std::set<std::string> parts;
  const auto json = nlohmann::json::parse(readFile(index, kMaxIndex), nullptr, false);
  if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object())
    return parts;
  for (const auto& [tensor, file] : json["weight_map"].items()) {
    if (file.is_string()) parts.insert(file.get<std::string>());
  }
  return parts;
}

void look(CachedModel& model) {
  std::error_code code;
  std::set<std::string> there;
  for (fs::recursive_directory_iterator it(model.directory, code), end; !code && it != end;
       it.increment(code)) {
    std::error_code none;
    if (it->is_directory(none)) continue;
    const std::string name = it->path().lexically_relative(model.directory).string();
    const std::uintmax_t size = fs::file_size(it->path(), none);  // through the link
    if (none) {
      model.missing.push_back(name);
    } else {
      model.bytes += size;
      there.insert(name);
    }
  }
  const auto any = [&](std::initializer_list<const char*> names) {
    return std::ranges::any_of(names, [&](const char* name) { return there.contains(name); });
  };
  if (!any({"config.json"})) model.missing.emplace_back("config.json");
  if (!any({"tokenizer.json", "vocab.json", "tokenizer.model"}))
    model.missing.emplace_back("a tokenizer");
  if (any({"model.safetensors", "pytorch_model.bin"})) return;
  for (const char* index : {"model.safetensors.index.json", "pytorch_model.bin.index.json"}) {
    if (!there.contains(index)) continue;
    for (const std::string& part : partsOf(model.directory / index))
      if (!there.contains(part) && std::ranges::find(model.missing, part) == model.missing.end())
        model.missing.push_back(part);
    return;
  }
  model.missing.emplace_back("weights");
}

}  // namespace

std::vector<CachedModel> cachedModels(const HubCache& cache) {
  std::error_code code;
  if (!fs::is_directory(cache.root(), code)) {
    throw Error(ErrorKind::NotFound,
                fmt::format("the cache {} is not there", cache.root().string()));
  }
  std::vector<CachedModel> models;
  for (const fs::path& repo : entries(cache.root())) {
    const std::string folder = repo.filename().string();
    if (!folder.starts_with(kPrefix) || folder.size() == kPrefix.size()) continue;
    std::uint64_t partial = 0;
    for (const fs::path& blob : entries(repo / "blobs")) {
      if (blob.extension() != ".incomplete") continue;
      const std::uintmax_t size = fs::file_size(blob, code);
      if (!code) partial += size;
    }
    const std::map<std::string, std::string> names = revisionsOf(repo);
    for (const fs::path& snapshot : entries(repo / "snapshots")) {
      CachedModel model;
      model.commit = snapshot.filename().string();
      const auto name = names.find(model.commit);
      model.model = {repositoryOf(folder), name == names.end() ? model.commit : name->second};
      model.directory = snapshot;
      model.partialBytes = partial;
      look(model);
      models.push_back(std::move(model));
    }
  }
  return models;
}

}  // namespace bitfrontier
