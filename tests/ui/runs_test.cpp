// SPDX-License-Identifier: GPL-3.0-or-later
#include <QClipboard>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QTest>
#include <random>

#include "core/quant/quant_config.h"
#include "tests/ui/registry.h"
#include "ui/runs/row_filter.h"
#include "ui/runs/runs_panel.h"
#include "ui/text.h"

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
    panel.selectPoint(7);
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

  // Work that grew with the square of the rows would outlast the time limit of the tests.
  void hundredThousandRows() {
    std::mt19937 random(5);
    std::vector<LawPoint> many;
    for (int i = 0; i < 100000; ++i) {
      many.push_back(testing::plantedPoint("a", 1e8 * (1 + random() % 1000), 3 + random() % 6));
    }
    const auto shared = std::make_shared<const std::vector<LawPoint>>(std::move(many));
    RunsPanel panel;
    panel.resize(900, 300);
    panel.show();
    panel.setPoints(shared);
    panel.pointTable().sort(2, Qt::AscendingOrder);
    QCOMPARE(panel.pointTable().rowCount(), 100000);
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
    QCOMPARE(Text::size(8e9), u"1.00\u202fGB"_s);
    QCOMPARE(Text::size(7.9e6), u"988\u202fkB"_s);
    QCOMPARE(Text::size(-1), u"–"_s);
    QCOMPARE(Text::count(6.7e9), u"6.70B"_s);
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
