// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/text/export.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/law/numeric/exact_text.h"
#include "core/store/import/csv.h"

namespace bitfrontier {
namespace {

TEST(ExactText, ReadsBackExactly) {
  for (const double value : {0.1 + 0.2, 1.0 / 3, 1e300, -5e-324, 123456789.125, 2.8e12, -0.5}) {
    EXPECT_EQ(std::strtod(exactNumber(value).c_str(), nullptr), value);
  }
  EXPECT_EQ(exactNumber(2819746693120), "2819746693120");
  EXPECT_EQ(exactNumber(0.25), "0.25");
  EXPECT_EQ(exactNumber(std::nan("")), "");
  EXPECT_EQ(exactNumber(-INFINITY), "-inf");
}

TEST(ExactText, FieldsAreQuotedWhenNeeded) {
  EXPECT_EQ(csvField("plain text"), "plain text");
  EXPECT_EQ(csvField("a,b"), "\"a,b\"");
  EXPECT_EQ(csvField("say \"x\""), "\"say \"\"x\"\"\"");
  EXPECT_EQ(csvField("#1"), "\"#1\"");
  EXPECT_EQ(csvField(" x"), "\" x\"");
  EXPECT_EQ(csvField(""), "");
}

TEST(LawExport, EnoughToPredictWithoutUs) {
  LawFit law;
  law.family = "OPT, all";
  law.label = "4 bit";
  law.parameterNames = {"c", "a", "alpha"};
  law.values = {0.7 + 0.01 / 3, 0.1, 1.0 / 3};
  law.standardErrors = {LawPoint::kAbsent, 0.01, 0.02};
  law.covariance.assign(9, 1e-4);
  law.b0 = 3e10 / 7;
  law.usable = true;
  LawFit refused;
  refused.metric = LawMetric::CrossEntropy;
  refused.note = "too few, sorry";
  const std::vector<LawFit> laws{law, refused};

  const auto json = nlohmann::json::parse(lawsToJson(laws).dump());
  const double b = 1.7e11;
  const double c = json[0]["values"][0], a = json[0]["values"][1], alpha = json[0]["values"][2];
  EXPECT_EQ(json[0]["formula"], "c - a * (b / b0)^(-alpha)");
  EXPECT_EQ(c - a * std::pow(b / json[0]["b0"].get<double>(), -alpha), law.predict(b));
  EXPECT_TRUE(json[0]["standard_errors"][0].is_null());
  EXPECT_EQ(json[1]["usable"], false);

  const CsvTable table = CsvTable::parse(lawsToCsv(laws), "laws.csv");
  ASSERT_EQ(table.rows().size(), 2u);
  EXPECT_EQ(table.text(table.rows()[0], "family"), "OPT, all");
  EXPECT_EQ(table.number(table.rows()[0], "alpha"), law.values[2]);
  EXPECT_EQ(table.at(table.rows()[0], "c_se").text, "");
  EXPECT_EQ(table.text(table.rows()[1], "note"), "too few, sorry");
  EXPECT_EQ(table.text(table.rows()[1], "metric"), "cross-entropy");
  EXPECT_EQ(table.at(table.rows()[1], "alpha").text, "");
}

}  // namespace
}  // namespace bitfrontier
