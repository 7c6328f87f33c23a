// SPDX-License-Identifier: GPL-3.0-or-later
// Bad results on their way from a CSV into a store and a fit: each gets one sentence and an exit
// code, and never an abort inside the solver.

#include <gmock/gmock.h>

#include <functional>

#include "tests/app/cli/cli_runs.h"

namespace bitfrontier {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;
using Table = test::ResultTable;

class CliBadData : public test::CliRuns {
 protected:
  Result import(const Table& table) {
    return run({"import", write("results.csv", table.csv()), "--map",
                "accuracy:task=acc,perplexity:text=ppl", "--store", path("results.bfdb")});
  }
  Result fit(std::vector<std::string> more) {
    std::vector<std::string> arguments{"fit", path("results.bfdb"), "--origin", "published"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(std::move(arguments));
  }
  static void expectSentence(const Result& result, int code, const std::string& part) {
    EXPECT_EQ(result.code, code) << result.out << result.err;
    EXPECT_THAT(result.err, StartsWith("bitfrontier: error: "));
    EXPECT_THAT(result.err, HasSubstr(part));
    const std::string first = result.err.substr(0, result.err.find('\n'));
    EXPECT_NE(first.back(), '.');
  }
};

TEST_F(CliBadData, ImportNamesFileLineAndValue) {
  using Row = Table::Row;
  const std::tuple<const char*, std::function<void(Row&)>, const char*> changes[] = {
      {"NaN", [](Row& r) { r.accuracy = "nan"; }, "results.csv:6:"},
      {"NaN", [](Row& r) { r.accuracy = "nan"; }, "accuracy 'nan' is not a number"},
      {"infinity", [](Row& r) { r.accuracy = "inf"; }, "accuracy 'inf' is not a number"},
      {"a word", [](Row& r) { r.perplexity = "low"; }, "perplexity 'low' is not a number"},
      {"percent", [](Row& r) { r.accuracy = "63"; }, "accuracy 63 is not within 0..1"},
      {"below 0", [](Row& r) { r.accuracy = "-0.1"; }, "accuracy -0.1 is not within 0..1"},
      {"perplexity", [](Row& r) { r.perplexity = "0"; }, "perplexity 0 "},
      {"no bits", [](Row& r) { r.bits = 0; }, "bits 0 is not within 1..32"},
      {"half a bit", [](Row& r) { r.bits = 0.5; }, "bits 0.5 is not within 1..32"},
      {"no total", [](Row& r) { r.totalBits = 0; }, "total_bits 0 is not above zero"},
      {"no size", [](Row& r) { r.parameters = 0; }, "parameters 0 is not above zero"},
      {"size", [](Row& r) { r.parameters = -1e9; }, "parameters -1000000000 is not above zero"}};
  for (const auto& [what, change, part] : changes) {
    Table table;
    table.add("M", 6);
    change(table.rows[4]);
    expectSentence(import(table), 1, part);
    EXPECT_FALSE(std::filesystem::exists(path("results.bfdb"))) << what;
  }
}

TEST_F(CliBadData, TheSameConfigurationTwice) {
  Table table;
  table.add("M", 6);
  table.rows.push_back(table.rows[4]);
  expectSentence(import(table), 1, "M-1 fp16 on task is there twice");
  table.rows.back().accuracy = "0.2";
  expectSentence(import(table), 1, "M-1 fp16 on task is there twice");
}

TEST_F(CliBadData, OneSizeHasNoLaw) {
  Table table;
  table.add("M", 2);
  table.rows.resize(4);
  ASSERT_EQ(import(table).code, 0);
  expectSentence(fit({}), 1, "no law was fitted: no format has two sizes: points only");
  for (const char* law : {"J1", "J2", "V", "S1", "power", "broken", "kumar"}) {
    expectSentence(fit({"--law", law}), 1, "no law was fitted: ");
  }
  const Result joint = fit({"--law", "J1", "--profile", "--bootstrap", "20"});
  expectSentence(joint, 1, "no format has two sizes: points only");
  EXPECT_THAT(joint.out, HasSubstr("int4 has one size: its points are shown, no curve"));
  expectSentence(fit({"--compare"}), 1, "no format has two sizes: points only");
  expectSentence(fit({"--families"}), 1, "two are needed to share format shifts");
  expectSentence(fit({"--two-stage", "link-sigmoid"}), 1, "no law was fitted: ");
}

TEST_F(CliBadData, TwoOrThreeSizesHaveACurveAndNoLaw) {
  Table table;
  table.add("M", 3);
  ASSERT_EQ(import(table).code, 0);
  const Result curves = fit({});
  EXPECT_EQ(curves.code, 0);
  EXPECT_THAT(curves.out, HasSubstr("3 sizes are too few for an exponent (4 are needed)"));
  expectSentence(fit({"--law", "J1"}), 1,
                 "no law was fitted: 3 sizes are too few for an exponent (4 are needed): the curve "
                 "is interpolated and not continued");
}

TEST_F(CliBadData, OneModelOfTwoSizes) {
  Table table;
  table.add("M", 6);
  table.rows[6].parameters = 9e9;
  table.rows[6].totalBits = 9e9 * table.rows[6].bits;
  ASSERT_EQ(import(table).code, 0);
  for (const char* law : {"J1", "J2", "factors", "effective"}) {
    expectSentence(fit({"--law", law, "--metric",
                        std::string(law) == "effective" ? "cross-entropy" : "accuracy"}),
                   1, "no law was fitted: model M-1 has ");
  }
  expectSentence(fit({"--compare"}), 1, "and 9000000000 parameters");
}

TEST_F(CliBadData, ConstantsThatContradict) {
  Table table;
  table.add("M", 6);
  ASSERT_EQ(import(table).code, 0);
  const std::pair<std::vector<std::string>, const char*> wrong[] = {
      {{"--law", "J1", "--hold", "E=1.5"}, "E is held at 1.5, but 0 to 0.95 are possible"},
      {{"--law", "J1", "--hold", "alpha=nan"}, "alpha is held at nan"},
      {{"--law", "J1", "--hold", "alpha=-1"}, "alpha is held at -1"},
      {{"--law", "J1", "--hold", "beta=1"}, "the law J1 has no parameter beta"},
      {{"--law", "J1", "--robust", "huber", "--weighting", "paired"}, "robust loss"},
      {{"--families", "--spread", "0"}, "--spread"}};
  for (const auto& [arguments, part] : wrong) expectSentence(fit(arguments), 2, part);
  expectSentence(fit({"--law", "J1", "--reference", "int9"}), 1,
                 "no law was fitted: the reference format int9 has no curve");
  // Constants that are possible one by one and say nonsense together end in a refusal, which is no
  // law.
  const Result held = fit({"--law", "J1", "--hold", "E=0.9", "--hold", "lnA0=1"});
  EXPECT_EQ(held.code, 1) << held.err;
  EXPECT_THAT(held.out, HasSubstr("refused: the law does not describe the data"));
}

TEST_F(CliBadData, ValuesThatAreAllTheSame) {
  Table table;
  table.add("M", 6);
  for (Table::Row& r : table.rows) r.accuracy = "0.5";
  ASSERT_EQ(import(table).code, 0);
  const Result joint = fit({"--law", "J1"});
  EXPECT_THAT(joint.out + joint.err, HasSubstr("refused"));
  EXPECT_GE(joint.code, 0);
  for (Table::Row& r : table.rows) r.items = 1;
  std::filesystem::remove(path("results.bfdb"));
  ASSERT_EQ(import(table).code, 0);
  EXPECT_GE(fit({"--law", "J2", "--profile"}).code, 0);
}

}  // namespace
}  // namespace bitfrontier
