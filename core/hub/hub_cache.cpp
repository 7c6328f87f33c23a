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

std::optional<std::string> HubCache::snapshotName(const fs::path& directory) {
  const std::string name = directory.filename().string();
  const fs::path repo = directory.parent_path().parent_path();
  const std::string folder = repo.filename().string();
  if (!isHex(name, 40) || directory.parent_path().filename() != "snapshots" ||
      !folder.starts_with(kPrefix)) {
    return std::nullopt;
  }
  return folder.substr(folder.rfind("--") + 2) + revisionOf(repo, name);
}

}  // namespace bitfrontier
