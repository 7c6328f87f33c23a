// SPDX-License-Identifier: GPL-3.0-or-later
// `bitfrontier fit`: every kind of fit with every option: what is taken changes the answer, what is
// not is refused in one sentence. Nothing is ignored.

#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

#include "core/analysis/fit_option.h"
#include "tests/app/cli/cli_runs.h"

namespace bitfrontier {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class CliFitOptions : public test::CliRuns {
 protected:
  CliFitOptions() {
    test::ResultTable table;
    table.add("A", 7);
    table.add("B", 7, 0.3);
    EXPECT_EQ(run({"import", write("results.csv", table.csv()), "--map",
                   "accuracy:task=acc,perplexity:text=ppl", "--store", path("s.bfdb")})
                  .code,
              0);
    std::string runs = "parameters,tokens,loss,keep\n";
    for (int i = 0; i < 5; ++i) {
      for (int k = 0; k < 5; ++k) {
        const double n = 1e8 * std::pow(3, i), d = 1e10 * std::pow(3, k);
        const double loss = 1.7 + 400 * std::pow(n, -0.33) + 900 * std::pow(d, -0.3);
        runs += fmt::format("{},{},{},{}\n", n, d, loss * (1 + 0.003 * std::sin(3 * i + 5 * k)),
                            i + k == 4 ? 0 : 1);
      }
    }
    write("runs.csv", runs);
    std::string tokens = "model,tokens\n";
    for (const char* family : {"A", "B"}) {
      for (int s = 0; s < 7; ++s) tokens += fmt::format("{}-{},{}\n", family, s, 1e10 * (s + 1));
    }
    write("tokens.csv", tokens);
    write("noise.csv", "config,noise\nint8,0.0001\nint4,0.01\nint3,0.08\n");
  }

  std::vector<std::string> commandOf(FitKind kind) {
    if (kind == FitKind::Training) return {"fit", "--training", path("runs.csv")};
    std::vector<std::string> command{"fit", path("s.bfdb")};
    const std::vector<std::string> words[] = {{},
                                              {"--by", "config"},
                                              {"--law", "J1"},
                                              {"--compare", "J1", "V"},
                                              {"--families"},
                                              {"--two-stage", "link-sigmoid"}};
    const auto& own = words[static_cast<std::size_t>(kind)];
    command.insert(command.end(), own.begin(), own.end());
    return command;
  }

  std::vector<std::string> wordsOf(FitOption option) {
    switch (option) {
      case FitOption::Store:
        return {"--store", path("s.bfdb")};
      case FitOption::Points:
        return {"--model", "A-0,A-1,A-2,A-3,A-4,A-5,B-1,B-2,B-3,B-4,B-5,B-6"};
      case FitOption::Metric:
        return {"--metric", "cross-entropy"};
      case FitOption::By:
        return {"--by", "type"};
      case FitOption::Export:
        return {"--export", path("out.py")};
      case FitOption::Law:
        return {"--law", "V"};
      case FitOption::Compare:
        return {"--compare", "J1", "J2"};
      case FitOption::TwoStage:
        return {"--two-stage", "link-exp"};
      case FitOption::Training:
        return {"--training", path("runs.csv")};
      case FitOption::Bootstrap:
        return {"--bootstrap", "20"};
      case FitOption::Resample:
        return {"--resample", "models"};
      case FitOption::Threads:
        return {"--threads", "1"};
      case FitOption::Robust:
        return {"--robust", "huber"};
      case FitOption::Weighting:
        return {"--weighting", "equal"};
      case FitOption::Tau:
        return {"--tau", "0.005"};
      case FitOption::Reference:
        return {"--reference", "int8"};
      case FitOption::Without:
        return {"--without", "int3"};
      case FitOption::Hold:
        return {"--hold", "E=0.2"};
      case FitOption::At:
        return {"--at", "1B"};
      case FitOption::Breaks:
        return {"--breaks", "2"};
      case FitOption::Tokens:
        return {"--tokens", path("tokens.csv")};
      case FitOption::Noise:
        return {"--noise", path("noise.csv")};
      case FitOption::Spread:
        return {"--spread", "0.5"};
      case FitOption::Columns:
        return {"--columns", "tokens", "parameters", "loss"};
      case FitOption::Select:
        return {"--select", "keep"};
      case FitOption::Delta:
        return {"--delta", "inf"};
      default:
        return {std::string(fitOptionName(option))};  // flags
    }
  }

  Result runWith(std::vector<std::string> command, const std::vector<std::string>& more) {
    command.insert(command.end(), more.begin(), more.end());
    return run(std::move(command));
  }
};

constexpr FitOption kKinds[] = {FitOption::By,       FitOption::Law,      FitOption::Compare,
                                FitOption::Families, FitOption::TwoStage, FitOption::Training};

TEST_F(CliFitOptions, WhatIsNotTakenIsRefusedInOneSentence) {
  int refused = 0;
  for (int k = 0; k < kFitKinds; ++k) {
    const auto kind = static_cast<FitKind>(k);
    for (int o = 0; o <= static_cast<int>(FitOption::Grid); ++o) {
      const auto option = static_cast<FitOption>(o);
      // Options that ask for another kind are tried in pairs below.
      if (takes(kind, option) || std::count(std::begin(kKinds), std::end(kKinds), option) > 0) {
        continue;
      }
      const Result result = runWith(commandOf(kind), wordsOf(option));
      EXPECT_EQ(result.code, 2) << k << " " << fitOptionName(option) << result.out;
      EXPECT_EQ(result.out, "");
      EXPECT_THAT(result.err, StartsWith("bitfrontier: error: --"));
      EXPECT_THAT(result.err,
                  testing::AnyOf(HasSubstr(" does not go with --"), HasSubstr(" needs --")));
      EXPECT_FALSE(std::filesystem::exists(path("out.py"))) << k;
      ++refused;
    }
  }
  EXPECT_GT(refused, 60);
}

TEST_F(CliFitOptions, TwoKindsAtOnceAreRefused) {
  const std::pair<FitKind, FitOption> pairs[] = {
      {FitKind::Comparison, FitOption::Law},    {FitKind::Families, FitOption::Law},
      {FitKind::Families, FitOption::TwoStage}, {FitKind::TwoStage, FitOption::Compare},
      {FitKind::Training, FitOption::Law},      {FitKind::Training, FitOption::Families}};
  for (const auto& [kind, option] : pairs) {
    const Result result = runWith(commandOf(kind), wordsOf(option));
    EXPECT_EQ(result.code, 2) << fitOptionName(option) << result.out;
    EXPECT_THAT(result.err, HasSubstr(" does not go with --"));
  }
}

TEST_F(CliFitOptions, WhatIsTakenChangesTheAnswer) {
  for (int k = 0; k < kFitKinds; ++k) {
    const auto kind = static_cast<FitKind>(k);
    for (int o = 0; o <= static_cast<int>(FitOption::Grid); ++o) {
      const auto option = static_cast<FitOption>(o);
      const bool names =
          std::count(std::begin(kKinds), std::end(kKinds), option) > 0 &&
          !(option == FitOption::By && kind != FitKind::Series && kind != FitKind::Chosen);
      // Threads change nothing but the time; a store is named in every command.
      if (!takes(kind, option) || names || option == FitOption::Threads ||
          option == FitOption::Store || option == FitOption::Refused) {
        continue;
      }
      std::vector<std::string> command = commandOf(kind);
      const auto instead = [&](const std::string& law) {
        std::replace(command.begin(), command.end(), std::string("J1"), law);
      };
      if (option == FitOption::Noise) instead("J3");
      if (option == FitOption::Breaks) instead("broken");
      if (option == FitOption::Noise && kind == FitKind::TwoStage) {
        command.insert(command.end(), {"--law", "J3"});
      }
      if (option == FitOption::Resample) command.insert(command.end(), {"--bootstrap", "20"});
      const Result plain = run(command), with = runWith(command, wordsOf(option));
      const std::string what =
          fmt::format("{} {}", fmt::join(command, " "), fmt::join(wordsOf(option), " "));
      EXPECT_THAT(with.code, testing::AnyOf(0, 1)) << what << ": " << with.err;
      if (option == FitOption::Export) {
        EXPECT_TRUE(std::filesystem::remove(path("out.py"))) << what;
        continue;
      }
      EXPECT_NE(plain.out + plain.err, with.out + with.err) << what;
    }
  }
}

TEST_F(CliFitOptions, OneSentenceForAWordThatMeansNothing) {
  const Result series = run({"fit", path("s.bfdb"), "--by", "sise"});
  const Result joint = run({"fit", path("s.bfdb"), "--law", "J1", "--by", "sise"});
  EXPECT_EQ(series.code, 2);
  EXPECT_EQ(series.err, joint.err);
  EXPECT_THAT(series.err, HasSubstr("unknown series key 'sise', one of bits, block, type, config"));
}

TEST_F(CliFitOptions, WhatOnlySomeLawsUseIsNotGivenToOthers) {
  const auto refusal = [&](std::vector<std::string> more) {
    const Result result = runWith({"fit", path("s.bfdb")}, more);
    EXPECT_EQ(result.code, 2) << result.out;
    return result.err;
  };
  EXPECT_THAT(refusal({"--law", "J1", "--noise", path("noise.csv")}),
              HasSubstr("--noise says nothing to the law J1"));
  EXPECT_THAT(refusal({"--law", "J1", "--breaks", "2"}),
              HasSubstr("--breaks says nothing to the law J1"));
  EXPECT_THAT(refusal({"--law", "power", "--reference", "int8"}),
              HasSubstr("--reference says nothing to the law power"));
  EXPECT_THAT(refusal({"--laws", "--csv"}), HasSubstr("--csv does not go with --laws"));
}

}  // namespace
}  // namespace bitfrontier
