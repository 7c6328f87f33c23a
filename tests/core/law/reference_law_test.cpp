// SPDX-License-Identifier: GPL-3.0-or-later
// Separate laws of the GPTQ tables against an independent solver (scipy; reference.json, "S1").

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "core/base/json.h"
#include "core/law/fit/series_law.h"
#include "core/store/import/csv.h"

namespace bitfrontier {
namespace {

TEST(ReferenceLaws, SeparateLawsOfTheGptqTables) {
  const char* cases = std::getenv("BITFRONTIER_CASES");
  const auto folder = std::filesystem::path(cases != nullptr ? cases : "") / "laws";
  if (!std::filesystem::exists(folder / "reference.json")) {
    GTEST_SKIP() << "no reference cases (BITFRONTIER_CASES)";
  }
  const auto reference = readJson(folder / "reference.json");
  const CsvTable table = CsvTable::read(folder / "quant_tables" / "gptq_opt_bloom.csv");
  int compared = 0;
  for (const std::string set : {"OPT", "OPT-no66B", "BLOOM"}) {
    const auto& expected = reference["gptq_tables"]["results"][set]["models"]["S1"];
    for (const std::string format : {"fp1616", "gptq4", "gptq3"}) {
      LawSeries series;
      for (const auto& row : table.rows()) {
        if (table.text(row, "family") != set.substr(0, set.find('-')) ||
            table.text(row, "method") + table.text(row, "k_bits") != format ||
            (set == "OPT-no66B" && table.text(row, "size") == "66B")) {
          continue;
        }
        LawPoint p;
        p.model = table.text(row, "size");
        p.parameters = p.totalBits = table.number(row, "n_total");
        p.accuracy = table.number(row, "acc_mean5") / 100;
        p.accuracySe = table.number(row, "se_mean5_pp") / 100;
        series.points.push_back(p);
      }
      // The reference takes the points' errors for all there is.
      JointOptions options = seriesOptions(LawMetric::Accuracy);
      options.estimateTau = false;
      const JointFit fit = fitSeries(series, options).fit;
      ASSERT_EQ(fit.parameters.size(), 3u)
          << set << " " << format << " " << joinRemarks(fit.remarks);
      const PowerLaw law = powerLawOf(fit).value();
      const auto parameter = [&](const char* name) {
        return expected["params"][std::string(name) + "_" + format].get<double>();
      };
      const auto error = [&](const char* name) {
        return expected["se"][std::string(name) + "_" + format].get<double>();
      };
      const std::string where = set + " " + format;
      EXPECT_NEAR(1 - law.values[0], parameter("E"), 1e-5) << where;
      EXPECT_NEAR(std::log(law.values[1]), parameter("lnA0"), 5e-5) << where;
      EXPECT_NEAR(law.values[2], parameter("alpha"), 1e-5) << where;
      EXPECT_NEAR(law.standardErrors[0] / error("E"), 1, 1e-3) << where;
      EXPECT_NEAR(law.standardErrors[1] / law.values[1] / error("lnA0"), 1, 1e-3) << where;
      EXPECT_NEAR(law.standardErrors[2] / error("alpha"), 1, 1e-3) << where;
      ++compared;
    }
  }
  EXPECT_EQ(compared, 9);
}

}  // namespace
}  // namespace bitfrontier
