// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/files/tokenizer_class.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/base/json.h"

namespace bitfrontier {

using nlohmann::json;

namespace {

constexpr std::string_view qwenPattern =
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+"
    "[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
constexpr std::string_view spacePiece = "\u2581";

std::string_view withoutFast(std::string_view name) {
  if (name.ends_with("Fast")) name.remove_suffix(4);
  return name;
}

TokenizerClass classNamed(std::string_view name) {
  constexpr std::pair<std::string_view, TokenizerClass> names[] = {
      {"GPT2Tokenizer", TokenizerClass::Gpt2},
      {"CodeGenTokenizer", TokenizerClass::Gpt2},
      {"GPTNeoXTokenizer", TokenizerClass::GptNeoX},
      {"Qwen2Tokenizer", TokenizerClass::Qwen2},
      {"LlamaTokenizer", TokenizerClass::Llama},
      {"CodeLlamaTokenizer", TokenizerClass::CodeLlama},
      {"GemmaTokenizer", TokenizerClass::Gemma}};
  for (const auto& [spelled, kind] : names) {
    if (withoutFast(name) == spelled) return kind;
  }
  return TokenizerClass::File;
}

// What transformers registers for the model types that are opened here; nothing for the others.
std::optional<TokenizerClass> registeredFor(std::string_view modelType) {
  constexpr std::pair<std::string_view, TokenizerClass> types[] = {
      {"gpt2", TokenizerClass::Gpt2},        {"opt", TokenizerClass::Gpt2},
      {"gpt_neox", TokenizerClass::GptNeoX}, {"qwen2", TokenizerClass::Qwen2},
      {"qwen3", TokenizerClass::Qwen2},      {"mistral", TokenizerClass::File},
      {"ministral", TokenizerClass::File},   {"ministral3", TokenizerClass::File}};
  for (const auto& [type, kind] : types) {
    if (modelType == type) return kind;
  }
  return std::nullopt;
}

json byteLevel(bool prefixSpace, bool regex) {
  return {{"type", "ByteLevel"},
          {"add_prefix_space", prefixSpace},
          {"trim_offsets", true},
          {"use_regex", regex}};
}

json metaspace(std::string_view scheme) {
  return {{"type", "Metaspace"},
          {"replacement", spacePiece},
          {"prepend_scheme", scheme},
          {"split", false}};
}

json qwenPreTokenizer(bool prefixSpace) {
  const json split = {{"type", "Split"},
                      {"pattern", {{"Regex", qwenPattern}}},
                      {"behavior", "Isolated"},
                      {"invert", false}};
  return {{"type", "Sequence"},
          {"pretokenizers", json::array({split, byteLevel(prefixSpace, false)})}};
}

bool isType(const json& part, std::string_view type) {
  return part.is_object() && part.value("type", json()) == type;
}

// ByteLevel that cuts by the GPT-2 pattern.
bool isGpt2ByteLevel(const json& part) {
  return isType(part, "ByteLevel") && part.value("use_regex", json(true)) == true;
}

bool isQwenPreTokenizer(const json& part) {
  if (!isType(part, "Sequence")) return false;
  const json steps = part.value("pretokenizers", json());
  if (!steps.is_array() || steps.size() != 2 || !isType(steps[1], "ByteLevel")) return false;
  const json split = qwenPreTokenizer(false)["pretokenizers"][0];
  return steps[0].is_object() && steps[0].value("pattern", json()) == split["pattern"] &&
         steps[0].value("behavior", json()) == split["behavior"] &&
         steps[0].value("invert", json(false)) == false &&
         steps[1].value("use_regex", json(true)) == false;
}

// What a class puts in the place of what the file has, and whether nothing of the file is lost.
struct OwnParts {
  json normalizer;
  json preTokenizer;
  bool replaces = false;
};

std::optional<OwnParts> ownParts(TokenizerClass kind, bool prefixSpace, const json& root) {
  const json normalizer = root.value("normalizer", json());
  const json pre = root.value("pre_tokenizer", json());
  const bool composed = normalizer.is_null() || isType(normalizer, "NFC");
  const bool gpt2 = pre.is_null() || isGpt2ByteLevel(pre);
  switch (kind) {
    case TokenizerClass::Gpt2:
      return OwnParts{nullptr, byteLevel(prefixSpace, true), normalizer.is_null() && gpt2};
    case TokenizerClass::GptNeoX:
      return OwnParts{{{"type", "NFC"}}, byteLevel(prefixSpace, true), composed && gpt2};
    case TokenizerClass::Qwen2:
      return OwnParts{{{"type", "NFC"}},
                      qwenPreTokenizer(prefixSpace),
                      composed && (pre.is_null() || isQwenPreTokenizer(pre))};
    default:
      return std::nullopt;
  }
}

// Takes steps of a type out of a part, which may be a sequence with its steps under `list`.
bool removeSteps(json& part, std::string_view type, const char* list) {
  if (isType(part, type)) {
    part = nullptr;
    return true;
  }
  if (!isType(part, "Sequence") || !part.contains(list) || !part[list].is_array()) return false;
  bool removed = false;
  for (auto it = part[list].begin(); it != part[list].end();) {
    const bool found = isType(*it, type);
    it = found ? part[list].erase(it) : it + 1;
    removed = removed || found;
  }
  return removed;
}

bool hasStep(json part, std::string_view type, const char* list) {
  return removeSteps(part, type, list);
}

// Llama's pieces: add_prefix_space, where it is stated, decides whether a space is put in front;
// how that is done stays as the file has it.
bool statePrefixSpace(bool wanted, bool legacy, json& root) {
  json& normalizer = root["normalizer"];
  json& pre = root["pre_tokenizer"];
  const bool prepends = hasStep(normalizer, "Prepend", "normalizers");
  const bool cuts = isType(pre, "Metaspace");
  const json old = cuts ? pre.value("add_prefix_space", json(true)) : json(false);
  const json scheme = cuts ? pre.value("prepend_scheme", json("always")) : json("never");
  const bool now = prepends || (cuts && scheme != "never" && old != false);
  if (wanted == now || (!cuts && !pre.is_null())) return false;
  if (wanted) {
    pre = metaspace(legacy ? "always" : "first");
    return true;
  }
  removeSteps(normalizer, "Prepend", "normalizers");
  if (cuts) {
    pre.erase("add_prefix_space");
    pre["prepend_scheme"] = "never";
  }
  removeSteps(root["decoder"], "Strip", "decoders");
  return true;
}

}  // namespace

TokenizerClass tokenizerClass(const json& config, const json& modelConfig, TokenizerFile file,
                              std::string_view where) {
  std::string name = stringOr(config, "tokenizer_class", where, "");
  if (name.empty()) name = stringOr(modelConfig, "tokenizer_class", "config.json", "");
  const std::string modelType = stringOr(modelConfig, "model_type", "config.json", "");
  // The class that files of this model type name is known to be wrong.
  if (modelType == "qwen2") return TokenizerClass::Qwen2;
  const auto registered = registeredFor(modelType);
  if (name.empty()) {
    const bool alone = modelType.empty() && file == TokenizerFile::Vocab;
    return registered.value_or(alone ? TokenizerClass::Gpt2 : TokenizerClass::File);
  }
  // Without a tokenizer.json there is nothing to follow but the class.
  if (registered == TokenizerClass::File && file != TokenizerFile::Vocab) return *registered;
  const TokenizerClass named = classNamed(name);
  if (named == TokenizerClass::Llama && file == TokenizerFile::ByteLevel) {
    return TokenizerClass::File;
  }
  return named;
}

bool applyTokenizerClass(TokenizerClass kind, const json& config, std::string_view where,
                         json& root) {
  const auto stated = config.find("add_prefix_space");
  const bool isStated = stated != config.end() && !stated->is_null();
  bool prefixSpace = boolOr(config, "add_prefix_space", where, false);
  if (kind == TokenizerClass::Llama || kind == TokenizerClass::CodeLlama) {
    const bool legacy = boolOr(config, "legacy", where, false);
    return isStated && statePrefixSpace(prefixSpace, legacy, root);
  }
  const json pre = root.value("pre_tokenizer", json());
  if (stated != config.end() && !isStated && isGpt2ByteLevel(pre)) {
    prefixSpace = pre.value("add_prefix_space", json(true)) == true;
  }
  const auto own = ownParts(kind, prefixSpace, root);
  if (!own) return false;
  const json before = {root.value("normalizer", json()), root.value("pre_tokenizer", json())};
  if (own->replaces) {
    root["normalizer"] = own->normalizer;
    root["pre_tokenizer"] = own->preTokenizer;
  } else if (isType(pre, "ByteLevel")) {
    root["pre_tokenizer"]["add_prefix_space"] = prefixSpace;
  }
  return before != json{root["normalizer"], root["pre_tokenizer"]};
}

void describeTokenizerClass(TokenizerClass kind, const json& config, std::string_view where,
                            json& root) {
  if (!ownParts(kind, false, root)) {
    const std::string name = stringOr(config, "tokenizer_class", where, "");
    throw Error(ErrorKind::Unsupported,
                name.empty()
                    ? fmt::format("{}: no tokenizer_class says how vocab.json is to be read", where)
                    : fmt::format("{}: tokenizer_class '{}' without a tokenizer.json is not "
                                  "supported",
                                  where, name));
  }
  applyTokenizerClass(kind, config, where, root);
}

}  // namespace bitfrontier
