// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/baseline_differences.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <string>

#include "core/advice/comparisons.h"
#include "core/base/error.h"
#include "core/store/points.h"
#include "tests/core/advice/planted_store.h"

namespace bitfrontier {
namespace {

std::vector<std::uint8_t> outcomes(std::mt19937& random, std::size_t items, double right) {
  std::vector<std::uint8_t> correct(items);
  for (auto& c : correct) {
    c = std::uniform_real_distribution<double>()(random) < right ? 1 : 0;
  }
  return correct;
}

void addPoint(test::TempStore& store, std::mt19937& random, double size, const std::string& config,
              int k, double right) {
  for (const char* task : {"a", "b"}) {
    RunRecord run = test::runOf("family", size, config, k, k);
    run.result = test::taskOf(task, outcomes(random, 60, right));
    store.add(run);
  }
}

/// Two models at 3, 4 and 16 bit.
struct Planted {
  Planted() {
    std::mt19937 random(3);
    for (const double size : {1e9, 2e9}) {
      addPoint(store, random, size, "int3", 3, 0.4);
      addPoint(store, random, size, "int4", 4, 0.6);
      addPoint(store, random, size, "fp16", 16, 0.7);
    }
    points = store.get().points();
  }
  test::TempStore store;
  std::vector<LawPoint> points;
};

TEST(BaselineDifferences, AreThoseOfTheComparisons) {
  const Planted p;
  const auto found = baselineDifferences(p.store.get(), p.points, LawMetric::Accuracy);
  ASSERT_EQ(found.size(), p.points.size());
  std::map<std::string, PairedTest> expected;
  for (const auto& group : storeComparisons(p.store.get(), {}, {})) {
    for (const auto& row : group.rows) {
      expected[row.point.model + " " + row.point.config] = row.test;
    }
  }
  ASSERT_EQ(expected.size(), 4u);
  for (std::size_t i = 0; i < p.points.size(); ++i) {
    if (p.points[i].bits == 16) {
      EXPECT_TRUE(std::isnan(found[i].difference));
      continue;
    }
    const PairedTest& test = expected.at(p.points[i].model + " " + p.points[i].config);
    EXPECT_NEAR(found[i].difference, test.difference, 1e-12);
    EXPECT_DOUBLE_EQ(found[i].lower, test.lower);
    EXPECT_DOUBLE_EQ(found[i].upper, test.upper);
    EXPECT_LT(found[i].lower, found[i].difference);
  }
}

TEST(BaselineDifferences, WithoutItemsThereIsNoInterval) {
  test::TempStore store;
  for (const int k : {4, 16}) {
    RunRecord run = test::runOf("family", 1e9, k == 16 ? "fp16" : "int4", k, k);
    run.result.task = "task";
    run.result.taskHash = "hash";
    run.result.items = 100;
    run.result.accuracy = k == 16 ? 0.7 : 0.6;
    run.result.accuracySe = 0.05;
    store.add(run);
  }
  const auto points = store.get().points();
  const auto found = baselineDifferences(store.get(), points, LawMetric::Accuracy);
  ASSERT_EQ(points[0].bits, 4);
  EXPECT_NEAR(found[0].difference, -0.1, 1e-12);
  EXPECT_TRUE(std::isnan(found[0].lower) && std::isnan(found[0].upper));
}

TEST(BaselineDifferences, OnlyWhatWasScoredAlikeIsSubtracted) {
  test::TempStore store;
  std::mt19937 random(4);
  addPoint(store, random, 1e9, "int4", 4, 0.6);
  RunRecord run = test::runOf("family", 1e9, "fp16", 16, 16);
  run.result = test::taskOf("a", outcomes(random, 60, 0.7));
  run.result.itemLimit = 60;  // the other has no limit
  store.add(run);
  RunFilter all;
  all.includePartial = true;
  const auto points = store.get().points(all);
  ASSERT_EQ(points.size(), 2u);
  for (const auto& d : baselineDifferences(store.get(), points, LawMetric::Accuracy)) {
    EXPECT_TRUE(std::isnan(d.difference));
  }
}

TEST(BaselineDifferences, CrossEntropiesAreSubtractedWithoutAnInterval) {
  test::TempStore store;
  for (const int k : {4, 16}) {
    RunRecord run = test::runOf("family", 1e9, k == 16 ? "fp16" : "int4", k, k);
    run.result.task = "text";
    run.result.taskHash = "hash";
    run.result.crossEntropy = k == 16 ? 3.0 : 3.25;
    store.add(run);
  }
  const auto points = store.get().points();
  const auto found = baselineDifferences(store.get(), points, LawMetric::CrossEntropy);
  EXPECT_NEAR(found[0].difference, 0.25, 1e-12);
  EXPECT_TRUE(std::isnan(found[0].lower));
}

TEST(BaselineDifferences, WhatWasFoundIsNotReadAgain) {
  const Planted p;
  BaselineCache cache;
  const auto first = baselineDifferences(p.store.get(), p.points, LawMetric::Accuracy, &cache);
  EXPECT_EQ(cache.size(), 4u);
  // A store without these runs has no outcomes to read.
  test::TempStore empty;
  const auto again = baselineDifferences(empty.get(), p.points, LawMetric::Accuracy, &cache);
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (p.points[i].bits == 16) continue;
    EXPECT_DOUBLE_EQ(again[i].lower, first[i].lower);
  }
  const auto without = baselineDifferences(empty.get(), p.points, LawMetric::Accuracy);
  EXPECT_TRUE(std::isnan(without[0].lower));
}

TEST(BaselineDifferences, StopWhenTheyAreNotWantedAnyMore) {
  const Planted p;
  std::stop_source source;
  source.request_stop();
  JobContext job;
  job.stop = source.get_token();
  EXPECT_THROW(baselineDifferences(p.store.get(), p.points, LawMetric::Accuracy, nullptr, job),
               Error);
}

}  // namespace
}  // namespace bitfrontier
