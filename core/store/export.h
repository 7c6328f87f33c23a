// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "core/law/data/law_point.h"
#include "core/store/run_record.h"

namespace bitfrontier {

/// @name Tables for machines
/// CSV by RFC 4180 with a header row, LF, C locale; numbers read back exactly; absent values are
/// empty fields. Columns have the store's names; `id` first. Per-item outcomes are left out.
/// @{
std::string runsToCsv(std::span<const RunRecord> runs);
std::string pointsToCsv(std::span<const LawPoint> points);
/// @}

/// @name JSON
/// An array of objects with the same names; absent values are null. With `withItems` each run also
/// has "correct" (0/1) and "log_likelihood" (nats) arrays.
/// @{
nlohmann::json runsToJson(std::span<const RunRecord> runs, bool withItems = false);
nlohmann::json pointsToJson(std::span<const LawPoint> points);
/// @}

}  // namespace bitfrontier
