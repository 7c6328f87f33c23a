// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/tokenizer/byte_level.h"

namespace bitfrontier {

/// One step that cuts a piece of text into smaller ones. Immutable, safe to share by threads.
class PreTokenizerStep {
 public:
  virtual ~PreTokenizerStep() = default;
  /// The pieces live as long as `text` and the call of `sink`.
  virtual void split(std::string_view text, const PieceSink& sink) const = 0;
};

/// The `pre_tokenizer` of a tokenizer.json: ByteLevel, Split by a regular expression or a fixed
/// string (behaviours Isolated and Removed), and sequences of them that end in ByteLevel.
class PreTokenizer {
 public:
  /// ByteLevel with the GPT-2 pattern and without a prefix space.
  PreTokenizer();
  /// Throws Unsupported for any other component or option, Format for a malformed one.
  PreTokenizer(const nlohmann::json& description, std::string_view where);

  void split(std::string_view text, const PieceSink& sink) const { run(0, text, sink); }

 private:
  void add(const nlohmann::json& description, std::string_view where, int depth);
  void run(std::size_t step, std::string_view text, const PieceSink& sink) const;

  std::vector<std::shared_ptr<const PreTokenizerStep>> steps_;
  bool byteLevel_ = false;
};

}  // namespace bitfrontier
