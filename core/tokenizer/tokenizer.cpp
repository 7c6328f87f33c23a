// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/tokenizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <unordered_map>

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/tokenizer/added_tokens.h"
#include "core/tokenizer/bpe.h"
#include "core/tokenizer/tokenizer_files.h"
#include "core/tokenizer/utf8.h"

namespace bitfrontier {

namespace {

// Natural text repeats its words, and merging costs far more than a look-up.
class WordCache {
 public:
  bool get(std::string_view word, std::vector<std::int32_t>& ids) const {
    const Shard& shard = shardOf(word);
    const std::lock_guard lock(shard.mutex);
    const auto it = shard.words.find(word);
    if (it == shard.words.end()) return false;
    ids.insert(ids.end(), it->second.begin(), it->second.end());
    return true;
  }
  void put(std::string_view word, std::span<const std::int32_t> ids) const {
    Shard& shard = shardOf(word);
    const std::lock_guard lock(shard.mutex);
    if (shard.words.size() >= wordsPerShard) shard.words.clear();
    shard.words.emplace(std::string(word), std::vector<std::int32_t>(ids.begin(), ids.end()));
  }

 private:
  static constexpr std::size_t wordsPerShard = 8192;
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<std::string, std::vector<std::int32_t>, StringHash, std::equal_to<>> words;
  };
  Shard& shardOf(std::string_view word) const {
    return shards_[StringHash{}(word) >> 7 & (shards_.size() - 1)];
  }
  mutable std::array<Shard, 16> shards_;
};

constexpr std::size_t longestCachedWord = 64;

}  // namespace

struct Tokenizer::Impl {
  explicit Impl(TokenizerFiles files)
      : bpe(files.vocab, files.merges, files.ignoreMerges, files.where),
        preTokenizer(std::move(files.preTokenizer)),
        nfc(files.nfc),
        vocab(std::move(files.vocab)) {
    const auto store = [this](const std::string& bytes, std::int32_t id) {
      const auto at = static_cast<std::size_t>(id);
      if (bytesOf.size() <= at) bytesOf.resize(at + 1);
      bytesOf[at] = bytes;
    };
    for (const auto& [token, id] : vocab) store(tokenToBytes(token), id);
    for (const AddedToken& token : files.added) {
      store(tokenToBytes(token.content), token.id);
      vocab.insert_or_assign(token.content, token.id);
      if (token.normalized) {
        afterNormalizing.add(nfc ? normalizeNfc(token.content) : token.content, token.id);
      } else {
        beforeNormalizing.add(token.content, token.id);
      }
    }
    const auto idOf = [this](const std::string& token) -> std::optional<std::int32_t> {
      const auto it = vocab.find(token);
      if (it == vocab.end()) return std::nullopt;
      return it->second;
    };
    const auto namedId = [&](const std::optional<std::string>& token) {
      return token ? idOf(*token) : std::nullopt;
    };
    eos = namedId(files.eos);
    bos = namedId(files.bos);
    pad = namedId(files.pad);
    if (!eos) eos = idOf("<|endoftext|>");
    if (!bos) bos = idOf("<|endoftext|>");
    const auto idsOf = [&](const std::vector<std::string>& tokens) {
      std::vector<std::int32_t> ids;
      for (const std::string& token : tokens) {
        const auto id = idOf(token);
        if (!id) {
          throw Error(
              ErrorKind::Format,
              fmt::format("{}: special token '{}' is not in the vocabulary", files.where, token));
        }
        ids.push_back(*id);
      }
      return ids;
    };
    prefix = idsOf(files.prefix);
    suffix = idsOf(files.suffix);
    const auto text = [](std::optional<std::int32_t> id) { return id ? *id : -1; };
    std::string summary =
        fmt::format("{} eos {} bos {} pad {}", files.hash, text(eos), text(bos), text(pad));
    for (const std::int32_t id : prefix) summary += fmt::format(" prefix {}", id);
    for (const std::int32_t id : suffix) summary += fmt::format(" suffix {}", id);
    // Added tokens may come from files other than the hashed one.
    for (const AddedToken& token : files.added) {
      summary += fmt::format(" added {} {}", token.id, sha256Hex(token.content));
    }
    hash = sha256Hex(summary);
  }

  void encodeWord(std::string_view word, std::vector<std::int32_t>& ids) const {
    const bool cached = word.size() <= longestCachedWord;
    if (cached && cache.get(word, ids)) return;
    const std::size_t before = ids.size();
    bpe.encode(word, ids);
    if (cached) cache.put(word, std::span(ids).subspan(before));
  }

  void encodePlain(std::string_view text, std::vector<std::int32_t>& ids) const {
    if (text.empty()) return;
    preTokenizer.split(text, [&](std::string_view word) { encodeWord(word, ids); });
  }

  // Calls `rest` for what lies between the tokens.
  template <typename Rest>
  static void cutOut(const AddedTokens& tokens, std::string_view text,
                     std::vector<std::int32_t>& ids, const Rest& rest) {
    std::size_t at = 0;
    while (const auto match = tokens.find(text, at)) {
      rest(text.substr(at, match->begin - at));
      ids.push_back(match->id);
      at = match->begin + match->size;
    }
    rest(text.substr(at));
  }

  void encode(std::string_view text, std::vector<std::int32_t>& ids) const {
    cutOut(beforeNormalizing, text, ids, [&](std::string_view raw) {
      if (raw.empty()) return;
      const std::string composed = nfc ? normalizeNfc(raw) : std::string();
      cutOut(afterNormalizing, nfc ? std::string_view(composed) : raw, ids,
             [&](std::string_view plain) { encodePlain(plain, ids); });
    });
  }

  Bpe bpe;
  PreTokenizer preTokenizer;
  bool nfc;
  TokenMap vocab;  // added tokens included
  std::vector<std::string> bytesOf;
  AddedTokens beforeNormalizing;
  AddedTokens afterNormalizing;
  std::optional<std::int32_t> eos;
  std::optional<std::int32_t> bos;
  std::optional<std::int32_t> pad;
  std::vector<std::int32_t> prefix;
  std::vector<std::int32_t> suffix;
  std::string hash;
  WordCache cache;
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
  ids.reserve(utf8.size() / 3 + 4);
  impl_->encode(utf8, ids);
  return ids;
}

std::string Tokenizer::decode(std::span<const std::int32_t> ids) const {
  std::string bytes;
  for (const std::int32_t id : ids) {
    if (id >= 0 && id < vocabSize()) bytes += impl_->bytesOf[static_cast<std::size_t>(id)];
  }
  return lossyUtf8(bytes);
}

std::string Tokenizer::tokenBytes(std::int32_t id) const {
  if (id < 0 || id >= vocabSize()) return {};
  return impl_->bytesOf[static_cast<std::size_t>(id)];
}

std::int32_t Tokenizer::vocabSize() const {
  return static_cast<std::int32_t>(impl_->bytesOf.size());
}

std::optional<std::int32_t> Tokenizer::tokenId(std::string_view token) const {
  const auto it = impl_->vocab.find(token);
  if (it == impl_->vocab.end()) return std::nullopt;
  return it->second;
}

std::optional<std::int32_t> Tokenizer::eosId() const { return impl_->eos; }
std::optional<std::int32_t> Tokenizer::bosId() const { return impl_->bos; }
std::optional<std::int32_t> Tokenizer::padId() const { return impl_->pad; }
const std::vector<std::int32_t>& Tokenizer::prefixIds() const { return impl_->prefix; }
const std::vector<std::int32_t>& Tokenizer::suffixIds() const { return impl_->suffix; }
std::string Tokenizer::hash() const { return impl_->hash; }

}  // namespace bitfrontier
