// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/files/tokenizer_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/tokenizer/files/tokenizer_class.h"
#include "core/tokenizer/files/tokenizer_config.h"
#include "core/tokenizer/files/tokenizer_json.h"
#include "core/tokenizer/pipeline/post_processor.h"

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
    // As in the package the vocabulary or the order decides which id a token gets.
    const std::int64_t stated = requireInt(entry, "id", out.where, 0, INT32_MAX);
    token.special = boolOr(entry, "special", out.where, false);
    token.normalized = boolOr(entry, "normalized", out.where, !token.special);
    token.singleWord = boolOr(entry, "single_word", out.where, false);
    token.leftStrip = boolOr(entry, "lstrip", out.where, false);
    token.rightStrip = boolOr(entry, "rstrip", out.where, false);
    out.listed[stated] = token;
    out.addToken(std::move(token));
  }
}

// Everything but the vocabulary: `root` is a tokenizer.json, or what stands for one.
void readComponents(const json& root, TokenizerFiles& out) {
  const std::string_view where = out.where;
  readAdded(member(root, "added_tokens"), out);
  out.normalizer = Normalizer(member(root, "normalizer"), where);
  out.preTokenizer = PreTokenizer(member(root, "pre_tokenizer"), where, out.normalizer.byteLevel());
  out.decoder = Decoder(member(root, "decoder"), where);
  out.model.byteLevel = out.preTokenizer.rawBytes();
  readPostProcessor(member(root, "post_processor"), where, out.prefix, out.suffix);
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
  const TokenizerSettings settings = readTokenizerSettings(dir, TokenizerFile::Vocab);
  json root = {{"decoder", {{"type", "ByteLevel"}}}};
  describeTokenizerClass(settings.kind, settings.config, settings.where(), root);
  readComponents(root, out);
  Sha256 hash;
  hash.update(fmt::format("vocab.json {}\n", vocab.size()));
  hash.update(vocab);
  hash.update(fmt::format("merges.txt {}\n", merges.size()));
  hash.update(merges);
  hash.update(root.dump());
  out.hash = hash.hexDigest();
  addSettingsTokens(settings, out);
  return out;
}

TokenizerFiles readTokenizerDirectory(const fs::path& file) {
  const MappedFile map(file);
  const std::string_view text = map.text();
  const bool byteLevel = text.find("\"ByteLevel\"") != std::string_view::npos;
  const TokenizerSettings settings = readTokenizerSettings(
      file.parent_path(), byteLevel ? TokenizerFile::ByteLevel : TokenizerFile::Other);
  TokenizerFiles out;
  out.where = file.string();
  TokenizerJson read = readTokenizerJson(text, out.where);
  json& root = read.rest;
  readModel(requireObject(root, "model", out.where), read, out);
  out.hash = sha256Hex(text);
  if (applyTokenizerClass(settings.kind, settings.config, settings.where(), root)) {
    out.hash = sha256Hex(out.hash + root["normalizer"].dump() + root["pre_tokenizer"].dump());
  }
  readComponents(root, out);
  addSettingsTokens(settings, out);
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
  readModel(requireObject(file.rest, "model", where), file, out);
  readComponents(file.rest, out);
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
  if (pathExists(file)) return readTokenizerDirectory(file);
  if (!pathExists(dir / "vocab.json")) noTokenizer(dir);
  return readVocabAndMerges(dir);
}

}  // namespace bitfrontier
