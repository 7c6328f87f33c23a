// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

namespace bitfrontier {

/// Appends the rows of a Parquet file to `jsonLines`, one JSON object a line. Done by the optional
/// module libbitfrontier_parquet.so (`./dev setup --parquet`), which is looked for where
/// BITFRONTIER_PARQUET_MODULE says, else beside the program and in `../lib/bitfrontier`. Throws
/// NotFound, Format, and Unsupported with how to get the module when it is not there.
void readParquet(const std::filesystem::path& path, std::string& jsonLines);

}  // namespace bitfrontier
