// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "core/store/run_record.h"
#include "core/store/run_store.h"

namespace bitfrontier {

/// Reads numbers transcribed from a paper (resources/published/README.md describes the columns).
/// Percent become shares with a binomial standard error, perplexities cross-entropies in nats per
/// token. Every record has a non-empty `source` and the status Done.
/// Throws NotFound, Io, or Format "<file>:<line>:<column>: ..." for a missing column, a bad
/// number, a value out of range or a repeated (source, model, configuration, task).
std::vector<RunRecord> readPublishedCsv(const std::filesystem::path& file);

/// All *.csv of a folder in the order of their names. Throws NotFound when it is no folder.
std::vector<RunRecord> readPublishedFolder(const std::filesystem::path& folder);

/// Adds what is not there yet, in one transaction. A record without a date gets the present time.
AddCounts importRecords(RunStore& store, std::span<const RunRecord> records);

}  // namespace bitfrontier
