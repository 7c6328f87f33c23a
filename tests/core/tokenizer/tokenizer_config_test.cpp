// SPDX-License-Identifier: GPL-3.0-or-later
// What the files beside tokenizer.json change, with the results of transformers 5.23.0 where
// core/tokenizer/README.md does not say that the file is followed instead.
#include "core/tokenizer/files/tokenizer_config.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "core/base/error.h"
#include "core/tokenizer/bpe/bpe_trainer.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/support/expect_error.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Ids = std::vector<std::int32_t>;

const json& byteLevelFile() {
  static const json file = [] {
    std::string corpus;
    for (int i = 0; i < 40; ++i) corpus += "the cat and the hat sat on the mat in 2024; ";
    return json::parse(
        trainByteLevelBpe(corpus, {.vocabSize = 290, .specialTokens = {"<|endoftext|>", "<s>"}}));
  }();
  return file;
}

// Llama's kind of vocabulary: pieces with U+2581 for a space.
json piecesFile(const json& normalizer, const json& preTokenizer) {
  json vocab = {{"<unk>", 0}, {"<s>", 1}, {"</s>", 2}, {"\u2581", 3},
                {"a", 4},     {"b", 5},   {"ab", 6},   {"\u2581ab", 7}};
  json added = json::array();
  for (const char* token : {"<unk>", "<s>", "</s>"}) {
    added.push_back({{"id", vocab[token]}, {"content", token}, {"special", true}});
  }
  return {{"added_tokens", added},
          {"normalizer", normalizer},
          {"pre_tokenizer", preTokenizer},
          {"post_processor", nullptr},
          {"decoder", nullptr},
          {"model",
           {{"type", "BPE"},
            {"unk_token", "<unk>"},
            {"fuse_unk", true},
            {"byte_fallback", true},
            {"vocab", vocab},
            {"merges", {"a b", "\u2581 ab"}}}}};
}

json prepend() {
  return {{"type", "Sequence"},
          {"normalizers",
           {{{"type", "Prepend"}, {"prepend", "\u2581"}},
            {{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", "\u2581"}}}}};
}

json metaspace(const char* scheme) {
  return {{"type", "Metaspace"},
          {"replacement", "\u2581"},
          {"prepend_scheme", scheme},
          {"split", false}};
}

json around(const std::vector<std::string>& parts, const json& ids) {
  json single = json::array();
  json special = json::object();
  for (const std::string& part : parts) {
    if (part == "$A") {
      single.push_back({{"Sequence", {{"id", "A"}, {"type_id", 0}}}});
    } else {
      single.push_back({{"SpecialToken", {{"id", part}, {"type_id", 0}}}});
      special[part] = {{"id", part}, {"ids", {ids[part]}}, {"tokens", {part}}};
    }
  }
  return {{"type", "TemplateProcessing"},
          {"single", single},
          {"pair", json::array()},
          {"special_tokens", special}};
}

class TokenizerConfig : public testing::Test {
 protected:
  void SetUp() override {
    dir_ = fs::path(testing::TempDir()) / "tokenizer_config_test";
    fs::remove_all(dir_);
    fs::create_directories(dir_);
  }
  void TearDown() override { fs::remove_all(dir_); }

  void write(const char* name, const json& content) const { writeText(name, content.dump()); }
  void writeText(const char* name, const std::string& content) const {
    std::ofstream(dir_ / name) << content;
  }
  void erase(const char* name) const { fs::remove(dir_ / name); }
  /// A folder with these three files.
  Tokenizer load(const json& file, const json& config,
                 const json& model = {{"model_type", "llama"}}) const {
    write("tokenizer.json", file);
    write("tokenizer_config.json", config);
    write("config.json", model);
    return Tokenizer::load(dir_);
  }
  /// vocab.json and merges.txt of a tokenizer.json instead of it.
  void writeBare(const json& file) const {
    erase("tokenizer.json");
    write("vocab.json", file["model"]["vocab"]);
    std::string merges = "#version: 0.2\n";
    for (const json& merge : file["model"]["merges"]) {
      merges += merge.is_string() ? merge.get<std::string>()
                                  : merge[0].get<std::string>() + " " + merge[1].get<std::string>();
      merges += "\n";
    }
    writeText("merges.txt", merges);
  }

  fs::path dir_;
};

json named(const char* name, json config = json::object()) {
  if (name != nullptr) config["tokenizer_class"] = name;
  return config;
}

TEST_F(TokenizerConfig, Gpt2ClassesTakeThePrefixSpaceFromTheConfig) {
  json spaced = byteLevelFile();
  spaced["pre_tokenizer"]["add_prefix_space"] = true;
  const Ids with = Tokenizer::parse(byteLevelFile().dump()).encode(" the cat");
  const Ids without = Tokenizer::parse(byteLevelFile().dump()).encode("the cat");
  ASSERT_NE(with, without);
  for (const char* name : {"GPT2Tokenizer", "GPT2TokenizerFast", "GPTNeoXTokenizer",
                           "GPTNeoXTokenizerFast", "CodeGenTokenizer"}) {
    for (const json& file : {byteLevelFile(), spaced}) {
      EXPECT_EQ(load(file, named(name, {{"add_prefix_space", true}})).encode("the cat"), with);
      EXPECT_EQ(load(file, named(name, {{"add_prefix_space", false}})).encode("the cat"), without);
      EXPECT_EQ(load(file, named(name)).encode("the cat"), without) << name;
    }
  }
  // A null leaves it to the file, as the other classes do.
  EXPECT_EQ(load(spaced, named("GPT2Tokenizer", {{"add_prefix_space", nullptr}})).encode("the cat"),
            with);
  for (const char* name : {"PreTrainedTokenizerFast", "TokenizersBackend", "BloomTokenizerFast"}) {
    EXPECT_EQ(load(byteLevelFile(), named(name, {{"add_prefix_space", true}})).encode("the cat"),
              without);
    EXPECT_EQ(load(spaced, named(name, {{"add_prefix_space", false}})).encode("the cat"), with);
  }
  EXPECT_NE(load(byteLevelFile(), named("GPT2Tokenizer", {{"add_prefix_space", true}})).hash(),
            load(byteLevelFile(), named("GPT2Tokenizer")).hash());
}

TEST_F(TokenizerConfig, TheModelTypeStandsInForTheClass) {
  const Ids with = Tokenizer::parse(byteLevelFile().dump()).encode(" the cat");
  const json config = {{"add_prefix_space", true}};
  for (const char* type : {"gpt2", "opt", "gpt_neox"}) {
    EXPECT_EQ(load(byteLevelFile(), config, {{"model_type", type}}).encode("the cat"), with);
  }
  // Mistral's folders are read as they are, whatever class they name.
  for (const char* type : {"llama", "bloom", "mistral"}) {
    EXPECT_NE(load(byteLevelFile(), config, {{"model_type", type}}).encode("the cat"), with);
  }
  EXPECT_NE(load(byteLevelFile(), named("GPT2Tokenizer", config), {{"model_type", "mistral"}})
                .encode("the cat"),
            with);
  EXPECT_EQ(
      load(byteLevelFile(), config, {{"model_type", "llama"}, {"tokenizer_class", "GPT2Tokenizer"}})
          .encode("the cat"),
      with);
}

TEST_F(TokenizerConfig, NeoXComposesAndDropsTheTemplate) {
  json file = byteLevelFile();
  file["post_processor"] = around({"<s>", "$A", "<|endoftext|>"}, file["model"]["vocab"]);
  const Ids composed = Tokenizer::parse(file.dump()).encode("\u00e9");
  for (const json& flag : {json(nullptr), json(true), json(false)}) {
    const Tokenizer t =
        load(file, named("GPTNeoXTokenizer", {{"add_bos_token", flag}, {"add_eos_token", flag}}));
    EXPECT_TRUE(t.prefixIds().empty());
    EXPECT_TRUE(t.suffixIds().empty());
    EXPECT_EQ(t.encode("e\u0301"), composed);
  }
  // Beside a tokenizer.json the flags count for no class; the template of the file does.
  for (const char* name : {"GPT2Tokenizer", "PreTrainedTokenizerFast", "LlamaTokenizer"}) {
    const Tokenizer t =
        load(file, named(name, {{"add_bos_token", false}, {"add_eos_token", false}}));
    EXPECT_EQ(t.prefixIds(), Ids{1}) << name;
    EXPECT_EQ(t.suffixIds(), Ids{0});
    EXPECT_EQ(load(byteLevelFile(), named(name, {{"add_bos_token", true}})).prefixIds(), Ids{});
  }
}

// Transformers 5.23 rebuilds these classes and loses the step; 4.57 keeps it.
TEST_F(TokenizerConfig, WhatTheClassWouldLoseOfTheFileStays) {
  json digits = byteLevelFile();
  digits["pre_tokenizer"] = {
      {"type", "Sequence"},
      {"pretokenizers",
       {{{"type", "Digits"}, {"individual_digits", true}}, byteLevelFile()["pre_tokenizer"]}}};
  const Ids wanted = Tokenizer::parse(digits.dump()).encode("in 2024");
  ASSERT_NE(Tokenizer::parse(byteLevelFile().dump()).encode("in 2024"), wanted);
  for (const char* name : {"GPT2Tokenizer", "GPTNeoXTokenizer", "Qwen2Tokenizer"}) {
    EXPECT_EQ(load(digits, named(name)).encode("in 2024"), wanted) << name;
  }
  json composed = byteLevelFile();
  composed["normalizer"] = {{"type", "NFKC"}};
  for (const char* name : {"GPT2Tokenizer", "GPTNeoXTokenizer", "Qwen2Tokenizer"}) {
    EXPECT_EQ(load(composed, named(name)).encode("\ufb01"),
              load(composed, json::object()).encode("fi"));
  }
}

TEST_F(TokenizerConfig, LlamaTakesAPrefixSpaceThatIsStated) {
  const json files[] = {piecesFile(prepend(), nullptr), piecesFile(nullptr, metaspace("first")),
                        piecesFile(nullptr, metaspace("always"))};
  for (const char* name : {"LlamaTokenizer", "LlamaTokenizerFast", "CodeLlamaTokenizer"}) {
    for (const json& file : files) {
      for (const json& config : {json::object(), json{{"add_prefix_space", nullptr}},
                                 json{{"add_prefix_space", true}, {"legacy", false}}}) {
        EXPECT_EQ(load(file, named(name, config)).encode("ab ab"), (Ids{7, 7}));
      }
      const Tokenizer bare = load(file, named(name, {{"add_prefix_space", false}}));
      EXPECT_EQ(bare.encode("ab ab"), (Ids{6, 7})) << name;
      EXPECT_EQ(bare.encode(" ab"), (Ids{7}));
    }
    const json never = piecesFile(nullptr, metaspace("never"));
    EXPECT_EQ(load(never, named(name)).encode("ab"), (Ids{6}));
    EXPECT_EQ(load(never, named(name, {{"add_prefix_space", true}})).encode("ab</s>ab"),
              (Ids{7, 2, 6}));
    EXPECT_EQ(
        load(never, named(name, {{"add_prefix_space", true}, {"legacy", true}})).encode("ab</s>ab"),
        (Ids{7, 2, 7}));
  }
  // Prepending as the file says it, where 5.23 would use Metaspace: a space more at a space, and
  // one behind every special token.
  const Tokenizer old = load(files[0], named("LlamaTokenizer", {{"legacy", false}}));
  EXPECT_EQ(old.encode(" ab"), (Ids{3, 7}));
  EXPECT_EQ(old.encode("ab</s>ab"), (Ids{7, 2, 7}));
  // Mistral's folders are read as they are.
  EXPECT_EQ(load(files[0], named("LlamaTokenizer", {{"add_prefix_space", false}}),
                 {{"model_type", "mistral"}})
                .encode("ab"),
            (Ids{7}));
}

TEST_F(TokenizerConfig, CodeLlamaAlwaysBeginsWithBos) {
  EXPECT_EQ(load(piecesFile(prepend(), nullptr), named("CodeLlamaTokenizer")).prefixIds(), Ids{1});
  EXPECT_EQ(load(piecesFile(prepend(), nullptr), named("LlamaTokenizer")).prefixIds(), Ids{});
}

TEST_F(TokenizerConfig, AddedTokensOfEveryFileAreFound) {
  const auto count = static_cast<std::int32_t>(byteLevelFile()["model"]["vocab"].size());
  const std::string text = "<|im_start|>the";
  const Ids the = Tokenizer::parse(byteLevelFile().dump()).encode("the");
  Ids wanted = {count};
  wanted.insert(wanted.end(), the.begin(), the.end());
  const json both = {{"<|im_start|>", count}, {"<|im_end|>", count + 1}, {"<s>", 1}};
  for (const char* name : {"PreTrainedTokenizerFast", "GPT2Tokenizer", "LlamaTokenizer"}) {
    write("added_tokens.json", both);
    EXPECT_EQ(load(byteLevelFile(), named(name)).encode(text), wanted) << name;
    EXPECT_EQ(load(byteLevelFile(), named(name)).tokenId("<|im_end|>"), count + 1);
    // A list in tokenizer_config.json stands for the file.
    EXPECT_NE(
        load(byteLevelFile(), named(name, {{"added_tokens_decoder", json::object()}})).encode(text),
        wanted);
    erase("added_tokens.json");
    const json listed = {{std::to_string(count), {{"content", "<|im_start|>"}, {"special", true}}}};
    EXPECT_EQ(load(byteLevelFile(), named(name, {{"added_tokens_decoder", listed}})).encode(text),
              wanted);
    for (const char* key : {"extra_special_tokens", "additional_special_tokens"}) {
      EXPECT_EQ(load(byteLevelFile(), named(name, {{key, {"<|im_start|>"}}})).encode(text), wanted);
    }
    EXPECT_EQ(load(byteLevelFile(), named(name, {{"tool_token", "<|im_start|>"}})).encode(text),
              wanted);
    write("special_tokens_map.json", {{"additional_special_tokens", {"<|im_start|>"}}});
    EXPECT_EQ(load(byteLevelFile(), named(name)).encode(text), wanted);
    erase("special_tokens_map.json");
  }
}

TEST_F(TokenizerConfig, TheListOfAddedTokensHasTheLastWordOnTheirFlags) {
  json file = byteLevelFile();
  const auto count = static_cast<std::int32_t>(file["model"]["vocab"].size());
  file["added_tokens"].push_back({{"id", count}, {"content", "<x>"}, {"special", true}});
  const json listed = {
      {std::to_string(count), {{"content", "<x>"}, {"special", true}, {"lstrip", true}}}};
  EXPECT_EQ(load(file, json::object()).encode(" <x>").size(), 2U);
  EXPECT_EQ(load(file, {{"added_tokens_decoder", listed}}).encode(" <x>"), Ids{count});
}

TEST_F(TokenizerConfig, IdsComeFromTheVocabularyAndTheOrder) {
  json file = byteLevelFile();
  const auto count = static_cast<std::int32_t>(file["model"]["vocab"].size());
  const std::int32_t the = file["model"]["vocab"]["the"];
  file["added_tokens"].push_back({{"id", count + 7}, {"content", "the"}, {"special", false}});
  file["added_tokens"].push_back({{"id", count + 9}, {"content", "<x>"}, {"special", false}});
  const Tokenizer t = load(file, json::object());
  EXPECT_EQ(t.tokenId("the"), the);
  EXPECT_EQ(t.encode("the<x>"), (Ids{the, count}));
  EXPECT_EQ(t.vocabSize(), count + 1);
}

TEST_F(TokenizerConfig, ClassesNameTheirOwnEnds) {
  const auto ends = [](const Tokenizer& t) { return std::pair(t.bosId(), t.eosId()); };
  using Ends = std::pair<std::optional<std::int32_t>, std::optional<std::int32_t>>;
  const json& file = byteLevelFile();
  EXPECT_EQ(ends(load(file, named("GPT2Tokenizer"))), Ends(0, 0));
  EXPECT_EQ(ends(load(file, named("Qwen2Tokenizer"))), Ends(std::nullopt, 0));
  EXPECT_EQ(ends(load(piecesFile(prepend(), nullptr), named("LlamaTokenizer"))), Ends(1, 2));
  // An end alone serves as the beginning too, as in the harness; another token does not.
  EXPECT_EQ(ends(load(file, named("PreTrainedTokenizerFast", {{"eos_token", "<s>"}}))),
            Ends(std::nullopt, 1));
  EXPECT_EQ(
      ends(load(file, named("GPT2Tokenizer", {{"bos_token", nullptr}, {"eos_token", "<s>"}}))),
      Ends(std::nullopt, 1));
  EXPECT_EQ(ends(load(file, named("PreTrainedTokenizerFast"))), Ends(0, 0));
  write("special_tokens_map.json",
        {{"bos_token", {{"content", "<s>"}, {"lstrip", false}}}, {"eos_token", nullptr}});
  EXPECT_EQ(ends(load(file, named("GPT2Tokenizer"))), Ends(1, std::nullopt));
  // The map is not read beside a list of added tokens.
  EXPECT_EQ(ends(load(file, named("GPT2Tokenizer", {{"added_tokens_decoder", json::object()}}))),
            Ends(0, 0));
}

TEST_F(TokenizerConfig, SpecialTokensCanBeLeftInTheText) {
  const Tokenizer t = load(byteLevelFile(), named(nullptr, {{"split_special_tokens", true}}));
  EXPECT_EQ(t.encode("<s>").size(), 3U);
  EXPECT_EQ(load(byteLevelFile(), json::object()).encode("<s>"), Ids{1});
}

TEST_F(TokenizerConfig, Qwen2TakesTheFlagsOfItsSpecialTokensAway) {
  json file = byteLevelFile();
  file["added_tokens"][1]["lstrip"] = true;
  const json config = {{"eos_token", "<s>"}};
  EXPECT_EQ(load(file, named("GPT2Tokenizer", config)).encode(" <s>"), Ids{1});
  EXPECT_EQ(load(file, named("Qwen2Tokenizer", config)).encode(" <s>").size(), 2U);
}

TEST_F(TokenizerConfig, WithoutTokenizerJsonClassAndFlagsDecide) {
  writeBare(byteLevelFile());
  const auto bare = [&](const json& config, const char* type) {
    write("tokenizer_config.json", config);
    write("config.json", {{"model_type", type}});
    return Tokenizer::load(dir_);
  };
  const Ids whole = Tokenizer::parse(byteLevelFile().dump()).encode("in 2024");
  const Ids composed = Tokenizer::parse(byteLevelFile().dump()).encode("\u00e9");
  EXPECT_EQ(bare(json::object(), "gpt2").encode("in 2024"), whole);
  EXPECT_NE(bare(json::object(), "gpt2").encode("e\u0301"), composed);
  EXPECT_EQ(bare(json::object(), "gpt_neox").encode("e\u0301"), composed);
  // Qwen's pattern takes digits one by one.
  EXPECT_NE(bare(json::object(), "qwen3").encode("in 2024"), whole);
  EXPECT_EQ(bare(named("GPT2Tokenizer"), "qwen3").encode("in 2024"), whole);
  EXPECT_EQ(bare({{"add_bos_token", true}, {"bos_token", "<s>"}}, "opt").prefixIds(), Ids{1});
  EXPECT_EQ(bare({{"add_eos_token", true}}, "gpt_neox").suffixIds(), Ids{0});
  EXPECT_EQ(bare({{"add_bos_token", nullptr}}, "opt").prefixIds(), Ids{});
  EXPECT_EQ(bare({{"add_bos_token", true}, {"bos_token", nullptr}}, "opt").prefixIds(), Ids{});
  const std::string file = (dir_ / "tokenizer_config.json").string();
  test::expectErrorAbout(file, ErrorKind::Unsupported, "PreTrainedTokenizerFast",
                         [&] { bare(named("PreTrainedTokenizerFast"), "gpt2"); });
  test::expectErrorAbout(file, ErrorKind::Unsupported, "tokenizer_class",
                         [&] { bare(json::object(), "llama"); });
}

TEST_F(TokenizerConfig, WrongTypesAreNamed) {
  const std::string file = (dir_ / "tokenizer_config.json").string();
  for (const auto& [key, value] :
       {std::pair("add_prefix_space", json("yes")), std::pair("split_special_tokens", json(1)),
        std::pair("tokenizer_class", json(5))}) {
    test::expectErrorAbout(file, ErrorKind::Format, key, [&, key = key, value = value] {
      load(byteLevelFile(), {{key, value}}, {{"model_type", "gpt2"}});
    });
  }
  test::expectErrorAbout(file, ErrorKind::Format, "added_tokens_decoder", [&] {
    load(byteLevelFile(), {{"added_tokens_decoder", {{"one", {{"content", "x"}}}}}});
  });
}

}  // namespace
}  // namespace bitfrontier
