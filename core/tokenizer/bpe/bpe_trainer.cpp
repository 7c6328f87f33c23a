// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/bpe/bpe_trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <queue>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "core/base/error.h"
#include "core/tokenizer/bpe/added_tokens.h"
#include "core/tokenizer/bpe/byte_level.h"
#include "core/tokenizer/text/utf8.h"

namespace bitfrontier {

namespace {

using Pair = std::pair<std::int32_t, std::int32_t>;

struct PairHash {
  std::size_t operator()(const Pair& p) const {
    const auto key = (static_cast<std::uint64_t>(static_cast<std::uint32_t>(p.first)) << 32) |
                     static_cast<std::uint32_t>(p.second);
    return static_cast<std::size_t>((key ^ (key >> 29)) * 0x9e3779b97f4a7c15U);
  }
};

struct Word {
  std::vector<std::int32_t> ids;
  std::int64_t count = 0;
};

struct PairInfo {
  std::int64_t count = 0;
  std::vector<std::size_t> words;  // where it occurs or once occurred
};

struct Candidate {
  std::int64_t count;
  Pair pair;
};

struct Worse {
  bool operator()(const Candidate& a, const Candidate& b) const {
    return a.count != b.count ? a.count < b.count : a.pair > b.pair;
  }
};

// Distinct words, sorted, as ids of their bytes.
std::vector<Word> countWords(std::string_view text, const AddedTokens& special,
                             const std::array<std::int32_t, 256>& byteIds) {
  std::unordered_map<std::string_view, std::int64_t> counts;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto match = special.find(text, at);
    const std::size_t end = match ? match->begin : text.size();
    splitGpt2(text.substr(at, end - at), [&](std::string_view word) { ++counts[word]; });
    at = match ? end + match->size : end;
  }
  std::vector<std::pair<std::string_view, std::int64_t>> sorted(counts.begin(), counts.end());
  std::sort(sorted.begin(), sorted.end());
  std::vector<Word> words;
  words.reserve(sorted.size());
  for (const auto& [text_, count] : sorted) {
    Word word;
    word.count = count;
    word.ids.reserve(text_.size());
    for (const char c : text_) word.ids.push_back(byteIds[static_cast<unsigned char>(c)]);
    words.push_back(std::move(word));
  }
  return words;
}

// Pair counts kept up to date while words are merged.
class PairTable {
 public:
  explicit PairTable(std::vector<Word> words) : words_(std::move(words)) {
    for (std::size_t w = 0; w < words_.size(); ++w) addWord(w);
    for (const auto& [pair, info] : pairs_) queue_.push({info.count, pair});
  }

  // The most frequent pair with its count; a count of 0 when there is none.
  Candidate best() {
    while (!queue_.empty()) {
      const Candidate top = queue_.top();
      queue_.pop();
      const auto it = pairs_.find(top.pair);
      const std::int64_t count = it == pairs_.end() ? 0 : it->second.count;
      if (count == top.count && count > 0) return top;
      // Counts that rose were queued anew; one that fell gets its place now.
      if (count > 0 && count < top.count) queue_.push({count, top.pair});
    }
    return {0, {}};
  }

  void merge(const Pair& pair, std::int32_t id) {
    std::vector<std::size_t> touched = std::move(pairs_[pair].words);
    pairs_[pair].words.clear();
    std::sort(touched.begin(), touched.end());
    touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
    fresh_.clear();
    for (const std::size_t w : touched) {
      Word& word = words_[w];
      removeWord(word);
      std::size_t out = 0;
      for (std::size_t i = 0; i < word.ids.size(); ++i) {
        const bool hit =
            i + 1 < word.ids.size() && word.ids[i] == pair.first && word.ids[i + 1] == pair.second;
        word.ids[out++] = hit ? id : word.ids[i];
        if (hit) ++i;
      }
      word.ids.resize(out);
      addWord(w, id);
    }
    pairs_.erase(pair);
    std::sort(fresh_.begin(), fresh_.end());
    fresh_.erase(std::unique(fresh_.begin(), fresh_.end()), fresh_.end());
    for (const Pair& p : fresh_) queue_.push({pairs_[p].count, p});
  }

 private:
  void removeWord(const Word& word) {
    for (std::size_t i = 0; i + 1 < word.ids.size(); ++i) {
      pairs_[{word.ids[i], word.ids[i + 1]}].count -= word.count;
    }
  }
  // With `id`, only pairs that hold the new token are new to the word's pair lists.
  void addWord(std::size_t w, std::int32_t id = -1) {
    const Word& word = words_[w];
    for (std::size_t i = 0; i + 1 < word.ids.size(); ++i) {
      const Pair pair{word.ids[i], word.ids[i + 1]};
      PairInfo& info = pairs_[pair];
      info.count += word.count;
      if (id >= 0 && pair.first != id && pair.second != id) continue;
      if (info.words.empty() || info.words.back() != w) info.words.push_back(w);
      if (id >= 0) fresh_.push_back(pair);
    }
  }

  std::vector<Word> words_;
  std::unordered_map<Pair, PairInfo, PairHash> pairs_;
  std::priority_queue<Candidate, std::vector<Candidate>, Worse> queue_;
  std::vector<Pair> fresh_;
};

std::string toJson(const std::vector<std::string>& tokens,
                   const std::vector<std::pair<std::string, std::string>>& merges,
                   std::size_t specials) {
  using Json = nlohmann::ordered_json;
  const Json byteLevel = {{"type", "ByteLevel"},
                          {"add_prefix_space", false},
                          {"trim_offsets", true},
                          {"use_regex", true}};
  Json added = Json::array();
  for (std::size_t i = 0; i < specials; ++i) {
    added.push_back({{"id", i},
                     {"content", tokens[i]},
                     {"single_word", false},
                     {"lstrip", false},
                     {"rstrip", false},
                     {"normalized", false},
                     {"special", true}});
  }
  Json vocab = Json::object();
  // ordered_json looks for equal keys one by one; appended directly, as tokens are distinct.
  auto& entries = vocab.get_ref<Json::object_t&>();
  for (std::size_t i = 0; i < tokens.size(); ++i) entries.emplace_back(tokens[i], i);
  Json mergeList = Json::array();
  for (const auto& [left, right] : merges) mergeList.push_back(left + " " + right);
  const Json root = {{"version", "1.0"},
                     {"truncation", nullptr},
                     {"padding", nullptr},
                     {"added_tokens", added},
                     {"normalizer", nullptr},
                     {"pre_tokenizer", byteLevel},
                     {"post_processor", byteLevel},
                     {"decoder", byteLevel},
                     {"model",
                      {{"type", "BPE"},
                       {"dropout", nullptr},
                       {"unk_token", nullptr},
                       {"continuing_subword_prefix", nullptr},
                       {"end_of_word_suffix", nullptr},
                       {"fuse_unk", false},
                       {"byte_fallback", false},
                       {"ignore_merges", false},
                       {"vocab", vocab},
                       {"merges", mergeList}}}};
  return root.dump(2) + "\n";
}

}  // namespace

std::string trainByteLevelBpe(std::string_view text, const BpeTrainOptions& options,
                              const JobContext& job) {
  const auto smallest = static_cast<std::int64_t>(256 + options.specialTokens.size());
  if (options.vocabSize < smallest || options.vocabSize > (1 << 20)) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("a byte-level vocabulary of {} tokens is outside {} to {}",
                            options.vocabSize, smallest, 1 << 20));
  }
  std::vector<std::string> tokens;
  std::unordered_map<std::string, std::int32_t> known;
  AddedTokens special;
  const auto add = [&](const std::string& token) {
    const auto id = static_cast<std::int32_t>(tokens.size());
    const auto [it, fresh] = known.emplace(token, id);
    if (fresh) tokens.push_back(token);
    return std::pair(it->second, fresh);
  };
  for (const std::string& token : options.specialTokens) {
    const auto [id, fresh] = add(token);
    if (!fresh || utf8At(token + " ", 0).size >= token.size()) {
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("special token '{}' is repeated or a single character", token));
    }
    special.add(token, {.id = id});
  }
  std::array<std::int32_t, 256> byteIds{};
  std::vector<std::pair<std::int32_t, std::size_t>> characters;
  for (std::size_t b = 0; b < 256; ++b) {
    characters.emplace_back(byteToChar(static_cast<std::uint8_t>(b)), b);
  }
  std::sort(characters.begin(), characters.end());
  for (const auto& [code, b] : characters) {
    std::string token;
    appendUtf8(token, code);
    byteIds[b] = add(token).first;
  }

  job.throwIfCancelled();
  PairTable table(countWords(text, special, byteIds));
  std::vector<std::pair<std::string, std::string>> merges;
  std::unordered_set<Pair, PairHash> listed;
  const auto wanted = static_cast<std::size_t>(options.vocabSize);
  while (tokens.size() < wanted) {
    if (merges.size() % 64 == 0) {
      job.throwIfCancelled();
      job.progress({static_cast<double>(tokens.size()) / static_cast<double>(wanted),
                    "training the tokenizer", static_cast<std::int64_t>(tokens.size()),
                    static_cast<std::int64_t>(wanted)});
    }
    const Candidate best = table.best();
    if (best.count < std::max<std::int64_t>(1, options.minFrequency)) break;
    const std::string left = tokens[static_cast<std::size_t>(best.pair.first)];
    const std::string right = tokens[static_cast<std::size_t>(best.pair.second)];
    // Two ways of merging can spell one token; the second becomes a merge without a new id, and
    // the pair may then come back. It is listed once: later entries would change its rank.
    table.merge(best.pair, add(left + right).first);
    if (listed.insert(best.pair).second) merges.emplace_back(left, right);
  }
  return toJson(tokens, merges, options.specialTokens.size());
}

}  // namespace bitfrontier
