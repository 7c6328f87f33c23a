// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/task.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/hash.h"

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
  EXPECT_THAT(failure(path, ErrorKind::Format), ::testing::HasSubstr("valid.jsonl:2: no label"));
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

/// Mersenne Twister 19937 as CPython's random.Random(seed) seeds it, and its shuffle().
class PythonRandom {
 public:
  explicit PythonRandom(std::uint32_t seed) {
    state_[0] = 19650218u;
    for (std::uint32_t i = 1; i < kSize; ++i) {
      state_[i] = 1812433253u * (state_[i - 1] ^ (state_[i - 1] >> 30)) + i;
    }
    std::uint32_t i = 1;
    for (std::uint32_t k = 0; k < kSize; ++k) {
      state_[i] = (state_[i] ^ ((state_[i - 1] ^ (state_[i - 1] >> 30)) * 1664525u)) + seed;
      advance(i);
    }
    for (std::uint32_t k = 0; k + 1 < kSize; ++k) {
      state_[i] = (state_[i] ^ ((state_[i - 1] ^ (state_[i - 1] >> 30)) * 1566083941u)) - i;
      advance(i);
    }
    state_[0] = 0x80000000u;
  }

  template <typename T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size() - 1; i > 0; --i) {
      std::swap(items[i], items[below(static_cast<std::uint32_t>(i + 1))]);
    }
  }

 private:
  static constexpr std::uint32_t kSize = 624;
  void advance(std::uint32_t& i) {
    if (++i == kSize) {
      state_[0] = state_[kSize - 1];
      i = 1;
    }
  }
  std::uint32_t next() {
    if (at_ == kSize) {
      for (std::uint32_t i = 0; i < kSize; ++i) {
        const std::uint32_t y = (state_[i] & 0x80000000u) | (state_[(i + 1) % kSize] & 0x7fffffffu);
        state_[i] = state_[(i + 397) % kSize] ^ (y >> 1) ^ ((y & 1u) != 0u ? 0x9908b0dfu : 0u);
      }
      at_ = 0;
    }
    std::uint32_t y = state_[at_++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
  }
  std::uint32_t below(std::uint32_t n) {
    int bits = 0;
    while ((n >> bits) != 0) ++bits;
    std::uint32_t value = next() >> (32 - bits);
    while (value >= n) value = next() >> (32 - bits);
    return value;
  }
  std::uint32_t state_[kSize];
  std::uint32_t at_ = kSize;
};

TEST(TaskRequests, RealPiqaRequestsHashAsTheHarnessRecorded) {
  const char* cases = std::getenv("BITFRONTIER_CASES");
  if (cases == nullptr || !fs::exists(fs::path(cases) / "piqa" / "valid.jsonl")) {
    GTEST_SKIP() << "reference cases are not there";
  }
  Task task = loadTask(fs::path(cases) / "piqa" / "valid.jsonl");
  ASSERT_EQ(task.items.size(), 1838u);
  PythonRandom(42).shuffle(task.items);
  // json.dumps: ", " between entries and only ASCII
  std::string text = "[";
  for (const TaskItem& item : task.items) {
    for (const TextRequest& request : item.requests) {
      if (text.size() > 1) text += ", ";
      text += "[" + nlohmann::json(request.context).dump(-1, ' ', true) + ", " +
              nlohmann::json(request.continuation).dump(-1, ' ', true) + "]";
    }
  }
  text += "]";
  const std::string expected =
      readFile(fs::path(cases) / "requests" / "piqa-v0-loglikelihood").substr(0, 64);
  EXPECT_EQ(sha256Hex(text), expected);
}

}  // namespace
}  // namespace bitfrontier
