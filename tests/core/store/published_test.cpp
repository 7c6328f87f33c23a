// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/published.h"

#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <set>

#include "core/base/resources.h"
#include "core/law/decide/frontier.h"
#include "tests/core/store/store_fixture.h"

namespace bitfrontier {
namespace {

using testing::HasSubstr;
using PublishedTest = StoreTest;

const char* const kHeader =
    "family,model,parameters,linear_parameters,config,data_type,bits,block_size,method,"
    "bits_per_parameter,task,accuracy_percent,perplexity,items,chance,source\n";

std::vector<RunRecord> shipped() { return readPublishedFolder(resourceDir() / "published"); }

const RunRecord& one(const std::vector<RunRecord>& all, const std::string& model,
                     const std::string& config, const std::string& task) {
  for (const RunRecord& r : all) {
    if (r.model == model && r.config == config && r.result.task == task) return r;
  }
  ADD_FAILURE() << model << " " << config << " " << task << " is not there";
  return all.front();
}

TEST_F(PublishedTest, RowsBecomeRecords) {
  const auto file = folder_ / "p.csv";
  std::ofstream(file) << "# citation\n"
                      << kHeader << "F,F-1,1000,800,rtn4,int,4,0,rtn,4.5,piqa,75,,101,0.5,Paper 1\n"
                      << "F,F-1,1000,800,rtn4,int,4,0,rtn,4.5,wiki,,20,,,Paper 1\n";
  const auto records = readPublishedCsv(file);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].source, "Paper 1");
  EXPECT_TRUE(records[0].published());
  EXPECT_DOUBLE_EQ(records[0].result.accuracy, 0.75);
  EXPECT_DOUBLE_EQ(records[0].result.accuracySe, std::sqrt(0.1875 / 100));
  EXPECT_DOUBLE_EQ(records[0].modelBits.linearOnly, 3600);
  EXPECT_DOUBLE_EQ(records[0].modelBits.allParameters, 4500);
  EXPECT_DOUBLE_EQ(records[0].modelBits.checkpointBytes, 3600 + 3200);
  EXPECT_TRUE(records[1].result.isText());
  EXPECT_DOUBLE_EQ(records[1].result.crossEntropy, std::log(20.0));
  EXPECT_NE(records[0].key, records[1].key);
}

TEST_F(PublishedTest, MistakesAreNamedByLineAndColumn) {
  const auto file = folder_ / "p.csv";
  const std::map<std::string, std::string> cases{
      {"F,F-1,1000,800,rtn4,int,4,0,rtn,4,piqa,175,,101,0.5,P",
       ":2:40: accuracy 175 is not within"},
      {"F,F-1,1000,800,rtn4,int,four,0,rtn,4,piqa,75,,101,0.5,P", ":2:25: bits 'four' is not"},
      {"F,F-1,1000,1800,rtn4,int,4,0,rtn,4,piqa,75,,101,0.5,P", ":2:12: linear_parameters exceeds"},
      {"F,F-1,1000,800,rtn4,int,4,0,rtn,4,piqa,75,20,101,0.5,P", ":2:40: a row needs either"},
      {"F,F-1,1000,800,rtn4,int,4,0,rtn,4,piqa,,0.5,,,P", ":2:41: perplexity 0.5 is below 1"},
      {"F,F-1,1000,800,rtn4,int,4,0,rtn,4,piqa,75,,101,0.5,", ":2:52: source is empty"},
      {"F,F-1,0,800,rtn4,int,4,0,rtn,4,piqa,75,,101,0.5,P", ":2:7: parameters 0 is not above"},
      {"F,M,9,8,c,int,4,0,r,4,t,75,,9,0,P\nF,M,9,8,c,int,4,0,r,4,t,75,,9,0,P",
       ":3:1: M c on t of P"}};
  for (const auto& [row, expected] : cases) {
    std::ofstream(file) << kHeader << row << "\n";
    std::string message;
    EXPECT_EQ(errorOf([&] { readPublishedCsv(file); }, message), ErrorKind::Format);
    EXPECT_THAT(message, HasSubstr(file.string() + expected));
  }
  std::ofstream(file) << "family,model\na,b\n";
  std::string message;
  errorOf([&] { readPublishedCsv(file); }, message);
  EXPECT_THAT(message, HasSubstr("there is no column parameters"));
}

TEST_F(PublishedTest, ImportTwiceAddsOnce) {
  const auto records = shipped();
  RunStore store = RunStore::open(folder_ / "a.bfdb");
  const AddCounts first = importRecords(store, records);
  EXPECT_EQ(first.added, static_cast<std::int64_t>(records.size()));
  EXPECT_EQ(first.alreadyThere, 0);
  const AddCounts second = importRecords(store, records);
  EXPECT_EQ(second.added, 0);
  EXPECT_EQ(second.alreadyThere, static_cast<std::int64_t>(records.size()));
  EXPECT_EQ(second.different, 0);
  EXPECT_EQ(store.runs()[0].createdAt.size(), 20u);
  RunFilter own;
  own.published = false;
  EXPECT_TRUE(store.points(own).empty());
}

TEST_F(PublishedTest, GptqTablesAreComplete) {
  const auto all = shipped();
  std::map<std::string, std::set<std::string>> models;
  std::map<std::string, int> rows;
  for (const RunRecord& r : all) {
    if (r.source.find("2210.17323") == std::string::npos) continue;
    models[r.family].insert(r.model);
    ++rows[r.family];
  }
  EXPECT_EQ(models["OPT"].size(), 9u);
  EXPECT_EQ(models["BLOOM"].size(), 6u);
  EXPECT_EQ(rows["OPT"], 9 * 5 * 8);
  EXPECT_EQ(rows["BLOOM"], 6 * 5 * 8);
  EXPECT_DOUBLE_EQ(one(all, "OPT-175B", "gptq4", "lambada").result.accuracy, 0.7680);
  EXPECT_DOUBLE_EQ(one(all, "OPT-66B", "rtn4", "lambada").result.accuracy, 0.1308);
  EXPECT_DOUBLE_EQ(one(all, "OPT-125M", "fp16", "wikitext2").result.crossEntropy, std::log(27.65));
  EXPECT_DOUBLE_EQ(one(all, "BLOOM-176B", "gptq3", "c4").result.crossEntropy, std::log(12.27));
}

TEST_F(PublishedTest, ParameterCountsAreThoseOfTheReleasedCheckpoints) {
  const auto all = shipped();
  const std::map<std::string, double> known{
      {"OPT-125M", 125239296},    {"OPT-350M", 331196416},     {"OPT-1.3B", 1315758080},
      {"OPT-6.7B", 6658473984},   {"BLOOM-560M", 559214592},   {"BLOOM-1.1B", 1065314304},
      {"BLOOM-7.1B", 7069016064}, {"BLOOM-176B", 176247271424}};
  const std::map<std::string, double> llama{{"LLaMA-7B", 6738415616}, {"LLaMA-65B", 65285660672}};
  for (const auto& [model, parameters] : llama) {
    EXPECT_EQ(one(all, model, "gptq3-g128", "wikitext2").parameters, parameters) << model;
  }
  for (const auto& [model, parameters] : known) {
    EXPECT_EQ(one(all, model, "fp16", "piqa").parameters, parameters) << model;
  }
  const RunRecord& r = one(all, "OPT-125M", "gptq3", "piqa");
  EXPECT_EQ(r.modelBits.linearOnly, 3.0 * 84934656);
  EXPECT_EQ(r.modelBits.checkpointBytes, 3.0 * 84934656 + 16.0 * (125239296 - 84934656));
}

TEST_F(PublishedTest, FrontierIsSane) {
  RunStore store = RunStore::open(folder_ / "a.bfdb");
  importRecords(store, shipped());
  RunFilter filter;
  filter.families = {"OPT"};
  const auto points = store.points(filter);
  ASSERT_EQ(points.size(), 45u);
  const auto frontier = paretoFrontier(points, LawMetric::Accuracy);
  ASSERT_GE(frontier.size(), 8u);
  int fourBit = 0;
  for (std::size_t i = 1; i < frontier.size(); ++i) {
    EXPECT_LT(points[frontier[i - 1]].totalBits, points[frontier[i]].totalBits);
    EXPECT_LT(points[frontier[i - 1]].accuracy, points[frontier[i]].accuracy);
  }
  for (const std::size_t i : frontier) fourBit += points[i].config == "gptq4" ? 1 : 0;
  EXPECT_GE(fourBit, 6);
  EXPECT_EQ(points[frontier.back()].config, "fp16");
  EXPECT_EQ(points[frontier.back()].model, "OPT-175B");
}

}  // namespace
}  // namespace bitfrontier
