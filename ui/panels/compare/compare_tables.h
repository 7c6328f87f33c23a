// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <QString>
#include <vector>

#include "core/advice/sweep_diff.h"
#include "ui/runs/table_model.h"

namespace bitfrontier {

/// A cell of a comparison with the metric of its numbers.
struct CellRow {
  DiffCell cell;
  std::size_t place = 0;  ///< in SweepDiff::cells
  LawMetric metric = LawMetric::Accuracy;
};
/// A point that one side has.
struct LonelyRow {
  LawPoint point;
  char side = 'A';
  LawMetric metric = LawMetric::Accuracy;
};
using CellTable = TypedTable<CellRow>;
using LonelyTable = TypedTable<LonelyRow>;
using ParameterDiffTable = TypedTable<ParameterDifference>;

std::unique_ptr<CellTable> makeCellTable();
std::unique_ptr<LonelyTable> makeLonelyTable();
std::unique_ptr<ParameterDiffTable> makeParameterDiffTable();

std::vector<CellRow> cellRows(const SweepDiff& diff);
std::vector<LonelyRow> lonelyRows(const SweepDiff& diff);

}  // namespace bitfrontier
