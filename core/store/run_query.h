// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/store/run_record.h"
#include "core/store/run_store.h"

struct sqlite3_stmt;
namespace SQLite {
class Database;
}

namespace bitfrontier {

/// Which columns of runs are read; fields of others stay as they are in a new RunRecord.
enum class RunColumns {
  All,
  OfPoints,  ///< what points are made of and what says how long and why not
};

/// Part of a statement with `?` for each of its values.
struct SqlCondition {
  using Value = std::variant<std::int64_t, std::string>;
  std::string sql;
  std::vector<Value> values;
};

/// True of the runs that pass every list of the filter, as matches() says it.
SqlCondition conditionOf(const RunFilter& filter);

/// Rows of the table of runs, in the order of their ids. Column by column through SQLite's own
/// interface: a large store has a million values. Throws SQLite::Exception, and Error(Format)
/// naming `file` for a status that there is not.
class RunQuery {
 public:
  RunQuery(SQLite::Database& database, std::filesystem::path file, RunColumns columns,
           const SqlCondition& condition);

  /// Starts again with other values in the condition.
  void restart(const std::vector<SqlCondition::Value>& values);
  bool next();
  /// The current row, without outcomes of items.
  RunRecord record() const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  std::filesystem::path file_;
  std::vector<bool> read_;  ///< by the place of a field
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace bitfrontier
