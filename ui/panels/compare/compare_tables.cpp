// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/compare/compare_tables.h"

#include <cmath>
#include <QCoreApplication>
#include <QLocale>

#include "ui/base/text.h"
#include "ui/panels/inspector/inspector_tables.h"
#include "ui/runs/table_column.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(CompareTables)
};

QString verdictText(const DiffCell& cell) {
  if (cell.same) return Tr::tr("the same");
  switch (cell.verdict) {
    case PairVerdict::Better:
      return Tr::tr("B is better");
    case PairVerdict::Worse:
      return Tr::tr("B is worse");
    case PairVerdict::Tie:
      return Tr::tr("tie");
    case PairVerdict::NotToldApart:
      return Tr::tr("not told apart");
  }
  return {};
}

QString nameOf(const LawPoint& p) {
  return Text::from(p.model + " " + seriesLabel(p, SeriesKey::Config));
}

}  // namespace

std::unique_ptr<CellTable> makeCellTable() {
  using Row = CellRow;
  std::vector<CellTable::Column> columns{
      tableColumn<Row>(Tr::tr("Cell"),
                       Tr::tr("Model and configuration of side A, and of B where it is "
                              "another"),
                       false,
                       [](const Row& r) {
                         const QString a = nameOf(r.cell.a), b = nameOf(r.cell.b);
                         return a == b ? a : a + u" → "_s + b;
                       }),
      tableColumn<Row>(
          Tr::tr("A"), Tr::tr("Value and standard error on side A"), true,
          [](const Row& r) { return Text::metric(r.cell.a, r.metric); },
          [](const Row& r) { return metricOf(r.cell.a, r.metric); }),
      tableColumn<Row>(
          Tr::tr("B"), Tr::tr("Value and standard error on side B"), true,
          [](const Row& r) { return Text::metric(r.cell.b, r.metric); },
          [](const Row& r) { return metricOf(r.cell.b, r.metric); }),
      tableColumn<Row>(
          Tr::tr("B − A (95 %)"), Tr::tr("In points of accuracy or nats"), true,
          [](const Row& r) {
            return differenceText(r.cell.difference, r.cell.lower, r.cell.upper, r.metric);
          },
          [](const Row& r) { return r.cell.difference; }),
      tableColumn<Row>(
          Tr::tr("p"), Tr::tr("Corrected for the number of cells"), true,
          [](const Row& r) { return pText(r.cell.pAdjusted); },
          [](const Row& r) { return r.cell.pAdjusted; }),
      tableColumn<Row>(Tr::tr("Verdict"), Tr::tr("At the level of 95 %"), false,
                       [](const Row& r) { return verdictText(r.cell); }),
      tableColumn<Row>(
          Tr::tr("Pairing"), Tr::tr("Whether outcomes of the same items were compared"), false,
          [](const Row& r) {
            return r.cell.test ? Tr::tr("%1 items, %2 only A, %3 only B right")
                                     .arg(r.cell.test->items)
                                     .arg(r.cell.test->onlyFirst)
                                     .arg(r.cell.test->onlySecond)
                               : Tr::tr("unpaired: %1").arg(Text::from(r.cell.unpaired));
          })};
  return std::make_unique<CellTable>(std::move(columns));
}

std::unique_ptr<LonelyTable> makeLonelyTable() {
  using Row = LonelyRow;
  std::vector<LonelyTable::Column> columns{
      tableColumn<Row>(Tr::tr("Only in"), Tr::tr("The side that has it"), false,
                       [](const Row& r) { return QString(QLatin1Char(r.side)); }),
      tableColumn<Row>(Tr::tr("Cell"), Tr::tr("Model and configuration"), false,
                       [](const Row& r) { return nameOf(r.point); }),
      tableColumn<Row>(
          Tr::tr("Value"), Tr::tr("With its standard error"), true,
          [](const Row& r) { return Text::metric(r.point, r.metric); },
          [](const Row& r) { return metricOf(r.point, r.metric); }),
      tableColumn<Row>(Tr::tr("Tasks"), Tr::tr("Behind the value"), false,
                       [](const Row& r) { return Text::from(r.point.tasks); })};
  return std::make_unique<LonelyTable>(std::move(columns));
}

std::unique_ptr<ParameterDiffTable> makeParameterDiffTable() {
  using Row = ParameterDifference;
  const auto number = [](double v) { return Text::number(v, 4); };
  std::vector<ParameterDiffTable::Column> columns{
      tableColumn<Row>(Tr::tr("Family"), Tr::tr("Whose law it is"), false,
                       [](const Row& r) { return Text::from(r.family); }),
      tableColumn<Row>(Tr::tr("Law"), Tr::tr("Chosen by side A, fitted to both"), false,
                       [](const Row& r) { return Text::from(r.law); }),
      tableColumn<Row>(Tr::tr("Parameter"), Tr::tr("Its name in the formula"), false,
                       [](const Row& r) { return Text::from(r.name); }),
      tableColumn<Row>(
          Tr::tr("A"), Tr::tr("Fitted to side A"), true,
          [number](const Row& r) { return number(r.a); }, [](const Row& r) { return r.a; }),
      tableColumn<Row>(
          Tr::tr("B"), Tr::tr("Fitted to side B"), true,
          [number](const Row& r) { return number(r.b); }, [](const Row& r) { return r.b; }),
      tableColumn<Row>(
          Tr::tr("B − A (95 %)"), Tr::tr("Errors of the sides count as independent"), true,
          [number](const Row& r) {
            QString text = number(r.difference);
            if (std::isfinite(r.lower)) {
              text += u" ("_s + number(r.lower) + u" to "_s + number(r.upper) + u')';
            }
            return text;
          },
          [](const Row& r) { return r.difference; }),
      tableColumn<Row>(
          Tr::tr("p"), Tr::tr("Corrected for the number of parameters"), true,
          [](const Row& r) { return pText(r.pAdjusted); },
          [](const Row& r) { return r.pAdjusted; }),
      tableColumn<Row>(Tr::tr("Meaning"), Tr::tr("What the parameter is"), false,
                       [](const Row& r) { return Text::from(r.meaning); })};
  return std::make_unique<ParameterDiffTable>(std::move(columns));
}

std::vector<CellRow> cellRows(const SweepDiff& diff) {
  std::vector<CellRow> rows;
  for (std::size_t i = 0; i < diff.cells.size(); ++i) {
    rows.push_back({diff.cells[i], i, diff.metric});
  }
  return rows;
}

std::vector<LonelyRow> lonelyRows(const SweepDiff& diff) {
  std::vector<LonelyRow> rows;
  for (const LawPoint& point : diff.onlyA) rows.push_back({point, 'A', diff.metric});
  for (const LawPoint& point : diff.onlyB) rows.push_back({point, 'B', diff.metric});
  return rows;
}

}  // namespace bitfrontier
