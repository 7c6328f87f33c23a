// SPDX-License-Identifier: GPL-3.0-or-later
// `bitfrontier fit`: joint laws of the shipped tables, comparison, training runs.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/app/cli/process.h"
#include "tests/core/sweep/tiny_model.h"

namespace bitfrontier {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class CliFit : public ::testing::Test {
 protected:
  CliFit() : dir_("cli_fit") {}
  struct Result {
    int code;
    std::string out;
    std::string err;
  };
  Result run(std::vector<std::string> arguments) {
    test::CliProcess process(dir_.path(), std::move(arguments));
    const int code = process.wait();
    return {code, process.out(), process.err()};
  }
  std::string published() {
    const std::string store = (dir_.path() / "published.bfdb").string();
    EXPECT_EQ(run({"import", "--published", "--store", store}).code, 0);
    return store;
  }

  test::TempDir dir_;
};

TEST_F(CliFit, LawsAreListed) {
  const Result list = run({"fit", "--laws"});
  EXPECT_EQ(list.code, 0) << list.err;
  for (const char* word : {"J1", "J2", "kumar", "chinchilla", "broken", "horizontal shift"}) {
    EXPECT_THAT(list.out, HasSubstr(word));
  }
  const auto json = nlohmann::json::parse(run({"fit", "--laws", "--json"}).out);
  EXPECT_GE(json.size(), 20u);
  EXPECT_EQ(json[0]["name"], "J1");
}

TEST_F(CliFit, JointLawOfThePublishedTables) {
  const std::string store = published();
  const Result table =
      run({"fit", store, "--law", "J1", "--origin", "published", "--family", "BLOOM", "--refused"});
  ASSERT_EQ(table.code, 0) << table.err;
  EXPECT_THAT(table.out, HasSubstr("rho per bit"));
  EXPECT_THAT(table.out, HasSubstr("not paired"));

  const Result fit = run({"fit", store, "--law", "J1", "--origin", "published", "--family", "BLOOM",
                          "--json", "--profile", "--bootstrap", "200"});
  ASSERT_EQ(fit.code, 0) << fit.err;
  const auto json = nlohmann::json::parse(fit.out);
  ASSERT_EQ(json.size(), 1u);
  EXPECT_EQ(json[0]["law"], "J1");
  EXPECT_EQ(json[0]["sizes"], 6);
  // Enough to predict: the curve of the reference at N0 is 1 - E - A0.
  double e = 0, a = 0;
  for (const auto& p : json[0]["parameters"]) {
    if (p["name"] == "E") e = p["value"];
    if (p["name"] == "lnA0") a = p["value"];
  }
  EXPECT_NEAR(json[0]["derived"][0]["value"].get<double>(), e + std::exp(a), 1e-12);
  EXPECT_EQ(json[0]["profile"].size(), json[0]["parameters"].size());
  EXPECT_EQ(json[0]["bootstrap"]["resampling"], "parametric");
}

// A series has one law, whichever way it is asked for.
TEST_F(CliFit, ASeriesGetsOneStatement) {
  const std::string store = published();
  const auto ask = [&](std::vector<std::string> more) {
    std::vector<std::string> command{"fit", store, "--family", "OPT", "--json"};
    command.insert(command.end(), more.begin(), more.end());
    const Result result = run(command);
    EXPECT_EQ(result.code, 0) << result.err;
    return nlohmann::json::parse(result.out);
  };
  const auto series = ask({"--by", "bits"}), named = ask({"--law", "power", "--by", "bits"});
  int compared = 0;
  for (const auto& s : series) {
    for (const auto& law : named) {
      if (law["title"] != "OPT " + s["label"].get<std::string>()) continue;
      EXPECT_EQ(s["usable"], law["usable"]) << s["label"];
      EXPECT_EQ(s["n"], law["n"]);
      ++compared;
    }
  }
  EXPECT_GE(compared, 4);
  for (const auto& curve : ask({})) {
    if (curve["label"] != "3 bit, gptq") continue;
    const auto refused = std::find_if(series.begin(), series.end(),
                                      [](const auto& s) { return s["label"] == "3 bit, gptq"; });
    EXPECT_EQ((*refused)["usable"], false);
    EXPECT_TRUE(curve["law"].is_null() || curve["law"] != "power") << curve["note"];
    EXPECT_FALSE(curve["note"].get<std::string>().empty());
  }
}

TEST_F(CliFit, TheDataChooseTheLaw) {
  const std::string store = published();
  const Result table = run({"fit", store, "--family", "BLOOM"});
  ASSERT_EQ(table.code, 0) << table.err;
  EXPECT_THAT(table.out, StartsWith("BLOOM: "));
  EXPECT_THAT(table.out, HasSubstr("interpolated"));
  const Result named = run({"fit", store, "--family", "BLOOM", "--law", "auto"});
  EXPECT_EQ(named.out, table.out);
  const auto json = nlohmann::json::parse(run({"fit", store, "--json"}).out);
  for (const auto& curve : json) {
    const std::string where =
        curve["family"].get<std::string>() + curve["label"].get<std::string>();
    EXPECT_EQ(curve["usable"].get<bool>(), !curve["law"].is_null()) << where;
    EXPECT_FALSE(curve["note"].get<std::string>().empty()) << where;
    EXPECT_EQ(curve.contains("expression"), curve["usable"].get<bool>()) << where;
  }
}

TEST_F(CliFit, ComparisonConcludesNothingFromRefusedLaws) {
  const Result fit = run({"fit", published(), "--compare", "J1", "J2", "V", "--origin", "published",
                          "--family", "BLOOM", "--metric", "cross-entropy"});
  ASSERT_EQ(fit.code, 0) << fit.err;
  EXPECT_THAT(fit.out, HasSubstr("J1 in J2: F"));
  // Round to nearest at 3 bits collapses, so no law holds and nothing is concluded from one.
  EXPECT_THAT(fit.out, HasSubstr("no law describes the data"));
}

TEST_F(CliFit, TrainingRunsNeedNoStore) {
  const auto file = dir_.path() / "runs.csv";
  std::ofstream out(file);
  out << "parameters,tokens,loss\n";
  for (double n = 1e8; n < 1e10; n *= 2) {
    for (double d = 1e10; d < 1e12; d *= 3) {
      out << n << ',' << d << ',' << 1.7 + 400 * std::pow(n, -0.33) + 900 * std::pow(d, -0.3)
          << '\n';
    }
  }
  out.close();
  const Result fit = run({"fit", "--training", file.string(), "--bootstrap", "50", "--json"});
  ASSERT_EQ(fit.code, 0) << fit.err;
  const auto json = nlohmann::json::parse(fit.out);
  EXPECT_NEAR(json["alpha"].get<double>(), 0.33, 1e-3);
  EXPECT_NEAR(json["E"].get<double>(), 1.7, 1e-2);
  EXPECT_EQ(json["bootstrap"]["replicates"], 50);
}

TEST_F(CliFit, WrongWordsAreUsageErrors) {
  const std::string store = published();
  const std::pair<std::vector<std::string>, const char*> wrong[] = {
      {{"fit", store, "--law", "J9"}, "unknown law 'J9'"},
      {{"fit", store, "--profile"}, "--profile needs --law"},
      {{"fit", store, "--law", "J1", "--robust", "mean"}, "unknown robust loss 'mean'"},
      {{"fit", store, "--law", "J1", "--hold", "E"}, "--hold is NAME=VALUE"},
      {{"fit", store, "--origin", "published", "--law", "J1", "--hold", "E=7"}, "E is held at 7"},
      {{"fit", store, "--law", "J1", "--bootstrap", "3"}, "--bootstrap"}};
  for (const auto& [arguments, part] : wrong) {
    const Result result = run(arguments);
    EXPECT_EQ(result.code, 2) << result.err;
    EXPECT_THAT(result.err, StartsWith("bitfrontier: error: "));
    EXPECT_THAT(result.err, HasSubstr(part));
  }
}

}  // namespace
}  // namespace bitfrontier
