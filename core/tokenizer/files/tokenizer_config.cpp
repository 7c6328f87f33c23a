// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/files/tokenizer_config.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/tokenizer/files/special_tokens.h"

namespace bitfrontier {

using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr JsonLimits limits{.maxBytes = std::uint64_t{64} << 20, .maxDepth = 64};

std::optional<json> readObject(const fs::path& path) {
  if (!pathExists(path)) return std::nullopt;
  json read = readJson(path, limits);
  if (!read.is_object()) {
    throw Error(ErrorKind::Format, path.string() + ": is no object");
  }
  return read;
}

// added_tokens_decoder of tokenizer_config.json: ids as strings, with the tokens. The ids say only
// in which order those that the vocabulary does not have get theirs.
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
    byId.emplace(id, readAddedToken(token, false, where));
  }
  for (auto& [id, token] : byId) out.addToken(std::move(token));
}

// added_tokens.json: tokens with their ids. The list of tokenizer.json goes before it where both
// have an id.
void addOld(const json& list, const std::string& where, const SpecialTokens& special,
            TokenizerFiles& out) {
  std::map<std::int64_t, AddedToken> byId = out.listed;
  for (const auto& [content, id] : list.items()) {
    AddedToken token;
    token.content = content;
    token.special = special.marks(content);
    token.normalized = !token.special;
    byId.emplace(requireInt(list, content, where, 0, INT32_MAX), std::move(token));
  }
  for (auto& [id, token] : byId) out.addToken(std::move(token));
}

void chooseAround(const TokenizerSettings& settings, TokenizerFiles& out) {
  const auto around = [&](bool before, bool after) {
    out.prefix.clear();
    out.suffix.clear();
    if (before && out.bos) out.prefix.push_back(out.idOf(*out.bos));
    if (after && out.eos) out.suffix.push_back(out.idOf(*out.eos));
  };
  if (settings.file == TokenizerFile::Vocab) {
    around(boolOr(settings.config, "add_bos_token", settings.where(), false),
           boolOr(settings.config, "add_eos_token", settings.where(), false));
  } else if (settings.kind == TokenizerClass::GptNeoX) {
    around(false, false);
  } else if (settings.kind == TokenizerClass::CodeLlama) {
    around(true, false);
  }
}

}  // namespace

TokenizerSettings readTokenizerSettings(const fs::path& dir, TokenizerFile file) {
  TokenizerSettings settings;
  settings.dir = dir;
  settings.file = file;
  settings.config = readObject(dir / "tokenizer_config.json").value_or(json::object());
  settings.modelConfig = readObject(dir / "config.json").value_or(json::object());
  settings.map = readObject(dir / "special_tokens_map.json");
  settings.addedJson = readObject(dir / "added_tokens.json");
  settings.kind = tokenizerClass(settings.config, settings.modelConfig, file, settings.where());
  return settings;
}

void addSettingsTokens(const TokenizerSettings& settings, TokenizerFiles& out) {
  const std::string where = settings.where();
  SpecialTokens special(settings.kind);
  special.readConfig(settings.config, where);
  const auto decoder = settings.config.find("added_tokens_decoder");
  if (decoder != settings.config.end() && !decoder->is_null()) {
    addListed(*decoder, where, out);
  } else {
    if (settings.map) {
      special.readMap(*settings.map, (settings.dir / "special_tokens_map.json").string());
    }
    if (settings.addedJson) {
      addOld(*settings.addedJson, (settings.dir / "added_tokens.json").string(), special, out);
    }
  }
  special.addTo(out);
  out.bos = special.content("bos_token");
  out.eos = special.content("eos_token");
  out.pad = special.content("pad_token");
  out.splitSpecial = boolOr(settings.config, "split_special_tokens", where, false);
  chooseAround(settings, out);
}

}  // namespace bitfrontier
