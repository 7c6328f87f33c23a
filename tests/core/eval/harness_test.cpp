// SPDX-License-Identifier: GPL-3.0-or-later
// Tiny trained models of every family scored by lm-evaluation-harness 0.4.13 are the reference: all
// runs of models/*/lm_eval, of the small cases in tests/data/cases and of the reference cases.
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/eval/evaluate.h"
#include "core/eval/report.h"
#include "core/model/causal_lm.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/support/cases.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

struct Run {
  const char* model;
  const char* name;
  bool inTree = false;
};

std::ostream& operator<<(std::ostream& out, const Run& run) {
  return out << run.model << " " << run.name;
}

constexpr Run kReferenceRuns[] = {
    {"bloom-8h", "addbos"},       {"bloom-8h", "bf16"},          {"bloom-8h", "default"},
    {"bloom-8h", "maxlen64"},     {"gpt2", "default"},           {"gpt2", "maxlen64"},
    {"neox-par", "addbos"},       {"neox-par", "bs1"},           {"neox-par", "default"},
    {"neox-par", "fp16"},         {"neox-par", "maxlen64"},      {"neox-par", "softmax32"},
    {"opt-post-proj", "default"}, {"opt-post-proj", "maxlen64"}, {"opt-post-proj", "nobos"},
    {"opt-pre", "default"},       {"opt-pre", "maxlen64"},       {"opt-pre", "nobos"}};

constexpr Run kTreeRuns[] = {{"gpt2", "default", true},
                             {"gpt2", "maxlen40", true},
                             {"opt", "default", true},
                             {"opt-post-proj", "nobos", true},
                             {"neox", "default", true},
                             {"neox", "addbos", true},
                             {"bloom", "default", true},
                             {"llama-grouped-llama3-rope", "default", true},
                             {"mistral-window-shorter", "default", true},
                             {"qwen3-norms", "default", true}};

fs::path rootOf(bool inTree) { return inTree ? test::treeCases() : test::casesDir(); }

struct Model {
  CausalLm lm;
  Tokenizer tokenizer;
};

/// Loaded once for all runs of a model.
const Model& modelOf(const fs::path& root, const std::string& name) {
  static std::map<fs::path, Model> loaded;
  const fs::path dir = root / "models" / name / "safetensors";
  const auto found = loaded.find(dir);
  if (found != loaded.end()) return found->second;
  return loaded.emplace(dir, Model{CausalLm::load(dir), Tokenizer::load(dir)}).first->second;
}

/// How far a score may be from the harness's, which computed in the type of the run: we compute in
/// fp32 from the same fp32 weights.
struct Noise {
  double most, mean;
  bool exact;  ///< decisions and metrics must be equal
};

Noise noiseOf(const std::string& run) {
  // A log likelihood of -100 in bf16 is a multiple of 0.5, in fp16 one of 1/16.
  if (run == "bf16") return {6.0, 0.6, false};
  if (run == "fp16" || run == "softmax32") return {0.15, 0.02, false};
  return {5e-4, 1e-4, true};
}

class Harness : public ::testing::TestWithParam<Run> {
 protected:
  void SetUp() override {
    root_ = rootOf(GetParam().inTree);
    dir_ = root_ / "models" / GetParam().model / "lm_eval" / GetParam().name;
    if (!GetParam().inTree && !fs::exists(dir_ / "results.json")) GTEST_SKIP() << test::kNoCases;
    summary_ = readJson(dir_ / "results.json");
    samples_ = readJson(dir_ / "samples.json");
    std::ifstream lines(dir_ / "requests.jsonl");
    for (std::string line; std::getline(lines, line);) {
      requests_.push_back(nlohmann::json::parse(line));
    }
    if (summary_["add_bos_token"].is_boolean()) {
      settings_.bos = summary_["add_bos_token"] ? BosProfile::Always : BosProfile::Never;
    }
    const std::string name = GetParam().name;
    if (name.starts_with("maxlen")) settings_.maxLength = std::stoi(name.substr(6));
  }

  void checkPair(const EncodedPair& pair, const RequestScore& score, const nlohmann::json& expected,
                 bool rolling) {
    EXPECT_EQ(pair.context, expected["ctx_ids"].get<std::vector<std::int64_t>>());
    EXPECT_EQ(pair.continuation, expected["cont_ids"].get<std::vector<std::int64_t>>());
    const double difference = std::fabs(score.logLikelihood - expected["ll"].get<double>());
    // bf16 noise grows with the size of the sum
    const double scale = noise_.most > 1 ? std::max(1.0, pair.continuation.size() / 60.0) : 1.0;
    EXPECT_LE(difference, noise_.most * scale) << expected["ll"];
    sum_ += difference / scale;
    ++count_;
    if (!rolling && noise_.exact) {
      EXPECT_EQ(score.greedy, expected["greedy"].get<bool>());
    }
  }

  /// Scores a task, checks every request from line `first` of requests.jsonl on, and the metrics.
  std::size_t check(const std::string& name, std::size_t first) {
    SCOPED_TRACE(name);
    const Model& model = modelOf(root_, GetParam().model);
    EvaluatedTask done;
    done.task = loadTask(root_ / "tasks" / (name + ".jsonl"));
    const std::int64_t maxLength = inputLength(settings_, model.lm.config());
    EXPECT_EQ(maxLength, summary_["max_length"].get<std::int64_t>());
    done.prepared = prepare(done.task, model.tokenizer, maxLength, settings_);
    EvalOptions options;
    options.greedy = true;
    done.scores = scoreRequests(model.lm, done.prepared, options);
    const RequestEncoder encoder(model.tokenizer, settings_.bos);
    EXPECT_EQ(encoder.prefix(), summary_["prefix_token_id"].get<std::int64_t>());
    const bool rolling = done.task.scoring == Scoring::Rolling;
    std::size_t slot = 0;
    for (const TaskItem& item : done.task.items) {
      if (rolling) {
        for (const EncodedPair& pair :
             encoder.windows(item.requests.front().continuation, maxLength)) {
          checkPair(pair, done.scores[slot], requests_.at(first + slot), true);
          ++slot;
        }
        continue;
      }
      for (const TextRequest& request : item.requests) {
        const nlohmann::json& expected = requests_.at(first + slot);
        EXPECT_EQ(request.context, expected["context"].get<std::string>());
        EXPECT_EQ(request.continuation, expected["continuation"].get<std::string>());
        checkPair(encoder.pair(request.context, request.continuation), done.scores[slot], expected,
                  false);
        ++slot;
      }
    }
    // The harness's own scores instead of ours give its metrics whatever their noise.
    std::vector<RequestScore> theirs;
    for (std::size_t k = 0; k < slot; ++k) {
      const nlohmann::json& line = requests_.at(first + k);
      theirs.push_back({line["ll"].get<double>(), !rolling && line["greedy"].get<bool>()});
    }
    checkMetrics(summarize(done.prepared, theirs, 100000), done.task, 1e-9);
    done.result = summarize(done.prepared, done.scores, 100000);
    if (noise_.exact) {
      checkMetrics(done.result, done.task, 1e-4);
      checkSamples(done);
    }
    return first + slot;
  }

  /// Relative for perplexities, which here go into the millions.
  void checkMetrics(const TaskResult& result, const Task& task, double tolerance) {
    const nlohmann::json& expected = summary_["results"]["ref_" + task.name];
    for (const std::string& metric : task.metrics) {
      if (!expected.contains(metric + ",none")) continue;  // acc_bytes and cross_entropy are ours
      const auto [value, error] = metricOf(result, metric);
      const double theirs = expected[metric + ",none"].get<double>();
      const double scale = metric.starts_with("acc") ? 1 : std::fabs(theirs);
      EXPECT_NEAR(value, theirs, tolerance * scale) << metric;
      const nlohmann::json& stderrValue = expected[metric + "_stderr,none"];
      if (stderrValue.is_number()) {
        EXPECT_NEAR(error, stderrValue.get<double>(), 3 * tolerance * stderrValue.get<double>())
            << metric;
      } else {
        EXPECT_TRUE(std::isnan(error)) << metric;
      }
    }
  }

  /// Our samples against the harness's, for every field that the record has.
  void checkSamples(const EvaluatedTask& done) {
    const nlohmann::json ours = nlohmann::json::parse(harnessSamples(done).dump());
    const nlohmann::json& theirs = samples_["ref_" + done.task.name];
    ASSERT_EQ(ours.size(), theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) {
      EXPECT_EQ(ours[i]["doc_id"], theirs[i]["doc_id"]);
      EXPECT_EQ(ours[i]["target"], theirs[i]["target"]);
      ASSERT_EQ(ours[i]["filtered_resps"].size(), theirs[i]["resps"].size());
      for (const char* metric : {"acc", "acc_norm"}) {
        if (!theirs[i].contains(metric)) continue;
        EXPECT_EQ(ours[i][metric].get<double>(), theirs[i][metric].get<double>()) << i;
      }
      if (theirs[i].contains("word_perplexity")) {
        EXPECT_EQ(ours[i]["word_perplexity"][1], theirs[i]["word_perplexity"][1]);
      }
    }
  }

  fs::path root_, dir_;
  nlohmann::json summary_, samples_;
  std::vector<nlohmann::json> requests_;
  EvalSettings settings_;
  Noise noise_ = noiseOf(GetParam().name);
  double sum_ = 0;
  double count_ = 0;
};

TEST_P(Harness, EveryRequestAndMetric) {
  std::size_t at = 0;
  for (const char* task : {"lambada", "hellaswag", "piqa", "winogrande", "arc", "wikitext"}) {
    if (summary_["results"].contains(std::string("ref_") + task)) at = check(task, at);
  }
  EXPECT_EQ(at, requests_.size());
  EXPECT_LE(sum_ / count_, noise_.mean);
}

std::string nameOf(const ::testing::TestParamInfo<Run>& run) {
  std::string name = std::string(run.param.model) + "_" + run.param.name;
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Tree, Harness, ::testing::ValuesIn(kTreeRuns), nameOf);
INSTANTIATE_TEST_SUITE_P(Reference, Harness, ::testing::ValuesIn(kReferenceRuns), nameOf);

class ScoringOptions : public ::testing::Test {
 protected:
  static PreparedTask hellaSwag(const Model& model) {
    return prepare(loadTask(test::treeCases() / "tasks" / "hellaswag.jsonl"), model.tokenizer,
                   model.lm.config().maxPositions);
  }
};

TEST_F(ScoringOptions, BatchSizeDoesNotMatter) {
  const Model& model = modelOf(test::treeCases(), "neox");
  const PreparedTask task = hellaSwag(model);
  EvalOptions single;
  single.maxBatchTokens = 1;
  EvalOptions large;
  large.maxBatchTokens = 100000;
  large.maxLogits = 1000;
  const auto one = scoreRequests(model.lm, task, single);
  const auto many = scoreRequests(model.lm, task, large);
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_NEAR(one[i].logLikelihood, many[i].logLikelihood, 1e-4);
  }
}

TEST_F(ScoringOptions, CancelTakesEffectAtTheNextBatch) {
  const Model& model = modelOf(test::treeCases(), "neox");
  const PreparedTask task = hellaSwag(model);
  EvalOptions options;
  options.maxBatchTokens = 64;
  std::stop_source before;
  before.request_stop();
  EXPECT_THROW(evaluate(model.lm, task, options, {before.get_token(), {}}), Error);
  // On one thread, as another one could take all batches between two looks of this one.
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  std::stop_source source;
  int batches = 0;
  options.betweenBatches = [&] {
    if (++batches == 3) source.request_stop();
  };
  try {
    evaluate(model.lm, task, options, {source.get_token(), {}});
    FAIL() << "the stop was ignored";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Cancelled);
  }
  EXPECT_EQ(batches, 3);
  at::set_num_threads(threads);
}

}  // namespace
}  // namespace bitfrontier
