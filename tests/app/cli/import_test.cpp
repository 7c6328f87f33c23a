// SPDX-License-Identifier: GPL-3.0-or-later
// `bitfrontier import` of every kind of file, and `merge`.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/app/cli/cli_runs.h"

namespace bitfrontier {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class CliImport : public test::CliRuns {
 protected:
  nlohmann::json runs(const std::string& store) {
    const Result result = run({"runs", path(store), "--origin", "published", "--json"});
    EXPECT_EQ(result.code, 0) << result.err;
    return nlohmann::json::parse(result.out);
  }
};

TEST_F(CliImport, HarnessFilesAndFolders) {
  const auto data = std::filesystem::path(BITFRONTIER_SOURCE_DIR) / "tests/data/harness";
  const Result folder = run({"import", (data / "0.4.13").string(), "--store", path("a.bfdb")});
  ASSERT_EQ(folder.code, 0) << folder.err;
  EXPECT_THAT(folder.out, StartsWith("3 runs added to "));
  const auto stored = runs("a.bfdb");
  ASSERT_EQ(stored.size(), 3u);
  for (const auto& record : stored) {
    EXPECT_EQ(record["model"], "toy-gpt2-0.1m");
    EXPECT_EQ(record["source"], "lm-evaluation-harness 0.4.13");
  }
  // A single file by its option, and again: nothing is added twice.
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data / "0.4.13")) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("results_")) continue;
    const Result again =
        run({"import", "--harness", entry.path().string(), "--store", path("a.bfdb")});
    ASSERT_EQ(again.code, 0) << again.err;
    EXPECT_THAT(again.out, HasSubstr("0 runs added"));
    EXPECT_THAT(again.out, HasSubstr("3 were there"));
  }
  // Another version is another source; this one does not say how large the model is.
  const Result old = run({"import", (data / "0.4.2").string(), "--parameters", "115632", "--store",
                          path("a.bfdb"), "--json"});
  ASSERT_EQ(old.code, 0) << old.err;
  EXPECT_EQ(nlohmann::json::parse(old.out)["added"], 3);
  EXPECT_EQ(runs("a.bfdb").size(), 6u);
}

/// A results file of 0.4 for one task.
std::string harnessFile(const std::string& model, const std::string& task, double accuracy) {
  return fmt::format(R"({{"results": {{"{}": {{"acc,none": {}, "acc_stderr,none": 0.01}}}},
    "config": {{"model_args": "pretrained=org/{},dtype=float16"}}, "lm_eval_version": "0.4.13"}})",
                     task, accuracy, model);
}

TEST_F(CliImport, ImportedRunsNeedNoOriginAndUnknownChanceIsSaid) {
  std::filesystem::create_directories(path("r"));
  double accuracy = 0.20;
  for (const char* size : {"160m", "410m", "1b", "1.4b", "2.8b"}) {
    write(fmt::format("r/results_{}.json", size),
          harnessFile(fmt::format("pythia-{}", size), "truthfulqa_mc1", accuracy += 0.03));
  }
  const Result imported = run({"import", path("r"), "--store", path("o.bfdb")});
  ASSERT_EQ(imported.code, 0) << imported.err;
  EXPECT_THAT(imported.err, HasSubstr("guessing is not known"));
  EXPECT_THAT(imported.err, HasSubstr("truthfulqa_mc1"));
  const Result fit = run({"fit", path("o.bfdb"), "--law", "LL"});
  ASSERT_EQ(fit.code, 0) << fit.err;
  EXPECT_THAT(fit.out + fit.err, HasSubstr("the accuracy of guessing is not known at 5 of 5"));
  EXPECT_EQ(run({"frontier", path("o.bfdb")}).code, 0);
  // With a run of our own, that is what commands take unless they are told otherwise.
  EXPECT_EQ(run({"fit", path("o.bfdb"), "--law", "LL", "--origin", "measured"}).code, 1);
}

TEST_F(CliImport, RunsWithOtherResultsAreNamed) {
  std::filesystem::create_directories(path("r"));
  write("r/results_a.json", harnessFile("pythia-160m", "piqa", 0.6289));
  ASSERT_EQ(run({"import", path("r"), "--store", path("d.bfdb")}).code, 0);
  write("r/results_a.json", harnessFile("pythia-160m", "piqa", 0.6311));
  const Result other = run({"import", path("r"), "--store", path("d.bfdb")});
  EXPECT_EQ(other.code, 0);
  EXPECT_THAT(other.out, HasSubstr("pythia-160m fp16 piqa: accuracy 0.6289 is stored, accuracy "
                                   "0.6311 is in the file"));
}

TEST_F(CliImport, CsvWithAMapping) {
  const std::string file =
      write("mine.csv", "name,w,acc_piqa,ppl,p\nF-1,4,70.5,12.5,1.3B\nF-1,16,71,12,1.3B\n");
  const std::vector<std::string> arguments{
      "import",
      "--csv",
      file,
      "--map",
      "model=name,bits=w,accuracy_percent:piqa=acc_piqa,perplexity:wikitext2=ppl,parameters=p,"
      "config={name}-{w}bit",
      "--set",
      "family=F,items:piqa=1838,source=Somebody 2024",
      "--store",
      path("c.bfdb")};
  std::vector<std::string> dry = arguments;
  dry.emplace_back("--dry-run");
  const Result shown = run(dry);
  ASSERT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("4 runs read; nothing is stored"));
  EXPECT_THAT(shown.out, HasSubstr("F-1 F-1-4bit piqa: accuracy 0.7050 (Somebody 2024)"));
  EXPECT_FALSE(std::filesystem::exists(path("c.bfdb")));

  ASSERT_EQ(run(arguments).code, 0);
  const auto stored = runs("c.bfdb");
  ASSERT_EQ(stored.size(), 4u);
  for (const auto& record : stored) {
    EXPECT_EQ(record["family"], "F");
    EXPECT_EQ(record["source"], "Somebody 2024");
  }
  // The same cells with another result are left as they are, and said.
  write("mine.csv", "name,w,acc_piqa,ppl,p\nF-1,4,60.5,12.5,1.3B\nF-1,16,71,12,1.3B\n");
  const Result other = run(arguments);
  ASSERT_EQ(other.code, 0) << other.err;
  EXPECT_THAT(other.out, HasSubstr("1 runs are stored with other results"));

  const Result wrong =
      run({"import", "--csv", file, "--map", "model=nome", "--store", path("d.bfdb")});
  EXPECT_EQ(wrong.code, 2) << wrong.out;
  EXPECT_THAT(wrong.err, HasSubstr("nome"));
  EXPECT_FALSE(std::filesystem::exists(path("d.bfdb")));
}

TEST_F(CliImport, TablesOfLlamaCpp) {
  const std::string file = write("llama-3-8b.md",
                                 "| Quantization | imatrix | Model size [GiB] | PPL |\n"
                                 "|--------------|---------|-----------------:|-----|\n"
                                 "| f16    | None | 14.97 | 6.233160 \u00b1 0.037828 |\n"
                                 "| q4_K_M | None |  4.58 | 6.407115 \u00b1 0.039119 |\n");
  for (const bool named : {false, true}) {
    std::vector<std::string> arguments{"import"};
    if (named) arguments.emplace_back("--llamacpp");
    arguments.insert(arguments.end(), {file, "--store", path("l.bfdb")});
    const Result result = run(arguments);
    ASSERT_EQ(result.code, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr(named ? "2 were there" : "2 runs added"));
    EXPECT_THAT(result.err, HasSubstr("note: "));
  }
  bool found = false;
  for (const auto& record : runs("l.bfdb")) {
    found = found || record["config"] == "Q4_K_M";
    EXPECT_EQ(record["model"], "llama-3-8b");
  }
  EXPECT_TRUE(found);
}

TEST_F(CliImport, FilesAsPeopleHaveThem) {
  // Column names with commas, semicolons with decimal commas, and a log.
  const std::string commas =
      write("c.csv", "model,bits,parameters,\"results.piqa.acc,none\"\nm,4,1e9,0.6105\n");
  const Result mapped = run({"import", commas, "--map", "accuracy=results.piqa.acc,none", "--set",
                             "task=piqa", "--dry-run"});
  ASSERT_EQ(mapped.code, 0) << mapped.err;
  EXPECT_THAT(mapped.out, HasSubstr("piqa: accuracy 0.6105"));
  const std::string semicolons = write(
      "s.csv",
      "\xEF\xBB\xBFmodel;bits;data_type;parameters;task;accuracy\nm;16;fp16;1000000;piqa;0,3786\n");
  const Result comma = run({"import", semicolons, "--dry-run"});
  ASSERT_EQ(comma.code, 0) << comma.err;
  EXPECT_THAT(comma.out, HasSubstr("m fp16 piqa: accuracy 0.3786 (s.csv)"));
  const std::string log = write("x.log",
                                "llm_load_print_meta: model ftype      = Q4_K - Medium\n"
                                "llm_load_print_meta: model size       = 4.58 GiB (4.89 BPW)\n"
                                "Final estimate: PPL = 6.4571 +/- 0.03918\n");
  const Result read = run({"import", log, "--dry-run"});
  ASSERT_EQ(read.code, 0) << read.err;
  EXPECT_THAT(read.out, HasSubstr("x Q4_K_M wikitext-2 (llama.cpp): 1.8652 nats per token"));
  // A table of tokens a second is none of results; the message says what is looked for.
  const Result speed =
      run({"import", write("t.md", "| Quant | t/s |\n|---|---|\n| Q4_0 | 50 |\n"), "--dry-run"});
  EXPECT_EQ(speed.code, 1);
  EXPECT_THAT(speed.err, HasSubstr("looked for: a column of formats"));
}

TEST_F(CliImport, WrongFilesAreNamed) {
  const std::pair<std::vector<std::string>, int> wrong[] = {
      {{"import"}, 2},
      {{"import", path("none.csv")}, 1},
      {{"import", write("empty.json", "{}")}, 1},
      {{"import", write("broken.json", "{\"results\": ")}, 1},
      {{"import", "--llamacpp", write("text.md", "no table here\n")}, 1},
      {{"import", write("head.csv", "model,bits\nM,4\n")}, 2}};
  for (auto [arguments, code] : wrong) {
    const std::string named = arguments.size() > 1
                                  ? std::filesystem::path(arguments.back()).filename().string()
                                  : std::string("import needs a file");
    arguments.insert(arguments.end(), {"--store", path("w.bfdb")});
    const Result result = run(arguments);
    EXPECT_EQ(result.code, code) << named << result.out << result.err;
    EXPECT_THAT(result.err, StartsWith("bitfrontier: error: "));
    EXPECT_THAT(result.err, HasSubstr(named));
    EXPECT_FALSE(std::filesystem::exists(path("w.bfdb"))) << named;
  }
}

TEST_F(CliImport, StoresMerge) {
  const auto import = [&](const std::string& store, const std::string& rows) {
    const std::string file = write("rows.csv", "model,bits,accuracy,items,parameters\n" + rows);
    const Result result = run(
        {"import", file, "--task", "t", "--family", "F", "--source", "S", "--store", path(store)});
    ASSERT_EQ(result.code, 0) << result.err;
  };
  import("a.bfdb", "F-1,4,0.5,100,1e9\nF-1,16,0.6,100,1e9\n");
  import("b.bfdb", "F-1,4,0.5,100,1e9\nF-2,4,0.7,100,2e9\n");
  import("c.bfdb", "F-1,16,0.9,100,1e9\n");
  const Result merged = run({"merge", path("a.bfdb"), path("b.bfdb")});
  ASSERT_EQ(merged.code, 0) << merged.err;
  EXPECT_THAT(merged.out, HasSubstr("1 runs added to "));
  EXPECT_THAT(merged.out, HasSubstr("1 were there"));
  EXPECT_EQ(runs("a.bfdb").size(), 3u);
  // A result that contradicts is kept beside the other one, and said.
  const Result imported = run({"import", path("b.bfdb"), "--store", path("a.bfdb")});
  EXPECT_NE(imported.code, 0);
  EXPECT_THAT(imported.err, HasSubstr("b.bfdb is a database; bitfrontier merge adds"));
  const Result conflict = run({"merge", path("a.bfdb"), path("c.bfdb"), "--json"});
  ASSERT_EQ(conflict.code, 0) << conflict.err;
  const auto json = nlohmann::json::parse(conflict.out)[0];
  ASSERT_EQ(json["conflicts"].size(), 1u);
  EXPECT_EQ(json["conflicts"][0]["model"], "F-1");
  EXPECT_EQ(json["conflicts"][0]["field"], "accuracy");
  EXPECT_EQ(runs("a.bfdb").size(), 4u);
  EXPECT_THAT(run({"merge", path("a.bfdb"), path("c.bfdb")}).out, HasSubstr("  conflict: F-1"));
  EXPECT_EQ(runs("a.bfdb").size(), 4u);

  const Result self = run({"merge", path("a.bfdb"), path("a.bfdb")});
  EXPECT_EQ(self.code, 2);
  EXPECT_THAT(self.err, HasSubstr("cannot be merged with itself"));
  const Result none = run({"merge", path("new.bfdb"), path("none.bfdb")});
  EXPECT_EQ(none.code, 1);
  EXPECT_THAT(none.err, HasSubstr("none.bfdb"));
  EXPECT_FALSE(std::filesystem::exists(path("new.bfdb")));
}

}  // namespace
}  // namespace bitfrontier
