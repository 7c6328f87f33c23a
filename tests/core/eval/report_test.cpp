// SPDX-License-Identifier: GPL-3.0-or-later
// The harness's records of tests/core/eval/harness_test.cpp check values; here it is the form.
#include "core/eval/report.h"

#include <gtest/gtest.h>

#include "core/base/hash.h"

namespace bitfrontier {
namespace {

EvaluatedTask piqa() {
  EvaluatedTask done;
  done.task.name = "piqa";
  done.task.kind = TaskKind::Piqa;
  done.task.scoring = Scoring::Choices;
  done.task.metrics = {"acc", "acc_norm"};
  done.task.totalItems = 9;
  done.prepared.name = "piqa";
  done.prepared.scoring = Scoring::Choices;
  for (std::size_t i = 0; i < 2; ++i) {
    done.task.items.push_back({{{"Q", " a"}, {"Q", " bcd"}}, 1});
    done.prepared.items.push_back({2 * i, 2, 1, {1, 3}, {1, 3}, 1, 0, 0});
  }
  done.scores = {{-2, true}, {-3, false}, {-2, false}, {-1, true}};
  done.result = summarize(done.prepared, done.scores);
  return done;
}

TEST(Report, HasTheHarnesssKeys) {
  const std::vector<EvaluatedTask> tasks = {piqa()};
  const auto json = harnessResults(tasks);
  const auto& results = json["results"]["piqa"];
  EXPECT_EQ(results["alias"], "piqa");
  EXPECT_EQ(results["acc,none"], 0.5);
  EXPECT_DOUBLE_EQ(results["acc_stderr,none"], 0.5);  // sqrt(1/2 * 1/2 / 1)
  EXPECT_EQ(results["acc_norm,none"], 1.0);
  EXPECT_EQ(results["acc_norm_stderr,none"], 0.0);
  EXPECT_FALSE(results.contains("perplexity,none"));
  EXPECT_EQ(json["versions"]["piqa"], 1.0);
  EXPECT_EQ(json["n-shot"]["piqa"], 0);
  EXPECT_EQ(json["n-samples"]["piqa"]["original"], 9);
  EXPECT_EQ(json["n-samples"]["piqa"]["effective"], 2);
  EXPECT_EQ(json["configs"]["piqa"]["output_type"], "multiple_choice");
  EXPECT_EQ(json["higher_is_better"]["piqa"]["acc_norm"], true);
}

TEST(Report, SamplesHaveRequestsAndOutcome) {
  const auto samples = harnessSamples(piqa());
  ASSERT_EQ(samples.size(), 2u);
  const auto& first = samples[0];
  EXPECT_EQ(first["doc_id"], 0);
  EXPECT_EQ(first["target"], 1);
  EXPECT_EQ(first["arguments"].dump(), R"([["Q"," a"],["Q"," bcd"]])");
  EXPECT_EQ(first["resps"].dump(), "[[[-2.0,true]],[[-3.0,false]]]");
  EXPECT_EQ(first["filtered_resps"].dump(), "[[-2.0,true],[-3.0,false]]");
  EXPECT_EQ(first["prompt_hash"], sha256Hex(std::string_view("Q")));
  EXPECT_EQ(first["target_hash"], sha256Hex(std::string_view("1")));
  EXPECT_EQ(first["acc"], 0.0);
  EXPECT_EQ(first["acc_norm"], 1.0);
  EXPECT_EQ(samples[1]["acc"], 1.0);
}

TEST(Report, MeansAreUnweighted) {
  TaskResult a, b, text;
  a.accuracy = 0.5;
  a.accuracySe = 0.03;
  a.accuracyNorm = 0.7;
  a.accuracyNormSe = 0.06;
  b.accuracy = 0.3;
  b.accuracySe = 0.04;
  text.crossEntropy = 2;
  const std::vector<TaskResult> results = {a, text, b};
  const MeanAccuracy mean = meanAccuracy(results);
  EXPECT_EQ(mean.tasks, 2);
  EXPECT_DOUBLE_EQ(mean.accuracy, 0.4);
  EXPECT_DOUBLE_EQ(mean.accuracySe, 0.025);
  EXPECT_DOUBLE_EQ(mean.accuracyNorm, 0.5);  // b has no acc_norm, so its acc stands in
  EXPECT_DOUBLE_EQ(mean.accuracyNormSe, std::hypot(0.06, 0.04) / 2);
  EXPECT_TRUE(std::isnan(meanAccuracy({}).accuracy));
}

}  // namespace
}  // namespace bitfrontier
