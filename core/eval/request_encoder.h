// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/eval/eval_settings.h"

namespace bitfrontier {

class Tokenizer;

/// Token ids of a context and of what is scored after it.
struct EncodedPair {
  std::vector<std::int64_t> context;  ///< never empty
  std::vector<std::int64_t> continuation;
};

/// Turns request strings into token ids exactly as lm-evaluation-harness 0.4.13 does
/// (api/model.py, models/huggingface.py). The tokenizer must outlive it; any thread may use it.
class RequestEncoder {
 public:
  explicit RequestEncoder(const Tokenizer& tokenizer, BosProfile bos = BosProfile::Harness);

  /// White space at the end of the context moves to the continuation, both are encoded together,
  /// and what exceeds the length of the encoded context is the continuation. An empty context
  /// becomes prefix().
  EncodedPair pair(std::string_view context, std::string_view continuation) const;

  /// Windows that score every token of a text once, each after at least one token, none longer
  /// than `maxLength`; the first starts after prefix() (rolling log likelihood).
  std::vector<EncodedPair> windows(std::string_view text, std::int64_t maxLength) const;

  /// The token that stands for "nothing before": beginning of text, else end of text. Throws
  /// Unsupported when the tokenizer names neither.
  std::int64_t prefix() const;

 private:
  std::vector<std::int64_t> plain(std::string_view text) const;
  /// With what the profile puts in front, unless the text spells the prefix token itself.
  std::vector<std::int64_t> full(std::string_view text) const;

  const Tokenizer* tokenizer_;
  std::optional<std::int32_t> prefix_;
  std::string prefixText_;
  std::vector<std::int32_t> front_, back_;
};

}  // namespace bitfrontier
