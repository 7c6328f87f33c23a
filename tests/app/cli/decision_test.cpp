// SPDX-License-Identifier: GPL-3.0-or-later
// `advise`, `next`, `frontier`, `report` and `fit --export` on a store of a planted family.

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "core/base/file.h"
#include "core/store/import/csv.h"
#include "tests/app/cli/process.h"
#include "tests/core/advice/planted_store.h"

namespace bitfrontier {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

/// Six sizes under five configurations; a cell in four has not been run.
class CliDecisions : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    planted_ = new Planted;
    planted_->truth = test::drawTruth(4, false);
    const auto sweep = test::plantSweep(planted_->truth, 4);
    test::addPlanted(planted_->some, planted_->truth, sweep,
                     [](std::size_t s, std::size_t f) { return !missing(s, f); });
    test::addPlanted(planted_->all, planted_->truth, sweep,
                     [](std::size_t, std::size_t) { return true; });
  }
  static void TearDownTestSuite() { delete planted_; }

  static bool missing(std::size_t size, std::size_t format) { return (size + format) % 4 == 3; }
  static std::string nameOf(std::size_t size) {
    return fmt::format("planted-{:.3g}", planted_->truth.sizes[size]);
  }
  static std::string pathOf(const test::TempStore& store) {
    return (store.folder() / "runs.bfdb").string();
  }
  static std::string some() { return pathOf(planted_->some); }
  static std::string all() { return pathOf(planted_->all); }
  static std::filesystem::path folder() { return planted_->some.folder(); }

  struct Result {
    int code;
    std::string out, err;
  };
  static Result run(std::vector<std::string> arguments) {
    test::CliProcess process(folder(), std::move(arguments));
    const int code = process.wait();
    return {code, process.out(), process.err()};
  }
  /// The only element of the JSON array that the command prints.
  static json oneOf(const std::vector<std::string>& arguments) {
    const Result result = run(arguments);
    EXPECT_EQ(result.code, 0) << result.err;
    const json all = json::parse(result.out, nullptr, false);
    EXPECT_TRUE(all.is_array() && all.size() == 1) << result.out;
    return all.is_array() && !all.empty() ? all[0] : json::object();
  }
  /// What it says when it fails; a failure when it does not.
  static std::string refusal(const std::vector<std::string>& arguments) {
    const Result result = run(arguments);
    EXPECT_NE(result.code, 0) << result.out;
    return result.err;
  }

  struct Planted {
    test::PlantedTruth truth;
    test::TempStore some, all;
  };
  static Planted* planted_;
};
CliDecisions::Planted* CliDecisions::planted_ = nullptr;

TEST_F(CliDecisions, AdviceFitsTheMemoryAndAddsUp) {
  const json advice = oneOf({"advise", some(), "--memory", "4GB", "--context", "0", "--json"});
  EXPECT_EQ(advice["memory_bits"], 32e9);
  EXPECT_DOUBLE_EQ(advice["usable_bits"].get<double>(), 32e9 * 0.95);
  EXPECT_EQ(advice["cells"], 30);
  ASSERT_EQ(advice["candidates"].size(), advice["fitting"].get<std::size_t>());
  double sum = 0, before = 1;
  std::set<std::string> measured, predicted;
  for (const json& c : advice["candidates"]) {
    EXPECT_LE(c["weight_bits"].get<double>(), 32e9 * 0.95);
    EXPECT_LE(c["predicted_low"], c["predicted"]);
    EXPECT_LE(c["predicted"], c["predicted_high"]);
    EXPECT_EQ(c["value"].is_number(), c["measured"].get<bool>());
    EXPECT_LE(c["p_best"].get<double>(), before);
    before = c["p_best"];
    sum += before;
    (c["measured"] ? measured : predicted)
        .insert(c["model"].get<std::string>() + " " + c["config"].get<std::string>());
  }
  EXPECT_NEAR(sum, 1, 1e-9);
  EXPECT_FALSE(measured.empty());
  EXPECT_FALSE(predicted.empty());
  for (std::size_t s = 0; s < 6; ++s) {
    for (std::size_t f = 0; f < 5; ++f) {
      const std::string name = nameOf(s) + " " + planted_->truth.formats[f].label;
      EXPECT_EQ((missing(s, f) ? measured : predicted).count(name), 0u) << name;
    }
  }
  const json& choice = advice["candidates"][advice["choice"].get<std::size_t>()];
  EXPECT_THAT(advice["sentence"].get<std::string>(), HasSubstr(choice["model"]));
  EXPECT_GE(advice["expected_regret"].get<double>(), 0);

  const Result text = run({"advise", some(), "--memory", "4GB", "--context", "0", "--show", "3"});
  ASSERT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, AllOf(HasSubstr("P(best)"), HasSubstr("shown 3 of"),
                              HasSubstr(advice["sentence"].get<std::string>()),
                              HasSubstr("best measured: planted-"), HasSubstr("law of planted")));
}

TEST_F(CliDecisions, AdviceCountsTheCacheOfAContext) {
  std::string shapes = "model,layers,kv_heads,head_dim\n";
  for (std::size_t s = 0; s < 6; ++s) shapes += nameOf(s) + ",10,8,64\n";
  writeFileAtomic(folder() / "shapes.csv", shapes);
  const json advice =
      oneOf({"advise", some(), "--memory", "4GB", "--context", "4096", "--batch", "2", "--kv-bits",
             "8", "--shapes", (folder() / "shapes.csv").string(), "--json"});
  ASSERT_FALSE(advice["candidates"].empty());
  for (const json& c : advice["candidates"]) {
    // Keys and values of every layer, head and token.
    const double cache = 2.0 * 10 * 8 * 64 * 4096 * 2 * 8;
    EXPECT_EQ(c["kv_cache_bits"].get<double>(), cache);
    EXPECT_LE(c["weight_bits"].get<double>() + cache, 32e9 * 0.95);
  }
}

TEST_F(CliDecisions, AdviceNamesWhatTheSmallestNeeds) {
  std::string shapes = "model,layers,kv_heads,head_dim\n";
  for (std::size_t s = 0; s < 6; ++s) shapes += nameOf(s) + ",10,8,64\n";
  writeFileAtomic(folder() / "shapes.csv", shapes);
  // 2 x 10 x 8 x 64 x 2048 tokens x 2 bytes = 41.9 MB.
  const json advice = oneOf({"advise", some(), "--memory", "1MB", "--headroom", "0", "--shapes",
                             (folder() / "shapes.csv").string(), "--json"});
  EXPECT_EQ(advice["fitting"], 0);
  EXPECT_THAT(advice["sentence"], HasSubstr(" + 41.9 MB of KV cache, and 1 MB can be used"));
}

TEST_F(CliDecisions, AdviceWithoutRoomAndWithBadArguments) {
  EXPECT_THAT(
      oneOf({"advise", some(), "--memory", "1MB", "--context", "0", "--json"})["sentence"],
      AllOf(HasSubstr("nothing fits: planted-"), HasSubstr("the smallest that was run, needs "),
            HasSubstr(", and 950 kB can be used of 1 MB (the rest is headroom)")));
  // The cache of a context needs shapes; without them the answer is for the weights alone.
  const json unknown = oneOf({"advise", some(), "--memory", "4GB", "--json"});
  const json alone = oneOf({"advise", some(), "--memory", "4GB", "--context", "0", "--json"});
  EXPECT_EQ(unknown["weights_alone"], true);
  EXPECT_EQ(alone["weights_alone"], false);
  EXPECT_GT(unknown["fitting"], 0);
  EXPECT_EQ(unknown["candidates"], alone["candidates"]);
  const Result text = run({"advise", some(), "--memory", "4GB"});
  EXPECT_THAT(text.out.substr(0, text.out.find('\n')),
              HasSubstr("by their weights alone: the KV cache is unknown"));
  EXPECT_THAT(refusal({"advise", some()}), HasSubstr("--memory is required"));
  EXPECT_THAT(refusal({"advise", some(), "--memory", "lots"}),
              HasSubstr("a budget is a positive number with a unit such as 24GB, 512MiB or "
                        "3e9bits, not \"lots\""));
  EXPECT_THAT(refusal({"advise", some(), "--memory", "4GB", "--headroom", "100"}),
              HasSubstr("--headroom is a percentage from 0 to below 100, not 100"));
  EXPECT_THAT(refusal({"advise", some(), "--memory", "4GB", "--metric", "beauty"}),
              HasSubstr("beauty"));
  EXPECT_THAT(refusal({"advise", (folder() / "none.bfdb").string(), "--memory", "4GB"}),
              HasSubstr("none.bfdb"));
  EXPECT_THAT(refusal({"advise", some(), "--memory", "4GB", "--family", "other"}),
              HasSubstr("has no accuracy points that match"));
}

TEST_F(CliDecisions, NextRanksExactlyWhatIsMissing) {
  const json next = oneOf({"next", some(), "--json"});
  EXPECT_EQ(next["cells"], 30);
  EXPECT_EQ(next["budgets"].size(), 8u);
  std::set<std::string> listed, expected;
  for (const json& r : next["runs"]) {
    listed.insert(r["model"].get<std::string>() + " " + r["config"].get<std::string>());
    EXPECT_THAT(r["reason"].get<std::string>(), Not(IsEmpty()));
    EXPECT_GE(r["expected_gain"].get<double>(), -1e-12);
    EXPECT_GT(r["minutes"].get<double>(), 0);
  }
  for (std::size_t s = 0; s < 6; ++s) {
    for (std::size_t f = 0; f < 5; ++f) {
      if (missing(s, f)) expected.insert(nameOf(s) + " " + planted_->truth.formats[f].label);
    }
  }
  EXPECT_EQ(listed, expected);
  EXPECT_EQ(next["run"].get<std::size_t>() + listed.size(), 30u);
  for (const json& b : next["budgets"]) {
    if (b["choice"].is_null()) continue;
    EXPECT_GE(b["expected_regret"].get<double>(), 0);
    EXPECT_GT(b["p_best"].get<double>(), 0);
  }

  const json two = oneOf({"next", some(), "--budget", "2GB,8GB", "--stop", "50", "--json"});
  ASSERT_EQ(two["budgets"].size(), 2u);
  EXPECT_EQ(two["budgets"][1]["budget_bits"], 64e9);
  EXPECT_EQ(two["stop"], true);
  EXPECT_THAT(two["verdict"].get<std::string>(), HasSubstr("is below 50.00 points"));

  const Result text = run({"next", some(), "--show", "2"});
  EXPECT_THAT(text.out, AllOf(HasSubstr("of 30 cells have been run; law: J"),
                              HasSubstr("shown 2 of"), HasSubstr("expected regret")));
}

TEST_F(CliDecisions, NextOfAFullStoreAndWithBadArguments) {
  const json done = oneOf({"next", all(), "--json"});
  EXPECT_THAT(done["runs"], IsEmpty());
  EXPECT_EQ(done["stop"], true);
  EXPECT_EQ(done["verdict"], "everything has been run");
  EXPECT_THAT(refusal({"next", some(), "--budget", "8GB,-1GB"}), HasSubstr("not \"-1GB\""));
  EXPECT_THAT(refusal({"next", some(), "--context", "-5"}), HasSubstr("--context"));
}

TEST_F(CliDecisions, FrontierRisesAgainstEveryCost) {
  for (const std::string against : {"bits", "memory", "seconds"}) {
    const json frontier =
        oneOf({"frontier", all(), "--against", against, "--context", "0", "--json"});
    EXPECT_EQ(frontier["against"], against);
    EXPECT_EQ(frontier["points"], 30);
    double cost = 0, accuracy = 0;
    std::size_t on = 0;
    for (const json& e : frontier["frontier"]) {
      EXPECT_GE(e["p_frontier"].get<double>(), 0);
      EXPECT_LE(e["p_frontier"].get<double>(), 1);
      if (!e["on_frontier"]) continue;
      ++on;
      EXPECT_GT(e["cost"].get<double>(), cost);
      EXPECT_GT(e["accuracy"].get<double>(), accuracy);
      cost = e["cost"];
      accuracy = e["accuracy"];
    }
    EXPECT_EQ(frontier["on_frontier"], on) << against;
    EXPECT_GE(on, 2u);
  }
}

TEST_F(CliDecisions, FrontierNamesTheBestWithinABudget) {
  const json frontier = oneOf({"frontier", all(), "--budget", "4GB", "--json"});
  EXPECT_EQ(frontier["budget"], 32e9);
  const json& best = frontier["best"];
  EXPECT_LE(best["cost"].get<double>(), 32e9);
  for (const json& e : frontier["frontier"]) {
    if (e["cost"].get<double>() <= 32e9) {
      EXPECT_LE(e["accuracy"], best["accuracy"]);
    }
  }
  EXPECT_THAT(run({"frontier", all(), "--budget", "4GB"}).out,
              HasSubstr("best within 4GB: " + best["model"].get<std::string>()));
  EXPECT_THAT(run({"frontier", all(), "--against", "seconds", "--budget", "2s"}).out,
              HasSubstr("best within 2s: planted-1.25e+08"));
  EXPECT_THAT(run({"frontier", all(), "--budget", "1MB"}).out, HasSubstr("nothing fits into 1MB"));
}

TEST_F(CliDecisions, FrontierTablesOfAllFormats) {
  const json frontier = oneOf({"frontier", all(), "--json"});
  const std::size_t entries = frontier["frontier"].size();
  const Result csv = run({"frontier", all(), "--csv"});
  writeFileAtomic(folder() / "frontier.csv", csv.out);
  const CsvTable table = CsvTable::read(folder() / "frontier.csv");
  ASSERT_EQ(table.rows().size(), entries);
  EXPECT_EQ(table.text(table.rows()[0], "model"), frontier["frontier"][0]["model"]);
  std::istringstream markdown(run({"frontier", all(), "--markdown"}).out);
  std::size_t rows = 0;
  for (std::string line; std::getline(markdown, line);) rows += line.rfind("| ", 0) == 0 ? 1 : 0;
  EXPECT_EQ(rows, entries + 1);  // and the head
  const std::string latex = run({"frontier", all(), "--latex"}).out;
  EXPECT_THAT(latex, AllOf(HasSubstr("\\begin{tabular}"), HasSubstr("\\end{tabular}"),
                           HasSubstr(frontier["frontier"][0]["model"].get<std::string>())));
}

TEST_F(CliDecisions, WidthsShareTheBudgets) {
  const json widths = oneOf({"frontier", all(), "--widths", "--json"});
  EXPECT_THAT(widths["curves"].get<std::string>(), HasSubstr("J"));
  double shares = 0;
  std::set<int> bits;
  for (const json& w : widths["widths"]) {
    shares += w["share_of_budgets"].get<double>();
    bits.insert(w["bits"].get<int>());
  }
  EXPECT_NEAR(shares, 1, 1e-9);
  EXPECT_EQ(bits, (std::set<int>{3, 4, 5, 8, 16}));
  for (const json& b : widths["budgets"]) {
    double sum = 0;
    for (const auto& [k, p] : b["p_best"].items()) sum += p.get<double>();
    EXPECT_NEAR(sum, 1, 1e-9);
  }
  EXPECT_THAT(run({"frontier", all(), "--widths"}).out,
              AllOf(HasSubstr("best k"), HasSubstr("P(4 bit)"), HasSubstr("verdict")));
}

TEST_F(CliDecisions, FrontierRefusesBadArguments) {
  EXPECT_THAT(refusal({"frontier", all(), "--against", "beauty"}), HasSubstr("beauty"));
  EXPECT_THAT(refusal({"frontier", all(), "--smallest", "2"}), HasSubstr("--smallest"));
  EXPECT_THAT(refusal({"frontier", all(), "--against", "seconds", "--budget", "4GB"}),
              HasSubstr("4GB"));
  EXPECT_THAT(refusal({"frontier", all(), "--markdown", "--latex"}), HasSubstr("--latex"));
}

TEST_F(CliDecisions, ReportInBothFormatsAndToAFile) {
  const Result text = run({"report", all(), "--draws", "200"});
  ASSERT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, AllOf(StartsWith("# "), HasSubstr("## "), HasSubstr("planted")));
  const Result result = run({"report", all(), "--draws", "200", "--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  const json report = json::parse(result.out);
  const json& family = report["families"].at(0);
  EXPECT_EQ(family["points"], 30);
  EXPECT_EQ(family["models"], 6);
  double shares = 0;
  for (const json& w : family["widths"]) shares += w["share_of_budgets"].get<double>();
  EXPECT_NEAR(shares, 1, 1e-9);
  for (const std::string ending : {".md", ".json"}) {
    const auto file = folder() / ("report" + ending);
    const Result written = run({"report", all(), "--draws", "200", "--out", file.string()});
    EXPECT_EQ(written.code, 0) << written.err;
    EXPECT_THAT(written.out, HasSubstr("written to " + file.string()));
    EXPECT_EQ(readFile(file), ending == ".md" ? text.out : result.out);
  }
  EXPECT_THAT(refusal({"report", all(), "--draws", "5"}), HasSubstr("--draws"));
  EXPECT_THAT(refusal({"report", all(), "--json", "--markdown"}), HasSubstr("--json"));
  EXPECT_THAT(refusal({"report", all(), "--small-block", "tiny"}), HasSubstr("tiny"));
}

TEST_F(CliDecisions, LawsAreExportedInEveryFormat) {
  std::vector<std::string> command{"fit", all(), "--law", "J1", "--json"};
  for (const char* ending : {"json", "csv", "tex", "py", "gp"}) {
    command.insert(command.end(), {"--export", (folder() / "law.").string() + ending});
  }
  const Result fit = run(command);
  ASSERT_EQ(fit.code, 0) << fit.err;
  EXPECT_THAT(fit.err, HasSubstr("1 law written to " + (folder() / "law.json").string()));
  const auto text = [](const char* ending) {
    return readFile(folder() / (std::string("law.") + ending));
  };
  const json law = json::parse(text("json"));
  EXPECT_EQ(law, json::parse(fit.out));
  double alpha = 0;
  for (const json& p : law[0]["parameters"]) {
    if (p["name"] == "alpha") alpha = p["value"];
  }
  EXPECT_NEAR(alpha, planted_->truth.alpha, 0.1);
  const CsvTable table = CsvTable::read(folder() / "law.csv");
  EXPECT_GE(table.rows().size(), law[0]["parameters"].size());
  EXPECT_THAT(text("tex"), AllOf(HasSubstr("\\begin{tabular}"), HasSubstr("\\end{tabular}")));
  EXPECT_THAT(text("py"), HasSubstr("def predict("));
  EXPECT_THAT(text("gp"), HasSubstr("plot "));
  EXPECT_THAT(refusal({"fit", all(), "--export", "law.xls"}),
              HasSubstr("--export law.xls: the name ends with .json, .csv, .tex, .py, .gp"));
}

}  // namespace
}  // namespace bitfrontier
