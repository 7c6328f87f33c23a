// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/task.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/eval/prepared_task.h"
#include "core/eval/python_random.h"
#include "core/eval/summarize.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/core/sweep/tiny_model.h"
#include "tests/support/cases.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

class TaskFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_ =
        fs::path(::testing::TempDir()) /
        ("bf_task_" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(dir_);
    fs::create_directories(dir_);
  }
  void TearDown() override { fs::remove_all(dir_); }
  fs::path write(const std::string& name, const std::string& content) {
    fs::create_directories((dir_ / name).parent_path());
    std::ofstream(dir_ / name) << content;
    return dir_ / name;
  }
  /// The message of the error that loading gives.
  std::string failure(const fs::path& path, ErrorKind kind, std::int64_t limit = 0) {
    try {
      loadTask(path, limit);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), kind) << error.what();
      return error.what();
    }
    ADD_FAILURE() << path << " was accepted";
    return "";
  }
  fs::path dir_;
};

TEST_F(TaskFiles, LambadaSplitsAtTheLastSpace) {
  const Task task = loadTask(write(
      "my_lambada.jsonl", "{\"text\": \"one two\\nthree four\"}\n\n{\"text\": \"solo\"}\r\n"));
  EXPECT_EQ(task.name, "my_lambada");
  EXPECT_EQ(task.kind, TaskKind::Lambada);
  ASSERT_EQ(task.items.size(), 2u);
  EXPECT_EQ(task.items[0].requests[0].context, "one two\nthree");
  EXPECT_EQ(task.items[0].requests[0].continuation, " four");
  EXPECT_EQ(task.items[1].requests[0].context, "");
  EXPECT_EQ(task.items[1].requests[0].continuation, " solo");
}

TEST_F(TaskFiles, RowsMayStandInOneArray) {
  const std::string rows = "\n [{\"text\": \"one two\"},\n  {\"text\": \"three four\"}]\n";
  const Task lines =
      loadTask(write("lambada.jsonl", "{\"text\": \"one two\"}\n{\"text\": \"three four\"}\n"));
  for (const char* name : {"array/lambada.json", "array/lambada.jsonl"}) {
    const Task task = loadTask(write(name, rows));
    EXPECT_EQ(task.kind, TaskKind::Lambada);
    EXPECT_EQ(task.hash, lines.hash);
    EXPECT_EQ(task.totalItems, 2);
  }
  EXPECT_EQ(loadTask("lambada=" + write("array/rows.json", rows).string()).hash, lines.hash);
  EXPECT_THAT(failure(write("array/lambada.json", R"([{"text": "a b"}, {"txt": "c d"}])"),
                      ErrorKind::Format),
              ::testing::HasSubstr("lambada.json: row 2: 'text' is missing"));
  EXPECT_THAT(failure(write("array/lambada.json", "[]"), ErrorKind::Format),
              ::testing::HasSubstr("no items"));
  EXPECT_THAT(failure(write("array/lambada.json", "[{}"), ErrorKind::Format),
              ::testing::HasSubstr("lambada.json: not valid JSON"));
  EXPECT_THAT(failure(write("array/data.json", rows), ErrorKind::InvalidArgument),
              ::testing::HasSubstr("data.json: the file name must contain lambada"));
}

TEST_F(TaskFiles, HellaSwagIsCleanedAsTheHarnessDoes) {
  const nlohmann::json row = {{"activity_label", "  Baking"},
                              {"ctx_a", "Mix [step] well. [header] Title [title] Now   stir."},
                              {"ctx_b", "the COOK"},
                              {"label", "2"},
                              {"endings", {" a [x]b ", "c  d", "[not\nclosed] e", "f [title] g"}}};
  const Task task = loadTask(write("hellaswag.jsonl", row.dump() + "\n"));
  const TaskItem& item = task.items.at(0);
  ASSERT_EQ(item.requests.size(), 4u);
  // " [title]" becomes ". " before brackets go; then "  " narrows once, so three spaces leave two
  EXPECT_EQ(item.requests[0].context, "Baking: Mix well. Title. Now  stir. The cook");
  EXPECT_EQ(item.requests[0].continuation, " a b");
  EXPECT_EQ(item.requests[1].continuation, " c d");
  EXPECT_EQ(item.requests[2].continuation, " [not\nclosed] e");
  EXPECT_EQ(item.requests[3].continuation, " f. g");
  EXPECT_EQ(item.gold, 2);
}

TEST_F(TaskFiles, PiqaTakesLabelsFromInsideOrBeside) {
  const std::string row = R"({"goal": "g", "sol1": "a", "sol2": "b"})";
  const fs::path path = write("piqa/valid.jsonl", row + "\n" + row + "\n");
  write("piqa/valid-labels.lst", "1\n0\n");
  const Task task = loadTask(path);
  EXPECT_EQ(task.name, "piqa_valid");
  EXPECT_EQ(task.items.at(0).requests.at(1).context, "Question: g\nAnswer:");
  EXPECT_EQ(task.items.at(0).requests.at(1).continuation, " b");
  EXPECT_EQ(task.items.at(0).gold, 1);
  EXPECT_EQ(task.items.at(1).gold, 0);
  const Task inside =
      loadTask(write("x_piqa.jsonl", R"({"goal": "g", "sol1": "a", "sol2": "b", "label": 1})"));
  EXPECT_EQ(inside.items.at(0).gold, 1);
  write("piqa/valid-labels.lst", "1\n");
  EXPECT_THAT(failure(path, ErrorKind::Format),
              ::testing::AllOf(::testing::HasSubstr("valid.jsonl"),
                               ::testing::HasSubstr("row 2 has no label")));
  write("piqa/valid-labels.lst", "1\n7\n");
  EXPECT_THAT(failure(path, ErrorKind::Format), ::testing::HasSubstr("valid-labels.lst:2"));
}

TEST_F(TaskFiles, WinoGrandePutsTheOptionIntoTheContext) {
  const Task task = loadTask(write(
      "winogrande.jsonl",
      R"({"sentence": "Ann met _ and _ left. ", "option1": "Bob", "option2": "Cy", "answer": "2"})"));
  const TaskItem& item = task.items.at(0);
  EXPECT_EQ(item.requests.at(0).context, "Ann met Bob");
  EXPECT_EQ(item.requests.at(1).context, "Ann met Cy");
  EXPECT_EQ(item.requests.at(0).continuation, " and _ left.");
  EXPECT_EQ(item.gold, 1);
}

TEST_F(TaskFiles, ArcIsReadAsDistributedAndAsOnTheHub) {
  const std::string raw =
      R"({"id": "a", "question": {"stem": "Why?", "choices": [{"text": "x", "label": "A"},
          {"text": "y", "label": "B"}, {"text": "z", "label": "C"}]}, "answerKey": "B"})";
  const std::string hub =
      R"({"id": "a", "question": "Why?", "choices": {"text": ["x", "y", "z"],
          "label": ["1", "2", "3"]}, "answerKey": "3"})";
  const auto oneLine = [](std::string text) {
    std::erase(text, '\n');
    return text + "\n";
  };
  const Task task = loadTask(write("ARC-Easy-Test.jsonl", oneLine(raw) + oneLine(hub)));
  EXPECT_EQ(task.kind, TaskKind::Arc);
  ASSERT_EQ(task.items.size(), 2u);
  for (const TaskItem& item : task.items) {
    ASSERT_EQ(item.requests.size(), 3u);
    EXPECT_EQ(item.requests[1].context, "Question: Why?\nAnswer:");
    EXPECT_EQ(item.requests[1].continuation, " y");
  }
  EXPECT_EQ(task.items[0].gold, 1);
  EXPECT_EQ(task.items[1].gold, 2);
  EXPECT_THAT(failure(write("arc.jsonl", oneLine(hub).replace(hub.find("\"3\"}") - 2, 3, "\"9\"")),
                      ErrorKind::Format),
              ::testing::HasSubstr("arc.jsonl:1"));
}

TEST_F(TaskFiles, TextsCountWordsAndBytesAsDistributed) {
  const Task page =
      loadTask(write("wikitext.jsonl", R"({"page": " \n = A = \n \n It 's 1 @,@ 000 . \n "})"));
  EXPECT_EQ(page.items.at(0).requests.at(0).continuation, "\n= A =\n\nIt's 1,000.\n");
  EXPECT_EQ(page.items.at(0).words, 11);
  EXPECT_EQ(page.items.at(0).bytes, 33);
  const Task raw = loadTask(write("wiki.test.raw", " \n = A = \n \n one \n = B = \n \n two \n"));
  EXPECT_EQ(raw.kind, TaskKind::WikiText);
  ASSERT_EQ(raw.items.size(), 2u);
  EXPECT_EQ(raw.items[1].requests[0].continuation, " = B =\n\ntwo\n");
  const Task text = loadTask(write("my_text.txt", "Zw\u00f6lf Boxk\u00e4mpfer\njagen"));
  ASSERT_EQ(text.items.size(), 1u);
  EXPECT_EQ(text.items[0].words, 3);
  EXPECT_EQ(text.items[0].bytes, 24);
  EXPECT_THAT(failure(write("bad_text.txt", "ab\xff"), ErrorKind::Format),
              ::testing::HasSubstr("byte 2"));
  const Task lambada = loadTask(write("lambada_test_plain_text.txt", "a b c\nd e\n"));
  ASSERT_EQ(lambada.items.size(), 2u);
  EXPECT_EQ(lambada.items[1].requests[0].continuation, " e");
  failure(write("piqa.txt", "x"), ErrorKind::Unsupported);
}

TEST_F(TaskFiles, ANameInFrontNamesTheTaskAndItsKind) {
  const fs::path path = write("data.jsonl", R"({"text": "a b"})");
  const Task lambada = loadTask("lambada_openai=" + path.string());
  EXPECT_EQ(lambada.name, "lambada_openai");
  EXPECT_EQ(lambada.kind, TaskKind::Lambada);
  EXPECT_EQ(loadTask("my text=" + path.string()).kind, TaskKind::Text);
  const fs::path odd = write("a=b_text.jsonl", R"({"text": "a b"})");
  EXPECT_EQ(loadTask(odd).name, "a=b_text");
  // "arc" is no word there.
  EXPECT_EQ(loadTask("march_search text=" + path.string()).kind, TaskKind::Text);
}

TEST_F(TaskFiles, FoldersAreSearchedForTheUsualFile) {
  const std::string row = R"({"goal": "g", "sol1": "a", "sol2": "b"})";
  write("physicaliqa-train-dev/dev.jsonl", row + "\n");
  write("physicaliqa-train-dev/train.jsonl", row + "\n" + row + "\n");
  write("physicaliqa-train-dev/dev-labels.lst", "1\n");
  const Task task = loadTask(dir_ / "physicaliqa-train-dev");
  ASSERT_EQ(task.items.size(), 1u);
  EXPECT_EQ(task.items[0].gold, 1);
  fs::create_directories(dir_ / "hellaswag");
  EXPECT_THAT(failure(dir_ / "hellaswag", ErrorKind::NotFound),
              ::testing::HasSubstr("hellaswag_val.jsonl"));
  write("arc/ARC-Easy/ARC-Easy-Test.jsonl", "");
  write("arc/ARC-Challenge/ARC-Challenge-Test.jsonl", "");
  EXPECT_THAT(failure(dir_ / "arc", ErrorKind::InvalidArgument),
              ::testing::HasSubstr("write arc_easy=PATH or arc_challenge=PATH"));
  EXPECT_THAT(failure("arc_easy=" + (dir_ / "arc").string(), ErrorKind::Format),
              ::testing::HasSubstr("no items"));
}

TEST_F(TaskFiles, TheLimitTakesTheFirstItemsAndChangesTheHash) {
  std::string rows;
  for (int i = 0; i < 5; ++i) rows += "{\"text\": \"document " + std::to_string(i) + "\"}\n";
  const fs::path path = write("some_text.jsonl", rows);
  const Task all = loadTask(path);
  const Task two = loadTask(path, 2);
  EXPECT_EQ(all.items.size(), 5u);
  ASSERT_EQ(two.items.size(), 2u);
  EXPECT_EQ(two.items[1].requests[0].continuation, "document 1");
  EXPECT_EQ(two.hash.size(), 64u);
  EXPECT_NE(all.hash, two.hash);
  EXPECT_EQ(loadTask(path, 2).hash, two.hash);
  // another right answer is another task
  const std::string row = R"({"goal": "g", "sol1": "a", "sol2": "b", "label": )";
  EXPECT_NE(loadTask(write("a_piqa.jsonl", row + "0}")).hash,
            loadTask(write("a_piqa.jsonl", row + "1}")).hash);
}

TEST_F(TaskFiles, ErrorsNameFileLineAndField) {
  using ::testing::HasSubstr;
  const std::string good = R"({"text": "a b"})";
  EXPECT_THAT(failure(write("lambada.jsonl", good + "\n{\"txt\": 1}\n"), ErrorKind::Format),
              ::testing::AllOf(HasSubstr("lambada.jsonl:2"), HasSubstr("text")));
  EXPECT_THAT(failure(write("lambada.jsonl", "{\"text\": 5}"), ErrorKind::Format),
              HasSubstr("lambada.jsonl:1"));
  EXPECT_THAT(failure(write("lambada.jsonl", "\n\n{oops"), ErrorKind::Format),
              HasSubstr("lambada.jsonl:3"));
  EXPECT_THAT(failure(write("lambada.jsonl", " \n"), ErrorKind::Format), HasSubstr("no items"));
  EXPECT_THAT(failure(write("winogrande.jsonl",
                            R"({"sentence": "x", "option1": "a", "option2": "b", "answer": "1"})"),
                      ErrorKind::Format),
              HasSubstr("\"_\""));
  EXPECT_THAT(failure(write("winogrande.jsonl",
                            R"({"sentence": "_", "option1": "a", "option2": "b", "answer": ""})"),
                      ErrorKind::Format),
              HasSubstr("answer"));
  EXPECT_THAT(failure(write("hellaswag.jsonl", R"({"activity_label": "a", "ctx_a": "b",
               "ctx_b": "", "endings": ["x"], "label": 0})"),
                      ErrorKind::Format),
              HasSubstr("hellaswag.jsonl:1"));
  EXPECT_THAT(failure(write("unknown.jsonl", good), ErrorKind::InvalidArgument),
              HasSubstr("unknown.jsonl"));
  failure(dir_ / "missing_text.jsonl", ErrorKind::NotFound);
  failure(write("text.jsonl", good), ErrorKind::InvalidArgument, -1);
}

/// random.Random(seed).shuffle(items).
template <typename T>
void pythonShuffle(std::uint32_t seed, std::vector<T>& items) {
  PythonRandom random(seed);
  for (std::size_t i = items.size() - 1; i > 0; --i) {
    const int bits = std::bit_width(i + 1);
    std::uint32_t below = random.next() >> (32 - bits);
    while (below > i) below = random.next() >> (32 - bits);
    std::swap(items[i], items[below]);
  }
}

/// SHA-256 of json.dumps of all requests in the harness's old test order. Python writes ", "
/// between entries and only ASCII.
std::string requestHash(Task task, int times) {
  pythonShuffle(42, task.items);
  const auto quoted = [](const std::string& text) {
    return nlohmann::json(text).dump(-1, ' ', true);
  };
  std::string text = "[";
  for (const TaskItem& item : task.items) {
    for (const TextRequest& request : item.requests) {
      for (int i = 0; i < times; ++i) {
        if (text.size() > 1) text += ", ";
        text += task.scoring == Scoring::Rolling
                    ? "[" + quoted(request.continuation) + "]"
                    : "[" + quoted(request.context) + ", " + quoted(request.continuation) + "]";
      }
    }
  }
  return sha256Hex(text + "]");
}

struct RealTask {
  const char* record;  ///< in cases/requests
  const char* source;  ///< below cases, as loadTask() takes it
  std::size_t items;
  int times;  ///< the harness asked for each LAMBADA passage twice
};

class RealRequests : public ::testing::TestWithParam<RealTask> {};

// Of these data sets only PIQA may be kept with the cases; the others are checked where somebody
// has put them under cases/data.
TEST_P(RealRequests, HashAsTheHarnessRecorded) {
  const RealTask& real = GetParam();
  const fs::path root = test::casesDir();
  const std::string source = real.source;
  const std::size_t equals = source.find('=');
  const fs::path path = root / source.substr(equals + 1);
  if (root.empty()) GTEST_SKIP() << test::kNoCases;
  if (!fs::exists(path)) GTEST_SKIP() << "the reference cases have no " << path.filename();
  const Task task = loadTask(source.substr(0, equals + 1) + path.string());
  EXPECT_EQ(task.items.size(), real.items);
  EXPECT_EQ(requestHash(task, real.times), readFile(root / "requests" / real.record).substr(0, 64));
}

INSTANTIATE_TEST_SUITE_P(
    DataSets, RealRequests,
    ::testing::Values(
        RealTask{"piqa-v0-loglikelihood", "piqa=piqa/valid.jsonl", 1838, 1},
        RealTask{"lambada_openai-v0-loglikelihood", "lambada=data/lambada_test_en.jsonl", 5153, 2},
        RealTask{"lambada_standard-v0-loglikelihood", "lambada=data/lambada_test_plain_text.txt",
                 5153, 2},
        RealTask{"hellaswag-v0-loglikelihood", "hellaswag=data/hellaswag_val.jsonl", 10042, 1},
        RealTask{"winogrande-v0-loglikelihood", "winogrande=data/winogrande_1.1.zip", 1267, 1},
        RealTask{"arc_easy-v0-loglikelihood", "arc_easy=data/ARC-V1-Feb2018.zip", 2376, 1},
        RealTask{"arc_challenge-v0-loglikelihood", "arc_challenge=data/ARC-V1-Feb2018.zip", 1172,
                 1},
        RealTask{"wikitext-v1-loglikelihood_rolling", "wikitext=data/wikitext-2-raw-v1.zip", 62,
                 1}),
    [](const auto& task) {
      std::string name = task.param.record;
      std::ranges::replace_if(
          name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
      return name;
    });

TEST(ReferencePiqa, MetricsOfTheHarnesssDummyModel) {
  const fs::path cases = test::casesDir();
  if (!fs::exists(cases / "piqa" / "valid.jsonl")) GTEST_SKIP() << test::kNoCases;
  Task task = loadTask(cases / "piqa" / "valid.jsonl");
  pythonShuffle(42, task.items);
  const PreparedTask prepared = prepare(task, Tokenizer::parse(test::byteTokenizer()), 4096);
  // random.seed(42); -random.random() for each request
  PythonRandom random(42);
  std::vector<RequestScore> scores(prepared.requests.size());
  for (RequestScore& score : scores) score.logLikelihood = -random.random();
  const TaskResult result = summarize(prepared, scores);
  const nlohmann::json expected =
      readJson(cases / "requests" / "piqa-v0-res.json")["results"]["piqa"];
  EXPECT_NEAR(result.accuracy, expected["acc"], 1e-12);
  EXPECT_NEAR(result.accuracySe, expected["acc_stderr"], 1e-12);
  EXPECT_NEAR(result.accuracyNorm, expected["acc_norm"], 1e-12);
  EXPECT_NEAR(result.accuracyNormSe, expected["acc_norm_stderr"], 1e-12);
}

}  // namespace
}  // namespace bitfrontier
