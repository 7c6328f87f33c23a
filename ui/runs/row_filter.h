// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/law/law_point.h"
#include "core/store/run_record.h"

namespace bitfrontier {

/// The language of the filter box. Terms are joined by "and":
///   opt            somewhere in model, family, configuration, task, method or source
///   family:opt     in that field (model, family, type, config, method, source, task, status)
///   bits>=3        numbers: bits, block, params, acc (percent), ce, size (MB), items; with
///                  = != < <= > >=, and lists bits:3,4
///   -word          not
/// Upper and lower case are the same.
class RowFilter {
 public:
  RowFilter() = default;
  explicit RowFilter(std::string_view text);

  bool empty() const { return terms_.empty(); }
  bool matches(const LawPoint& point) const;
  bool matches(const RunRecord& run) const;
  /// One sentence about the first term that means nothing, e.g. an unknown field; empty when fine.
  const std::string& complaint() const { return complaint_; }

  enum class Field {
    Any,
    Model,
    Family,
    Type,
    Config,
    Method,
    Source,
    Task,
    Status,
    Bits,
    Block,
    Parameters,
    Accuracy,
    CrossEntropy,
    Size,
    Items
  };
  enum class Op { Contains, Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual };

 private:
  struct Term {
    Field field = Field::Any;
    Op op = Op::Contains;
    bool negate = false;
    std::string text;             ///< lower case
    std::vector<double> numbers;  ///< of numeric fields; any of them for Equal
  };

  void addTerm(std::string_view word);
  template <typename Row>
  bool matchesRow(const Row& row) const;

  std::vector<Term> terms_;
  std::string complaint_;
};

}  // namespace bitfrontier
