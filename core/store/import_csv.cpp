// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import_csv.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "core/base/error.h"
#include "core/store/csv.h"

namespace bitfrontier {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kBitsPerGib = 8.0 * 1024 * 1024 * 1024;

/// Values of one row, found through the mapping.
class RowReader {
 public:
  RowReader(const CsvTable& table, const CsvTable::Row& row, const std::vector<CsvMapping>& mapping,
            std::string task)
      : table_(table), row_(row), mapping_(mapping), task_(std::move(task)) {}

  /// Empty when the field is not mapped or the cell is empty.
  std::string text(std::string_view field) const {
    const CsvMapping* entry = find(field);
    if (entry == nullptr) {
      // Of several tasks in a row, an unmapped column "accuracy" belongs to none.
      const bool foreign = !task_.empty() && isResult(field);
      return !foreign && table_.has(field) ? table_.at(row_, field).text : std::string();
    }
    if (entry->constant) return entry->from;
    if (entry->from.find('{') == std::string::npos) return table_.at(row_, entry->from).text;
    return expand(entry->from);
  }
  double number(std::string_view field) const {
    const std::string value = text(field);
    if (value.empty()) return kNaN;
    const auto parsed = parseCount(value);
    if (!parsed) fail(field, fmt::format("{} '{}' is not a number", field, value));
    return *parsed;
  }
  double positive(std::string_view field) const {
    const double value = number(field);
    if (value <= 0) fail(field, fmt::format("{} {} is not above zero", field, value));
    return value;
  }
  std::int64_t whole(std::string_view field, std::int64_t min, std::int64_t max,
                     std::int64_t fallback) const {
    const double value = number(field);
    if (std::isnan(value)) return fallback;
    if (value != std::trunc(value) || value < static_cast<double>(min) ||
        value > static_cast<double>(max)) {
      fail(field, fmt::format("{} {} is not a whole number within {}..{}", field, value, min, max));
    }
    return static_cast<std::int64_t>(value);
  }
  [[noreturn]] void fail(std::string_view field, const std::string& message) const {
    const CsvMapping* entry = find(field);
    const bool column = entry != nullptr && !entry->constant && table_.has(entry->from);
    if (column) table_.fail(table_.at(row_, entry->from), message);
    table_.fail(table_.has(field) ? table_.at(row_, field) : row_.front(), message);
  }

 private:
  static bool isResult(std::string_view field) {
    return field.starts_with("accuracy") || field.starts_with("perplexity") ||
           field.starts_with("cross_entropy") || field == "bits_per_byte";
  }
  const CsvMapping* find(std::string_view field) const {
    const CsvMapping* general = nullptr;
    for (const CsvMapping& entry : mapping_) {
      if (entry.field != field) continue;
      if (!entry.task.empty() && entry.task == task_) return &entry;
      if (entry.task.empty()) general = &entry;
    }
    return general;
  }
  std::string expand(const std::string& pattern) const {
    std::string out;
    for (std::size_t at = 0; at < pattern.size();) {
      if (pattern[at] != '{') {
        out += pattern[at++];
        continue;
      }
      const std::size_t end = pattern.find('}', at);
      if (end == std::string::npos) {
        throw Error(ErrorKind::InvalidArgument,
                    fmt::format("the mapping \"{}\" has a brace that is never closed", pattern));
      }
      out += table_.at(row_, std::string_view(pattern).substr(at + 1, end - at - 1)).text;
      at = end + 1;
    }
    return out;
  }

  const CsvTable& table_;
  const CsvTable::Row& row_;
  const std::vector<CsvMapping>& mapping_;
  std::string task_;
};

void readAccuracy(const RowReader& row, TaskResult& result) {
  result.accuracy = row.number("accuracy");
  const double percent = row.number("accuracy_percent");
  const bool inPercent = std::isnan(result.accuracy);
  if (inPercent) result.accuracy = percent / 100;
  if (std::isnan(result.accuracy)) return;
  const char* field = inPercent ? "accuracy_percent" : "accuracy";
  if (result.accuracy < 0 || result.accuracy > 1) {
    row.fail(field,
             fmt::format("{} {} is not within {}", field, inPercent ? percent : result.accuracy,
                         inPercent ? "0..100" : "0..1 (accuracy_percent is for percent)"));
  }
  result.accuracySe = row.number("accuracy_se");
  if (std::isnan(result.accuracySe)) result.accuracySe = row.number("accuracy_se_percent") / 100;
  if (result.accuracySe < 0) row.fail("accuracy_se", "a standard error is negative");
  if (std::isnan(result.accuracySe) && result.items > 1) {
    result.accuracySe =
        std::sqrt(result.accuracy * (1 - result.accuracy) / static_cast<double>(result.items - 1));
  }
  result.chance = row.number("chance");
  if (std::isnan(result.chance)) result.chance = chanceOfTask(result.task);
  if (result.chance < 0 || result.chance >= 1) row.fail("chance", "chance is not within 0..1");
}

void readCrossEntropy(const RowReader& row, TaskResult& result) {
  result.crossEntropy = row.number("cross_entropy");
  result.crossEntropySe = row.number("cross_entropy_se");
  const double perplexity = row.number("perplexity");
  if (std::isnan(result.crossEntropy) && !std::isnan(perplexity)) {
    if (perplexity < 1) row.fail("perplexity", fmt::format("perplexity {} is below 1", perplexity));
    result.crossEntropy = std::log(perplexity);
    result.crossEntropySe = row.number("perplexity_se") / perplexity;
  }
  if (result.crossEntropy < 0) row.fail("cross_entropy", "a cross-entropy is negative");
  result.bitsPerByte = row.number("bits_per_byte");
}

/// Total bits as the file states them; NaN when it does not.
double statedBits(const RowReader& row) {
  const double bits = row.positive("total_bits");
  if (!std::isnan(bits)) return bits;
  const double gib = row.positive("size_gib");
  return std::isnan(gib) ? 8e9 * row.positive("size_gb") : kBitsPerGib * gib;
}

void readModel(const RowReader& row, const ImportOptions& options, RunRecord& run) {
  run.model = options.model.empty() ? row.text("model") : options.model;
  if (run.model.empty()) row.fail("model", "model is empty");
  run.family = options.family.empty() ? row.text("family") : options.family;
  if (run.family.empty()) run.family = familyOfModel(run.model);
  run.parameters = options.parameters.value_or(row.positive("parameters"));
  if (std::isnan(run.parameters)) run.parameters = parametersOfName(run.model).value_or(kNaN);
  run.linearParameters = options.linearParameters.value_or(row.positive("linear_parameters"));
  if (run.linearParameters > run.parameters) {
    row.fail("linear_parameters", "linear_parameters exceeds parameters");
  }
}

void readConfig(const RowReader& row, const ImportOptions& options, RunRecord& run) {
  run.config = options.config.empty() ? row.text("config") : options.config;
  run.bits = options.bits ? *options.bits : static_cast<int>(row.whole("bits", 1, 32, 0));
  const bool named16 = run.config == "fp16" || run.config == "f16" || run.config == "bf16";
  if (run.bits == 0 && named16) run.bits = 16;
  if (run.bits == 0) row.fail("bits", "there is neither bits nor a config fp16, f16 or bf16");
  run.dataType = options.dataType.empty() ? row.text("data_type") : options.dataType;
  if (run.dataType.empty()) run.dataType = run.bits >= 16 ? "fp16" : "int";
  run.method = options.method.empty() ? row.text("method") : options.method;
  if (run.method.empty()) run.method = run.bits >= 16 ? "none" : "rtn";
  run.blockSize =
      options.blockSize ? *options.blockSize : row.whole("block_size", 0, std::int64_t{1} << 40, 0);
  if (run.config.empty()) {
    const std::string& stem =
        run.method == "none" || run.method == "rtn" ? run.dataType : run.method;
    run.config = run.bits >= 16 ? "fp16" : fmt::format("{}{}", stem, run.bits);
    if (run.blockSize > 0 && run.bits < 16) run.config += fmt::format("-b{}", run.blockSize);
  }
  run.bitsPerParameter = options.bitsPerParameter.value_or(row.positive("bits_per_parameter"));
}

void readBits(const RowReader& row, RunRecord& run) {
  const double stated = statedBits(row);
  if (std::isnan(stated)) {
    if (std::isnan(run.bitsPerParameter)) run.bitsPerParameter = run.bits;
    fillModelBits(run);
    return;
  }
  if (std::isnan(run.bitsPerParameter)) {
    run.bitsPerParameter = std::isnan(run.parameters) ? run.bits : stated / run.parameters;
  }
  fillModelBits(run);
  run.modelBits.allParameters = stated;
  run.modelBits.checkpointBytes = stated;
}

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
    if (entry.constant || entry.from.find('{') != std::string::npos) continue;
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

ImportedRuns readMappedCsv(const std::filesystem::path& file,
                           const std::vector<CsvMapping>& mapping, const ImportOptions& options) {
  const CsvTable table = CsvTable::read(file);
  checkMapping(table, file, mapping);
  ImportedRuns out;
  std::set<std::string> keys;
  const std::vector<std::string> tasks = tasksOf(mapping);
  std::size_t empty = 0;
  for (const CsvTable::Row& cells : table.rows()) {
    for (const std::string& task : tasks) {
      const RowReader row(table, cells, mapping, task);
      RunRecord run;
      TaskResult& result = run.result;
      result.task = task.empty() ? row.text("task") : task;
      if (result.task.empty()) result.task = options.task.empty() ? "accuracy" : options.task;
      result.items = row.whole("items", 0, std::int64_t{1} << 40, 0);
      result.itemLimit = row.whole("item_limit", 0, std::int64_t{1} << 40, 0);
      readAccuracy(row, result);
      readCrossEntropy(row, result);
      if (std::isnan(result.accuracy) && std::isnan(result.crossEntropy)) {
        ++empty;
        continue;
      }
      if (!std::isnan(result.accuracy) && !std::isnan(result.crossEntropy)) {
        row.fail("accuracy",
                 "a row has an accuracy and a perplexity; map them to two tasks "
                 "(accuracy:piqa=..., perplexity:wikitext=...)");
      }
      readModel(row, options, run);
      readConfig(row, options, run);
      readBits(row, run);
      run.seconds = row.number("seconds");
      if (std::isnan(run.seconds)) run.seconds = 0;
      run.source = options.source.empty() ? row.text("source") : options.source;
      if (run.source.empty()) run.source = file.filename().string();
      run.evaluatorVersion = "csv";
      run.key = importKey(run);
      if (!keys.insert(run.key).second) {
        table.fail(cells.front(),
                   fmt::format("{} {} on {} is there twice", run.model, run.config, result.task));
      }
      out.runs.push_back(std::move(run));
    }
  }
  if (out.runs.empty()) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("no row of {} gives an accuracy or a perplexity; its columns are {}: "
                            "name them with --map accuracy=COLUMN",
                            file.string(), fmt::join(table.columns(), ", ")));
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
