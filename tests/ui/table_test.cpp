// SPDX-License-Identifier: GPL-3.0-or-later
// What the tables can do with rows: group, sort, hide, pin, copy; and where the work is done.
#include <atomic>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLocale>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <thread>

#include "tests/ui/planted_runs.h"
#include "tests/ui/registry.h"
#include "ui/base/text.h"
#include "ui/panels/table/runs_panel.h"
#include "ui/runs/row_selection.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

using Points = std::vector<LawPoint>;
std::shared_ptr<const Points> share(Points points) {
  return std::make_shared<const Points>(std::move(points));
}

Points twoFamilies() {
  Points points = testing::plantedFamily("a");
  for (const LawPoint& p : testing::plantedFamily("b")) points.push_back(p);
  for (std::size_t i = 0; i < points.size(); ++i) points[i].runIds = {std::int64_t(i) + 1};
  return points;
}

int columnOf(const TableModel& table, const QString& title) {
  for (int c = 0; c < table.columnCount(); ++c) {
    if (table.headerData(c, Qt::Horizontal, Qt::DisplayRole) == title) return c;
  }
  return -1;
}

QAction* actionOf(QMenu* menu, const QString& name) { return menu->findChild<QAction*>(name); }

QList<QStringList> parsed(const QString& text, QChar between) {
  QList<QStringList> rows;
  for (const QString& line : text.split(u'\n', Qt::SkipEmptyParts)) rows << line.split(between);
  return rows;
}

}  // namespace

class TableTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void numbersInTextsAreSortedAsNumbers() {
    QVERIFY(compareNatural("b64", "b128") < 0);
    QVERIFY(compareNatural("opt-1.3b", "OPT-13b") < 0);
    QVERIFY(compareNatural("a", "a1") < 0);
    QVERIFY(compareNatural("a01", "a1") != 0);
    QCOMPARE(compareNatural("same", "same"), 0);
    Points points = twoFamilies();
    for (std::size_t i = 0; i < points.size(); ++i) {
      points[i].config = "int4-b" + std::to_string(16 << (i % 8));
    }
    RunsPanel panel;
    panel.setPoints(share(points));
    PointTable& table = panel.pointTable();
    table.sort(columnOf(table, u"Configuration"_s), Qt::AscendingOrder);
    const int config = columnOf(table, u"Configuration"_s);
    QCOMPARE(table.index(0, config).data().toString(), u"int4-b16"_s);
    QCOMPARE(table.index(table.rowCount() - 1, config).data().toString(), u"int4-b2048"_s);
  }

  void rowsAreGroupedBelowHeadings() {
    RunsPanel panel;
    const Points points = twoFamilies();
    panel.setPoints(share(points));
    PointTable& table = panel.pointTable();
    const int family = columnOf(table, u"Family"_s);
    table.sort(columnOf(table, u"Accuracy %"_s), Qt::DescendingOrder);
    table.setGroupColumn(family);
    QCOMPARE(table.rowCount(), static_cast<int>(points.size()) + 2);
    QCOMPARE(table.shownRows(), static_cast<int>(points.size()));
    QVERIFY(table.isHeading(0));
    QCOMPARE(table.index(0, 0).data().toString(), u"▾ a (24)"_s);
    QVERIFY(table.isHeading(25));
    QVERIFY(!(table.flags(table.index(0, 0)) & Qt::ItemIsSelectable));
    for (int row = 1; row < 25; ++row) QCOMPARE(table.rowAt(row)->family, std::string("a"));
    // Within a group the order is that of the column.
    for (int row = 2; row < 25; ++row) {
      QVERIFY(table.rowAt(row)->accuracy <= table.rowAt(row - 1)->accuracy);
    }
    table.toggleGroup(0);
    QCOMPARE(table.rowCount(), 26);
    QCOMPARE(table.index(0, 0).data().toString(), u"▸ a (24)"_s);
    QCOMPARE(table.rowAt(2)->family, std::string("b"));
    // A closed group stays closed when rows come and when they are sorted.
    Points more = points;
    more.push_back(testing::plantedPoint("a", 5e8, 5));
    more.back().runIds = {1000};
    panel.setPoints(share(more));
    QCOMPARE(table.index(0, 0).data().toString(), u"▸ a (25)"_s);
    table.sort(0, Qt::AscendingOrder);
    QCOMPARE(table.rowCount(), 26);
    table.toggleGroup(0);
    QCOMPARE(table.rowCount(), 51);
    table.setGroupColumn(-1);
    QCOMPARE(table.rowCount(), 49);
  }

  void selectionLeavesHeadingsOut() {
    RunsPanel panel;
    panel.setPoints(share(twoFamilies()));
    PointTable& table = panel.pointTable();
    table.setGroupColumn(columnOf(table, u"Family"_s));
    panel.pointView()->selectAll();
    QCOMPARE(panel.selectedPoints().size(), std::size_t{48});
    panel.copyRows();
    QCOMPARE(QGuiApplication::clipboard()->text().count(u'\n'), qsizetype{49});
  }

  void aHiddenRowIsBroughtIntoView() {
    RunsPanel panel;
    Points many;
    for (int i = 0; i < 900; ++i) {
      many.push_back(testing::plantedPoint("a", 1e8 * (1 + i), 4));
      many.back().runIds = {i + 1};
    }
    panel.setPoints(share(many));
    panel.resize(600, 300);
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    Selection selection;
    selection.setOne(pointKey(many[700]));
    panel.select(selection);
    const int row = panel.pointTable().viewRow(700);
    const QRect place = panel.pointView()->visualRect(panel.pointTable().index(row, 0));
    QVERIFY(panel.pointView()->viewport()->rect().contains(place.center()));
  }

  void columnsThatAreTheSameCanBeHidden() {
    RunsPanel panel;
    panel.setPoints(share(testing::plantedFamily("a")));
    PinnedTable* view = panel.pointView();
    PointTable& table = panel.pointTable();
    const int items = columnOf(table, u"Items"_s), bits = columnOf(table, u"Bits"_s);
    QVERIFY(table.isUniform(items));
    QVERIFY(!table.isUniform(bits));
    auto menu = panel.headerMenu(view, bits);
    actionOf(menu.get(), u"hideUniform"_s)->setChecked(true);
    QVERIFY(view->isColumnHidden(items));
    QVERIFY(!view->isColumnHidden(bits));
    // What differs in new rows is shown again.
    Points points = testing::plantedFamily("a");
    points.front().itemLimit = 50;
    panel.setPoints(share(points));
    QVERIFY(!view->isColumnHidden(items));
    panel.setPoints(share(testing::plantedFamily("a")));
    QVERIFY(view->isColumnHidden(items));
    menu = panel.headerMenu(view, bits);
    actionOf(menu.get(), u"hideUniform"_s)->setChecked(false);
    QVERIFY(!view->isColumnHidden(items));
    // What was hidden by hand stays so.
    QVERIFY(view->isColumnHidden(columnOf(table, u"Family"_s)));
  }

  void pinnedColumnsStayInPlace() {
    RunsPanel panel;
    panel.setPoints(share(twoFamilies()));
    panel.resize(600, 300);
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    PinnedTable* view = panel.pointView();
    QTableView* front = view->pinnedView();
    QTRY_VERIFY(front->isVisible());
    QVERIFY(!front->isColumnHidden(0));
    QVERIFY(front->isColumnHidden(1));
    view->horizontalScrollBar()->setValue(view->horizontalScrollBar()->maximum());
    QVERIFY(view->visualRect(view->model()->index(0, 0)).right() < 0);  // scrolled out
    QCOMPARE(front->columnAt(5), 0);                                    // but still there
    QCOMPARE(front->width(), view->columnWidth(0));
    view->selectRow(3);
    QVERIFY(front->selectionModel()->isRowSelected(3, {}));
    view->verticalScrollBar()->setValue(40);
    QCOMPARE(front->verticalScrollBar()->value(), 40);
    view->setColumnWidth(0, 150);
    QCOMPARE(front->columnWidth(0), 150);
    auto menu = panel.headerMenu(view, 1);
    actionOf(menu.get(), u"pinColumns"_s)->setChecked(true);
    QCOMPARE(view->pinned(), 2);
    QVERIFY(!front->isColumnHidden(1));
    menu = panel.headerMenu(view, 1);
    actionOf(menu.get(), u"pinColumns"_s)->setChecked(false);
    QVERIFY(front->isHidden());
  }

  void columnsAreHiddenShownAndMoved() {
    RunsPanel panel;
    panel.setPoints(share(twoFamilies()));
    PinnedTable* view = panel.pointView();
    PointTable& table = panel.pointTable();
    const int size = columnOf(table, u"Size"_s);
    auto menu = panel.headerMenu(view, size);
    actionOf(menu.get(), u"hideColumn"_s)->trigger();
    QVERIFY(view->isColumnHidden(size));
    panel.copyRows();
    QVERIFY(!QGuiApplication::clipboard()->text().contains(u"Size"_s));
    menu = panel.headerMenu(view, 0);
    actionOf(menu.get(), u"column-%1"_s.arg(size))->setChecked(true);
    view->horizontalHeader()->moveSection(view->horizontalHeader()->visualIndex(size), 0);
    panel.copyRows();
    QVERIFY(QGuiApplication::clipboard()->text().startsWith(u"Size (bytes)\tModel"_s));
    QVERIFY(!actionOf(menu.get(), u"column-0"_s)->isEnabled());  // the model's name stays
  }

  // All digits and a decimal point, whatever the user's locale.
  void copiesForProgramsReadBackExactly() {
    const QLocale before;
    QLocale::setDefault(QLocale(QLocale::German));
    Points points = twoFamilies();
    points[5].accuracy = 1.0 / 3;
    points[6].model = "name, with \"quotes\"\tand a tab";
    RunsPanel panel;
    panel.setPoints(share(points));
    PointTable& table = panel.pointTable();
    panel.copyRows(TableFormat::Tsv);
    const QList<QStringList> rows = parsed(QGuiApplication::clipboard()->text(), u'\t');
    QLocale::setDefault(before);
    const qsizetype accuracy = rows[0].indexOf(u"Accuracy %"_s),
                    size = rows[0].indexOf(u"Size (bytes)"_s);
    QVERIFY(accuracy >= 0 && size >= 0);
    QCOMPARE(rows.size(), qsizetype(points.size()) + 1);
    for (int row = 0; row < table.rowCount(); ++row) {
      const QStringList& cells = rows[row + 1];
      QCOMPARE(cells.size(), rows[0].size());
      bool ok = false;
      QCOMPARE(cells[accuracy].toDouble(&ok), 100 * table.rowAt(row)->accuracy);
      QVERIFY(ok);
      QCOMPARE(cells[size].toDouble(), table.rowAt(row)->totalBits / 8);
    }
    const int odd = table.viewRow(6);
    QCOMPARE(tableText(table, {odd}, {0}, TableFormat::Csv),
             u"Model\n\"name, with \"\"quotes\"\"\tand a tab\"\n"_s);
    QCOMPARE(tableText(table, {odd}, {0}, TableFormat::Tsv),
             u"Model\nname, with \"quotes\" and a tab\n"_s);
    points[6].accuracy = LawPoint::kAbsent;
    panel.setPoints(share(points));
    QCOMPARE(
        tableText(table, {table.viewRow(6)}, {columnOf(table, u"Accuracy %"_s)}, TableFormat::Csv)
            .section(u'\n', 1),
        u"\n"_s);
  }

  void copiesForPapersAreEscaped() {
    QCOMPARE(latexEscaped(u"a_b 50% & #1 {x} \\ ~^ ± − 3.4\u202fGB"_s),
             u"a\\_b 50\\% \\& \\#1 \\{x\\} \\textbackslash{} "
             "\\textasciitilde{}\\textasciicircum{} $\\pm$ $-$ 3.4\\,GB"_s);
    Points points = twoFamilies();
    points[0].model = "m_1 | x";
    RunsPanel panel;
    panel.setPoints(share(points));
    PointTable& table = panel.pointTable();
    const int row = table.viewRow(0), accuracy = columnOf(table, u"Accuracy %"_s);
    const QString latex = tableText(table, {row}, {0, accuracy}, TableFormat::Latex);
    const QString value = table.index(row, accuracy).data().toString();
    QCOMPARE(latex,
             u"\\begin{tabular}{lr}\n\\toprule\nModel & Accuracy \\% \\\\\n\\midrule\n"
             "m\\_1 | x & %1 \\\\\n\\bottomrule\n\\end{tabular}\n"_s.arg(value));
    QCOMPARE(tableText(table, {row}, {0, accuracy}, TableFormat::Markdown),
             u"| Model | Accuracy % |\n| --- | ---: |\n| m\\_1 \\| x | %1 |\n"_s.arg(value));
  }

  void aRowsMenuFiltersCopiesAndSelects() {
    RunsPanel panel;
    panel.setPoints(share(twoFamilies()));
    QSignalSpy filters(&panel, &RunsPanel::filterWanted);
    QSignalSpy selections(&panel, &RunsPanel::selectionChanged);
    PointTable& table = panel.pointTable();
    const int row = table.viewRow(30);
    auto menu = panel.rowMenu(panel.pointView(), table.index(row, 1));
    QCOMPARE(panel.selectedPoints(), std::vector<int>{30});
    actionOf(menu.get(), u"only-family"_s)->trigger();
    QCOMPARE(filters.takeFirst(), (QVariantList{u"family"_s, u"b"_s, false}));
    actionOf(menu.get(), u"without-model"_s)->trigger();
    QCOMPARE(filters.takeFirst(),
             (QVariantList{u"model"_s, QString::fromStdString(table.rowAt(row)->model), true}));
    actionOf(menu.get(), u"copyCell"_s)->trigger();
    QCOMPARE(QGuiApplication::clipboard()->text(),
             QString::fromStdString(table.rowAt(row)->config));
    actionOf(menu.get(), u"copyLatex"_s)->trigger();
    QVERIFY(QGuiApplication::clipboard()->text().startsWith(u"\\begin{tabular}"_s));
    selections.clear();
    actionOf(menu.get(), u"selectInPlot"_s)->trigger();
    QCOMPARE(selections.size(), qsizetype{1});
    for (const QAction* action : menu->findChildren<QAction*>()) {
      if (action->isSeparator() || action->menu() || action->text().isEmpty()) continue;
      if (action->objectName().isEmpty()) continue;
      QVERIFY2(!action->toolTip().isEmpty() && !action->statusTip().isEmpty(),
               qPrintable(action->text()));
    }
  }

  void differencesAreShownAndSorted() {
    RunsPanel panel;
    const Points points = twoFamilies();
    panel.setPoints(share(points));
    auto map = std::make_shared<PointDifferences::Map>();
    (*map)[PointDifferences::keyOf(points[3])] = {-0.0625, -0.08, -0.02};
    (*map)[PointDifferences::keyOf(points[4])] = {0.01, LawPoint::kAbsent, LawPoint::kAbsent};
    panel.setDifferences(map, nullptr);
    PointTable& table = panel.pointTable();
    table.sort(kPointDifference, Qt::AscendingOrder);
    QCOMPARE(table.sourceRow(0), 3);
    QCOMPARE(table.index(0, kPointDifference).data().toString(), u"−6.25 [−8.00, −2.00]"_s);
    QCOMPARE(table.index(1, kPointDifference).data().toString(), u"+1.00"_s);
    QCOMPARE(table.index(2, kPointDifference).data().toString(), u"–"_s);
    QCOMPARE(table.exactText(0, kPointDifference), u"-6.25"_s);
    // With other runs behind it, it is another point.
    Points more = points;
    more[3].runIds.push_back(500);
    panel.setPoints(share(more));
    QCOMPARE(table.index(table.viewRow(3), kPointDifference).data().toString(), u"–"_s);
  }

  // No value of a large table is looked at in the thread of the window, whatever is sorted.
  void largeTablesAreSortedInTheBackground() {
    const std::thread::id gui = std::this_thread::get_id();
    std::atomic<int> here = 0, elsewhere = 0;
    TableColumn<LawPoint> column;
    column.title = u"Accuracy"_s;
    column.text = [](const LawPoint& p) { return QString::number(p.accuracy); };
    column.value = [&](const LawPoint& p) {
      ++(std::this_thread::get_id() == gui ? here : elsewhere);
      return p.accuracy;
    };
    PointTable table({column});
    Points many;
    for (int i = 0; i < 100000; ++i) {
      many.push_back(testing::plantedPoint("a", 1e8 * (1 + (i * 7919) % 1000), 3 + i % 6));
    }
    QSignalSpy arranged(&table, &TableModel::arranged);
    table.sort(0, Qt::AscendingOrder);
    here = 0;
    table.setRows(share(std::move(many)));
    table.sort(0, Qt::DescendingOrder);  // replaces the order under way
    QTRY_VERIFY(!table.busy());
    QCOMPARE(table.rowCount(), 100000);
    QCOMPARE(int(here), 0);
    QVERIFY(elsewhere >= 100000);
    for (int row = 1; row < table.rowCount(); row += 97) {
      QVERIFY(table.rowAt(row - 1)->accuracy >= table.rowAt(row)->accuracy);
    }
    // Sorting again is no reset: what points at a row still does.
    const QPersistentModelIndex first = table.index(0, 0);
    const LawPoint* row = table.rowAt(0);
    table.sort(0, Qt::AscendingOrder);
    QCOMPARE(table.rowAt(0), row);  // until the new order is there
    QTRY_VERIFY(!table.busy());
    QVERIFY(first.isValid());
    QCOMPARE(table.rowAt(first.row()), row);
  }

  // Rows that do not pass are not copied: they are places in one list.
  void runsAreShownByTheirPlaces() {
    RunsPanel panel;
    auto records = testing::plantedRuns("a", {"t", "u"});
    for (std::size_t i = 0; i < records.size(); ++i) records[i].id = std::int64_t(i) + 1;
    const RunRowsPtr runs = rowsOf(records);
    panel.setRuns(runs, std::make_shared<const std::vector<std::uint32_t>>(
                            std::vector<std::uint32_t>{3, 8, 20}));
    RunTable& table = panel.runTable();
    QCOMPARE(table.rowCount(), 3);
    QCOMPARE(&table.rows(), runs.get());
    QCOMPARE(table.rowAt(0)->id, std::int64_t{21});  // the newest first
    QCOMPARE(table.rowAt(2)->id, std::int64_t{4});
    panel.selectRuns({9});
    QCOMPARE(selectedViewRows(*panel.runView()), std::vector<int>{1});
  }
};

namespace {
const testing::Registered<TableTest> kTableTest;
}

}  // namespace bitfrontier

#include "table_test.moc"
