// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/resources.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <string>
#include <system_error>

#include "core/base/error.h"

namespace bitfrontier {

namespace fs = std::filesystem;

fs::path executableDir() {
  std::error_code code;
  const fs::path self = fs::read_symlink("/proc/self/exe", code);
  if (code) {
    throw Error(ErrorKind::Io,
                fmt::format("cannot find the running executable: {}", code.message()));
  }
  return self.parent_path();
}

fs::path resourceDir() {
  std::error_code code;
  if (const char* chosen = std::getenv("BITFRONTIER_RESOURCES"); chosen != nullptr && *chosen) {
    if (!fs::is_directory(chosen, code)) {
      throw Error(ErrorKind::NotFound,
                  fmt::format("BITFRONTIER_RESOURCES names '{}', which is no directory", chosen));
    }
    return chosen;
  }
  const fs::path root = executableDir().parent_path();
  const std::array<fs::path, 3> places = {root / "share" / "bitfrontier", root / "resources",
                                          fs::path(BITFRONTIER_SOURCE_RESOURCES)};
  std::string tried;
  for (const fs::path& place : places) {
    if (fs::is_directory(place, code)) return place;
    tried += (tried.empty() ? "" : ", ") + place.string();
  }
  throw Error(
      ErrorKind::NotFound,
      fmt::format("found no resource directory, tried {}; set BITFRONTIER_RESOURCES", tried));
}

}  // namespace bitfrontier
