// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "core/law/data/law_point.h"
#include "core/store/run_record.h"
#include "ui/runs/table_model.h"

namespace bitfrontier {

using PointTable = TypedTable<LawPoint>;
using RunTable = TypedTable<RunRecord>;

/// One row per point of the plot: a model under a configuration, averaged over its tasks.
std::unique_ptr<PointTable> makePointTable(QObject* parent = nullptr);
/// One row per stored run: a model, a configuration and one task; failed runs with their reason.
std::unique_ptr<RunTable> makeRunTable(QObject* parent = nullptr);

}  // namespace bitfrontier
