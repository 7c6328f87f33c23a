// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/bpe/bpe_trainer.h"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/random.h"
#include "core/tokenizer/bpe/byte_level.h"
#include "core/tokenizer/tokenizer.h"

namespace bitfrontier {
namespace {

std::string makeText(int words, std::uint64_t seed) {
  Rng rng(seed);
  const std::vector<std::string> syllables = {"ba", "ko", "ri", "sen", "ta", "mol", "e", "ng"};
  std::string text;
  for (int i = 0; i < words; ++i) {
    const auto n = 1 + rng.below(4);
    for (std::uint64_t s = 0; s < n; ++s) text += syllables[rng.below(syllables.size())];
    text += rng.below(8) == 0 ? ".\n" : " ";
  }
  return text;
}

using Words = std::map<std::vector<std::string>, std::int64_t>;

// The plain definition: count all pairs anew for every merge.
std::vector<std::string> slowMerges(std::string_view text, std::size_t merges) {
  Words words;
  splitGpt2(text, [&](std::string_view piece) {
    std::vector<std::string> symbols;
    for (const char c : piece) symbols.push_back(bytesToToken({&c, 1}));
    ++words[symbols];
  });
  std::vector<std::string> out;
  std::map<std::string, std::int32_t> ids = {{"<|endoftext|>", 0}};
  for (std::int32_t code = 0, next = 1; code < 0x144; ++code) {
    if (const auto byte = charToByte(code)) {
      const char c = static_cast<char>(*byte);
      ids[bytesToToken({&c, 1})] = next++;
    }
  }
  while (out.size() < merges) {
    std::map<std::pair<std::int32_t, std::int32_t>, std::pair<std::int64_t, std::string>> counts;
    for (const auto& [symbols, count] : words) {
      for (std::size_t i = 0; i + 1 < symbols.size(); ++i) {
        auto& entry = counts[{ids.at(symbols[i]), ids.at(symbols[i + 1])}];
        entry.first += count;
        entry.second = symbols[i] + " " + symbols[i + 1];
      }
    }
    auto best = counts.begin();
    for (auto it = counts.begin(); it != counts.end(); ++it) {
      if (it->second.first > best->second.first) best = it;
    }
    if (best == counts.end() || best->second.first < 2) break;
    const std::string merge = best->second.second;
    out.push_back(merge);
    const std::string left = merge.substr(0, merge.find(' '));
    const std::string right = merge.substr(merge.find(' ') + 1);
    ids.emplace(left + right, static_cast<std::int32_t>(ids.size()));
    Words merged;
    for (const auto& [symbols, count] : words) {
      std::vector<std::string> now;
      for (std::size_t i = 0; i < symbols.size(); ++i) {
        if (i + 1 < symbols.size() && symbols[i] == left && symbols[i + 1] == right) {
          now.push_back(left + right);
          ++i;
        } else {
          now.push_back(symbols[i]);
        }
      }
      merged[now] += count;
    }
    words = std::move(merged);
  }
  return out;
}

TEST(BpeTrainer, MergesEqualThePlainDefinition) {
  const std::string text = makeText(400, 1);
  const auto trained = parseJson(trainByteLevelBpe(text, {.vocabSize = 357}), "trained");
  const auto merges = trained.at("model").at("merges").get<std::vector<std::string>>();
  EXPECT_EQ(merges.size(), 100U);
  EXPECT_EQ(merges, slowMerges(text, 100));
}

TEST(BpeTrainer, LoadsAndCompresses) {
  const std::string text = makeText(20000, 2);
  const std::string json = trainByteLevelBpe(text, {.vocabSize = 512});
  EXPECT_EQ(json, trainByteLevelBpe(text, {.vocabSize = 512}));
  const Tokenizer tokenizer = Tokenizer::parse(json);
  EXPECT_EQ(tokenizer.vocabSize(), 512);
  EXPECT_EQ(tokenizer.eosId(), 0);
  const auto ids = tokenizer.encode(text);
  EXPECT_LT(ids.size() * 3, text.size());
  EXPECT_EQ(tokenizer.decode(ids), text);
  EXPECT_EQ(tokenizer.encode("ba<|endoftext|>ko").at(1), 0);
}

TEST(BpeTrainer, EveryByteHasAToken) {
  const Tokenizer tokenizer = Tokenizer::parse(trainByteLevelBpe("", {.vocabSize = 300}));
  EXPECT_EQ(tokenizer.vocabSize(), 257);
  std::string all;
  for (int b = 0; b < 256; ++b) all += static_cast<char>(b);
  const auto ids = tokenizer.encode(all);
  std::string back;
  for (const auto id : ids) back += tokenToBytes(tokenizer.token(id));
  EXPECT_EQ(back, all);
}

TEST(BpeTrainer, MinimumFrequencyStopsIt) {
  // "ab" twice: merged; "cd" once: not.
  const auto trained = parseJson(trainByteLevelBpe("ab ab cd", {.vocabSize = 1000}), "trained");
  EXPECT_EQ(trained.at("model").at("merges").dump(), R"(["a b"])");
}

TEST(BpeTrainer, SpecialTokensAreCutOut) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "x<|endoftext|>";
  const auto trained = parseJson(trainByteLevelBpe(text, {.vocabSize = 300}), "trained");
  EXPECT_TRUE(trained.at("model").at("merges").empty());
}

TEST(BpeTrainer, RefusesImpossibleSizes) {
  EXPECT_THROW(trainByteLevelBpe("", {.vocabSize = 256}), Error);
  EXPECT_THROW(trainByteLevelBpe("", {.vocabSize = 2000000}), Error);
  EXPECT_THROW(trainByteLevelBpe("", {.vocabSize = 300, .specialTokens = {"<a>", "<a>"}}), Error);
}

TEST(BpeTrainer, CanBeCancelled) {
  std::stop_source source;
  source.request_stop();
  EXPECT_THROW(trainByteLevelBpe("a b", {}, {source.get_token(), {}}), Error);
}

}  // namespace
}  // namespace bitfrontier
