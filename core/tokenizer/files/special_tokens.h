// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/tokenizer/files/tokenizer_class.h"
#include "core/tokenizer/files/tokenizer_files.h"

namespace bitfrontier {

/// A token as tokenizer_config.json and its neighbours spell it: a string, or an object with
/// "content" and flags. Throws Format.
AddedToken readAddedToken(const nlohmann::json& value, bool special, const std::string& where);

/// The special tokens by their role, such as "bos_token", and those without one, as transformers
/// 5.23 gathers them.
class SpecialTokens {
 public:
  /// Starts with those that the class means when no file names them.
  explicit SpecialTokens(TokenizerClass kind);
  /// Takes over tokenizer_config.json. A role that is null there is no longer filled.
  void readConfig(const nlohmann::json& config, const std::string& where);
  /// Takes over special_tokens_map.json.
  void readMap(const nlohmann::json& map, const std::string& where);

  std::optional<std::string> content(std::string_view role) const;
  /// Whether a token of added_tokens.json counts as special: one that has a role or is an extra one
  /// and is given as a string in tokenizer_config.json or has a role in special_tokens_map.json.
  bool marks(std::string_view content) const;
  /// Adds those that `out` does not have.
  void addTo(TokenizerFiles& out) const;

 private:
  struct Named {
    std::string role;  ///< empty for extra ones
    AddedToken token;
    bool marks = false;
  };
  void readRoles(const nlohmann::json& object, bool map, const std::string& where);
  void fill(const std::string& role, AddedToken token, bool marks);
  void readExtra(const nlohmann::json& list, bool special, bool marks, const std::string& where);

  TokenizerClass kind_;
  std::vector<Named> named_;
  std::vector<Named> extra_;
  bool extraStated_ = false;
};

}  // namespace bitfrontier
