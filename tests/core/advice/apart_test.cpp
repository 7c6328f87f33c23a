// SPDX-License-Identifier: GPL-3.0-or-later
// Two halves of a sweep that differ in one thing only are never joined, whatever is asked.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <functional>
#include <set>

#include "core/advice/advise.h"
#include "core/advice/comparisons.h"
#include "core/advice/next.h"
#include "core/advice/report.h"
#include "core/advice/store_frontier.h"
#include "tests/core/advice/planted_store.h"

namespace bitfrontier {
namespace {

using ::testing::SizeIs;

struct Field {
  std::string name;
  std::function<void(RunRecord&)> change;
};

std::vector<Field> fields() {
  return {
      {"source", [](RunRecord& r) { r.source = "a paper"; }},
      {"evaluator", [](RunRecord& r) { r.evaluatorVersion = "2"; }},
      {"task", [](RunRecord& r) { r.result.task += "_other"; }},
      {"items of a task", [](RunRecord& r) { r.result.taskHash = "another"; }},
      {"item limit", [](RunRecord& r) { r.result.itemLimit = 40; }},
      {"first token", [](RunRecord& r) { r.result.bosProfile = "addbos"; }},
      {"length", [](RunRecord& r) { r.result.maxLength = 64; }},
      {"calibration", [](RunRecord& r) { r.calibration = "another text"; }},
  };
}

constexpr double kFirst[] = {1e9, 2e9, 4e9, 8e9}, kSecond[] = {1.4e9, 3e9, 6e9, 11e9};
constexpr std::size_t kPoints = 8;  // of each half

/// The second half is much better, so that a choice among both would always be of it.
void addHalf(test::TempStore& store, bool second, const std::function<void(RunRecord&)>& change) {
  int step = second ? 16 : 4;
  for (const double size : second ? kSecond : kFirst) {
    for (const int k : {3, 4}) {
      RunRecord run = test::runOf("family", size, fmt::format("int{}-b64-gptq", k), k, k);
      run.method = "gptq";
      run.calibration = "a text";
      run.device = second ? "second" : "first";
      std::vector<std::uint8_t> correct(40, 0);
      for (int i = 0; i < step; ++i) correct[static_cast<std::size_t>(i)] = 1;
      run.result = test::taskOf("task", correct);
      run.result.bosProfile = "harness";
      RunRecord text = run;
      text.result = test::textOf(second ? 2.0 - 0.02 * step : 4.0 - 0.02 * step);
      text.result.bosProfile = "harness";
      for (RunRecord* record : {&run, &text}) {
        if (second) change(*record);
        store.add(*record);
      }
      ++step;
    }
  }
}

class Apart : public ::testing::TestWithParam<Field> {
 protected:
  Apart() {
    addHalf(store_, false, {});
    addHalf(store_, true, GetParam().change);
    for (const RunRecord& run : store_.get().runs()) halves_[run.id] = run.device;
  }

  /// The halves that points are of.
  std::set<std::string> halvesOf(const std::vector<LawPoint>& points) const {
    std::set<std::string> found;
    for (const LawPoint& p : points) {
      for (const std::int64_t id : p.runIds) found.insert(halves_.at(id));
    }
    return found;
  }
  static bool inSecond(double accuracy) { return accuracy > 0.38; }

  test::TempStore store_;
  std::map<std::int64_t, std::string> halves_;
};

template <typename Parts>
std::set<std::string> titlesOf(const Parts& parts) {
  std::set<std::string> titles;
  for (const auto& part : parts) titles.insert(part.title);
  return titles;
}

TEST_P(Apart, Series) {
  const std::vector<LawPoint> points = store_.get().points();
  ASSERT_THAT(points, SizeIs(2 * kPoints));
  for (const LawMetric metric : {LawMetric::Accuracy, LawMetric::CrossEntropy}) {
    const std::vector<LawSeries> series = makeSeries(points, SeriesKey::Bits, metric);
    EXPECT_THAT(series, SizeIs(4));
    for (const LawSeries& s : series) EXPECT_THAT(halvesOf(s.points), SizeIs(1)) << s.label;
  }
}

TEST_P(Apart, Families) {
  for (const LawMetric metric : {LawMetric::Accuracy, LawMetric::CrossEntropy}) {
    const std::vector<FamilyRuns> families = familyRuns(store_.get(), {}, metric);
    ASSERT_THAT(families, SizeIs(2));
    for (const FamilyRuns& family : families) {
      EXPECT_THAT(halvesOf(family.points), SizeIs(1));
      EXPECT_THAT(family.points, SizeIs(kPoints));
    }
    EXPECT_NE(families[0].title(), families[1].title());
    EXPECT_NE(families[0].setTitle, families[1].setTitle);
    EXPECT_NE(families[0].set, families[1].set);
  }
}

TEST_P(Apart, Frontier) {
  const std::vector<StoreFrontier> frontiers = storeFrontiers(store_.get(), {}, {});
  ASSERT_THAT(frontiers, SizeIs(2));
  EXPECT_THAT(titlesOf(frontiers), SizeIs(2));
  for (const StoreFrontier& frontier : frontiers) {
    std::vector<LawPoint> points;
    for (const FrontierEntry& entry : frontier.entries) points.push_back(entry.point);
    EXPECT_THAT(halvesOf(points), SizeIs(1)) << frontier.title;
    EXPECT_EQ(frontier.points, kPoints);
  }
}

TEST_P(Apart, Advice) {
  AdviceOptions options;
  options.memoryBits = 1e12;
  options.draws = 200;
  const std::vector<Advice> all = advise(store_.get(), {}, options);
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_THAT(titlesOf(all), SizeIs(2));
  for (const Advice& advice : all) {
    std::set<bool> halves;
    for (const AdviceCandidate& c : advice.candidates) {
      if (c.measured) halves.insert(inSecond(c.value));
    }
    EXPECT_THAT(halves, SizeIs(1)) << advice.title;
    EXPECT_THAT(advice.laws, SizeIs(1));
  }
}

TEST_P(Apart, Next) {
  NextOptions options;
  options.draws = 200;
  const std::vector<NextRuns> all = nextRuns(store_.get(), {}, options);
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_THAT(titlesOf(all), SizeIs(2));
  for (const NextRuns& next : all) EXPECT_EQ(next.run, kPoints);
}

TEST_P(Apart, Comparisons) {
  CompareOptions options;
  options.replicates = 50;
  const std::vector<StoreComparisons> all = storeComparisons(store_.get(), {}, options);
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_THAT(titlesOf(all), SizeIs(2));
  for (const StoreComparisons& one : all) {
    std::vector<LawPoint> points;
    for (const PointComparison& row : one.rows) {
      points.push_back(row.point);
      points.push_back(row.against);
    }
    EXPECT_THAT(halvesOf(points), SizeIs(1));
  }
}

TEST_P(Apart, Report) {
  ReportOptions options;
  options.draws = 100;
  const Report report = makeReport(store_.get(), {}, options);
  std::set<std::pair<std::string, LawMetric>> titles;
  for (const FamilyReport& family : report.families) {
    titles.emplace(family.title, family.metric);
    EXPECT_EQ(family.points, static_cast<int>(kPoints));
  }
  EXPECT_THAT(titles, SizeIs(4));
  ASSERT_THAT(report.correlations, SizeIs(2));
  EXPECT_THAT(titlesOf(report.correlations), SizeIs(2));
  for (const Report::Linked& linked : report.correlations) {
    EXPECT_EQ(linked.crossEntropy.n, static_cast<int>(kPoints));
  }
  ASSERT_THAT(report.instabilities, SizeIs(2));
  EXPECT_THAT(titlesOf(report.instabilities), SizeIs(2));
}

INSTANTIATE_TEST_SUITE_P(Fields, Apart, ::testing::ValuesIn(fields()), [](const auto& field) {
  std::string name = field.param.name;
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
});

// A family without calibrated results has no second answer about what its first was about.
TEST(CalibrationTexts, OneSetOfEachCalibrationText) {
  test::TempStore store;
  addHalf(store, false, {});
  addHalf(store, true, [](RunRecord& r) { r.calibration = "another text"; });
  for (const double size : kFirst) {
    for (const char* family : {"family", "plain"}) {
      RunRecord run = test::runOf(family, size, "int8-b64", 8, 8);
      for (const TaskResult& result :
           {test::taskOf("task", std::vector<std::uint8_t>{1, 1, 0, 1, 0, 1}), test::textOf(3)}) {
        run.result = result;
        run.result.bosProfile = "harness";
        store.add(run);
      }
    }
  }
  // What needs no text competes with both, of all families.
  const std::vector<StoreFrontier> frontiers = storeFrontiers(store.get(), {}, {});
  ASSERT_THAT(frontiers, SizeIs(2));
  for (const StoreFrontier& frontier : frontiers) {
    EXPECT_EQ(frontier.points, kPoints + 2 * std::size(kFirst));
  }
  EXPECT_THAT(familyRuns(store.get(), {}, LawMetric::Accuracy), SizeIs(4));
  NextOptions options;
  options.draws = 200;
  EXPECT_THAT(titlesOf(nextRuns(store.get(), {}, options)), SizeIs(3));
}

}  // namespace
}  // namespace bitfrontier
