// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/tokenizer/text/piece.h"

namespace bitfrontier {

/// Text on its way through the normalizer.
struct NormalizedText {
  std::string text;
  std::size_t fromStart = 0;  ///< as in Piece
};

/// The `normalizer` of a tokenizer.json: NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Prepend,
/// Replace, Strip, ByteLevel and sequences of them. Immutable.
class Normalizer {
 public:
  /// Leaves text as it is.
  Normalizer() = default;
  /// Throws Unsupported for any other component, Format for a malformed one.
  Normalizer(const nlohmann::json& description, std::string_view where);

  bool empty() const { return steps_.empty(); }
  /// Whether the result is spelled as byteToChar has it.
  bool byteLevel() const { return byteLevel_; }
  NormalizedText apply(const Piece& piece) const;

 private:
  void add(const nlohmann::json& description, std::string_view where, int depth);

  std::vector<std::function<void(NormalizedText&)>> steps_;
  bool byteLevel_ = false;
};

}  // namespace bitfrontier
