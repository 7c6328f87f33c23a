// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdlib>
#include <filesystem>

namespace bitfrontier::test {

/// What a test says that skips for want of the reference cases.
inline constexpr const char* kNoCases = "no reference cases (BITFRONTIER_CASES)";

/// The small cases of the tree, laid out as the reference cases are.
inline std::filesystem::path treeCases() { return BITFRONTIER_SOURCE_DIR "/tests/data/cases"; }

/// The reference cases kept outside the tree, or an empty path when this machine has none.
inline std::filesystem::path casesDir() {
  const char* set = std::getenv("BITFRONTIER_CASES");
  const std::filesystem::path dir =
      set != nullptr ? set : BITFRONTIER_SOURCE_DIR "/../shared/cases";
  return std::filesystem::is_directory(dir) ? dir : std::filesystem::path();
}

}  // namespace bitfrontier::test
