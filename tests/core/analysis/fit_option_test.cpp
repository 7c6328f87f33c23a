// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/fit_option.h"

#include <gmock/gmock.h>

#include <set>
#include <string>
#include <vector>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr int kOptions = static_cast<int>(FitOption::Grid) + 1;

std::string refusal(FitKind kind, const std::vector<FitOption>& options) {
  std::vector<GivenOption> given;
  for (const FitOption o : options) given.push_back({o, std::string(fitOptionName(o))});
  try {
    requireOptions(kind, given);
    return "";
  } catch (const Error& e) {
    EXPECT_EQ(e.kind(), ErrorKind::InvalidArgument);
    return e.what();
  }
}

TEST(FitOption, EveryKindTakesOrRefusesEveryOption) {
  for (int k = 0; k < kFitKinds; ++k) {
    const auto kind = static_cast<FitKind>(k);
    int taken = 0;
    for (int o = 0; o < kOptions; ++o) {
      const auto option = static_cast<FitOption>(o);
      if (takes(kind, option)) {
        ++taken;
        continue;
      }
      const std::string text = refusal(kind, {option});
      EXPECT_THAT(text, HasSubstr(std::string(fitOptionName(option)))) << k;
      EXPECT_THAT(text, testing::AnyOf(HasSubstr(" does not go with --"), HasSubstr(" needs --")));
    }
    EXPECT_GT(taken, 4) << k;
  }
}

TEST(FitOption, NamesAreDifferentAndNobodysOptionIsLost) {
  std::set<std::string_view> names;
  for (int o = 0; o < kOptions; ++o) {
    const auto option = static_cast<FitOption>(o);
    EXPECT_TRUE(names.insert(fitOptionName(option)).second) << fitOptionName(option);
    bool taken = false;
    for (int k = 0; k < kFitKinds; ++k) taken = taken || takes(static_cast<FitKind>(k), option);
    EXPECT_TRUE(taken) << fitOptionName(option);
  }
}

TEST(FitOption, SentencesSayWhatToDo) {
  EXPECT_EQ(refusal(FitKind::Chosen, {FitOption::Profile}), "--profile needs --law");
  EXPECT_EQ(refusal(FitKind::Chosen, {FitOption::Bootstrap}),
            "--bootstrap needs --by, --law or --training");
  EXPECT_EQ(refusal(FitKind::TwoStage, {FitOption::Law, FitOption::Export}),
            "--export does not go with --two-stage");
  EXPECT_EQ(refusal(FitKind::Joint, {FitOption::Law, FitOption::Families}),
            "--families does not go with --law");
  EXPECT_EQ(refusal(FitKind::Joint, {FitOption::Law, FitOption::Resample}),
            "--resample needs --bootstrap");
  EXPECT_EQ(refusal(FitKind::Joint, {FitOption::Law, FitOption::Csv, FitOption::At}),
            "--at is printed as a table or with --json");
  EXPECT_EQ(refusal(FitKind::Joint, {FitOption::Law, FitOption::Bootstrap, FitOption::Resample}),
            "");
  EXPECT_EQ(refusal(FitKind::Training, {FitOption::Training, FitOption::Threads}), "");
}

}  // namespace
}  // namespace bitfrontier
