// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/sweep.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <thread>

#include "core/base/error.h"
#include "core/eval/evaluate.h"
#include "core/hub/model_name.h"
#include "core/modelquant/quantized_model.h"
#include "core/sweep/sweep_inputs.h"
#include "core/sweep/variant_axes.h"
#include "core/tokenizer/tokenizer.h"
#include "kernels/registry.h"
#include "tests/core/sweep/same_runs.h"
#include "tests/core/sweep/tiny_model.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class Sweep : public ::testing::Test {
 protected:
  Sweep() : dir_("sweep") {
    spec_.models = {test::writeTinyModel(dir_.path() / "tiny-2", 32, 2),
                    test::writeTinyModel(dir_.path() / "tiny-1", 16, 1)};
    spec_.configs = makeGrid({{3, 4, 16}, {DataType::Int, DataType::Quantile}, {64}});
    spec_.tasks = test::writeTinyTasks(dir_.path() / "tasks");
  }
  RunStore store(const std::string& name) { return RunStore::open(dir_.path() / (name + ".bfdb")); }
  SweepSummary run(RunStore& store, const SweepEvents& events = {}, const JobContext& job = {}) {
    return runSweep(spec_, store, DeviceId(), events, job);
  }

  test::TempDir dir_;
  SweepSpec spec_;
};

TEST(Grid, HasTheBaselineOnceAndFirst) {
  const auto grid =
      makeGrid({{4, 16, 3, 4}, {DataType::Int, DataType::Float, DataType::Int}, {64, 0}});
  ASSERT_EQ(grid.size(), 1u + 2 * 2 * 2);
  EXPECT_TRUE(grid.front().isBaseline());
  EXPECT_EQ(grid[1].spec(), "int4-b64");
  EXPECT_EQ(makeGrid({{16}, {}, {}}).size(), 1u);
  EXPECT_EQ(makeGrid({{3, 4, 5, 6, 8, 16},
                      {DataType::Int, DataType::Float, DataType::Dynamic, DataType::Quantile},
                      {64, 1024}})
                .size(),
            41u);
  EXPECT_THROW(makeGrid({{4}, {DataType::Fp16}, {64}}), Error);
  EXPECT_THROW(makeGrid({{9}, {DataType::Int}, {64}}), Error);
}

TEST(Grid, CrossesVariantsRowsAndBlocks) {
  GridOptions grid{{4}, {DataType::Int, DataType::AbsoluteFloat}, {64, 0, QuantConfig::kPerRow}};
  grid.rowBlocks = true;
  grid.variants = {{}, QuantVariant::parse("-sdq"), QuantVariant::parse("-o2-gptq")};
  std::vector<std::string> specs;
  for (const QuantConfig& config : makeGrid(grid)) specs.push_back(config.spec());
  // af has no table for blocks without a size.
  EXPECT_EQ(specs, (std::vector<std::string>{
                       "int4-b64r", "int4-b64r-sdq", "int4-b64r-o2-gptq", "int4-tensor",
                       "int4-tensor-sdq", "int4-tensor-o2-gptq", "int4-row", "int4-row-sdq",
                       "int4-row-o2-gptq", "af4-b64r", "af4-b64r-sdq", "af4-b64r-o2-gptq"}));
  // A variant that only some of them can have is left out of the others, one that none can have
  // is a mistake.
  GridOptions signs{{4}, {DataType::Int}, {64}};
  signs.variants = {QuantVariant::parse("-gptq")};
  signs.variants.front().method = Method::Nearest;
  signs.variants.front().activationOrder = true;
  EXPECT_THROW(makeGrid(signs), Error);
}

std::vector<std::vector<QuantVariant>> variants(
    const std::vector<std::vector<std::string>>& notations) {
  std::vector<std::vector<QuantVariant>> axes;
  for (const auto& axis : notations) {
    axes.emplace_back();
    for (const std::string& notation : axis) axes.back().push_back(QuantVariant::parse(notation));
  }
  return axes;
}

std::vector<std::string> notations(const std::vector<QuantVariant>& variants) {
  std::vector<std::string> texts;
  for (const QuantVariant& variant : variants) texts.push_back(variant.notation());
  return texts;
}

TEST(Grid, AxesAreCrossedWithoutWhatDoesNotGoTogether) {
  const auto axes = variantAxes();
  ASSERT_EQ(axes.size(), 6U);
  for (const VariantAxis& axis : axes) {
    EXPECT_EQ(variantOf(axis, std::string(axis.plain)), QuantVariant()) << axis.option;
    EXPECT_EQ(variantWord(axis, {}), axis.plain);
    for (const char* word : {"magic", "", "b32"}) {
      EXPECT_THROW(variantOf(axis, word), Error) << axis.option << " " << word;
    }
  }
  EXPECT_EQ(variantOf(axes[0], "dq").notation(), "-sdq");
  EXPECT_EQ(variantWord(axes[0], QuantVariant::parse("-sdq")), "dq");
  EXPECT_EQ(variantWord(axes[3], variantOf(axes[3], "c2")), "c2");
  EXPECT_EQ(variantWord(axes[4], QuantVariant::parse("-mse-gptq")), "mse-gptq");
  // What another axis has is no word of this one.
  EXPECT_THROW(variantOf(axes[1], "gptq"), Error);
  EXPECT_THROW(variantOf(axes[5], "signed"), Error);
  EXPECT_THROW(variantOf(axes[4], "mse-head"), Error);
  EXPECT_EQ(crossVariants({}), std::vector<QuantVariant>(1));
  // A power of two has no sign.
  EXPECT_EQ(notations(crossVariants(variants({{"", "-se8m0"}, {"", "-signed"}, {}}))),
            (std::vector<std::string>{"", "-signed", "-se8m0"}));
  EXPECT_THROW(crossVariants(variants({{"-se8m0"}, {"-signed"}})), Error);
  GridOptions grid{{4}, {DataType::Int}, {64}};
  grid.variants =
      crossVariants(variants({{"", "-sdq"}, {}, {"-bmean"}, {}, {"", "-awq"}, {"-head"}}));
  std::set<std::string> specs;
  for (const QuantConfig& config : makeGrid(grid)) specs.insert(config.spec());
  EXPECT_EQ(specs,
            (std::set<std::string>{"int4-b64-bmean-head", "int4-b64-bmean-awq-head",
                                   "int4-b64-sdq-bmean-head", "int4-b64-sdq-bmean-awq-head"}));
}

TEST_F(Sweep, ConfigurationsThatLookAtTextNeedOne) {
  spec_.configs = {QuantConfig::parse("int4-b32-gptq")};
  RunStore runs = store("calibrated");
  EXPECT_THROW(run(runs), Error);
  spec_.calibration = CalibrationText{"words", std::string(5000, 'w'), 4, 32};
  const SweepSummary summary = run(runs);
  EXPECT_EQ(summary.failed, 0u);
  for (const RunRecord& record : runs.runs({})) {
    EXPECT_EQ(record.method, "gptq");
    EXPECT_EQ(record.calibration, spec_.calibration->identity());
    EXPECT_EQ(record.dataType, "int");
  }
}

TEST(MethodName, JoinsSearchAndMethod) {
  EXPECT_EQ(methodName(QuantConfig::parse("int4-b64")), "rtn");
  EXPECT_EQ(methodName(QuantConfig::parse("int4-b64-mse")), "mse");
  EXPECT_EQ(methodName(QuantConfig::parse("int4-b64-wmse-gptq")), "wmse+gptq");
  EXPECT_EQ(methodName(QuantConfig::parse("int4-b64-o2-awq")), "awq");
}

TEST(Family, IsTheNameWithoutTheSize) {
  EXPECT_EQ(familyOf("pocket-neox-3"), "pocket-neox");
  EXPECT_EQ(familyOf("opt-6.7b"), "opt");
  EXPECT_EQ(familyOf("bloom-7b1"), "bloom");
  EXPECT_EQ(familyOf("gpt2-medium"), "gpt2-medium");
  EXPECT_EQ(familyOf("plain"), "plain");
  EXPECT_EQ(familyOf("ends-"), "ends-");
}

TEST_F(Sweep, RunsEveryCellOnceAndNeverAgain) {
  RunStore runs = store("a");
  const SweepPlan plan = planSweep(spec_, runs);
  EXPECT_EQ(plan.cells.size(), 2u * 5 * 3);
  EXPECT_EQ(plan.done, 0u);
  EXPECT_GT(plan.estimatedSeconds, 0);
  const auto [low, high] = plan.secondsRange();
  EXPECT_GT(low, 0);
  EXPECT_LT(low, plan.estimatedSeconds);
  EXPECT_GT(high, plan.estimatedSeconds);
  EXPECT_EQ(plan.cells.front().model, 1u) << "the smaller model comes first";

  std::vector<SweepProgress> progress;
  std::size_t finished = 0;
  SweepEvents events;
  events.progress = [&](const SweepProgress& p) { progress.push_back(p); };
  events.finished = [&](const RunRecord& run) {
    ++finished;
    EXPECT_GT(run.id, 0);
    EXPECT_TRUE(runs.hasDone(run.key));
  };
  const auto start = std::chrono::steady_clock::now();
  const SweepSummary first = run(runs, events);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  EXPECT_EQ(first.total, 30u);
  EXPECT_EQ(first.ran, 30u);
  EXPECT_EQ(first.failed, 0u) << (first.errors.empty() ? "" : first.errors.front());
  EXPECT_EQ(finished, 30u);
  ASSERT_FALSE(progress.empty());
  EXPECT_EQ(progress.back().cellsDone, 30u) << "the last progress is never dropped";
  EXPECT_LE(static_cast<double>(progress.size()), 20 * seconds + 3);

  const std::int64_t revision = runs.revision();
  const SweepSummary second = run(runs);
  EXPECT_EQ(second.ran, 0u);
  EXPECT_EQ(second.reused, 30u);
  EXPECT_EQ(runs.revision(), revision) << "nothing is written when nothing runs";
  EXPECT_EQ(planSweep(spec_, runs).done, 30u);

  // More configurations: only the new cells run.
  spec_.configs = makeGrid({{3, 4, 8, 16}, {DataType::Int, DataType::Quantile}, {64}});
  const SweepSummary third = run(runs);
  EXPECT_EQ(third.reused, 30u);
  EXPECT_EQ(third.ran, 2u * 2 * 3);
}

TEST_F(Sweep, RecordsSayWhatWasMeasured) {
  RunStore runs = store("a");
  spec_.itemLimit = 5;
  run(runs);
  const QuantConfig config = QuantConfig::parse("int3-b64");
  const Task task = loadTask(spec_.tasks[1], 5);
  const auto found =
      runs.find(cellKey(Checkpoint::open(spec_.models[0]).hash(), config, task.hash));
  ASSERT_TRUE(found.has_value());

  QuantizedModel model(CausalLm::load(spec_.models[0]), referenceKernels());
  const ParameterSummary parameters = model.model().parameters();
  model.apply(QuantConfig::parse("quantile4-b64"));  // leaves no trace in the next one
  model.apply(config);
  const TaskResult expected =
      evaluate(model.model(), prepare(task, Tokenizer::load(spec_.models[0]), 64));
  EXPECT_EQ(found->result.correct, expected.correct);
  EXPECT_EQ(found->result.logLikelihood, expected.logLikelihood);
  EXPECT_EQ(found->result.items, 5);
  EXPECT_EQ(found->result.itemLimit, 5);
  EXPECT_EQ(found->model, "tiny-2");
  EXPECT_EQ(found->family, "tiny");
  EXPECT_EQ(found->dataType, "int");
  EXPECT_EQ(found->bits, 3);
  EXPECT_EQ(found->blockSize, 64);
  EXPECT_DOUBLE_EQ(found->bitsPerParameter, 3.25);
  EXPECT_EQ(found->device, "cpu");
  EXPECT_EQ(found->parameters, static_cast<double>(parameters.total()));
  // widths are multiples of 64 weights, so no block is incomplete
  EXPECT_EQ(found->modelBits.linearOnly, 3.25 * static_cast<double>(parameters.linear));
  EXPECT_EQ(found->modelBits.checkpointBytes,
            3.25 * static_cast<double>(parameters.linear) +
                16.0 * static_cast<double>(parameters.embedding + parameters.other));
  EXPECT_FALSE(found->createdAt.empty());
}

TEST(QuantizedModel, MappedAndWidenedWeightsGiveTheSameBits) {
  const c10::InferenceMode guard;
  const test::TempDir dir("quantized_model");
  for (const char* json :
       {R"({"model_type": "gpt2", "vocab_size": 60, "n_embd": 24, "n_layer": 2, "n_head": 3})",
        R"({"model_type": "opt", "vocab_size": 60, "hidden_size": 24, "num_hidden_layers": 2,
            "num_attention_heads": 3, "ffn_dim": 40})"}) {
    const ModelConfig config = readModelConfig(nlohmann::json::parse(json), "test");
    for (const at::ScalarType type : {at::kHalf, at::kBFloat16}) {
      auto tensors = CausalLm::initialise(config, 3).stored();
      for (auto& [name, tensor] : tensors) tensor = tensor.to(type);
      saveSafetensors(dir.path() / "model.safetensors", tensors);
      test::writeText(dir.path() / "config.json", writeModelConfig(config).dump());
      QuantizedModel widened(CausalLm::load(dir.path(), DeviceId(), WeightMemory::Widened),
                             referenceKernels());
      QuantizedModel mapped(CausalLm::load(dir.path(), DeviceId(), WeightMemory::Mapped),
                            referenceKernels());
      const at::Tensor tokens = at::arange(30, at::kLong).view({2, 15});
      for (const char* spec : {"int3-b64", "fp16", "quantile4-b64", "bf16", "float4-tensor"}) {
        widened.apply(QuantConfig::parse(spec));
        mapped.apply(QuantConfig::parse(spec));
        EXPECT_TRUE(at::equal(widened.model().hidden(tokens), mapped.model().hidden(tokens)))
            << config.modelType << " " << spec;
      }
    }
  }
}

TEST_F(Sweep, CancelTakesEffectWithinABatchAndTheNextCallResumes) {
  RunStore whole = store("whole");
  run(whole);
  RunStore parts = store("parts");
  std::size_t rounds = 0;
  for (bool complete = false; !complete; ++rounds) {
    ASSERT_LT(rounds, 40u);
    std::stop_source source;
    int batches = 0;
    SweepEvents events;
    events.waitWhilePaused = [&] {
      if (++batches == 5) source.request_stop();
      EXPECT_LE(batches, 5) << "a batch was begun after the stop";
    };
    const SweepSummary summary = run(parts, events, {source.get_token(), {}});
    complete = !summary.cancelled;
    if (!complete) {
      EXPECT_EQ(batches, 5);
    }
  }
  EXPECT_GT(rounds, 3u);
  test::expectSameRuns(whole, parts);
}

TEST_F(Sweep, APauseIsNotTimeWorked) {
  const int threads = at::get_num_threads();
  at::set_num_threads(1);  // on several, one may still be at work when a pause begins
  RunStore runs = store("a");
  constexpr auto kPause = std::chrono::milliseconds(400);
  int pauses = 0;
  SweepEvents events;
  events.waitWhilePaused = [&] {
    if (++pauses <= 5) std::this_thread::sleep_for(kPause);
  };
  SweepProgress last;
  events.progress = [&](const SweepProgress& progress) { last = progress; };
  const auto start = std::chrono::steady_clock::now();
  const SweepSummary summary = run(runs, events);
  at::set_num_threads(threads);
  const double wall =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  ASSERT_GE(pauses, 5);
  const double worked = wall - 5 * std::chrono::duration<double>(kPause).count();
  EXPECT_LE(summary.seconds, worked);
  EXPECT_LE(last.elapsedSeconds, worked);
  double stored = 0;
  for (const RunRecord& run : runs.runs()) {
    EXPECT_GT(run.result.seconds, 0);
    stored += run.seconds;
  }
  EXPECT_LE(stored, worked) << "of " << wall << " s";
}

TEST_F(Sweep, CancelledBeforeItStartsIsNoError) {
  RunStore runs = store("a");
  std::stop_source source;
  source.request_stop();
  const SweepSummary summary = run(runs, {}, {source.get_token(), {}});
  EXPECT_TRUE(summary.cancelled);
  EXPECT_TRUE(runs.runs().empty());
}

TEST_F(Sweep, AFailingCellIsRecordedAndTheSweepGoesOn) {
  // The second item's solution is longer than the model's 64 tokens.
  const fs::path bad = dir_.path() / "tasks" / "long_piqa.jsonl";
  const std::string row = R"({"goal": "g", "sol1": "a", "label": 0, "sol2": ")";
  test::writeText(bad, row + "b\"}\n" + row + std::string(100, 'x') + "\"}\n");
  spec_.tasks.insert(spec_.tasks.begin(), bad);
  RunStore runs = store("a");
  const SweepSummary summary = run(runs);
  EXPECT_EQ(summary.failed, 2u * 5);
  EXPECT_EQ(summary.ran, 30u);
  ASSERT_EQ(summary.errors.size(), 10u);
  EXPECT_THAT(summary.errors.front(), HasSubstr("long_piqa, item 2"));
  std::size_t failed = 0;
  for (const RunRecord& run : runs.runs()) {
    if (run.status != RunStatus::Failed) continue;
    ++failed;
    EXPECT_THAT(run.error, HasSubstr("item 2"));
    EXPECT_EQ(run.result.task, "long_piqa");
  }
  EXPECT_EQ(failed, 10u);
  // Failed cells are tried again, finished ones are not.
  const SweepSummary again = run(runs);
  EXPECT_EQ(again.reused, 30u);
  EXPECT_EQ(again.failed, 10u);
}

TEST_F(Sweep, AModelThatCannotBeLoadedFailsAllItsCells) {
  const fs::path broken = test::writeTinyModel(dir_.path() / "broken-1", 16, 3);
  saveSafetensors(broken / "model.safetensors",
                  {{"gpt_neox.embed_in.weight", at::zeros({257, 16})}});
  spec_.models = {broken, spec_.models[1]};
  RunStore runs = store("a");
  const SweepSummary summary = run(runs);
  EXPECT_EQ(summary.failed, 15u);
  EXPECT_EQ(summary.ran, 15u);
  EXPECT_FALSE(summary.allFailed());
  EXPECT_THAT(summary.errors.front(), HasSubstr("is missing"));
  EXPECT_TRUE(run(runs).allFailed()) << "only the failed cells are tried again";
}

TEST_F(Sweep, WrongInputIsRefusedBeforeAnythingRuns) {
  RunStore runs = store("a");
  SweepSpec spec = spec_;
  spec.models.push_back(dir_.path() / "nowhere");
  EXPECT_THROW(runSweep(spec, runs, DeviceId(), {}), Error);
  spec = spec_;
  spec.tasks.push_back(dir_.path() / "nowhere_piqa.jsonl");
  EXPECT_THROW(runSweep(spec, runs, DeviceId(), {}), Error);
  spec = spec_;
  spec.configs.clear();
  EXPECT_THROW(runSweep(spec, runs, DeviceId(), {}), Error);
  EXPECT_TRUE(runs.runs().empty());
}

TEST_F(Sweep, TheSameModelTwiceIsOneModel) {
  spec_.models.push_back(spec_.models.front());
  RunStore runs = store("a");
  EXPECT_EQ(run(runs).ran, 30u);
}

}  // namespace
}  // namespace bitfrontier
