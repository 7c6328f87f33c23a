// SPDX-License-Identifier: GPL-3.0-or-later
#include <limits>
#include <QTest>
#include <random>

#include "tests/ui/planted_runs.h"
#include "tests/ui/registry.h"
#include "ui/runs/row_filter.h"

namespace bitfrontier {

/// The language of the filter box.
class FilterTest : public QObject {
  Q_OBJECT

 private:
  std::vector<LawPoint> points_;
  std::vector<RunRecord> runs_;

  std::size_t points(const std::string& filter) const {
    const RowFilter f(filter);
    return static_cast<std::size_t>(std::count_if(points_.begin(), points_.end(),
                                                  [&](const LawPoint& p) { return f.matches(p); }));
  }
  std::size_t runs(const std::string& filter) const {
    const RowFilter f(filter);
    return static_cast<std::size_t>(std::count_if(
        runs_.begin(), runs_.end(), [&](const RunRecord& r) { return f.matches(r); }));
  }
  static std::string complaint(const std::string& filter) { return RowFilter(filter).complaint(); }

 private Q_SLOTS:
  void initTestCase() {
    // 24 points each: sizes 1e8 ... 1.28e10 at 3, 4 and 16 bit.
    for (const char* family : {"opt", "bloom", "pythia"}) {
      const auto more = testing::plantedFamily(family);
      points_.insert(points_.end(), more.begin(), more.end());
    }
    runs_ = testing::plantedRuns("opt", {"lambada", "piqa"}, 5);
    QCOMPARE(runs_.size(), std::size_t{30});
  }

  void tasksNeverEmptyThePlot() {
    for (const char* filter : {"-task:", "-task:lambada", "task:lambada", "task!=piqa",
                               "not task:lambada", "-status:done", "task:x or status:y",
                               "-(task:lambada or task:piqa)", "-task:a -task:b"}) {
      QVERIFY2(points(filter) == points_.size(), filter);
    }
    QCOMPARE(points("-task:lambada family:opt"), std::size_t{24});
    QCOMPARE(points("family:opt or task:lambada"), points_.size());  // may hold of any point
    QCOMPARE(runs("-task:lambada"), std::size_t{15});
    QCOMPARE(runs("task:lambada"), std::size_t{15});
    QCOMPARE(runs("task!=lambada"), std::size_t{15});
    QCOMPARE(runs("-task:lambada -task:piqa"), std::size_t{0});
    QCOMPARE(runs("task:lambada,piqa"), std::size_t{30});
    QVERIFY(RowFilter("opt -task:lambada").choosesTasks());
    QVERIFY(!RowFilter("opt bits:3").choosesTasks());
    RunRecord run = runs_.front();
    QVERIFY(RowFilter("-task:piqa bits:99").matchesTask(run));
    QVERIFY(!RowFilter("-task:lambada").matchesTask(run));
  }

  void listsMeanAnyOfThem() {
    QCOMPARE(points("family:opt,bloom"), std::size_t{48});
    QCOMPARE(points("family:OPT, "), std::size_t{24});
    QCOMPARE(points("-family:opt,bloom"), std::size_t{24});
    QCOMPARE(points("family!=opt,bloom"), std::size_t{24});
    QCOMPARE(points("opt,bloom"), std::size_t{48});
    QCOMPARE(points("bits:3,4"), std::size_t{48});
    QCOMPARE(points("bits!=3,4"), std::size_t{24});
    QCOMPARE(points("bits:3-8"), std::size_t{48});
    QCOMPARE(points("bits:3..8"), std::size_t{48});
    QCOMPARE(points("family:\"opt\",pythia"), std::size_t{48});
  }

  void sizesHaveUnits() {
    // Total bits are parameters times bits: 4-bit 1.28e10 parameters are 6.4 GB.
    const auto below = [&](double bytes) {
      return static_cast<std::size_t>(
          std::count_if(points_.begin(), points_.end(),
                        [&](const LawPoint& p) { return p.totalBits / 8 < bytes; }));
    };
    QVERIFY(below(1e9) > 0 && below(1e9) < points_.size());
    for (const char* filter :
         {"size<1GB", "size<1gb", "size<1g", "size<1000MB", "size<1000", "size < 1 GB", "size <1GB",
          "size<1e3", "size<1000000kB", "size<0.001TB", "size<1000000000B"}) {
      QVERIFY2(points(filter) == below(1e9), filter);
    }
    QCOMPARE(points("size<1GiB"), below(1073741824.0));
    QCOMPARE(points("size<700MiB"), below(700 * 1048576.0));
    QCOMPARE(points("size>=1GB"), points_.size() - below(1e9));
    QCOMPARE(points("size<1GB size>=1GB"), std::size_t{0});
    // What the table shows can be typed: 6.40 GB.
    QCOMPARE(points("size:6.40GB"), std::size_t{6});  // 16 bit of a quarter of the size too
    QCOMPARE(points("params:1.6B"), std::size_t{9});
    QCOMPARE(points("params:400m"), std::size_t{9});
    QCOMPARE(points("params:100-400M"), std::size_t{27});
    QCOMPARE(points("params>400M"), std::size_t{45});
    QCOMPARE(points("params>=400M"), std::size_t{54});
  }

  void orAndNotAndBrackets() {
    QCOMPARE(points("family:opt or family:bloom"), std::size_t{48});
    QCOMPARE(points("opt OR bloom"), std::size_t{48});
    QCOMPARE(points("opt | bloom"), std::size_t{48});
    QCOMPARE(points("family:opt bits:3 or family:bloom bits:4"), std::size_t{16});
    QCOMPARE(points("(family:opt or family:bloom) bits:4"), std::size_t{16});
    QCOMPARE(points("bits:4 (family:opt or family:bloom)"), std::size_t{16});
    QCOMPARE(points("not opt"), std::size_t{48});
    QCOMPARE(points("-(opt or bloom)"), std::size_t{24});
    QCOMPARE(points("opt and bits:3"), std::size_t{8});
    QCOMPARE(points("--opt"), std::size_t{24});
    QCOMPARE(points("\"opt-100M\""), std::size_t{3});
    QCOMPARE(points("\"or\""), std::size_t{0});  // the word itself
  }

  void halfTypedTermsFilterNothing() {
    for (const char* filter : {"-",
                               "(",
                               ")",
                               "bits",
                               "bits ",
                               "bits>",
                               "bits>=",
                               "bits :",
                               "-bits:",
                               "size<",
                               "size<x",
                               "fam",
                               "family",
                               "family:",
                               "-family:",
                               "family:,",
                               "\"",
                               "opt or",
                               "or",
                               "not",
                               "-(",
                               "()",
                               "bits>x",
                               "bits:nan",
                               "size<10Q",
                               "colour:red",
                               "-colour:red",
                               "family<3",
                               ">3",
                               "=opt",
                               "family:opt bits:",
                               "bits >= ",
                               "acc>%",
                               "and",
                               "|",
                               "bits:3-",
                               "bits:5-3"}) {
      const std::string text(filter);
      const bool opt = text.find("opt") != std::string::npos && text != "=opt";
      QVERIFY2(points(text) == (opt ? 24 : points_.size()), filter);
    }
    QCOMPARE(complaint("colour:red"), std::string("unknown field \"colour\""));
    QCOMPARE(complaint("bits>x"), std::string("\"x\" is not a number"));
    QCOMPARE(complaint("opt bits:"), std::string("waiting for the value of bits"));
    QCOMPARE(complaint("fam"), std::string("waiting for the rest of \"fam\""));
    for (const char* filter : {"-", "size<10Q", "family<3", ">3", "-task:", ")", "bits:5-3"}) {
      QVERIFY2(!complaint(filter).empty(), filter);
    }
    for (const char* filter : {"", "opt", "opt bits>=3 -type:float", "(opt or bloom) bits:3-8",
                               "size<10GB", "task:lambada", "block:row,tensor", "items:all"}) {
      QVERIFY2(complaint(filter).empty(), filter);
    }
    // Half of it is understood: that half counts.
    QCOMPARE(points("family:opt bits:"), std::size_t{24});
    QCOMPARE(points("bits:3,x"), std::size_t{24});
  }

  void blocksAndItemsHaveNoNumberToCompare() {
    LawPoint p = testing::plantedPoint("a", 1e9, 4);
    p.blockSize = 0;
    QVERIFY(!RowFilter("block<128").matches(p));  // a whole tensor is no small block
    QVERIFY(RowFilter("block:tensor").matches(p));
    p.blockSize = -1;
    QVERIFY(!RowFilter("block<128").matches(p));
    QVERIFY(RowFilter("block:row").matches(p) && !RowFilter("block:tensor").matches(p));
    p = testing::plantedPoint("a", 1e9, 16);
    QVERIFY(!RowFilter("block<128").matches(p));
    p.itemLimit = 0;  // all items
    QVERIFY(RowFilter("items>=200").matches(p) && RowFilter("items:all").matches(p));
    p.accuracy = std::numeric_limits<double>::quiet_NaN();
    QVERIFY(!RowFilter("acc>0").matches(p) && !RowFilter("acc<100").matches(p));
  }

  void survivesNonsense() {
    std::mt19937 random(12);
    const LawPoint point = testing::plantedPoint("a", 1e9, 4);
    const RunRecord run = testing::plantedRun("a", 1e9, 4, "t");
    const std::vector<std::string> parts{"(",    ")",  "-",        "!",   "\"", "or", "and", "not",
                                         "bits", ":",  ">=",       "<",   "10", "GB", ",",   " ",
                                         "a",    "|",  "task",     "..",  "\t", "=",  "3-5", "nan",
                                         "size", "1e", "\xc3\xa9", "inf", "%"};
    for (int i = 0; i < 5000; ++i) {
      std::string text;
      for (unsigned n = random() % 14; n > 0; --n) text += parts[random() % parts.size()];
      const RowFilter filter(text);
      filter.matches(point);
      filter.matches(run);
      filter.choosesTasks();
    }
    // Deep nesting ends with a sentence, not with the stack.
    QVERIFY(!complaint(std::string(100000, '(')).empty());
    QVERIFY(!complaint(std::string(100000, '-') + "a").empty());
  }
};

namespace {
const testing::Registered<FilterTest> kFilterTest;
}

}  // namespace bitfrontier

#include "filter_test.moc"
