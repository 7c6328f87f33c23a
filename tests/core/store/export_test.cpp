// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/export.h"

#include <gtest/gtest.h>

#include <clocale>
#include <nlohmann/json.hpp>

#include "core/store/import/csv.h"
#include "tests/core/store/store_fixture.h"

namespace bitfrontier {
namespace {

TEST(Export, RunsReadBackExactly) {
  RunRecord plain;
  plain.key = "plain";
  const std::vector<RunRecord> runs{sampleRun(), plain};
  const CsvTable table = CsvTable::parse(runsToCsv(runs), "runs.csv");
  ASSERT_EQ(table.rows().size(), 2u);
  const auto& row = table.rows()[0];
  EXPECT_EQ(table.number(row, "accuracy"), runs[0].result.accuracy);
  EXPECT_EQ(table.number(row, "accuracy_se"), runs[0].result.accuracySe);
  EXPECT_EQ(table.number(row, "cross_entropy_se"), runs[0].result.crossEntropySe);
  EXPECT_EQ(table.number(row, "bits_per_byte"), runs[0].result.bitsPerByte);
  EXPECT_EQ(table.text(row, "error"), runs[0].error);
  EXPECT_EQ(table.text(row, "source"), runs[0].source);
  EXPECT_EQ(table.text(row, "status"), "done");
  EXPECT_EQ(table.at(table.rows()[1], "accuracy").text, "");

  const auto json = nlohmann::json::parse(runsToJson(runs, true).dump());
  EXPECT_EQ(json[0]["accuracy_se"].get<double>(), runs[0].result.accuracySe);
  EXPECT_EQ(json[0]["correct"], nlohmann::json({1, 0, 1}));
  EXPECT_TRUE(json[0]["log_likelihood"][2].is_null());
  EXPECT_TRUE(json[1]["accuracy"].is_null());
  EXPECT_FALSE(runsToJson(runs)[0].contains("correct"));
}

TEST(Export, TextThatIsNotUtf8StillGivesJson) {
  RunRecord run = sampleRun();
  run.modelPath = "dir/\xFF\xFE";
  const std::vector<RunRecord> runs{run};
  const auto json = nlohmann::json::parse(runsToJson(runs).dump());
  EXPECT_EQ(json[0]["model_path"], "dir/\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(json[0]["source"], run.source);
}

TEST(Export, PointsReadBackExactly) {
  LawPoint point;
  point.model = "m, \"quoted\"";
  point.totalBits = 2819746693120;
  point.accuracy = 1.0 / 3;
  point.runIds = {3, 4};
  const std::vector<LawPoint> points{point};
  const CsvTable table = CsvTable::parse(pointsToCsv(points), "points.csv");
  ASSERT_EQ(table.rows().size(), 1u);
  EXPECT_EQ(table.text(table.rows()[0], "model"), point.model);
  EXPECT_EQ(table.text(table.rows()[0], "total_bits"), "2819746693120");
  EXPECT_EQ(table.number(table.rows()[0], "accuracy"), point.accuracy);
  EXPECT_EQ(table.at(table.rows()[0], "cross_entropy").text, "");
  EXPECT_EQ(pointsToJson(points)[0]["run_ids"], nlohmann::json({3, 4}));
}

TEST(Export, NothingGivesAHeaderAndAnEmptyArray) {
  EXPECT_EQ(CsvTable::parse(pointsToCsv({}), "p").rows().size(), 0u);
  EXPECT_EQ(runsToJson({}).dump(), "[]");
}

}  // namespace
}  // namespace bitfrontier
