// SPDX-License-Identifier: GPL-3.0-or-later
// Encodings made with the tokenizers package, one JSON object a line: the small ones of
// tests/data/cases, and the reference cases.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <thread>

#include "core/base/json.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/support/cases.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;
using Ids = std::vector<std::int32_t>;

struct Case {
  std::string text;
  Ids ids;    // with prefix and suffix
  Ids plain;  // without
  std::string decoded;
  bool hasDecoded = false;
};

std::vector<Case> readCases(const fs::path& path) {
  std::vector<Case> cases;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const auto j = parseJson(line, path.string());
    Case c;
    c.text = requireString(j, "text", path.string());
    c.ids = j.at("ids").get<Ids>();
    c.plain = j.value("ids_no_special", c.ids);
    c.hasDecoded = j.contains("decoded");
    c.decoded = j.value("decoded", std::string());
    cases.push_back(std::move(c));
  }
  return cases;
}

void check(const Tokenizer& tokenizer, const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    const Ids plain = tokenizer.encode(c.text);
    EXPECT_EQ(plain, c.plain) << testing::PrintToString(c.text);
    Ids whole = tokenizer.prefixIds();
    whole.insert(whole.end(), plain.begin(), plain.end());
    whole.insert(whole.end(), tokenizer.suffixIds().begin(), tokenizer.suffixIds().end());
    EXPECT_EQ(whole, c.ids) << testing::PrintToString(c.text);
    if (c.hasDecoded) {
      EXPECT_EQ(tokenizer.decode(c.plain), c.decoded);
    }
  }
}

TEST(EncodingsOfTransformers, OfEveryKind) {
  int kinds = 0;
  for (const auto& entry : fs::directory_iterator(test::treeCases() / "models")) {
    if (!fs::exists(entry.path() / "tokens.jsonl")) continue;
    SCOPED_TRACE(entry.path());
    const auto cases = readCases(entry.path() / "tokens.jsonl");
    EXPECT_EQ(cases.size(), 33U);
    check(Tokenizer::load(entry.path() / "safetensors"), cases);
    ++kinds;
  }
  EXPECT_EQ(kinds, 7);
}

class ReferenceEncodings : public testing::Test {
 protected:
  void SetUp() override {
    root_ = test::casesDir();
    if (root_.empty()) GTEST_SKIP() << test::kNoCases;
  }
  fs::path root_;
};

TEST_F(ReferenceEncodings, GptNeoX20B) {
  const auto cases = readCases(root_ / "tokenizers/gpt-neox-20B.tokens.jsonl");
  ASSERT_EQ(cases.size(), 435U);
  const auto tokenizer = Tokenizer::load(root_ / "tokenizers/gpt-neox-20B_tokenizer.json");
  EXPECT_EQ(tokenizer.vocabSize(), 50277);
  EXPECT_EQ(tokenizer.eosId(), 0);
  check(tokenizer, cases);
  // Again, now from the word cache, and from several threads at once.
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { check(tokenizer, cases); });
}

TEST_F(ReferenceEncodings, Gpt2FromVocabAndMerges) {
  const auto cases = readCases(root_ / "tokenizers/gpt2.tokens.jsonl");
  ASSERT_EQ(cases.size(), 435U);
  const auto tokenizer = Tokenizer::load(root_ / "tokenizers/gpt2");
  EXPECT_EQ(tokenizer.vocabSize(), 50257);
  EXPECT_EQ(tokenizer.eosId(), 50256);
  check(tokenizer, cases);
}

TEST_F(ReferenceEncodings, SmallOnesOfFourFamilies) {
  for (const char* family : {"gpt2", "opt", "neox", "bloom"}) {
    SCOPED_TRACE(family);
    const fs::path dir = root_ / "models/tok" / family;
    const auto cases = readCases(dir / "tokens.jsonl");
    ASSERT_FALSE(cases.empty());
    check(Tokenizer::load(dir), cases);
  }
}

TEST_F(ReferenceEncodings, EveryTextComesBack) {
  const auto tokenizer = Tokenizer::load(root_ / "tokenizers/gpt2");
  for (const Case& c : readCases(root_ / "tokenizers/gpt2.tokens.jsonl")) {
    EXPECT_EQ(tokenizer.decode(tokenizer.encode(c.text)), c.text);
  }
}

}  // namespace
}  // namespace bitfrontier
