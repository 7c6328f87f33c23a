// SPDX-License-Identifier: GPL-3.0-or-later
// Every command line of README.md's fenced blocks, run by a shell as a user would, on a small store
// and a small model in a folder of its own.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "tests/core/advice/planted_store.h"
#include "tests/support/cases.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

/// A line that is not run as it stands.
struct Exception {
  const char* line;
  const char* reason;
  const char* instead;  ///< what is run in its place; empty: nothing
};

constexpr Exception kExceptions[] = {
    {"git clone <this repository> bitfrontier && cd bitfrontier", "needs a network", ""},
    {"./dev run", "builds the release, tests/installer does it in an empty root", ""},
    {"./dev test", "is what runs this test", ""},
    {"bitfrontier sweep --suite pocket --store out/pocket.bfdb", "takes minutes",
     "bitfrontier sweep --suite pocket --store out/plan.bfdb --plan"},
    {"bitfrontier fetch --family pythia --dry-run", "needs a network", ""},
};

/// What a user puts in the place of words in capitals.
constexpr std::array<std::pair<const char*, const char*>, 4> kPlaceholders = {
    {{"--out DIR", "--out quantized"},
     {"DIR...", "model"},
     {"DIR", "model"},
     {"FILE...", "tasks/piqa.jsonl tasks/lambada.jsonl"}}};

/// The lines of fenced blocks, without their comments.
std::vector<std::string> commandLines() {
  std::vector<std::string> lines;
  std::istringstream text(readFile(BITFRONTIER_SOURCE_DIR "/README.md"));
  bool fenced = false;
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with("```")) {
      fenced = !fenced;
      continue;
    }
    if (!fenced) continue;
    line = line.substr(0, line.find(" #"));
    line.erase(line.find_last_not_of(' ') + 1);
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

std::string replaced(std::string line, const std::string& what, const std::string& with) {
  for (std::size_t at = 0; (at = line.find(what, at)) != std::string::npos; at += with.size()) {
    line.replace(at, what.size(), with);
  }
  return line;
}

/// The folder that the README's commands are at home in.
class Readme : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    store_ = new test::TempStore;
    // The pocket suite's names and sizes, with accuracies of planted laws: what fits here does not
    // hang on a trained model.
    std::uint64_t seed = 4;
    for (const char* family : {"pocket-neox", "pocket-opt"}) {
      test::PlantedTruth truth = test::drawTruth(seed++, false);
      truth.sizes = {30e3, 60e3, 120e3, 240e3, 480e3, 960e3};
      truth.size0 = 240e3;
      truth.formats[1].label = "int8-b64";
      truth.formats[2].label = "int5-b64";
      truth.formats[3].label = "int4-b64";
      truth.formats[4].label = "int3-b64";
      const test::PlantedSweep sweep = test::plantSweep(truth, seed);
      for (std::size_t c = 0; c < sweep.points.size(); ++c) {
        const test::PlantedFormat& format = truth.formats[c % truth.formats.size()];
        const std::size_t size = c / truth.formats.size();
        RunRecord run = test::runOf(family, truth.sizes[size], format.label, format.k, format.bits);
        run.model = run.modelHash = fmt::format("{}-{}", family, size + 1);
        run.blockSize = format.k < 16 ? 64 : 0;
        run.result = test::taskOf("planted", test::outcomesOf(sweep.items, c));
        store_->add(run);
        run.result = test::textOf(2 + 2 * (1 - sweep.points[c].accuracy));
        store_->add(run);
      }
    }
    const fs::path dir = folder();
    for (const char* made : {"out", "results", "tasks"}) fs::create_directories(dir / made);
    for (const char* copy : {"out/pocket.bfdb", "one.bfdb", "two.bfdb"}) {
      fs::copy_file(store_->folder() / "runs.bfdb", dir / copy);
    }
    fs::copy(test::treeCases() / "models/neox/safetensors", dir / "model");
    fs::copy(test::treeCases() / "tasks", dir / "tasks");
    fs::copy(BITFRONTIER_SOURCE_DIR "/tests/data/harness/0.4.13", dir / "results");
    std::ofstream(dir / "requests.jsonl") << R"({"context": "Orla left", "continuation": " a key"})"
                                          << "\n";
    std::ofstream(dir / "texts.jsonl") << "{\"text\": \"the harbour\"}\n{\"text\": \"\"}\n";
    std::ofstream(dir / "llama-3-8b.md")
        << "| Quantization | Model size [GiB] | PPL |\n|---|---|---|\n"
        << "| f16 | 14.97 | 6.23 |\n| q4_K_M | 4.58 | 6.38 |\n";
    std::ofstream(dir / "Q4_K_M.log") << "llm_load_print_meta: model ftype      = Q4_K - Medium\n"
                                      << "Final estimate: PPL = 6.4071 +/- 0.03912\n";
    std::ofstream(dir / "mine.csv") << "model,config,bits,parameters,accuracy\n"
                                    << "mine-1b,int4,4,1e9,0.61\nmine-1b,fp16,16,1e9,0.63\n";
  }
  static void TearDownTestSuite() { delete store_; }
  static fs::path folder() { return store_->folder() / "home"; }

  struct Result {
    int code;
    std::string out, err;
  };
  /// A line of the shell in the folder, with our programs where it looks for them.
  static Result shell(const std::string& line) {
    const std::string where = fs::path(BITFRONTIER_CLI).parent_path().string();
    const std::string command =
        fmt::format("cd '{}' && export PATH='{}':\"$PATH\" && {{ {}; }} > stdout.txt 2> stderr.txt",
                    folder().string(), where, line);
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, readFile(folder() / "stdout.txt"),
            readFile(folder() / "stderr.txt")};
  }

  static test::TempStore* store_;
};

test::TempStore* Readme::store_ = nullptr;

TEST_F(Readme, EveryCommandLineRuns) {
  std::set<std::string> seen;
  int ran = 0;
  for (const std::string& line : commandLines()) {
    std::string command = line;
    for (const Exception& exception : kExceptions) {
      if (line != exception.line) continue;
      seen.insert(line);
      command = exception.instead;
    }
#ifndef BITFRONTIER_GUI
    if (command.starts_with("bitfrontier-gui ")) command.clear();  // built without Qt
#endif
    if (command.empty()) continue;
    for (const auto& [what, with] : kPlaceholders) command = replaced(command, what, with);
    const Result result = shell(command);
    EXPECT_EQ(result.code, 0) << line << "\n" << result.err;
    EXPECT_THAT(result.err, ::testing::Not(::testing::HasSubstr("error"))) << line;
    // A table, or the file that it names.
    EXPECT_FALSE(result.out.empty() && !command.starts_with("bitfrontier-gui ")) << line;
    ++ran;
  }
  EXPECT_GE(ran, 30);
  for (const Exception& exception : kExceptions) {
    EXPECT_EQ(seen.count(exception.line), 1U)
        << "README.md has no line \"" << exception.line << "\": " << exception.reason;
  }
  for (const char* file :
       {"law.py", "law.gp", "law.tex", "law.json", "law.csv", "all.bfdb", "runs.bfdb", "mine.bfdb",
        "published.bfdb", "others.bfdb", "quantized/config.json"}) {
    EXPECT_TRUE(fs::exists(folder() / file)) << file;
  }
#ifdef BITFRONTIER_GUI
  EXPECT_TRUE(readFile(folder() / "figure.pdf").starts_with("%PDF-"));
#endif
}

/// A subcommand that is added is shown in README.md.
TEST_F(Readme, ShowsEverySubcommand) {
  std::string shown;
  for (const std::string& line : commandLines()) shown += line + " \n";
  std::istringstream help(shell("bitfrontier --help").out);
  bool list = false;
  int commands = 0;
  for (std::string line; std::getline(help, line);) {
    if (line == "Subcommands:")
      list = true;
    else if (list && line.empty())
      break;
    else if (list && line.starts_with("  ") && line[2] != ' ') {
      const std::string name = line.substr(2, line.find(' ', 2) - 2);
      EXPECT_THAT(shown, ::testing::HasSubstr("bitfrontier " + name + " "));
      ++commands;
    }
  }
  EXPECT_GE(commands, 15);
}

}  // namespace
}  // namespace bitfrontier
