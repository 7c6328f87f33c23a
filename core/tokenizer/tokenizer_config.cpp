// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/tokenizer_config.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"

namespace bitfrontier {

using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr JsonLimits limits{.maxBytes = std::uint64_t{64} << 20, .maxDepth = 32};

constexpr std::array<std::string_view, 7> roles = {
    "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"};

constexpr std::string_view qwenPattern =
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+"
    "[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

std::optional<json> readObject(const fs::path& path) {
  if (!pathExists(path)) return std::nullopt;
  json read = readJson(path, limits);
  if (!read.is_object()) {
    throw Error(ErrorKind::Format, path.string() + ": is no object");
  }
  return read;
}

AddedToken readToken(const json& value, const std::string& where) {
  AddedToken token;
  token.special = true;
  if (value.is_string()) {
    token.content = value.get<std::string>();
    return token;
  }
  token.content = requireString(value, "content", where);
  token.normalized = boolOr(value, "normalized", where, false);
  token.singleWord = boolOr(value, "single_word", where, false);
  token.leftStrip = boolOr(value, "lstrip", where, false);
  token.rightStrip = boolOr(value, "rstrip", where, false);
  token.special = boolOr(value, "special", where, true);
  return token;
}

void addIfNew(AddedToken token, TokenizerFiles& out) {
  for (const AddedToken& added : out.added) {
    if (added.content == token.content) return;
  }
  out.addToken(std::move(token));
}

// The special tokens by role, and the ones without a role.
struct Special {
  std::map<std::string_view, AddedToken> named;
  std::vector<AddedToken> extra;

  void read(const json& config, const std::string& where) {
    for (const std::string_view role : roles) {
      const auto it = config.find(role);
      if (it == config.end() || (!it->is_string() && !it->is_object())) continue;
      named[role] = readToken(*it, where);
    }
    const char* key = config.contains("extra_special_tokens") ? "extra_special_tokens"
                                                              : "additional_special_tokens";
    const auto it = config.find(key);
    if (it == config.end() || (!it->is_array() && !it->is_object())) return;
    extra.clear();
    for (const json& token : *it) extra.push_back(readToken(token, where));
  }
  std::optional<std::string> content(std::string_view role) const {
    const auto it = named.find(role);
    return it == named.end() ? std::nullopt : std::optional(it->second.content);
  }
};

// added_tokens_decoder of tokenizer_config.json: ids as strings, with the tokens.
void addListed(const json& decoder, const std::string& where, TokenizerFiles& out) {
  if (!decoder.is_object()) {
    throw Error(ErrorKind::Format, where + ": 'added_tokens_decoder' is no object");
  }
  std::map<std::int64_t, AddedToken> byId;
  for (const auto& [spelled, token] : decoder.items()) {
    std::int64_t id = -1;
    const auto [end, code] = std::from_chars(spelled.data(), spelled.data() + spelled.size(), id);
    if (code != std::errc() || end != spelled.data() + spelled.size() || id < 0) {
      throw Error(ErrorKind::Format,
                  fmt::format("{}: 'added_tokens_decoder' has the id '{}'", where, spelled));
    }
    AddedToken read = readToken(token, where);
    read.special = boolOr(token, "special", where, false);
    byId.emplace(id, std::move(read));
  }
  for (auto& [id, token] : byId) addIfNew(std::move(token), out);
}

// added_tokens.json: tokens with their ids.
void addOld(const json& list, const std::string& where, const Special& special,
            TokenizerFiles& out) {
  std::map<std::int64_t, std::string> byId;
  for (const auto& [content, id] : list.items()) {
    byId.emplace(requireInt(list, content, where, 0, INT32_MAX), content);
  }
  for (const auto& [id, content] : byId) {
    AddedToken token;
    token.content = content;
    for (const auto& [role, named] : special.named) token.special |= named.content == content;
    for (const AddedToken& extra : special.extra) token.special |= extra.content == content;
    token.normalized = !token.special;
    addIfNew(std::move(token), out);
  }
}

// Normalizer, pre-tokenizer and the special tokens that are meant when none are named.
void chooseClass(const json& config, const std::string& where, Special& special,
                 TokenizerFiles& out) {
  std::string name = stringOr(config, "tokenizer_class", where, "GPT2Tokenizer");
  if (name.ends_with("Fast")) name.resize(name.size() - 4);
  if (name == "GPT2Tokenizer") {
    if (boolOr(config, "add_prefix_space", where, false)) {
      out.preTokenizer = PreTokenizer::gpt2(true);
    }
  } else if (name == "GPTNeoXTokenizer") {
    out.normalizer = Normalizer({{"type", "NFC"}}, where);
  } else if (name == "Qwen2Tokenizer") {
    out.normalizer = Normalizer({{"type", "NFC"}}, where);
    const json split = {{"type", "Split"},
                        {"pattern", {{"Regex", qwenPattern}}},
                        {"behavior", "Isolated"},
                        {"invert", false}};
    const json bytes = {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}};
    out.preTokenizer =
        PreTokenizer({{"type", "Sequence"}, {"pretokenizers", json::array({split, bytes})}}, where);
  } else {
    throw Error(ErrorKind::Unsupported,
                fmt::format("{}: tokenizer_class '{}' without a tokenizer.json is not supported",
                            where, name));
  }
  const json end = "<|endoftext|>";
  for (const std::string_view role : {"bos_token", "eos_token", "unk_token"}) {
    special.named[role] = readToken(end, where);
  }
  if (name == "GPTNeoXTokenizer") special.named["pad_token"] = readToken("<|padding|>", where);
  if (name == "Qwen2Tokenizer") {
    special.named.erase("bos_token");
    special.named["pad_token"] = readToken(end, where);
  }
}

void chooseAround(const json& config, const std::string& where, TokenizerFiles& out) {
  if (boolOr(config, "add_bos_token", where, false) && out.bos) {
    out.prefix.push_back(out.idOf(*out.bos));
  }
  if (boolOr(config, "add_eos_token", where, false) && out.eos) {
    out.suffix.push_back(out.idOf(*out.eos));
  }
}

}  // namespace

void readTokenizerConfig(const fs::path& dir, bool bare, TokenizerFiles& out) {
  const std::string where = (dir / "tokenizer_config.json").string();
  const json config = readObject(dir / "tokenizer_config.json").value_or(json::object());
  Special special;
  if (bare) chooseClass(config, where, special, out);
  special.read(config, where);
  if (const auto it = config.find("added_tokens_decoder"); it != config.end()) {
    addListed(*it, where, out);
  } else {
    const fs::path map = dir / "special_tokens_map.json";
    if (const auto read = readObject(map)) special.read(*read, map.string());
    const fs::path old = dir / "added_tokens.json";
    if (bare) {
      if (const auto read = readObject(old)) addOld(*read, old.string(), special, out);
    }
  }
  for (const std::string_view role : roles) {
    const auto it = special.named.find(role);
    if (it != special.named.end()) addIfNew(it->second, out);
  }
  for (const AddedToken& token : special.extra) addIfNew(token, out);
  out.bos = special.content("bos_token");
  out.eos = special.content("eos_token");
  out.pad = special.content("pad_token");
  if (bare) chooseAround(config, where, out);
}

}  // namespace bitfrontier
