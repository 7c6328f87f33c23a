// SPDX-License-Identifier: GPL-3.0-or-later
// `bitfrontier compare` on a store of a planted family: table, JSON, CSV and what it refuses.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/store/import/csv.h"
#include "tests/app/cli/cli_runs.h"
#include "tests/core/advice/planted_store.h"

namespace bitfrontier {
namespace {

using nlohmann::json;
using testing::ContainsRegex;
using testing::HasSubstr;

/// Six sizes under five configurations, 8,000 items; 3 bits lose points at every size.
class CliCompare : public test::CliRuns {
 protected:
  CliCompare() {
    test::PlantedTruth truth = test::drawTruth(4, false);
    truth.formats.back().rho = 0.4;
    addPlanted(store_, truth, test::plantSweep(truth, 4), [](auto, auto) { return true; });
  }
  std::string store() const { return (store_.folder() / "runs.bfdb").string(); }
  test::TempStore store_;
};

TEST_F(CliCompare, EveryConfigurationWithTheReferenceOfItsModel) {
  const Result table = run({"compare", store()});
  ASSERT_EQ(table.code, 0) << table.err;
  EXPECT_THAT(table.out, HasSubstr("measured here, 1 task"));
  EXPECT_THAT(table.out, ContainsRegex("planted-1.3e\\+10 +int3 +[0-9.]+ +fp16 .* worse"));
  EXPECT_THAT(table.out, ContainsRegex("24 comparisons: [0-9]+ better, [0-9]+ worse, .* Holm"));
  const json all = json::parse(run({"compare", store(), "--json"}).out).at(0);
  ASSERT_EQ(all["rows"].size(), 24u);
  for (const json& row : all["rows"]) {
    EXPECT_EQ(row["against_config"], "fp16");
    EXPECT_EQ(row["model"], row["against_model"]);
    EXPECT_EQ(row["items"], 8000);
    const double difference = row["difference"], se = row["se"];
    EXPECT_NEAR(difference, row["accuracy"].get<double>() - row["against_accuracy"].get<double>(),
                1e-12);
    EXPECT_NEAR(row["upper"].get<double>() - row["lower"].get<double>(), 2 * 1.96 * se, 0.5 * se);
    if (row["config"] == "int3") {
      EXPECT_EQ(row["verdict"], "worse") << row;
    }
  }
}

TEST_F(CliCompare, WithOnePointAsCsv) {
  const Result csv = run({"compare", store(), "--against", "planted-1.3e+10 fp16", "--csv",
                          "--bits", "4,16", "--correction", "bh"});
  ASSERT_EQ(csv.code, 0) << csv.err;
  writeFileAtomic(path("compare.csv"), csv.out);
  const CsvTable table = CsvTable::read(path("compare.csv"));
  ASSERT_EQ(table.rows().size(), 11u);  // two configurations of six models, but one itself
  for (const auto& row : table.rows()) {
    EXPECT_EQ(table.text(row, "against_model"), "planted-1.3e+10");
    EXPECT_LE(table.number(row, "p_mid"), table.number(row, "p_adjusted"));
    EXPECT_LT(table.number(row, "difference"), 0.01);
  }
  EXPECT_EQ(table.text(table.rows().front(), "verdict"), "worse");
}

TEST_F(CliCompare, RefusesWhatItDoesNotKnow) {
  Result wrong = run({"compare", store(), "--correction", "bonferroni"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err,
              HasSubstr("holm, bh (Benjamini and Hochberg) or none, not \"bonferroni\""));
  wrong = run({"compare", store(), "--against", "int5x"});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("there is no configuration and no model with a configuration "
                                   "\"int5x\"; configurations are fp16, int3, int4, int5, int8"));
  wrong = run({"compare", store(), "--level", "100"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("--level"));
  wrong = run({"compare", store(), "--bits", "3"});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("no model has two configurations to compare"));
}

}  // namespace
}  // namespace bitfrontier
