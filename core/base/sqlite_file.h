// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace bitfrontier {

/// Whether the file starts as SQLite's databases do. Nothing that is exported replaces one: it may
/// be the store that the export comes from.
bool isSqliteFile(const std::filesystem::path& file);

/// Throws InvalidArgument when the file is such a database.
void refuseToReplaceDatabase(const std::filesystem::path& file);

}  // namespace bitfrontier
