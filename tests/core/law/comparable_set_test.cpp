// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/data/comparable_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "core/law/data/series.h"

namespace bitfrontier {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

LawPoint point(const std::string& model, const std::string& config = "int4-b64") {
  LawPoint p;
  p.family = "fam";
  p.model = model;
  p.config = config;
  p.dataType = "int";
  p.bits = 4;
  p.totalBits = 100;
  p.accuracy = 0.5;
  p.crossEntropy = 2;
  p.tasks = "arc, piqa";
  p.taskTexts = "11111111+22222222";
  p.textTasks = "wikitext";
  p.textTaskTexts = "33333333";
  p.evaluator = "1";
  p.bosProfile = "harness";
  p.itemLimit = 200;
  p.maxLength = 512;
  p.method = "gptq";
  p.calibration = "a";
  return p;
}

/// One thing that keeps numbers apart.
struct Field {
  std::string name;
  std::function<void(LawPoint&)> change;
  std::string told;  ///< the changed point's difference; empty where the source tells
};

const std::vector<Field>& fields() {
  static const std::vector<Field> all{
      {"source", [](LawPoint& p) { p.source = "a paper"; }, ""},
      {"evaluator", [](LawPoint& p) { p.evaluator = "2"; }, "evaluator 2"},
      {"tasks",
       [](LawPoint& p) {
         p.tasks = "arc, lambada";
         p.textTasks = "c4";
       },
       "tasks arc, lambada"},
      {"number",
       [](LawPoint& p) {
         p.tasks = "arc, lambada, piqa";
         p.textTasks = "c4, ptb, wikitext";
       },
       "3 tasks"},
      {"texts",
       [](LawPoint& p) {
         p.taskTexts = "11111111+99999999";
         p.textTaskTexts = "99999999";
       },
       "items of piqa 99999999"},
      {"items", [](LawPoint& p) { p.itemLimit = 0; }, "all items"},
      {"first token", [](LawPoint& p) { p.bosProfile = "addbos"; }, "first token: addbos"},
      {"length", [](LawPoint& p) { p.maxLength = 64; }, "at most 64 tokens"},
      {"calibration", [](LawPoint& p) { p.calibration = "b"; }, "calibrated on b"},
  };
  return all;
}

TEST(ComparableSet, EachFieldKeepsPointsApart) {
  for (const LawMetric metric : {LawMetric::Accuracy, LawMetric::CrossEntropy}) {
    for (const Field& field : fields()) {
      SCOPED_TRACE(field.name);
      std::vector<LawPoint> points{point("s"), point("m"), point("l"), point("s"), point("m")};
      field.change(points[3]);
      field.change(points[4]);
      const auto sets = comparableSets(points, metric);
      ASSERT_THAT(sets, SizeIs(2));
      const std::size_t larger = sets[0].points.size() == 3 ? 0 : 1;
      EXPECT_THAT(sets[larger].points, ElementsAre(0, 1, 2));
      EXPECT_THAT(sets[1 - larger].points, ElementsAre(3, 4));
      EXPECT_NE(sets[0].name.title, sets[1].name.title);
      if (metric == LawMetric::Accuracy) {
        EXPECT_EQ(sets[1 - larger].name.difference, field.told);
      }
      EXPECT_THAT(sets[larger].of(points), SizeIs(3));
      // Nor does a series of one law.
      const auto series = makeSeries(points, SeriesKey::Bits, metric);
      ASSERT_THAT(series, SizeIs(2));
      for (const LawSeries& s : series) {
        std::set<Scoring> scorings;
        for (const LawPoint& p : s.points) scorings.insert(scoringOf(p, metric));
        EXPECT_THAT(scorings, SizeIs(1));
      }
      if (!field.told.empty()) {
        EXPECT_NE(series[0].label, series[1].label);
      }
    }
  }
}

TEST(ComparableSet, OneSetNeedsNoName) {
  const std::vector<LawPoint> points{point("s"), point("m")};
  const auto sets = comparableSets(points, LawMetric::Accuracy);
  ASSERT_THAT(sets, SizeIs(1));
  EXPECT_THAT(sets[0].name.difference, IsEmpty());
  EXPECT_EQ(sets[0].name.title, "measured here, 2 tasks, 200 items each");
  EXPECT_EQ(makeSeries(points, SeriesKey::Bits)[0].label, "4 bit, gptq");
}

TEST(ComparableSet, WhatNeedsNoCalibrationGoesWithEachText) {
  std::vector<LawPoint> points{point("s"), point("s"), point("s", "int4-b64"), point("m")};
  points[1].calibration = "b";
  points[2].calibration.clear();
  points[2].method = "rtn";
  const auto sets = comparableSets(points, LawMetric::Accuracy);
  ASSERT_THAT(sets, SizeIs(2));
  EXPECT_THAT(sets[0].points, ElementsAre(0, 2, 3));
  EXPECT_THAT(sets[1].points, ElementsAre(1, 2));
  // A series is of one method, so that none is there twice.
  std::vector<std::string> labels;
  for (const LawSeries& s : makeSeries(points, SeriesKey::Bits)) labels.push_back(s.label);
  EXPECT_THAT(labels,
              ElementsAre("4 bit", "4 bit, gptq, calibrated on a", "4 bit, gptq, calibrated on b"));
  // With one text nothing has to be said.
  points[1].calibration = "a";
  EXPECT_THAT(comparableSets(points, LawMetric::Accuracy), SizeIs(1));
  EXPECT_EQ(makeSeries(points, SeriesKey::Bits)[0].label, "4 bit");
}

TEST(ComparableSet, AnUnknownTextGoesWithTheOnlyKnownOne) {
  std::vector<LawPoint> points{point("s"), point("m"), point("l")};
  points[1].taskTexts.clear();
  EXPECT_THAT(comparableSets(points, LawMetric::Accuracy), SizeIs(1));
  points[2].taskTexts = "44444444+22222222";
  const auto sets = comparableSets(points, LawMetric::Accuracy);
  ASSERT_THAT(sets, SizeIs(3));
  std::set<std::string> names;
  for (const ComparableSet& set : sets) names.insert(set.name.difference);
  EXPECT_THAT(names,
              ElementsAre("items not known", "items of arc 11111111", "items of arc 44444444"));
}

// What the other metric was scored on does not matter; points without the metric are in no set.
TEST(ComparableSet, OnlyTheMetricCounts) {
  std::vector<LawPoint> points{point("s"), point("m"), point("l")};
  points[1].textTasks = "c4";
  points[1].textTaskTexts = "55555555";
  points[2].accuracy = LawPoint::kAbsent;
  const auto sets = comparableSets(points, LawMetric::Accuracy);
  ASSERT_THAT(sets, SizeIs(1));
  EXPECT_THAT(sets[0].points, ElementsAre(0, 1));
  EXPECT_THAT(comparableSets(points, LawMetric::CrossEntropy), SizeIs(2));
}

TEST(ComparableSet, LongListsOfTasksHaveShortNamesThatDiffer) {
  std::string many;
  for (int i = 0; i < 57; ++i) many += "mmlu_subject_" + std::to_string(i) + ", ";
  std::vector<LawPoint> points(4, point("s"));
  const char* last[] = {"x", "y", "x, u1, u2, u3, u4, v", "x, u1, u2, u3, u4, w"};
  for (std::size_t i = 0; i < points.size(); ++i) {
    points[i].tasks = many + last[i];
    points[i].taskTexts.clear();
  }
  std::set<std::string> names, titles;
  for (const ComparableSet& set : comparableSets(points, LawMetric::Accuracy)) {
    names.insert(set.name.difference);
    titles.insert(set.name.title);
    EXPECT_LT(set.name.title.size(), 100u) << set.name.title;
  }
  EXPECT_THAT(names, SizeIs(4));
  EXPECT_THAT(titles, SizeIs(4));
  EXPECT_TRUE(names.contains("tasks with y")) << testing::PrintToString(names);
}

// Whatever differs, no two sets of a store have one title.
TEST(ComparableSet, TitlesAreUnique) {
  std::vector<LawPoint> points;
  for (unsigned mask = 0; mask < 1u << fields().size(); ++mask) {
    LawPoint p = point("s");
    for (std::size_t f = 0; f < fields().size(); ++f) {
      if ((mask >> f & 1u) != 0) fields()[f].change(p);
    }
    points.push_back(p);
  }
  const auto sets = comparableSets(points, LawMetric::Accuracy);
  std::set<std::string> titles;
  std::set<std::pair<std::string, std::string>> names;
  for (const ComparableSet& set : sets) {
    titles.insert(set.name.title);
    names.emplace(set.scoring.source, set.name.difference);
  }
  EXPECT_EQ(titles.size(), sets.size());
  EXPECT_EQ(names.size(), sets.size());
  EXPECT_GT(sets.size(), 300u);
}

}  // namespace
}  // namespace bitfrontier
