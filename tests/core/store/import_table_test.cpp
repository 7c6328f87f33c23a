// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include <fstream>

#include "core/store/import/import_csv.h"
#include "core/store/import/import_llamacpp.h"
#include "core/store/import/markdown_table.h"
#include "tests/core/store/store_fixture.h"
#include "tests/support/cases.h"

namespace bitfrontier {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using ImportTable = StoreTest;

std::vector<CsvMapping> mapping(const std::vector<std::string>& columns,
                                const std::vector<std::string>& values = {}) {
  std::vector<CsvMapping> all;
  for (const auto& text : columns) all.push_back(parseCsvMapping(text, false));
  for (const auto& text : values) all.push_back(parseCsvMapping(text, true));
  return all;
}

TEST_F(ImportTable, ColumnsAreMapped) {
  const auto file = folder_ / "mine.csv";
  std::ofstream(file) << "name,fam,w,acc_mean,n,p\n"
                      << "F-1,F,4,43.25,400,1.3B\nF-1,F,16,44,400,1.3B\n";
  const ImportedRuns read =
      readMappedCsv(file,
                    mapping({"model=name", "family=fam", "bits=w", "accuracy_percent=acc_mean",
                             "items=n", "parameters=p", "config={fam}-{w}bit"},
                            {"task=mean", "bits_per_parameter=4.5", "source=Somebody 2024"}),
                    {});
  ASSERT_EQ(read.runs.size(), 2u);
  const RunRecord& run = read.runs[0];
  EXPECT_EQ(run.model, "F-1");
  EXPECT_EQ(run.family, "F");
  EXPECT_EQ(run.config, "F-4bit");
  EXPECT_EQ(run.bits, 4);
  EXPECT_EQ(run.source, "Somebody 2024");
  EXPECT_EQ(run.result.task, "mean");
  EXPECT_DOUBLE_EQ(run.result.accuracy, 0.4325);
  EXPECT_DOUBLE_EQ(run.result.accuracySe, std::sqrt(0.4325 * 0.5675 / 399));
  EXPECT_DOUBLE_EQ(run.modelBits.checkpointBytes, 4.5 * 1.3e9);
}

TEST_F(ImportTable, TasksMayBeColumns) {
  const auto file = folder_ / "wide.csv";
  std::ofstream(file) << "model,bits,total_bits,acc_piqa,acc_arc,ppl\n"
                      << "M-1b,4,4.5e9,70,,12.5\nM-1b,16,16e9,71,40,12\n";
  const ImportedRuns read =
      readMappedCsv(file,
                    mapping({"accuracy_percent:piqa=acc_piqa", "accuracy_percent:arc_easy=acc_arc",
                             "perplexity:wikitext2=ppl"},
                            {"items:piqa=1838"}),
                    {});
  ASSERT_EQ(read.runs.size(), 5u);
  EXPECT_EQ(read.runs[0].result.task, "piqa");
  EXPECT_EQ(read.runs[0].result.items, 1838);
  EXPECT_EQ(read.runs[0].result.chance, 0.5);
  EXPECT_EQ(read.runs[1].result.task, "wikitext2");
  EXPECT_DOUBLE_EQ(read.runs[1].result.crossEntropy, std::log(12.5));
  EXPECT_DOUBLE_EQ(read.runs[1].modelBits.checkpointBytes, 4.5e9);
  EXPECT_DOUBLE_EQ(read.runs[1].parameters, 1e9);
  EXPECT_TRUE(std::isnan(read.runs[3].result.accuracySe));  // arc_easy: no number of items
  EXPECT_THAT(read.notes, Contains(HasSubstr("1 rows without an accuracy or perplexity")));
}

TEST_F(ImportTable, MistakesOfMappingsAndFiles) {
  const auto file = folder_ / "m.csv";
  std::string message;
  const auto expect = [&](const std::string& rows, const std::vector<CsvMapping>& map,
                          ErrorKind kind, const std::string& part) {
    std::ofstream(file) << "model,bits,accuracy,p\n" << rows;
    EXPECT_EQ(errorOf([&] { (void)readMappedCsv(file, map, {}); }, message), kind) << rows;
    EXPECT_THAT(message, HasSubstr(part));
  };
  expect("m,4,0.5,1e9\n", mapping({"task=nothing"}), ErrorKind::InvalidArgument,
         "no column \"nothing\" for task; its columns are model, bits, accuracy, p");
  expect("m,4,43,1e9\n", {}, ErrorKind::Format, ":2:5: accuracy 43 is not within 0..1 (accuracy_");
  expect("m,40.5,0.4,1e9\n", {}, ErrorKind::Format, ":2:3: bits 40.5 is not within 1..32");
  expect("m,0,0.4,1e9\n", {}, ErrorKind::Format, "bits 0 is not within 1..32");
  expect("m,,0.4,1e9\n", {}, ErrorKind::Format, "neither bits nor a config fp16");
  expect("m,4,nan,1e9\n", {}, ErrorKind::Format, "accuracy 'nan' is not a number");
  expect("m,4,0.4,-5\n", mapping({"parameters=p"}), ErrorKind::Format,
         ":2:9: parameters -5 is not");
  expect("m,4,0.4,1\nm,4,0.4,1\n", {}, ErrorKind::Format, "m int4 on accuracy is there twice");
  expect("m,4,,1\n", {}, ErrorKind::InvalidArgument, "name them with --map accuracy=COLUMN");
  expect("m,4,0.4,1\n", mapping({"model={p"}), ErrorKind::InvalidArgument, "never closed");
  EXPECT_EQ(errorOf([] { (void)parseCsvMapping("size=p", false); }, message),
            ErrorKind::InvalidArgument);
  EXPECT_THAT(message, HasSubstr("there is no field \"size\"; fields are model, family"));
  EXPECT_EQ(errorOf([] { (void)parseCsvMapping("model", false); }, message),
            ErrorKind::InvalidArgument);
}

TEST_F(ImportTable, UnknownBitsAreSaid) {
  const auto file = folder_ / "m.csv";
  std::ofstream(file) << "model,bits,accuracy\nsomething,4,0.5\n";
  const ImportedRuns read = readMappedCsv(file, {}, {});
  EXPECT_TRUE(std::isnan(read.runs[0].modelBits.checkpointBytes));
  EXPECT_THAT(read.notes, Contains(HasSubstr("the bits of 1 of 1 runs are unknown")));
}

TEST_F(ImportTable, GgufTypes) {
  EXPECT_EQ(parseGgufType("q4_K_M")->bits, 4);
  EXPECT_EQ(parseGgufType("q4_K_M")->dataType, "k-quant");
  EXPECT_EQ(parseGgufType("IQ2_XXS")->bits, 2);
  EXPECT_EQ(parseGgufType("IQ2_XXS")->dataType, "i-quant");
  EXPECT_EQ(parseGgufType("Q8_0")->blockSize, 32);
  EXPECT_EQ(parseGgufType("bf16")->bits, 16);
  for (const char* name : {"", "q", "q4", "quant", "Q9_0", "4bit", "f8"}) {
    EXPECT_FALSE(parseGgufType(name)) << name;
  }
}

TEST_F(ImportTable, ScoreboardOfLlamaCpp) {
  const auto file = folder_ / "llama-3-8b.md";
  std::ofstream(file)
      << "# Perplexity\n\n| Revision | f36 |\n|:--|:--|\n| CPU | x |\n\n"
      << "```\n| Quantization | PPL |\n|---|---|\n| q4_0 | 1 |\n```\n"
      << "| Quantization | imatrix | Model size [GiB] | PPL | \u0394PPL |\n"
      << "|--------------|---------|-----------------:|-----|------|\n"
      << "| f16    | None    | 14.97 |  6.233160 \u00b1   0.037828 | 0.0 \u00b1 0.1 |\n"
      << "| q4_K_M | WT 10m  |  4.58 |  6.382937 \u00b1   0.039055 | 0.1 \u00b1 0.1 |\n"
      << "| q4_K_M | None    |  4.58 |  6.407115 +/- 0.039119 | 0.1 |\n"
      << "\n| Metric | L2 7b q2_K |\n|---|---|\n| Mean PPL | 5.79 |\n";
  const ImportedRuns read = readLlamaCpp(file, {});
  ASSERT_EQ(read.runs.size(), 3u);
  const RunRecord& run = read.runs[1];
  EXPECT_EQ(run.model, "llama-3-8b");
  EXPECT_EQ(run.family, "llama-3");
  EXPECT_EQ(run.config, "Q4_K_M imatrix WT 10m");
  EXPECT_EQ(run.bits, 4);
  EXPECT_DOUBLE_EQ(run.result.crossEntropy, std::log(6.382937));
  EXPECT_DOUBLE_EQ(run.result.crossEntropySe, 0.039055 / 6.382937);
  EXPECT_DOUBLE_EQ(run.modelBits.checkpointBytes, 4.58 * 8 * 1073741824.0);
  EXPECT_DOUBLE_EQ(run.parameters, 14.97 * 1073741824.0 / 2);
  EXPECT_EQ(read.runs[2].config, "Q4_K_M");
  EXPECT_DOUBLE_EQ(read.runs[2].result.crossEntropySe, 0.039119 / 6.407115);
  EXPECT_THAT(read.notes, Contains(HasSubstr("does not say how large the models are")));
}

TEST_F(ImportTable, MeasuresOfTheOldReadme) {
  const auto file = folder_ / "README.md";
  std::ofstream(file) << "| Model | Measure      |    F16 |   Q4_0 |\n"
                      << "|------:|--------------|-------:|-------:|\n"
                      << "|    7B | perplexity   | 5.9066 | 6.1565 |\n"
                      << "|    7B | file size    |  13.0G |   3.5G |\n"
                      << "|    7B | bits/weight  |   16.0 |    4.5 |\n"
                      << "|   13B | perplexity   | 5.2543 | 5.3860 |\n"
                      << "|   13B | file size    |  25.0G |   6.8G |\n"
                      << "|   13B | bits/weight  |   16.0 |    4.5 |\n";
  ImportOptions options;
  options.model = "LLaMA";
  const ImportedRuns read = readLlamaCpp(file, options);
  ASSERT_EQ(read.runs.size(), 4u);
  EXPECT_EQ(read.runs[3].model, "LLaMA-13B");
  EXPECT_EQ(read.runs[3].family, "LLaMA");
  EXPECT_EQ(read.runs[3].config, "Q4_0");
  EXPECT_DOUBLE_EQ(read.runs[3].bitsPerParameter, 4.5);
  EXPECT_DOUBLE_EQ(read.runs[3].modelBits.checkpointBytes, 6.8 * 8 * 1073741824.0);
  EXPECT_DOUBLE_EQ(read.runs[3].result.crossEntropy, std::log(5.386));
}

TEST_F(ImportTable, FilesWithoutATableGetASentence) {
  std::string message;
  const auto file = folder_ / "x.md";
  std::ofstream(file) << "| a | b |\n|---|---|\n| 1 | 2 |\n";
  EXPECT_EQ(errorOf([&] { (void)readLlamaCpp(file, {}); }, message), ErrorKind::Format);
  EXPECT_THAT(message, HasSubstr("no table of quantizations"));
  const auto csv = folder_ / "x.csv";
  std::ofstream(csv) << "quant,ppl\nq4_0,0.5\n";
  EXPECT_EQ(errorOf([&] { (void)readLlamaCpp(csv, {}); }, message), ErrorKind::Format);
  EXPECT_THAT(message, HasSubstr("x.csv:2: perplexity 0.5 of q4_0 is below 1"));
  std::ofstream(csv) << "quant,ppl\nbest,5\n";
  EXPECT_EQ(errorOf([&] { (void)readLlamaCpp(csv, {}); }, message), ErrorKind::Format);
  EXPECT_THAT(message, HasSubstr(":2:1: \"best\" is no quantization of llama.cpp"));
}

TEST_F(ImportTable, ScoreboardsOfTheReference) {
  const auto tables = test::casesDir() / "laws/quant_tables";
  if (!std::filesystem::exists(tables)) GTEST_SKIP() << test::kNoCases;
  EXPECT_EQ(readLlamaCpp(tables / "llamacpp_llama3_8b.csv", {}).runs.size(), 34u);
  EXPECT_EQ(readLlamaCpp(tables / "llamacpp_llama3_70b.csv", {}).runs.size(), 24u);
  ImportOptions llama;
  llama.model = "LLaMA";
  const ImportedRuns one = readLlamaCpp(tables / "llamacpp_llama1_7b_13b.csv", llama);
  EXPECT_EQ(one.runs.size(), 30u);
  EXPECT_EQ(one.runs[0].model, "LLaMA-7B");
}

TEST_F(ImportTable, MarkdownCells) {
  const auto tables = markdownTables("text\n## Head\na | b\n:--|--:\n1 | x\\|y\n 2\nend");
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_EQ(tables[0].heading, "Head");
  EXPECT_EQ(tables[0].line, 3u);
  EXPECT_THAT(tables[0].header, ElementsAre("a", "b"));
  ASSERT_EQ(tables[0].rows.size(), 1u);
  EXPECT_THAT(tables[0].rows[0], ElementsAre("1", "x|y"));
}

}  // namespace
}  // namespace bitfrontier
