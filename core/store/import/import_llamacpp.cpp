// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/import_llamacpp.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/store/import/csv.h"
#include "core/store/import/llamacpp_log.h"
#include "core/store/import/markdown_table.h"
#include "core/store/import/result_table.h"
#include "core/store/import/table_columns.h"
#include "core/store/import/table_runs.h"

namespace bitfrontier {
namespace {

TextTable textTable(const CsvTable& csv, const std::filesystem::path& file) {
  TextTable table;
  table.where = file.string();
  table.header = csv.columns();
  table.mark = csv.decimalMark();
  for (const CsvTable::Row& row : csv.rows()) {
    table.lines.push_back(row.front().line);
    auto& cells = table.rows.emplace_back();
    for (const CsvTable::Field& field : row) cells.push_back(plainMarkdown(field.text));
  }
  return table;
}

TextTable textTable(MarkdownTable&& markdown, const std::filesystem::path& file) {
  TextTable table;
  table.where = file.string();
  table.title = markdown.heading + "\n" + markdown.before;
  table.header = std::move(markdown.header);
  std::vector<std::string_view> cells;
  for (const auto& row : markdown.rows) cells.insert(cells.end(), row.begin(), row.end());
  table.mark = decimalMarkOf(cells, DecimalMark::Point);
  for (std::size_t r = 0; r < markdown.rows.size(); ++r) {
    table.lines.push_back(markdown.line + 2 + r);
  }
  table.rows = std::move(markdown.rows);
  return table;
}

void append(TableReading& all, TableReading&& one) {
  all.isResults = all.isResults || one.isResults;
  std::move(one.entries.begin(), one.entries.end(), std::back_inserter(all.entries));
  std::move(one.notRead.begin(), one.notRead.end(), std::back_inserter(all.notRead));
  std::move(one.assumed.begin(), one.assumed.end(), std::back_inserter(all.assumed));
}

bool namesFormats(const std::vector<std::string>& header) {
  return std::any_of(header.begin(), header.end(),
                     [](const std::string& name) { return findGgufName(name).has_value(); });
}

/// What the text above a table calls the model: the heading, or the line below it when only that
/// has a size, without words such as "Scoreboard".
std::string titleOf(const MarkdownTable& table) {
  std::string_view title = table.heading;
  constexpr std::size_t kLongest = 60;  // more is a sentence
  if (!parametersOfName(table.heading) && table.before.size() < kLongest &&
      parametersOfName(table.before)) {
    title = table.before;
  }
  std::string out(trimmed(title));
  for (const char* word :
       {"scoreboard", "scorechart", "results", "perplexity", "benchmarks", "ppl"}) {
    const std::string lower = lowerCase(out);
    if (!lower.ends_with(word) || lower == word) continue;
    out.resize(out.size() - std::string_view(word).size());
    while (!out.empty() && std::string_view(" -:_,").find(out.back()) != std::string_view::npos) {
      out.pop_back();
    }
  }
  return out;
}

/// Tables that do not name their model: the headings do when the same format stands under two of
/// them, or when a heading has a size (8B) and the file's name has none.
void nameByHeading(std::vector<TableReading>& tables, const std::vector<std::string>& headings,
                   bool fileHasSize) {
  std::map<std::string, std::set<std::string>> under;  // configuration and task -> headings
  for (std::size_t t = 0; t < tables.size(); ++t) {
    for (const TableEntry& entry : tables[t].entries) {
      for (const TableResult& result : entry.results) {
        if (entry.model.empty()) under[entry.config + "\n" + result.task].insert(headings[t]);
      }
    }
  }
  const bool several = std::any_of(under.begin(), under.end(),
                                   [](const auto& item) { return item.second.size() > 1; });
  for (std::size_t t = 0; t < tables.size(); ++t) {
    if (!several && (fileHasSize || !parametersOfName(headings[t]))) continue;
    bool named = false;
    for (TableEntry& entry : tables[t].entries) {
      if (!entry.model.empty()) continue;
      entry.model = headings[t];
      named = true;
    }
    if (named && !headings[t].empty()) {
      tables[t].assumed.push_back(fmt::format("the heading \"{}\" names the model", headings[t]));
    }
  }
}

TableReading readMarkdown(const std::filesystem::path& file, const std::string& text,
                          ImportedRuns& out) {
  std::vector<TableReading> tables;
  std::vector<std::string> headings;
  for (MarkdownTable& markdown : markdownTables(text)) {
    const std::size_t line = markdown.line;
    const std::string heading = titleOf(markdown);
    const bool formats = namesFormats(markdown.header);
    TableReading one = readResultTable(textTable(std::move(markdown), file));
    if (!one.isResults && formats) {
      out.note(
          fmt::format("{}:{}: this table is left out: it does not say how large the models are "
                      "or what its numbers are",
                      file.string(), line));
    }
    tables.push_back(std::move(one));
    headings.push_back(heading);
  }
  nameByHeading(tables, headings, parametersOfName(file.stem().string()).has_value());
  TableReading all;
  for (TableReading& one : tables) append(all, std::move(one));
  if (!all.isResults && looksLikeLlamaCppLog(text)) return readLlamaCppLog(text, file.string());
  return all;
}

TableReading readCsv(const std::filesystem::path& file, const std::string& text) {
  const CsvTable csv = CsvTable::parse(text, file.string());
  TableReading reading = readResultTable(textTable(csv, file));
  if (!reading.isResults && csv.has("quant") && !csv.rows().empty()) {
    const CsvTable::Field& first = csv.at(csv.rows().front(), "quant");
    csv.fail(first, fmt::format("\"{}\" is no quantization of llama.cpp", first.text));
  }
  return reading;
}

bool isCsv(const std::filesystem::path& file) {
  return file.extension() == ".csv" || file.extension() == ".tsv";
}

/// Final names: what the user says replaces the file's one name, or stands before names such as 7B
/// and before several.
void nameModels(std::vector<TableEntry>& entries, const std::string& stem,
                const std::string& given) {
  std::set<std::string> names;
  for (const TableEntry& entry : entries) names.insert(entry.model);
  for (TableEntry& entry : entries) {
    const bool sizeOnly =
        parametersOfName(entry.model) && familyOfModel(entry.model) == entry.model;
    if (entry.model.empty()) {
      entry.model = given.empty() ? stem : given;
    } else if (!given.empty()) {
      const bool before = names.size() > 1 || sizeOnly;
      entry.model = before ? fmt::format("{}-{}", given, entry.model) : given;
    }
  }
}

/// A table or log names the format of each of its rows: one that is given for all would be wrong.
void refuseFormatOptions(const std::filesystem::path& file, const ImportOptions& options) {
  std::vector<std::string> given;
  if (!options.config.empty()) given.emplace_back("--config");
  if (options.bits) given.emplace_back("--bits");
  if (!options.dataType.empty()) given.emplace_back("--type");
  if (options.blockSize) given.emplace_back("--block");
  if (!options.method.empty()) given.emplace_back("--method");
  if (options.bitsPerParameter) given.emplace_back("--bits-per-parameter");
  if (given.empty()) return;
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("{} names the format of each row itself, so {} cannot be given for it",
                          file.string(), fmt::join(given, ", ")));
}

}  // namespace

ImportedRuns readLlamaCpp(const std::filesystem::path& file, const ImportOptions& options) {
  refuseFormatOptions(file, options);
  ImportedRuns out;
  const std::string text = readFile(file);
  TableReading all;
  bool isLog = false;
  if (isCsv(file)) {
    all = readCsv(file, text);
  } else if (file.extension() == ".md" || !looksLikeLlamaCppLog(text)) {
    all = readMarkdown(file, text, out);
  } else {
    all = readLlamaCppLog(text, file.string());
    isLog = true;
  }
  const std::string notRead = all.notRead.empty() ? "" : "; not read: " + someOf(all.notRead, 12);
  if (all.entries.empty()) {
    throw Error(ErrorKind::Format,
                fmt::format("{} has no table of quantizations with results that can be read{}; "
                            "looked for: {}",
                            file.string(), notRead, resultTableHelp()));
  }
  nameModels(all.entries, file.stem().string(), options.model);
  completeSizes(all.entries, options, all.assumed);
  // A log is one run; those of one study belong together.
  const std::string name = file.filename().string();
  const std::string source =
      isLog ? "llama.cpp" : (namesGgufTypes(all.entries) ? "llama.cpp, " : "") + name;
  out.runs = runsOfEntries(all.entries, file.stem().string(), options, source, all.notRead);

  std::vector<std::string> assumed;
  for (std::string& sentence : all.assumed) {
    if (std::find(assumed.begin(), assumed.end(), sentence) == assumed.end()) {
      assumed.push_back(std::move(sentence));
    }
  }
  const bool usualText =
      std::any_of(all.entries.begin(), all.entries.end(), [](const TableEntry& entry) {
        return std::any_of(
            entry.results.begin(), entry.results.end(),
            [](const TableResult& result) { return result.perplexity && result.task.empty(); });
      });
  if (usualText && options.task.empty() && lowerCase(text).find("wiki") == std::string::npos) {
    assumed.emplace_back("the text is taken to be that of WikiText-2 (--task names another)");
  }
  if (!assumed.empty()) {
    constexpr std::size_t kMost = 9;
    if (assumed.size() > kMost) {
      const std::size_t more = assumed.size() - kMost;
      assumed.erase(assumed.begin() + 3, assumed.begin() + static_cast<std::ptrdiff_t>(3 + more));
      assumed.insert(assumed.begin() + 3, fmt::format("{} more such sentences", more));
    }
    out.note(fmt::format("{}: {}", file.string(), fmt::join(assumed, "; ")));
  }
  if (!all.notRead.empty()) {
    out.note(fmt::format("{}: {} not read: {}", file.string(),
                         all.notRead.size() == 1 ? std::string("1 row is")
                                                 : fmt::format("{} rows are", all.notRead.size()),
                         someOf(all.notRead, 12)));
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
  const std::string text = readFile(file);
  if (!isCsv(file)) return looksLikeLlamaCppLog(text) || !markdownTables(text).empty();
  const CsvTable csv = CsvTable::parse(text, file.string());
  if (csv.has("quant") && csv.has("ppl")) return true;
  // Columns with the names of our own fields need no guess.
  const auto own = [&](std::initializer_list<std::string_view> names) {
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view name) { return csv.has(name); });
  };
  if (csv.has("model") && own({"config", "bits", "data_type"}) &&
      own({"accuracy", "accuracy_percent", "perplexity", "cross_entropy", "correct"})) {
    return false;
  }
  const TableColumns columns = findColumns(textTable(csv, file));
  if (columns.format == TableColumns::kNone || columns.results.empty()) return false;
  return std::any_of(csv.rows().begin(), csv.rows().end(), [&](const CsvTable::Row& row) {
    return findGgufName(row[columns.format].text).has_value();
  });
}

}  // namespace bitfrontier
