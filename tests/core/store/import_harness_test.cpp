// SPDX-License-Identifier: GPL-3.0-or-later
// Files in tests/data/harness were written by the harness itself (versions named by their folders)
// for a toy model and toy tasks; expected values were read out of them with Python's json.
#include "core/store/import/import_harness.h"

#include <gmock/gmock.h>

#include <fstream>
#include <map>

#include "core/store/import/published.h"
#include "core/store/points.h"
#include "tests/core/store/store_fixture.h"

namespace bitfrontier {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using ImportHarness = StoreTest;

std::filesystem::path data(const std::string& version) {
  return std::filesystem::path(BITFRONTIER_SOURCE_DIR) / "tests/data/harness" / version;
}

std::map<std::string, RunRecord> byTask(const ImportedRuns& read) {
  std::map<std::string, RunRecord> tasks;
  for (const RunRecord& run : read.runs) tasks[run.result.task] = run;
  return tasks;
}

TEST_F(ImportHarness, ThreeVersionsOfTheHarnessSayTheSame) {
  for (const auto& [version, source] :
       std::map<std::string, std::string>{{"0.4.13", "lm-evaluation-harness 0.4.13"},
                                          {"0.4.9", "lm-evaluation-harness 0.4.9"},
                                          {"0.4.2", "lm-evaluation-harness 0.4"}}) {
    ImportOptions options;
    if (version == "0.4.2") options.parameters = 115632;  // this version does not count them
    const ImportedRuns read = readHarness(data(version), options);
    const auto tasks = byTask(read);
    ASSERT_EQ(read.runs.size(), 3u) << version;  // the group toy_group is none
    const RunRecord& piqa = tasks.at("toy_piqa");
    EXPECT_EQ(piqa.source, source);
    EXPECT_TRUE(piqa.published());
    EXPECT_EQ(piqa.model, "toy-gpt2-0.1m");
    EXPECT_EQ(piqa.family, "toy-gpt2");
    EXPECT_EQ(piqa.parameters, 115632);
    EXPECT_EQ(piqa.config, "fp32");  // model_args: dtype=float32
    EXPECT_EQ(piqa.bits, 32);
    EXPECT_EQ(piqa.modelBits.checkpointBytes, 32.0 * 115632);
    EXPECT_EQ(piqa.result.items, 6) << version;
    EXPECT_EQ(piqa.result.accuracy, 0.5);
    EXPECT_EQ(piqa.result.accuracySe, 0.22360679774997896);
    EXPECT_EQ(piqa.result.accuracyNorm, 0.5);
    EXPECT_EQ(piqa.result.accuracyNormSe, 0.22360679774997896);
    const RunRecord& lambada = tasks.at("toy_lambada");
    EXPECT_EQ(lambada.result.accuracy, 0);
    EXPECT_FALSE(lambada.result.isText());
    EXPECT_GT(lambada.result.perplexity, 1);
    EXPECT_GT(lambada.result.perplexitySe, 0);
    const RunRecord& text = tasks.at("toy_wikitext");
    EXPECT_TRUE(text.result.isText());
    // A perplexity of words says nothing of tokens.
    EXPECT_TRUE(std::isnan(text.result.crossEntropy));
    EXPECT_DOUBLE_EQ(text.result.wordPerplexity, 57187.16994186962);
    EXPECT_DOUBLE_EQ(text.result.bitsPerByte, 3.4569946012181725);
    EXPECT_NEAR(text.result.bytePerplexity, std::exp2(3.4569946012181725), 1e-9);
  }
}

TEST_F(ImportHarness, SamplesGiveOutcomesOfItems) {
  for (const std::string version : {"0.4.13", "0.4.2"}) {
    ImportOptions options;
    options.parameters = 115632;
    const auto tasks = byTask(readHarness(data(version), options));
    const TaskResult& piqa = tasks.at("toy_piqa").result;
    EXPECT_THAT(piqa.correct, ElementsAre(0, 0, 0, 1, 1, 1)) << version;
    ASSERT_EQ(piqa.logLikelihood.size(), 6u);
    EXPECT_DOUBLE_EQ(piqa.logLikelihood[0], -68.56029510498047);  // the right choice is the first
    EXPECT_DOUBLE_EQ(piqa.chance, 0.5);                           // two choices each
    EXPECT_EQ(piqa.taskHash.size(), 64u);
    EXPECT_THAT(tasks.at("toy_lambada").result.correct, ElementsAre(0, 0, 0, 0));
    EXPECT_THAT(tasks.at("toy_wikitext").result.correct, IsEmpty());
    EXPECT_EQ(tasks.at("toy_wikitext").result.items, 2);
  }
  // The harness's own hash of the items where it writes one.
  EXPECT_EQ(byTask(readHarness(data("0.4.13"), {})).at("toy_piqa").result.taskHash,
            "2f9d27aad3361150d1d1e76a147827a6ae927a2585a076d39f279fd0cddb5e02");
}

TEST_F(ImportHarness, VersionsAreNeverPooled) {
  RunStore store = RunStore::open(folder_ / "s.bfdb");
  for (const std::string version : {"0.4.13", "0.4.9"}) {
    const ImportedRuns read = readHarness(data(version), {});
    EXPECT_EQ(importRecords(store, read.runs).added, 3);
    EXPECT_EQ(importRecords(store, read.runs).alreadyThere, 3);
  }
  RunRecord ours = sampleRun();
  ours.source.clear();
  ours.model = "toy-gpt2-0.1m";
  store.add(ours);
  EXPECT_EQ(store.points().size(), 3u);
  RunFilter measured;
  measured.published = false;
  EXPECT_EQ(store.points(measured).size(), 1u);
}

// The layout of version 0.3 and before: metric names without filters, no counts.
constexpr const char* kOldFile = R"({
  "results": {
    "lambada_openai": {"ppl": 38.1, "ppl_stderr": 1.6, "acc": 0.3, "acc_stderr": 0.0063844},
    "piqa": {"acc": 0.62, "acc_stderr": 0.011325, "acc_norm": 0.61, "acc_norm_stderr": 0.01138},
    "wikitext": {"word_perplexity": 26.9, "byte_perplexity": 1.85, "bits_per_byte": 0.888},
    "odd": {"f1": 0.5}
  },
  "versions": {"lambada_openai": 0, "piqa": 0, "wikitext": 1},
  "config": {"model": "gpt2", "model_args": "pretrained=EleutherAI/pythia-160m,revision=step1",
             "num_fewshot": 5, "batch_size": 16, "limit": 0.9, "device": "cuda"}
})";

TEST_F(ImportHarness, OldSingleFile) {
  const auto file = folder_ / "pythia.json";
  std::ofstream(file) << kOldFile;
  const ImportedRuns read = readHarness(file, {});
  const auto tasks = byTask(read);
  ASSERT_EQ(tasks.size(), 3u);
  const RunRecord& piqa = tasks.at("piqa (5-shot)");
  EXPECT_EQ(piqa.source, "lm-evaluation-harness 0.3, 5-shot");
  EXPECT_EQ(piqa.model, "pythia-160m@step1");
  EXPECT_EQ(piqa.family, "pythia");
  EXPECT_EQ(piqa.result.accuracyNormSe, 0.01138);
  EXPECT_EQ(tasks.at("lambada_openai (5-shot)").result.perplexity, 38.1);
  EXPECT_EQ(tasks.at("lambada_openai (5-shot)").result.perplexitySe, 1.6);
  EXPECT_EQ(piqa.parameters, 160e6);
  EXPECT_EQ(piqa.result.items, 1838);  // from accuracy and standard error
  EXPECT_EQ(piqa.result.chance, 0.5);
  EXPECT_EQ(piqa.result.itemLimit, 1838);  // a limit below 1 is a share
  EXPECT_EQ(tasks.at("lambada_openai (5-shot)").result.items, 5153);
  EXPECT_THAT(read.sentences(), Contains(HasSubstr("what the name says is taken: pythia-160m@step1 "
                                                   "(1.6e+08)")));
  EXPECT_THAT(read.sentences(), Contains(HasSubstr("left out: odd")));
  EXPECT_THAT(read.sentences(), Contains(HasSubstr("taken as 16 bit: pythia-160m@step1")));
}

TEST_F(ImportHarness, QuantizedModelsNeedTheirBits) {
  const auto write = [&](const std::string& model, const std::string& more) {
    const auto file = folder_ / "results.json";
    std::ofstream(file) << R"({"results": {"piqa": {"acc,none": 0.5, "acc_stderr,none": 0.01}},
      "config": {"model_num_parameters": 1000, "model_args": "pretrained=)"
                        << model << more << "\"}}";
    return file;
  };
  const ImportedRuns bnb =
      readHarness(write("m", ",load_in_4bit=True,bnb_4bit_quant_type=nf4"), {});
  EXPECT_EQ(bnb.runs[0].config, "bnb-nf4");
  EXPECT_EQ(bnb.runs[0].bits, 4);
  EXPECT_DOUBLE_EQ(bnb.runs[0].bitsPerParameter, 4.5);
  EXPECT_THAT(bnb.sentences(), Contains(HasSubstr("all are counted as quantized")));
  EXPECT_THAT(bnb.sentences(), Contains(HasSubstr("m at 4.5 bits")));
  std::string message;
  EXPECT_EQ(errorOf([&] { (void)readHarness(write("a/Llama-7B-GPTQ", ""), {}); }, message),
            ErrorKind::InvalidArgument);
  EXPECT_THAT(message, HasSubstr("looks quantized (\"GPTQ\")"));
  EXPECT_THAT(message, HasSubstr("give --bits"));
  ImportOptions options;
  options.bits = 4;
  options.blockSize = 128;
  options.method = "gptq";
  options.bitsPerParameter = 4.15;
  options.linearParameters = 800;
  options.parameters = 1000;
  const ImportedRuns gptq = readHarness(write("a/Llama-7B-GPTQ", ""), options);
  EXPECT_EQ(gptq.runs[0].config, "gptq4-b128");
  EXPECT_DOUBLE_EQ(gptq.runs[0].modelBits.checkpointBytes, 800 * 4.15 + 200 * 16);
  EXPECT_THAT(gptq.sentences(), IsEmpty());
}

TEST_F(ImportHarness, WrongFilesGetASentence) {
  const auto expect = [&](const std::string& text, ErrorKind kind, const std::string& part) {
    const auto file = folder_ / "results.json";
    std::ofstream(file) << text;
    std::string message;
    EXPECT_EQ(errorOf([&] { (void)readHarness(file, {}); }, message), kind) << text;
    EXPECT_THAT(message, HasSubstr(part));
    EXPECT_THAT(message, HasSubstr("results.json"));
  };
  expect("[]", ErrorKind::Format, "no object \"results\"");
  expect("{\"results\": {}}", ErrorKind::InvalidArgument, "does not name its model");
  expect("{\"results\": {}, \"model_name\": \"x\"}", ErrorKind::InvalidArgument,
         "give --parameters");
  expect("{\"results\": {\"a\": {\"acc,none\": \"x\"}}, \"model_name\": \"m-1b\"}",
         ErrorKind::Format, "no task with an accuracy");
  expect("{\"results\": ", ErrorKind::Format, "");
  std::string message;
  EXPECT_EQ(errorOf([&] { (void)readHarness(folder_ / "none.json", {}); }, message),
            ErrorKind::NotFound);
  std::filesystem::create_directories(folder_ / "empty");
  EXPECT_EQ(errorOf([&] { (void)readHarness(folder_ / "empty", {}); }, message),
            ErrorKind::NotFound);
}

TEST_F(ImportHarness, SamplesThatContradictAreNotUsed) {
  std::ofstream(folder_ / "results_2025-01-01.json")
      << R"({"results": {"t": {"acc,none": 0.5, "acc_stderr,none": 0.5}}, "model_name": "m-1b"})";
  const auto samples = folder_ / "samples_t_2025-01-01.jsonl";
  const auto read = [&](const std::string& text) {
    std::ofstream(samples) << text;
    return readHarness(folder_, {});
  };
  EXPECT_THAT(read("{\"doc_id\":0,\"acc\":1}\n{\"doc_id\":1,\"acc\":0}\n").runs[0].result.correct,
              ElementsAre(1, 0));
  // Order of lines does not matter, other filters are skipped.
  EXPECT_THAT(read("{\"doc_id\":1,\"acc\":0}\n\n{\"doc_id\":0,\"acc\":1,\"filter\":\"none\"}\n"
                   "{\"doc_id\":0,\"acc\":0,\"filter\":\"strict\"}\n")
                  .runs[0]
                  .result.correct,
              ElementsAre(1, 0));
  const ImportedRuns wrong = read("{\"doc_id\":0,\"acc\":1}\n{\"doc_id\":1,\"acc\":1}\n");
  EXPECT_THAT(wrong.runs[0].result.correct, IsEmpty());
  EXPECT_THAT(wrong.notes, Contains(HasSubstr("2 of 2 items are right but the results say 0.5")));
  EXPECT_THAT(read("{\"doc_id\":0,\"acc\":1}\n{\"doc_id\":0,\"acc\":0}\n").notes,
              Contains(HasSubstr("item 0 is there more than once")));
  std::string message;
  EXPECT_EQ(errorOf([&] { (void)read("{\"doc_id\":0,\"acc\":1}\n{broken\n"); }, message),
            ErrorKind::Format);
  EXPECT_THAT(message, HasSubstr(".jsonl:2"));
}

TEST_F(ImportHarness, NamesOfModels) {
  EXPECT_EQ(familyOfModel("EleutherAI/pythia-1.4b-deduped"), "pythia-deduped");
  EXPECT_EQ(familyOfModel("facebook/opt-350m"), "opt");
  EXPECT_EQ(familyOfModel("bigscience/bloom-1b7"), "bloom");
  EXPECT_EQ(familyOfModel("meta-llama/Llama-2-7b-hf"), "Llama-2-hf");
  EXPECT_EQ(familyOfModel("gpt2"), "gpt2");
  EXPECT_DOUBLE_EQ(*parametersOfName("bigscience/bloom-1b7"), 1.7e9);
  EXPECT_EQ(parametersOfName("Meta-Llama-3-70B"), 70e9);
  EXPECT_EQ(parametersOfName("opt-350m"), 350e6);
  EXPECT_FALSE(parametersOfName("gpt2-4bit"));
  EXPECT_FALSE(parametersOfName("microsoft/Phi-3-mini-4k-instruct"));  // a length
  EXPECT_DOUBLE_EQ(*parametersOfName("stabilityai/stablelm-2-1_6b"), 1.6e9);
  // What was done to the weights belongs to the base model's family.
  for (const char* name :
       {"Qwen/Qwen3-8B", "RedHatAI/Qwen3-8B-FP8-dynamic", "Qwen/Qwen3-8B-AWQ", "x/Qwen3-8B-bf16",
        "/data/models/Qwen3-8B/", "/data/models/Qwen3-8B-GPTQ-Int4", "x/Qwen3-8B-GGUF",
        "RedHatAI/Qwen3-8B-quantized.w4a16", "unsloth/Qwen3-8B-unsloth-bnb-4bit",
        "/cache/hub/models--Qwen--Qwen3-8B/snapshots/0123", "x/Qwen3-8B-4.0bpw-exl2"}) {
    EXPECT_EQ(familyOfModel(name), "Qwen3") << name;
    EXPECT_EQ(parametersOfName(name), 8e9) << name;
  }
  EXPECT_EQ(familyOfModel("pythia-160m@step3000"), "pythia");
  EXPECT_EQ(parseCount("1.3B"), 1.3e9);
  EXPECT_EQ(parseCount("125e6"), 125e6);
  EXPECT_FALSE(parseCount("12x"));
}

}  // namespace
}  // namespace bitfrontier
