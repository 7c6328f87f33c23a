// SPDX-License-Identifier: GPL-3.0-or-later
// The paper's statements on stores whose answers are known by construction.

#include "core/advice/report.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "tests/core/advice/planted_store.h"

namespace bitfrontier {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

/// Effects that add up, so that every mean difference is known: 3, 4, 5 bits cost 60, 20, 10
/// thousandths, blocks of 64 win 5 over 1024, float wins 3 over int.
void addHandMade(test::TempStore& store) {
  for (int m = 0; m < 5; ++m) {
    const double size = 1e8 * std::pow(4, m);
    const auto add = [&](const std::string& config, const std::string& type, int k,
                         std::int64_t block, int right) {
      RunRecord run = test::runOf("hand", size, config, k, k + (block > 0 ? 16.0 / block : 0));
      run.dataType = type;
      run.blockSize = block;
      std::vector<std::uint8_t> correct(1000, 0);
      std::fill_n(correct.begin(), right, 1);
      run.result = test::taskOf("task", correct);
      store.add(run);
      run.result = test::textOf(3 - 0.002 * right);  // a straight line: r = -1
      store.add(run);
    };
    const int base = 350 + 60 * m;
    add("fp16", "fp16", 16, 0, base);
    for (const int k : {3, 4, 5}) {
      for (const std::int64_t block : {64, 1024}) {
        for (const char* type : {"int", "float"}) {
          add(fmt::format("{}{}-b{}", type, k, block), type, k, block,
              base -
                  (k == 3   ? 60
                   : k == 4 ? 20
                            : 10) +
                  (block == 64 ? 5 : 0) + (type[0] == 'f' ? 3 : 0));
        }
      }
    }
  }
}

const FamilyReport& accuracyOf(const Report& report) {
  for (const FamilyReport& f : report.families) {
    if (f.metric == LawMetric::Accuracy) return f;
  }
  ADD_FAILURE() << "no report of accuracy";
  return report.families.front();
}

TEST(Report, BlocksBitsTypesAndCorrelationByHand) {
  test::TempStore store;
  addHandMade(store);
  ReportOptions options;
  options.draws = 500;
  const Report report = makeReport(store.get(), {}, options);
  const FamilyReport& f = accuracyOf(report);
  EXPECT_EQ(f.models, 5);
  EXPECT_EQ(f.configs, 13);
  EXPECT_EQ(f.points, 65);
  EXPECT_TRUE(f.paired);

  // Block 1024 -> 64 against one more bit.
  ASSERT_EQ(f.blocks.size(), 2u);  // nothing has six bits, so five have no rival
  for (const BlockGain& b : f.blocks) {
    EXPECT_EQ(b.smallBlock, 64);
    EXPECT_EQ(b.largeBlock, 1024);
    EXPECT_NEAR(b.block.gain, 0.005, 1e-12);
    EXPECT_NEAR(b.block.bits, 16.0 / 64 - 16.0 / 1024, 1e-12);
    EXPECT_EQ(b.block.pairs, 10);
    if (b.bits == 3) {
      EXPECT_NEAR(b.bit.gain, 0.04, 1e-12);
      EXPECT_NEAR(b.ratio(), 0.125, 1e-9);
    } else if (b.bits == 4) {
      EXPECT_NEAR(b.bit.gain, 0.01, 1e-12);
      EXPECT_NEAR(b.ratio(), 0.5, 1e-9);
    }
  }
  // Types by bit width and block.
  ASSERT_EQ(f.types.size(), 6u);
  for (const TypeOrder& order : f.types) {
    ASSERT_EQ(order.types.size(), 2u);
    EXPECT_EQ(order.models, 5);
    EXPECT_EQ(order.types[0].dataType, "float");
    EXPECT_EQ(order.types[1].dataType, "int");
    EXPECT_NEAR(order.types[1].behind.gain, 0.003, 1e-12);
  }
  // Best against worst of a width: 5 + 3 thousandths.
  ASSERT_EQ(f.spreads.size(), 3u);
  EXPECT_EQ(f.spreads[0].best, "float3-b64");
  EXPECT_EQ(f.spreads[0].worst, "int3-b1024");
  EXPECT_NEAR(f.spreads[0].gain.gain, 0.008, 1e-12);
  // Perplexity and accuracy.
  ASSERT_EQ(report.correlations.size(), 1u);
  EXPECT_NEAR(report.correlations[0].crossEntropy.r, -1, 1e-9);
  EXPECT_LT(report.correlations[0].perplexity.r, -0.9);
  EXPECT_EQ(report.correlations[0].crossEntropy.n, 65);
  // Shares of budgets.
  double shares = 0, probabilities = 0;
  for (const WidthShare& w : f.widths) {
    shares += w.share;
    probabilities += w.probability;
  }
  EXPECT_GT(f.budgets, 5);
  EXPECT_NEAR(shares, 1, 1e-9);
  EXPECT_NEAR(probabilities, 1, 1e-9);
}

TEST(Report, EveryStatementIsInTheText) {
  test::TempStore store;
  addHandMade(store);
  ReportOptions options;
  options.draws = 500;
  const Report report = makeReport(store.get(), {}, options);
  const std::string text = reportToMarkdown(report);
  for (const char* part :
       {"**Best bit width by budget**", "| bits | best at | mean P(best) |",
        "**Small blocks against one more bit**", "| bits | block 1024 -> 64 |",
        "**Data types by block size**", "float 45.8 %, int (+0.30", "bivariate power law", "AICc",
        "Correlation of accuracy with cross-entropy and perplexity", "-1.000"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  const auto json = reportToJson(report);
  EXPECT_EQ(json["families"].size(), 2u);
  for (const char* key : {"widths", "ranges", "blocks", "types", "laws", "law_verdict"}) {
    EXPECT_TRUE(json["families"][0].contains(key)) << key;
  }
  EXPECT_NEAR(json["families"][0]["blocks"][0]["ratio"].get<double>(), 0.125, 1e-9);
}

/// Points on a law, with independent noise of 0.2 points.
void addLaw(test::TempStore& store,
            const std::function<double(double size, int k, double bits)>& error) {
  CounterRng rng(4, 0);
  for (int m = 0; m < 8; ++m) {
    const double size = 1e8 * std::pow(2.5, m);
    for (const int k : {16, 8, 4, 3}) {
      const double bits = k == 16 ? 16 : k + 0.25;
      RunRecord run =
          test::runOf("law", size, k == 16 ? "fp16" : fmt::format("int{}-b64", k), k, bits);
      run.blockSize = k == 16 ? 0 : 64;
      run.result = test::taskOf("task", {0, 1});
      run.result.correct.clear();
      run.result.accuracy = 1 - error(size, k, size * bits) + 0.002 * rng.normal();
      run.result.accuracySe = 0.002;
      store.add(run);
    }
  }
}

TEST(Report, OffsetsAgainstTheBivariateLawByAicc) {
  test::TempStore offsets;
  addLaw(offsets, [](double, int k, double bits) {
    return 0.2 + 0.2 * std::pow(bits / 1e10, -0.25) +
           (k == 16  ? 0.05
            : k == 8 ? 0.02
            : k == 3 ? 0.06
                     : 0);
  });
  ReportOptions options;
  options.draws = 300;
  const Report first = makeReport(offsets.get(), {}, options);
  EXPECT_THAT(accuracyOf(first).lawVerdict,
              HasSubstr("one curve with an offset per bit width is better than the bivariate"));

  test::TempStore bivariate;
  addLaw(bivariate, [](double size, int k, double) {
    return 0.2 + 0.2 * std::pow(size / 1e9, -0.25) * std::pow(k / 16.0, -0.3);
  });
  const Report second = makeReport(bivariate.get(), {}, options);
  EXPECT_THAT(accuracyOf(second).lawVerdict,
              testing::AnyOf(HasSubstr("the bivariate power law is better than"),
                             HasSubstr("are not distinguished")));
  std::vector<std::string> forms;
  for (const LawScore& law : accuracyOf(second).laws) forms.push_back(law.form);
  EXPECT_THAT(forms, testing::ElementsAre("offset", "bivariate", "J1", "J2"));
}

TEST(Report, LosslessLineByConstruction) {
  // A format of rho N parameters in b bits against lossless k bits: better when rho > b / k.
  test::PlantedTruth truth = test::drawTruth(3, false);
  truth.tau = 0.0005;
  truth.items = 20000;
  truth.formats = {{"fp16", 16, 16, 1, 0}, {"int4", 4, 4.25, 0.9, 0}, {"int3", 3, 3.25, 0.95, 0}};
  test::TempStore store;
  addPlanted(store, truth, test::plantSweep(truth, 3), [](auto, auto) { return true; });
  ReportOptions options;
  options.draws = 1000;
  const Report report = makeReport(store.get(), {}, options);
  const FamilyReport& f = accuracyOf(report);
  ASSERT_EQ(f.losslessNames.size(), 2u) << f.curves;
  for (std::size_t i = 0; i < 2; ++i) {
    if (f.losslessNames[i] == "int4") {
      EXPECT_LT(f.lossless[i].probability, 0.01);
    }
    if (f.losslessNames[i] == "int3") {
      EXPECT_GT(f.lossless[i].probability, 0.99);
    }
  }
  EXPECT_THAT(reportToMarkdown(report),
              HasSubstr("int3 against 16-bit quality at 4 bits a parameter: better with P 1.00"));
}

/// Six sizes of one family under the configurations named, with 1,000 items each.
void addPlain(test::TempStore& store, const std::vector<std::pair<std::string, int>>& configs,
              int sizes = 6) {
  for (int m = 0; m < sizes; ++m) {
    for (const auto& [config, k] : configs) {
      RunRecord run = test::runOf("plain", 1e8 * std::pow(3, m), config, k, k);
      std::vector<std::uint8_t> correct(1000, 0);
      std::fill_n(correct.begin(), 750 - int(350 * std::pow(1.6, -m)) - (k < 4 ? 30 : 0), 1);
      run.result = test::taskOf("task", correct);
      store.add(run);
    }
  }
}

TEST(Report, NoStatementAboutWidthsFromOneWidth) {
  ReportOptions options;
  options.draws = 300;
  for (const auto& configs : std::vector<std::vector<std::pair<std::string, int>>>{
           {{"fp16", 16}}, {{"int4-b64", 4}, {"int4-b128", 4}}}) {
    test::TempStore store;
    addPlain(store, configs);
    const Report report = makeReport(store.get(), {}, options);
    EXPECT_EQ(accuracyOf(report).lawVerdict, "") << configs.size();
    EXPECT_TRUE(accuracyOf(report).laws.empty());
    const std::string text = reportToMarkdown(report);
    EXPECT_THAT(text, testing::Not(HasSubstr("bivariate")));
    EXPECT_THAT(text, testing::Not(HasSubstr("nan")));
  }
  test::TempStore two;
  addPlain(two, {{"fp16", 16}, {"int3-b64", 3}});
  EXPECT_THAT(accuracyOf(makeReport(two.get(), {}, options)).lawVerdict, HasSubstr("bivariate"));
}

TEST(Report, WithoutStandardErrorsNothingIsSureAndNothingATie) {
  test::TempStore store;
  for (const double size : {1e9, 3e9}) {
    for (const auto& [config, k] : {std::pair("fp16", 16), std::pair("int4", 4)}) {
      RunRecord run = test::runOf("bare", size, config, k, k);
      run.result = test::taskOf("task", {0, 1});
      run.result.correct.clear();
      run.result.items = 0;
      run.result.accuracySe = TaskResult::kAbsent;
      run.result.accuracy = 0.4 + 0.1 * std::log(size / 1e9) - (k == 4 ? 0.01 : 0);
      store.add(run);
      if (k == 4 && size == 1e9) {
        run.config = "float4";
        run.dataType = "float";
        run.result.accuracy += 0.002;
        store.add(run);
      }
    }
  }
  const Report report = makeReport(store.get(), {}, {});
  const FamilyReport& f = accuracyOf(report);
  ASSERT_FALSE(f.rangeSentences.empty());
  for (const std::string& sentence : f.rangeSentences) {
    EXPECT_THAT(sentence, HasSubstr("is best as measured")) << sentence;
  }
  EXPECT_THAT(f.notes, Contains(HasSubstr("no point has a standard error")));
  for (const OptimalRange& r : f.ranges) EXPECT_EQ(r.verdict, Verdict::Undecided);
  const std::string text = reportToMarkdown(report);
  EXPECT_THAT(text, HasSubstr("error unknown"));
  EXPECT_THAT(text, testing::Not(HasSubstr("a tie")));
  EXPECT_THAT(text, testing::Not(HasSubstr("nan")));
  EXPECT_TRUE(reportToJson(report)["families"][0]["ranges"][0]["lowest_p"].is_null());
}

TEST(Report, IncompletePointsAreCounted) {
  test::TempStore store;
  addPlain(store, {{"fp16", 16}, {"int3-b64", 3}});
  RunRecord more = test::runOf("plain", 1e8, "fp16", 16, 16);
  more.result = test::taskOf("another", {0, 1, 1, 0});
  store.add(more);
  EXPECT_THAT(makeReport(store.get(), {}, {}).notes,
              Contains(HasSubstr("11 points without all the tasks that others have are left out")));
  RunFilter filter;
  filter.includePartial = true;
  const Report whole = makeReport(store.get(), filter, {});
  // Two sets that are not compared with each other, told apart by their titles.
  std::vector<std::string> titles;
  for (const FamilyReport& f : whole.families) titles.push_back(f.title);
  EXPECT_THAT(titles, testing::UnorderedElementsAre("plain, 2 tasks", "plain, 1 task"));
}

TEST(Report, NothingMatches) {
  test::TempStore store;
  EXPECT_THROW(makeReport(store.get(), {}, {}), Error);
}

}  // namespace
}  // namespace bitfrontier
