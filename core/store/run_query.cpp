// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/run_query.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <SQLiteCpp/SQLiteCpp.h>

#include <array>
#include <limits>
#include <set>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core/base/error.h"
#include "core/store/run_fields.h"

namespace bitfrontier {
namespace {

/// Columns that only lists of runs show.
bool ofPoints(std::string_view name) {
  static const std::set<std::string_view> others{
      "key",         "accuracy_norm",     "accuracy_norm_se", "accuracy_bytes",
      "perplexity",  "accuracy_bytes_se", "perplexity_se",    "byte_perplexity",
      "device",      "task_seconds",      "created_at",       "items_planned",
      "peak_memory", "predicted_memory"};
  return !others.contains(name);
}

void addList(SqlCondition& condition, const std::string& sql,
             std::vector<SqlCondition::Value> values) {
  if (values.empty()) return;
  std::string holes;
  for (std::size_t i = 0; i < values.size(); ++i) holes += i == 0 ? "?" : ", ?";
  condition.sql += " AND " + fmt::format(fmt::runtime(sql), holes);
  for (auto& value : values) condition.values.push_back(std::move(value));
}

template <typename T>
std::vector<SqlCondition::Value> valuesOf(const std::vector<T>& list) {
  std::vector<SqlCondition::Value> values;
  for (const T& value : list) {
    if constexpr (std::is_integral_v<T>) {
      values.emplace_back(static_cast<std::int64_t>(value));
    } else {
      values.emplace_back(value);
    }
  }
  return values;
}

}  // namespace

SqlCondition conditionOf(const RunFilter& filter) {
  SqlCondition condition{"1", {}};
  if (!filter.measured) condition.sql += " AND source <> ''";
  if (!filter.published) condition.sql += " AND source = ''";
  addList(condition, "family IN ({})", valuesOf(filter.families));
  addList(condition, "model IN ({})", valuesOf(filter.models));
  addList(condition, "data_type IN ({})", valuesOf(filter.dataTypes));
  addList(condition, "bits IN ({})", valuesOf(filter.bits));
  addList(condition, "block_size IN ({})", valuesOf(filter.blockSizes));
  addList(condition, "task IN ({})", valuesOf(filter.tasks));
  addList(condition, "(source <> '' OR bos_profile IN ({}))", valuesOf(filter.bosProfiles));
  if (filter.itemLimit) addList(condition, "item_limit IN ({})", {*filter.itemLimit});
  return condition;
}

void RunQuery::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

RunQuery::RunQuery(SQLite::Database& database, std::filesystem::path file, RunColumns columns,
                   const SqlCondition& condition)
    : file_(std::move(file)) {
  std::string sql = "SELECT id";
  RunRecord any;
  visitRunFields(any, [&](const char* name, auto&) {
    read_.push_back(columns == RunColumns::All || ofPoints(name));
    if (read_.back()) sql += std::string(", ") + name;
  });
  sql += " FROM runs WHERE " + condition.sql + " ORDER BY id";
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(database.getHandle(), sql.c_str(),
                                      static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) throw SQLite::Exception(database.getHandle(), code);
  statement_.reset(statement);
  restart(condition.values);
}

void RunQuery::restart(const std::vector<SqlCondition::Value>& values) {
  sqlite3_stmt* statement = statement_.get();
  sqlite3_reset(statement);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const int at = static_cast<int>(i) + 1;
    const auto* text = std::get_if<std::string>(&values[i]);
    const int code = text != nullptr
                         ? sqlite3_bind_text(statement, at, text->data(),
                                             static_cast<int>(text->size()), SQLITE_TRANSIENT)
                         : sqlite3_bind_int64(statement, at, std::get<std::int64_t>(values[i]));
    if (code != SQLITE_OK) throw SQLite::Exception(sqlite3_db_handle(statement), code);
  }
}

bool RunQuery::next() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  throw SQLite::Exception(sqlite3_db_handle(statement_.get()), code);
}

RunRecord RunQuery::record() const {
  sqlite3_stmt* row = statement_.get();
  const auto textAt = [&](int column) {
    const unsigned char* text = sqlite3_column_text(row, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, column));
    return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text), size);
  };
  RunRecord record;
  record.id = sqlite3_column_int64(row, 0);
  std::size_t field = 0;
  int at = 0;
  visitRunFields(record, [&](const char* name, auto& value) {
    using T = std::decay_t<decltype(value)>;
    if (!read_[field++]) return;
    ++at;
    if constexpr (std::is_same_v<T, RunStatus>) {
      const std::string text = textAt(at);
      const auto status = parseRunStatus(text);
      if (!status) {
        throw Error(ErrorKind::Format, fmt::format("{} is damaged: run {} has the {} '{}'",
                                                   file_.string(), record.id, name, text));
      }
      value = *status;
    } else if constexpr (std::is_same_v<T, double>) {
      value = sqlite3_column_type(row, at) == SQLITE_NULL ? std::numeric_limits<double>::quiet_NaN()
                                                          : sqlite3_column_double(row, at);
    } else if constexpr (std::is_same_v<T, std::string>) {
      value = textAt(at);
    } else {
      value = static_cast<T>(sqlite3_column_int64(row, at));
    }
  });
  return record;
}

}  // namespace bitfrontier
