// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/tokenizer_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/tokenizer/post_processor.h"
#include "core/tokenizer/tokenizer_config.h"
#include "core/tokenizer/tokenizer_json.h"

namespace bitfrontier {

using nlohmann::json;
namespace fs = std::filesystem;

namespace {

// Looked up in the text at every place where it may begin.
constexpr std::size_t longestAddedToken = 4096;

[[noreturn]] void unsupported(std::string_view where, std::string_view what) {
  throw Error(ErrorKind::Unsupported, fmt::format("{}: {} is not supported", where, what));
}

const json& member(const json& object, const char* key) {
  static const json null;
  const auto it = object.find(key);
  return it == object.end() ? null : *it;
}

void readModel(const json& model, TokenizerJson& file, TokenizerFiles& out) {
  const std::string_view where = out.where;
  const std::string type = stringOr(model, "type", where, "BPE");
  if (type != "BPE") unsupported(where, fmt::format("model type '{}'", type));
  if (!file.hasVocab) {
    requireObject(model, "vocab", where);
    throw Error(ErrorKind::Format, fmt::format("{}: 'vocab' is missing", where));
  }
  if (!file.hasMerges) {
    requireArray(model, "merges", where);
    throw Error(ErrorKind::Format, fmt::format("{}: 'merges' is missing", where));
  }
  if (!member(model, "dropout").is_null() && numberOr(model, "dropout", where, 0) != 0) {
    unsupported(where, "BPE dropout");
  }
  for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    const std::string value = stringOr(model, key, where, "");
    if (!value.empty()) unsupported(where, fmt::format("{} '{}'", key, value));
  }
  out.model.ignoreMerges = boolOr(model, "ignore_merges", where, false);
  out.model.byteFallback = boolOr(model, "byte_fallback", where, false);
  out.model.fuseUnknown = boolOr(model, "fuse_unk", where, false);
  if (!member(model, "unk_token").is_null()) {
    out.model.unknown = requireString(model, "unk_token", where);
  }
  out.vocab = std::move(file.vocab);
  out.merges = std::move(file.merges);
}

void readAdded(const json& list, TokenizerFiles& out) {
  if (list.is_null()) return;
  if (!list.is_array()) {
    throw Error(ErrorKind::Format, fmt::format("{}: 'added_tokens' is no array", out.where));
  }
  for (const json& entry : list) {
    AddedToken token;
    token.content = requireString(entry, "content", out.where);
    token.id = static_cast<std::int32_t>(requireInt(entry, "id", out.where, 0, INT32_MAX));
    token.special = boolOr(entry, "special", out.where, false);
    token.normalized = boolOr(entry, "normalized", out.where, !token.special);
    token.singleWord = boolOr(entry, "single_word", out.where, false);
    token.leftStrip = boolOr(entry, "lstrip", out.where, false);
    token.rightStrip = boolOr(entry, "rstrip", out.where, false);
    const std::int32_t known = out.idOf(token.content);
    if (known >= 0 && known != token.id) {
      throw Error(ErrorKind::Format,
                  fmt::format("{}: added token '{}' with id {} contradicts id {} it has already",
                              out.where, token.content, token.id, known));
    }
    out.addToken(std::move(token));
  }
}

TokenizerFiles readVocabAndMerges(const fs::path& dir) {
  TokenizerFiles out;
  const fs::path vocabPath = dir / "vocab.json";
  const fs::path mergesPath = dir / "merges.txt";
  out.where = vocabPath.string();
  const std::string vocab = readFile(vocabPath, largestTokenizerFile);
  const std::string merges = readFile(mergesPath, largestTokenizerFile);
  out.vocab = readVocabJson(vocab, out.where);
  for (std::size_t at = 0; at < merges.size();) {
    const std::size_t end = std::min(merges.find('\n', at), merges.size());
    std::string_view line = std::string_view(merges).substr(at, end - at);
    at = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with("#version")) continue;
    addSpelledMerge(out.merges, line, mergesPath.string());
  }
  out.preTokenizer = PreTokenizer::gpt2(false);
  out.decoder = Decoder::byteLevel();
  Sha256 hash;
  hash.update(fmt::format("vocab.json {}\n", vocab.size()));
  hash.update(vocab);
  hash.update(fmt::format("merges.txt {}\n", merges.size()));
  hash.update(merges);
  out.hash = hash.hexDigest();
  return out;
}

[[noreturn]] void noTokenizer(const fs::path& dir) {
  const char* found = pathExists(dir / "tokenizer.model") ? "only tokenizer.model, which has to be "
                                                            "converted to tokenizer.json first"
                                                          : "neither tokenizer.json nor vocab.json";
  throw Error(ErrorKind::NotFound, fmt::format("{} holds {}", dir.string(), found));
}

}  // namespace

std::int32_t TokenizerFiles::idOf(std::string_view token) const {
  const std::int32_t index = addedIndex_.find(token);
  return index >= 0 ? added[static_cast<std::size_t>(index)].id : vocab.find(token);
}

void TokenizerFiles::addToken(AddedToken token) {
  if (token.content.empty()) return;
  if (token.content.size() > longestAddedToken) {
    unsupported(where, fmt::format("an added token of {} bytes", token.content.size()));
  }
  token.id = idOf(token.content);
  if (token.id < 0) {
    const auto count = static_cast<std::int32_t>(vocab.size());
    token.id = highestAdded_ >= count ? highestAdded_ + 1 : count;
    // Only a vocabulary with gaps among its ids has more of them than tokens.
    for (std::size_t i = 0; i < vocab.size(); ++i) {
      if (vocab.entry(i).id != token.id) continue;
      throw Error(ErrorKind::Format,
                  fmt::format("{}: added token '{}' gets id {}, which is that of '{}'", where,
                              token.content, token.id, vocab.entry(i).token));
    }
  }
  highestAdded_ = std::max(highestAdded_, token.id);
  const std::int32_t index = addedIndex_.find(token.content);
  if (index >= 0) {
    added[static_cast<std::size_t>(index)] = std::move(token);
    return;
  }
  addedIndex_.add(token.content, static_cast<std::int32_t>(added.size()));
  added.push_back(std::move(token));
}

TokenizerFiles parseTokenizerJson(std::string_view text, std::string_view where) {
  TokenizerFiles out;
  out.where = std::string(where);
  TokenizerJson file = readTokenizerJson(text, where);
  const json& root = file.rest;
  readModel(requireObject(root, "model", where), file, out);
  readAdded(member(root, "added_tokens"), out);
  out.normalizer = Normalizer(member(root, "normalizer"), where);
  out.preTokenizer = PreTokenizer(member(root, "pre_tokenizer"), where, out.normalizer.byteLevel());
  out.decoder = Decoder(member(root, "decoder"), where);
  out.model.byteLevel = out.preTokenizer.rawBytes();
  readPostProcessor(member(root, "post_processor"), where, out.prefix, out.suffix);
  out.hash = sha256Hex(text);
  return out;
}

TokenizerFiles readTokenizerFiles(const fs::path& dirOrTokenizerJson) {
  if (!pathExists(dirOrTokenizerJson)) {
    throw Error(ErrorKind::NotFound, fmt::format("{} does not exist", dirOrTokenizerJson.string()));
  }
  std::error_code code;
  const bool isDir = fs::is_directory(dirOrTokenizerJson, code);
  const fs::path dir = isDir ? dirOrTokenizerJson : dirOrTokenizerJson.parent_path();
  const fs::path file = isDir ? dir / "tokenizer.json" : dirOrTokenizerJson;
  if (pathExists(file)) {
    const MappedFile map(file);
    TokenizerFiles out = parseTokenizerJson(map.text(), file.string());
    readTokenizerConfig(dir, false, out);
    return out;
  }
  if (!pathExists(dir / "vocab.json")) noTokenizer(dir);
  TokenizerFiles out = readVocabAndMerges(dir);
  readTokenizerConfig(dir, true, out);
  return out;
}

}  // namespace bitfrontier
