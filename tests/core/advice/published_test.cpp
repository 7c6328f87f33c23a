// SPDX-License-Identifier: GPL-3.0-or-later
// The shipped tables of GPTQ: the laws that advice is based on are those of the reference.

#include <gmock/gmock.h>

#include <filesystem>

#include "core/advice/advise.h"
#include "core/advice/report.h"
#include "core/base/json.h"
#include "core/base/resources.h"
#include "core/law/decide/law_mixture.h"
#include "core/law/fit/joint_fit.h"
#include "core/store/import/published.h"
#include "tests/core/advice/planted_store.h"
#include "tests/support/cases.h"

namespace bitfrontier {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class Published : public testing::Test {
 protected:
  Published() {
    for (RunRecord run : readPublishedFolder(resourceDir() / "published")) store_.add(run);
  }
  FamilyRuns family(const std::string& name) const {
    for (FamilyRuns& f : familyRuns(store_.get(), {}, LawMetric::Accuracy)) {
      if (f.family == name) return std::move(f);
    }
    ADD_FAILURE() << "no family " << name;
    return {};
  }
  test::TempStore store_;
};

/// The points of a family without some formats.
std::vector<LawPoint> without(const FamilyRuns& family, std::vector<std::string> formats) {
  std::vector<LawPoint> points;
  for (const LawPoint& p : family.points) {
    const std::string label = seriesLabel(p, SeriesKey::Config);
    if (std::find(formats.begin(), formats.end(), label) == formats.end()) points.push_back(p);
  }
  return points;
}

/// The reference has GPTQ and 16 bits; round to nearest collapses (OPT at 3 bits, OPT-66B and
/// BLOOM-176B), which no law describes: 4.8 and 5.1 points of scatter instead of 1.7 and 0.3.
TEST_F(Published, ScatterIsThatOfTheReferenceWithoutRoundToNearest) {
  const auto file = test::casesDir() / "laws/reference.json";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << test::kNoCases;
  const auto reference = readJson(file)["gptq_tables"]["results"];
  for (const char* name : {"OPT", "BLOOM"}) {
    const FamilyRuns f = family(name);
    JointOptions options;
    const JointFit all = fitJoint(f.points, options);
    EXPECT_GT(all.tau, 0.045) << name;
    EXPECT_FALSE(all.usable);
    const JointFit fit = fitJoint(without(f, {"rtn3", "rtn4"}), options);
    const auto& expected = reference[name]["models"]["J1"];
    EXPECT_NEAR(fit.tau, expected["tau"].get<double>(), 1e-4) << name;
    // The table's errors are p(1-p)/n there and p(1-p)/(n-1) here.
    const auto& parameters = expected["params_tau"];
    EXPECT_NEAR(fit.parameters[*fit.find("E")].value, parameters["E"].get<double>(), 2e-3);
    EXPECT_NEAR(fit.parameters[*fit.find("lnrho_gptq4")].value,
                parameters["lnrho_gptq4"].get<double>(), 2e-3);
    EXPECT_NEAR(fit.parameters[*fit.find("lnrho_gptq3")].value,
                parameters["lnrho_gptq3"].get<double>(), 2e-3);
  }
}

TEST_F(Published, CollapsedFormatsAreLeftOutOfTheLawAndNamed) {
  JointOptions options;
  std::string why;
  const LawMixture bloom = fitMixture(family("BLOOM").points, options, why);
  ASSERT_FALSE(bloom.empty()) << why;
  ASSERT_EQ(bloom.leftOut.size(), 1u);
  EXPECT_EQ(bloom.leftOut[0].format, "rtn3");
  EXPECT_GT(bloom.leftOut[0].scatter, 0.045);
  EXPECT_LT(bloom.laws[0].fit().tau, 0.005);
  EXPECT_TRUE(bloom.laws[0].fit().findFormat("rtn4"));

  const LawMixture opt = fitMixture(family("OPT").points, options, why);
  ASSERT_FALSE(opt.empty()) << why;
  // Round to nearest at 3 bits is at chance, which fits know already. OPT-66B collapses at 4 bits
  // by it, and loses 7 points by GPTQ at 3: with that the scatter is the 1.7 points of the
  // reference.
  ASSERT_EQ(opt.leftOut.size(), 2u);
  EXPECT_EQ(opt.leftOut[0].format, "rtn4");
  EXPECT_GT(opt.leftOut[0].scatter, 0.045);
  EXPECT_EQ(opt.leftOut[1].format, "gptq3");
  EXPECT_NEAR(opt.leftOut[1].scatter, 0.017, 5e-4);
  EXPECT_FALSE(opt.laws[0].fit().findFormat("rtn3"));
  EXPECT_LT(opt.laws[0].fit().tau, 0.01);
}

TEST_F(Published, AdviceWithin24GB) {
  AdviceOptions options;
  options.memoryBits = 24 * 8e9;
  options.memory.shapes = readShapes(resourceDir() / "shapes.csv");
  options.memory.needs = {2048, 1, 16, 0.05};
  RunFilter filter;
  filter.families = {"OPT", "BLOOM"};
  const auto all = advise(store_.get(), filter, options);
  ASSERT_EQ(all.size(), 1u);
  const Advice& advice = all[0];
  // OPT-30B at 4 bits by GPTQ: 66.28 %, the best that was measured within 24 GB; larger at 3 bits
  // (OPT-66B: 56.7 %) is worse.
  ASSERT_TRUE(advice.choice && advice.bestMeasured);
  EXPECT_EQ(advice.candidates[*advice.bestMeasured].model, "OPT-30B");
  EXPECT_EQ(advice.candidates[*advice.bestMeasured].config, "gptq4");
  EXPECT_EQ(advice.candidates[*advice.choice].model, "OPT-30B");
  EXPECT_EQ(advice.candidates[*advice.choice].config, "gptq4");
  EXPECT_THAT(advice.notes, Contains(HasSubstr("left out of the law, which does not describe")));
}

}  // namespace
}  // namespace bitfrontier
