// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/store/run_store.h"
#include "tests/app/cli/process.h"
#include "tests/core/sweep/tiny_model.h"

namespace bitfrontier {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

class Cli : public ::testing::Test {
 protected:
  Cli() : dir_("cli") {}
  struct Result {
    int code;
    std::string out;
    std::string err;
  };
  Result run(std::vector<std::string> arguments, const std::string& input = "/dev/null") {
    test::CliProcess process(dir_.path(), std::move(arguments), input);
    const int code = process.wait();
    return {code, process.out(), process.err()};
  }
  /// A usage or input error: one sentence on stderr, nothing on stdout.
  void expectError(std::vector<std::string> arguments, int code, const std::string& part) {
    const Result result = run(std::move(arguments));
    EXPECT_EQ(result.code, code) << result.err;
    EXPECT_THAT(result.err, StartsWith("bitfrontier: error: "));
    EXPECT_THAT(result.err, HasSubstr(part));
    EXPECT_EQ(result.out, "");
    const std::string first = result.err.substr(0, result.err.find('\n'));
    EXPECT_NE(first.back(), '.');
  }
  std::string path(const std::string& name) { return (dir_.path() / name).string(); }
  /// `--models ... --tasks ...` of a tiny grid.
  std::vector<std::string> sweepArguments(const std::string& store) {
    const std::string model = test::writeTinyModel(dir_.path() / "tiny-1").string();
    std::string tasks;
    for (const auto& task : test::writeTinyTasks(dir_.path() / "tasks")) {
      tasks += (tasks.empty() ? "" : ",") + task.string();
    }
    return {"sweep",     "--models", model,       "--tasks",   tasks,
            "--bits",    "3,4,16",   "--types",   "int,float", "--blocks",
            "64,tensor", "--store",  path(store), "--device",  "cpu"};
  }

  test::TempDir dir_;
};

TEST_F(Cli, HelpAndVersionGoToStdout) {
  const Result help = run({"--help"});
  EXPECT_EQ(help.code, 0);
  for (const char* word : {"sweep", "eval", "score", "runs", "fit", "frontier", "import",
                           "codebook", "devices", "Examples", "Exit codes"}) {
    EXPECT_THAT(help.out, HasSubstr(word));
  }
  EXPECT_EQ(help.err, "");
  const Result version = run({"--version"});
  EXPECT_EQ(version.code, 0);
  EXPECT_THAT(version.out, MatchesRegex("bitfrontier [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  EXPECT_EQ(run({"sweep", "--help"}).code, 0);
}

TEST_F(Cli, ErrorsAreOneSentenceWithAnExitCode) {
  expectError({}, 2, "subcommand");
  expectError({"nonsense"}, 2, "");
  expectError({"sweep", "--bits", "4"}, 2, "--models");
  expectError({"sweep", "--bits", "many"}, 2, "many");
  expectError({"sweep", "--suite", "other"}, 2, "other");
  expectError({"codebook", "int99"}, 2, "int99");
  expectError({"runs", path("none.bfdb")}, 1, "none.bfdb");
  expectError({"fit", "--store", path("none.bfdb")}, 1, "none.bfdb");
  expectError({"eval", "--model", path("none"), "--tasks", path("none_piqa.jsonl"), "--quiet"}, 1,
              "none");
  test::writeText(dir_.path() / "text.bfdb", "this is no database, only some words\n");
  expectError({"runs", path("text.bfdb")}, 1, "text.bfdb");
  expectError({"import", path("none.csv"), "--store", path("i.bfdb")}, 1, "none.csv");
  expectError({"import", "--store", path("i.bfdb")}, 2, "--published");
}

TEST_F(Cli, CodebookPrintsTheTable) {
  const Result result = run({"codebook", "float4", "--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  const nlohmann::json json = nlohmann::json::parse(result.out);
  EXPECT_EQ(json["type"], "float4");
  EXPECT_EQ(json["exponent_bits"], 3);
  const auto values = json["values"].get<std::vector<double>>();
  ASSERT_EQ(values.size(), 15u);  // E3M0: powers of two down to 1/64, both signs, and zero
  for (int i = 0; i < 7; ++i) {
    EXPECT_DOUBLE_EQ(values[static_cast<std::size_t>(14 - i)], std::pow(2.0, -i));
    EXPECT_DOUBLE_EQ(values[static_cast<std::size_t>(i)], -std::pow(2.0, -i));
  }
  EXPECT_DOUBLE_EQ(values[7], 0.0);
  const Result csv = run({"codebook", "int3-b64", "--csv"});
  EXPECT_EQ(csv.code, 0);
  EXPECT_THAT(csv.out, StartsWith("code,value\n0,-1\n"));
}

TEST_F(Cli, DevicesListsTheCpu) {
  const Result result = run({"devices", "--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  const nlohmann::json json = nlohmann::json::parse(result.out);
  EXPECT_EQ(json.at(0)["id"], "cpu");
  EXPECT_EQ(json.at(0)["available"], true);
  for (const nlohmann::json& device : json) {
    EXPECT_TRUE(device["available"].get<bool>() || !device["reason"].get<std::string>().empty());
  }
}

TEST_F(Cli, SweepStoresAndTheOthersRead) {
  auto plan = sweepArguments("s.bfdb");
  plan.push_back("--plan");
  const Result planned = run(plan);
  EXPECT_EQ(planned.code, 0) << planned.err;
  EXPECT_THAT(planned.out, HasSubstr("27 cells, 0 done"));
  EXPECT_FALSE(std::filesystem::exists(path("s.bfdb"))) << "a look at the plan writes nothing";

  auto arguments = sweepArguments("s.bfdb");
  arguments.push_back("--json");
  const Result swept = run(arguments);
  ASSERT_EQ(swept.code, 0) << swept.err;
  EXPECT_EQ(nlohmann::json::parse(swept.out)["ran"], 27);
  EXPECT_THAT(swept.err, HasSubstr("100%"));  // plain lines, as stderr is no terminal
  EXPECT_EQ(swept.err.find('\r'), std::string::npos);
  const Result again = run(arguments);
  EXPECT_EQ(nlohmann::json::parse(again.out)["reused"], 27);

  const Result runs = run({"runs", path("s.bfdb"), "--json"});
  ASSERT_EQ(runs.code, 0) << runs.err;
  const nlohmann::json rows = nlohmann::json::parse(runs.out);
  EXPECT_EQ(rows.size(), 27u);
  const Result points = run({"runs", path("s.bfdb"), "--points", "--csv"});
  EXPECT_EQ(std::count(points.out.begin(), points.out.end(), '\n'), 1 + 9);
  const Result fit = run({"fit", "--store", path("s.bfdb"), "--by", "type", "--json"});
  EXPECT_EQ(fit.code, 1);  // three models that only guess have no law
  EXPECT_THAT(fit.err, HasSubstr("no law was fitted: all points are at chance"));
  EXPECT_TRUE(nlohmann::json::parse(fit.out).is_array());
  const Result nats = run(
      {"fit", "--store", path("s.bfdb"), "--by", "type", "--metric", "cross-entropy", "--json"});
  EXPECT_EQ(nats.code, 1);  // three models of one size have neither a law nor a curve
  EXPECT_THAT(nats.err, HasSubstr("all points have one size"));
  const Result frontier =
      run({"frontier", path("s.bfdb"), "--metric", "cross-entropy", "--budget", "1MB", "--json"});
  ASSERT_EQ(frontier.code, 0) << frontier.err;
  const nlohmann::json front = nlohmann::json::parse(frontier.out).at(0);
  EXPECT_EQ(front["points"], 9);
  EXPECT_FALSE(front["frontier"].empty());
  EXPECT_EQ(front["budget"], 8e6);
  EXPECT_FALSE(front["best"].is_null());

  // eval agrees with the stored cell to the last digit
  const Result eval = run({"eval", "--model", path("tiny-1"), "--config", "int3-b64", "--tasks",
                           path("tasks/tiny_text.jsonl"), "--device", "cpu", "--json", "--quiet"});
  ASSERT_EQ(eval.code, 0) << eval.err;
  EXPECT_EQ(eval.err, "");
  const double measured =
      nlohmann::json::parse(eval.out)["results"]["tiny_text"]["cross_entropy,none"];
  bool found = false;
  const RunStore store = RunStore::open(path("s.bfdb"), RunStore::Mode::ReadOnly);
  for (const RunRecord& record : store.runs()) {
    if (record.config != "int3-b64" || record.result.task != "tiny_text") continue;
    found = true;
    EXPECT_DOUBLE_EQ(record.result.crossEntropy, measured);
  }
  EXPECT_TRUE(found);
}

TEST_F(Cli, ScoreAnswersInOrderUntilABadLine) {
  test::writeTinyModel(dir_.path() / "tiny-1");
  const std::vector<std::string> command = {"score",    "--model", path("tiny-1"),
                                            "--device", "cpu",     "--ids"};
  test::writeText(path("in.jsonl"),
                  "{\"context\": \"ab \", \"continuation\": \"cd\"}\n\n"
                  "{\"text\": \"some words\"}\n"
                  "{\"context_ids\": [98, 99], \"continuation_ids\": [33, 100, 101]}");
  const Result result = run(command, path("in.jsonl"));
  ASSERT_EQ(result.code, 0) << result.err;
  std::vector<nlohmann::json> answers;
  std::istringstream lines(result.out);
  for (std::string line; std::getline(lines, line);) answers.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_LT(answers[0]["loglikelihood"].get<double>(), 0);
  EXPECT_TRUE(answers[0]["is_greedy"].is_boolean());
  // one token a byte, id byte + 1; the space went over to the continuation
  EXPECT_EQ(answers[0]["context_ids"], nlohmann::json({98, 99}));
  EXPECT_EQ(answers[0]["continuation_ids"], nlohmann::json({33, 100, 101}));
  EXPECT_EQ(answers[0]["tokens"], 3);
  EXPECT_NEAR(answers[0]["loglikelihood"], answers[2]["loglikelihood"], 1e-5);
  EXPECT_EQ(answers[1]["tokens"], 10);
  EXPECT_FALSE(answers[1].contains("is_greedy"));

  for (const auto& [line, part] : std::vector<std::pair<std::string, std::string>>{
           {"{oops", "stdin:2"},
           {R"({"context": "a"})", "context_ids"},
           {R"({"context": "a", "continuation": ""})", "no token of its own"},
           {R"({"context_ids": [1], "continuation_ids": [257]})", "257"},
           {R"({"context_ids": [1, -1], "continuation_ids": [2]})", "-1"},
           {R"({"context": "a", "continuation": ")" + std::string(80, 'x') + "\"}", "80 tokens"}}) {
    test::writeText(path("bad.jsonl"), "{\"text\": \"a\"}\n" + line + "\n{\"text\": \"b\"}\n");
    const Result bad = run(command, path("bad.jsonl"));
    EXPECT_NE(bad.code, 0) << line;
    EXPECT_THAT(bad.err, HasSubstr("bitfrontier: error: stdin:2"));
    EXPECT_THAT(bad.err, HasSubstr(part));
    EXPECT_EQ(std::count(bad.out.begin(), bad.out.end(), '\n'), 1) << bad.out;
  }
}

TEST_F(Cli, BosProfileAndMaximumLengthAreCellsOfTheirOwn) {
  const std::string model = test::writeTinyModel(dir_.path() / "tiny-1").string();
  const std::string task = test::writeTinyTasks(dir_.path() / "tasks").back().string();
  const std::vector<std::string> base = {"sweep", "--models", model,     "--tasks",
                                         task,    "--bits",   "16",      "--device",
                                         "cpu",   "--quiet",  "--store", path("b.bfdb")};
  const auto sweep = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = base;
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Result result = run(arguments);
    EXPECT_EQ(result.code, 0) << result.err;
    return result.out;
  };
  EXPECT_THAT(sweep({}), HasSubstr("1 cells: 1 run"));
  EXPECT_THAT(sweep({"--bos", "harness"}), HasSubstr("1 cells: 0 run"));
  EXPECT_THAT(sweep({"--bos", "addbos"}), HasSubstr("1 cells: 1 run"));
  EXPECT_THAT(sweep({"--max-length", "16"}), HasSubstr("1 cells: 1 run"));
  EXPECT_THAT(sweep({"--bos", "harness-0.4.9.1"}), HasSubstr("1 cells: 1 run"));
  const RunStore store = RunStore::open(path("b.bfdb"), RunStore::Mode::ReadOnly);
  const auto runs = store.runs();
  ASSERT_EQ(runs.size(), 4u);
  EXPECT_EQ(runs[0].result.bosProfile, "harness");
  EXPECT_EQ(runs[1].result.bosProfile, "addbos");
  EXPECT_EQ(runs[2].result.maxLength, 16);
  EXPECT_EQ(runs[3].result.bosProfile, "nobos");
  EXPECT_EQ(store.points().size(), 4u);
  // no beginning-of-text token in these files, so none is what "harness" means as well
  EXPECT_EQ(runs[0].result.crossEntropy, runs[3].result.crossEntropy);
  EXPECT_NE(runs[0].result.crossEntropy, runs[1].result.crossEntropy);
  EXPECT_NE(runs[0].result.crossEntropy, runs[2].result.crossEntropy);
  expectError({"eval", "--model", model, "--tasks", task, "--bos", "maybe", "--quiet"}, 2,
              "addbos");
  expectError({"eval", "--model", model, "--tasks", task, "--max-length", "65", "--quiet"}, 2,
              "65 tokens");
}

TEST_F(Cli, FailedCellsHaveAnExitCodeOfTheirOwn) {
  auto arguments = sweepArguments("f.bfdb");
  test::writeText(
      dir_.path() / "tasks" / "tiny_piqa.jsonl",
      R"({"goal": "g", "sol1": "a", "label": 0, "sol2": ")" + std::string(90, 'x') + "\"}\n");
  const Result result = run(arguments);
  EXPECT_EQ(result.code, 3);
  EXPECT_THAT(result.err, HasSubstr("bitfrontier: error: 9 of 27 cells failed"));
  // A sweep that can run no cell is no sweep that ended.
  const Result again = run(arguments);
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.err, HasSubstr("bitfrontier: error: no cell could be run: all 9 failed"));
}

TEST_F(Cli, TimeForWhichTheProcessIsStoppedIsNotTimeWorked) {
  auto arguments = sweepArguments("t.bfdb");
  test::writeTinyTasks(dir_.path() / "tasks", 4000);
  using Clock = std::chrono::steady_clock;
  const auto since = [](Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  const auto start = Clock::now();
  test::CliProcess process(dir_.path(), arguments);
  const auto runs = [&]() -> std::vector<RunRecord> {
    if (!std::filesystem::exists(path("t.bfdb"))) return {};
    try {
      return RunStore::open(path("t.bfdb"), RunStore::Mode::ReadOnly).runs();
    } catch (const Error&) {
      return {};  // it is just being made
    }
  };
  const auto waitFor = [&](std::size_t count) {
    while (process.running() && runs().size() < count) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  };
  waitFor(1);
  const std::size_t before = runs().size();
  ASSERT_TRUE(process.running());
  const auto stop = Clock::now();
  process.signal(SIGSTOP);
  std::this_thread::sleep_for(std::chrono::seconds(3));
  const double stopped = since(stop);
  process.signal(SIGCONT);
  waitFor(before + 2);
  process.signal(SIGINT);
  process.wait();
  const double awake = since(start) - stopped;
  double stored = 0;
  for (const RunRecord& run : runs()) stored += run.seconds;
  EXPECT_GE(runs().size(), before + 1);
  EXPECT_LT(stored, awake + 0.25) << "the process was stopped for " << stopped << " s";
}

TEST_F(Cli, ReadingCommandsWriteNothingAndMakeNothing) {
  ASSERT_EQ(run(sweepArguments("r.bfdb")).code, 0);
  const auto listing = [&] {
    std::map<std::string, std::filesystem::file_time_type> files;
    for (const auto& entry : std::filesystem::directory_iterator(dir_.path() / "only")) {
      files[entry.path().filename()] = entry.last_write_time();
    }
    return files;
  };
  std::filesystem::create_directory(dir_.path() / "only");
  std::filesystem::rename(path("r.bfdb"), dir_.path() / "only" / "r.bfdb");
  const std::string store = (dir_.path() / "only" / "r.bfdb").string();
  const auto before = listing();
  for (const char* command : {"runs", "fit", "frontier", "advise", "next", "compare", "report"}) {
    for (const std::string& name : {store, (dir_.path() / "only" / "mistyped.bfdb").string()}) {
      std::vector<std::string> arguments{command, name};
      if (arguments[0] == "advise") arguments.insert(arguments.end(), {"--memory", "1GB"});
      if (arguments[0] == "compare") arguments.insert(arguments.end(), {"--model", "tiny-1"});
      const Result result = run(arguments);
      if (name != store) {
        EXPECT_EQ(result.code, 1) << command;
        EXPECT_THAT(result.err, HasSubstr("mistyped.bfdb does not exist")) << command;
      }
      EXPECT_EQ(listing(), before) << command << result.err;
    }
  }
}

TEST_F(Cli, InterruptSaysHowToResume) {
  auto arguments = sweepArguments("i.bfdb");
  // enough items that the sweep is still at work when the signal comes
  test::writeTinyTasks(dir_.path() / "tasks", 4000);
  test::CliProcess process(dir_.path(), arguments);
  while (process.running() && !std::filesystem::exists(path("i.bfdb"))) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  process.signal(SIGINT);
  EXPECT_EQ(process.wait(), 130) << process.err();
  EXPECT_THAT(process.err(), HasSubstr("stopping after this batch"));
  EXPECT_THAT(process.err(), HasSubstr("run the same command to resume"));
}

TEST_F(Cli, PublishedNumbersComeWithTheProgram) {
  const Result result = run({"import", "--published", "--store", path("p.bfdb"), "--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_GT(nlohmann::json::parse(result.out)["added"], 100);
  const Result frontier =
      run({"frontier", path("p.bfdb"), "--origin", "published", "--budget", "24GB"});
  EXPECT_EQ(frontier.code, 0) << frontier.err;
  EXPECT_THAT(frontier.out, HasSubstr("best within 24GB: OPT-30B gptq4"));
}

}  // namespace
}  // namespace bitfrontier
