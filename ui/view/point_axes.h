// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <stop_token>

#include "ui/base/view_options.h"
#include "ui/jobs/store_session.h"
#include "ui/plot/plot_values.h"

namespace bitfrontier {

/// What the options' axes need of these points of the snapshot beside themselves; null when they
/// need nothing. Reads the outcomes of items and the shapes of models. Blocking; throws Error.
std::shared_ptr<const PointAxes> pointAxes(const std::vector<LawPoint>& points,
                                           const StoreSnapshot& snapshot,
                                           const ViewOptions& options, std::stop_token stop = {});

/// The metric of each point minus that of the same model at most bits, scored alike; over the same
/// items where their outcomes are stored, else with independent errors.
void addDifferences(const std::vector<LawPoint>& points, const RunStore& store, LawMetric metric,
                    PointAxes& axes, std::stop_token stop = {});

}  // namespace bitfrontier
