// SPDX-License-Identifier: GPL-3.0-or-later
// A tiny trained GPT-NeoX scored by lm-evaluation-harness 0.4.13 is the reference.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/eval/evaluate.h"
#include "core/model/causal_lm.h"
#include "core/tokenizer/tokenizer.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

class Harness : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const char* cases = std::getenv("BITFRONTIER_CASES");
    if (cases == nullptr) return;
    const fs::path dir = fs::path(cases) / "models" / "neox-par";
    if (!fs::exists(dir / "lm_eval" / "default" / "results.json")) return;
    tasks_ = new fs::path(fs::path(cases) / "tasks");
    model_ = new CausalLm(CausalLm::load(dir / "safetensors"));
    tokenizer_ = new Tokenizer(Tokenizer::load(dir / "safetensors"));
    results_ =
        new nlohmann::json(readJson(dir / "lm_eval" / "default" / "results.json")["results"]);
    samples_ = new nlohmann::json(readJson(dir / "lm_eval" / "default" / "samples.json"));
    std::ifstream lines(dir / "lm_eval" / "default" / "requests.jsonl");
    requests_ = new std::vector<nlohmann::json>;
    for (std::string line; std::getline(lines, line);) {
      requests_->push_back(nlohmann::json::parse(line));
    }
  }
  static void TearDownTestSuite() {
    delete tasks_;
    delete model_;
    delete tokenizer_;
    delete results_;
    delete samples_;
    delete requests_;
  }
  void SetUp() override {
    if (model_ == nullptr) GTEST_SKIP() << "reference cases are not there";
  }

  /// Scores a task, checks every request and the metrics; `first` is its first line in
  /// requests.jsonl.
  void check(const std::string& name, std::size_t first, bool normalized) {
    const Task task = loadTask(*tasks_ / (name + ".jsonl"));
    const PreparedTask prepared = prepare(task, *tokenizer_, model_->config().maxPositions);
    const std::vector<RequestScore> scores = scoreRequests(*model_, prepared);
    const RequestEncoder encoder(*tokenizer_);
    std::size_t slot = 0;
    for (const TaskItem& item : task.items) {
      for (const TextRequest& request : item.requests) {
        const nlohmann::json& expected = requests_->at(first + slot);
        EXPECT_EQ(request.context, expected["context"].get<std::string>());
        EXPECT_EQ(request.continuation, expected["continuation"].get<std::string>());
        const EncodedPair pair = encoder.pair(request.context, request.continuation);
        EXPECT_EQ(pair.context, expected["ctx_ids"].get<std::vector<std::int64_t>>());
        EXPECT_EQ(pair.continuation, expected["cont_ids"].get<std::vector<std::int64_t>>());
        EXPECT_NEAR(scores[slot].logLikelihood, expected["ll"].get<double>(), 1e-4);
        if (task.kind == TaskKind::Lambada) {
          EXPECT_EQ(scores[slot].greedy, expected["greedy"].get<bool>());
        }
        ++slot;
      }
    }
    const TaskResult result = evaluate(*model_, prepared);
    const nlohmann::json& expected = (*results_)["ref_" + name];
    EXPECT_NEAR(result.accuracy, expected["acc,none"].get<double>(), 1e-12);
    EXPECT_NEAR(result.accuracySe, expected["acc_stderr,none"].get<double>(), 1e-12);
    if (normalized) {
      EXPECT_NEAR(result.accuracyNorm, expected["acc_norm,none"].get<double>(), 1e-12);
    }
    const nlohmann::json& items = (*samples_)["ref_" + name];
    ASSERT_EQ(items.size(), result.correct.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      EXPECT_EQ(result.correct[i], items[i]["acc"].get<double>() > 0.5 ? 1 : 0) << "item " << i;
    }
  }

  static inline fs::path* tasks_ = nullptr;
  static inline CausalLm* model_ = nullptr;
  static inline Tokenizer* tokenizer_ = nullptr;
  static inline nlohmann::json* results_ = nullptr;
  static inline nlohmann::json* samples_ = nullptr;
  static inline std::vector<nlohmann::json>* requests_ = nullptr;
};

TEST_F(Harness, Lambada) { check("lambada", 0, false); }
TEST_F(Harness, HellaSwag) { check("hellaswag", 67, true); }
TEST_F(Harness, Piqa) { check("piqa", 67 + 4 * 36, true); }
TEST_F(Harness, WinoGrande) { check("winogrande", 67 + 4 * 36 + 2 * 40, false); }

TEST_F(Harness, RollingText) {
  Task task;
  task.name = "wikitext";
  task.kind = TaskKind::Text;
  std::vector<double> expected;
  for (const nlohmann::json& sample : (*samples_)["ref_wikitext"]) {
    task.items.push_back({{{"", sample["target"].get<std::string>()}}, 0});
    expected.push_back(sample["resps"][0].get<double>());
  }
  const TaskResult result =
      evaluate(*model_, prepare(task, *tokenizer_, model_->config().maxPositions));
  ASSERT_EQ(result.logLikelihood.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(result.logLikelihood[i], expected[i], 2e-3);  // sums over up to 1,000 tokens
  }
}

TEST_F(Harness, BatchSizeDoesNotMatter) {
  const PreparedTask task = prepare(loadTask(*tasks_ / "hellaswag.jsonl", 12), *tokenizer_,
                                    model_->config().maxPositions);
  EvalOptions single;
  single.maxBatchTokens = 1;
  EvalOptions large;
  large.maxBatchTokens = 100000;
  large.maxLogits = 1000;
  const auto one = scoreRequests(*model_, task, single);
  const auto many = scoreRequests(*model_, task, large);
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_NEAR(one[i].logLikelihood, many[i].logLikelihood, 1e-4);
  }
}

TEST_F(Harness, CancelTakesEffectAtTheNextBatch) {
  const PreparedTask task =
      prepare(loadTask(*tasks_ / "hellaswag.jsonl"), *tokenizer_, model_->config().maxPositions);
  std::stop_source source;
  int batches = 0;
  EvalOptions options;
  options.maxBatchTokens = 256;
  options.betweenBatches = [&] {
    if (++batches == 3) source.request_stop();
  };
  try {
    evaluate(*model_, task, options, {source.get_token(), {}});
    FAIL() << "the stop was ignored";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Cancelled);
  }
  EXPECT_EQ(batches, 3);
}

}  // namespace
}  // namespace bitfrontier
