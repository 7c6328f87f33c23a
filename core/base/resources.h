// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace bitfrontier {

/// The directory of the running executable.
std::filesystem::path executableDir();

/// The directory of the shipped files (pocket suite, published results, example sweeps). Tried
/// in order: environment BITFRONTIER_RESOURCES (an error if it is set but no directory),
/// `../share/bitfrontier` and `../resources` beside the executable's directory, the source tree
/// of the build. Throws NotFound naming all places tried.
std::filesystem::path resourceDir();

}  // namespace bitfrontier
