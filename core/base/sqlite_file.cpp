// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/sqlite_file.h"

#include <fmt/format.h>

#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include "core/base/error.h"

namespace bitfrontier {

bool isSqliteFile(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return false;
  std::string start(16, ' ');
  std::ifstream(file, std::ios::binary).read(start.data(), 16);
  return start == std::string_view("SQLite format 3\0", 16);
}

void refuseToReplaceDatabase(const std::filesystem::path& file) {
  if (!isSqliteFile(file)) return;
  throw Error(
      ErrorKind::InvalidArgument,
      fmt::format("{} is a database and is not replaced; choose another name", file.string()));
}

}  // namespace bitfrontier
