// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/run_rows.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "core/base/error.h"
#include "core/store/run_fields.h"

namespace bitfrontier {
namespace {

/// The texts of one column: neighbours are mostly equal, and then the pool is not asked.
class ColumnNames {
 public:
  Name name(NamePool& names, std::string_view text) {
    if (!(last_ == text)) last_ = names.name(text);
    return last_;
  }

 private:
  Name last_;
};

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Prepared = std::unique_ptr<sqlite3_stmt, Finalize>;

// By SQLite's own interface: a large store has a million values.
Prepared prepare(SQLite::Database& database, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(database.getHandle(), sql.c_str(),
                                      static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) throw SQLite::Exception(database.getHandle(), code);
  return Prepared(statement);
}

/// row_digest(values...): a number below 2^32 that is another one when a value is.
void rowDigest(sqlite3_context* context, int count, sqlite3_value** values) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
  const auto add = [&](const void* data, std::size_t size) {
    const auto* bytes = static_cast<const unsigned char*>(data);
    for (std::size_t i = 0; i < size; ++i) hash = (hash ^ bytes[i]) * 0x100000001b3ULL;
  };
  for (int i = 0; i < count; ++i) {
    const int type = sqlite3_value_type(values[i]);
    add(&type, sizeof type);
    if (type == SQLITE_INTEGER) {
      const std::int64_t number = sqlite3_value_int64(values[i]);
      add(&number, sizeof number);
    } else if (type == SQLITE_FLOAT) {
      const double number = sqlite3_value_double(values[i]);
      add(&number, sizeof number);
    } else if (type != SQLITE_NULL) {
      const void* bytes = sqlite3_value_blob(values[i]);
      add(bytes, static_cast<std::size_t>(sqlite3_value_bytes(values[i])));
    }
  }
  sqlite3_result_int64(context, static_cast<std::int64_t>((hash ^ (hash >> 32)) & 0xffffffffULL));
}

/// Of ids above `after` up to `last`. Sums of whole numbers, so that digests of parts add up.
RunsDigest digestOf(SQLite::Database& database, std::int64_t after, std::int64_t last) {
  const int code = sqlite3_create_function_v2(database.getHandle(), "row_digest", -1,
                                              SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr,
                                              rowDigest, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw SQLite::Exception(database.getHandle(), code);
  std::string texts = "row_digest(id", results = texts;
  RunRow any;
  visitRowFields(any, [&](const char* name, const auto& field) {
    const bool text = std::is_same_v<std::decay_t<decltype(field)>, Name>;
    (text ? texts : results) += std::string(", ") + name;
  });
  SQLite::Statement select(database,
                           fmt::format("SELECT count(*), ifnull(sum(id), 0), ifnull(sum({})), 0), "
                                       "ifnull(sum({})), 0) FROM runs WHERE id > ? AND id <= ?",
                                       texts, results));
  select.bind(1, after);
  select.bind(2, last);
  select.executeStep();
  return {select.getColumn(0).getInt64(), select.getColumn(1).getInt64(),
          select.getColumn(2).getInt64(), select.getColumn(3).getInt64()};
}

}  // namespace

RowsRead readRows(SQLite::Database& database, const std::filesystem::path& file, NamePool& names,
                  std::int64_t after) {
  RowsRead read;
  if (after > 0) read.before = digestOf(database, 0, after);
  std::string sql = "SELECT id";
  RunRow any;
  std::size_t columns = 0;
  visitRowFields(any, [&](const char* name, auto&) {
    sql += std::string(", ") + name;
    ++columns;
  });
  sql += " FROM runs WHERE id > ? ORDER BY id";
  const Prepared select = prepare(database, sql);
  sqlite3_stmt* statement = select.get();
  sqlite3_bind_int64(statement, 1, after);
  std::vector<ColumnNames> last(columns);
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    RunRow& row = read.rows.emplace_back();
    row.id = sqlite3_column_int64(statement, 0);
    int at = 0;
    visitRowFields(row, [&](const char* name, auto& field) {
      using T = std::decay_t<decltype(field)>;
      ++at;
      const auto textHere = [&] {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, at));
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, at));
        return text == nullptr ? std::string_view() : std::string_view(text, size);
      };
      if constexpr (std::is_same_v<T, Name>) {
        field = last[static_cast<std::size_t>(at - 1)].name(names, textHere());
      } else if constexpr (std::is_same_v<T, KeyHash>) {
        field = keyHash(textHere());
      } else if constexpr (std::is_same_v<T, RunStatus>) {
        const auto status = parseRunStatus(textHere());
        if (!status) {
          throw Error(ErrorKind::Format, fmt::format("{} is damaged: run {} has the {} '{}'",
                                                     file.string(), row.id, name, textHere()));
        }
        field = *status;
      } else if constexpr (std::is_same_v<T, double>) {
        field = sqlite3_column_type(statement, at) == SQLITE_NULL
                    ? std::numeric_limits<double>::quiet_NaN()
                    : sqlite3_column_double(statement, at);
      } else {
        field = static_cast<T>(sqlite3_column_int64(statement, at));
      }
    });
  }
  if (code != SQLITE_DONE) throw SQLite::Exception(database.getHandle(), code);
  if (!read.rows.empty()) read.added = digestOf(database, after, read.rows.back().id);
  return read;
}

}  // namespace bitfrontier
