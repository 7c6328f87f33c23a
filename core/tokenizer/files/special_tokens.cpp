// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/files/special_tokens.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/base/json.h"

namespace bitfrontier {

using nlohmann::json;

namespace {

constexpr std::array<std::string_view, 7> roles = {
    "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"};

bool isRole(std::string_view key) {
  return std::find(roles.begin(), roles.end(), key) != roles.end();
}

bool isToken(const json& value) { return value.is_string() || value.is_object(); }

AddedToken plainToken(std::string content) {
  AddedToken token;
  token.content = std::move(content);
  token.special = true;
  return token;
}

}  // namespace

AddedToken readAddedToken(const json& value, bool special, const std::string& where) {
  if (value.is_string()) return plainToken(value.get<std::string>());
  AddedToken token;
  token.content = requireString(value, "content", where);
  token.special = boolOr(value, "special", where, special);
  token.normalized = boolOr(value, "normalized", where, !token.special);
  token.singleWord = boolOr(value, "single_word", where, false);
  token.leftStrip = boolOr(value, "lstrip", where, false);
  token.rightStrip = boolOr(value, "rstrip", where, false);
  return token;
}

SpecialTokens::SpecialTokens(TokenizerClass kind) : kind_(kind) {
  const auto all = [this](std::initializer_list<std::pair<const char*, const char*>> tokens) {
    for (const auto& [role, content] : tokens) fill(role, plainToken(content), false);
  };
  constexpr const char* end = "<|endoftext|>";
  switch (kind) {
    case TokenizerClass::File:
      break;
    case TokenizerClass::Gpt2:
      all({{"bos_token", end}, {"eos_token", end}, {"unk_token", end}});
      break;
    case TokenizerClass::GptNeoX:
      all({{"bos_token", end},
           {"eos_token", end},
           {"unk_token", end},
           {"pad_token", "<|padding|>"}});
      break;
    case TokenizerClass::Qwen2:
      all({{"eos_token", end}, {"unk_token", end}, {"pad_token", end}});
      break;
    case TokenizerClass::Llama:
    case TokenizerClass::CodeLlama:
      all({{"bos_token", "<s>"}, {"eos_token", "</s>"}, {"unk_token", "<unk>"}});
      break;
    case TokenizerClass::Gemma:
      all({{"bos_token", "<bos>"},
           {"eos_token", "<eos>"},
           {"unk_token", "<unk>"},
           {"pad_token", "<pad>"},
           {"mask_token", "<mask>"}});
      break;
  }
  if (kind != TokenizerClass::CodeLlama) return;
  all({{"prefix_token", "\u2581<PRE>"},
       {"middle_token", "\u2581<MID>"},
       {"suffix_token", "\u2581<SUF>"},
       {"eot_token", "\u2581<EOT>"},
       {"fill_token", "<FILL_ME>"}});
}

void SpecialTokens::fill(const std::string& role, AddedToken token, bool marks) {
  token.special = true;
  Named named{role, std::move(token), marks};
  for (Named& known : named_) {
    if (known.role != role) continue;
    known = std::move(named);
    return;
  }
  named_.push_back(std::move(named));
}

void SpecialTokens::readRoles(const json& object, bool map, const std::string& where) {
  for (const auto& [key, value] : object.items()) {
    if (!isRole(key) && !(key.ends_with("_token") && isToken(value))) continue;
    if (value.is_null()) {
      std::erase_if(named_, [role = key](const Named& known) { return known.role == role; });
    } else if (isToken(value)) {
      fill(key, readAddedToken(value, map, where), isRole(key) && (map || value.is_string()));
    }
  }
}

void SpecialTokens::readExtra(const json& list, bool special, bool marks,
                              const std::string& where) {
  if (list.is_object()) {
    for (const auto& [role, token] : list.items()) {
      fill(role, readAddedToken(token, special, where), false);
    }
  } else if (list.is_array()) {
    for (const json& token : list) {
      extra_.push_back({"", readAddedToken(token, special, where), marks && token.is_string()});
    }
  }
}

void SpecialTokens::readConfig(const json& config, const std::string& where) {
  readRoles(config, false, where);
  const auto member = [&](const char* key) {
    const auto it = config.find(key);
    return it == config.end() ? json() : *it;
  };
  const json extra = member("extra_special_tokens");
  const json older = member("additional_special_tokens");
  extraStated_ = extra.is_array() || !older.empty();
  readExtra(extra, false, true, where);
  if (extra.empty() || extra.is_object()) readExtra(older, false, true, where);
}

void SpecialTokens::readMap(const json& map, const std::string& where) {
  readRoles(map, true, where);
  if (const auto it = map.find("extra_special_tokens"); it != map.end()) {
    readExtra(*it, true, true, where);
  }
  const auto older = map.find("additional_special_tokens");
  if (older != map.end() && !extraStated_) readExtra(*older, true, false, where);
}

std::optional<std::string> SpecialTokens::content(std::string_view role) const {
  for (const Named& known : named_) {
    if (known.role == role) return known.token.content;
  }
  return std::nullopt;
}

bool SpecialTokens::marks(std::string_view content) const {
  const auto does = [&](const Named& known) {
    return known.marks && known.token.content == content;
  };
  return std::any_of(named_.begin(), named_.end(), does) ||
         std::any_of(extra_.begin(), extra_.end(), does);
}

void SpecialTokens::addTo(TokenizerFiles& out) const {
  // Roles in their own order, then what files and classes call by other names.
  std::vector<const AddedToken*> all;
  for (const std::string_view role : roles) {
    for (const Named& known : named_) {
      if (known.role == role) all.push_back(&known.token);
    }
  }
  for (const Named& known : named_) {
    if (!isRole(known.role)) all.push_back(&known.token);
  }
  for (const Named& known : extra_) all.push_back(&known.token);
  for (const AddedToken* token : all) {
    if (!out.isAdded(token->content)) out.addToken(*token);
  }
  if (kind_ != TokenizerClass::Qwen2) return;
  // This class adds all of them once more, without their flags.
  for (const AddedToken* token : all) out.addToken(plainToken(token->content));
}

}  // namespace bitfrontier
