// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "app/cli/fit/fit.h"
#include "core/law/text/portable_law.h"

namespace bitfrontier::cli {

/// Throws InvalidArgument for a file whose name says no format that laws are exported in.
void checkExports(const FitCommand& command);
/// Writes the laws to the files of --export; `json` is the text of .json files. Throws NotFound
/// when there is a file and no law.
void writeExports(const FitCommand& command, std::vector<PortableLaw> laws,
                  const nlohmann::json& json);

}  // namespace bitfrontier::cli
