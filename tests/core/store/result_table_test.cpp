// SPDX-License-Identifier: GPL-3.0-or-later
// Tables and logs of quantized models as other people publish them.

#include <gmock/gmock.h>

#include <fstream>
#include <map>

#include "core/store/import/import_llamacpp.h"
#include "tests/core/store/store_fixture.h"

namespace bitfrontier {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr double kGib = 8.0 * 1024 * 1024 * 1024;

class ResultTables : public StoreTest {
 protected:
  ImportedRuns read(const std::string& name, const std::string& text,
                    const ImportOptions& options = {}) {
    std::ofstream(folder_ / name) << text;
    return readLlamaCpp(folder_ / name, options);
  }
  std::string refusal(const std::string& name, const std::string& text) {
    std::string message;
    EXPECT_EQ(errorOf([&] { (void)read(name, text); }, message), ErrorKind::Format);
    return message;
  }
  static std::map<std::string, RunRecord> byConfig(const ImportedRuns& read) {
    std::map<std::string, RunRecord> out;
    for (const RunRecord& run : read.runs) out[run.config] = run;
    return out;
  }
};

TEST_F(ResultTables, SizesInMegabytesWithErrorsOfTheirOwn) {
  const auto got =
      read("any-9B.md",
           "| Quant | Size (MB) | Perplexity (PPL) | Size (%) | Accuracy (%) | PPL Error "
           "rate |\n|---|---|---|---|---|---|\n"
           "| IQ2_M | 3276 | 9.7973 | 18.58 | 88.70 | 0.07298 |\n"
           "| Q4_K_M | 5495 | 8.8 | 31.17 | 98.75 | 0.062 |\n"
           "| F16 | 17631 | 8.69 | 100.00 | 100.00 | 0.0614 |\n");
  ASSERT_EQ(got.runs.size(), 3u);
  for (const RunRecord& run : got.runs) {
    EXPECT_DOUBLE_EQ(run.parameters, 17631e6 / 2) << run.config;
    EXPECT_TRUE(std::isnan(run.result.accuracy)) << "a share of the 16-bit model is no accuracy";
  }
  EXPECT_DOUBLE_EQ(got.runs[0].modelBits.checkpointBytes, 3276 * 8e6);
  EXPECT_DOUBLE_EQ(got.runs[0].result.crossEntropySe, 0.07298 / 9.7973);
}

// They did nothing, without a word.
TEST_F(ResultTables, AFormatForAllRowsIsRefused) {
  const std::string table = "| Quant | Size (MB) | PPL |\n|---|---|---|\n| Q4_K_M | 5495 | 8.8 |\n";
  const auto refused = [&](const char* option, auto set) {
    ImportOptions options;
    set(options);
    std::string message;
    EXPECT_EQ(errorOf([&] { (void)read("any-9B.md", table, options); }, message),
              ErrorKind::InvalidArgument)
        << option;
    EXPECT_THAT(message, AllOf(HasSubstr("any-9B.md names the format of each row itself"),
                               HasSubstr(std::string("so ") + option + " cannot be given")));
  };
  refused("--config", [](ImportOptions& o) { o.config = "int4"; });
  refused("--bits", [](ImportOptions& o) { o.bits = 4; });
  refused("--type", [](ImportOptions& o) { o.dataType = "nf"; });
  refused("--block", [](ImportOptions& o) { o.blockSize = 64; });
  refused("--method", [](ImportOptions& o) { o.method = "gptq"; });
  refused("--bits-per-parameter", [](ImportOptions& o) { o.bitsPerParameter = 4.25; });
  EXPECT_EQ(read("any-9B.md", table).runs.size(), 1u);
}

TEST_F(ResultTables, EveryUnitInHeaderOrCell) {
  const std::pair<const char*, double> sizes[] = {
      {"4.58GiB", 4.58 * kGib}, {"4,58 GB", 4.58 * 8e9},           {"4580 MB", 4580 * 8e6},
      {"4.58G", 4.58 * kGib},   {"4,580 MiB", 4580 * kGib / 1024}, {"4580000000 bytes", 4.58e9 * 8},
      {"~4.58 GB", 4.58 * 8e9}, {"4580000 KB", 4.58e9 * 8}};
  for (const auto& [cell, bits] : sizes) {
    const auto got =
        read("m-8B.md", std::string("| Quant | File size | PPL |\n|---|---|---|\n| Q4_K_M | ") +
                            cell + " | 6.4 |\n");
    ASSERT_EQ(got.runs.size(), 1u) << cell;
    EXPECT_DOUBLE_EQ(got.runs[0].modelBits.checkpointBytes, bits) << cell;
  }
  const std::pair<const char*, double> headers[] = {
      {"Disk (GB)", 8e9}, {"Model size [GiB]", kGib}, {"GiB", kGib}, {"size_gb", 8e9}};
  for (const auto& [header, unit] : headers) {
    const auto got = read(
        "m-8B.md", std::string("| Quant | ") + header +
                       " | VRAM (GB) | PPL |\n|---|---|---|---|\n| Q4_K_M | 4.5 | 6 | 6.4 |\n");
    EXPECT_DOUBLE_EQ(got.runs.at(0).modelBits.checkpointBytes, 4.5 * unit) << header;
  }
  // Memory in use is no size, and a size without a unit is said to be taken as GB.
  const auto vram =
      read("m-8B.md", "| Quant | VRAM (GB) | PPL |\n|---|---|---|\n| Q8_0 | 9.9 | 6.4 |\n");
  EXPECT_DOUBLE_EQ(vram.runs.at(0).modelBits.checkpointBytes, 8.5 * 8e9);
  const auto bare =
      read("m-8B.md", "| Quant | Size | PPL |\n|---|---|---|\n| Q4_K_M | 4.9 | 6.4 |\n");
  EXPECT_DOUBLE_EQ(bare.runs.at(0).modelBits.checkpointBytes, 4.9 * 8e9);
  EXPECT_THAT(bare.notes, Contains(HasSubstr("\"Size\" has no unit and is taken as GB")));
}

TEST_F(ResultTables, SizesThatCannotBeAreRefusedWithRowAndValue) {
  EXPECT_THAT(
      refusal("some-9B.md",
              "| Quant | Size (GB) | PPL |\n|---|---|---|\n| Q4_K_M | 5495 | 8.8 |\n"
              "| F16 | 17631 | 8.69 |\n"),
      AllOf(HasSubstr("some-9B.md:3: "), HasSubstr("8.82e+12 parameters contradict the 9e+09"),
            HasSubstr("Q4_K_M, size 5495")));
  EXPECT_THAT(refusal("m.md", "| Quant | Params | PPL |\n|---|---|---|\n| Q4_0 | 0.07 | 8.8 |\n"),
              AllOf(HasSubstr("m.md:3: 0.07 parameters cannot be"), HasSubstr("Q4_0")));
  EXPECT_THAT(refusal("m-7B.md", "| Quant | BPW | PPL |\n|---|---|---|\n| Q4_0 | 450 | 8.8 |\n"),
              HasSubstr("450 bits per weight"));
  EXPECT_THAT(
      refusal("m-7B.md", "| Quant | Size (GB) | PPL |\n|---|---|---|\n| Q4_0 | 0.3 | 8.8 |\n"),
      HasSubstr("0.343 bits per weight"));
  EXPECT_THAT(
      refusal("m-7B.md", "| Quant | Size (GB) | PPL |\n|---|---|---|\n| Q4_0 | 0 | 8.8 |\n"),
      HasSubstr("not above zero"));
}

TEST_F(ResultTables, EveryRowIsReadOrNamed) {
  const auto got = read("m-8B.md",
                        "| Quant | Size (GB) | PPL |\n|---|---|---|\n"
                        "| `Q4_K_M` | 4.9 | 6.1 |\n| **Q5_K_M** | **5.7** | **6.2** |\n"
                        "| [Q6_K](https://host/a_b.gguf) | 6.6 | 6.3 |\n| UD-Q4_K_XL | 5 | 6.4 |\n"
                        "| MXFP4 | 4.4 | 6.5 |\n| NVFP4 | 4.6 | 6.6 |\n| Q4_0_4_4 | 4.6 | 6.7 |\n"
                        "| TQ1_0 | 1.9 | 60 |\n| q8_0 | 8.5 | 6.8 |\n| IQ2\\_S | 2.8 | 8 |\n"
                        "| Q3_K_S-imatrix | 3.6 | 7 |\n| Base (FP) | 16 | 6 |\n| Q2_K | N/A | - |\n"
                        "| m-8B-Q5_0.gguf | 5.6 | 6.9 |\n| FP16 | 16 | 6.0 |\n");
  const auto runs = byConfig(got);
  for (const char* config : {"Q4_K_M", "Q5_K_M", "Q6_K", "UD-Q4_K_XL", "MXFP4", "NVFP4", "Q4_0_4_4",
                             "TQ1_0", "Q8_0", "IQ2_S", "Q3_K_S imatrix", "Q5_0", "F16"}) {
    EXPECT_TRUE(runs.contains(config)) << config;
  }
  EXPECT_EQ(runs.size(), 13u);
  EXPECT_DOUBLE_EQ(std::exp(runs.at("Q5_K_M").result.crossEntropy), 6.2);
  EXPECT_EQ(runs.at("TQ1_0").dataType, "ternary");
  EXPECT_EQ(runs.at("Q3_K_S imatrix").method, "imatrix");
  EXPECT_THAT(got.notes,
              Contains(AllOf(HasSubstr("2 rows are not read"), HasSubstr("line 14 \"Base (FP)\""),
                             HasSubstr("line 15 \"Q2_K\" (no number)"))));
}

TEST_F(ResultTables, BitsByNameAreSaidOnce) {
  ImportOptions options;
  options.parameters = 8e9;
  const auto got = read("m.md",
                        "| Method | Model | Perplexity |\n|---|---|---|\n"
                        "| GGUF Q2_K | Any 2 Chat | 8.58 +/- 0.06 |\n"
                        "| GGUF Q4_0 | Any 2 Chat | 7.88 +/- 0.05 |\n"
                        "| GGUF Q4_K_M | Any 2 Chat | 7.72 +/- 0.05 |\n",
                        options);
  const auto runs = byConfig(got);
  ASSERT_EQ(runs.size(), 3u);
  EXPECT_EQ(runs.at("Q4_0").model, "Any 2 Chat");
  EXPECT_DOUBLE_EQ(runs.at("Q4_0").modelBits.checkpointBytes, 4.5 * 8e9);
  EXPECT_NEAR(runs.at("Q4_K_M").modelBits.checkpointBytes, 4.85 * 8e9, 0.05 * 8e9);
  EXPECT_DOUBLE_EQ(runs.at("Q2_K").result.crossEntropySe, 0.06 / 8.58);
  ASSERT_EQ(got.notes.size(), 1u);
  EXPECT_THAT(got.notes[0],
              AllOf(HasSubstr("Q4_0 4.5"), HasSubstr("Llama 3.1 8B"), HasSubstr("embeddings")));
}

TEST_F(ResultTables, SizesFollowFromNamesWithout16Bit) {
  const auto got = read("README.md",
                        "## Perplexity\n\n| model | score |\n|---|---:|\n"
                        "| any-llama-7b-q2_K.bin | 8.5 |\n| any-llama-7b-q4_0.bin | 7.2 |\n");
  ASSERT_EQ(got.runs.size(), 2u);
  EXPECT_EQ(got.runs[1].model, "any-llama-7b");
  EXPECT_EQ(got.runs[1].config, "Q4_0");
  EXPECT_DOUBLE_EQ(got.runs[1].modelBits.checkpointBytes, 4.5 * 7e9);
  EXPECT_DOUBLE_EQ(std::exp(got.runs[1].result.crossEntropy), 7.2);
}

TEST_F(ResultTables, FormatsAsColumns) {
  const auto got =
      read("README.md",
           "In the following we report the PPL of all sizes.\n\n"
           "|Size | fp16 | q8_0 | q4_k_m | iq1_m |\n|---|---|---|---|---|\n"
           "|0.5B | 15.11 | 15.13 | 15.36 | - |\n|57B-A14B | 6.82 | 6.81 | 6.90 | 7.9 |\n");
  EXPECT_EQ(got.runs.size(), 7u);
  EXPECT_EQ(got.runs[2].config, "Q4_K_M");
  EXPECT_EQ(got.runs[2].model, "0.5B");
  EXPECT_DOUBLE_EQ(std::exp(got.runs[2].result.crossEntropy), 15.36);
  EXPECT_DOUBLE_EQ(got.runs[1].modelBits.checkpointBytes, 8.5 * 0.5e9);
  EXPECT_THAT(got.notes, Contains(HasSubstr("1 row is not read")));
  const auto sizes =
      read("x.md",
           "| Model | FP16 Size | FP16 PPL | Q4_K Size | Q4_K PPL |\n|---|---|---|---|---|\n"
           "| A-3B | 5.6 GB | 5.72 | 2.1 GB | 5.76 |\n");
  ASSERT_EQ(sizes.runs.size(), 2u);
  EXPECT_DOUBLE_EQ(sizes.runs[1].modelBits.checkpointBytes, 2.1 * 8e9);
  EXPECT_DOUBLE_EQ(sizes.runs[1].parameters, 2.8e9);
}

TEST_F(ResultTables, AccuraciesOfTasks) {
  const auto got = read("r.md",
                        "| Model | Quant | Bits | HellaSwag | | ARC-c (25-shot) | Avg |\n"
                        "|---|---|---|---|---|---|---|\n"
                        "| | | | acc | stderr | acc | |\n"
                        "| A-7B | FP16 | 16 | **57.13%** | 0.49 | 43.9 | 50 |\n"
                        "| A-7B | AWQ | 4 | 56.40% | 0.50 | N/A | 49 |\n"
                        "| A-7B | weird | - | 50.0% | 0.50 | 30 | 49 |\n");
  ASSERT_EQ(got.runs.size(), 3u);
  EXPECT_EQ(got.runs[0].result.task, "hellaswag");
  EXPECT_DOUBLE_EQ(got.runs[0].result.accuracy, 0.5713);
  EXPECT_DOUBLE_EQ(got.runs[0].result.accuracySe, 0.0049);
  EXPECT_EQ(got.runs[0].result.chance, 0.25);
  EXPECT_EQ(got.runs[1].result.task, "arc_challenge (25-shot)");
  EXPECT_EQ(got.runs[1].result.chance, 0.25);
  EXPECT_EQ(got.runs[2].config, "AWQ 4 bit");
  EXPECT_EQ(got.runs[2].method, "awq");
  EXPECT_DOUBLE_EQ(got.runs[2].modelBits.checkpointBytes, 4 * 7e9);
  EXPECT_THAT(got.notes, Contains(HasSubstr("\"weird\" (no bit width)")));
  // Shares stay shares, and one column of accuracies takes the task that is given.
  ImportOptions options;
  options.task = "piqa";
  const auto share = read("b-1B.md",
                          "| Method | Bits | Group size | Accuracy |\n|---|---|---|---|\n"
                          "| GPTQ | 3 | 128 | 0.70 |\n",
                          options);
  EXPECT_DOUBLE_EQ(share.runs.at(0).result.accuracy, 0.70);
  EXPECT_EQ(share.runs[0].result.task, "piqa");
  EXPECT_EQ(share.runs[0].blockSize, 128);
  EXPECT_DOUBLE_EQ(share.runs[0].modelBits.checkpointBytes, (3 + 16.0 / 128) * 1e9);
}

TEST_F(ResultTables, SeveralTablesOfOneFile) {
  const auto got =
      read("BENCH.md",
           "## Qwen-0.6B\n| Quant | PPL |\n|---|---|\n| Q8_0 | 21.9 |\n| Q2_K | 43 |\n"
           "## Speed\n| GPU | t/s |\n|---|---|\n| x | 5 |\n"
           "## Qwen-27B\n| Quant | PPL | \u0394PPL |\n|---|---|---|\n| Q8_0 | 6.5 | 0.1 |\n");
  ASSERT_EQ(got.runs.size(), 3u);
  EXPECT_EQ(got.runs[0].model, "Qwen-0.6B");
  EXPECT_EQ(got.runs[2].model, "Qwen-27B");
  EXPECT_EQ(got.runs[2].family, "Qwen");
  EXPECT_DOUBLE_EQ(got.runs[2].modelBits.checkpointBytes, 8.5 * 27e9);
  // The same cell twice: equal numbers count once, others are named.
  const auto twice =
      read("a-1B.md", "| Quant | PPL |\n|---|---|\n| Q8_0 | 9 |\n| Q8_0 | 9 |\n| q8_0 | 8 |\n");
  EXPECT_EQ(twice.runs.size(), 1u);
  EXPECT_THAT(twice.notes, Contains(HasSubstr("1 row is not read")));
}

TEST_F(ResultTables, ModelsInFrontOfFormats) {
  const auto got = read("x.md",
                        "| Model | PPL |\n|---|---|\n| Deep-R1-Q8_0 | 3.2 |\n"
                        "| someone Q2_K_L | 3.9 |\n| mix/IQ4_K | 3.4 |\n");
  ASSERT_EQ(got.runs.size(), 3u);
  EXPECT_EQ(got.runs[0].model, "Deep-R1");
  EXPECT_EQ(got.runs[1].config, "someone Q2_K_L");
  EXPECT_EQ(got.runs[1].model, "x");
  EXPECT_EQ(got.runs[2].config, "mix/ IQ4_K");
}

TEST_F(ResultTables, DifferencesAreNotPerplexities) {
  const auto got = read("a-8B.md",
                        "| Quant | PPL | PPL diff | PPL ratio |\n|---|---|---|---|\n"
                        "| Q8_0 | 6.2 | 0.1 | 1.01 |\n| Q4_0 | +0.4685 | 0.5 | 1.1 |\n");
  EXPECT_EQ(got.runs.size(), 1u);
  EXPECT_THAT(got.notes, Contains(HasSubstr("\"+0.4685\" is a difference")));
  EXPECT_THAT(refusal("b.md", "| Quant | PPL gap |\n|---|---|\n| Q8_0 | 0.001 |\n"),
              HasSubstr("looked for: a column of formats"));
}

TEST_F(ResultTables, TokensASecondUnderFormatsAreNoPerplexities) {
  EXPECT_THAT(refusal("speed.md",
                      "| Platform | Threads | Q4_0 | Q4_0_R4 | Speedup |\n"
                      "|---|---|---|---|---|\n"
                      "| Zen4 | 16 | 185.89 \u00b1 0.84 | 278.15 \u00b1 0.39 | 1.5 |\n"),
              HasSubstr("no table of quantizations"));
  EXPECT_THAT(refusal("s.md",
                      "PPL is the same.\n\n| CPU | Q4_0 t/s | Q8_0 t/s |\n|---|---|---|\n"
                      "| Zen4 | 185 | 278 |\n"),
              HasSubstr("no table of quantizations"));
  // The perplexity of the 16-bit model beside each quantized one is not the row's.
  const auto got = read("q-8B.md",
                        "| Quantization | PPL(f16) | PPL (Q) |\n|---|---|---|\n"
                        "| Q4_0 | 6.1 | 6.4 |\n");
  ASSERT_EQ(got.runs.size(), 1u);
  EXPECT_DOUBLE_EQ(std::exp(got.runs[0].result.crossEntropy), 6.4);
}

TEST_F(ResultTables, ImatrixInAColumnOfItsOwn) {
  const auto got =
      read("a-3B.md",
           "| Quant | Size | Blind PPL | imatrix PPL |\n|---|---|---|---|\n"
           "| IQ4_XS | 1.72 GB | 7.57 | 7.49 |\n| IQ2_M | 1.13 GB | failed | 9.93 |\n");
  const auto runs = byConfig(got);
  ASSERT_EQ(runs.size(), 3u);
  EXPECT_DOUBLE_EQ(std::exp(runs.at("IQ4_XS").result.crossEntropy), 7.57);
  EXPECT_DOUBLE_EQ(std::exp(runs.at("IQ4_XS imatrix").result.crossEntropy), 7.49);
  EXPECT_DOUBLE_EQ(std::exp(runs.at("IQ2_M imatrix").result.crossEntropy), 9.93);
  EXPECT_EQ(runs.at("IQ4_XS").result.task, runs.at("IQ4_XS imatrix").result.task);
  EXPECT_THAT(got.notes, Contains(HasSubstr("taken to be that of WikiText-2")));
}

TEST_F(ResultTables, MethodsWithBitsAndGroups) {
  const auto got =
      read("Llama-3-8B.md",
           "| Method | bits | group_size | PPL | ARC-c |\n|---|---|---|---|---|\n"
           "| Original | \u2014 | \u2014 | 6.14 | 0.5401 |\n| | | | | |\n"
           "| GPTQ | 4 | 128 | 12.66 | 0.5026 |\n| GPTQ | 4 | per-channel | 665.94 | 0.3 |\n"
           "| GPTQ | 3 | 64 | 45.22 | 0.4 |\n");
  const auto runs = byConfig(got);
  EXPECT_EQ(got.runs.size(), 8u);
  EXPECT_EQ(runs.at("Original").bits, 16);
  EXPECT_DOUBLE_EQ(runs.at("GPTQ 4 bit g128").modelBits.checkpointBytes, (4 + 16.0 / 128) * 8e9);
  EXPECT_DOUBLE_EQ(runs.at("GPTQ 4 bit").modelBits.checkpointBytes, 4 * 8e9);
  EXPECT_TRUE(runs.contains("GPTQ 3 bit g64"));
  EXPECT_THAT(got.notes, Contains(HasSubstr("\"Original\" is taken as 16 bit")));
  const auto wide = read("README.md",
                         "| Wiki2 PPL | FP16 | 4bit-RTN | 3g128-GPTQ |\n|---|---|---|---|\n"
                         "| Any-7B | 5.68 | 6.29 | **6.61** |\n");
  ASSERT_EQ(wide.runs.size(), 3u);
  EXPECT_EQ(wide.runs[2].model, "Any-7B");
  EXPECT_EQ(wide.runs[2].bits, 3);
  EXPECT_EQ(wide.runs[2].blockSize, 128);
  EXPECT_EQ(wide.runs[1].method, "rtn");
  EXPECT_EQ(wide.runs[1].source, "README.md") << "llama.cpp has no GPTQ";
  EXPECT_EQ(wide.runs[1].result.task, "wikitext-2");
  const auto billions =
      read("b.md",
           "| Model | Params (B) | Quant | Perplexity |\n|---|---|---|---|\n"
           "| any-0.5b | 0.5 | fp16 | 10.46 |\n| any-0.5b | 0.5 | int4 | 11.22 |\n");
  ASSERT_EQ(billions.runs.size(), 2u);
  EXPECT_DOUBLE_EQ(billions.runs[1].modelBits.checkpointBytes, 4 * 0.5e9);
}

TEST_F(ResultTables, BenchmarksAsRows) {
  const auto got =
      read("Llama-3-8B-acc.md",
           "| Metric | **BF16** | w4g128 w/o lm-head |\n|---|---|---|\n"
           "| Avg. | 0.6352 | 0.6312 |\n| mmlu | 0.6386 | 0.6306 |\n| piqa | 0.7867 | - |\n");
  ASSERT_EQ(got.runs.size(), 3u);
  EXPECT_EQ(got.runs[2].config, "w4g128 w/o lm-head");
  EXPECT_EQ(got.runs[2].result.task, "mmlu");
  EXPECT_DOUBLE_EQ(got.runs[2].result.accuracy, 0.6306);
  EXPECT_EQ(got.runs[2].blockSize, 128);
}

TEST_F(ResultTables, CsvOfSpreadsheets) {
  const auto got =
      read("r.csv",
           "Model;Quant;Context;Perplexity;Size_GB\n"
           "7B;q3_k;256;5.5530 +/- 0.43855;3.07\n\n7B;f16;256;5.4651 +/- 0.43356;12.55\n");
  ASSERT_EQ(got.runs.size(), 2u);
  EXPECT_DOUBLE_EQ(std::exp(got.runs[0].result.crossEntropy), 5.553);
  EXPECT_DOUBLE_EQ(got.runs[0].modelBits.checkpointBytes, 3.07 * 8e9);
  EXPECT_EQ(got.runs[0].result.task, "wikitext-2 (llama.cpp, 256 tokens)");
  const auto comma = read("c.csv", "model;quant;ppl;size (GB)\nA-7B;Q4_0;6,1565;3,56\n");
  EXPECT_DOUBLE_EQ(std::exp(comma.runs.at(0).result.crossEntropy), 6.1565);
  EXPECT_DOUBLE_EQ(comma.runs[0].modelBits.checkpointBytes, 3.56 * 8e9);
}

constexpr const char* kLog =
    "main: build = 3912\n./llama-perplexity -m models/some-8B-Q4_K_M.gguf -f wiki.test.raw\n"
    "llama_model_loader: - kv   1:                               general.name str = some-8B\n"
    "llm_load_print_meta: model ftype      = Q4_K - Medium\n"
    "llm_load_print_meta: model params     = 8.03 B\n"
    "llm_load_print_meta: model size       = 4.58 GiB (4.89 BPW) \n"
    "perplexity: calculating perplexity over 564 chunks, n_ctx=512, batch_size=2048, n_seq=4\n"
    "[1]4.5,[2]5.1,[3]6.2,\n";

TEST_F(ResultTables, LogsOfLlamaPerplexity) {
  const std::string log = kLog;
  const auto got = read("a.log", log + "Final estimate: PPL = 6.4571 +/- 0.03918\n");
  ASSERT_EQ(got.runs.size(), 1u);
  const RunRecord& run = got.runs[0];
  EXPECT_EQ(run.model, "some-8B");
  EXPECT_EQ(run.config, "Q4_K_M");
  EXPECT_EQ(run.source, "llama.cpp");
  EXPECT_DOUBLE_EQ(run.parameters, 8.03e9);
  EXPECT_DOUBLE_EQ(run.modelBits.checkpointBytes, 4.58 * kGib);
  EXPECT_DOUBLE_EQ(run.bitsPerParameter, 4.89);
  EXPECT_DOUBLE_EQ(run.result.crossEntropy, std::log(6.4571));
  EXPECT_DOUBLE_EQ(run.result.crossEntropySe, 0.03918 / 6.4571);
  EXPECT_EQ(run.result.task, "wikitext-2 (llama.cpp)");
  EXPECT_TRUE(looksLikeLlamaCpp(folder_ / "a.log"));
  // Another context is another measurement.
  std::string longer = log;
  longer.replace(longer.find("n_ctx=512"), 9, "n_ctx=2048");
  EXPECT_EQ(read("b.txt", longer + "Final estimate: PPL = 5.9 +/- 0.03\n").runs.at(0).result.task,
            "wikitext-2 (llama.cpp, 2048 tokens)");
  // Killed before its end, or not a number.
  EXPECT_THAT(refusal("c.log", log), HasSubstr("it ended after 3 of 564 chunks"));
  EXPECT_THAT(refusal("d.log", log + "Final estimate: PPL = nan +/- nan\n"),
              HasSubstr("it is no number"));
}

TEST_F(ResultTables, LogsOfOtherVersions) {
  const auto now =
      read("now.log",
           "print_info: file type   = IQ3_S mix - 3.66 bpw\n"
           "print_info: file size   = 14.49 GiB (3.63 BPW)\n"
           "print_info: model params     = 34.29 B\n"
           "print_info: general.name     = Any 34B\n"
           "perplexity: calculating perplexity over 10 chunks, n_ctx=512, batch_size=1\n"
           "Final estimate: PPL = 6.4 +/- 0.1\n");
  EXPECT_EQ(now.runs.at(0).config, "IQ3_M");
  EXPECT_EQ(now.runs[0].model, "Any 34B");
  const auto old = read("old.log",
                        "llama.cpp: loading model from ../models/7B/ggml-model-q4_0.bin\n"
                        "llama_model_load_internal: ftype      = 2 (mostly Q4_0)\n"
                        "llama_model_load_internal: model size = 7B\n"
                        "perplexity : calculating perplexity over 3 chunks\n"
                        "9.64 seconds per pass - ETA 1.75 hours\n[1]4.5,[2]5.0,[3]6.2,\n");
  EXPECT_EQ(old.runs.at(0).config, "Q4_0");
  EXPECT_DOUBLE_EQ(old.runs[0].result.crossEntropy, std::log(6.2));
  // Late 2023: the context stands in another line than the chunks, and a part of the text is
  // another.
  const auto part =
      read("part.log",
           "+ ./bin/perplexity --model m/ggml-model-q8_0.gguf -f a/play.txt --chunks 2\n"
           "llm_load_print_meta: model ftype      = Q8_0\n"
           "llm_load_print_meta: model params     = 3.43 B\n"
           "llm_load_print_meta: model size       = 3.39 GiB (8.50 BPW)\n"
           "llm_load_print_meta: general.name     = any\n"
           "llama_new_context_with_model: n_ctx      = 128\n"
           "perplexity: calculating perplexity over 2 chunks, batch_size=128\n"
           "[1]9.1926,[2]8.0473,\nFinal estimate: PPL = 8.0473 +/- 1.47190\n");
  EXPECT_EQ(part.runs.at(0).result.task, "play.txt (llama.cpp, 128 tokens, 2 chunks)");
  // A list of results in Markdown, one file after another.
  const auto list = read("BENCHMARKS.md",
                         "* `Any-1B-BF16.gguf`\n  - Final estimate: PPL = 18.3274 +/- 0.15396\n"
                         "* `Any-1B-Q2_K.gguf`\n  - Final estimate: PPL = 190.2778 +/- 1.89090\n");
  ASSERT_EQ(list.runs.size(), 2u);
  EXPECT_EQ(list.runs[1].model, "Any-1B");
  EXPECT_EQ(list.runs[1].config, "Q2_K");
  EXPECT_DOUBLE_EQ(list.runs[0].modelBits.checkpointBytes, 16e9);
  // A result far below a name is not its own; a cut log has its name.
  const auto far = read("far.md", "* `Any-1B-BF16.gguf`\n - Final estimate: PPL = 18 +/- 0.1\n" +
                                      std::string(20, '\n') + "Final estimate: PPL = 99 +/- 0.1\n");
  EXPECT_EQ(far.runs.size(), 1u);
  EXPECT_THAT(far.notes, Contains(HasSubstr("1 row is not read")));
  EXPECT_EQ(read("any-7B-Q4_0.log", "Final estimate: PPL = 6.1 +/- 0.1\n").runs.at(0).model,
            "any-7B");
}

}  // namespace
}  // namespace bitfrontier
