// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/law/data/law_point.h"
#include "core/law/data/series.h"
#include "core/store/run_record.h"
#include "core/store/run_row.h"
#include "core/store/run_store.h"

namespace bitfrontier {

/// True when the run passes every list of the filter (`includePartial` and `rule` do not matter).
bool matches(const RunRecord& run, const RunFilter& filter);

/// Joins finished runs to one point per (source, model hash or else model, configuration, method,
/// calibration, item limit, BOS profile, maximum length), ordered by total bits. When a task was
/// run more than once for a point (another evaluator version or another text of the task), the run
/// with the highest id counts.
///
/// Accuracy: unweighted mean over the accuracy tasks; its standard error sqrt(sum se_t^2) / T,
/// absent when one task has none. A task without an error, or with the 0 of none or all right, has
/// that of its number of items (shareError). Cross-entropy and bits per byte: the same over the
/// text tasks. Without `includePartial`, points with fewer tasks than the most complete point of
/// the same source, family, item limit and evaluation settings are left out; completeness is judged
/// over the tasks of the filter before its other lists are applied, so a narrower filter never
/// changes a point.
std::vector<LawPoint> aggregatePoints(std::span<const RunRecord> runs, const RunFilter& filter);

/// The points that aggregatePoints leaves out for having fewer tasks than others.
std::vector<LawPoint> incompletePoints(std::span<const RunRecord> runs, const RunFilter& filter);

/// The points of aggregatePoints, and of incompletePoints.
struct PointSets {
  std::vector<LawPoint> complete, incomplete;
};
/// Both at once, of the rows at these places (ascending), or of all without a list.
PointSets joinRows(std::span<const RunRow> rows, CountingRule rule);
PointSets joinRows(std::span<const RunRow> rows, std::span<const std::uint32_t> places,
                   CountingRule rule);

/// A sentence with their number, of those that have the metric, and how to see them; empty when
/// nothing is left out.
std::string incompleteNote(const RunStore& store, const RunFilter& filter,
                           std::optional<LawMetric> metric = {});

/// A sentence when points of several training steps of one model ("pythia-160m@step3000") are among
/// them, which no law over sizes describes; else empty.
std::string trainingStepsNote(std::span<const LawPoint> points);

/// What is thrown where a filter leaves nothing: NotFound with the store's name, `what`
/// ("accuracy", or "" for any) and `why` behind it; it says so when only the points' origin is to
/// blame.
Error noPoints(const RunStore& store, const RunFilter& filter, std::string_view what,
               const std::string& why = {});

}  // namespace bitfrontier
