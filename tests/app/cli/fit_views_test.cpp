// SPDX-License-Identifier: GPL-3.0-or-later
// `bitfrontier fit` with --families, --two-stage and --compare: what the tables say, and what was
// left out.

#include <gmock/gmock.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/app/cli/cli_runs.h"

namespace bitfrontier {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class CliFitViews : public test::CliRuns {
 protected:
  std::string store(const test::ResultTable& table) {
    const Result result =
        run({"import", write("results.csv", table.csv()), "--map",
             "accuracy:task=acc,perplexity:text=ppl", "--store", path("results.bfdb")});
    EXPECT_EQ(result.code, 0) << result.err;
    return path("results.bfdb");
  }
  Result fit(const std::string& store, std::vector<std::string> more) {
    std::vector<std::string> arguments{"fit", store, "--origin", "published"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(std::move(arguments));
  }
};

TEST_F(CliFitViews, ParametersHaveTheirIntervals) {
  test::ResultTable table;
  table.add("M", 7);
  const std::string file = store(table);
  const Result plain = fit(file, {"--law", "J1"});
  ASSERT_EQ(plain.code, 0) << plain.err;
  EXPECT_THAT(plain.out, ContainsRegex("parameter +value +± +95 % +unit +meaning"));
  EXPECT_THAT(plain.out, ContainsRegex("alpha +0\\.[0-9]+ +0\\.[0-9]+ +0\\.[0-9]+ to 0\\.[0-9]+"));
  EXPECT_THAT(fit(file, {"--law", "J1", "--profile"}).out, HasSubstr("profile 95 %"));

  const auto json = nlohmann::json::parse(fit(file, {"--law", "J1", "--profile", "--json"}).out)[0];
  for (std::size_t k = 0; k < json["parameters"].size(); ++k) {
    const auto& p = json["parameters"][k];
    const double value = p["value"], se = p["se"];
    // Wider than two standard errors, which take the lack of fit as known.
    EXPECT_LT(p["lower_95"].get<double>(), value - 1.96 * se) << p["name"];
    EXPECT_GT(p["upper_95"].get<double>(), value + 1.96 * se) << p["name"];
    EXPECT_DOUBLE_EQ(json["profile"][k]["wald_lower"].get<double>(), p["lower_95"].get<double>());
  }
  const Result csv = fit(file, {"--law", "J1", "--csv"});
  EXPECT_THAT(csv.out, HasSubstr("family,law,metric,parameter,value,se,lower,upper"));
  EXPECT_THAT(csv.out, Not(ContainsRegex("alpha,[0-9.]+,[0-9.]+,,")));
}

TEST_F(CliFitViews, PredictionsHaveBothIntervals) {
  test::ResultTable table;
  table.add("M", 7);
  const std::string file = store(table);
  const Result plain = fit(file, {"--law", "J1", "--at", "1B,30B", "--at", "500e9"});
  ASSERT_EQ(plain.code, 0) << plain.err;
  EXPECT_THAT(plain.out,
              HasSubstr("\npredictions; curve: the law alone; new model: one more measurement, "
                        "with the lack of fit and the noise of as many other items\n"));
  EXPECT_THAT(plain.out, ContainsRegex("size +format +total bits +accuracy, % +curve 95 % +new "
                                       "model 95 % +note\n"));
  EXPECT_THAT(plain.out, ContainsRegex(" 1B +fp16 +1\\.6e\\+10 +5[45]\\.[0-9]{2} +5[0-9.]+ to "
                                       "5[0-9.]+ +5[0-9.]+ to 5[0-9.]+\n"));
  EXPECT_THAT(plain.out, ContainsRegex(" 30B +int3 +9e\\+10 .* to .* to .* 1\\.5 times outside the "
                                       "measured range\n"));
  EXPECT_THAT(plain.out,
              ContainsRegex("500B +int4 +2e\\+12 +refused: 25 times outside the measured "
                            "range, 4 times is the most\n"));

  const auto json =
      nlohmann::json::parse(fit(file, {"--law", "J1", "--at", "1B,500B", "--json"}).out)[0];
  std::map<std::string, double> values;
  for (const auto& p : json["parameters"]) values[p["name"]] = p["value"];
  ASSERT_EQ(json["predictions"].size(), 8u);
  for (std::size_t i = 0; i < 8; ++i) {
    const auto& p = json["predictions"][i];
    EXPECT_EQ(p["size"], i < 4 ? 1e9 : 5e11);
    EXPECT_EQ(p["format"], json["formats"][i % 4]["label"]);
    EXPECT_EQ(p["level"], 0.95);
    if (i >= 4) {
      for (const char* name : {"value", "curve_lower", "curve_upper", "new_lower", "new_upper"}) {
        EXPECT_TRUE(p[name].is_null()) << name;
      }
      EXPECT_EQ(p["remark"]["code"], "extrapolation-refused");
      continue;
    }
    const double shift = i == 0 ? 0 : values.at("lnrho_" + p["format"].get<std::string>());
    const double error =
        values["E"] +
        std::exp(values["lnA0"] -
                 values["alpha"] * (std::log(1e9 / json["N0"].get<double>()) + shift));
    EXPECT_NEAR(p["value"].get<double>(), 1 - error, 1e-12);
    EXPECT_LT(p["new_lower"], p["curve_lower"]);
    EXPECT_LT(p["curve_lower"], p["value"]);
    EXPECT_LT(p["value"], p["curve_upper"]);
    EXPECT_LT(p["curve_upper"], p["new_upper"]);
    EXPECT_NEAR(p["own_se"].get<double>(), 0.011, 0.0005);  // 2,000 items
    EXPECT_TRUE(p["remark"].is_null());
  }
  EXPECT_FALSE(
      nlohmann::json::parse(fit(file, {"--law", "J1", "--json"}).out)[0].contains("predictions"));

  const Result loss =
      fit(file, {"--law", "J1", "--metric", "cross-entropy", "--weighting", "equal", "--at", "2B"});
  ASSERT_EQ(loss.code, 0) << loss.err;
  EXPECT_THAT(loss.out,
              HasSubstr("new model: one more measurement, with the scatter of the points"));
  EXPECT_THAT(loss.out, HasSubstr("cross-entropy, nats"));
  EXPECT_THAT(loss.out, ContainsRegex(" 2B +int8 .* 2\\.[0-9]{4} +2\\.[0-9]{4} to 2\\.[0-9]{4} "));
  // One format a law.
  const Result power = fit(file, {"--law", "power", "--by", "config", "--at", "2B"});
  ASSERT_EQ(power.code, 0) << power.err;
  EXPECT_THAT(power.out,
              ContainsRegex("M int3(.|\n)* 2B +[a-z0-9]+ +6e\\+09 +[0-9.]+ +[0-9.]+ to "));
}

TEST_F(CliFitViews, PredictionsNeedOneLawOfSizes) {
  test::ResultTable table;
  table.add("M", 7);
  const std::string file = store(table);
  const auto refused = [&](std::vector<std::string> arguments) {
    const Result result = fit(file, std::move(arguments));
    EXPECT_EQ(result.code, 2) << result.out;
    EXPECT_EQ(result.out, "");
    return result.err;
  };
  EXPECT_THAT(refused({"--at", "1B"}), HasSubstr("--at needs --law"));
  EXPECT_THAT(refused({"--compare", "J1", "J2", "--at", "1B"}),
              HasSubstr("--at does not go with --compare"));
  EXPECT_THAT(refused({"--families", "--at", "1B"}), HasSubstr("--at does not go with --families"));
  for (const char* bad : {"big", "-3B", "0", "7G"}) {
    EXPECT_THAT(refused({"--law", "J1", fmt::format("--at=1B,{}", bad)}),
                HasSubstr(fmt::format("--at is a number such as 6.7B or 125e6, not \"{}\"", bad)));
  }
  EXPECT_THAT(refused({"--law", "offset", "--at", "1B"}),
              HasSubstr("the law offset is over total bits, so it predicts nothing at a number of "
                        "parameters"));
  EXPECT_THAT(refused({"--law", "J1", "--at", "1B", "--csv"}),
              HasSubstr("--at is printed as a table or with --json"));
}

TEST_F(CliFitViews, FamiliesShareShiftsAndNameWhoIsLeftOut) {
  test::ResultTable table;
  table.add("A", 6, 0.25);
  table.add("B", 6, 0.22);
  table.add("Few", 3, 0.24);
  table.add("Other", 6, 0.23, "bf16");
  const std::string file = store(table);
  const Result families = fit(file, {"--families"});
  ASSERT_EQ(families.code, 0) << families.err;
  EXPECT_THAT(families.out, HasSubstr("J1 over 2 families: "));
  EXPECT_THAT(families.out, ContainsRegex("format +mu +± +rho +a new family's mu ± +A +B"));
  EXPECT_THAT(families.out, ContainsRegex("int3 +-0\\.[678]"));
  EXPECT_THAT(families.out, HasSubstr("note: Few is left out: 3 sizes are too few"));
  EXPECT_THAT(families.out, HasSubstr("Other is left out: "));
  EXPECT_THAT(families.out, HasSubstr("bf16"));

  const auto json = nlohmann::json::parse(fit(file, {"--families", "--json"}).out)[0];
  EXPECT_EQ(json["families"].size(), 2u);
  EXPECT_EQ(fit(file, {"--families", "--family", "A"}).code, 1);
}

TEST_F(CliFitViews, FormatsAndSizesThatAreLeftOutAreNamed) {
  test::ResultTable table;
  table.add("M", 7);
  table.rows[3].config = "once";
  for (auto& row : table.rows) {
    if (row.config == "int3" && row.model != "M-1") row.perplexity = "";
  }
  const std::string file = store(table);
  // Five points lack the text that all others have, so int3 has one point left, too.
  const Result fewer = fit(file, {"--law", "J1"});
  ASSERT_EQ(fewer.code, 0) << fewer.err;
  EXPECT_EQ(fewer.err,
            "note: 5 points without all the tasks that others have are left out; --partial keeps "
            "them\n");
  EXPECT_THAT(fewer.out, HasSubstr("21 points of 7 sizes"));
  EXPECT_THAT(fewer.out, HasSubstr("note: int3 has one size: its points are shown, no curve"));
  const Result all = fit(file, {"--law", "J1", "--partial"});
  ASSERT_EQ(all.code, 0) << all.err;
  EXPECT_EQ(all.err, "");
  EXPECT_THAT(all.out, HasSubstr("27 points of 7 sizes"));
  EXPECT_THAT(all.out, HasSubstr("note: once has one size: its points are shown, no curve"));
}

TEST_F(CliFitViews, ACollapsedFormatIsNamedAndCanBeLeftOut) {
  test::ResultTable table;
  table.add("M", 7);
  for (auto& row : table.rows) {  // 8 bits lose up to 20 points at the largest size
    if (row.config != "int8") continue;
    const double loss = 0.2 * std::pow(row.parameters / 2e10, 2);
    row.accuracy = fmt::format("{:.5f}", std::stod(row.accuracy) - loss);
  }
  const std::string file = store(table);
  const Result all = fit(file, {"--law", "J1"});
  ASSERT_EQ(all.code, 0) << all.err;
  EXPECT_THAT(all.out, HasSubstr("refused: the law does not describe the data"));
  EXPECT_THAT(all.out, ContainsRegex("without int8 \\(with it points scatter by [0-9.]+ points\\) "
                                     "the law describes the rest with a lack of fit of [0-9.]+ "
                                     "points: --without int8\n"));
  const auto json = nlohmann::json::parse(fit(file, {"--law", "J1", "--json"}).out)[0];
  EXPECT_EQ(json["without_formats"]["left_out"], nlohmann::json::array({"int8"}));

  const Result rest = fit(file, {"--law", "J1", "--without", "int8"});
  ASSERT_EQ(rest.code, 0) << rest.err;
  EXPECT_THAT(rest.out, HasSubstr("21 points of 7 sizes"));
  EXPECT_THAT(rest.out, Not(HasSubstr("refused")));
  EXPECT_THAT(rest.out, Not(HasSubstr("--without")));
  const auto part =
      nlohmann::json::parse(fit(file, {"--law", "J1", "--without", "int8", "--json"}).out)[0];
  EXPECT_EQ(part["parameters"], json["without_formats"]["parameters"]);

  const Result wrong = fit(file, {"--law", "J1", "--without", "int5"});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_EQ(wrong.err,
            "bitfrontier: error: --without int5: there is no such format, but fp16, int3, int4, "
            "int8\n");
  const Result none = fit(file, {"--law", "J1", "--without", "int8,int4,int3,fp16"});
  EXPECT_EQ(none.code, 1);
  EXPECT_THAT(none.err, HasSubstr("--without fp16: it is the last format, nothing is left"));
}

TEST_F(CliFitViews, EveryLawRunsFromTheCommandLine) {
  test::ResultTable table;
  table.add("M", 7);
  const std::string file = store(table);
  std::string tokens = "model,tokens\n";
  for (int s = 0; s < 7; ++s) tokens += fmt::format("M-{},{}\n", s, 1e11 * (1 + s));
  write("tokens.csv", tokens);
  write("noise.csv", "config,noise\nfp16,0\nint8,0.0001\nint4,0.01\nint3,0.08\n");
  const auto laws = nlohmann::json::parse(run({"fit", "--laws", "--json"}).out);
  int fitted = 0;
  for (const auto& law : laws) {
    const std::string name = law["name"];
    for (const char* metric : {"accuracy", "cross-entropy"}) {
      std::vector<std::string> words{"--law", name,       "--metric",
                                     metric,  "--tokens", path("tokens.csv")};
      if (law["needs_noise"]) words.insert(words.end(), {"--noise", path("noise.csv")});
      const Result result = fit(file, words);
      // A law that does not suit is refused with a reason; none fails by what was not asked for.
      EXPECT_THAT(result.code, testing::AnyOf(0, 1)) << name << " " << metric << ": " << result.err;
      if (result.code == 1) {
        EXPECT_THAT(result.err, HasSubstr("no law was fitted: ")) << name;
      }
      fitted += result.code == 0 ? 1 : 0;
    }
    // The links of accuracy and cross-entropy, which the table plants, and an offset of each
    // format.
    if (name == "link-sigmoid") {
      EXPECT_EQ(fit(file, {"--law", name}).code, 0);
    }
    if (name == "link-exp" || name == "offset") {
      EXPECT_THAT(fit(file, {"--law", name}).out, HasSubstr(" points of ")) << name;
    }
  }
  EXPECT_GE(fitted, 10);
}

TEST_F(CliFitViews, OneNameOfAFormatEverywhere) {
  std::string csv = "model,family,config,method,data_type,parameters,bits,total_bits,items,acc\n";
  for (int s = 0; s < 6; ++s) {
    const double size = 1e8 * std::pow(4.0, s);
    for (const auto& [config, method, bits, loss] :
         {std::tuple{"fp16", "none", 16, 0.0}, std::tuple{"AWQ", "awq", 4, 0.01},
          std::tuple{"int4", "gptq", 4, 0.012}, std::tuple{"int8", "rtn", 8, 0.002}}) {
      csv += fmt::format("M-{},M,{},{},{},{},{},{},2000,{:.5f}\n", s, config, method,
                         bits == 16 ? "fp16" : "int", size, bits, size * bits,
                         0.7 - 0.3 * std::pow(size / 1e8, -0.2) - loss);
    }
  }
  const Result import = run({"import", write("results.csv", csv), "--map", "accuracy:task=acc",
                             "--store", path("results.bfdb")});
  ASSERT_EQ(import.code, 0) << import.err;
  const std::string file = path("results.bfdb");
  const Result points = run({"runs", file, "--points"});
  const Result runs = run({"runs", file});
  const Result law = fit(file, {"--law", "J1"});
  for (const Result* result : {&points, &runs, &law}) {
    EXPECT_THAT(result->out, HasSubstr("AWQ")) << result->err;
    EXPECT_THAT(result->out, Not(HasSubstr("AWQ, awq")));
    EXPECT_THAT(result->out, HasSubstr("int4, gptq"));
  }
  // A name with a comma is one name; several are separated by commas.
  const Result without = fit(file, {"--law", "J1", "--without", "int4, gptq,AWQ"});
  ASSERT_EQ(without.code, 0) << without.err;
  EXPECT_THAT(without.out, HasSubstr("12 points of 6 sizes"));
  EXPECT_THAT(fit(file, {"--law", "J1", "--without", "int8"}).out,
              HasSubstr("18 points of 6 sizes"));
  EXPECT_THAT(fit(file, {"--law", "J1", "--without", "int4, awq"}).err,
              HasSubstr("there is no such format, but AWQ; fp16; int4, gptq; int8"));
}

TEST_F(CliFitViews, ARefusedLawHasNoNumbersAndNoSuccess) {
  // One model in many formats has no law of size.
  std::string csv =
      "model,family,config,data_type,parameters,bits,block_size,total_bits,items,acc\n";
  for (const int bits : {3, 4, 8, 16}) {
    for (const int block : {32, 64, 128, 256}) {
      csv += fmt::format("only,M,int{}-b{},int,1e9,{},{},{},2000,{:.4f}\n", bits, block, bits,
                         block, 1e9 * (bits + 16.0 / block), 0.6 - 0.4 / bits - 1e-4 * block);
    }
  }
  ASSERT_EQ(run({"import", write("one.csv", csv), "--map", "accuracy:task=acc", "--store",
                 path("one.bfdb")})
                .code,
            0);
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{}, {"--by", "config"}, {"--law", "J1"}, {"--law", "power"}}) {
    const Result result = fit(path("one.bfdb"), more);
    EXPECT_EQ(result.code, 1) << result.out;
    EXPECT_THAT(result.err, HasSubstr("no law was fitted: "));
    EXPECT_THAT(result.out, HasSubstr(more.empty() ? "no law: points only\nwhy: " : "refused: "));
    EXPECT_THAT(result.out, Not(HasSubstr("\nalpha ")));
    EXPECT_THAT(result.out, Not(HasSubstr("\u00b1 0.")));
  }
  // A law through every size that does not describe the data: its numbers only when asked for.
  test::ResultTable table;
  table.add("M", 7);
  for (auto& row : table.rows) {
    const double bump = 0.1 * std::sin(9 * std::log(row.parameters) + row.bits);
    row.accuracy = fmt::format("{:.5f}", std::stod(row.accuracy) + bump);
  }
  const std::string file = store(table);
  const Result refused = fit(file, {"--law", "J1"});
  EXPECT_EQ(refused.code, 1) << refused.out;
  EXPECT_THAT(refused.out, HasSubstr("refused: "));
  EXPECT_THAT(refused.out, Not(HasSubstr("alpha  ")));
  EXPECT_THAT(fit(file, {"--law", "J1", "--refused"}).out, HasSubstr("alpha  "));
}

TEST_F(CliFitViews, AStoreOfPerplexitiesIsReadAsOne) {
  std::string csv = "model,family,config,data_type,parameters,bits,total_bits,ppl\n";
  for (int s = 0; s < 5; ++s) {
    for (const int bits : {16, 8, 4}) {
      csv += fmt::format("M-{},M,int{},int,{},{},{},{}\n", s, bits, 1e9 * (s + 1), bits,
                         bits * 1e9 * (s + 1), 12.0 - s + 2.0 / bits);
    }
  }
  ASSERT_EQ(run({"import", write("ppl.csv", csv), "--map", "perplexity:text=ppl", "--store",
                 path("ppl.bfdb")})
                .code,
            0);
  const std::vector<std::string> from{path("ppl.bfdb"), "--origin", "published"};
  for (std::vector<std::string> arguments : {std::vector<std::string>{"frontier"},
                                             {"frontier", "--widths"},
                                             {"next"},
                                             {"advise", "--memory", "3GB", "--context", "0"}}) {
    arguments.insert(arguments.begin() + 1, from.begin(), from.end());
    arguments.emplace_back("--json");
    const Result result = run(arguments);
    ASSERT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(nlohmann::json::parse(result.out)[0]["metric"], "cross-entropy") << arguments[0];
  }
  EXPECT_THAT(fit(path("ppl.bfdb"), {"--law", "J1"}).out, HasSubstr("cross-entropy = "));
}

TEST_F(CliFitViews, TwoStagesByBothLinks) {
  test::ResultTable table;
  table.add("M", 7);
  const std::string file = store(table);
  for (const char* link : {"link-sigmoid", "link-exp"}) {
    const Result stages = fit(file, {"--two-stage", link});
    ASSERT_EQ(stages.code, 0) << stages.err;
    EXPECT_THAT(stages.out, HasSubstr("M: accuracy by way of cross-entropy"));
    EXPECT_THAT(stages.out, HasSubstr("M, loss: "));
    EXPECT_THAT(stages.out, HasSubstr("M, link: "));
    EXPECT_THAT(stages.out, HasSubstr("L = cross-entropy"));
    EXPECT_THAT(stages.out, ContainsRegex("format +points +off the link, points of accuracy"));
    EXPECT_THAT(stages.out, HasSubstr("left-out sizes: "));
    EXPECT_THAT(stages.out, HasSubstr("by the direct law J1"));
    const auto json = nlohmann::json::parse(fit(file, {"--two-stage", link, "--json"}).out)[0];
    EXPECT_EQ(json["family"], "M");
    EXPECT_EQ(json["link"]["law"], link);
  }
  const Result wrong = fit(file, {"--two-stage", "J1"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("--two-stage is link-sigmoid or link-exp, not \"J1\""));
}

TEST_F(CliFitViews, ComparisonSaysWhichLawAndHowItCarriesOver) {
  test::ResultTable table;
  table.add("A", 6, 0.25);
  table.add("B", 6, 0.22);
  const std::string file = store(table);
  const Result comparison = fit(file, {"--compare"});
  ASSERT_EQ(comparison.code, 0) << comparison.err;
  EXPECT_THAT(comparison.out, ContainsRegex("left-out size +covered +left-out largest +covered"));
  EXPECT_THAT(comparison.out, HasSubstr("J1 in J2: likelihood ratio"));
  EXPECT_THAT(comparison.out, HasSubstr("left-out families: each family's low-bit formats"));
  const auto json = nlohmann::json::parse(fit(file, {"--compare", "J1", "J2", "--json"}).out);
  ASSERT_EQ(json.size(), 3u);  // two families, and how laws carry over between them
  EXPECT_EQ(json[2]["left_out_families"].size(), 2u);
}

}  // namespace
}  // namespace bitfrontier
