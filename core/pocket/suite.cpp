// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pocket/suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "core/base/error.h"
#include "core/base/resources.h"
#include "core/hub/model_name.h"

namespace bitfrontier {

PocketSuite openPocketSuite(const std::filesystem::path& directory) {
  namespace fs = std::filesystem;
  PocketSuite suite;
  suite.directory = directory.empty() ? resourceDir() / "pocket" : directory;
  for (const char* task :
       {"pocket_lambada", "pocket_hellaswag", "pocket_piqa", "pocket_winogrande", "pocket_text"}) {
    const fs::path file = suite.directory / "tasks" / fmt::format("{}.jsonl", task);
    if (!fs::exists(file)) {
      throw Error(ErrorKind::NotFound, fmt::format("{} is not a pocket suite: {} is missing",
                                                   suite.directory.string(), file.string()));
    }
    suite.tasks.push_back(file);
  }
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(suite.directory, error)) {
    if (entry.is_directory() && fs::exists(entry.path() / "model.safetensors")) {
      suite.models.push_back(entry.path());
    }
  }
  std::sort(suite.models.begin(), suite.models.end(), [](const fs::path& a, const fs::path& b) {
    return std::tuple(familyOf(a.filename().string()), fs::file_size(a / "model.safetensors"), a) <
           std::tuple(familyOf(b.filename().string()), fs::file_size(b / "model.safetensors"), b);
  });
  return suite;
}

}  // namespace bitfrontier
