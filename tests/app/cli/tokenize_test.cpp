// SPDX-License-Identifier: GPL-3.0-or-later
// `bitfrontier tokenize` against the ids that transformers and tokenizers have for the seven kinds
// of tokenizers in tests/data/cases, and what it refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "tests/app/cli/cli_runs.h"
#include "tests/support/cases.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;

std::vector<std::string> linesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

class Tokenize : public test::CliRuns {
 protected:
  Result tokenize(const fs::path& model, const std::string& input,
                  std::vector<std::string> options) {
    options.insert(options.begin(), {"tokenize", "--model", model.string()});
    test::CliProcess process(dir_.path(), options, write("input.txt", input));
    const int code = process.wait();
    return {code, process.out(), process.err()};
  }
  /// One JSON object a line.
  std::vector<json> answers(const fs::path& model, const std::string& input,
                            std::vector<std::string> options) {
    options.emplace_back("--json");
    const Result result = tokenize(model, input, std::move(options));
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(result.err, "");
    std::vector<json> all;
    for (const std::string& line : linesOf(result.out)) all.push_back(json::parse(line));
    return all;
  }
};

/// Models with tokens.jsonl: the first of each kind of tokenizer.
std::vector<std::string> kinds() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(test::treeCases() / "models")) {
    if (fs::exists(entry.path() / "tokens.jsonl")) names.push_back(entry.path().filename());
  }
  std::ranges::sort(names);
  return names;
}

TEST_F(Tokenize, IdsAndTextsAreThoseOfTransformers) {
  ASSERT_EQ(kinds().size(), 7U);
  for (const std::string& name : kinds()) {
    SCOPED_TRACE(name);
    const fs::path folder = test::treeCases() / "models" / name;
    std::vector<json> cases;
    std::string texts, ids, plainLines;
    std::vector<std::vector<int>> plainIds;
    for (const std::string& line : linesOf(readFile(folder / "tokens.jsonl"))) {
      const json& c = cases.emplace_back(json::parse(line));
      const std::string text = c["text"];
      texts += json{{"text", text}}.dump() + "\n";
      ids += json{{"ids", c["ids_no_special"]}}.dump() + "\n";
      if (text.find('\n') != std::string::npos) continue;
      plainLines += text + "\n";
      plainIds.push_back(c["ids_no_special"]);
    }
    const fs::path model = folder / "safetensors";
    const std::vector<json> plain = answers(model, texts, {});
    const std::vector<json> special = answers(model, texts, {"--special", "--threads", "3"});
    const std::vector<json> decoded = answers(model, ids, {});
    ASSERT_EQ(plain.size(), cases.size());
    ASSERT_EQ(special.size(), cases.size());
    ASSERT_EQ(decoded.size(), cases.size());
    for (std::size_t i = 0; i < cases.size(); ++i) {
      EXPECT_EQ(plain[i]["ids"], cases[i]["ids_no_special"]) << cases[i];
      EXPECT_EQ(special[i]["ids"], cases[i]["ids"]) << cases[i];
      EXPECT_EQ(plain[i]["tokens"].size(), plain[i]["ids"].size());
      EXPECT_EQ(decoded[i]["text"], cases[i]["decoded"]) << cases[i];
    }
    // Without --json a line is a text and ids stand side by side.
    const Result bare = tokenize(model, plainLines, {});
    EXPECT_EQ(bare.code, 0) << bare.err;
    std::vector<std::vector<int>> got;
    for (const std::string& line : linesOf(bare.out)) {
      std::istringstream numbers(line);
      std::vector<int>& row = got.emplace_back();
      for (int id = 0; numbers >> id;) row.push_back(id);
    }
    EXPECT_EQ(got, plainIds);
  }
}

/// The names of tokens are those of vocab.json.
TEST_F(Tokenize, TokensAreNamedAsInTheVocabulary) {
  const fs::path model = test::treeCases() / "models/gpt2/safetensors";
  const json vocabulary = json::parse(readFile(model / "vocab.json"));
  const json answer =
      answers(model, json{{"text", "The keeper sold 3 pears."}}.dump() + "\n", {}).at(0);
  ASSERT_GE(answer["ids"].size(), 5U);
  for (std::size_t i = 0; i < answer["ids"].size(); ++i) {
    EXPECT_EQ(vocabulary.at(answer["tokens"][i].get<std::string>()), answer["ids"][i]);
  }
}

TEST_F(Tokenize, SpecialTokensAreLeftOutOnRequest) {
  const fs::path model = test::treeCases() / "models/bloom/safetensors";  // <s> is 1
  const json ids = answers(model, "{\"text\": \"pears\"}\n", {}).at(0)["ids"];
  json framed = json::array({1});
  for (const json& id : ids) framed.push_back(id);
  const auto both = answers(model,
                            json{{"ids", framed}}.dump() + "\n" +
                                json{{"ids", framed}, {"skip_special", true}}.dump() + "\n",
                            {});
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0]["text"], "<s>pears");
  EXPECT_EQ(both[1]["text"], "pears");
}

/// More lines than are worked on at once come back in their order.
TEST_F(Tokenize, ManyLinesKeepTheirOrder) {
  const fs::path model = test::treeCases() / "models/gpt2/safetensors";
  std::string input;
  for (int i = 0; i < 2500; ++i) input += std::to_string(i) + "\n";
  const auto lines = linesOf(tokenize(model, input, {}).out);
  ASSERT_EQ(lines.size(), 2500U);
  const auto alone = linesOf(tokenize(model, "1023\n1024\n2499\n", {"--threads", "1"}).out);
  ASSERT_EQ(alone.size(), 3U);
  EXPECT_EQ(lines[1023], alone[0]);
  EXPECT_EQ(lines[1024], alone[1]);
  EXPECT_EQ(lines[2499], alone[2]);
}

TEST_F(Tokenize, BadLinesAreNamed) {
  const fs::path model = test::treeCases() / "models/gpt2/safetensors";
  const std::string good = "{\"text\": \"a\"}\n";
  for (const auto& [line, said] : std::vector<std::pair<std::string, std::string>>{
           {"{\"text\": 5}", "standard input, line 2: 'text' "},
           {"{\"txt\": \"a\"}", "standard input, line 2: 'text' "},
           {"{oops", "standard input, line 2: not valid JSON"},
           {"{\"ids\": [1.5]}", "standard input, line 2: 1.5 in 'ids'"},
           {"{\"ids\": 7}", "standard input, line 2: 'ids' "}}) {
    const Result result = tokenize(model, good + line + "\n", {"--json"});
    EXPECT_EQ(result.code, 1) << line << result.out;
    EXPECT_THAT(result.err, ::testing::StartsWith("bitfrontier: error: "));
    EXPECT_THAT(result.err, HasSubstr(said)) << line;
  }
  // Ids that no token has are nothing, as in tokenizers.
  EXPECT_EQ(answers(model, "{\"ids\": [99999, -1]}\n", {}).at(0)["text"], "");
  EXPECT_EQ(tokenize(model, good, {"--threads", "-1"}).code, 2);
  const Result none = tokenize(dir_.path() / "none", good, {});
  EXPECT_EQ(none.code, 1);
  EXPECT_THAT(none.err, HasSubstr("none"));
}

}  // namespace
}  // namespace bitfrontier
