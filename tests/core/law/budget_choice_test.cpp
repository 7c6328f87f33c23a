// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/decide/budget_choice.h"
#include "core/law/decide/law_mixture.h"

#include <gmock/gmock.h>

#include <map>

#include "tests/core/law/law_cases.h"
#include "tests/support/planted_sweep.h"

namespace bitfrontier {
namespace {

using testing::HasSubstr;

class BudgetChoiceReference : public test::LawCases {};

TEST_F(BudgetChoiceReference, SyntheticByLawsTogether) {
  const auto points = synthetic();
  JointOptions options;
  options.covariance = syntheticItems().covariance();
  std::string why;
  const LawMixture mixture = fitMixture(points, options, why);
  ASSERT_FALSE(mixture.empty()) << why;
  EXPECT_THAT(mixture.describe(), HasSubstr("J1 (0.8"));
  const auto& expected = reference_["synth_A"]["results"]["frontier"];
  const FormatCurves law = lawCurves(mixture, 4000, 1);
  std::vector<double> budgets;
  for (const auto& e : expected) budgets.push_back(std::exp2(e["log2_bits"].get<double>()));
  const auto known = chooseFormats(law, budgets);
  for (std::size_t b = 0; b < known.size(); ++b) {
    const auto& e = expected[b];
    ASSERT_EQ(known[b].formats.size(), e["P_law_glstau"].size()) << b;
    EXPECT_EQ(law.formats[known[b].best].label, e["law_point"].get<std::string>()) << b;
    for (const FormatChance& f : known[b].formats) {
      // Three Monte Carlo errors of the reference's 1,000 and our 4,000 draws.
      const double p = e["P_law_glstau"][law.formats[f.format].label].get<double>();
      EXPECT_NEAR(f.probability, p, 3 * std::sqrt(p * (1 - p) * (1 / 1000.0 + 1 / 4000.0)) + 0.005)
          << b << " " << law.formats[f.format].label;
    }
  }
  // "4 bit is optimal from x to y": everywhere but at the right edge, where it was not measured.
  const auto choices = chooseFormats(law, budgetGrid(law, 2));
  const auto ranges = optimalRanges(choices);
  ASSERT_GE(ranges.size(), 2u);
  EXPECT_EQ(law.formats[ranges[0].best].label, "fp4_b64");
  EXPECT_EQ(ranges[0].verdict, Verdict::Optimal);
  EXPECT_DOUBLE_EQ(ranges[0].fromBits, std::exp2(29.0));
  EXPECT_DOUBLE_EQ(ranges[0].toBits, std::exp2(35.5));
  // The values agree with the reference's J1 within what mixing in some J2 changes.
  for (std::size_t b = 0; b < choices.size(); ++b) {
    for (const FormatChance& f : choices[b].formats) {
      for (const auto& e : expected) {
        if (std::exp2(e["log2_bits"].get<double>()) != choices[b].totalBits) continue;
        EXPECT_NEAR(f.value, e["law_acc"][law.formats[f.format].label].get<double>(), 4e-3);
      }
    }
  }
}

/// Two formats whose curves cross at a known budget, drawn with known noise.
FormatCurves crossingCurves() {
  FormatCurves curves;
  curves.formats = {{"a", 4, 1e9, 1e12}, {"b", 8, 1e9, 1e12}, {"short", 16, 1e9, 1e10}};
  curves.draws = 4001;
  const auto value = [](std::size_t f, double bits) {
    if (f == 2) return -5.0;
    const double x = std::log2(bits) - 35;
    return f == 0 ? 0.0 : 0.01 * x;
  };
  curves.value = value;
  curves.drawn = [value](std::size_t f, double bits, std::span<double> out) {
    for (std::size_t s = 0; s < out.size(); ++s) {
      CounterRng rng(3, s);
      out[s] = value(f, bits) + (f == 1 ? 0.005 * rng.normal() : 0);
    }
  };
  return curves;
}

TEST(BudgetChoice, CrossingsAndVerdicts) {
  const FormatCurves curves = crossingCurves();
  std::vector<double> budgets;
  for (const double x : {31.0, 34.0, 34.9, 35.2, 36.0, 38.0}) budgets.push_back(std::exp2(x));
  const auto choices = chooseFormats(curves, budgets);
  EXPECT_EQ(choices[0].formats.size(), 3u);
  EXPECT_EQ(choices[1].formats.size(), 2u);  // "short" is not measured there
  EXPECT_EQ(choices[0].verdict, Verdict::Optimal);
  EXPECT_EQ(sentence(choices[0], curves), "a (P 1.00) is optimal");
  // One unit of log2 is 2 standard deviations of the difference.
  EXPECT_NEAR(choices[1].formats[0].probability, 0.977, 0.01);
  EXPECT_EQ(choices[2].verdict, Verdict::Undecided);
  EXPECT_THAT(sentence(choices[2], curves), HasSubstr("not decided between a (P 0.5"));
  EXPECT_EQ(choices[3].best, 1u);
  EXPECT_EQ(choices[5].verdict, Verdict::Optimal);
  // Expected loss of the loser: the difference itself where it is decided.
  for (const FormatChance& f : choices[5].formats) {
    if (f.format == 0) {
      EXPECT_NEAR(f.loss, 0.03, 0.0005);
    }
    if (f.format == 1) {
      EXPECT_NEAR(f.loss, 0, 0.0005);
    }
  }
  const auto crossed = crossings(curves, choices);
  ASSERT_EQ(crossed.size(), 1u);
  EXPECT_EQ(crossed[0].small, 0u);
  EXPECT_NEAR(std::log2(crossed[0].totalBits), 35, 0.02);
  EXPECT_NEAR(std::log2(crossed[0].low), 35 - 1.96 * 0.5, 0.06);
  EXPECT_NEAR(std::log2(crossed[0].high), 35 + 1.96 * 0.5, 0.06);
  const auto ranges = optimalRanges(choices);
  EXPECT_EQ(ranges.front().best, 0u);
  EXPECT_EQ(ranges.back().best, 1u);
}

TEST(BudgetChoice, OneFormatNeverWinsForBeingAlone) {
  FormatCurves curves = crossingCurves();
  curves.formats[1].maxBits = 1e10;
  curves.formats[2].maxBits = 2e9;
  const std::vector<double> budgets{1e11, 1e13};
  const auto choices = chooseFormats(curves, budgets);
  EXPECT_EQ(choices[0].verdict, Verdict::OnlyMeasured);
  EXPECT_EQ(sentence(choices[0], curves), "a is the only format measured at this budget");
  EXPECT_EQ(choices[1].verdict, Verdict::Nothing);
  EXPECT_EQ(sentence(choices[1], curves), "no format is measured at this budget");
  EXPECT_TRUE(optimalRanges(choices).empty());
}

TEST(BudgetChoice, AllThatFitsCompetes) {
  FormatCurves curves = crossingCurves();
  curves.formats[0].maxBits = 1e10;  // a, worth 0 everywhere
  const std::vector<double> budgets{1e8, 1.2e10, std::exp2(36), 1e13};
  const auto choices = chooseFormats(curves, budgets, Rivals::Fitting);
  EXPECT_EQ(choices[0].verdict, Verdict::Nothing);
  for (std::size_t c = 1; c < choices.size(); ++c) {
    ASSERT_EQ(choices[c].formats.size(), 3u) << c;
    double sum = 0;
    for (const FormatChance& f : choices[c].formats) {
      EXPECT_EQ(f.atBits, std::min(budgets[c], curves.formats[f.format].maxBits));
      sum += f.probability;
    }
    EXPECT_NEAR(sum, 1, 1e-9);
  }
  // Above its largest model a is still better than b, until b's larger models are.
  EXPECT_EQ(choices[1].best, 0u);
  EXPECT_EQ(choices[1].verdict, Verdict::Optimal);
  EXPECT_EQ(choices[2].best, 1u);
  EXPECT_EQ(choices[3].best, 1u);
  EXPECT_EQ(chooseFormats(curves, budgets)[1].verdict, Verdict::OnlyMeasured);
}

TEST(BudgetChoice, OnlyMeasuredModelsCompete) {
  FormatCurves curves = crossingCurves();
  curves.formats = {{"rises", 4, 1e9, 1e12, {1e9, 1e10, 1e11, 1e12}},
                    {"falls", 3, 2e9, 2e10, {2e9, 2e10}}};
  curves.value = [](std::size_t f, double bits) { return (f == 0 ? 1 : -1) * std::log2(bits); };
  curves.drawn = [&](std::size_t f, double bits, std::span<double> out) {
    for (double& v : out) v = curves.value(f, bits);
  };
  const std::vector<double> budgets{5e8, 1.5e9, 9.9e10, 1e11, 1e14};
  const auto choices = chooseFormats(curves, budgets, Rivals::Measured);
  EXPECT_TRUE(choices[0].formats.empty());
  ASSERT_EQ(choices[1].formats.size(), 1u);
  EXPECT_EQ(choices[1].formats[0].atBits, 1e9);
  const double largest[] = {0, 0, 1e10, 1e11, 1e12};
  for (std::size_t c = 2; c < choices.size(); ++c) {
    ASSERT_EQ(choices[c].formats.size(), 2u);
    for (const FormatChance& f : choices[c].formats) {
      EXPECT_EQ(f.atBits, f.format == 0 ? largest[c] : 2e9);
      EXPECT_NEAR(f.value, curves.value(f.format, f.atBits), 1e-9);
    }
  }
}

TEST(BudgetChoice, AFormatThatGetsWorseWithSizeCompetesByItsBest) {
  FormatCurves curves = crossingCurves();
  curves.formats = {{"falls", 4, 1e9, 1e12, {1e9, 1e10, 1e11, 1e12}}, {"once", 3, 2e9, 2e9, {2e9}}};
  curves.value = [](std::size_t f, double bits) { return f == 0 ? 1 / std::log2(bits) : 0.001; };
  curves.drawn = [&](std::size_t f, double bits, std::span<double> out) {
    for (double& v : out) v = curves.value(f, bits);
  };
  const std::vector<double> budgets{1.5e9, 5e11};
  const auto choices = chooseFormats(curves, budgets, Rivals::Fitting);
  ASSERT_EQ(choices[0].formats.size(), 1u);
  ASSERT_EQ(choices[1].formats.size(), 2u);
  EXPECT_EQ(choices[1].formats[0].atBits, 1e9);
  EXPECT_EQ(choices[1].formats[1].atBits, 2e9);
}

TEST(BudgetChoice, ProbabilitiesAtACrossingAreThoseOfItsInterval) {
  test::PlantedTruth truth;
  truth.tau = 0.001;
  truth.items = 20000;
  truth.gammaN = 0.6;
  truth.sizes = {0.125e9, 0.35e9, 1.3e9, 2.7e9, 6.7e9, 13e9};
  truth.formats = {
      {"fp16", 16, 16, 1, 0}, {"int4", 4, 4.25, 1, 0.003}, {"int3", 3, 3.25, 1, 0.022}};
  const test::PlantedSweep sweep = test::plantSweep(truth, 5);
  JointOptions options;
  options.covariance = sweep.items.covariance();
  std::string why;
  const LawMixture mixture = fitMixture(sweep.points, options, why);
  ASSERT_FALSE(mixture.empty()) << why;
  const FormatCurves curves = lawCurves(mixture, 4000, 1);
  auto crossed = crossings(curves, chooseFormats(curves, budgetGrid(curves, 2), Rivals::Fitting));
  // Where int3 ends int4 wins again, but their curves do not cross there.
  std::erase_if(crossed, [](const Crossing& c) { return std::isnan(c.totalBits); });
  ASSERT_EQ(crossed.size(), 1u);
  const Crossing& c = crossed[0];
  EXPECT_EQ(curves.formats[c.small].label, "int4");
  EXPECT_EQ(curves.formats[c.large].label, "int3");
  ASSERT_TRUE(c.low > 0 && std::isfinite(c.high));
  const std::vector<double> budgets{c.low, c.totalBits, c.high};
  const auto at = chooseFormats(curves, budgets);
  const double expected[] = {0.025, 0.5, 0.975};
  // Draws of the same posterior that nothing here has seen.
  constexpr std::size_t kDraws = 8000;
  std::vector<std::pair<std::size_t, LawPosterior::Draw>> own;
  for (std::size_t s = 0; s < kDraws; ++s) {
    CounterRng rng(77, s);
    const std::size_t law = mixture.lawOf(s, kDraws);
    own.emplace_back(law, mixture.laws[law].draw(rng));
  }
  for (std::size_t b = 0; b < 3; ++b) {
    double smaller = 0, larger = 0;
    for (const FormatChance& f : at[b].formats) {
      if (f.format == c.small) smaller = f.probability;
      if (f.format == c.large) larger = f.probability;
    }
    EXPECT_NEAR(larger / (larger + smaller), expected[b], 0.005) << b;
    double better = 0;
    for (const auto& [law, draw] : own) {
      const JointFit& fit = mixture.laws[law].fit();
      const auto value = [&](std::size_t format) {
        return fit.predict(fit.row(format, fit.sizeForBits(format, budgets[b])),
                           draw.parameters.data());
      };
      better += value(c.large) > value(c.small) ? 1.0 / kDraws : 0;
    }
    EXPECT_NEAR(better, expected[b], 0.03) << b;
  }
}

TEST(BudgetChoice, FarBehindIsNotDrawnAndNothingElseChanges) {
  FormatCurves curves;
  curves.draws = 500;
  for (std::size_t f = 0; f < 200; ++f) {
    curves.formats.push_back({std::to_string(f), f < 100 ? 4 : 8, 1e9, 1e12});
  }
  curves.value = [](std::size_t f, double) { return 0.001 * static_cast<double>(f % 150); };
  std::size_t drawn = 0;
  curves.drawn = [&](std::size_t f, double bits, std::span<double> out) {
    drawn += out.size();
    for (std::size_t s = 0; s < out.size(); ++s) {
      CounterRng rng(f, s);
      out[s] = curves.value(f, bits) + 0.002 * rng.normal();
    }
  };
  const std::vector<double> budgets{1e10};
  const BudgetChoice whole = chooseFormats(curves, budgets)[0];
  const std::size_t all = drawn;
  drawn = 0;
  curves.exchangeable = true;
  const BudgetChoice fewer = chooseFormats(curves, budgets)[0];
  EXPECT_LT(drawn, all / 2);
  ASSERT_EQ(fewer.formats.size(), whole.formats.size());
  EXPECT_EQ(fewer.best, whole.best);
  std::map<std::size_t, FormatChance> expected;
  for (const FormatChance& f : whole.formats) expected[f.format] = f;
  for (const FormatChance& f : fewer.formats) {
    EXPECT_EQ(f.probability, expected[f.format].probability) << f.format;
    EXPECT_NEAR(f.loss, expected[f.format].loss, 0.001) << f.format;
  }
}

TEST(BudgetChoice, IdenticalFormatsShare) {
  FormatCurves curves = crossingCurves();
  curves.drawn = [](std::size_t, double, std::span<double> out) {
    for (double& v : out) v = 0.5;
  };
  curves.value = [](std::size_t, double) { return 0.5; };
  const std::vector<double> budgets{1e11};
  const auto choices = chooseFormats(curves, budgets);
  EXPECT_NEAR(choices[0].formats[0].probability, 0.5, 1e-9);
  EXPECT_NEAR(choices[0].formats[1].probability, 0.5, 1e-9);
  EXPECT_EQ(choices[0].verdict, Verdict::Undecided);
}

TEST(BudgetChoice, EqualWidthsAreTakenTogether) {
  FormatCurves curves = crossingCurves();
  curves.formats[1].bits = 4;
  const std::vector<double> budgets{std::exp2(35)};
  const auto choices = chooseFormats(curves, budgets);
  EXPECT_EQ(choices[0].verdict, Verdict::Undecided);
  const BudgetChoice widths = byBits(choices[0], curves);
  ASSERT_EQ(widths.formats.size(), 1u);
  EXPECT_EQ(widths.best, 4u);
  EXPECT_NEAR(widths.formats[0].probability, 1, 1e-9);
}

}  // namespace
}  // namespace bitfrontier
