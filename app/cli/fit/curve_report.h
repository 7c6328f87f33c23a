// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "core/analysis/analysis.h"

namespace bitfrontier::cli {

/// Which law the data of each family choose, why, and what each series is drawn by.
void printChosen(std::span<const ChosenResult> results, LawMetric metric);
/// The power law of each series; numbers of refused ones only when asked for.
void printSeries(std::span<const SeriesResult> results, LawMetric metric, bool refusedNumbers);

}  // namespace bitfrontier::cli
