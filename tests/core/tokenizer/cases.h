// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdlib>
#include <filesystem>

namespace bitfrontier::test {

/// The reference cases of the tokenizers, or an empty path when this machine has none.
inline std::filesystem::path casesDir() {
  const char* set = std::getenv("BITFRONTIER_CASES");
  const std::filesystem::path dir =
      set != nullptr ? set : BITFRONTIER_SOURCE_DIR "/../shared/cases";
  return std::filesystem::is_directory(dir) ? dir : std::filesystem::path();
}

}  // namespace bitfrontier::test
