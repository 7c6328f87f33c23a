// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/run_row.h"

#include <functional>
#include <map>
#include <type_traits>
#include <utility>
#include <variant>

#include "core/store/run_fields.h"

namespace bitfrontier {

const std::string& Name::text() const {
  static const std::string none;
  return text_ == nullptr ? none : *text_;
}

Name NamePool::name(std::string_view text) {
  if (text.empty()) return {};
  const auto found = texts_.find(text);
  return Name(found != texts_.end() ? &*found : &*texts_.emplace(text).first);
}

KeyHash keyHash(std::string_view key) { return {std::hash<std::string_view>()(key)}; }

RunRowsPtr rowsOf(const std::vector<RunRecord>& records) {
  struct Kept {
    NamePool names;
    std::vector<RunRow> rows;
  };
  auto kept = std::make_shared<Kept>();
  for (const RunRecord& record : records) {
    // Fields meet by the names of their columns.
    using Field = std::variant<const std::string*, double, std::int64_t, RunStatus>;
    std::map<std::string_view, Field> fields;
    visitRunFields(record, [&](const char* name, const auto& field) {
      using T = std::decay_t<decltype(field)>;
      if constexpr (std::is_same_v<T, std::string>) {
        fields[name] = &field;
      } else if constexpr (std::is_integral_v<T>) {
        fields[name] = static_cast<std::int64_t>(field);
      } else {
        fields[name] = field;
      }
    });
    RunRow& row = kept->rows.emplace_back();
    row.id = record.id;
    visitRowFields(row, [&](const char* name, auto& field) {
      using T = std::decay_t<decltype(field)>;
      const Field& from = fields.at(name);
      if constexpr (std::is_same_v<T, Name>) {
        field = kept->names.name(*std::get<const std::string*>(from));
      } else if constexpr (std::is_same_v<T, KeyHash>) {
        field = keyHash(*std::get<const std::string*>(from));
      } else if constexpr (std::is_integral_v<T>) {
        field = static_cast<T>(std::get<std::int64_t>(from));
      } else {
        field = std::get<T>(from);
      }
    });
  }
  const std::vector<RunRow>* rows = &kept->rows;
  return RunRowsPtr(std::move(kept), rows);
}

}  // namespace bitfrontier
