// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/tokenizer.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/parallel.h"
#include "core/tokenizer/bpe/added_tokens.h"
#include "core/tokenizer/bpe/bpe.h"
#include "core/tokenizer/bpe/word_cache.h"
#include "core/tokenizer/files/tokenizer_files.h"
#include "core/tokenizer/text/utf8.h"

namespace bitfrontier {

namespace {

constexpr std::string_view endOfText = "<|endoftext|>";

// Words above this size are cut where no merge crosses, so that their parts can be cached.
constexpr std::size_t uncutWord = 20;

}  // namespace

struct Tokenizer::Impl {
  explicit Impl(TokenizerFiles given)
      : files(std::move(given)), bpe(files.vocab, files.merges, files.model, files.where) {
    files.merges = MergeList();
    for (std::size_t i = 0; i < files.vocab.size(); ++i) {
      const auto [token, id] = files.vocab.entry(i);
      place(id).spelled = token;
    }
    // Where two become equal, special ones come first as in the package.
    normalizedContents.resize(files.added.size());
    for (const bool special : {true, false}) {
      for (std::size_t i = 0; i < files.added.size(); ++i) {
        if (files.added[i].special == special) add(i);
      }
    }
    for (Token& token : tokens) {
      // By the spelling, which differs from the content of a token that is normalized.
      token.special = specialContents.find(token.spelled) >= 0;
    }
    for (const auto* around : {&files.prefix, &files.suffix}) {
      for (const std::int32_t id : *around) {
        if (static_cast<std::size_t>(id) < tokens.size()) continue;
        throw Error(
            ErrorKind::Format,
            fmt::format("{}: the post-processor adds id {}, which has no token", files.where, id));
      }
    }
    const auto named = [this](const std::optional<std::string>& name) {
      const std::int32_t id = name ? files.idOf(*name) : -1;
      return id < 0 ? std::nullopt : std::optional(id);
    };
    eos = named(files.eos);
    bos = named(files.bos);
    if (!eos && !bos) eos = bos = named(std::string(endOfText));
    pad = named(files.pad);
    hash = makeHash();
  }

  struct Token {
    // As it is decoded: in the vocabulary, or the content of an added token, normalized where that
    // is looked for in normalized text.
    std::string_view spelled;
    bool special = false;
  };

  Token& place(std::int32_t id) {
    const auto at = static_cast<std::size_t>(id);
    if (tokens.size() <= at) tokens.resize(at + 1);
    return tokens[at];
  }

  void add(std::size_t index) {
    const AddedToken& token = files.added[index];
    const AddedTokenRule rule{token.id, token.singleWord, token.leftStrip, token.rightStrip,
                              token.special && files.splitSpecial};
    if (token.special) specialContents.add(token.content, token.id);
    if (!token.normalized) {
      beforeNormalizing.add(token.content, rule);
      place(token.id).spelled = token.content;
      return;
    }
    std::string& content = normalizedContents[index];
    content = files.normalizer.apply({token.content, token.content.size()}).text;
    if (content.empty()) {
      throw Error(ErrorKind::Unsupported,
                  fmt::format("{}: added token '{}' that the normalizer removes is not supported",
                              files.where, token.content));
    }
    afterNormalizing.add(content, rule);
    place(token.id).spelled = content;
  }

  std::string makeHash() const {
    const auto text = [](std::optional<std::int32_t> id) { return id ? *id : -1; };
    std::string summary =
        fmt::format("{} eos {} bos {} pad {}", files.hash, text(eos), text(bos), text(pad));
    for (const std::int32_t id : files.prefix) summary += fmt::format(" prefix {}", id);
    for (const std::int32_t id : files.suffix) summary += fmt::format(" suffix {}", id);
    if (files.splitSpecial) summary += " special tokens split";
    // Added tokens may come from files other than the hashed one.
    for (const AddedToken& token : files.added) {
      summary += fmt::format(" added {} {}", token.id, sha256Hex(token.content));
    }
    return sha256Hex(summary);
  }

  // One call's work on a thread.
  struct Run {
    const Impl& impl;
    WordCache& cache;
    std::vector<std::int32_t>& ids;

    void word(std::string_view word) const {
      if (word.size() > WordCache::longestWord) {
        impl.bpe.encode(word, ids);
        return;
      }
      const std::uint64_t hash = quickHash(word);
      if (cache.get(word, hash, ids)) return;
      const std::size_t before = ids.size();
      impl.bpe.encode(word, ids);
      cache.put(word, hash, std::span(ids).subspan(before));
    }
    void uncut(std::string_view whole) const {
      while (whole.size() > uncutWord) {
        const std::size_t size = impl.bpe.cut(whole);
        word(whole.substr(0, size));
        whole.remove_prefix(size);
      }
      if (!whole.empty()) word(whole);
    }
    void plain(const Piece& piece) const {
      impl.files.preTokenizer.split(piece, [this](std::string_view part) { uncut(part); });
    }
    void normalized(const Piece& piece) const {
      if (impl.afterNormalizing.empty()) {
        plain(piece);
        return;
      }
      impl.afterNormalizing.split(
          piece.text,
          [&](std::string_view part) {
            plain(
                piece.sub(static_cast<std::size_t>(part.data() - piece.text.data()), part.size()));
          },
          [this](std::int32_t id) { ids.push_back(id); });
    }
    void raw(const Piece& piece) const {
      if (impl.files.normalizer.empty()) {
        normalized(piece);
        return;
      }
      const NormalizedText text = impl.files.normalizer.apply(piece);
      normalized({text.text, text.fromStart});
    }
    void all(std::string_view text) const {
      impl.beforeNormalizing.split(
          text,
          [&](std::string_view part) {
            const bool first = part.data() == text.data();
            raw({part, first ? utf8At(part, 0).size : 0});
          },
          [this](std::int32_t id) { ids.push_back(id); });
    }
  };

  // Borrows a cache for the time of `work`.
  template <typename Work>
  void withCache(const Work& work) const {
    struct Lease {
      const CachePool& pool;
      std::unique_ptr<WordCache> cache;
      ~Lease() { pool.giveBack(std::move(cache)); }
    } lease{caches, caches.take()};
    work(*lease.cache);
  }

  std::vector<std::int32_t> encode(std::string_view text, WordCache& cache) const {
    std::vector<std::int32_t> ids;
    ids.reserve(text.size() / 3 + 4);
    Run{*this, cache, ids}.all(text);
    return ids;
  }

  TokenizerFiles files;
  Bpe bpe;
  std::vector<Token> tokens;                    // by id, added ones included
  std::vector<std::string> normalizedContents;  // of added tokens, by index
  Vocab specialContents;
  AddedTokens beforeNormalizing;
  AddedTokens afterNormalizing;
  std::optional<std::int32_t> eos;
  std::optional<std::int32_t> bos;
  std::optional<std::int32_t> pad;
  std::string hash;
  CachePool caches;
};

Tokenizer::Tokenizer(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

Tokenizer Tokenizer::load(const std::filesystem::path& dirOrTokenizerJson) {
  return Tokenizer(std::make_shared<const Impl>(readTokenizerFiles(dirOrTokenizerJson)));
}

Tokenizer Tokenizer::parse(std::string_view tokenizerJson, std::string_view where) {
  return Tokenizer(std::make_shared<const Impl>(parseTokenizerJson(tokenizerJson, where)));
}

std::vector<std::int32_t> Tokenizer::encode(std::string_view utf8) const {
  std::vector<std::int32_t> ids;
  impl_->withCache([&](WordCache& cache) { ids = impl_->encode(utf8, cache); });
  return ids;
}

std::vector<std::vector<std::int32_t>> Tokenizer::encodeAll(std::span<const std::string> texts,
                                                            int threads) const {
  std::vector<std::vector<std::int32_t>> all(texts.size());
  parallelFor(texts.size(), 1, threads > 0 ? threads : machineThreads(), {},
              [&](std::size_t, std::size_t index, std::size_t) {
                impl_->withCache(
                    [&](WordCache& cache) { all[index] = impl_->encode(texts[index], cache); });
              });
  return all;
}

std::string Tokenizer::decode(std::span<const std::int32_t> ids, bool skipSpecial) const {
  std::vector<std::string> tokens;
  tokens.reserve(ids.size());
  for (const std::int32_t id : ids) {
    if (id < 0 || id >= vocabSize()) continue;
    const Impl::Token& token = impl_->tokens[static_cast<std::size_t>(id)];
    if (token.spelled.data() == nullptr || (skipSpecial && token.special)) continue;
    tokens.emplace_back(token.spelled);
  }
  return impl_->files.decoder.decode(std::move(tokens));
}

std::string_view Tokenizer::token(std::int32_t id) const {
  if (id < 0 || id >= vocabSize()) return {};
  return impl_->tokens[static_cast<std::size_t>(id)].spelled;
}

std::int32_t Tokenizer::vocabSize() const {
  return static_cast<std::int32_t>(impl_->tokens.size());
}

std::optional<std::int32_t> Tokenizer::tokenId(std::string_view token) const {
  const std::int32_t id = impl_->files.idOf(token);
  return id < 0 ? std::nullopt : std::optional(id);
}

std::optional<std::int32_t> Tokenizer::eosId() const { return impl_->eos; }
std::optional<std::int32_t> Tokenizer::bosId() const { return impl_->bos; }
const std::vector<std::int32_t>& Tokenizer::prefixIds() const { return impl_->files.prefix; }
const std::vector<std::int32_t>& Tokenizer::suffixIds() const { return impl_->files.suffix; }
std::string Tokenizer::hash() const { return impl_->hash; }

}  // namespace bitfrontier
