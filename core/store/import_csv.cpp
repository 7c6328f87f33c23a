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
#include "core/store/csv_items.h"
#include "core/store/csv_row.h"
#include "core/store/gguf_types.h"

namespace bitfrontier {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
void readAccuracy(const CsvRowReader& row, TaskResult& result) {
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
  if (std::isnan(result.accuracySe)) result.accuracySe = row.errorOf(field) / (inPercent ? 100 : 1);
  if (result.accuracySe < 0) row.fail("accuracy_se", "a standard error is negative");
  if (std::isnan(result.accuracySe) && result.items > 1) {
    result.accuracySe =
        std::sqrt(result.accuracy * (1 - result.accuracy) / static_cast<double>(result.items - 1));
  }
  result.chance = row.number("chance");
  if (std::isnan(result.chance)) result.chance = chanceOfTask(result.task);
  if (result.chance < 0 || result.chance >= 1) row.fail("chance", "chance is not within 0..1");
}

void readCrossEntropy(const CsvRowReader& row, TaskResult& result) {
  result.crossEntropy = row.number("cross_entropy");
  result.crossEntropySe = row.number("cross_entropy_se");
  const double perplexity = row.number("perplexity");
  if (std::isnan(result.crossEntropy) && !std::isnan(perplexity)) {
    if (perplexity < 1) row.fail("perplexity", fmt::format("perplexity {} is below 1", perplexity));
    result.crossEntropy = std::log(perplexity);
    double error = row.number("perplexity_se");
    if (std::isnan(error)) error = row.errorOf("perplexity");
    result.crossEntropySe = error / perplexity;
  }
  if (result.crossEntropy < 0) row.fail("cross_entropy", "a cross-entropy is negative");
  result.bitsPerByte = row.number("bits_per_byte");
}

/// What was assumed for some rows of a file; said once.
struct Assumed {
  bool sizeUnit = false, blockConstants = false, embeddings = false, fractions = false;
  std::set<std::string> types;       ///< "Q4_K_M 4.894"
  std::set<std::string> parameters;  ///< sentences
};

/// Total bits as the file states them; NaN when it does not.
double statedBits(const CsvRowReader& row, Assumed& assumed) {
  const double bits = row.positive("total_bits");
  if (!std::isnan(bits)) return bits;
  for (const char* field :
       {"size_gib", "size_gb", "size_mib", "size_mb", "size_bytes", "file_size"}) {
    const double size = row.sizeInBits(field, assumed.sizeUnit);
    if (!std::isnan(size)) return size;
  }
  return kNaN;
}

void readModel(const CsvRowReader& row, const ImportOptions& options, RunRecord& run) {
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

/// Refuses sizes that no file has.
void checkSizes(const CsvRowReader& row, const RunRecord& run) {
  if (run.parameters < 1000) {
    row.fail("parameters",
             fmt::format("{:.3g} parameters of {} cannot be a model", run.parameters, run.model));
  }
  const auto named = parametersOfName(run.model);
  if (named && (run.parameters > 3 * *named || run.parameters < *named / 3)) {
    row.fail("parameters", fmt::format("{:.3g} parameters contradict the {:.3g} in the name {}",
                                       run.parameters, *named, run.model));
  }
  const double bits = run.modelBits.checkpointBytes / run.parameters;
  if (bits < 0.5 || bits > 40) {
    row.fail("total_bits",
             fmt::format("{:.3g} bits per weight of {} {} cannot be", bits, run.model, run.config));
  }
}

void readConfig(const CsvRowReader& row, const ImportOptions& options, RunRecord& run,
                Assumed& assumed) {
  run.config = options.config.empty() ? row.text("config") : options.config;
  const auto gguf = findGgufName(run.config);
  if (gguf && gguf->before.empty() && gguf->after.empty() && !gguf->several) {
    run.config = gguf->type.name + (gguf->imatrix ? " imatrix" : "");
  }
  run.bitsPerParameter = options.bitsPerParameter.value_or(row.positive("bits_per_parameter"));
  double bits = options.bits ? *options.bits : row.number("bits");
  if (bits < 1 || bits > 32) row.fail("bits", fmt::format("bits {} is not within 1..32", bits));
  if (std::isnan(bits) && gguf) bits = gguf->type.bits;
  if (std::isnan(bits)) {
    row.fail("bits",
             "there is neither bits nor a config fp16, f16, bf16 or a type of GGUF (Q4_K_M)");
  }
  run.bits = static_cast<int>(bits);  // scales make 4.25 bits of codes of 4
  if (bits != run.bits) {
    assumed.fractions = true;
    if (std::isnan(run.bitsPerParameter)) run.bitsPerParameter = bits;
  }
  run.dataType = options.dataType.empty() ? row.text("data_type") : options.dataType;
  run.method = options.method.empty() ? row.text("method") : options.method;
  run.blockSize =
      options.blockSize ? *options.blockSize : row.whole("block_size", 0, std::int64_t{1} << 40, 0);
  if (gguf) {
    if (run.dataType.empty()) run.dataType = gguf->type.dataType;
    if (run.method.empty() && run.bits < 16) {
      run.method = gguf->imatrix ? "llama.cpp imatrix" : "llama.cpp";
    }
    if (run.blockSize == 0) run.blockSize = gguf->type.blockSize;
  }
  if (run.dataType.empty()) run.dataType = run.bits >= 16 ? "fp16" : "int";
  if (run.method.empty()) run.method = run.bits >= 16 ? "none" : "rtn";
  if (run.config.empty()) {
    const std::string& stem =
        run.method == "none" || run.method == "rtn" ? run.dataType : run.method;
    run.config = run.bits >= 16 ? "fp16" : fmt::format("{}{}", stem, bits);
    if (run.blockSize > 0 && run.bits < 16) run.config += fmt::format("-b{}", run.blockSize);
  }
}

/// Bits of a weight that nobody states: of a GGUF type, else the code's and a constant of 16 bits
/// for each block.
double bitsByName(const RunRecord& run, Assumed& assumed) {
  if (const auto gguf = findGgufName(run.config); gguf && run.bits < 16) {
    if (!std::isnan(gguf->type.bitsPerWeight)) {
      assumed.types.insert(fmt::format("{} {:.4g}{}", gguf->type.name, gguf->type.bitsPerWeight,
                                       gguf->type.mix ? " (typical)" : ""));
    }
    return gguf->type.bitsPerWeight;
  }
  if (run.blockSize == 0 || run.bits >= 16) return run.bits;
  assumed.blockConstants = true;
  return run.bits + 16.0 / static_cast<double>(run.blockSize);
}

void readBits(const CsvRowReader& row, RunRecord& run, Assumed& assumed) {
  const double stated = statedBits(row, assumed);
  if (std::isnan(run.parameters) && !std::isnan(stated) && !std::isnan(run.bitsPerParameter)) {
    run.parameters = stated / run.bitsPerParameter;
    assumed.parameters.insert("parameters that are not stated are size over bits per weight");
  }
  if (std::isnan(run.bitsPerParameter)) {
    if (std::isnan(stated)) {
      run.bitsPerParameter = bitsByName(run, assumed);
      assumed.embeddings =
          assumed.embeddings || (run.bits < 16 && std::isnan(run.linearParameters));
    } else if (!std::isnan(run.parameters)) {
      run.bitsPerParameter = stated / run.parameters;
    }
  }
  fillModelBits(run);
  if (!std::isnan(stated)) run.modelBits.allParameters = run.modelBits.checkpointBytes = stated;
  checkSizes(row, run);
}

/// Parameters of models that only state sizes follow from their 16-bit row.
void parametersFrom16Bit(std::vector<RunRecord>& runs, Assumed& assumed) {
  std::map<std::string, double> sizes;
  for (const RunRecord& run : runs) {
    if (run.bits == 16 && std::isnan(run.parameters) && run.modelBits.checkpointBytes > 0) {
      sizes[run.model] = run.modelBits.checkpointBytes;
    }
  }
  for (RunRecord& run : runs) {
    const auto size = sizes.find(run.model);
    if (size == sizes.end() || !std::isnan(run.parameters)) continue;
    run.parameters = size->second / 16;
    const double total = run.modelBits.checkpointBytes;
    if (std::isnan(run.bitsPerParameter)) {
      run.bitsPerParameter = std::isnan(total) ? bitsByName(run, assumed) : total / run.parameters;
    }
    fillModelBits(run);
    if (!std::isnan(total)) run.modelBits.allParameters = run.modelBits.checkpointBytes = total;
    assumed.parameters.insert(fmt::format("{:.4g} parameters of {} follow from its 16-bit row",
                                          run.parameters, run.model));
  }
  for (RunRecord& run : runs) {
    if (std::isnan(run.bitsPerParameter)) run.bitsPerParameter = bitsByName(run, assumed);
  }
}

std::string noteOf(const Assumed& assumed) {
  std::vector<std::string> all(assumed.parameters.begin(), assumed.parameters.end());
  if (assumed.sizeUnit) all.emplace_back("file_size has no unit and is taken as GB");
  if (!assumed.types.empty()) {
    all.push_back(fmt::format("bits per weight are those of the formats' names: {}",
                              fmt::join(assumed.types, ", ")));
  }
  if (assumed.blockConstants) {
    all.emplace_back("each block counts with a constant of 16 bits (bits_per_parameter says it)");
  }
  if (assumed.embeddings) {
    all.emplace_back("embeddings count as quantized (linear_parameters says what is)");
  }
  if (assumed.fractions) {
    all.emplace_back("bits with a fraction are bits per weight; the codes have the whole part");
  }
  return fmt::format("{}", fmt::join(all, "; "));
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

/// A record without its result.
RunRecord runOf(const CsvRowReader& row, const std::filesystem::path& file,
                const ImportOptions& options, Assumed& assumed) {
  RunRecord run;
  readModel(row, options, run);
  readConfig(row, options, run, assumed);
  readBits(row, run, assumed);
  run.seconds = row.number("seconds");
  if (std::isnan(run.seconds)) run.seconds = 0;
  run.source = options.source.empty() ? row.text("source") : options.source;
  if (run.source.empty()) run.source = file.filename().string();
  run.evaluatorVersion = "csv";
  return run;
}

std::string taskOf(const CsvRowReader& row, const std::string& task, const ImportOptions& options) {
  std::string name = task.empty() ? row.text("task") : task;
  if (name.empty()) name = options.task;
  return name.empty() ? "accuracy" : name;
}

/// One record for each row and task; rows without a result are counted.
std::size_t readRows(const CsvTable& table, const std::filesystem::path& file,
                     const std::vector<CsvMapping>& mapping, const ImportOptions& options,
                     Assumed& assumed, std::vector<RunRecord>& runs) {
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
      RunRecord run = runOf(row, file, options, assumed);
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

/// Rows are items: one record for each model, configuration and task of them.
void readItemRows(const CsvTable& table, const std::filesystem::path& file,
                  const std::vector<CsvMapping>& mapping, const ImportOptions& options,
                  Assumed& assumed, ImportedRuns& out) {
  std::map<std::string, CsvItems> groups;
  std::vector<std::pair<std::string, RunRecord>> order;
  for (const CsvTable::Row& cells : table.rows()) {
    for (const std::string& task : tasksOf(mapping)) {
      const CsvRowReader row(table, cells, mapping, task);
      if (row.text("correct").empty()) row.fail("correct", "correct is empty");
      RunRecord run = runOf(row, file, options, assumed);
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

ImportedRuns readMappedCsv(const std::filesystem::path& file,
                           const std::vector<CsvMapping>& mapping, const ImportOptions& options) {
  const CsvTable table = CsvTable::read(file);
  checkMapping(table, file, mapping);
  ImportedRuns out;
  Assumed assumed;
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
  if (const std::string note = noteOf(assumed); !note.empty()) {
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
