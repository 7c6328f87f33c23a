// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string_view>

#include "app/cli/options.h"
#include "core/store/run_store.h"

namespace bitfrontier::cli {

/// A store, opened for reading, and what of it a decision is about.
struct Query {
  RunStore store;
  RunFilter filter;
  LawMetric metric = LawMetric::Accuracy;
};

/// `metric` is the word of --metric, or empty. Says on stderr what is left out as incomplete.
/// Throws as openForReading() and FilterOptions::filter().
Query openQuery(const std::filesystem::path& store, const FilterOptions& options,
                std::string_view metric);

}  // namespace bitfrontier::cli
