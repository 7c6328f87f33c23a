// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/model_hash.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <vector>

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

/// What changes whenever a file of the folder does; links count as what they lead to.
std::string stateOf(const fs::path& folder) {
  std::vector<std::string> files;
  std::error_code code;
  for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
    struct stat info {};
    if (::stat(it->path().c_str(), &info) != 0) continue;
    files.push_back(fmt::format("{} {} {} {}.{:09} {}.{:09}", it->path().filename().string(),
                                info.st_ino, info.st_size, info.st_mtim.tv_sec,
                                info.st_mtim.tv_nsec, info.st_ctim.tv_sec, info.st_ctim.tv_nsec));
  }
  std::ranges::sort(files);
  std::string all;
  for (const std::string& file : files) all += file + '\n';
  return all;
}

struct Remembered {
  std::string state, hash;
};

std::mutex mutex;  // guards the next
std::map<fs::path, Remembered> hashesOfModels;

}  // namespace

std::string rememberedHash(const Checkpoint& checkpoint, const JobContext& job) {
  const fs::path folder = checkpoint.path();
  const std::string before = stateOf(folder);
  {
    const std::scoped_lock lock(mutex);
    const auto found = hashesOfModels.find(folder);
    if (found != hashesOfModels.end() && found->second.state == before) return found->second.hash;
  }
  std::string hash = checkpoint.hash(job);
  if (stateOf(folder) == before) {  // else it was written meanwhile
    const std::scoped_lock lock(mutex);
    hashesOfModels[folder] = {before, hash};
  }
  return hash;
}

}  // namespace bitfrontier
