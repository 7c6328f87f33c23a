// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/result_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "core/store/import/gguf_types.h"
#include "core/store/import/import_options.h"
#include "core/store/import/table_columns.h"

namespace bitfrontier {
namespace {

constexpr auto kNone = TableColumns::kNone;
constexpr double kNaN = TableEntry::kAbsent;

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// A second header row below the rule: words without numbers, of which one says what a column is.
void joinSecondHeader(TextTable& table) {
  if (table.rows.size() < 2) return;
  const auto& second = table.rows.front();
  bool says = false;
  for (const std::string& cell : second) {
    if (parseQuantity(cell) || parseGgufType(cell)) return;
    says = says || isPerplexityName(cell) || !taskOfColumn(cell).empty() || bitsOfSizeUnit(cell) ||
           contains(cell, "\u00b1") || contains(cell, "%");
    for (const std::string& word : wordsOf(cell)) {
      says = says || word == "acc" || word == "stderr" || word == "size" || word == "bits" ||
             word == "norm";
    }
  }
  if (!says) return;
  std::string group;
  for (std::size_t i = 0; i < table.header.size(); ++i) {
    // A name above several columns stands in the first of them.
    if (!table.header[i].empty()) group = table.header[i];
    if (table.header[i].empty() && !second[i].empty()) table.header[i] = group;
    if (!second[i].empty()) table.header[i] = trimmed(table.header[i] + " " + second[i]);
  }
  table.rows.erase(table.rows.begin());
  table.lines.erase(table.lines.begin());
}

/// What the cells of a table with formats as columns are.
enum class Wide { No, Measures, Models };

Wide wideKind(const TextTable& table, std::vector<std::size_t>& formats, std::size_t& measure,
              std::size_t& model) {
  bool stated = false;
  for (std::size_t i = 0; i < table.header.size(); ++i) {
    const auto found = findGgufName(table.header[i]);
    const auto other = found ? std::nullopt : formatOfCell(table.header[i]);
    // "L2 7b q2_K" names a model too: such a table is another one.
    const bool alone = found && !found->several && found->before.empty() &&
                       (found->after.empty() || isPerplexityName(found->after) ||
                        contains(lowerCase(found->after), "size"));
    if (alone || (i > 0 && other && other->bits > 0)) formats.push_back(i);
    for (const std::string& word : wordsOf(table.header[i])) {
      if (word == "measure" || word == "metric" || word == "benchmark" || word == "task" ||
          word == "dataset") {
        measure = std::min(measure, i);
      }
      if (word == "model" || word == "models" || word == "size") model = std::min(model, i);
    }
  }
  std::erase(formats, measure);
  std::erase(formats, model);
  if (formats.empty() || table.rows.empty()) return Wide::No;
  if (measure != kNone) return Wide::Measures;
  // Numbers under formats may as well be tokens a second.
  const auto saysPerplexity = [](const std::string& text) {
    const std::string lower = lowerCase(text);
    return contains(lower, "ppl") || contains(lower, "perplexity");
  };
  stated = saysPerplexity(table.title) ||
           std::any_of(table.header.begin(), table.header.end(), saysPerplexity);
  for (const std::string& name : table.header) {
    const std::string lower = lowerCase(name);
    if (contains(lower, "t/s") || contains(lower, "tok") || contains(lower, "speed"))
      stated = false;
  }
  // The rows must not be formats too.
  const bool formatRows = std::any_of(table.rows.begin(), table.rows.end(), [&](const auto& row) {
    return parseGgufType(row[0]).has_value();
  });
  return formats.size() >= 2 && stated && !formatRows ? Wide::Models : Wide::No;
}

/// Turns columns into rows: one for each model and format, with the measures as columns.
std::vector<TextTable> turned(const TextTable& table, Wide kind,
                              const std::vector<std::size_t>& formats, std::size_t measure,
                              std::size_t model) {
  std::vector<TextTable> out;
  const auto begin = [&](const std::string& name) {
    TextTable one{table.where, table.title, {"model", "quant"}, {}, {}, table.mark};
    for (std::size_t i = 0; i < formats.size(); ++i) {
      one.rows.push_back({name, table.header[formats[i]]});
      one.lines.push_back(table.lines.empty() ? 0 : table.lines.front() - 2);
    }
    out.push_back(std::move(one));
  };
  if (kind == Wide::Measures) {
    std::vector<std::string> names;
    for (const auto& row : table.rows) {
      const std::string name = model == kNone ? "" : row[model];
      auto at = std::find(names.begin(), names.end(), name);
      if (at == names.end()) {
        begin(name);
        names.push_back(name);
        at = names.end() - 1;
      }
      TextTable& one = out[static_cast<std::size_t>(at - names.begin())];
      one.header.push_back(row[measure]);
      for (std::size_t i = 0; i < formats.size(); ++i) one.rows[i].push_back(row[formats[i]]);
    }
    return out;
  }
  const std::size_t named = model == kNone ? 0 : model;
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    // "Q4_K PPL" and "Q4_K Size" are two columns of one format.
    TextTable one{table.where, table.title, {"model", "quant", "perplexity", "size"},
                  {},          {},          table.mark};
    for (const std::size_t f : formats) {
      const std::string& header = table.header[f];
      const auto format = findGgufName(header);
      const std::string name = format ? format->type.name : header;
      auto row = std::find_if(one.rows.begin(), one.rows.end(),
                              [&](const auto& cells) { return cells[1] == name; });
      if (row == one.rows.end()) {
        one.rows.push_back({table.rows[r][named], name, "", ""});
        one.lines.push_back(table.lines[r]);
        row = one.rows.end() - 1;
      }
      const bool size = contains(lowerCase(header), "size");
      if (isDerivedName(header)) continue;
      (*row)[size ? 3 : 2] = table.rows[r][f];
    }
    out.push_back(std::move(one));
  }
  return out;
}

/// Bits in a unit of the size column when neither its name nor its cells have one.
double assumedUnit(const TextTable& table, std::size_t column, std::vector<std::string>& assumed) {
  double largest = 0;
  for (const auto& row : table.rows) {
    const auto number = parseQuantity(row[column], table.mark);
    if (number && number->unit.empty()) largest = std::max(largest, number->value);
  }
  if (largest == 0) return kNaN;
  const auto [bits, name] = largest >= 1e8   ? std::pair(8.0, "bytes")
                            : largest >= 3e3 ? std::pair(8e6, "MB")
                                             : std::pair(8e9, "GB");
  assumed.push_back(
      fmt::format("\"{}\" has no unit and is taken as {}", table.header[column], name));
  return bits;
}

class Reader {
 public:
  Reader(const TextTable& table, TableReading& out)
      : table_(table), columns_(findColumns(table)), out_(out) {
    if (columns_.size == kNone) return;
    const std::string& name = table.header[columns_.size];
    const std::vector<std::string> words = wordsOf(name);
    const auto unit = bitsOfSizeColumn(name);
    const bool total = words == std::vector<std::string>{"total", "bits"};
    unit_ = total ? 1 : unit ? *unit : assumedUnit(table, columns_.size, out.assumed);
  }

  bool isResults() const { return columns_.format != kNone && !columns_.results.empty(); }

  void read() {
    for (std::size_t r = 0; r < table_.rows.size(); ++r) readRow(r);
  }

 private:
  const std::string& cell(std::size_t r, std::size_t column) const {
    static const std::string empty;
    return column == kNone ? empty : table_.rows[r][column];
  }
  double number(std::size_t r, std::size_t column) const {
    const auto value = parseQuantity(cell(r, column), table_.mark);
    return value ? value->value : kNaN;
  }
  void leaveOut(std::size_t r, const std::string& name, const std::string& why) {
    out_.notRead.push_back(fmt::format("line {} \"{}\" ({})", table_.lines[r], name, why));
  }

  /// True when rows say that they are the model that was not quantized.
  static bool isOriginal(const std::string& name) {
    const std::string text = lowerCase(trimmed(name));
    return text == "original" || text == "baseline" || text == "unquantized" ||
           text == "full precision";
  }

  void readRow(std::size_t r) {
    const std::string& name = cell(r, columns_.format);
    const bool empty = std::all_of(table_.rows[r].begin(), table_.rows[r].end(),
                                   [](const std::string& text) { return trimmed(text).empty(); });
    if (empty) return;
    auto format = formatOfCell(name);
    const double bits = number(r, columns_.bits);
    if (!format)
      format = NamedFormat{{}, std::string(trimmed(name)), {}, {}, {}, 0, 0, kNaN, false};
    const bool gguf = !format->typeName.empty();
    const bool bitsInName = format->bits >= 1;
    if (!gguf && bits >= 1 && bits <= 32) format->bits = bits;
    if (format->bits < 1 && isOriginal(name)) {
      format->bits = 16;
      out_.assumed.push_back(fmt::format("\"{}\" is taken as 16 bit", name));
    }
    if (format->bits < 1) return leaveOut(r, name, "no bit width");

    TableEntry entry;
    entry.where = fmt::format("{}:{}", table_.where, table_.lines[r]);
    entry.written = name;
    entry.model = columns_.model == kNone || columns_.model == columns_.format
                      ? format->model
                      : cell(r, columns_.model);
    entry.typeName = format->typeName;
    entry.config = format->config;
    entry.method = format->method;
    entry.dataType = format->dataType;
    entry.blockSize = format->blockSize;
    entry.bits = std::max(1, static_cast<int>(std::lround(format->bits)));
    entry.typeBits = format->bitsPerWeight;
    entry.typicalBits = format->typical;
    if (!gguf) finishOther(r, *format, bitsInName, entry);
    const std::string imatrix = lowerCase(cell(r, columns_.imatrix));
    if (entry.bits < 16 && !imatrix.empty() && imatrix != "none" && imatrix != "no" &&
        imatrix != "-" && imatrix != "n/a" && imatrix != "false" && imatrix != "0") {
      if (!entry.config.ends_with(" imatrix")) entry.config += " imatrix";
      if (imatrix != "yes" && imatrix != "true" && imatrix != "1") {
        entry.config += " " + cell(r, columns_.imatrix);
      }
      entry.method = "imatrix";
    }
    readSize(r, entry);
    entry.bitsPerWeight = number(r, columns_.bitsPerWeight);
    if (columns_.parameters != kNone) {
      const auto count = parseQuantity(cell(r, columns_.parameters), table_.mark);
      if (count) {
        // "8.03 B" and 8.03e9 alike.
        const std::vector<std::string> words = wordsOf(table_.header[columns_.parameters]);
        std::string unit = count->unit.substr(0, 1);
        if (unit.empty() && words.size() > 1) {  // "Params (B)", "params_m"
          const std::string& last = words.back();
          if (last == "b" || last == "billion" || last == "billions") unit = "B";
          if (last == "m" || last == "million" || last == "millions") unit = "M";
        }
        entry.parameters =
            parseCount(fmt::format("{}{}", count->value, unit)).value_or(count->value);
      }
    }
    std::string why = "no number";
    bool any = false;
    for (const bool withImatrix : {false, true}) {
      TableEntry one = entry;
      if (withImatrix && entry.bits < 16) {
        one.config += " imatrix";
        one.method = "imatrix";
      }
      for (const TableColumns::Result& column : columns_.results) {
        if (column.imatrix == withImatrix) readResult(r, column, one, why);
      }
      if (one.results.empty()) continue;
      any = true;
      out_.entries.push_back(std::move(one));
    }
    if (!any) leaveOut(r, name, why);
  }

  /// A format that is none of GGUF: what its name does not say may stand in columns.
  void finishOther(std::size_t r, const NamedFormat& format, bool bitsInName,
                   TableEntry& entry) const {
    if (columns_.format == columns_.bits) {
      entry.config = fmt::format("{} bit", format.bits);
    } else if (!bitsInName && entry.bits < 16) {
      entry.config += fmt::format(" {} bit", format.bits);
    }
    const double block = number(r, columns_.block);
    if (block >= 1 && entry.blockSize == 0) {
      entry.blockSize = static_cast<std::int64_t>(block);
      if (!contains(entry.config, fmt::format("{}", entry.blockSize))) {
        entry.config += fmt::format(" g{}", entry.blockSize);
      }
    }
    if (entry.dataType.empty()) entry.dataType = entry.bits >= 16 ? "fp16" : "int";
    if (entry.method.empty()) entry.method = entry.bits >= 16 ? "none" : "rtn";
    if (std::isnan(entry.typeBits)) {
      entry.typeBits = format.bits;
      if (entry.blockSize > 0) entry.typeBits += 16.0 / static_cast<double>(entry.blockSize);
    }
  }

  void readSize(std::size_t r, TableEntry& entry) {
    const auto size = parseQuantity(cell(r, columns_.size), table_.mark);
    if (!size || size->relative) return;
    double unit = unit_;
    if (!size->unit.empty()) {
      const std::size_t end = size->unit.find_first_of(" (/,;");
      const std::string own = size->unit.substr(0, end);
      if (const auto bits = bitsOfSizeUnit(own)) {
        unit = *bits;
        if (own == "G" || own == "M") {
          out_.assumed.push_back(fmt::format("{} in sizes is taken as {}iB", own, own));
        }
      } else if (std::isnan(unit) || own == "%" || own == "B") {
        return;
      }
    }
    entry.totalBits = size->value * unit;
    entry.sizeText = cell(r, columns_.size);
  }

  void readResult(std::size_t r, const TableColumns::Result& column, TableEntry& entry,
                  std::string& why) {
    const std::string& text = cell(r, column.column);
    const auto value = parseQuantity(text, table_.mark);
    if (!value) return;
    TableResult result;
    result.task = column.task;
    result.perplexity = column.perplexity;
    if (columns_.task != kNone && column.task.empty()) {
      const std::string task = taskOfColumn(cell(r, columns_.task));
      const bool wiki = contains(lowerCase(cell(r, columns_.task)), "wiki");
      if (!result.perplexity && wiki) {
        why = "a perplexity in a column of accuracies";
        return;
      }
      result.task = !task.empty() ? task : wiki ? "" : cell(r, columns_.task);
    }
    const double context = number(r, columns_.context);
    if (result.perplexity && result.task.empty() && context >= 1 && context != 512) {
      result.task = fmt::format("wikitext-2 (llama.cpp, {} tokens)", context);
    }
    double error = errorInCell(text, table_.mark);
    if (column.error != kNone) error = number(r, column.error);
    if (result.perplexity) {
      if (value->relative || value->unit.starts_with('%')) {
        why = fmt::format("\"{}\" is a difference", text);
        return;
      }
      result.value = value->value;
      result.se = error;
    } else {
      const double unit = percent(column.column) ? 100 : 1;
      result.value = value->value / unit;
      result.se = error / unit;
      if (!(result.value >= 0 && result.value <= 1)) {
        why = fmt::format("accuracy {} is not within 0..{}", text, unit);
        return;
      }
    }
    entry.results.push_back(std::move(result));
  }

  /// Accuracies are in percent when a cell or the name says so, or one is above 1.
  bool percent(std::size_t column) const {
    if (contains(table_.header[column], "%")) return true;
    return std::any_of(table_.rows.begin(), table_.rows.end(), [&](const auto& row) {
      const auto value = parseQuantity(row[column], table_.mark);
      return value && (value->value > 1 || value->unit.starts_with('%'));
    });
  }

  const TextTable& table_;
  TableColumns columns_;
  TableReading& out_;
  double unit_ = kNaN;
};

}  // namespace

TableReading readResultTable(TextTable table) {
  TableReading out;
  joinSecondHeader(table);
  std::vector<std::size_t> formats;
  std::size_t measure = kNone, model = kNone;
  const Wide kind = wideKind(table, formats, measure, model);
  std::vector<TextTable> tables;
  if (kind == Wide::No) {
    tables.push_back(std::move(table));
  } else {
    tables = turned(table, kind, formats, measure, model);
  }
  for (const TextTable& one : tables) {
    Reader reader(one, out);
    if (!reader.isResults()) continue;
    out.isResults = true;
    reader.read();
  }
  if (!out.isResults) out = {};
  return out;
}

std::string resultTableHelp() {
  return "a column of formats (Quant, Method ... with names such as Q4_K_M, F16, AWQ 4-bit) and "
         "one "
         "of results (PPL, Perplexity, or a task such as hellaswag), or formats as columns beside "
         "a "
         "column Model or Measure";
}

}  // namespace bitfrontier
