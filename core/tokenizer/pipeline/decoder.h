// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace bitfrontier {

/// The `decoder` of a tokenizer.json: ByteLevel, Replace, ByteFallback, Fuse, Strip, Metaspace and
/// sequences of them. Immutable.
class Decoder {
 public:
  /// Puts spaces between tokens, as `tokenizers` does without a decoder.
  Decoder() = default;
  /// Throws Unsupported for any other component, Format for a malformed one.
  Decoder(const nlohmann::json& description, std::string_view where);

  /// The text of tokens as spelled in the vocabulary; invalid UTF-8 becomes U+FFFD.
  std::string decode(std::vector<std::string> tokens) const;

 private:
  using Step = std::function<void(std::vector<std::string>&)>;
  void add(const nlohmann::json& description, std::string_view where, int depth);
  void addByteLevel();

  std::vector<Step> steps_;
  bool present_ = false;
};

}  // namespace bitfrontier
