// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <functional>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/random.h"
#include "core/tokenizer/bpe/bpe_trainer.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/support/expect_error.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const std::string& trained() {
  static const std::string text = [] {
    std::string corpus;
    for (int i = 0; i < 40; ++i) corpus += "the cat and the hat sat on the mat; ";
    return trainByteLevelBpe(corpus, {.vocabSize = 280});
  }();
  return text;
}

Tokenizer withChange(const std::function<void(json&)>& change) {
  json j = json::parse(trained());
  change(j);
  return Tokenizer::parse(j.dump(), "t.json");
}

void expectError(ErrorKind kind, const std::string& part,
                 const std::function<void(json&)>& change) {
  test::expectErrorAbout("t.json", kind, part, [&] { withChange(change); });
}

TEST(TokenizerFile, UnknownComponentsAreRefusedByName) {
  expectError(ErrorKind::Unsupported, "WordPiece",
              [](json& j) { j["model"]["type"] = "WordPiece"; });
  expectError(ErrorKind::Unsupported, "dropout", [](json& j) { j["model"]["dropout"] = 0.1; });
  expectError(ErrorKind::Unsupported, "Precompiled", [](json& j) {
    j["normalizer"] = {{"type", "Precompiled"}};
  });
  expectError(ErrorKind::Unsupported, "end_of_word_suffix",
              [](json& j) { j["model"]["end_of_word_suffix"] = "</w>"; });
  expectError(ErrorKind::Unsupported, "UnicodeScripts", [](json& j) {
    j["pre_tokenizer"] = {{"type", "UnicodeScripts"}};
  });
  expectError(ErrorKind::Unsupported, "Nosuch", [](json& j) {
    j["post_processor"] = {{"type", "Nosuch"}};
  });
  expectError(ErrorKind::Unsupported, "WordPiece", [](json& j) {
    j["decoder"] = {{"type", "WordPiece"}};
  });
  expectError(ErrorKind::Unsupported, "bytes",
              [](json& j) { j["added_tokens"][0]["content"] = std::string(5000, 'x'); });
}

TEST(TokenizerFile, ContradictionsAreErrors) {
  expectError(ErrorKind::Format, "'model' is missing", [](json& j) { j.erase("model"); });
  expectError(ErrorKind::Format, "not in the vocabulary",
              [](json& j) { j["model"]["vocab"].erase("at"); });
  expectError(ErrorKind::Format, "merge 0", [](json& j) { j["model"]["merges"][0] = "abc"; });
  expectError(ErrorKind::Format, "merge 0", [](json& j) { j["model"]["merges"][0] = 5; });
  expectError(ErrorKind::Format, "repeats id 1", [](json& j) { j["model"]["vocab"]["at"] = 1; });
  expectError(ErrorKind::Format, "outside 0",
              [](json& j) { j["model"]["vocab"]["at"] = 2000000000; });
  expectError(ErrorKind::Format, "outside 0", [](json& j) { j["model"]["vocab"]["at"] = -1; });
  expectError(ErrorKind::Format, "no integer", [](json& j) { j["model"]["vocab"]["at"] = "1"; });
  expectError(ErrorKind::Format, "'id'", [](json& j) { j["added_tokens"][0]["id"] = -5; });
}

TEST(TokenizerFile, MergesAsPairsEqualMergesAsStrings) {
  const Tokenizer strings = Tokenizer::parse(trained());
  const Tokenizer pairs = withChange([](json& j) {
    for (json& merge : j["model"]["merges"]) {
      const std::string text = merge;
      merge = {text.substr(0, text.find(' ')), text.substr(text.find(' ') + 1)};
    }
  });
  EXPECT_EQ(strings.encode("the cat sat, then that"), pairs.encode("the cat sat, then that"));
  EXPECT_NE(strings.hash(), pairs.hash());
  EXPECT_EQ(strings.hash(), Tokenizer::parse(trained()).hash());
}

TEST(TokenizerFile, PrefixSpace) {
  const Tokenizer plain = Tokenizer::parse(trained());
  const Tokenizer spaced =
      withChange([](json& j) { j["pre_tokenizer"]["add_prefix_space"] = true; });
  EXPECT_EQ(spaced.encode("the cat"), plain.encode(" the cat"));
  EXPECT_EQ(spaced.encode(" the cat"), plain.encode(" the cat"));
}

TEST(TokenizerFile, SplitsBeforeByteLevel) {
  const auto split = [](const json& pattern, const char* behavior) {
    return withChange([&](json& j) {
      const json step = {
          {"type", "Split"}, {"pattern", pattern}, {"behavior", behavior}, {"invert", false}};
      json bytes = j["pre_tokenizer"];
      bytes["use_regex"] = false;
      j["pre_tokenizer"] = {{"type", "Sequence"}, {"pretokenizers", {step, bytes}}};
    });
  };
  const Tokenizer plain = Tokenizer::parse(trained());
  // Every character by itself: nothing can merge.
  EXPECT_EQ(split({{"Regex", "."}}, "Isolated").encode("the").size(), 3U);
  const std::vector<std::int32_t> withoutH = {plain.tokenId("t").value(),
                                              plain.tokenId("e").value()};
  EXPECT_EQ(split({{"String", "h"}}, "Removed").encode("the"), withoutH);
  expectError(ErrorKind::Unsupported, "Scattered", [](json& j) {
    j["pre_tokenizer"] = {
        {"type", "Split"}, {"pattern", {{"String", "a"}}}, {"behavior", "Scattered"}};
  });
}

TEST(TokenizerFile, LongestAddedTokenWins) {
  const Tokenizer t = withChange([](json& j) {
    for (const auto& [text, id] :
         {std::pair("<a", 274), std::pair("<a><b", 275), std::pair("<a>", 276)}) {
      j["added_tokens"].push_back({{"content", text}, {"id", id}, {"special", false}});
    }
  });
  EXPECT_EQ(t.vocabSize(), 277);
  EXPECT_EQ(t.encode("<a><b"), (std::vector<std::int32_t>{275}));
  EXPECT_EQ(t.encode("<a><a"), (std::vector<std::int32_t>{276, 274}));
  EXPECT_EQ(t.decode(t.encode("the <a><b>")), "the <a><b>");
}

TEST(TokenizerFile, TemplateGivesPrefixAndSuffix) {
  const Tokenizer t = withChange([](json& j) {
    j["post_processor"] = json::parse(
        R"({"type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": "S", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                       {"SpecialToken": {"id": "S", "type_id": 0}}], "pair": [],
            "special_tokens": {"S": {"id": "S", "ids": [0], "tokens": ["<|endoftext|>"]}}})");
  });
  EXPECT_EQ(t.prefixIds(), std::vector<std::int32_t>{0});
  EXPECT_EQ(t.suffixIds(), std::vector<std::int32_t>{0});
}

TEST(TokenizerFile, MissingByteVanishesAsInThePackage) {
  const Tokenizer t = withChange([](json& j) { j["model"]["vocab"].erase("Q"); });
  EXPECT_EQ(t.decode(t.encode("Quiet")), "uiet");
}

TEST(TokenizerFile, DirectoriesAndSpecialNames) {
  const fs::path dir = fs::path(testing::TempDir()) / "tokenizer_file_test";
  fs::remove_all(dir);
  fs::create_directories(dir);
  EXPECT_THROW(Tokenizer::load(dir), Error);
  EXPECT_THROW(Tokenizer::load(dir / "none"), Error);
  writeFileAtomic(dir / "tokenizer.json", trained());
  const std::string plain = Tokenizer::load(dir).hash();
  EXPECT_EQ(Tokenizer::load(dir / "tokenizer.json").hash(), plain);
  writeFileAtomic(
      dir / "tokenizer_config.json",
      R"({"eos_token": {"content": "</s>"}, "bos_token": "<|endoftext|>", "add_bos_token": true})");
  const Tokenizer t = Tokenizer::load(dir);
  EXPECT_EQ(t.eosId(), Tokenizer::parse(trained()).vocabSize());
  EXPECT_EQ(t.tokenId("</s>"), t.eosId());
  EXPECT_EQ(t.vocabSize(), *t.eosId() + 1);
  EXPECT_EQ(t.bosId(), 0);
  EXPECT_TRUE(t.prefixIds().empty());  // the tokenizer.json alone decides
  EXPECT_NE(t.hash(), plain);
  writeFileAtomic(dir / "tokenizer_config.json", "[]");
  EXPECT_THROW(Tokenizer::load(dir), Error);
  fs::remove_all(dir);
}

TEST(TokenizerFile, MutatedFilesLoadOrThrow) {
  Rng rng(11);
  int loaded = 0;
  int refused = 0;
  for (int round = 0; round < 1000; ++round) {
    std::string text = trained();
    const auto edits = 1 + rng.below(4);
    for (std::uint64_t e = 0; e < edits; ++e) {
      const auto at = static_cast<std::size_t>(rng.below(text.size()));
      switch (rng.below(4)) {
        case 0:
          text[at] = static_cast<char>(rng.below(256));
          break;
        case 1:
          text.erase(at, static_cast<std::size_t>(1 + rng.below(40)));
          break;
        case 2:
          text.insert(at, text.substr(static_cast<std::size_t>(rng.below(text.size())), 20));
          break;
        default:
          text[at] = "0123456789-\"{}[],:"[rng.below(18)];
      }
      if (text.empty()) text = "{";
    }
    try {
      const Tokenizer t = Tokenizer::parse(text, "t.json");
      t.decode(t.encode("the cat<|endoftext|> sat on 12 mats"));
      ++loaded;
    } catch (const Error& e) {
      EXPECT_FALSE(std::string(e.what()).empty());
      ++refused;
    }
  }
  EXPECT_GT(loaded, 10);
  EXPECT_GT(refused, 100);
}

// Every merge shortens the word, so that merges that lead back to where they came from come to an
// end. The ids are those of the tokenizers package, version 0.23.3.
TEST(TokenizerFile, IdsWithoutATokenGiveNothing) {
  const Tokenizer t = withChange([](json& j) { j["model"]["vocab"]["far"] = 500; });
  EXPECT_EQ(t.vocabSize(), 501);
  EXPECT_EQ(t.token(400), "");
  EXPECT_EQ(t.decode(std::vector<std::int32_t>{400, 500, 400}), "far");
  EXPECT_EQ(t.tokenId(""), std::nullopt);
}

TEST(TokenizerFile, MergesInACircleEnd) {
  const Tokenizer t = Tokenizer::parse(R"({"model": {"type": "BPE", "unk_token": "", "fuse_unk":
      false, "vocab": {"": 0, "a": 1, "b": 2, "ab": 3, "ba": 4, "aba": 5}, "merges": [["a", ""],
      ["", "a"], ["", ""], ["ab", "a"], ["a", "ba"], ["a", "b"], ["b", "a"]]}})");
  EXPECT_EQ(t.encode("axxay"), (std::vector<std::int32_t>{1, 1}));
  EXPECT_EQ(t.encode("xxyzz"), (std::vector<std::int32_t>{0}));
  EXPECT_EQ(t.encode("ababab"), (std::vector<std::int32_t>{5, 2, 3}));
}

TEST(TokenizerFile, LongWordsStayFast) {
  const Tokenizer t = Tokenizer::parse(trained());
  const std::string text(1000000, 'a');
  EXPECT_EQ(t.decode(t.encode(text)), text);
}

}  // namespace
}  // namespace bitfrontier
