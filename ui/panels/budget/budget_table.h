// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "core/advice/advise.h"
#include "ui/runs/table_model.h"

namespace bitfrontier {

/// A candidate as the panel lists it.
struct BudgetRow {
  AdviceCandidate candidate;
  std::size_t place = 0;  ///< in Advice::candidates
  bool choice = false, runnerUp = false, bestMeasured = false, bestPredicted = false;
  LawMetric metric = LawMetric::Accuracy;

  /// "the choice", "tie with the choice", "best measured", ...
  QString role() const;
  /// "61.3 ± 3.4 %" as measured or "60.9 % (58.4–63.3)" as predicted.
  QString value() const;
};

class BudgetTable : public TypedTable<BudgetRow> {
 public:
  explicit BudgetTable(QObject* parent = nullptr);
  QVariant data(const QModelIndex& index, int role) const override;
  static constexpr int kProbability = 3;
};

/// The rows of an answer, the choice first, then by probability.
std::vector<BudgetRow> budgetRows(const Advice& advice);

}  // namespace bitfrontier
