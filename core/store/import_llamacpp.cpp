// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import_llamacpp.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/store/csv.h"
#include "core/store/markdown_table.h"

namespace bitfrontier {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kBitsPerGib = 8.0 * 1024 * 1024 * 1024;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// One perplexity as a table states it.
struct Entry {
  std::string where;  ///< file and line
  std::string model, quant, imatrix;
  double perplexity = kNaN, perplexitySe = kNaN;
  double totalBits = kNaN, bitsPerWeight = kNaN, parameters = kNaN;
};

/// "6.2332 ± 0.0378", "6.2332 +/- 0.0378", "14.97", "13.0G": the number and what follows it.
std::pair<double, double> numberAndError(std::string_view text) {
  const auto one = [](std::string_view from) {
    const std::size_t begin = from.find_first_of("0123456789.-");
    double value = kNaN;
    if (begin != std::string_view::npos) {
      std::from_chars(from.data() + begin, from.data() + from.size(), value);
    }
    return value;
  };
  for (const std::string_view mark : {"\u00b1", "+/-", "+-"}) {
    const std::size_t at = text.find(mark);
    if (at != std::string_view::npos) {
      return {one(text.substr(0, at)), one(text.substr(at + mark.size()))};
    }
  }
  return {one(text), kNaN};
}

/// The first column whose lower-case name contains one of the words; npos when none does.
std::size_t columnWith(const std::vector<std::string>& header,
                       std::initializer_list<std::string_view> words,
                       std::string_view without = "\n") {
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::string name = lower(header[i]);
    if (name.find(without) != std::string::npos) continue;
    for (const std::string_view word : words) {
      if (name.find(word) != std::string::npos) return i;
    }
  }
  return std::string::npos;
}

/// "Model size [GiB]" or "size GB": bits in one unit of the column.
double bitsPerUnit(const std::string& name) {
  return lower(name).find("gib") != std::string::npos ? kBitsPerGib : 8e9;
}

constexpr auto kNowhere = std::string::npos;

/// Rows are quantizations.
bool readScoreboard(const MarkdownTable& table, const std::string& where,
                    std::vector<Entry>& entries) {
  const std::size_t quant = columnWith(table.header, {"quant", "type"});
  std::size_t ppl = kNowhere;
  for (std::size_t i = 0; i < table.header.size(); ++i) {
    const std::string name = lower(table.header[i]);
    if (ppl == kNowhere && (name == "ppl" || name.starts_with("perplexity"))) ppl = i;
  }
  if (quant == kNowhere || ppl == kNowhere) return false;
  const std::size_t size = columnWith(table.header, {"size"}),
                    imatrix = columnWith(table.header, {"imatrix"});
  const std::size_t weight = columnWith(table.header, {"bits/weight", "bpw", "bits per weight"});
  const std::size_t model = columnWith(table.header, {"model"}, "size");
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const auto& row = table.rows[r];
    if (!parseGgufType(row[quant])) continue;
    Entry entry;
    entry.where = fmt::format("{}:{}", where, table.line + 2 + r);
    entry.quant = row[quant];
    if (model != kNowhere) entry.model = row[model];
    if (imatrix != kNowhere && lower(row[imatrix]) != "none") entry.imatrix = row[imatrix];
    std::tie(entry.perplexity, entry.perplexitySe) = numberAndError(row[ppl]);
    if (size != kNowhere) {
      entry.totalBits = numberAndError(row[size]).first * bitsPerUnit(table.header[size]);
    }
    if (weight != kNowhere) entry.bitsPerWeight = numberAndError(row[weight]).first;
    entries.push_back(std::move(entry));
  }
  return true;
}

/// Columns are quantizations; a column "Measure" names the rows.
bool readMeasures(const MarkdownTable& table, const std::string& where,
                  std::vector<Entry>& entries) {
  const std::size_t measure = columnWith(table.header, {"measure"});
  const std::size_t model = columnWith(table.header, {"model"});
  if (measure == kNowhere || model == kNowhere) return false;
  std::map<std::string, std::map<std::string, const std::vector<std::string>*>> byModel;
  std::vector<std::string> models;
  for (const auto& row : table.rows) {
    if (!byModel.contains(row[model])) models.push_back(row[model]);
    byModel[row[model]].emplace(lower(row[measure]), &row);
  }
  const auto cell = [](const auto& rows, std::string_view name, std::size_t column) {
    for (const auto& [key, row] : rows) {
      if (key.find(name) != std::string::npos) return numberAndError((*row)[column]).first;
    }
    return kNaN;
  };
  for (const std::string& name : models) {
    for (std::size_t c = 0; c < table.header.size(); ++c) {
      if (c == measure || c == model || !parseGgufType(table.header[c])) continue;
      Entry entry;
      entry.where = fmt::format("{}:{}", where, table.line);
      entry.model = name;
      entry.quant = table.header[c];
      entry.perplexity = cell(byModel[name], "perplexity", c);
      // That table's "G" are GiB: 7B at 16 bits is "13.0G".
      entry.totalBits = kBitsPerGib * cell(byModel[name], "size", c);
      entry.bitsPerWeight = cell(byModel[name], "bits/weight", c);
      if (std::isfinite(entry.perplexity)) entries.push_back(std::move(entry));
    }
  }
  return true;
}

std::vector<Entry> readMarkdown(const std::filesystem::path& file, ImportedRuns& out) {
  std::vector<Entry> entries;
  for (const MarkdownTable& table : markdownTables(readFile(file))) {
    if (readScoreboard(table, file.string(), entries) ||
        readMeasures(table, file.string(), entries)) {
      continue;
    }
    if (columnWith(table.header, {"q2_k", "q4_k", "q4_0", "q8_0"}) != kNowhere) {
      out.note(fmt::format("{}:{}: this table does not say how large the models are: left out",
                           file.string(), table.line));
    }
  }
  return entries;
}

std::vector<Entry> readCsv(const std::filesystem::path& file) {
  const CsvTable table = CsvTable::read(file);
  const auto number = [&](const CsvTable::Row& row, std::string_view column) {
    return table.has(column) ? table.numberOrAbsent(row, column) : kNaN;
  };
  const auto text = [&](const CsvTable::Row& row, std::string_view column) {
    return table.has(column) ? table.at(row, column).text : std::string();
  };
  std::vector<Entry> entries;
  for (const CsvTable::Row& row : table.rows()) {
    Entry entry;
    entry.where = fmt::format("{}:{}", file.string(), row.front().line);
    entry.model = table.has("model") ? text(row, "model") : text(row, "size");
    entry.quant = table.text(row, "quant");
    if (!parseGgufType(entry.quant)) {
      table.fail(table.at(row, "quant"),
                 fmt::format("\"{}\" is no quantization of llama.cpp", entry.quant));
    }
    const std::string imatrix = text(row, "imatrix");
    if (lower(imatrix) != "none") entry.imatrix = imatrix;
    entry.perplexity = table.numberOrAbsent(row, "ppl");
    entry.perplexitySe = number(row, "ppl_se");
    entry.totalBits = number(row, "total_bits");
    if (std::isnan(entry.totalBits)) entry.totalBits = kBitsPerGib * number(row, "size_GiB");
    entry.bitsPerWeight = number(row, "bits_per_weight");
    entry.parameters = number(row, "n_params_approx");
    if (std::isfinite(entry.perplexity)) entries.push_back(std::move(entry));
  }
  return entries;
}

/// Parameters that no one states follow from the 16-bit file.
void findParameters(std::vector<Entry>& entries, const std::filesystem::path& file,
                    const ImportOptions& options, ImportedRuns& out) {
  std::map<std::string, double> from16;
  for (const Entry& entry : entries) {
    if (parseGgufType(entry.quant)->bits == 16 && std::isfinite(entry.totalBits)) {
      from16[entry.model] = entry.totalBits / 16;
    }
  }
  for (Entry& entry : entries) {
    if (options.parameters) entry.parameters = *options.parameters;
    if (std::isfinite(entry.parameters)) continue;
    if (const auto found = from16.find(entry.model); found != from16.end()) {
      entry.parameters = found->second;
      out.note(fmt::format("{}: {:.4g} parameters follow from the size of the 16-bit file",
                           file.string(), found->second));
    } else if (const auto named =
                   parametersOfName(options.model.empty() ? entry.model : options.model)) {
      entry.parameters = *named;
    }
  }
}

}  // namespace

std::optional<GgufType> parseGgufType(std::string_view name) {
  const std::string text = lower(name);
  if (text == "f16" || text == "fp16" || text == "bf16") return GgufType{16, "fp16", 0};
  if (text == "f32") return GgufType{32, "fp32", 0};
  const bool iq = text.starts_with("iq");
  const std::size_t digit = iq ? 2 : 1;
  if (!(iq || text.starts_with("q") || text.starts_with("tq")) || text.size() < digit + 2) {
    return std::nullopt;
  }
  const std::size_t at = text.starts_with("tq") ? 2 : digit;
  if (text[at] < '1' || text[at] > '8' || text[at + 1] != '_') return std::nullopt;
  const int bits = text[at] - '0';
  if (iq) return GgufType{bits, "i-quant", 256};
  if (text.find("_k", at) != std::string::npos) return GgufType{bits, "k-quant", 256};
  return GgufType{bits, "int", 32};
}

ImportedRuns readLlamaCpp(const std::filesystem::path& file, const ImportOptions& options) {
  ImportedRuns out;
  std::vector<Entry> entries = file.extension() == ".csv" ? readCsv(file) : readMarkdown(file, out);
  if (entries.empty()) {
    throw Error(ErrorKind::Format,
                fmt::format("{} has no table of quantizations (q4_K_M, f16, ...) with perplexities",
                            file.string()));
  }
  findParameters(entries, file, options, out);
  std::set<std::string> keys;
  for (const Entry& entry : entries) {
    const GgufType type = *parseGgufType(entry.quant);
    RunRecord run;
    const std::string stem = options.model.empty() ? file.stem().string() : options.model;
    if (entry.model.empty()) {
      run.model = stem;
    } else {
      run.model = options.model.empty() ? entry.model : fmt::format("{}-{}", stem, entry.model);
    }
    run.family = options.family.empty() ? familyOfModel(run.model) : options.family;
    // "7B" alone says nothing of the family.
    if (options.family.empty() && run.family == run.model && parametersOfName(run.model)) {
      run.family = stem;
    }
    run.config = entry.imatrix.empty() ? entry.quant
                                       : fmt::format("{} imatrix {}", entry.quant, entry.imatrix);
    run.bits = type.bits;
    run.dataType = type.dataType;
    run.blockSize = type.blockSize;
    run.method = type.bits >= 16         ? "none"
                 : entry.imatrix.empty() ? "llama.cpp"
                                         : "llama.cpp imatrix";
    run.parameters = entry.parameters;
    run.linearParameters = kNaN;
    run.bitsPerParameter = std::isfinite(entry.bitsPerWeight) ? entry.bitsPerWeight
                                                              : entry.totalBits / entry.parameters;
    if (!std::isfinite(run.bitsPerParameter)) run.bitsPerParameter = type.bits;
    fillModelBits(run);
    if (std::isfinite(entry.totalBits)) {
      run.modelBits.allParameters = run.modelBits.checkpointBytes = entry.totalBits;
    }
    run.result.task = options.task.empty() ? "wikitext-2 (llama.cpp)" : options.task;
    if (!(entry.perplexity >= 1)) {
      throw Error(ErrorKind::Format, fmt::format("{}: perplexity {} of {} is below 1", entry.where,
                                                 entry.perplexity, entry.quant));
    }
    run.result.crossEntropy = std::log(entry.perplexity);
    run.result.crossEntropySe = entry.perplexitySe / entry.perplexity;
    run.source = options.source.empty() ? "llama.cpp, " + file.filename().string() : options.source;
    run.evaluatorVersion = "llama.cpp";
    run.key = importKey(run);
    if (!keys.insert(run.key).second) {
      throw Error(ErrorKind::Format,
                  fmt::format("{}: {} of {} is there twice", entry.where, run.config, run.model));
    }
    out.runs.push_back(std::move(run));
  }
  const auto without = std::count_if(out.runs.begin(), out.runs.end(), [](const RunRecord& run) {
    return std::isnan(run.modelBits.checkpointBytes);
  });
  if (without > 0) {
    out.note(
        fmt::format("{}: the size of {} of {} runs is unknown (--parameters helps): they are "
                    "stored but cannot be plotted against bits",
                    file.string(), without, out.runs.size()));
  }
  return out;
}

bool looksLikeLlamaCpp(const std::filesystem::path& file) {
  if (file.extension() == ".md") return true;
  if (file.extension() != ".csv") return false;
  const CsvTable table = CsvTable::read(file);
  return table.has("quant") && table.has("ppl");
}

}  // namespace bitfrontier
