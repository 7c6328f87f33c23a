// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "app/cli/cli.h"

namespace bitfrontier::cli {

/// Prints results that may not be compared with each other one after the other, or as one JSON
/// array. Returns kOk.
template <typename Result, typename ToJson, typename Print>
int printEach(const std::vector<Result>& all, bool asJson, ToJson toJson, Print print) {
  if (asJson) {
    auto json = nlohmann::ordered_json::array();
    for (const Result& one : all) json.push_back(toJson(one));
    fmt::print("{}\n", json.dump(2));
    return kOk;
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0) fmt::print("\n");
    print(all[i]);
  }
  return kOk;
}

}  // namespace bitfrontier::cli
