// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/prepared_task.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "core/base/error.h"
#include "core/base/parallel.h"
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

/// Collects requests in item order, joins those with the same input, and lays rows out by length.
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
    std::vector<std::size_t> order(rowOf_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return tokens[a]->size() > tokens[b]->size();
    });
    for (const std::size_t row : order) {
      task.rows.push_back(
          {task.tokens.size(), tokens[row]->size(), task.requests.size(), slots[row].size()});
      task.tokens.insert(task.tokens.end(), tokens[row]->begin(), tokens[row]->end());
      for (const std::size_t slot : slots[row]) {
        const auto& targets = inputs_[slot].targets;
        task.requests.push_back({task.targets.size(), targets.size(), slot});
        task.targets.insert(task.targets.end(), targets.begin(), targets.end());
      }
    }
  }

 private:
  struct Input {
    std::size_t row;
    std::vector<std::int64_t> targets;
  };
  std::map<std::vector<std::int64_t>, std::size_t> rowOf_;
  std::vector<Input> inputs_;
};

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
  planner.finish(prepared);
  return prepared;
}

}  // namespace bitfrontier
