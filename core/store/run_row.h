// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/eval/task_result.h"
#include "core/quant/counting_rule.h"
#include "core/store/run_record.h"

namespace bitfrontier {

/// A text that many runs have, kept once in a NamePool: eight bytes in each of them. As good as the
/// pool is alive.
class Name {
 public:
  Name() = default;

  const std::string& text() const;
  operator const std::string&() const { return text(); }  // NOLINT(*-explicit-*)
  operator std::string_view() const { return text(); }    // NOLINT(*-explicit-*)
  bool empty() const { return text_ == nullptr || text_->empty(); }
  int compare(const Name& other) const { return text().compare(other.text()); }
  friend bool operator==(const Name& a, const Name& b) {
    return a.text_ == b.text_ || a.text() == b.text();
  }
  friend bool operator==(const Name& a, std::string_view b) { return a.text() == b; }

 private:
  friend class NamePool;
  explicit Name(const std::string* text) : text_(text) {}
  const std::string* text_ = nullptr;
};

/// The texts behind names. One thread at a time may add some while others read names.
class NamePool {
 public:
  Name name(std::string_view text);
  std::size_t size() const { return texts_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  std::unordered_set<std::string, Hash, std::equal_to<>> texts_;
};

/// Stands for a key, RunRecord::key: equal for equal ones, and in practice for no others. Of this
/// process alone.
struct KeyHash {
  std::uint64_t value = 0;
  bool operator==(const KeyHash&) const = default;
};
KeyHash keyHash(std::string_view key);

/// What lists of runs show and points are made of: a RunRecord without what takes its place to
/// keep. The fields have the names and meanings of those of RunRecord. RunStore::find(id) has all.
struct RunRow {
  static constexpr double kAbsent = TaskResult::kAbsent;
  struct Result {
    Name task, taskHash, bosProfile;
    std::int64_t items = 0, itemLimit = 0, maxLength = 0;
    double chance = kAbsent;
    double accuracy = kAbsent, accuracySe = kAbsent;
    double crossEntropy = kAbsent, crossEntropySe = kAbsent;
    double bitsPerByte = kAbsent, wordPerplexity = kAbsent;

    /// As TaskResult::isText().
    bool isText() const {
      const auto known = [](double value) { return value == value; };
      return known(crossEntropy) ||
             (!known(accuracy) && (known(bitsPerByte) || known(wordPerplexity)));
    }
  };

  std::int64_t id = 0;
  KeyHash key;
  Name model, family, modelPath, modelHash;
  Name config, dataType, method, calibration;
  int bits = 16;
  RunStatus status = RunStatus::Done;
  std::int64_t blockSize = 0;
  double parameters = 0;
  ModelBits modelBits;
  Result result;
  double seconds = 0;
  Name evaluatorVersion, device, createdAt, error, source;

  bool published() const { return !source.empty(); }
};

/// Rows of a store in the order of their ids, and the texts that they share.
using RunRowsPtr = std::shared_ptr<const std::vector<RunRow>>;

/// Number of some runs and sums of their ids and of hashes of their texts and numbers: another one
/// when one of them was changed or removed.
struct RunsDigest {
  std::int64_t runs = 0, ids = 0, texts = 0, results = 0;
  bool operator==(const RunsDigest&) const = default;
  RunsDigest operator+(const RunsDigest& more) const {
    return {runs + more.runs, ids + more.ids, texts + more.texts, results + more.results};
  }
};

/// What is new in a store, and whether what was read before still holds.
struct RowsRead {
  RunsDigest before;         ///< of the runs that are not read again
  std::vector<RunRow> rows;  ///< the others, in the order of their ids
  RunsDigest added;          ///< of these
};

/// Calls visit(columnName, field) for every field but `id`, in the order in which they are read.
template <typename Row, typename Visitor>
void visitRowFields(Row& row, Visitor&& visit) {
  visit("key", row.key);
  visit("model", row.model);
  visit("family", row.family);
  visit("model_path", row.modelPath);
  visit("model_hash", row.modelHash);
  visit("parameters", row.parameters);
  visit("config", row.config);
  visit("data_type", row.dataType);
  visit("bits", row.bits);
  visit("block_size", row.blockSize);
  visit("method", row.method);
  visit("model_bits_linear_only", row.modelBits.linearOnly);
  visit("model_bits_all_parameters", row.modelBits.allParameters);
  visit("model_bits_checkpoint_bytes", row.modelBits.checkpointBytes);
  visit("task", row.result.task);
  visit("task_hash", row.result.taskHash);
  visit("items", row.result.items);
  visit("item_limit", row.result.itemLimit);
  visit("chance", row.result.chance);
  visit("accuracy", row.result.accuracy);
  visit("accuracy_se", row.result.accuracySe);
  visit("cross_entropy", row.result.crossEntropy);
  visit("cross_entropy_se", row.result.crossEntropySe);
  visit("bits_per_byte", row.result.bitsPerByte);
  visit("evaluator_version", row.evaluatorVersion);
  visit("device", row.device);
  visit("created_at", row.createdAt);
  visit("seconds", row.seconds);
  visit("status", row.status);
  visit("error", row.error);
  visit("source", row.source);
  visit("bos_profile", row.result.bosProfile);
  visit("max_length", row.result.maxLength);
  visit("calibration", row.calibration);
  visit("word_perplexity", row.result.wordPerplexity);
}

/// Rows of the records, for tests and what has no store.
RunRowsPtr rowsOf(const std::vector<RunRecord>& records);

}  // namespace bitfrontier
