// SPDX-License-Identifier: GPL-3.0-or-later
// CSV files whose columns a mapping names.

#include "core/store/import/import_csv.h"

#include <gmock/gmock.h>

#include <fstream>

#include "core/store/import/published.h"
#include "core/store/outcomes.h"
#include "tests/core/store/store_fixture.h"

namespace bitfrontier {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class MappedCsv : public StoreTest {
 protected:
  ImportedRuns read(const std::string& text, const std::string& map = {},
                    const std::string& set = {}) {
    std::ofstream(folder_ / "m.csv") << text;
    std::vector<CsvMapping> all;
    if (!map.empty()) all = parseCsvMappings(map, false);
    for (auto& entry : set.empty() ? std::vector<CsvMapping>() : parseCsvMappings(set, true)) {
      all.push_back(std::move(entry));
    }
    return readMappedCsv(folder_ / "m.csv", all, {});
  }
  std::string refusal(const std::string& text, const std::string& map = {}) {
    std::string message;
    errorOf([&] { (void)read(text, map); }, message);
    return message;
  }
};

TEST_F(MappedCsv, ColumnNamesWithCommas) {
  const std::string rows =
      "model,bits,parameters,\"results.piqa.acc,none\",\"results.piqa.acc_stderr,none\"\n"
      "m,4,125e6,0.6105,0.01138\n";
  for (const char* map :
       {"accuracy=results.piqa.acc,none,accuracy_se=results.piqa.acc_stderr,none",
        "\"accuracy=results.piqa.acc,none\",accuracy_se=\"results.piqa.acc_stderr,none\""}) {
    const auto got = read(rows, map, "task=piqa,source=A, B and C 2024");
    ASSERT_EQ(got.runs.size(), 1u) << map;
    EXPECT_DOUBLE_EQ(got.runs[0].result.accuracy, 0.6105);
    EXPECT_DOUBLE_EQ(got.runs[0].result.accuracySe, 0.01138);
    EXPECT_EQ(got.runs[0].source, "A, B and C 2024");
  }
  EXPECT_THAT(refusal(rows, "accuracy=acc,none"), HasSubstr("no column \"acc,none\" for accuracy"));
}

TEST_F(MappedCsv, SemicolonsAndDecimalCommas) {
  const auto got = read(
      "\xEF\xBB\xBFmodel;bits;parameters;task;items;accuracy\n"
      "m;4;125239296;lambada_openai;5153;0,3745\nm;16;125239296;lambada_openai;5153;0,3786\n");
  ASSERT_EQ(got.runs.size(), 2u);
  EXPECT_DOUBLE_EQ(got.runs[0].result.accuracy, 0.3745);
  EXPECT_DOUBLE_EQ(got.runs[0].parameters, 125239296);
  const auto tabs = read("model\tbits\tparameters\tperplexity\nm\t4\t1.3B\t1,012.5\n");
  EXPECT_DOUBLE_EQ(std::exp(tabs.runs.at(0).result.crossEntropy), 1012.5);
}

TEST_F(MappedCsv, CellsAsPeopleWriteThem) {
  const auto got = read(
      "model,bits,parameters,task,accuracy,perplexity\n"
      "m,4,1.3B,piqa,62.5 %,\nm,4,1.3B,text,-,6.45 \u00b1 0.04\nm,4,1.3B,other,N/A,n/a\n");
  ASSERT_EQ(got.runs.size(), 2u);
  EXPECT_DOUBLE_EQ(got.runs[0].result.accuracy, 0.625);
  EXPECT_DOUBLE_EQ(got.runs[1].result.crossEntropySe, 0.04 / 6.45);
  EXPECT_THAT(got.notes, Contains(HasSubstr("1 rows without an accuracy or perplexity left out")));
}

TEST_F(MappedCsv, AGgufNameIsAFormat) {
  const auto got = read("model,config,perplexity\nA-8B,q4_k_m,6.4\nA-8B,Q4_0,6.7\nA-8B,F16,6.2\n");
  ASSERT_EQ(got.runs.size(), 3u);
  EXPECT_EQ(got.runs[0].config, "Q4_K_M");
  EXPECT_EQ(got.runs[0].bits, 4);
  EXPECT_EQ(got.runs[0].dataType, "k-quant");
  EXPECT_EQ(got.runs[0].method, "rtn");
  EXPECT_NEAR(got.runs[0].modelBits.checkpointBytes, 4.85 * 8e9, 0.05 * 8e9);
  EXPECT_DOUBLE_EQ(got.runs[1].modelBits.checkpointBytes, 4.5 * 8e9);
  EXPECT_DOUBLE_EQ(got.runs[2].modelBits.checkpointBytes, 16 * 8e9);
  EXPECT_EQ(got.notes.size(), 1u);
}

TEST_F(MappedCsv, BitsMayHaveAFraction) {
  const auto got =
      read("model,bpw,perplexity,parameters\nm,4.65,6.4,1e9\nm,4.25,6.5,1e9\n", "bits=bpw");
  ASSERT_EQ(got.runs.size(), 2u);
  EXPECT_EQ(got.runs[0].bits, 4);
  EXPECT_DOUBLE_EQ(got.runs[0].modelBits.checkpointBytes, 4.65e9);
  EXPECT_NE(got.runs[0].config, got.runs[1].config);
  EXPECT_THAT(got.notes, Contains(HasSubstr("bits with a fraction are bits per weight")));
}

TEST_F(MappedCsv, AStatedSizeSuffices) {
  const auto got = read("name,w,Size (MB),ppl\nx,4,4500,6.4\nx,16,16000,6.2\n",
                        "model=name,bits=w,perplexity=ppl,file_size=Size (MB)");
  ASSERT_EQ(got.runs.size(), 2u);
  for (const RunRecord& run : got.runs) EXPECT_DOUBLE_EQ(run.parameters, 8e9);
  EXPECT_DOUBLE_EQ(got.runs[0].bitsPerParameter, 4.5);
  EXPECT_DOUBLE_EQ(got.runs[0].modelBits.checkpointBytes, 4500 * 8e6);
  const auto cell =
      read("model,bits,bits_per_parameter,file_size,perplexity\nx,4,4.5,4.5 GB,6.4\n");
  EXPECT_DOUBLE_EQ(cell.runs.at(0).parameters, 8e9);
  // A column of sizes that nobody mapped is used and said; sizes of models and memory are none.
  const auto found = read("model,bits,Disk (GB),VRAM (GB),perplexity\nx,4,4.5,6,6.4\n");
  EXPECT_DOUBLE_EQ(found.runs.at(0).modelBits.checkpointBytes, 4.5 * 8e9);
  EXPECT_THAT(found.notes, Contains(HasSubstr("sizes are those of the column \"Disk (GB)\"")));
  const auto model = read("model,bits,size,perplexity\nx,4,7B,6.4\n");
  EXPECT_TRUE(std::isnan(model.runs.at(0).modelBits.checkpointBytes));
  const auto bare = read("model,bits,file_size,perplexity\nx,4,4.5,6.4\n");
  EXPECT_THAT(bare.notes, Contains(HasSubstr("file_size has no unit and is taken as GB")));
}

TEST_F(MappedCsv, BlockConstantsAreCountedAndSaid) {
  const auto got = read("model,bits,block_size,parameters,accuracy\nm,4,64,1e9,0.5\n");
  EXPECT_DOUBLE_EQ(got.runs.at(0).bitsPerParameter, 4.25);
  EXPECT_THAT(got.notes,
              Contains(AllOf(HasSubstr("constant of 16 bits"), HasSubstr("embeddings"))));
}

TEST_F(MappedCsv, SizesThatCannotBe) {
  EXPECT_THAT(refusal("model,bits,parameters,accuracy\nm,4,0.07,0.5\n"),
              HasSubstr("m.csv:2:5: 0.07 parameters of m cannot be a model"));
  EXPECT_THAT(refusal("model,bits,parameters,accuracy\nA-9B,4,8.8e12,0.5\n"),
              HasSubstr("8.8e+12 parameters contradict the 9e+09 in the name A-9B"));
  EXPECT_THAT(refusal("model,bits,parameters,total_bits,accuracy\nA,4,1e9,4.5e12,0.5\n"),
              HasSubstr("m.csv:2:9: 4.5e+03 bits per weight of A int4 cannot be"));
}

TEST_F(MappedCsv, OutcomesOfItems) {
  const auto got = read(
      "model,config,bits,parameters,task,item,correct\n"
      "m,fp16,16,1e9,piqa,2,1\nm,fp16,16,1e9,piqa,10,0\nm,fp16,16,1e9,piqa,1,1\n"
      "m,int4,4,1e9,piqa,1,0\nm,int4,4,1e9,piqa,2,True\nm,int4,4,1e9,piqa,10,0\n");
  ASSERT_EQ(got.runs.size(), 2u);
  EXPECT_THAT(got.runs[0].result.correct, ElementsAre(1, 1, 0));  // items 1, 2, 10
  EXPECT_THAT(got.runs[1].result.correct, ElementsAre(0, 1, 0));
  EXPECT_DOUBLE_EQ(got.runs[0].result.accuracy, 2.0 / 3);
  EXPECT_DOUBLE_EQ(got.runs[0].result.accuracySe, std::sqrt(2.0 / 9 / 2));
  EXPECT_EQ(got.runs[0].result.chance, 0.5);
  EXPECT_EQ(got.runs[0].result.items, 3);
  EXPECT_EQ(got.runs[0].result.taskHash, got.runs[1].result.taskHash);
  // A paired comparison finds them.
  RunStore store = RunStore::open(folder_ / "s.bfdb");
  importRecords(store, got.runs);
  const auto points = store.points();
  ASSERT_EQ(points.size(), 2u);
  EXPECT_TRUE(readOutcomes(store, points).items) << readOutcomes(store, points).problem;

  const auto column =
      read("q,right\na,1\nb,0\n", "correct=right,item=q", "model=A-1B,config=Q4_0,task=mine");
  ASSERT_EQ(column.runs.size(), 1u);
  EXPECT_DOUBLE_EQ(column.runs[0].result.accuracy, 0.5);
  EXPECT_THAT(refusal("model,bits,item,correct\nm,4,1,1\nm,4,1,0\n"),
              HasSubstr("m.csv:3:5: item 1 is there twice"));
  EXPECT_THAT(refusal("model,bits,item,correct\nm,4,1,maybe\n"),
              HasSubstr("m.csv:2:7: correct 'maybe' is neither 0 nor 1"));
  EXPECT_THAT(read("model,bits,correct\nm,4,1\nm,4,0\n").notes,
              Contains(HasSubstr("items have no names")));
}

}  // namespace
}  // namespace bitfrontier
