// SPDX-License-Identifier: GPL-3.0-or-later
// Every law: derivatives against differences, and parameters found again from points on the law.

#include <gmock/gmock.h>

#include <cmath>
#include <set>

#include "core/base/error.h"
#include "core/law/fit/joint_fit.h"
#include "core/law/form/law_form.h"
#include "tests/core/law/noisy_sweep.h"

namespace bitfrontier {
namespace {

TEST(LawForms, EachHasANameAndSaysWhatItIs) {
  std::set<std::string_view> names;
  for (const LawForm* form : lawForms()) {
    const LawFormInfo& info = form->info();
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_FALSE(info.title.empty() || info.formula.empty() || info.source.empty()) << info.name;
    EXPECT_EQ(&lawForm(info.name), form);
    EXPECT_TRUE(info.nestedIn.empty() || !lawForm(info.nestedIn).info().name.empty());
  }
  EXPECT_GE(names.size(), 20u);
  EXPECT_EQ(&lawForm("j1"), &lawForm("J1"));
  try {
    lawForm("J9");
    FAIL() << "unknown law";
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr("unknown law 'J9', one of J1, J2, V"));
  }
}

class EachLaw : public testing::TestWithParam<std::string> {};

TEST_P(EachLaw, DerivativesEqualDifferences) {
  const test::PlantedData planted = test::plant(test::planted(GetParam()));
  const LawForm& form = lawForm(test::planted(GetParam()).form);
  const LawContext& c = planted.data.context;
  const std::size_t k = planted.values.size();
  for (const LawTarget& target : planted.data.targets) {
    std::vector<double> gradient(k, LawPoint::kAbsent);
    form.value(c, planted.values.data(), target.row, gradient.data());
    for (std::size_t i = 0; i < k; ++i) {
      std::vector<double> p = planted.values;
      const double h = 1e-5 * std::max(std::abs(p[i]), 0.1);
      p[i] = planted.values[i] + h;
      const double up = form.value(c, p.data(), target.row, nullptr);
      p[i] = planted.values[i] - h;
      const double down = form.value(c, p.data(), target.row, nullptr);
      EXPECT_NEAR(gradient[i], (up - down) / (2 * h), 2e-7 * (1 + std::abs(gradient[i])))
          << GetParam() << " parameter " << i;
    }
  }
}

TEST_P(EachLaw, BoundsHoldTheTruthAndStartsAreFinite) {
  const test::PlantedData planted = test::plant(test::planted(GetParam()));
  const LawForm& form = lawForm(test::planted(GetParam()).form);
  const auto parameters = form.parameters(planted.data.context);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    EXPECT_LT(parameters[i].lower, planted.values[i]) << parameters[i].name;
    EXPECT_GT(parameters[i].upper, planted.values[i]) << parameters[i].name;
    EXPECT_FALSE(parameters[i].meaning.empty());
  }
  for (const double level : {0.0, 0.5, 1.0}) {
    for (const double alpha : {0.03, 0.3, 1.5}) {
      const auto start = form.start(planted.data.context, planted.data.targets, level, alpha);
      ASSERT_EQ(start.size(), parameters.size());
      for (const double v : start) EXPECT_TRUE(std::isfinite(v));
    }
  }
}

TEST_P(EachLaw, PointsOnTheLawGiveItBack) {
  const test::PlantedLaw law = test::planted(GetParam());
  const test::PlantedData planted = test::plant(law);
  const JointFit fit = fitJoint(planted.points, planted.options);
  ASSERT_EQ(fit.parameters.size(), planted.values.size()) << joinRemarks(fit.remarks);
  EXPECT_TRUE(fit.usable) << joinRemarks(fit.remarks);
  EXPECT_LT(fit.rmse, 1e-6);
  for (std::size_t i = 0; i < fit.parameters.size(); ++i) {
    EXPECT_NEAR(fit.parameters[i].value, planted.values[i],
                1e-3 * std::max(std::abs(planted.values[i]), 0.1))
        << GetParam() << " " << fit.parameters[i].name;
  }
  EXPECT_GE(fit.agreed, 1);
}

INSTANTIATE_TEST_SUITE_P(Forms, EachLaw, testing::ValuesIn(test::lawNames(true)),
                         test::lawTestName);

TEST(LawForms, ModelledWeightErrorsAreThoseOfTheFormats) {
  const test::PlantedData planted = test::plant(test::planted("J3 modelled"));
  const JointFit fit = fitJoint(planted.points, planted.options);
  const auto value = [&](const char* name) { return fit.parameters[*fit.find(name)].value; };
  for (std::size_t f = 1; f < fit.context.formats.size(); ++f) {
    // The law with measured weight errors gives the same value.
    LawContext measured = fit.context;
    measured.modelledNoise = false;
    const double p[] = {value("E"), value("lnA0"), value("alpha"), value("lnlambda"), value("eta")};
    const LawRow row = fit.row(f, 1e9);
    EXPECT_NEAR(lawForm("J3").value(measured, p, row, nullptr), fit.predict(row), 1e-12)
        << fit.context.formats[f].label;
  }
}

TEST(LawForms, JOneIsJTwoWithEqualExponents) {
  test::PlantedLaw one = test::planted("J1");
  const test::PlantedData planted = test::plant(one);
  JointOptions options = planted.options;
  options.form = "J2";
  const JointFit fit = fitJoint(planted.points, options);
  ASSERT_TRUE(fit.usable) << joinRemarks(fit.remarks);
  EXPECT_NEAR(fit.parameters[*fit.find("gammaN")].value, 0.25, 1e-4);
  // rho_f = (A0 / (A0 + C_f))^(1/alpha)
  const double a0 = std::exp(-1.6);
  for (const char* f : {"int4-b64", "int3-b64"}) {
    const double c = fit.parameters[*fit.find("C_" + std::string(f))].value;
    EXPECT_NEAR(std::log(a0 / (a0 + c)) / 0.25, one.truth.at("lnrho_" + std::string(f)), 1e-4);
  }
}

}  // namespace
}  // namespace bitfrontier
