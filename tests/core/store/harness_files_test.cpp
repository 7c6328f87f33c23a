// SPDX-License-Identifier: GPL-3.0-or-later
// What people's results files hold besides the plain case: small files written here.
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "core/store/import/import_harness.h"
#include "core/store/import/published.h"
#include "tests/core/store/store_fixture.h"

namespace bitfrontier {
namespace {

using Json = nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class HarnessFiles : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    // Not the cache of whoever runs the tests.
    ::setenv("HF_HUB_CACHE", (folder_ / "hub").c_str(), 1);
  }
  void TearDown() override {
    ::unsetenv("HF_HUB_CACHE");
    StoreTest::TearDown();
  }

  /// A file of 0.4 with one task.
  static Json file(const std::string& arguments, const std::string& task = "piqa",
                   double accuracy = 0.62) {
    return {{"results", {{task, {{"acc,none", accuracy}, {"acc_stderr,none", 0.011}}}}},
            {"n-shot", {{task, 0}}},
            {"config", {{"model", "hf"}, {"model_args", arguments}}},
            {"lm_eval_version", "0.4.9"}};
  }
  std::filesystem::path write(const std::string& name, const Json& json) const {
    return writeText(name, json.dump());
  }
  std::filesystem::path writeText(const std::string& name, const std::string& text) const {
    const auto path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path;
  }
  RunRecord one(const Json& json, const ImportOptions& options = {}) const {
    const ImportedRuns read = readHarness(write("results.json", json), options);
    EXPECT_EQ(read.runs.size(), 1u);
    return read.runs.at(0);
  }
};

TEST_F(HarnessFiles, BareNaNCostsOneMetric) {
  const auto path = writeText("results_a.json", R"({"results": {
      "rolling": {"word_perplexity,none": NaN, "bits_per_byte,none": NaN},
      "numbers": {"acc,none": 0.25, "acc_stderr,none": NaN, "acc_norm,none": -Infinity,
                  "alias": "NaN and \"Infinity\" in a text"}},
      "n-samples": {"numbers": {"original": 5, "effective": 5}},
      "config": {"model_args": "pretrained=a/m-1b,dtype=float16"}})");
  const ImportedRuns read = readHarness(path, {});
  ASSERT_EQ(read.runs.size(), 1u);
  EXPECT_EQ(read.runs[0].result.task, "numbers");
  EXPECT_EQ(read.runs[0].result.accuracy, 0.25);
  EXPECT_DOUBLE_EQ(read.runs[0].result.accuracySe, std::sqrt(0.25 * 0.75 / 4));
  EXPECT_TRUE(std::isnan(read.runs[0].result.accuracyNorm));
  EXPECT_THAT(read.sentences(), Contains(HasSubstr("rolling (bits_per_byte, word_perplexity)")));
  EXPECT_THAT(read.sentences(), Contains(HasSubstr("numbers (acc_norm, acc_stderr)")));
  // The place of another fault stays that of the file.
  std::string message;
  EXPECT_EQ(errorOf([&] { (void)readHarness(writeText("results.json", "{\"a\": NaN, ?}"), {}); },
                    message),
            ErrorKind::Format);
  EXPECT_THAT(message, HasSubstr("byte 12"));
}

TEST_F(HarnessFiles, OneBadFileOfAFolderIsNamedAndTheOthersAreRead) {
  write("a/results_1.json", file("pretrained=a/pythia-70m,dtype=float16"));
  writeText("a/results_2.json", "{\"results\": ");
  write("b/results_3.json", file("pretrained=a/m-7b-GPTQ"));
  writeText("config.json", R"({"model_type": "gpt2"})");
  const ImportedRuns read = readHarness(folder_, {});
  ASSERT_EQ(read.runs.size(), 1u);
  EXPECT_THAT(read.sentences(),
              Contains(testing::AllOf(HasSubstr("results_2.json"), HasSubstr("left out"))));
  EXPECT_THAT(read.sentences(),
              Contains(testing::AllOf(HasSubstr("results_3.json"), HasSubstr("give --bits"))));
  EXPECT_THAT(read.sentences(), Not(Contains(HasSubstr("config.json"))));
  std::filesystem::remove(folder_ / "a/results_1.json");
  std::string message;
  EXPECT_EQ(errorOf([&] { (void)readHarness(folder_, {}); }, message), ErrorKind::Format);
}

TEST_F(HarnessFiles, FoldersOfVersion03WhoseFilesHaveAnyName) {
  for (const int step : {1000, 3000}) {
    const Json old = {
        {"results", {{"piqa", {{"acc", 0.5 + step * 1e-5}, {"acc_stderr", 0.011}}}}},
        {"versions", {{"piqa", 0}}},
        {"config",
         {{"model", "hf-causal"},
          {"model_args",
           "use_cache=True,pretrained=EleutherAI/pythia-160m,revision=step" + std::to_string(step)},
          {"num_fewshot", 0}}}};
    write("zero-shot/160m_step" + std::to_string(step) + ".json", old);
  }
  const ImportedRuns read = readHarness(folder_, {});
  ASSERT_EQ(read.runs.size(), 2u);
  EXPECT_EQ(read.runs[0].model, "pythia-160m@step1000");
  EXPECT_EQ(read.runs[1].model, "pythia-160m@step3000");
  EXPECT_EQ(read.runs[1].source, "lm-evaluation-harness 0.3");
  // Notes name what they are about and are as many as their kinds, not as the files.
  EXPECT_EQ(read.sentences().size(), 2u);
  EXPECT_THAT(read.sentences(), Contains(HasSubstr("pythia-160m@step1000, pythia-160m@step3000")));
  RunStore store = RunStore::open(folder_ / "s.bfdb");
  importRecords(store, read.runs);
  EXPECT_EQ(store.points().size(), 2u);
  // model_revision of 0.4, and a commit.
  Json now = file("pretrained=EleutherAI/pythia-160m");
  now["config"]["model_revision"] = "step143000";
  EXPECT_EQ(one(now).model, "pythia-160m@step143000");
  now["config"]["model_revision"] = "main";
  EXPECT_EQ(one(now).model, "pythia-160m");
}

TEST_F(HarnessFiles, NotesAreGrouped) {
  for (int i = 0; i < 29; ++i) {
    write("m/results_" + std::to_string(i) + ".json",
          file("pretrained=a/pythia-" + std::to_string(i + 1) + "m", "odd_task"));
  }
  const ImportedRuns read = readHarness(folder_, {});
  EXPECT_EQ(read.runs.size(), 29u);
  EXPECT_LE(read.sentences().size(), 3u);
  EXPECT_THAT(read.sentences(), Contains(HasSubstr(" and 25 more")));
}

TEST_F(HarnessFiles, TheNewestOfTwoResultsCountsAndBothAreNamed) {
  const std::string arguments = "pretrained=EleutherAI/pythia-160m,dtype=float16";
  write("x/results_2025-11-21T10-00-00.000000.json", file(arguments, "piqa", 0.6311));
  write("x/results_2025-11-20T10-00-00.000000.json", file(arguments, "piqa", 0.6289));
  const ImportedRuns read = readHarness(folder_, {});
  ASSERT_EQ(read.runs.size(), 1u);
  EXPECT_EQ(read.runs[0].result.accuracy, 0.6311);
  EXPECT_EQ(read.runs[0].createdAt, "2025-11-21T10:00:00Z");
  EXPECT_THAT(read.sentences(),
              Contains(testing::AllOf(HasSubstr("pythia-160m fp16 piqa"), HasSubstr("0.6311"),
                                      HasSubstr("0.6289"), HasSubstr("newest"))));
  // The same result twice is nothing to talk about.
  write("x/results_2025-11-20T10-00-00.000000.json", file(arguments, "piqa", 0.6311));
  EXPECT_THAT(readHarness(folder_, {}).sentences(), Not(Contains(HasSubstr("newest"))));
}

TEST_F(HarnessFiles, DataTypesAreDifferentRuns) {
  RunStore store = RunStore::open(folder_ / "s.bfdb");
  std::map<std::string, double> bits;
  for (const char* dtype : {"float16", "bfloat16", "float32"}) {
    const RunRecord run = one(file(std::string("pretrained=a/m-1b,dtype=") + dtype));
    EXPECT_EQ(importRecords(store, std::vector{run}).added, 1) << dtype;
    bits[run.config] = run.bitsPerParameter;
  }
  EXPECT_THAT(
      bits, ElementsAre(std::pair("bf16", 16.0), std::pair("fp16", 16.0), std::pair("fp32", 32.0)));
  EXPECT_EQ(store.points().size(), 3u);
  // What the model was run in counts before what was asked for.
  Json json = file("pretrained=a/m-1b,dtype=auto");
  json["config"]["model_dtype"] = "torch.bfloat16";
  EXPECT_EQ(one(json).config, "bf16");
}

TEST_F(HarnessFiles, ShotsChatAndPlainRunsAreDifferentPoints) {
  Json plain = file("pretrained=a/m-1b,dtype=float16");
  Json shots = plain, chat = plain, system = plain;
  shots["n-shot"]["piqa"] = 5;
  chat["chat_template"] = "{% for message in messages %}...";
  chat["fewshot_as_multiturn"] = true;
  system["system_instruction"] = "You are helpful.";
  RunStore store = RunStore::open(folder_ / "s.bfdb");
  for (const Json& json : {plain, shots, chat, system}) {
    EXPECT_EQ(importRecords(store, std::vector{one(json)}).added, 1);
  }
  const auto points = store.points();
  ASSERT_EQ(points.size(), 4u);
  for (const LawPoint& point : points) EXPECT_EQ(point.accuracyTasks, 1);
  EXPECT_EQ(one(chat).source, "lm-evaluation-harness 0.4.9, chat template");
  EXPECT_EQ(one(shots).result.task, "piqa (5-shot)");
}

TEST_F(HarnessFiles, OneOfSeveralFiltersIsTakenAndNamed) {
  Json json = file("pretrained=a/m-1b,dtype=float16");
  json["results"] = {{"gsm8k",
                      {{"exact_match,strict-match", 0.30},
                       {"exact_match_stderr,strict-match", 0.012},
                       {"exact_match,flexible-extract", 0.55},
                       {"exact_match_stderr,flexible-extract", 0.013}}}};
  json["n-shot"] = {{"gsm8k", 5}};
  const ImportedRuns read = readHarness(write("results.json", json), {});
  ASSERT_EQ(read.runs.size(), 1u);
  EXPECT_EQ(read.runs[0].result.task, "gsm8k (5-shot, strict-match)");
  EXPECT_EQ(read.runs[0].result.accuracy, 0.30);
  EXPECT_EQ(read.runs[0].result.accuracySe, 0.012);
  EXPECT_EQ(read.runs[0].result.chance, 0);
  EXPECT_THAT(read.sentences(), Contains(HasSubstr("gsm8k (strict-match 0.3000; not "
                                                   "flexible-extract 0.5500)")));
  ImportOptions options;
  options.filter = "flexible-extract";
  const RunRecord other = one(json, options);
  EXPECT_EQ(other.result.accuracy, 0.55);
  RunStore store = RunStore::open(folder_ / "s.bfdb");
  importRecords(store, std::vector{read.runs[0], other});
  EXPECT_EQ(store.points().size(), 2u);  // never averaged
  // The task's own order decides where it is known.
  json["configs"]["gsm8k"]["filter_list"] = {{{"name", "flexible-extract"}},
                                             {{"name", "strict-match"}}};
  EXPECT_EQ(one(json).result.accuracy, 0.55);
}

TEST_F(HarnessFiles, ALimitAboveTheTasksSizeIsTheWholeTask) {
  Json json = file("pretrained=a/m-1b,dtype=float16");
  json["config"]["limit"] = 5000;
  json["n-samples"]["piqa"] = {{"original", 1838}, {"effective", 1838}};
  const RunRecord whole = one(json);
  EXPECT_EQ(whole.result.itemLimit, 0);
  EXPECT_EQ(whole.result.items, 1838);
  json["config"]["limit"] = nullptr;
  EXPECT_EQ(one(json).key, whole.key);
  json["config"]["limit"] = 100.0;
  json["n-samples"]["piqa"] = {{"original", 1838}, {"effective", 100}};
  EXPECT_EQ(one(json).result.itemLimit, 100);
  EXPECT_NE(one(json).key, whole.key);
  // Without counts: as many items as accuracy and error mean.
  json.erase("n-samples");
  json["config"]["limit"] = 5000;
  EXPECT_EQ(one(json).result.itemLimit, 0);
}

TEST_F(HarnessFiles, OneNameForAModelWhereverItLies) {
  const std::string cache =
      "/c/hub/models--EleutherAI--pythia-160m/snapshots/" + std::string(40, 'a');
  for (const std::string& name :
       {std::string("EleutherAI/pythia-160m"), cache, std::string("/data/pythia-160m/")}) {
    const RunRecord run = one(file("pretrained=" + name + ",dtype=float16"));
    EXPECT_EQ(run.model, "pythia-160m") << name;
    EXPECT_EQ(run.family, "pythia") << name;
    EXPECT_EQ(run.parameters, 160e6) << name;
  }
  // Two owners' models of one name stay two, and so do those of two folders.
  RunStore store = RunStore::open(folder_ / "s.bfdb");
  std::vector<RunRecord> runs;
  for (const char* name : {"a/pythia-160m", "b/pythia-160m", "/x/pythia-160m", "/y/pythia-160m"}) {
    runs.push_back(one(file(std::string("pretrained=") + name + ",dtype=float16")));
  }
  EXPECT_EQ(importRecords(store, runs).added, 4);
  EXPECT_EQ(store.points().size(), 4u);
  const RunRecord sized = one(file("pretrained=/disk/LLaMA/huggingface/7B,dtype=float16"));
  EXPECT_EQ(sized.model, "LLaMA-7B");
  EXPECT_EQ(sized.family, "LLaMA");
  EXPECT_EQ(sized.parameters, 7e9);
}

TEST_F(HarnessFiles, AModelWithoutANameNeedsOne) {
  Json json = file("base_url=http://localhost:8000");
  json["config"]["model"] = "gguf";
  json["model_name"] = "i82qcls7";  // the harness makes one up
  std::string message;
  EXPECT_EQ(errorOf([&] { (void)one(json); }, message), ErrorKind::InvalidArgument);
  EXPECT_THAT(message, HasSubstr("give --model"));
  ImportOptions options;
  options.model = "Llama-3.2-1B-Q4_0";
  EXPECT_EQ(one(json, options).model, "Llama-3.2-1B-Q4_0");
}

TEST_F(HarnessFiles, QuantizedModelsAreNeverTakenAs16Bit) {
  const auto bits = [&](const std::string& arguments) { return one(file(arguments)).bits; };
  EXPECT_EQ(bits("pretrained=a/Qwen3-8B-FP8-dynamic,dtype=bfloat16"), 8);
  EXPECT_EQ(bits("pretrained=a/m-1b,quantization=fp8"), 8);
  EXPECT_EQ(bits("pretrained=a/m-1b-4bit,quantization=awq"), 4);
  EXPECT_EQ(bits("pretrained=a/m-1b-GGUF,gguf_file=m-1b-Q5_K_M.gguf"), 5);
  EXPECT_EQ(bits("pretrained=a/m-1b-GGUF,gguf_file=m-1b-F16.gguf"), 16);
  EXPECT_EQ(bits("pretrained=a/m-1b,autogptq=gptq_model-4bit-128g.safetensors"), 4);
  EXPECT_EQ(bits("pretrained=a/m-1b,torchao_config=int4wo-128"), 4);
  EXPECT_EQ(bits("pretrained=a/m-1b,dtype=int8"), 8);
  EXPECT_EQ(bits("pretrained=a/m-1b,quantization=None,dtype=float16"), 16);
  for (const char* arguments :
       {"pretrained=a/m-1b,quantization=awq", "pretrained=a/m-1b-HQQ",
        "pretrained=a/m-1b,autogptq=True", "pretrained=a/m-1b,load_format=bitsandbytes",
        "pretrained=a/m-1b,quantization=newthing"}) {
    std::string message;
    EXPECT_EQ(errorOf([&] { (void)one(file(arguments)); }, message), ErrorKind::InvalidArgument)
        << arguments;
    EXPECT_THAT(message, HasSubstr("give --bits")) << arguments;
  }
  // Where nothing tells, a note says what was taken.
  const auto read = readHarness(write("results.json", file("pretrained=a/m-1b")), {});
  EXPECT_EQ(read.runs[0].bits, 16);
  EXPECT_THAT(read.sentences(), Contains(HasSubstr("taken as 16 bit: m-1b")));
  const auto told = readHarness(write("results.json", file("pretrained=a/m-1b,dtype=half")), {});
  EXPECT_THAT(told.sentences(), Not(Contains(HasSubstr("16 bit"))));
  // The harness counts packed weights for less.
  Json packed = file("pretrained=a/m-7b-GPTQ-Int4");
  packed["config"]["model_num_parameters"] = 262410240;
  EXPECT_EQ(one(packed).parameters, 7e9);
}

TEST_F(HarnessFiles, TheModelsFolderTellsItsQuantization) {
  const auto model = folder_ / "model";
  writeText("model/config.json", R"({"dtype": "bfloat16", "quantization_config":
      {"quant_method": "compressed-tensors", "config_groups": {"group_0": {"weights":
       {"num_bits": 8, "type": "float"}, "input_activations": {"num_bits": 8}}}}})");
  writeText("model/model.safetensors", std::string(1000, 'x'));
  Json json = file("pretrained=" + model.string());
  json["config"]["model_num_parameters"] = 800;
  const RunRecord run = one(json);
  EXPECT_EQ(run.config, "fp8");
  EXPECT_EQ(run.bits, 8);
  EXPECT_EQ(run.modelBits.checkpointBytes, 8000);  // as it lies on the disk
  // A snapshot in the cache, by the name on the hub; plain weights say their type.
  const std::string commit(40, 'b');
  writeText("hub/models--a--m-1b/refs/main", commit);
  writeText("hub/models--a--m-1b/snapshots/" + commit + "/config.json",
            R"({"torch_dtype": "float32"})");
  EXPECT_EQ(one(file("pretrained=a/m-1b")).bits, 32);
  writeText("hub/models--a--m-1b/snapshots/" + commit + "/config.json",
            R"({"quantization_config": {"quant_method": "awq", "bits": 4, "group_size": 128}})");
  EXPECT_EQ(one(file("pretrained=a/m-1b")).config, "awq4-b128");
}

TEST_F(HarnessFiles, ChanceIsThatOfTheTask) {
  const auto chance = [&](const std::string& task) {
    return one(file("pretrained=a/m-1b,dtype=float16", task)).result.chance;
  };
  EXPECT_DOUBLE_EQ(chance("mmlu_pro_law"), 0.1);
  EXPECT_DOUBLE_EQ(chance("mmlu_abstract_algebra"), 0.25);
  EXPECT_DOUBLE_EQ(chance("hendrycksTest-anatomy"), 0.25);
  EXPECT_DOUBLE_EQ(chance("lambada_openai_mt_de"), 0);
  EXPECT_DOUBLE_EQ(chance("anli_r1"), 1.0 / 3);
  EXPECT_DOUBLE_EQ(chance("leaderboard_bbh_ruin_names"), 1.0 / 6);
  EXPECT_DOUBLE_EQ(chance("commonsense_qa"), 0.2);
  EXPECT_TRUE(std::isnan(chance("truthfulqa_mc1")));
  EXPECT_TRUE(std::isnan(chance("piqable")));
  const auto read = readHarness(
      write("results.json", file("pretrained=a/m-1b,dtype=float16", "truthfulqa_mc1")), {});
  EXPECT_THAT(read.sentences(), Contains(HasSubstr("guessing is not known")));
  // The file's own description of a task comes first.
  Json json = file("pretrained=a/m-1b,dtype=float16", "mine");
  json["configs"]["mine"] = {{"output_type", "multiple_choice"},
                             {"doc_to_choice", {"yes", "no", "maybe"}}};
  EXPECT_DOUBLE_EQ(one(json).result.chance, 1.0 / 3);
  json["configs"]["mine"]["doc_to_choice"] = "{{['a', 'b, c', \"d\", 'e', 'f']}}";
  EXPECT_DOUBLE_EQ(one(json).result.chance, 0.2);
  json["configs"]["mine"]["doc_to_choice"] = "{{choices}}";
  EXPECT_TRUE(std::isnan(one(json).result.chance));
  // And the items' numbers of choices before both.
  writeText(
      "samples_mine.jsonl",
      "{\"doc_id\":0,\"acc\":1,\"filtered_resps\":[[-1,true],[-2,false]]}\n"
      "{\"doc_id\":1,\"acc\":0,\"filtered_resps\":[[-1,true],[-2,false],[-3,false],[-4,false]]}\n");
  json["results"]["mine"]["acc,none"] = 0.5;
  EXPECT_DOUBLE_EQ(one(json).result.chance, (0.5 + 0.25) / 2);
}

TEST_F(HarnessFiles, ALoneAccNormIsTheAccuracy) {
  Json json = file("pretrained=a/m-1b,dtype=float16");
  json["results"] = {
      {"leaderboard_bbh_navigate", {{"acc_norm,none", 0.6}, {"acc_norm_stderr,none", 0.03}}}};
  EXPECT_EQ(one(json).result.accuracy, 0.6);
  EXPECT_EQ(one(json).result.accuracySe, 0.03);
}

TEST_F(HarnessFiles, ArgumentsAsObjectsAndWithCommasInBrackets) {
  Json json = file("");
  json["config"]["model_args"] = {{"pretrained", "a/m-1b"}, {"dtype", "bfloat16"}};
  EXPECT_EQ(one(json).config, "bf16");
  json["config"]["model_args"] =
      R"(pretrained=a/m-1b,rope_scaling={"type":"yarn","dtype=int2":"x"},dtype=float32)";
  EXPECT_EQ(one(json).config, "fp32");
}

}  // namespace
}  // namespace bitfrontier
