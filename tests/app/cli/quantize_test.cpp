// SPDX-License-Identifier: GPL-3.0-or-later
// `bitfrontier quantize`, `types` and the axes of `sweep`, as a person uses them.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <nlohmann/json.hpp>
#include <set>

#include "core/base/json.h"
#include "core/model/architecture.h"
#include "core/quant/quant_config.h"
#include "core/store/run_store.h"
#include "tests/app/cli/process.h"
#include "tests/core/sweep/tiny_model.h"

namespace bitfrontier {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class Quantize : public ::testing::Test {
 protected:
  Quantize() : dir_("cli_quantize") {
    test::writeTinyModel(dir_.path() / "tiny-1", 32);
    test::writeTinyTasks(dir_.path() / "tasks");
    std::string text;
    for (int i = 0; i < 300; ++i) text += "Line " + std::to_string(i * 7919) + " of a text.\n";
    test::writeText(dir_.path() / "text.txt", text);
  }
  struct Result {
    int code;
    std::string out, err;
  };
  Result run(std::vector<std::string> arguments) {
    test::CliProcess process(dir_.path(), std::move(arguments));
    const int code = process.wait();
    return {code, process.out(), process.err()};
  }
  std::string path(const std::string& name) { return (dir_.path() / name).string(); }
  json likelihoods(const std::string& model, const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {
        "eval",   "--model",   path(model), "--tasks",  path("tasks/tiny_lambada.jsonl"),
        "--json", "--samples", "--quiet",   "--device", "cpu"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Result result = run(arguments);
    EXPECT_EQ(result.code, 0) << result.err;
    return json::parse(result.out);
  }

  /// The log-likelihood of every sample's answer.
  static std::vector<double> values(const json& results) {
    std::vector<double> all;
    for (const json& sample : results["samples"]["tiny_lambada"]) {
      all.push_back(sample["filtered_resps"][0][0].get<double>());
    }
    return all;
  }

  test::TempDir dir_;
};

TEST_F(Quantize, WritesWhatEvalScoresTheSame) {
  for (const std::string spec : {"nf4-b64-sdq", "int3-b32r-oc4", "int3-b32-gptq"}) {
    const std::vector<std::string> calibration = {"--calibration", path("text.txt"),
                                                  "--calibration-sequences", "16"};
    std::vector<std::string> arguments = {"quantize", "--model",  path("tiny-1"), "--config", spec,
                                          "--out",    path(spec), "--quiet",      "--json"};
    arguments.insert(arguments.end(), calibration.begin(), calibration.end());
    const Result written = run(arguments);
    ASSERT_EQ(written.code, 0) << written.err;
    EXPECT_EQ(json::parse(written.out)["config"], spec);
    std::vector<std::string> config = {"--config", spec};
    config.insert(config.end(), calibration.begin(), calibration.end());
    const json expected = likelihoods("tiny-1", config);
    config.push_back("--packed");
    for (const json& other : {likelihoods(spec, {}), likelihoods(spec, {"--config", "fp16"}),
                              likelihoods("tiny-1", config)}) {
      EXPECT_EQ(other["config"]["model_args"]["quantization"], spec);
      EXPECT_EQ(other["config"]["model_bits"], expected["config"]["model_bits"]);
      const std::vector<double> a = values(other);
      const std::vector<double> b = values(expected);
      ASSERT_EQ(a.size(), b.size());
      ASSERT_FALSE(a.empty());
      for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-4) << spec;
    }
  }
  EXPECT_EQ(run({"eval", "--model", path("nf4-b64-sdq"), "--config", "int4-b64", "--tasks",
                 path("tasks/tiny_piqa.jsonl"), "--quiet"})
                .code,
            1);
}

TEST_F(Quantize, SaysWhatIsWrong) {
  const auto errorOf = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"quantize", "--quiet"});
    const Result result = run(arguments);
    EXPECT_NE(result.code, 0);
    EXPECT_EQ(result.out, "");
    return result.err;
  };
  const std::string model = path("tiny-1");
  EXPECT_THAT(errorOf({"--model", model, "--config", "int4", "--out", path("o")}),
              HasSubstr("no block size"));
  EXPECT_THAT(errorOf({"--model", model, "--config", "int4-b64-gptq", "--out", path("o")}),
              HasSubstr("needs a calibration text"));
  EXPECT_THAT(errorOf({"--model", model, "--config", "int4-b64", "--out", model}),
              HasSubstr("written over itself"));
  EXPECT_THAT(errorOf({"--model", path("none"), "--config", "int4-b64", "--out", path("o")}),
              HasSubstr("none"));
  EXPECT_THAT(errorOf({"--model", model, "--config", "int4-b64", "--out", path("o"), "--non-finite",
                       "guess"}),
              HasSubstr("guess"));
}

TEST_F(Quantize, TypesListsEveryAxis) {
  const Result text = run({"types"});
  ASSERT_EQ(text.code, 0) << text.err;
  const json listed = json::parse(run({"types", "--json"}).out);
  for (const json& type : listed["types"]) {
    EXPECT_THAT(text.out, HasSubstr(type["name"].get<std::string>()));
    EXPECT_THAT(text.out, HasSubstr(type["explanation"].get<std::string>()));
    // And codebook prints each one of them.
    if (type["lowest_bits"] == 16) continue;
    EXPECT_EQ(run({"codebook", type["name"].get<std::string>() + "3"}).code, 0) << type["name"];
  }
  for (const json& alias : listed["aliases"])
    EXPECT_EQ(run({"codebook", alias["name"].get<std::string>()}).code, 0) << alias["name"];
  EXPECT_GE(listed["axes"].size(), 9U);
}

TEST_F(Quantize, SweepCrossesTheAxes) {
  std::vector<std::string> arguments = {
      "sweep",      "--models",    path("tiny-1"),  "--tasks",        path("tasks/tiny_text.jsonl"),
      "--bits",     "3,16",        "--types",       "int,nf",         "--blocks",
      "32,row",     "--constants", "fp16,dq",       "--methods",      "rtn,gptq",
      "--outliers", "none,c4",     "--calibration", path("text.txt"), "--calibration-sequences",
      "8",          "--store",     path("s.bfdb"),  "--quiet",        "--device",
      "cpu"};
  const Result swept = run(arguments);
  ASSERT_EQ(swept.code, 0) << swept.err;
  RunStore store = RunStore::open(path("s.bfdb"), RunStore::Mode::ReadOnly);
  std::set<std::string> configs;
  for (const RunRecord& record : store.runs({})) {
    EXPECT_EQ(record.status, RunStatus::Done) << record.error;
    configs.insert(record.config);
    const QuantConfig config = QuantConfig::parse(record.config);
    EXPECT_EQ(record.calibration.empty(), config.method == Method::Nearest) << record.config;
    EXPECT_EQ(record.method, config.method == Method::Gptq ? "gptq" : "rtn");
    if (!record.calibration.empty()) {
      EXPECT_THAT(record.calibration, HasSubstr("text 8xmax sha256="));
      EXPECT_THAT(record.key, HasSubstr(record.calibration));
    }
  }
  EXPECT_EQ(configs.size(), 1U + 2 * 2 * 2 * 2 * 2);
  EXPECT_TRUE(configs.contains("nf3-row-sdq-oc4-gptq"));
  EXPECT_TRUE(configs.contains("int3-b32"));
  // The same command has nothing left to do; another text is another cell.
  EXPECT_THAT(run(arguments).out, HasSubstr("0 run"));
  test::writeText(dir_.path() / "text.txt", std::string(20000, 'x'));
  EXPECT_THAT(run(arguments).out, HasSubstr("16 run"));
  EXPECT_THAT(run({"sweep", "--models", path("tiny-1"), "--tasks", path("tasks/tiny_text.jsonl"),
                   "--bits", "4", "--methods", "awq", "--store", path("t.bfdb")})
                  .err,
              HasSubstr("--calibration"));
  EXPECT_THAT(run({"sweep", "--models", path("tiny-1"), "--tasks", path("tasks/tiny_text.jsonl"),
                   "--bits", "4", "--methods", "magic", "--store", path("t.bfdb")})
                  .err,
              HasSubstr("--methods does not know \"magic\""));
}

TEST_F(Quantize, SweepTakesQuantizedCheckpointsAsTheyAre) {
  ASSERT_EQ(run({"quantize", "--model", path("tiny-1"), "--config", "nf3-b32", "--out",
                 path("packed"), "--quiet"})
                .code,
            0);
  ASSERT_EQ(run({"sweep", "--models", path("packed") + "," + path("tiny-1"), "--tasks",
                 path("tasks/tiny_text.jsonl"), "--configs", "fp16,nf3-b32", "--store",
                 path("s.bfdb"), "--quiet", "--device", "cpu"})
                .code,
            0);
  RunStore store = RunStore::open(path("s.bfdb"), RunStore::Mode::ReadOnly);
  const std::vector<RunRecord> runs = store.runs({});
  ASSERT_EQ(runs.size(), 3U);  // fp16 of the packed model is its nf3-b32
  double packed = 0;
  double made = 0;
  for (const RunRecord& record : runs) {
    if (record.model == "packed") {
      EXPECT_EQ(record.config, "nf3-b32");
      EXPECT_EQ(record.bits, 3);
      packed = record.result.crossEntropy;
    } else if (record.config == "nf3-b32") {
      made = record.result.crossEntropy;
    }
  }
  EXPECT_NEAR(packed, made, 1e-5);
}

/// A checkpoint whose weights are all zero: a file with a hole, so that size costs nothing.
void writeHollowModel(const std::filesystem::path& dir, const json& config) {
  std::filesystem::create_directories(dir);
  test::writeText(dir / "config.json", config.dump());
  test::writeText(dir / "tokenizer.json", test::byteTokenizer());
  nlohmann::ordered_json header;
  std::int64_t at = 0;
  for (const TensorSlot& slot : tensorSlots(readModelConfig(config, "test"))) {
    const std::int64_t bytes = 2 * c10::multiply_integers(slot.shape);
    header[slot.name] = {
        {"dtype", "F16"}, {"shape", slot.shape}, {"data_offsets", {at, at + bytes}}};
    at += bytes;
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');
  std::string length;
  for (int i = 0; i < 8; ++i) length += static_cast<char>((text.size() >> (8 * i)) & 0xff);
  test::writeText(dir / "model.safetensors", length + text);
  std::filesystem::resize_file(dir / "model.safetensors",
                               8 + text.size() + static_cast<std::size_t>(at));
}

TEST_F(Quantize, MemoryStaysBelowTwiceTheLargestTensorAnd300Megabytes) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers need memory of their own";
#endif
  // 22 layers of 25 MB and more: what is mapped is far above the bound of 367 MB.
  const json config = {{"model_type", "gpt_neox"},      {"vocab_size", 16384},
                       {"hidden_size", 1024},           {"num_hidden_layers", 22},
                       {"num_attention_heads", 16},     {"intermediate_size", 4096},
                       {"max_position_embeddings", 64}, {"tie_word_embeddings", false}};
  writeHollowModel(dir_.path() / "hollow", config);
  const auto fileBytes = std::filesystem::file_size(dir_.path() / "hollow" / "model.safetensors");
  ASSERT_GT(fileBytes, 600000000U);
  const std::int64_t largest = 16384 * 1024 * 2;
  for (const std::string spec : {"nf4-b64-sdq", "quantile4-b64-emb"}) {
    const pid_t child = ::fork();
    if (child == 0) {
      const std::string from = path("hollow");
      const std::string to = path("out");
      ::execl(BITFRONTIER_CLI, BITFRONTIER_CLI, "quantize", "--model", from.c_str(), "--config",
              spec.c_str(), "--out", to.c_str(), "--quiet", nullptr);
      ::_exit(127);
    }
    int status = 0;
    rusage usage{};
    ASSERT_EQ(::wait4(child, &status, 0, &usage), child);
    ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << spec;
    const std::int64_t peak = std::int64_t{usage.ru_maxrss} * 1024;
    EXPECT_LT(peak, 2 * largest + 300000000) << spec << ", peak " << peak / 1000000 << " MB";
    RecordProperty("peak_megabytes_" + spec, static_cast<int>(peak / 1000000));
  }
}

}  // namespace
}  // namespace bitfrontier
