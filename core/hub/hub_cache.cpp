// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hub/hub_cache.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file.h"

namespace bitfrontier {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPrefix = "models--";

void makeDirectories(const fs::path& dir) {
  std::error_code code;
  fs::create_directories(dir, code);
  if (code) {
    throw Error(ErrorKind::Io,
                fmt::format("cannot make folder {}: {}", dir.string(), code.message()));
  }
}

bool isDirectory(const fs::path& path) {
  std::error_code code;
  return fs::is_directory(path, code);
}

/// The commit in a file of refs, if it is one.
std::optional<std::string> readRef(const fs::path& file) {
  std::error_code code;
  if (!fs::is_regular_file(file, code)) return std::nullopt;
  std::string commit = readFile(file, 4096);
  while (commit.ends_with('\n')) commit.pop_back();
  if (!isHex(commit, 40)) {
    throw Error(ErrorKind::Format, fmt::format("{} does not hold a commit", file.string()));
  }
  return commit;
}

/// The name of the revision that stands for a commit: main before others, "" for main.
std::string revisionOf(const fs::path& repo, const std::string& commit) {
  const fs::path refs = repo / "refs";
  if (readRef(refs / "main") == commit) return "";
  std::string found = commit.substr(0, 10);
  std::error_code code;
  for (fs::recursive_directory_iterator it(refs, code), end; !code && it != end;
       it.increment(code)) {
    if (it->is_regular_file(code) && readRef(it->path()) == commit) {
      found = it->path().lexically_relative(refs).string();
      break;
    }
  }
  return "@" + found;
}

}  // namespace

fs::path HubCache::repo(const HubModel& model) const {
  std::string folder(kPrefix);
  for (const char c : model.repo) folder += c == '/' ? "--" : std::string(1, c);
  return root_ / folder;
}

fs::path HubCache::blob(const HubModel& model, std::string_view hash) const {
  return repo(model) / "blobs" / hash;
}

fs::path HubCache::lock(const HubModel& model, std::string_view hash) const {
  return root_ / ".locks" / repo(model).filename() / fmt::format("{}.lock", hash);
}

fs::path HubCache::snapshot(const HubModel& model, std::string_view commit) const {
  return repo(model) / "snapshots" / commit;
}

std::optional<std::string> HubCache::commitOf(const HubModel& model) const {
  if (model.isCommit()) return model.revision;
  return readRef(repo(model) / "refs" / model.revision);
}

std::optional<fs::path> HubCache::find(const HubModel& model) const {
  const auto commit = commitOf(model);
  if (!commit || !isDirectory(snapshot(model, *commit))) return std::nullopt;
  return snapshot(model, *commit);
}

void HubCache::link(const HubModel& model, std::string_view commit, const std::string& path,
                    std::string_view hash) const {
  const fs::path place = snapshot(model, commit) / path;
  makeDirectories(place.parent_path());
  const fs::path target = blob(model, hash);
  std::error_code code;
  if (fs::equivalent(place, target, code) && !code) return;
  // Under another name first, so that nobody ever finds half a snapshot's file.
  static std::atomic<unsigned> counter{0};
  fs::path fresh = place;
  fresh += fmt::format(".{}-{}.tmp", ::getpid(), counter++);
  fs::remove(fresh, code);
  fs::create_symlink(target.lexically_relative(place.parent_path()), fresh, code);
  if (code) fs::create_hard_link(target, fresh, code);
  if (code) fs::copy_file(target, fresh, code);
  if (!code) fs::rename(fresh, place, code);
  if (code) {
    throw Error(ErrorKind::Io, fmt::format("cannot make {}: {}", place.string(), code.message()));
  }
}

void HubCache::setCommit(const HubModel& model, std::string_view commit) const {
  if (model.isCommit()) return;
  const fs::path file = repo(model) / "refs" / model.revision;
  makeDirectories(file.parent_path());
  writeFileAtomic(file, commit);
}

fs::path resolveModel(const std::string& text, const HubSettings& settings) {
  if (isDirectory(text)) return text;
  if (pathExists(text)) {
    throw Error(ErrorKind::NotFound,
                text.ends_with(".gguf")
                    ? fmt::format("{} is a GGUF file, which is not opened; take the folder with "
                                  "the model's config.json and safetensors",
                                  text)
                    : fmt::format("{} is no directory; give the folder with the model's "
                                  "config.json and weights",
                                  text));
  }
  const HubCache cache(settings.cache);
  const auto model = parseHubModel(text);
  if (!model) {
    throw Error(
        ErrorKind::NotFound,
        fmt::format("{} is no directory and cannot be the name of a model on the hub", text));
  }
  if (const auto found = cache.find(*model)) return *found;
  const bool other = model->revision != "main" && isDirectory(cache.repo(*model));
  throw Error(ErrorKind::NotFound,
              fmt::format("{0} is neither a directory nor {1} in the cache {2}; bitfrontier fetch "
                          "{0} gets it",
                          text, other ? "a revision that is" : "a model", settings.cache.string()));
}

fs::path resolveModel(const std::string& text) {
  // What is there needs no settings, which might be wrong.
  if (isDirectory(text)) return text;
  return resolveModel(text, HubSettings::fromEnvironment());
}

std::string modelName(const fs::path& directory) {
  std::error_code code;
  fs::path real = fs::weakly_canonical(directory, code);
  if (code || real.empty()) real = directory;
  if (!real.has_filename()) real = real.parent_path();
  const std::string name = real.filename().string();
  const fs::path repo = real.parent_path().parent_path();
  const std::string folder = repo.filename().string();
  if (!isHex(name, 40) || real.parent_path().filename() != "snapshots" ||
      !folder.starts_with(kPrefix)) {
    return name;
  }
  return folder.substr(folder.rfind("--") + 2) + revisionOf(repo, name);
}

}  // namespace bitfrontier
