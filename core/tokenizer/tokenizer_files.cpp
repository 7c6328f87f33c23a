// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/tokenizer_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <unordered_set>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/json.h"

namespace bitfrontier {

using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr JsonLimits limits{.maxBytes = std::uint64_t{256} << 20, .maxDepth = 32};

[[noreturn]] void unsupported(std::string_view where, std::string_view what) {
  throw Error(ErrorKind::Unsupported, fmt::format("{}: {} is not supported", where, what));
}

const json& member(const json& object, const char* key) {
  static const json null;
  const auto it = object.find(key);
  return it == object.end() ? null : *it;
}

// Ids index arrays here and in the model; one far beyond the number of entries is an error in the
// file rather than a reason to allocate.
void checkId(std::int64_t id, std::size_t entries, std::string_view token, std::string_view where) {
  const auto limit = static_cast<std::int64_t>(2 * entries + 65536);
  if (id < 0 || id >= limit) {
    throw Error(ErrorKind::Format, fmt::format("{}: token '{}' has id {}, outside 0 to {}", where,
                                               token, id, limit - 1));
  }
}

void readVocab(const json& vocab, std::string_view where, TokenMap& out) {
  if (!vocab.is_object()) {
    throw Error(ErrorKind::Format, fmt::format("{}: the vocabulary is no object", where));
  }
  out.reserve(vocab.size());
  std::unordered_set<std::int32_t> seen;
  for (const auto& [token, id] : vocab.items()) {
    if (!id.is_number_integer()) {
      throw Error(ErrorKind::Format,
                  fmt::format("{}: the id of token '{}' is no integer", where, token));
    }
    const auto value = id.get<std::int64_t>();
    checkId(value, vocab.size(), token, where);
    if (!seen.insert(static_cast<std::int32_t>(value)).second) {
      throw Error(ErrorKind::Format,
                  fmt::format("{}: token '{}' repeats id {}", where, token, value));
    }
    out.emplace(token, static_cast<std::int32_t>(value));
  }
}

std::pair<std::string, std::string> splitMerge(std::string_view line, std::size_t index,
                                               std::string_view where) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || line.find(' ', space + 1) != std::string_view::npos) {
    throw Error(ErrorKind::Format, fmt::format("{}: merge {} is '{}', not two tokens and a space",
                                               where, index, line));
  }
  return {std::string(line.substr(0, space)), std::string(line.substr(space + 1))};
}

void readModel(const json& model, TokenizerFiles& out) {
  const std::string_view where = out.where;
  const std::string type = stringOr(model, "type", where, "BPE");
  if (type != "BPE") unsupported(where, fmt::format("model type '{}'", type));
  if (!member(model, "dropout").is_null() && numberOr(model, "dropout", where, 0) != 0) {
    unsupported(where, "BPE dropout");
  }
  for (const char* key : {"unk_token", "continuing_subword_prefix", "end_of_word_suffix"}) {
    const std::string value = stringOr(model, key, where, "");
    if (!value.empty()) unsupported(where, fmt::format("{} '{}'", key, value));
  }
  for (const char* key : {"fuse_unk", "byte_fallback"}) {
    if (boolOr(model, key, where, false)) unsupported(where, key);
  }
  out.ignoreMerges = boolOr(model, "ignore_merges", where, false);
  readVocab(requireObject(model, "vocab", where), where, out.vocab);
  const json& merges = requireArray(model, "merges", where);
  out.merges.reserve(merges.size());
  for (std::size_t i = 0; i < merges.size(); ++i) {
    const json& merge = merges[i];
    if (merge.is_string()) {
      out.merges.push_back(splitMerge(merge.get_ref<const std::string&>(), i, where));
    } else if (merge.is_array() && merge.size() == 2 && merge[0].is_string() &&
               merge[1].is_string()) {
      out.merges.emplace_back(merge[0].get<std::string>(), merge[1].get<std::string>());
    } else {
      throw Error(ErrorKind::Format,
                  fmt::format("{}: merge {} is neither a string nor two strings", where, i));
    }
  }
}

void readAdded(const json& list, TokenizerFiles& out) {
  if (list.is_null()) return;
  if (!list.is_array()) {
    throw Error(ErrorKind::Format, fmt::format("{}: 'added_tokens' is no array", out.where));
  }
  std::unordered_map<std::int32_t, std::string> byId;
  for (const auto& [token, id] : out.vocab) byId.emplace(id, token);
  for (const json& entry : list) {
    AddedToken token;
    token.content = requireString(entry, "content", out.where);
    const std::int64_t id = requireInt(entry, "id", out.where);
    checkId(id, out.vocab.size() + list.size(), token.content, out.where);
    token.id = static_cast<std::int32_t>(id);
    token.special = boolOr(entry, "special", out.where, false);
    token.normalized = boolOr(entry, "normalized", out.where, !token.special);
    for (const char* key : {"single_word", "lstrip", "rstrip"}) {
      if (boolOr(entry, key, out.where, false)) {
        unsupported(out.where, fmt::format("{} of added token '{}'", key, token.content));
      }
    }
    const auto [same, fresh] = byId.emplace(token.id, token.content);
    const auto inVocab = out.vocab.find(token.content);
    if ((!fresh && same->second != token.content) ||
        (inVocab != out.vocab.end() && inVocab->second != token.id)) {
      throw Error(ErrorKind::Format,
                  fmt::format("{}: added token '{}' with id {} contradicts the vocabulary",
                              out.where, token.content, token.id));
    }
    out.added.push_back(std::move(token));
  }
}

bool readNormalizer(const json& normalizer, std::string_view where, int depth = 0) {
  if (normalizer.is_null()) return false;
  const std::string& type = requireString(normalizer, "type", where);
  if (type == "NFC") return true;
  if (type != "Sequence" || depth > 4) unsupported(where, fmt::format("normalizer '{}'", type));
  bool nfc = false;
  for (const json& part : requireArray(normalizer, "normalizers", where)) {
    nfc = readNormalizer(part, where, depth + 1) || nfc;
  }
  return nfc;
}

void readTemplate(const json& processor, TokenizerFiles& out) {
  bool textSeen = false;
  const json& tokens = requireObject(processor, "special_tokens", out.where);
  for (const json& part : requireArray(processor, "single", out.where)) {
    if (part.is_object() && part.contains("Sequence")) {
      textSeen = true;
      continue;
    }
    const std::string& name =
        requireString(requireObject(part, "SpecialToken", out.where), "id", out.where);
    const json& spelled = requireArray(requireObject(tokens, name, out.where), "tokens", out.where);
    for (const json& token : spelled) {
      if (!token.is_string()) {
        throw Error(
            ErrorKind::Format,
            fmt::format("{}: special token '{}' is not spelled in strings", out.where, name));
      }
      (textSeen ? out.suffix : out.prefix).push_back(token.get<std::string>());
    }
  }
}

void readPostProcessor(const json& processor, TokenizerFiles& out, int depth = 0) {
  if (processor.is_null()) return;
  const std::string& type = requireString(processor, "type", out.where);
  if (type == "TemplateProcessing") {
    readTemplate(processor, out);
  } else if (type == "Sequence" && depth < 4) {
    for (const json& part : requireArray(processor, "processors", out.where)) {
      readPostProcessor(part, out, depth + 1);
    }
  } else if (type != "ByteLevel") {
    unsupported(out.where, fmt::format("post-processor '{}'", type));
  }
}

std::optional<std::string> tokenNamed(const json& config, const char* key, std::string_view where) {
  const json& value = member(config, key);
  if (value.is_string()) return value.get<std::string>();
  if (value.is_object()) return requireString(value, "content", where);
  return std::nullopt;
}

// tokenizer_config.json outranks special_tokens_map.json.
void readSpecialNames(const fs::path& dir, TokenizerFiles& out) {
  for (const char* name : {"tokenizer_config.json", "special_tokens_map.json"}) {
    const fs::path path = dir / name;
    if (!pathExists(path)) continue;
    const std::string where = path.string();
    const json config = readJson(path, limits);
    if (!config.is_object()) throw Error(ErrorKind::Format, where + ": is no object");
    if (!out.eos) out.eos = tokenNamed(config, "eos_token", where);
    if (!out.bos) out.bos = tokenNamed(config, "bos_token", where);
    if (!out.pad) out.pad = tokenNamed(config, "pad_token", where);
    const json& addBos = member(config, "add_bos_token");
    if (addBos.is_boolean()) {
      out.prefix.clear();
      if (addBos.get<bool>() && out.bos) out.prefix.push_back(*out.bos);
    }
  }
}

// A special token named by the configuration but listed nowhere: split out as in the package, with
// its id in the vocabulary or the next free one.
void addSpecial(const std::optional<std::string>& token, TokenizerFiles& out) {
  if (!token || token->empty()) return;
  std::int32_t next = 0;
  for (const AddedToken& added : out.added) {
    if (added.content == *token) return;
    next = std::max(next, added.id + 1);
  }
  const auto it = out.vocab.find(*token);
  if (it == out.vocab.end()) {
    for (const auto& [text, id] : out.vocab) next = std::max(next, id + 1);
  }
  out.added.push_back({*token, it == out.vocab.end() ? next : it->second, true, false});
}

TokenizerFiles readVocabAndMerges(const fs::path& dir) {
  TokenizerFiles out;
  const fs::path vocabPath = dir / "vocab.json";
  const fs::path mergesPath = dir / "merges.txt";
  out.where = vocabPath.string();
  const std::string vocab = readFile(vocabPath, limits.maxBytes);
  const std::string merges = readFile(mergesPath, limits.maxBytes);
  readVocab(parseJson(vocab, out.where, limits), out.where, out.vocab);
  std::size_t index = 0;
  for (std::size_t at = 0; at < merges.size();) {
    const std::size_t end = std::min(merges.find('\n', at), merges.size());
    std::string_view line = std::string_view(merges).substr(at, end - at);
    at = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with("#version")) continue;
    out.merges.push_back(splitMerge(line, index++, mergesPath.string()));
  }
  Sha256 hash;
  hash.update(fmt::format("vocab.json {}\n", vocab.size()));
  hash.update(vocab);
  hash.update(fmt::format("merges.txt {}\n", merges.size()));
  hash.update(merges);
  out.hash = hash.hexDigest();
  return out;
}

}  // namespace

TokenizerFiles parseTokenizerJson(std::string_view text, std::string_view where) {
  TokenizerFiles out;
  out.where = std::string(where);
  const json root = parseJson(text, where, limits);
  readModel(requireObject(root, "model", where), out);
  readAdded(member(root, "added_tokens"), out);
  out.nfc = readNormalizer(member(root, "normalizer"), where);
  const json& preTokenizer = member(root, "pre_tokenizer");
  if (preTokenizer.is_null()) unsupported(where, "a tokenizer without a pre-tokenizer");
  out.preTokenizer = PreTokenizer(preTokenizer, where);
  readPostProcessor(member(root, "post_processor"), out);
  const json& decoder = member(root, "decoder");
  if (!decoder.is_null() && requireString(decoder, "type", where) != "ByteLevel") {
    unsupported(where, fmt::format("decoder '{}'", requireString(decoder, "type", where)));
  }
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
  TokenizerFiles out;
  if (pathExists(file)) {
    out = parseTokenizerJson(readFile(file, limits.maxBytes), file.string());
    readSpecialNames(dir, out);
  } else if (pathExists(dir / "vocab.json")) {
    out = readVocabAndMerges(dir);
    readSpecialNames(dir, out);
    if (!out.eos && !out.bos) out.eos = out.bos = "<|endoftext|>";
  } else {
    throw Error(ErrorKind::NotFound,
                fmt::format("{} holds neither tokenizer.json nor vocab.json", dir.string()));
  }
  addSpecial(out.eos, out);
  addSpecial(out.bos, out);
  addSpecial(out.pad, out);
  return out;
}

}  // namespace bitfrontier
