// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/import_csv.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "core/base/error.h"
#include "core/store/import/csv.h"
#include "core/store/import/csv_items.h"
#include "core/store/import/csv_record.h"
#include "core/store/import/csv_row.h"
#include "core/store/import/table_columns.h"

namespace bitfrontier {
namespace {

/// Tasks that the mapping names; {""} when the file's rows are one task each.
std::vector<std::string> tasksOf(const std::vector<CsvMapping>& mapping) {
  std::vector<std::string> tasks;
  for (const CsvMapping& entry : mapping) {
    if (!entry.task.empty() && std::find(tasks.begin(), tasks.end(), entry.task) == tasks.end()) {
      tasks.push_back(entry.task);
    }
  }
  if (tasks.empty()) tasks.emplace_back();
  return tasks;
}

void checkMapping(const CsvTable& table, const std::filesystem::path& file,
                  const std::vector<CsvMapping>& mapping) {
  for (const CsvMapping& entry : mapping) {
    if (entry.constant || (entry.from.find('{') != std::string::npos && !table.has(entry.from)))
      continue;
    if (!table.has(entry.from)) {
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("{} has no column \"{}\" for {}; its columns are {}", file.string(),
                              entry.from, entry.field, fmt::join(table.columns(), ", ")));
    }
  }
}

}  // namespace

const std::vector<std::string>& csvImportFields() {
  static const std::vector<std::string> fields{"model",
                                               "family",
                                               "parameters",
                                               "linear_parameters",
                                               "config",
                                               "data_type",
                                               "bits",
                                               "block_size",
                                               "method",
                                               "bits_per_parameter",
                                               "total_bits",
                                               "size_gib",
                                               "size_gb",
                                               "size_mib",
                                               "size_mb",
                                               "size_bytes",
                                               "file_size",
                                               "task",
                                               "items",
                                               "item_limit",
                                               "chance",
                                               "accuracy",
                                               "accuracy_percent",
                                               "accuracy_se",
                                               "accuracy_se_percent",
                                               "perplexity",
                                               "perplexity_se",
                                               "cross_entropy",
                                               "cross_entropy_se",
                                               "bits_per_byte",
                                               "item",
                                               "correct",
                                               "log_likelihood",
                                               "seconds",
                                               "source"};
  return fields;
}

CsvMapping parseCsvMapping(std::string_view text, bool constant) {
  const std::size_t equal = text.find('=');
  CsvMapping entry;
  entry.constant = constant;
  if (equal != std::string_view::npos) {
    entry.field = text.substr(0, equal);
    entry.from = text.substr(equal + 1);
    if (const std::size_t colon = entry.field.find(':'); colon != std::string::npos) {
      entry.task = entry.field.substr(colon + 1);
      entry.field.resize(colon);
    }
  }
  if (entry.field.empty() || entry.from.empty()) {
    throw Error(
        ErrorKind::InvalidArgument,
        fmt::format("a mapping is field=column (as in accuracy=acc_mean), not \"{}\"", text));
  }
  const auto& fields = csvImportFields();
  if (std::find(fields.begin(), fields.end(), entry.field) == fields.end()) {
    throw Error(ErrorKind::InvalidArgument, fmt::format("there is no field \"{}\"; fields are {}",
                                                        entry.field, fmt::join(fields, ", ")));
  }
  return entry;
}

std::vector<CsvMapping> parseCsvMappings(std::string_view text, bool constant) {
  std::vector<std::string> pieces(1);
  char quote = '\0';
  for (const char c : text) {
    if (quote != '\0' ? c == quote : (c == '"' || c == '\'')) {
      quote = quote == '\0' ? c : '\0';
    } else if (c == ',' && quote == '\0') {
      pieces.emplace_back();
    } else {
      pieces.back() += c;
    }
  }
  // Every mapping has a '='; what has none goes on with a name that has a comma ("acc,none").
  for (std::size_t i = 1; i < pieces.size();) {
    if (pieces[i].find('=') != std::string::npos) {
      ++i;
      continue;
    }
    pieces[i - 1] += "," + pieces[i];
    pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(i));
  }
  std::vector<CsvMapping> out;
  for (const std::string& piece : pieces) out.push_back(parseCsvMapping(piece, constant));
  return out;
}

namespace {

std::string taskOf(const CsvRowReader& row, const std::string& task, const ImportOptions& options) {
  std::string name = task.empty() ? row.text("task") : task;
  if (name.empty()) name = options.task;
  return name.empty() ? "accuracy" : name;
}

/// One record for each row and task; rows without a result are counted.
std::size_t readRows(const CsvTable& table, const std::filesystem::path& file,
                     const std::vector<CsvMapping>& mapping, const ImportOptions& options,
                     CsvAssumptions& assumed, std::vector<RunRecord>& runs) {
  std::set<std::string> keys;
  const std::vector<std::string> tasks = tasksOf(mapping);
  std::size_t empty = 0;
  for (const CsvTable::Row& cells : table.rows()) {
    for (const std::string& task : tasks) {
      const CsvRowReader row(table, cells, mapping, task);
      TaskResult result;
      result.task = taskOf(row, task, options);
      result.items = row.whole("items", 0, std::int64_t{1} << 40, 0);
      result.itemLimit = row.whole("item_limit", 0, std::int64_t{1} << 40, 0);
      readCsvResult(row, result);
      if (std::isnan(result.accuracy) && std::isnan(result.crossEntropy)) {
        ++empty;
        continue;
      }
      if (!std::isnan(result.accuracy) && !std::isnan(result.crossEntropy)) {
        row.fail("accuracy",
                 "a row has an accuracy and a perplexity; map them to two tasks "
                 "(accuracy:piqa=..., perplexity:wikitext=...)");
      }
      RunRecord run = csvRun(row, file, options, assumed);
      run.result = std::move(result);
      run.key = importKey(run);
      if (!keys.insert(run.key).second) {
        table.fail(cells.front(), fmt::format("{} {} on {} is there twice", run.model, run.config,
                                              run.result.task));
      }
      runs.push_back(std::move(run));
    }
  }
  return empty;
}

/// A column that holds the sizes of files though no mapping says so: "File size", "Size (MB)",
/// "Disk". Every cell must be a size; empty when there is none.
std::string unmappedSize(const CsvTable& table, const std::vector<CsvMapping>& mapping) {
  for (const CsvMapping& entry : mapping) {
    if (entry.field.find("size") != std::string::npos && entry.field != "block_size") return {};
    if (entry.field == "total_bits") return {};
  }
  if (table.has("total_bits")) return {};
  for (const std::string& name : table.columns()) {
    if (std::find(csvImportFields().begin(), csvImportFields().end(), name) !=
        csvImportFields().end()) {
      continue;
    }
    const bool used = std::any_of(mapping.begin(), mapping.end(), [&](const CsvMapping& entry) {
      return !entry.constant && entry.from.find(name) != std::string::npos;
    });
    if (used || !isFileSizeName(name)) continue;
    const bool sizes = std::all_of(table.rows().begin(), table.rows().end(), [&](const auto& row) {
      const std::string& cell = table.at(row, name).text;
      if (cell.empty()) return true;
      const auto size = parseQuantity(cell, table.decimalMark());
      return size && size->value > 0 && (size->unit.empty() || bitsOfSizeUnit(size->unit));
    });
    if (sizes && !table.rows().empty()) return name;
  }
  return {};
}

/// Rows are items: one record for each model, configuration and task of them.
void readItemRows(const CsvTable& table, const std::filesystem::path& file,
                  const std::vector<CsvMapping>& mapping, const ImportOptions& options,
                  CsvAssumptions& assumed, ImportedRuns& out) {
  std::map<std::string, CsvItems> groups;
  std::vector<std::pair<std::string, RunRecord>> order;
  for (const CsvTable::Row& cells : table.rows()) {
    for (const std::string& task : tasksOf(mapping)) {
      const CsvRowReader row(table, cells, mapping, task);
      if (row.text("correct").empty()) row.fail("correct", "correct is empty");
      RunRecord run = csvRun(row, file, options, assumed);
      run.result.task = taskOf(row, task, options);
      run.key = importKey(run);
      const auto [group, isNew] = groups.try_emplace(run.key);
      group->second.add(row);
      if (!isNew) continue;
      run.result.itemLimit = row.whole("item_limit", 0, std::int64_t{1} << 40, 0);
      run.result.chance = row.number("chance");
      if (std::isnan(run.result.chance)) run.result.chance = chanceOfTask(run.result.task);
      order.emplace_back(run.key, std::move(run));
    }
  }
  bool unnamed = false;
  for (auto& [key, run] : order) {
    groups.at(key).finish(run.result);
    unnamed = unnamed || !groups.at(key).named();
    out.runs.push_back(std::move(run));
  }
  if (unnamed) {
    out.note(
        fmt::format("{}: items have no names (map item): those of one task are taken to be in "
                    "the same order everywhere",
                    file.string()));
  }
}

}  // namespace

ImportedRuns readMappedCsv(const std::filesystem::path& file, const std::vector<CsvMapping>& given,
                           const ImportOptions& options) {
  const CsvTable table = CsvTable::read(file);
  checkMapping(table, file, given);
  ImportedRuns out;
  CsvAssumptions assumed;
  std::vector<CsvMapping> mapping = given;
  const bool named = table.has("size_gib") || table.has("size_gb") || table.has("size_mib") ||
                     table.has("size_mb") || table.has("size_bytes") || table.has("file_size");
  if (const std::string size = named ? "" : unmappedSize(table, mapping); !size.empty()) {
    mapping.push_back({"file_size", "", size, false});
    assumed.sentences.insert(fmt::format("sizes are those of the column \"{}\"", size));
  }
  std::size_t empty = 0;
  const bool items = table.has("correct") ||
                     std::any_of(mapping.begin(), mapping.end(),
                                 [](const CsvMapping& entry) { return entry.field == "correct"; });
  if (items) {
    readItemRows(table, file, mapping, options, assumed, out);
  } else {
    empty = readRows(table, file, mapping, options, assumed, out.runs);
  }
  if (out.runs.empty()) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("no row of {} gives an accuracy or a perplexity; its columns are {}: "
                            "name them with --map accuracy=COLUMN",
                            file.string(), fmt::join(table.columns(), ", ")));
  }
  parametersFrom16Bit(out.runs, assumed);
  if (const std::string note = assumed.note(); !note.empty()) {
    out.note(fmt::format("{}: {}", file.string(), note));
  }
  if (empty > 0) {
    out.note(fmt::format("{}: {} rows without an accuracy or perplexity left out", file.string(),
                         empty));
  }
  const auto without = std::count_if(out.runs.begin(), out.runs.end(), [](const RunRecord& run) {
    return std::isnan(run.modelBits.checkpointBytes);
  });
  if (without > 0) {
    out.note(
        fmt::format("{}: the bits of {} of {} runs are unknown (map total_bits, size_gib or "
                    "parameters): they are stored but cannot be plotted against bits",
                    file.string(), without, out.runs.size()));
  }
  return out;
}

}  // namespace bitfrontier
