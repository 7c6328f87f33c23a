// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/prepared_task.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/eval/python_text.h"

namespace bitfrontier {
namespace {

/// A pair as it enters the model: the last `maxLength` tokens before the final one.
struct ModelInput {
  std::vector<std::int64_t> tokens;
  std::vector<std::int64_t> targets;
};

ModelInput modelInput(const EncodedPair& pair, std::int64_t maxLength, std::string_view where) {
  requireScorable(pair, maxLength, where);
  ModelInput input;
  input.tokens = pair.context;
  input.tokens.insert(input.tokens.end(), pair.continuation.begin(), pair.continuation.end() - 1);
  const auto limit = static_cast<std::size_t>(maxLength);
  if (input.tokens.size() > limit) {
    input.tokens.erase(input.tokens.begin(),
                       input.tokens.end() - static_cast<std::ptrdiff_t>(limit));
  }
  input.targets = pair.continuation;
  return input;
}

/// A permutation that is the same wherever the task is the same.
std::vector<std::size_t> shuffled(std::size_t items, const std::string& hash) {
  std::vector<std::size_t> order(items);
  std::iota(order.begin(), order.end(), std::size_t{0});
  Rng random(std::stoull(sha256Hex(hash).substr(0, 16), nullptr, 16));
  for (std::size_t left = items; left > 1; --left) {
    std::swap(order[left - 1], order[random.below(left)]);
  }
  return order;
}

/// Collects requests in item order, joins those with the same input, and lays rows out by block and
/// length.
class Planner {
 public:
  std::size_t add(ModelInput input) {
    const auto [at, fresh] = rowOf_.try_emplace(std::move(input.tokens), rowOf_.size());
    static_cast<void>(fresh);
    inputs_.push_back({at->second, std::move(input.targets)});
    return inputs_.size() - 1;
  }

  void finish(PreparedTask& task) const {
    std::vector<const std::vector<std::int64_t>*> tokens(rowOf_.size());
    for (const auto& [ids, row] : rowOf_) tokens[row] = &ids;
    std::vector<std::vector<std::size_t>> slots(rowOf_.size());
    for (std::size_t slot = 0; slot < inputs_.size(); ++slot) {
      slots[inputs_[slot].row].push_back(slot);
    }
    const std::vector<std::size_t> blocks = blocksOfRows(task);
    std::vector<std::size_t> order(rowOf_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      if (blocks[a] != blocks[b]) return blocks[a] < blocks[b];
      return tokens[a]->size() > tokens[b]->size();
    });
    for (const std::size_t row : order) {
      ++task.blocks[blocks[row]].rows;
      task.rows.push_back(
          {task.tokens.size(), tokens[row]->size(), task.requests.size(), slots[row].size()});
      task.tokens.insert(task.tokens.end(), tokens[row]->begin(), tokens[row]->end());
      for (const std::size_t slot : slots[row]) {
        const auto& targets = inputs_[slot].targets;
        task.requests.push_back({task.targets.size(), targets.size(), slot});
        task.targets.insert(task.targets.end(), targets.begin(), targets.end());
      }
    }
    for (std::size_t b = 1; b < task.blocks.size(); ++b) {
      task.blocks[b].rows += task.blocks[b - 1].rows;
    }
  }

 private:
  /// The first block that needs the row.
  std::vector<std::size_t> blocksOfRows(const PreparedTask& task) const {
    std::vector<std::size_t> blocks(rowOf_.size(), task.blocks.size() - 1);
    std::size_t block = 0;
    for (std::size_t place = 0; place < task.order.size(); ++place) {
      while (place >= task.blocks[block].items) ++block;
      const PreparedTask::Item& item = task.items[task.order[place]];
      for (std::size_t slot = item.slot; slot < item.slot + item.requests; ++slot) {
        std::size_t& first = blocks[inputs_[slot].row];
        first = std::min(first, block);
      }
    }
    return blocks;
  }

  struct Input {
    std::size_t row;
    std::vector<std::int64_t> targets;
  };
  std::map<std::vector<std::int64_t>, std::size_t> rowOf_;
  std::vector<Input> inputs_;
};

/// Items as they come, with no place to stop before the end.
void inOneBlock(PreparedTask& task) {
  task.order.resize(task.items.size());
  std::iota(task.order.begin(), task.order.end(), std::size_t{0});
  task.blocks = {{task.items.size()}};
}

/// The pairs of every item; items are shared out among threads.
std::vector<std::vector<EncodedPair>> encodeItems(const Task& task, const RequestEncoder& encoder,
                                                  std::int64_t maxLength) {
  std::vector<std::vector<EncodedPair>> encoded(task.items.size());
  const auto encode = [&](std::size_t index) {
    const TaskItem& item = task.items[index];
    if (task.scoring == Scoring::Rolling) {
      encoded[index] = encoder.windows(item.requests.front().continuation, maxLength);
      return;
    }
    for (const TextRequest& request : item.requests) {
      encoded[index].push_back(encoder.pair(request.context, request.continuation));
    }
  };
  constexpr int kWorthAThread = 64;
  const int threads =
      std::min(machineThreads(), static_cast<int>(task.items.size()) / kWorthAThread + 1);
  parallelFor(task.items.size(), 1, threads, {},
              [&](std::size_t, std::size_t index, std::size_t) { encode(index); });
  return encoded;
}

}  // namespace

std::span<const double> blockShares() {
  static constexpr std::array kShares{0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 1.0};
  return kShares;
}

std::vector<std::size_t> blockEnds(std::size_t items) {
  constexpr std::size_t kLeast = 32;  // fewer tell nothing and fill no batch
  std::vector<std::size_t> ends;
  for (const double share : blockShares()) {
    const auto end = static_cast<std::size_t>(std::ceil(share * static_cast<double>(items)));
    const std::size_t before = ends.empty() ? 0 : ends.back();
    if (share < 1 && (end + kLeast > items || end - before < kLeast)) continue;
    ends.push_back(end);
  }
  return ends;
}

void requireScorable(const EncodedPair& pair, std::int64_t maxLength, std::string_view where) {
  if (pair.continuation.empty()) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{}: the continuation has no token of its own", where));
  }
  if (static_cast<std::int64_t>(pair.continuation.size()) > maxLength) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{}: the continuation has {} tokens, the model takes {}", where,
                            pair.continuation.size(), maxLength));
  }
}

PreparedTask prepare(const Task& task, const Tokenizer& tokenizer, std::int64_t maxLength,
                     const EvalSettings& settings) {
  PreparedTask prepared;
  prepared.name = task.name;
  prepared.scoring = task.scoring;
  prepared.hash = task.hash;
  prepared.itemLimit = task.itemLimit;
  prepared.settings = settings;
  prepared.maxLength = maxLength;
  const auto encoded = encodeItems(task, RequestEncoder(tokenizer, settings.bos), maxLength);
  Planner planner;
  std::size_t slot = 0;
  for (std::size_t index = 0; index < task.items.size(); ++index) {
    const TaskItem& item = task.items[index];
    const std::string where = fmt::format("task {}, item {}", task.name, index + 1);
    PreparedTask::Item out;
    out.slot = slot;
    out.gold = item.gold;
    out.words = item.words;
    out.bytes = item.bytes;
    for (const EncodedPair& pair : encoded[index]) {
      const auto tokens = static_cast<std::int64_t>(pair.continuation.size());
      if (out.tokens == 0 || task.scoring == Scoring::Rolling) out.tokens += tokens;
      slot = planner.add(modelInput(pair, maxLength, where)) + 1;
    }
    if (task.normalized) {
      for (const TextRequest& request : item.requests) {
        const std::string_view choice =
            std::string_view(request.continuation).substr(task.delimiterBytes);
        out.lengths.push_back(static_cast<double>(python::length(choice)));
        out.byteLengths.push_back(static_cast<double>(choice.size()));
      }
    }
    out.requests = slot - out.slot;
    if (out.requests == 0) {
      throw Error(ErrorKind::InvalidArgument, fmt::format("{}: the text has no tokens", where));
    }
    prepared.items.push_back(std::move(out));
  }
  if (task.scoring == Scoring::Rolling) {
    inOneBlock(prepared);
  } else {
    prepared.order = shuffled(prepared.items.size(), task.hash);
    for (const std::size_t end : blockEnds(prepared.items.size())) prepared.blocks.push_back({end});
  }
  planner.finish(prepared);
  return prepared;
}

PreparedTask prepareRequests(std::string name, std::span<const EncodedRequest> requests,
                             std::int64_t maxLength) {
  PreparedTask prepared;
  prepared.name = std::move(name);
  prepared.maxLength = maxLength;
  Planner planner;
  std::size_t slot = 0;
  for (const EncodedRequest& request : requests) {
    PreparedTask::Item out;
    out.slot = slot;
    out.requests = request.pairs.size();
    for (const EncodedPair& pair : request.pairs) {
      out.tokens += static_cast<std::int64_t>(pair.continuation.size());
      slot = planner.add(modelInput(pair, maxLength, request.where)) + 1;
    }
    prepared.items.push_back(std::move(out));
  }
  inOneBlock(prepared);
  planner.finish(prepared);
  return prepared;
}

}  // namespace bitfrontier
