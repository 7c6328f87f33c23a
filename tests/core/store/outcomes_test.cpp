// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/outcomes.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "core/law/numeric/counter_rng.h"
#include "tests/core/store/store_fixture.h"

namespace bitfrontier {
namespace {

/// A store of one model in four formats, scored on the same 1,000 items.
class Outcomes : public StoreTest {
 protected:
  static constexpr std::size_t kItems = 1000;

  std::vector<std::uint8_t> answers(double level, std::uint64_t seed) const {
    CounterRng items(1, 0), own(seed, 1);
    std::vector<std::uint8_t> right(kItems);
    for (std::uint8_t& r : right) {
      r = items.normal() + 0.5 * own.normal() < level ? 1 : 0;
    }
    return right;
  }

  /// Adds a run and its point.
  void add(const std::string& config, std::vector<std::uint8_t> correct,
           const std::string& hash = "items-1") {
    RunRecord run = sampleRun("cell-" + config);
    run.config = config;
    run.source.clear();
    run.result.taskHash = hash;
    run.result.items = static_cast<std::int64_t>(correct.size());
    run.result.crossEntropy = TaskResult::kAbsent;
    LawPoint p;
    p.model = run.model;
    p.config = config;
    p.chance = 0.5;
    p.accuracy = std::accumulate(correct.begin(), correct.end(), 0.0) /
                 static_cast<double>(std::max<std::size_t>(correct.size(), 1));
    p.accuracySe = 0.015;
    run.result.correct = std::move(correct);
    p.runIds = {store().add(run)};
    points_.push_back(std::move(p));
  }

  RunStore& store() {
    if (!store_) store_ = RunStore::open(folder_ / "s.bfdb");
    return *store_;
  }

  std::optional<RunStore> store_;
  std::vector<LawPoint> points_;
};

TEST_F(Outcomes, OfTheSameItemsArePaired) {
  for (const char* config : {"fp16", "int8-b64", "int4-b64", "int3-b64"}) {
    add(config, answers(0.6, config[3]));
  }
  const PointOutcomes outcomes = readOutcomes(store(), points_);
  ASSERT_TRUE(outcomes.items.has_value()) << outcomes.problem;
  EXPECT_EQ(outcomes.items->rows(), 4u);
  EXPECT_EQ(outcomes.items->items(), kItems);
  EXPECT_NEAR(outcomes.items->accuracy(2), points_[2].accuracy, 1e-12);
}

TEST_F(Outcomes, ShuffledItemsAreNamed) {
  for (const char* config : {"fp16", "int8-b64", "int4-b64", "int3-b64"}) {
    std::vector<std::uint8_t> right = answers(0.6, config[3]);
    if (config == std::string("int4-b64"))
      std::rotate(right.begin(), right.begin() + 1, right.end());
    add(config, std::move(right));
  }
  PointOutcomes outcomes = readOutcomes(store(), points_);
  EXPECT_FALSE(outcomes.items.has_value());
  EXPECT_EQ(outcomes.problem,
            "the outcomes of pocket-neox-3 int4-b64 agree with those of no other configuration "
            "beyond chance, as if its items were in another order");
  // Who guesses agrees with nobody, and that is no reason.
  points_[2].chance = points_[2].accuracy;
  outcomes = readOutcomes(store(), points_);
  EXPECT_TRUE(outcomes.items.has_value()) << outcomes.problem;
}

TEST_F(Outcomes, OtherItemsAreNamed) {
  add("fp16", answers(0.6, 1));
  add("int4-b64", answers(0.5, 2), "items-2");
  EXPECT_EQ(readOutcomes(store(), points_).problem,
            "pocket-neox-3 fp16 and pocket-neox-3 int4-b64 were scored on different items of "
            "pocket_piqa");
  add("int3-b64", {});
  std::swap(points_[1], points_[2]);
  EXPECT_EQ(readOutcomes(store(), points_).problem,
            "pocket-neox-3 int3-b64 has no outcomes of single items of pocket_piqa");
  EXPECT_EQ(readOutcomes(store(), {}).problem, "there are no points");
}

}  // namespace
}  // namespace bitfrontier
