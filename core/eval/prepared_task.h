// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/eval/eval_settings.h"
#include "core/eval/request_encoder.h"
#include "core/eval/task.h"

namespace bitfrontier {

class Tokenizer;

/// A task as token ids, tokenized once for all configurations of a model.
struct PreparedTask {
  /// One forward pass: the tokens that go in. Rows are distinct; longest first in their block.
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
    /// Code points and UTF-8 bytes of each choice; empty when not normalized.
    std::vector<double> lengths, byteLengths;
    std::int64_t tokens = 0;  ///< scored tokens of the first request (all windows of a text)
    std::int64_t words = 0, bytes = 0;  ///< of a document; see TaskItem
  };

  /// Where scoring can be interrupted: after it the first `items` of the order are scored, by the
  /// first `rows` rows.
  struct Block {
    std::size_t items = 0, rows = 0;
  };

  std::string name;
  Scoring scoring = Scoring::Rolling;
  std::string hash;
  std::int64_t itemLimit = 0;
  EvalSettings settings;       ///< as asked for
  std::int64_t maxLength = 0;  ///< tokens of a row at most

  std::vector<std::int64_t> tokens;
  std::vector<std::int64_t> targets;
  std::vector<Row> rows;
  std::vector<Request> requests;
  std::vector<Item> items;
  /// Items in the order of scoring: shuffled, always in the same way, so that the first of them are
  /// a random sample of the task. Documents stay as they are, in one block.
  std::vector<std::size_t> order;
  std::vector<Block> blocks;  ///< the last one is the whole

  std::span<const std::int64_t> rowTokens(const Row& row) const {
    return std::span(tokens).subspan(row.begin, row.length);
  }
};

/// Tokenizes a task, on all cores, for inputs of at most `maxLength` tokens (see inputLength());
/// longer ones lose their beginning. Throws InvalidArgument naming task and item when a
/// continuation is longer than the input may be or has no token of its own.
PreparedTask prepare(const Task& task, const Tokenizer& tokenizer, std::int64_t maxLength,
                     const EvalSettings& settings = {});

/// The shares of a task's items after which a block ends, where blocks are not too small; the last
/// one is 1.
std::span<const double> blockShares();
/// Items after which blocks of a task of `items` end.
std::vector<std::size_t> blockEnds(std::size_t items);

/// Throws InvalidArgument starting with `where` when a pair cannot be scored: no token to score, or
/// more than `maxLength` of them.
void requireScorable(const EncodedPair& pair, std::int64_t maxLength, std::string_view where);

/// A log likelihood asked for outside of any task: one pair, or the windows of a text.
struct EncodedRequest {
  std::vector<EncodedPair> pairs;
  std::string where;  ///< starts error texts, e.g. "stdin:7"
};

/// Requests as a task whose items they are. `maxLength`: tokens of an input at most. Throws as
/// prepare().
PreparedTask prepareRequests(std::string name, std::span<const EncodedRequest> requests,
                             std::int64_t maxLength);

}  // namespace bitfrontier
