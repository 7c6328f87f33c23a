// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pocket/trainer.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "core/base/error.h"
#include "core/base/file.h"

namespace bitfrontier::pocket {
namespace {

namespace fs = std::filesystem;

class Trainer : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_ = fs::temp_directory_path() / ("bf_trainer_" + std::to_string(::getpid()));
    // A language of 8 tokens in which each is followed by the next: fully predictable.
    for (int i = 0; i < 40000; ++i) corpus_.push_back(static_cast<std::uint16_t>(i % 8));
  }
  void TearDown() override { fs::remove_all(dir_); }

  TrainingOptions options(const char* folder, const std::string& family = "neox") {
    TrainingOptions options;
    options.member = pocketFamily(family)[0];
    options.member.config.hiddenSize = 16;
    options.member.config.intermediateSize = 64;
    options.member.config.vocabSize = 16;
    options.member.tokens = 40 * kBatch * kContext;
    options.member.learningRate = 1e-2;
    options.directory = dir_ / folder;
    fs::create_directories(options.directory);
    return options;
  }

  fs::path dir_;
  std::vector<std::uint16_t> corpus_;
};

TEST_F(Trainer, LearnsAPredictableLanguage) {
  std::vector<TrainingStep> steps;
  const TrainingResult result =
      train(options("a"), corpus_, [&](const TrainingStep& step) { steps.push_back(step); });
  EXPECT_EQ(result.tokens, 40 * kBatch * kContext);
  EXPECT_LT(result.finalLoss, 0.5);  // guessing costs ln 8 = 2.08
  ASSERT_FALSE(steps.empty());
  EXPECT_EQ(steps.back().step, 40);
  EXPECT_TRUE(fs::exists(dir_ / "a" / "model.safetensors"));
  EXPECT_TRUE(fs::exists(dir_ / "a" / "loss.csv"));
  EXPECT_FALSE(fs::exists(dir_ / "a" / "state"));
  const CausalLm model = CausalLm::load(dir_ / "a");
  const at::Tensor tokens = at::arange(20, at::kLong).remainder(8).view({1, 20});
  const at::Tensor next = model.logits(model.hidden(tokens)).argmax(-1).flatten();
  EXPECT_TRUE(at::equal(next.narrow(0, 4, 15), tokens.flatten().narrow(0, 5, 15)));
}

TEST_F(Trainer, TrainsEveryFamilyInItsOwnForm) {
  for (const std::string& family : pocketFamilies()) {
    SCOPED_TRACE(family);
    TrainingOptions one = options(family.c_str(), family);
    const TrainingResult result = train(one, corpus_, [](const TrainingStep&) {});
    EXPECT_LT(result.finalLoss, 1.2);  // guessing costs ln 8 = 2.08
    const CausalLm model = CausalLm::load(one.directory);
    EXPECT_EQ(model.config().modelType, one.member.config.modelType);
    EXPECT_EQ(model.config().tiedHead, family != "neox");
  }
}

TEST_F(Trainer, FamiliesHaveSizesThatSpanWidely) {
  for (const std::string& family : pocketFamilies()) {
    const std::vector<FamilyMember> members = pocketFamily(family);
    ASSERT_GE(members.size(), 4U) << family;
    const auto linear = [](const FamilyMember& member) {
      return static_cast<double>(CausalLm::initialise(member.config, 1).parameters().linear);
    };
    EXPECT_GE(linear(members.back()) / linear(members.front()), 50) << family;
  }
  EXPECT_THROW(pocketFamily("mamba"), Error);
}

TEST_F(Trainer, AStoppedTrainingResumesToTheSameWeights) {
  train(options("whole"), corpus_, [](const TrainingStep&) {});
  std::stop_source stop;
  TrainingOptions parts = options("parts");
  parts.stateEvery = 7;
  parts.onState = [&stop](std::int64_t step) {
    if (step == 21) stop.request_stop();
  };
  EXPECT_THROW(train(parts, corpus_, [](const TrainingStep&) {}, {stop.get_token(), {}}), Error);
  EXPECT_FALSE(fs::exists(dir_ / "parts" / "model.safetensors"));
  const TrainingResult rest = train(parts, corpus_, [](const TrainingStep&) {});
  EXPECT_TRUE(rest.resumed);
  EXPECT_EQ(readFile(dir_ / "whole" / "model.safetensors"),
            readFile(dir_ / "parts" / "model.safetensors"));
}

TEST_F(Trainer, RefusesTheStateOfAnotherTraining) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(train(options("x"), corpus_, [](const TrainingStep&) {}, {stop.get_token(), {}}),
               Error);
  TrainingOptions other = options("x");
  other.member.seed += 1;
  EXPECT_THROW(train(other, corpus_, [](const TrainingStep&) {}), Error);
}

TEST_F(Trainer, RefusesATinyCorpus) {
  corpus_.resize(100);
  EXPECT_THROW(train(options("y"), corpus_, [](const TrainingStep&) {}), Error);
}

}  // namespace
}  // namespace bitfrontier::pocket
