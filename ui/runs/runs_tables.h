// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "core/law/data/law_point.h"
#include "core/store/run_row.h"
#include "ui/runs/point_differences.h"
#include "ui/runs/table_model.h"

namespace bitfrontier {

using PointTable = TypedTable<LawPoint>;
using RunTable = TypedTable<RunRow>;

/// Places of some columns, before the user moves them.
enum PointColumn {
  kPointError = 3,
  kPointFamily = 15,
  kPointDifference,
  kPointEntropyDifference,
  kPointTaskNames,
};
enum RunColumn { kRunFamily = 13, kRunBits, kRunType, kRunMethod };

/// One row per point of the plot: a model under a configuration, averaged over its tasks. The
/// differences to 16 bit are those that are there when a row is asked for.
std::unique_ptr<PointTable> makePointTable(
    std::shared_ptr<const PointDifferences> accuracies = {},
    std::shared_ptr<const PointDifferences> crossEntropies = {}, QObject* parent = nullptr);
/// One row per stored run: a model, a configuration and one task; failed runs with their reason.
std::unique_ptr<RunTable> makeRunTable(QObject* parent = nullptr);

}  // namespace bitfrontier
