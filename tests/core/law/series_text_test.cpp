// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/text/series_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/law/fit/joint_fit.h"
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

TEST(SeriesText, EnoughToPredictWithoutUs) {
  SeriesLaw law;
  law.series.family = "OPT, all";
  law.series.label = "4 bit";
  for (int i = 0; i < 7; ++i) {
    LawPoint p;
    p.model = std::to_string(i);
    p.parameters = 1e8 * std::pow(3, i);
    p.totalBits = 4 * p.parameters;
    p.accuracy = 0.7 - 0.1 * std::pow(p.totalBits / 1e10, -1.0 / 3) + 0.001 * (i % 2);
    p.accuracySe = 0.002;
    law.series.points.push_back(p);
  }
  law.fit = fitJoint(law.series.points, seriesOptions(LawMetric::Accuracy));
  const PowerLaw power = powerLawOf(law.fit).value();
  LawSeries few;
  few.family = "few";
  few.points = {law.series.points[0], law.series.points[1]};
  const SeriesLaw refused = fitSeries(few, seriesOptions(LawMetric::CrossEntropy));
  const std::vector<SeriesLaw> laws{law, refused};

  const auto json = nlohmann::json::parse(seriesToJson(laws).dump());
  const double b = 1.7e11;
  const double c = json[0]["values"][0], a = json[0]["values"][1], alpha = json[0]["values"][2];
  EXPECT_EQ(json[0]["formula"], "c - a * (b / b0)^(-alpha)");
  EXPECT_EQ(json[0]["parameter_names"], (std::vector<std::string>{"c", "a", "alpha"}));
  EXPECT_EQ(c - a * std::pow(b / json[0]["b0"].get<double>(), -alpha), power.predict(b));
  // The mean curve's error from the covariance, by the delta method in c, a and alpha.
  const double x = b / power.b0, u = std::pow(x, -alpha);
  const double gradient[] = {1, -u, a * u * std::log(x)};
  double variance = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = 0; k < 3; ++k) {
      variance += gradient[i] * gradient[k] * json[0]["covariance"][3 * i + k].get<double>();
    }
  }
  EXPECT_NEAR(std::sqrt(variance) / law.fit.predictSe(law.fit.row(0, b)), 1, 1e-9);
  EXPECT_EQ(json[1]["usable"], false);
  EXPECT_TRUE(json[1]["values"].empty());

  const CsvTable table = CsvTable::parse(seriesToCsv(laws), "laws.csv");
  ASSERT_EQ(table.rows().size(), 2u);
  EXPECT_EQ(table.text(table.rows()[0], "family"), "OPT, all");
  EXPECT_EQ(table.number(table.rows()[0], "alpha"), power.values[2]);
  EXPECT_EQ(table.text(table.rows()[1], "metric"), "cross-entropy");
  EXPECT_NE(table.text(table.rows()[1], "note"), "");
  EXPECT_EQ(table.at(table.rows()[1], "alpha").text, "");
}

}  // namespace
}  // namespace bitfrontier
