// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/budget/budget_table.h"

#include <algorithm>
#include <QCoreApplication>
#include <QLocale>

#include "ui/base/text.h"
#include "ui/panels/parts/panel_parts.h"
#include "ui/runs/table_column.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(BudgetTable)
};

constexpr double kHalf95 = 1.959964;  // standard errors

QString fixed(double value, LawMetric metric) {
  return QLocale().toString(plotScale(metric) * value, 'f', metric == LawMetric::Accuracy ? 1 : 3);
}

std::vector<BudgetTable::Column> columns() {
  using Row = BudgetRow;
  const auto memory = [](const Row& row) {
    return row.candidate.weightBits + row.candidate.kvBits;
  };
  return {tableColumn<Row>(Tr::tr("Model and configuration"), Tr::tr("What would be used"), false,
                           [](const Row& row) {
                             return Text::from(row.candidate.model) + u' ' +
                                    Text::from(row.candidate.config);
                           }),
          tableColumn<Row>(
              Tr::tr("Value (95 %)"),
              Tr::tr("As measured with its interval, or as the laws predict it with theirs"), true,
              [](const Row& row) { return row.value(); },
              [](const Row& row) { return plotScale(row.metric) * row.candidate.predicted; }),
          tableColumn<Row>(
              Tr::tr("Memory"), Tr::tr("Weights and key-value cache"), true,
              [memory](const Row& row) { return Text::size(memory(row)); },
              [memory](const Row& row) { return memory(row) / 8; }),
          tableColumn<Row>(
              Tr::tr("P(best)"), Tr::tr("Probability of being the best that fits"), true,
              [](const Row& row) { return Text::fixed(row.candidate.probability, 2); },
              [](const Row& row) { return row.candidate.probability; }),
          tableColumn<Row>(Tr::tr("Remark"),
                           Tr::tr("Measured or predicted, and how it stands to the choice"), false,
                           [](const Row& row) { return row.role(); })};
}

}  // namespace

QString BudgetRow::role() const {
  QStringList words;
  if (choice) words << Tr::tr("the choice");
  if (!choice && candidate.tied()) words << Tr::tr("tie with the choice");
  if (bestMeasured) words << Tr::tr("best measured");
  if (bestPredicted) words << Tr::tr("best predicted");
  if (!bestMeasured && !bestPredicted) {
    words << (candidate.measured ? Tr::tr("measured") : Tr::tr("predicted"));
  }
  return words.join(u", "_s);
}

QString BudgetRow::value() const {
  const QString unit = metric == LawMetric::Accuracy ? u" %"_s : QString();
  if (candidate.measured) {
    QString text = fixed(candidate.value, metric);
    if (candidate.valueSe > 0) text += u" ± "_s + fixed(kHalf95 * candidate.valueSe, metric);
    return text + unit;
  }
  return fixed(candidate.predicted, metric) + unit + u" ("_s + fixed(candidate.low, metric) +
         u"–"_s + fixed(candidate.high, metric) + u')';
}

BudgetTable::BudgetTable(QObject* parent) : TypedTable<BudgetRow>(columns(), parent) {}

QVariant BudgetTable::data(const QModelIndex& index, int role) const {
  if (role == ShareDelegate::kShareRole) {
    if (index.column() != kProbability) return {};
    return rows()[static_cast<std::size_t>(sourceRow(index.row()))].candidate.probability;
  }
  return TypedTable<BudgetRow>::data(index, role);
}

std::vector<BudgetRow> budgetRows(const Advice& advice) {
  std::vector<BudgetRow> rows;
  for (std::size_t i = 0; i < advice.candidates.size(); ++i) {
    rows.push_back({advice.candidates[i], i, advice.choice == i, advice.runnerUp == i,
                    advice.bestMeasured == i, advice.bestPredicted == i, advice.metric});
  }
  std::stable_partition(rows.begin(), rows.end(), [](const BudgetRow& row) { return row.choice; });
  return rows;
}

}  // namespace bitfrontier
