// SPDX-License-Identifier: GPL-3.0-or-later
// Every number of "cross_entropy_laws" and "llamacpp_kld_slope" in reference.json against an
// independent solver (scipy).

#include <gmock/gmock.h>

#include <cmath>
#include <map>

#include "core/law/fit/joint_fit.h"
#include "core/law/inference/law_comparison.h"
#include "core/law/numeric/auto_diff.h"
#include "tests/core/law/law_cases.h"
#include "tests/core/law/reference_ledger.h"
#include "tests/core/law/reference_names.h"

namespace bitfrontier {
namespace {

using test::compareParameters;
using testing::IsEmpty;

class LossReference : public test::LawCases {
 protected:
  static JointOptions lossOptions(const std::string& form) {
    JointOptions options;
    options.form = form;
    options.metric = LawMetric::CrossEntropy;
    return options;
  }

  /// Perplexities of LLaMA without round to nearest at 3 bits.
  std::vector<LawPoint> llama() const {
    const CsvTable table = CsvTable::read(folder_ / "quant_tables" / "gptq_llama_wikitext2.csv");
    // The reference was made with five digits of the sizes, the table has four.
    const std::map<std::string, double> kSizes{
        {"7B", 6.738e9}, {"13B", 13.016e9}, {"30B", 32.529e9}, {"65B", 65.286e9}};
    std::vector<LawPoint> points;
    for (const auto& row : table.rows()) {
      if (table.text(row, "format") == "rtn3") continue;
      LawPoint p;
      p.family = "LLaMA";
      p.model = table.text(row, "size");
      p.config = table.text(row, "format");
      p.bits = static_cast<int>(table.number(row, "k_bits_nominal"));
      p.parameters = kSizes.at(p.model);
      p.totalBits = p.parameters * table.number(row, "bits_per_weight");
      p.crossEntropy = std::log(table.number(row, "ppl_wikitext2"));
      points.push_back(p);
    }
    return points;
  }

  /// All numbers of one set; E at its bound is what the reference says, too.
  void compareSet(const std::string& key, const std::vector<LawPoint>& points, bool atBound) {
    test::ReferenceLedger ledger(reference_["cross_entropy_laws"][key]);
    for (const std::string form : {"S0", "V", "J1", "J2"}) {
      const JointFit fit = fitJoint(points, lossOptions(form));
      EXPECT_EQ(fit.weighting, Weighting::Equal);
      compareParameters(ledger, form + "/params", fit, 1e-5);
      ledger.relative(form + "/rss", fit.chi2, 1e-6);
      ledger.relative(form + "/rmse", fit.rmse, 1e-6);
      ledger.near(form + "/n", fit.n, 0);
      ledger.near(form + "/p", fit.freeParameters, 0);
      ledger.near(form + "/aicc", fit.aicc, 1e-4);
      ledger.near(form + "/x0", std::log(fit.context.size0), 1e-9);
      EXPECT_EQ(fit.parameters[0].name, "E");
      EXPECT_EQ(fit.parameters[0].atBound, atBound) << form;
      const auto& bounds = reference_["cross_entropy_laws"][key][form]["at_bound"];
      EXPECT_EQ(bounds, atBound ? nlohmann::json{"E"} : nlohmann::json::array()) << form;
    }
    const std::vector<std::string> forms{"J1", "J2"};
    const LawComparison comparison = compareLaws(points, forms, lossOptions("J1"));
    ASSERT_EQ(comparison.tests.size(), 1u);
    EXPECT_EQ(comparison.tests[0].kind, "F");
    ledger.relative("F_J1_vs_J2", comparison.tests[0].statistic, 1e-4);
    EXPECT_THAT(ledger.left(), IsEmpty()) << key;
  }
};

TEST_F(LossReference, OptAndBloom) {
  compareSet("OPT_wikitext2_ce", gptq("OPT"), false);
  compareSet("OPT-no66B_wikitext2_ce", gptq("OPT-no66B"), false);
  compareSet("BLOOM_wikitext2_ce", gptq("BLOOM"), false);
}

TEST_F(LossReference, LlamaHasItsFloorAtTheBound) {
  compareSet("LLaMA_wikitext2_ce_noRTN3", llama(), true);
  EXPECT_EQ(reference_["cross_entropy_laws"].size(), 4u);
  for (const std::string form : {"S0", "V", "J1", "J2"}) {
    const JointFit fit = fitJoint(llama(), lossOptions(form));
    EXPECT_FALSE(fit.parameters[0].identified) << form;
    const LawRemark* remark = findRemark(fit.remarks, RemarkCode::AtBound);
    ASSERT_NE(remark, nullptr) << form;
    EXPECT_THAT(remark->text, testing::StartsWith("E at bound 0: not identified"));
    const auto judged = fit.judgePrediction(fit.maxSize * 1.5);
    ASSERT_TRUE(judged.has_value());
    EXPECT_TRUE(judged->refusal);
  }
}

TEST_F(LossReference, DivergenceFallsByNearlyFourPerBit) {
  test::ReferenceLedger ledger(reference_["llamacpp_kld_slope"]["results"]);
  const CsvTable table = CsvTable::read(folder_ / "quant_tables" / "llamacpp_llama3_8b.csv");
  std::vector<std::pair<double, double>> points;
  const double parameters = ledger.number("n_params_used");
  for (const std::string quant : {"q6_K", "q5_K_M", "q4_K_M", "q3_K_M", "q2_K"}) {
    for (const auto& row : table.rows()) {
      if (table.text(row, "quant") != quant || table.text(row, "imatrix") != "None") continue;
      const double bits = table.number(row, "size_GiB") * 8 * (1ull << 30) / parameters;
      const std::string place = "points/" + std::to_string(points.size());
      ledger.relative(place + "/bpw", bits, 1e-9);
      ledger.near(place + "/kld", table.number(row, "kld"), 0);
      points.emplace_back(bits, std::log(table.number(row, "kld")));
    }
  }
  ASSERT_EQ(points.size(), 5u);
  LeastSquaresProblem problem;
  problem.names = {"intercept", "slope"};
  problem.residuals = points.size();
  problem.evaluate =
      autoDiff<2>([&](const auto* p,
                      std::size_t i) { return p[0] + p[1] * points[i].first - points[i].second; },
                  points.size());
  const std::vector<double> start{0, 0};
  const LeastSquaresResult line = solveLeastSquares(problem, start);
  const double variance = 2 * line.cost / 3;
  ledger.near("intercept", line.values[0], 1e-6);
  ledger.near("slope_per_bit", line.values[1], 1e-6);
  ledger.relative("slope_se", std::sqrt(variance * line.covariance[3]), 1e-6);
  ledger.relative("rmse", std::sqrt(variance), 1e-6);
  EXPECT_THAT(ledger.left(), IsEmpty());
}

}  // namespace
}  // namespace bitfrontier
