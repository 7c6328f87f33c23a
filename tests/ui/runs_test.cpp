// SPDX-License-Identifier: GPL-3.0-or-later
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QSignalSpy>
#include <QTest>
#include <random>

#include "core/quant/quant_config.h"
#include "tests/ui/planted_runs.h"
#include "tests/ui/registry.h"
#include "ui/base/text.h"
#include "ui/panels/table/runs_panel.h"
#include "ui/runs/row_filter.h"
#include "ui/runs/table_column.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

class RunsTest : public QObject {
  Q_OBJECT

 private:
  std::size_t count(const std::vector<LawPoint>& points, const char* filter) {
    const RowFilter f{filter};
    return static_cast<std::size_t>(std::count_if(points.begin(), points.end(),
                                                  [&](const LawPoint& p) { return f.matches(p); }));
  }

 private Q_SLOTS:
  void filterLanguage() {
    std::vector<LawPoint> points = testing::plantedFamily("Opt");
    const auto papers = testing::published(testing::plantedFamily("bloom"), "Doe 2023");
    points.insert(points.end(), papers.begin(), papers.end());
    QCOMPARE(count(points, ""), points.size());
    QCOMPARE(count(points, "OPT"), std::size_t{24});
    QCOMPARE(count(points, "opt bits:3"), std::size_t{8});
    QCOMPARE(count(points, "bits:3,4"), std::size_t{32});
    QCOMPARE(count(points, "bits>=4"), std::size_t{32});
    QCOMPARE(count(points, "bits!=16 -opt"), std::size_t{16});
    QCOMPARE(count(points, "source:doe"), std::size_t{24});
    QCOMPARE(count(points, "source:measured"), std::size_t{24});
    QCOMPARE(count(points, "params>1B"), std::size_t{24});
    QCOMPARE(count(points, "params<=200m"), std::size_t{12});
    QCOMPARE(count(points, "method:gptq type:int"), std::size_t{16});
    QCOMPARE(count(points, "nothingcalledthis"), std::size_t{0});
    QCOMPARE(count(points, "bits:"), points.size());  // while it is being typed
    QCOMPARE(RowFilter("colour:red").complaint(), std::string("unknown field \"colour\""));
    QVERIFY(!RowFilter("bits>x").complaint().empty());
    QVERIFY(RowFilter("opt bits>=3 -type:float").complaint().empty());
  }

  void filterSurvivesNonsense() {
    std::mt19937 random(11);
    const LawPoint point = testing::plantedPoint("a", 1e9, 4);
    const std::string alphabet = "ab:=<>!-,. 0316\t\"*bitsacc";
    for (int i = 0; i < 3000; ++i) {
      std::string text;
      for (unsigned n = random() % 24; n > 0; --n) text += alphabet[random() % alphabet.size()];
      RowFilter(text).matches(point);
      RowFilter(text).matches(RunRecord());
    }
  }

  void sortsByValueNotByText() {
    RunsPanel panel;
    panel.setPoints(std::make_shared<const std::vector<LawPoint>>(testing::plantedFamily("a")));
    PointTable& table = panel.pointTable();
    const auto column = [&](const QString& title) {
      for (int c = 0; c < table.columnCount(); ++c) {
        if (table.headerData(c, Qt::Horizontal, Qt::DisplayRole) == title) return c;
      }
      return -1;
    };
    table.sort(column(u"Bits"_s), Qt::DescendingOrder);
    QCOMPARE(table.index(0, column(u"Bits"_s)).data().toString(), u"16"_s);
    table.sort(column(u"Model"_s), Qt::AscendingOrder);  // 100M before 1600M before 12800M
    QCOMPARE(table.index(0, 0).data().toString(), u"a-100M"_s);
    QCOMPARE(table.index(table.rowCount() - 1, 0).data().toString(), u"a-12800M"_s);
    table.sort(column(u"Accuracy %"_s), Qt::AscendingOrder);
    double last = -1;
    for (int row = 0; row < table.rowCount(); ++row) {
      const double value = table.index(row, column(u"Accuracy %"_s)).data().toDouble();
      QVERIFY(value >= last);
      last = value;
    }
  }

  void selectionIsLinkedAndSurvives() {
    RunsPanel panel;
    auto points = testing::plantedFamily("a");
    panel.setPoints(std::make_shared<const std::vector<LawPoint>>(points));
    QSignalSpy spy(&panel, &RunsPanel::selectionChanged);
    Selection selection;
    selection.setOne(pointKey(points[7]));
    panel.select(selection);
    QCOMPARE(spy.size(), qsizetype{0});
    QCOMPARE(panel.selectedPoints(), std::vector<int>{7});
    panel.pointView()->sortByColumn(2, Qt::DescendingOrder);
    QCOMPARE(panel.selectedPoints(), std::vector<int>{7});
    std::reverse(points.begin(), points.end());
    panel.setPoints(std::make_shared<const std::vector<LawPoint>>(points));
    QCOMPARE(panel.selectedPoints(), std::vector<int>{16});
    panel.pointView()->selectRow(0);
    QVERIFY(spy.size() > 0);
    panel.copyRows();
    QCOMPARE(QGuiApplication::clipboard()->text().count(u'\n'), qsizetype{2});
  }

  // Every work of Qt's selection model grows with the square of the number of ranges.
  void selectionsAreFewRanges() {
    std::vector<LawPoint> many;
    for (int i = 0; i < 36000; ++i) {
      LawPoint p = testing::plantedPoint("a", 1e8 * (1 + i % 4000), 3 + i / 4000 % 6);
      p.runIds = {i + 1};
      many.push_back(p);
    }
    RunsPanel panel;
    panel.setPoints(std::make_shared<const std::vector<LawPoint>>(many));
    QTRY_VERIFY(!panel.busy());
    const auto ranges = [&] { return panel.pointView()->selectionModel()->selection().size(); };
    panel.pointView()->selectAll();
    panel.pointView()->sortByColumn(2, Qt::DescendingOrder);
    QTRY_VERIFY(!panel.busy());
    for (int round = 0; round < 3; ++round) {
      many.pop_back();
      std::reverse(many.begin(), many.end());
      panel.setPoints(std::make_shared<const std::vector<LawPoint>>(many));
      QTRY_VERIFY(!panel.busy());
      QCOMPARE(ranges(), qsizetype{1});
      QCOMPARE(panel.selectedPoints().size(), many.size());
    }
    // A third of the rows, in runs of neighbours when they are sorted by width.
    panel.pointView()->clearSelection();
    panel.pointView()->sortByColumn(7, Qt::AscendingOrder);
    QTRY_VERIFY(!panel.busy());
    std::vector<LawPoint> some;
    for (const LawPoint& p : many) {
      if (p.bits == 4 || p.bits == 6) some.push_back(p);
    }
    panel.setPoints(std::make_shared<const std::vector<LawPoint>>(some));
    QTRY_VERIFY(!panel.busy());
    panel.pointView()->selectAll();
    panel.setPoints(std::make_shared<const std::vector<LawPoint>>(many));
    QTRY_VERIFY(!panel.busy());
    QCOMPARE(ranges(), qsizetype{2});
    const std::vector<int> selected = panel.selectedPoints();
    QCOMPARE(selected.size(), some.size());
    for (const int i : selected) {
      const int bits = many[static_cast<std::size_t>(i)].bits;
      QVERIFY(bits == 4 || bits == 6);
    }
    panel.copyRows();
    QCOMPARE(QGuiApplication::clipboard()->text().count(u'\n'), qsizetype(some.size()) + 1);
  }

  void missingNumbersOfAnyTableComeLast() {
    const auto column = tableColumn<double>(
        u"n"_s, u"numbers"_s, true, [](const double& d) { return Text::fixed(d, 1); },
        [](const double& d) { return d; });
    TypedTable<double> table({column});
    table.setRows(
        std::make_shared<const std::vector<double>>(std::vector<double>{2, std::nan(""), 1}));
    for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
      table.sort(0, order);
      QCOMPARE(table.index(2, 0).data().toString(), u"–"_s);
    }
    QCOMPARE(table.index(0, 0).data().toString(), u"2.0"_s);
  }

  // Two points of one name, e.g. two checkpoints of a training, are two.
  void selectionTellsTwinsApart() {
    auto points = testing::plantedFamily("a");
    points.push_back(points.front());
    for (std::size_t i = 0; i < points.size(); ++i) points[i].runIds = {std::int64_t(i) + 1};
    RunsPanel panel;
    panel.setPoints(std::make_shared<const std::vector<LawPoint>>(points));
    Selection selection;
    selection.setOne(pointKey(points[0]));
    panel.select(selection);
    panel.setPoints(std::make_shared<const std::vector<LawPoint>>(points));
    QCOMPARE(panel.selectedPoints(), std::vector<int>{0});
  }

  void runsStaySelectedToo() {
    std::vector<RunRecord> runs = testing::plantedRuns("a", {"t", "u"});
    for (std::size_t i = 0; i < runs.size(); ++i) runs[i].id = std::int64_t(i) + 1;
    RunsPanel panel;
    panel.setRuns(rowsOf(runs));
    auto* view = panel.findChild<QTableView*>(u"runView"_s);
    view->selectRow(4);
    const QString number = view->model()->index(4, 0).data().toString();
    RunRecord more = testing::plantedRun("b", 1e9, 4, "t");
    more.id = 1000;
    runs.push_back(more);  // the newest is the first row
    panel.setRuns(rowsOf(runs));
    const QModelIndexList rows = view->selectionModel()->selectedRows();
    QCOMPARE(rows.size(), qsizetype{1});
    QCOMPARE(rows.front().row(), 5);
    QCOMPARE(rows.front().data().toString(), number);
    QCOMPARE(view->currentIndex().row(), 5);
  }

  // A dash is no value: it is neither the largest nor the smallest.
  void missingValuesComeLastInBothOrders() {
    auto points = testing::plantedFamily("a");
    for (std::size_t i = 0; i < points.size(); i += 3) {
      LawPoint& p = points[i];
      p.accuracy = p.accuracySe = p.crossEntropy = p.totalBits = p.parameters = LawPoint::kAbsent;
      p.accuracyTasks = 0;
      p.method.clear();
    }
    std::vector<RunRecord> runs = testing::plantedRuns("a", {"t"});
    for (std::size_t i = 0; i < runs.size(); i += 3) {
      runs[i].result.accuracy = runs[i].result.accuracySe = LawPoint::kAbsent;
      runs[i].result.items = 0;
      runs[i].seconds = 0;
      runs[i].device.clear();
      runs[i].createdAt.clear();
    }
    RunsPanel panel;
    panel.setPoints(std::make_shared<const std::vector<LawPoint>>(points));
    panel.setRuns(rowsOf(runs));
    int withDashes = 0;
    for (TableModel* table : {static_cast<TableModel*>(&panel.pointTable()),
                              static_cast<TableModel*>(&panel.runTable())}) {
      for (int column = 0; column < table->columnCount(); ++column) {
        for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
          table->sort(column, order);
          bool dashes = false;
          for (int row = 0; row < table->rowCount(); ++row) {
            const QString text = table->index(row, column).data().toString();
            const bool missing = text.isEmpty() || text == u"–"_s;
            QVERIFY2(
                missing || !dashes,
                qPrintable(table->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString()));
            dashes = missing;
          }
          withDashes += dashes;
        }
      }
    }
    QVERIFY(withDashes >= 20);
  }

  // Sorting compares values and makes no text; texts are made for what is on the screen.
  void hundredThousandRowsAreSortedByValue() {
    std::mt19937 random(5);
    std::vector<LawPoint> many;
    for (int i = 0; i < 100000; ++i) {
      many.push_back(testing::plantedPoint("a", 1e8 * (1 + random() % 1000), 3 + random() % 6));
    }
    const auto shared = std::make_shared<const std::vector<LawPoint>>(std::move(many));
    int texts = 0, comparisons = 0;
    PointTable::Column column;
    column.title = u"Accuracy"_s;
    column.text = [&](const LawPoint& p) {
      ++texts;
      return QString::number(p.accuracy);
    };
    column.compare = [&](const LawPoint& a, const LawPoint& b) {
      ++comparisons;
      return compareNumbers(a.accuracy, b.accuracy);
    };
    PointTable table({column});
    QTableView view;
    view.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    view.setModel(&table);
    view.resize(300, 300);
    view.show();
    table.setRows(shared);
    table.sort(0, Qt::DescendingOrder);
    QTRY_VERIFY(!table.busy());
    QCOMPARE(table.rowCount(), 100000);
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    view.grab();
    QVERIFY2(comparisons < 100000 * 20, qPrintable(QString::number(comparisons)));
    QVERIFY2(texts < 500, qPrintable(QString::number(texts)));
    const RowFilter filter("bits>=5 type:int acc>40");
    std::size_t kept = 0;
    std::size_t wanted = 0;
    for (const LawPoint& p : *shared) {
      kept += filter.matches(p);
      wanted += p.bits >= 5 && p.dataType == "int" && p.accuracy > 0.4;
    }
    QVERIFY(kept > 0 && kept < shared->size());
    QCOMPARE(kept, wanted);
  }

  void texts() {
    QCOMPARE(Text::size(8e9), u"1\u202fGB"_s);
    QCOMPARE(Text::size(7.9e6), u"988\u202fkB"_s);
    QCOMPARE(Text::size(-1), u"–"_s);
    QCOMPARE(Text::count(6.7e9), u"6.7B"_s);
    QCOMPARE(Text::count(124.4e6), u"124M"_s);
    QCOMPARE(Text::duration(3725), u"1 h 2 min"_s);
    QCOMPARE(Text::duration(-1), u"–"_s);
    LawPoint p = testing::plantedPoint("a", 1e9, 4);
    p.accuracy = 0.6412;
    p.accuracySe = 0.004;
    QCOMPARE(Text::metric(p, LawMetric::Accuracy), u"64.12 ± 0.40 %"_s);
    QCOMPARE(Text::block(p), u"64"_s);
    p.blockSize = QuantConfig::kPerRow;
    QCOMPARE(Text::block(p), u"row"_s);
    p.blockSize = 0;
    QCOMPARE(Text::block(p), u"whole tensor"_s);
    p.accuracy = LawPoint::kAbsent;
    QCOMPARE(Text::metric(p, LawMetric::Accuracy), u"–"_s);
  }
};

namespace {
const testing::Registered<RunsTest> kRunsTest;
}

}  // namespace bitfrontier

#include "runs_test.moc"
