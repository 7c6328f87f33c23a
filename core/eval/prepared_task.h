// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/eval/task.h"

namespace bitfrontier {

class Tokenizer;

/// Token ids of a context and of what is scored after it.
struct EncodedPair {
  std::vector<std::int64_t> context;  ///< never empty
  std::vector<std::int64_t> continuation;
};

/// Encodes as lm-evaluation-harness 0.4.13 does: white space at the end of the context moves to
/// the continuation, both are encoded together, and what exceeds the length of the encoded context
/// is the continuation. An empty context becomes the beginning-of-text token.
EncodedPair encodePair(const Tokenizer& tokenizer, std::string_view context,
                       std::string_view continuation);

/// Windows that score every token of a document once, each after at least one token, none longer
/// than `maxLength`; the first starts after the beginning-of-text token (rolling log likelihood).
std::vector<EncodedPair> rollingWindows(const Tokenizer& tokenizer, std::string_view text,
                                        std::int64_t maxLength);

/// A task as token ids, tokenized once for all configurations of a model.
struct PreparedTask {
  /// One forward pass: the tokens that go in. Rows are distinct; longest first.
  struct Row {
    std::size_t begin = 0;    ///< into `tokens`
    std::size_t length = 0;   ///< tokens, at most the model's length
    std::size_t request = 0;  ///< first request of this row; requests of a row are adjacent
    std::size_t requests = 0;
  };
  /// One log likelihood: `count` targets, predicted at the last `count` positions of its row.
  struct Request {
    std::size_t target = 0;  ///< into `targets`
    std::size_t count = 0;
    std::size_t slot = 0;  ///< number in item order
  };
  struct Item {
    std::size_t slot = 0;  ///< first of its requests in item order
    std::size_t requests = 0;
    int gold = 0;
    std::vector<double> lengths;  ///< code points of each choice; empty when not normalized
    std::int64_t tokens = 0;      ///< scored tokens of the first request (all windows of a text)
    std::int64_t bytes = 0;       ///< UTF-8 bytes of a document
  };

  std::string name;
  TaskKind kind = TaskKind::Text;
  std::string hash;
  std::int64_t itemLimit = 0;
  std::int64_t maxLength = 0;

  std::vector<std::int64_t> tokens;
  std::vector<std::int64_t> targets;
  std::vector<Row> rows;
  std::vector<Request> requests;
  std::vector<Item> items;

  std::span<const std::int64_t> rowTokens(const Row& row) const {
    return std::span(tokens).subspan(row.begin, row.length);
  }
};

/// Tokenizes a task for a model that takes `maxLength` tokens; longer inputs lose their beginning.
/// Throws InvalidArgument naming task and item when a continuation is longer than that or has no
/// token of its own.
PreparedTask prepare(const Task& task, const Tokenizer& tokenizer, std::int64_t maxLength);

}  // namespace bitfrontier
