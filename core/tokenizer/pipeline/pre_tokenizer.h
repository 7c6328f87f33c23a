// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/tokenizer/text/piece.h"

namespace bitfrontier {

/// One step that cuts a piece of text into smaller ones, and may respell them. Immutable, safe to
/// share by threads.
class PreTokenizerStep {
 public:
  virtual ~PreTokenizerStep() = default;
  /// The pieces live as long as `piece` and the call of `sink`. None is empty.
  virtual void split(const Piece& piece, const Sink<const Piece&>& sink) const = 0;
};

/// The `pre_tokenizer` of a tokenizer.json: ByteLevel, Split by a regular expression or a fixed
/// string, Digits, Punctuation, Metaspace, Whitespace, WhitespaceSplit, CharDelimiterSplit,
/// BertPreTokenizer and sequences of them.
class PreTokenizer {
 public:
  /// Leaves text in one piece.
  PreTokenizer() = default;
  /// `bytesAlready`: the text comes in spelled by byteToChar. Throws Unsupported for any other
  /// component or option, Format for a malformed one.
  PreTokenizer(const nlohmann::json& description, std::string_view where,
               bool bytesAlready = false);

  /// Whether the pieces are raw bytes for a byte-level vocabulary; else they are text for the
  /// vocabulary as it is.
  bool rawBytes() const { return rawBytes_; }
  /// None of the pieces is empty.
  void split(const Piece& piece, const PieceSink& sink) const;

 private:
  void add(const nlohmann::json& description, std::string_view where, int depth);
  void finish(bool bytesAlready);
  void run(std::size_t step, const Piece& piece, const PieceSink& sink) const;

  std::vector<std::shared_ptr<const PreTokenizerStep>> steps_;
  bool rawBytes_ = false;
};

}  // namespace bitfrontier
