// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/llamacpp_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "core/store/import/gguf_types.h"
#include "core/store/import/import_options.h"
#include "core/store/import/table_columns.h"

namespace bitfrontier {
namespace {

constexpr double kNaN = TableEntry::kAbsent;

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// What the lines of one run have said so far.
struct Run {
  std::string name, file, type, text;
  double totalBits = kNaN, bitsPerWeight = kNaN, parameters = kNaN;
  std::string sizeText;
  long long context = 0, chunks = 0, chunkLimit = 0;
  std::size_t fileLine = 0;

  /// True when lines of the model loader were there, not just a name.
  bool loaded() const { return !type.empty() || !std::isnan(totalBits); }
};

/// The text behind `key` and "=" when a line is about it: "model size       = 4.58 GiB".
std::string_view valueOf(std::string_view line, std::string_view key) {
  const std::size_t at = line.find(key);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = trimmed(line.substr(at + key.size()));
  return rest.starts_with('=') ? trimmed(rest.substr(1)) : std::string_view();
}

/// The word behind an option of the command line: "-m models/x.gguf".
std::string optionOf(std::string_view line, std::string_view option) {
  const std::size_t at = line.find(fmt::format(" {} ", option));
  if (at == std::string_view::npos) return {};
  std::string_view rest = trimmed(line.substr(at + option.size() + 2));
  return std::string(rest.substr(0, rest.find_first_of(" \t`'\"")));
}

/// The word of a line that ends in .gguf or .bin.
std::string fileIn(std::string_view line) {
  for (const std::string_view ending : {".gguf", ".bin"}) {
    const std::size_t at = line.find(ending);
    if (at == std::string_view::npos) continue;
    const std::size_t begin = line.find_last_of(" \t`'\"(/\\[=?*<>|", at) + 1;
    std::string name(line.substr(begin, at + ending.size() - begin));
    if (const std::size_t slash = name.rfind("%2F"); slash != std::string::npos) {
      name.erase(0, slash + 3);
    }
    return name;
  }
  return {};
}

void readFileType(std::string_view type, Run& run) {
  // "2 (mostly Q4_0)"
  if (const std::size_t open = type.find("(mostly"); open != std::string_view::npos) {
    type = type.substr(open + 1, type.find(')', open) - open - 1);
  }
  run.type = type;
}

void readLine(std::string_view line, std::size_t number, Run& run) {
  if (const std::string file = fileIn(line); !file.empty()) {
    // Another file begins another run; its own lines follow.
    if (!run.file.empty() && run.file != file) run = {};
    run.file = file;
    run.fileLine = number;
  }
  if (const std::string text = optionOf(line, "-f"); !text.empty()) run.text = text;
  if (const std::string text = optionOf(line, "--file"); !text.empty()) run.text = text;
  if (const auto chunks = parseQuantity(optionOf(line, "--chunks"))) {
    run.chunkLimit = std::max(0LL, static_cast<long long>(chunks->value));
  }
  if (contains(line, "general.name")) {
    const std::size_t equal = line.find('=');
    if (equal != std::string_view::npos) run.name = trimmed(line.substr(equal + 1));
  }
  for (const std::string_view key : {"model ftype", "file type", "ftype"}) {
    if (const auto type = valueOf(line, key); !type.empty() && findGgufName(type)) {
      readFileType(type, run);
      break;
    }
  }
  for (const std::string_view key : {"model size", "file size"}) {
    const auto size = parseQuantity(valueOf(line, key));
    if (!size) continue;
    const auto unit = bitsOfSizeUnit(size->unit.substr(0, size->unit.find(' ')));
    if (!unit || size->unit.size() < 2) continue;  // "7B" of 2023 is a model's name
    run.totalBits = size->value * *unit;
    run.sizeText = valueOf(line, key);
    const std::size_t open = size->unit.find('(');
    if (open == std::string::npos) continue;
    if (const auto bits = parseQuantity(size->unit.substr(open + 1));
        bits && lowerCase(bits->unit).starts_with("bpw")) {
      run.bitsPerWeight = bits->value;
    }
  }
  if (const auto count = parseQuantity(valueOf(line, "model params"))) {
    run.parameters =
        parseCount(fmt::format("{}{}", count->value, count->unit.substr(0, 1))).value_or(kNaN);
  }
  for (const std::string_view option : {"-c", "--ctx-size"}) {
    if (const auto n = parseQuantity(optionOf(line, option))) {
      run.context = static_cast<long long>(n->value);
    }
  }
  // Logs of 2023 say it here only; later this is the context of all sequences together.
  if (const auto n = parseQuantity(valueOf(line, "llama_new_context_with_model: n_ctx"));
      n && run.context == 0) {
    run.context = static_cast<long long>(n->value);
  }
  if (const std::size_t at = line.find("n_ctx="); at != std::string_view::npos) {
    if (const auto n = parseQuantity(line.substr(at + 6, line.find(',', at) - at - 6))) {
      run.context = static_cast<long long>(n->value);
    }
  }
  if (const std::size_t at = line.find("calculating perplexity over ");
      at != std::string_view::npos) {
    if (const auto n = parseQuantity(line.substr(at + 28))) {
      run.chunks = static_cast<long long>(n->value);
    }
  }
}

std::string taskOf(const Run& run) {
  const std::string file = run.text.substr(run.text.find_last_of("/\\") + 1);
  const bool usual = file.empty() || contains(lowerCase(file), "wiki");
  std::vector<std::string> settings;
  if (run.context > 0 && run.context != 512) {
    settings.push_back(fmt::format("{} tokens", run.context));
  }
  if (run.chunkLimit > 0) settings.push_back(fmt::format("{} chunks", run.chunkLimit));
  if (usual && settings.empty()) return {};
  std::string task = usual ? "wikitext-2 (llama.cpp" : file + " (llama.cpp";
  for (const std::string& setting : settings) task += ", " + setting;
  return task + ")";
}

void finish(const Run& run, std::size_t lineNumber, const std::string& where, double perplexity,
            double error, TableReading& out) {
  // Of a list of names and results, a name far above belongs to something else.
  constexpr std::size_t kNear = 6;
  const bool listed = !run.loaded() && run.chunks == 0;
  const bool far = listed && lineNumber > run.fileLine + kNear;
  const auto fromFile = far ? std::nullopt : findGgufName(run.file);
  const auto fromType = findGgufName(run.type);
  const auto& found = fromType ? fromType : fromFile;
  const std::string label = !run.file.empty() ? run.file : !run.name.empty() ? run.name : "a run";
  if (!found) {
    out.notRead.push_back(
        fmt::format("line {} \"{}\" ({})", lineNumber, far ? "a result" : label,
                    far ? "no file is named near it" : "no file type, nor one in the file's name"));
    return;
  }
  TableEntry entry;
  entry.where = fmt::format("{}:{}", where, lineNumber);
  GgufType type = found->type;
  // The name of the file knows more: UD-, repacked rows, imatrix.
  if (fromFile && fromFile->type.bits == type.bits && !fromFile->several) type = fromFile->type;
  entry.typeName = type.name;
  entry.written = type.name;
  const bool imatrix = fromFile && fromFile->imatrix && type.bits < 16;
  entry.config = type.name + (imatrix ? " imatrix" : "");
  entry.method = type.bits >= 16 ? "none" : imatrix ? "imatrix" : "rtn";
  entry.dataType = type.dataType;
  entry.bits = type.bits;
  entry.blockSize = type.blockSize;
  entry.typeBits = type.bitsPerWeight;
  entry.typicalBits = type.mix;
  entry.model = !run.name.empty() ? run.name : fromFile ? fromFile->before : std::string();
  if (entry.model == "ggml-model") entry.model.clear();
  entry.totalBits = run.totalBits;
  entry.sizeText = run.sizeText;
  entry.bitsPerWeight = run.bitsPerWeight;
  entry.parameters = run.parameters;
  entry.results.push_back({taskOf(run), true, perplexity, error});
  out.entries.push_back(std::move(entry));
}

/// The last value of "[1]4.5,[2]5.1,[3]5.9," with its number; 0 chunks when the line has none.
std::pair<long long, double> lastChunk(std::string_view line) {
  const std::size_t open = line.rfind('[');
  if (open == std::string_view::npos) return {0, kNaN};
  const std::size_t close = line.find(']', open);
  if (close == std::string_view::npos) return {0, kNaN};
  const auto number = parseQuantity(line.substr(open + 1, close - open - 1));
  const auto value = parseQuantity(line.substr(close + 1, line.find(',', close) - close - 1));
  if (!number || !value || !number->unit.empty()) return {0, kNaN};
  return {static_cast<long long>(number->value), value->value};
}

}  // namespace

bool looksLikeLlamaCppLog(std::string_view text) {
  return contains(text, "Final estimate: PPL") || contains(text, "Mean PPL(Q)") ||
         contains(text, "calculating perplexity over");
}

TableReading readLlamaCppLog(std::string_view text, const std::string& where) {
  TableReading out;
  out.isResults = true;
  Run run;
  // A log that was cut to its last line may have the format in its own name: "Q4_K_M.log".
  const std::string stem = std::filesystem::path(where).stem().string();
  if (findGgufName(stem)) {
    run.file = stem;
    run.fileLine = text.size();  // near every line
  }
  long long chunk = 0;
  double perplexity = kNaN;
  bool open = false;
  std::size_t number = 0, begun = 0;
  const auto end = [&] {
    if (!open) return;
    // Before April 2023 the value of the last chunk was the result.
    if (run.chunks > 0 && chunk == run.chunks) {
      finish(run, begun, where, perplexity, kNaN, out);
    } else {
      out.notRead.push_back(fmt::format("line {} \"{}\" (it ended after {} of {} chunks)", begun,
                                        run.file.empty() ? "a run" : run.file, chunk, run.chunks));
    }
    open = false;
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t stop = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, stop - at);
    at = stop + 1;
    ++number;
    const bool begins = contains(line, "calculating perplexity over");
    const std::string file = fileIn(line);
    if (begins || (!file.empty() && file != run.file)) end();
    readLine(line, number, run);
    if (begins) {
      open = true;
      begun = number;
      chunk = 0;
      perplexity = kNaN;
    }
    if (const auto [n, value] = lastChunk(line); open && n > 0) {
      chunk = n;
      perplexity = value;
    }
    std::size_t result = std::string_view::npos;
    for (const std::string_view words : {"Final estimate: PPL", "Mean PPL(Q)"}) {
      const std::size_t found = line.find(words);
      if (found != std::string_view::npos) result = found + words.size();
    }
    if (result == std::string_view::npos) continue;
    const std::size_t value = line.find_first_of("=:", result);
    const std::string_view rest = value == std::string_view::npos ? "" : line.substr(value + 1);
    open = false;
    if (const auto found = parseQuantity(rest)) {
      finish(run, number, where, found->value, errorInCell(rest, DecimalMark::Point), out);
    } else {
      out.notRead.push_back(fmt::format("line {} \"{}\" (it is no number)", number, trimmed(line)));
    }
    run = {};
  }
  end();
  return out;
}

}  // namespace bitfrontier
