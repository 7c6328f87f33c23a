// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/table_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <span>
#include <utility>

#include "core/store/import/gguf_types.h"
#include "core/store/import/import_options.h"

namespace bitfrontier {
namespace {

using Words = std::vector<std::string>;

bool hasAny(const Words& words, std::span<const std::string_view> wanted) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(wanted.begin(), wanted.end(), word) != wanted.end();
  });
}
bool hasAny(const Words& words, std::initializer_list<std::string_view> wanted) {
  return hasAny(words, std::span(wanted.begin(), wanted.size()));
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool isErrorName(std::string_view name) {
  const Words words = wordsOf(name);
  return hasAny(words, {"err", "error", "errors", "std", "stderr", "stdev", "stddev", "se", "sd",
                        "pm", "uncertainty", "sigma"}) ||
         contains(name, "\u00b1") || contains(name, "+/-") || contains(name, "+-");
}

constexpr auto kNone = TableColumns::kNone;

bool isBitsPerWeightName(std::string_view name) {
  const std::string text = lowerCase(name);
  return hasAny(wordsOf(name), {"bpw", "bpp"}) || contains(text, "bits/weight") ||
         contains(text, "bits per weight") || contains(text, "bits_per_weight") ||
         contains(text, "bits per param") || contains(text, "bits/param");
}

bool isFormatName(const Words& words) {
  return hasAny(words, {"quant", "quants", "quantization", "quantisation", "quantized", "qtype",
                        "type", "format", "method", "precision", "scheme", "config",
                        "configuration", "variant", "ftype", "dtype", "tier", "recipe"});
}

bool isModelName(const Words& words) {
  return hasAny(words,
                {"model", "models", "name", "file", "filename", "gguf", "llm", "checkpoint"});
}

/// "7B", "0.5B", "57B-A14B": a model's size in a column that is only called size.
bool isModelSize(const std::string& cell, DecimalMark mark) {
  const auto number = parseQuantity(cell, mark);
  if (!number || number->unit.empty()) return false;
  const char unit = number->unit[0];
  return (unit == 'B' || unit == 'b') &&
         (number->unit.size() == 1 ||
          std::isalnum(static_cast<unsigned char>(number->unit[1])) == 0);
}

struct TaskName {
  std::string_view words, task;
};
/// Longer names first: "mmlu pro" is no "mmlu".
constexpr std::array<TaskName, 52> kTasks = {{
    {"arc challenge", "arc_challenge"},
    {"arc easy", "arc_easy"},
    {"arc c", "arc_challenge"},
    {"arc e", "arc_easy"},
    {"arcc", "arc_challenge"},
    {"arce", "arc_easy"},
    {"lambada standard", "lambada_standard"},
    {"lambada", "lambada_openai"},
    {"mmlu pro", "mmlu_pro"},
    {"mmlupro", "mmlu_pro"},
    {"mmlu", "mmlu"},
    {"cmmlu", "cmmlu"},
    {"hellaswag", "hellaswag"},
    {"hella", "hellaswag"},
    {"piqa", "piqa"},
    {"winogrande", "winogrande"},
    {"wino", "winogrande"},
    {"boolq", "boolq"},
    {"openbookqa", "openbookqa"},
    {"obqa", "openbookqa"},
    {"truthfulqa mc1", "truthfulqa_mc1"},
    {"truthfulqa mc2", "truthfulqa_mc2"},
    {"truthfulqa", "truthfulqa"},
    {"thruthful qa", "truthfulqa"},
    {"truthful qa", "truthfulqa"},
    {"gsm8k platinum", "gsm8k_platinum"},
    {"gsm8k", "gsm8k"},
    {"gpqa diamond", "gpqa_diamond"},
    {"gpqa", "gpqa"},
    {"humaneval", "humaneval"},
    {"mbpp", "mbpp"},
    {"ifeval", "ifeval"},
    {"bbh", "bbh"},
    {"sciq", "sciq"},
    {"logiqa", "logiqa"},
    {"race", "race"},
    {"copa", "copa"},
    {"rte", "rte"},
    {"wic", "wic"},
    {"triviaqa", "triviaqa"},
    {"nq", "nq_open"},
    {"commonsenseqa", "commonsense_qa"},
    {"commonsense qa", "commonsense_qa"},
    {"csqa", "commonsense_qa"},
    {"siqa", "social_iqa"},
    {"social iqa", "social_iqa"},
    {"storycloze", "storycloze"},
    {"storycloze 2018", "storycloze_2018"},
    {"ceval", "ceval"},
    {"musr", "musr"},
    {"agieval", "agieval"},
    {"wsc273", "wsc273"},
}};

std::string joined(const Words& words) {
  std::string out = " ";
  for (const std::string& word : words) out += word + " ";
  return out;
}

/// Bits, type and method in the name of a format that is none of GGUF.
NamedFormat otherFormat(std::string_view cell) {
  NamedFormat out;
  out.config = trimmed(cell);
  const std::string text = lowerCase(cell);
  const Words words = wordsOf(text);
  for (const std::string_view method :
       {"gptq", "awq", "hqq", "aqlm", "quip", "spqr", "squeezellm", "omniquant", "autoround",
        "exl2", "exl3", "eetq", "rtn", "vptq", "smoothquant", "bitsandbytes", "bnb"}) {
    if (contains(text, method)) {
      out.method = method;
      break;
    }
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (std::isdigit(static_cast<unsigned char>(text[i])) == 0) continue;
    std::size_t end = i;
    while (end < text.size() &&
           (std::isdigit(static_cast<unsigned char>(text[end])) != 0 || text[end] == '.')) {
      ++end;
    }
    const auto number = parseQuantity(text.substr(i, end - i));
    std::string_view behind = std::string_view(text).substr(end);
    if (!behind.empty() && (behind[0] == '-' || behind[0] == ' ' || behind[0] == '_')) {
      behind.remove_prefix(1);
    }
    std::size_t letters = i;
    while (letters > 0 && std::isalpha(static_cast<unsigned char>(text[letters - 1])) != 0)
      --letters;
    const std::string before = text.substr(letters, i - letters);
    const bool named = before == "int" || before == "uint" || before == "w" || before == "nf" ||
                       before == "fp" || before == "float" || before == "wbits";
    // "3g128"
    const bool group = before.empty() && behind.size() > 1 && behind[0] == 'g' &&
                       std::isdigit(static_cast<unsigned char>(behind[1])) != 0;
    if (number && number->value >= 1 && number->value <= 32 && out.bits == 0 &&
        (named || group || behind.starts_with("bit") || behind.starts_with("bpw"))) {
      out.bits = number->value;
      if (before == "nf") out.dataType = "nf";
      if (before == "fp" || before == "float") out.dataType = "float";
      if (behind.starts_with("bpw")) out.bitsPerWeight = number->value;
    } else if (number && before == "g" && number->value >= 8) {
      out.blockSize = static_cast<std::int64_t>(number->value);
    }
    i = end;
  }
  return out;
}

}  // namespace

bool isDerivedName(std::string_view name) {
  const std::string text = lowerCase(name);
  for (const std::string_view mark :
       {"\u0394", "\u03b4", "\u2206", "t/s", "tok/s", "tokens/s", "ln("}) {
    if (contains(name, mark) || contains(text, mark)) return true;
  }
  return hasAny(
      wordsOf(name),
      {"delta",    "diff",    "difference", "increase",    "decrease", "gap",         "loss",
       "ratio",    "vs",      "change",     "rank",        "drop",     "degradation", "recovery",
       "relative", "time",    "speed",      "improvement", "kld",      "kl",          "dppl",
       "avg",      "average", "reduction",  "saved",       "cor"});
}

bool isFileSizeName(std::string_view name) {
  const Words words = wordsOf(name);
  if (contains(name, "%") || contains(name, "/") || isDerivedName(name) ||
      hasAny(words, {"vram",    "ram",    "memory",    "mem",         "kv",    "cache",
                     "context", "ctx",    "batch",     "block",       "group", "vocab",
                     "hidden",  "window", "sample",    "train",       "peak",  "original",
                     "step",    "prompt", "reduction", "compression", "load",  "speed"})) {
    return false;
  }
  if (hasAny(words, {"size", "filesize", "disk", "bytes", "storage", "footprint"})) return true;
  if (words.empty() || !bitsOfSizeUnit(words.back())) return false;
  // "GiB", "File (GB)", "weights_gb"; not "bits".
  return words.back().size() > 1 && !words.back().starts_with("bit") &&
         (words.size() == 1 || hasAny(words, {"file", "model", "gguf", "weight", "weights"}));
}

bool isPerplexityName(std::string_view name) {
  const std::string text = lowerCase(name);
  if (!contains(text, "ppl") && !contains(text, "perplexity")) return false;
  // "PPL(f16)" beside quantized rows is the perplexity of another model.
  const auto format = findGgufName(name);
  return !(format && format->type.bits >= 16) && !isDerivedName(name) && !isErrorName(name) &&
         !contains(text, "%") &&
         !hasAny(wordsOf(name), {"tok", "tokens", "chunks", "ci", "base", "baseline", "ref",
                                 "reference", "original"});
}

std::string taskOfColumn(std::string_view header) {
  if (isDerivedName(header)) return {};
  const Words words = wordsOf(header);
  const std::string text = joined(words);
  for (const auto& [name, task] : kTasks) {
    if (!contains(text, fmt::format(" {} ", name))) continue;
    std::string out(task);
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (i > 0 && words[i] == "shot") out += fmt::format(" ({}-shot)", words[i - 1]);
    }
    if (hasAny(words, {"norm"})) out += " (acc_norm)";
    return out;
  }
  return {};
}

std::optional<NamedFormat> formatOfCell(std::string_view cell) {
  if (const auto found = findGgufName(cell)) {
    NamedFormat out;
    out.typeName = found->type.name;
    out.bits = found->type.bits;
    out.dataType = found->type.dataType;
    out.blockSize = found->type.blockSize;
    out.bitsPerWeight = found->type.bitsPerWeight;
    out.typical = found->type.mix;
    out.method = found->type.bits >= 16 ? "none" : found->imatrix ? "imatrix" : "rtn";
    const std::string lower = lowerCase(cell);
    const bool isFile = lower.ends_with(".gguf") || lower.ends_with(".bin");
    // "DeepSeek-R1-Q8_0" names a model, "bartowski Q8_0" and "mix/Q8_0" do not.
    const std::size_t joint = found->before.size();
    const bool joined = joint > 0 && joint < cell.size() &&
                        std::string_view("-_.").find(cell[joint]) != std::string_view::npos;
    if (isFile || joined || parametersOfName(found->before)) out.model = found->before;
    out.config = found->several ? std::string(trimmed(cell)) : found->type.name;
    if (!found->several) {
      if (out.model.empty() && !found->before.empty())
        out.config = found->before + " " + out.config;
      if (!found->after.empty()) out.config += " " + found->after;
      if (found->imatrix) out.config += " imatrix";
    }
    if (lowerCase(out.model).ends_with("ggml-model")) out.model.clear();
    return out;
  }
  NamedFormat other = otherFormat(cell);
  if (other.bits == 0 && other.method.empty()) return std::nullopt;
  return other;
}

namespace {

/// Finds out what the columns of a table are, one kind after the other; a column is of one kind.
class ColumnFinder {
 public:
  explicit ColumnFinder(const TextTable& table) : table_(table), taken_(table.header.size()) {
    for (const std::string& name : table.header) words_.push_back(wordsOf(name));
    titled_ =
        contains(lowerCase(table.title), "perplexity") || contains(lowerCase(table.title), "ppl");
  }

  TableColumns find() {
    findFormat();
    findByName();
    findSizeAndModel();
    findResults();
    if (out_.results.empty()) findOnlyResult();
    if (out_.format == kNone && out_.bits != kNone) out_.format = out_.bits;
    tellPerplexitiesApart();
    findErrors();
    return out_;
  }

 private:
  void take(std::size_t& column, std::size_t i) {
    if (column != kNone || taken_[i]) return;
    column = i;
    taken_[i] = true;
  }

  /// Formats are known by the cells: the column in which most name one. First GGUF's names, then
  /// others in a column of formats, then others in the names of models.
  void findFormat() {
    std::size_t most = 0;
    for (int pass = 0; pass < 3 && most == 0; ++pass) {
      for (std::size_t i = 0; i < words_.size(); ++i) {
        std::size_t count = 0;
        const bool here =
            pass == 0 || (pass == 1 ? isFormatName(words_[i]) : isModelName(words_[i]));
        for (std::size_t r = 0; here && r < table_.rows.size(); ++r) {
          const auto format = formatOfCell(table_.rows[r][i]);
          count += format && (pass > 0 || !format->typeName.empty()) ? 1 : 0;
        }
        if (count > most) {
          most = count;
          out_.format = i;
        }
      }
    }
    if (out_.format != kNone) taken_[out_.format] = true;
  }

  void findByName() {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const std::string& name = table_.header[i];
      const Words& words = words_[i];
      if (hasAny(words, {"imatrix", "imat"}) && !isPerplexityName(name)) take(out_.imatrix, i);
      if (isBitsPerWeightName(name)) take(out_.bitsPerWeight, i);
      if (hasAny(words, {"params", "parameters", "nparams"})) take(out_.parameters, i);
      if (hasAny(words, {"group", "groupsize", "gs"}) || joined(words) == " block size ") {
        take(out_.block, i);
      }
      if (hasAny(words, {"bits", "bit", "wbits", "nbits"}) && !isDerivedName(name)) {
        const bool total = hasAny(words, {"total", "model"});
        if (!total) take(out_.bits, i);
      }
      if (hasAny(words, {"task", "tasks", "benchmark", "dataset"})) take(out_.task, i);
      if (hasAny(words, {"context", "ctx", "nctx"})) take(out_.context, i);
    }
  }

  void findSizeAndModel() {
    // A unit in the name tells a size better than the word.
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (joined(words_[i]) == " total bits ") take(out_.size, i);
    }
    for (const bool unit : {true, false}) {
      for (std::size_t i = 0; i < words_.size(); ++i) {
        if (!isFileSizeName(table_.header[i])) continue;
        if (!unit || bitsOfSizeColumn(table_.header[i])) take(out_.size, i);
      }
    }
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (isModelName(words_[i]) && !isDerivedName(table_.header[i])) take(out_.model, i);
    }
    if (out_.size == kNone) return;
    std::size_t models = 0;
    for (const auto& row : table_.rows) models += isModelSize(row[out_.size], table_.mark) ? 1 : 0;
    if (models == 0 || models * 2 < table_.rows.size()) return;
    out_.sizeIsModel = true;
    if (out_.model == kNone) out_.model = out_.size;
    out_.size = kNone;
    // Perhaps the file's size is there under another name.
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (!taken_[i] && isFileSizeName(table_.header[i])) take(out_.size, i);
    }
  }

  void findResults() {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (taken_[i]) continue;
      const std::string task = taskOfColumn(table_.header[i]);
      const bool perplexity = isPerplexityName(table_.header[i]);
      if (!perplexity && (task.empty() || isErrorName(table_.header[i]))) continue;
      // LAMBADA has both.
      out_.results.push_back({i, kNone,
                              perplexity && task.starts_with("lambada") ? task
                              : perplexity                              ? ""
                                                                        : task,
                              perplexity});
      taken_[i] = true;
    }
  }

  /// The first column of values without a name of its own.
  void findOnlyResult() {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (taken_[i] || isDerivedName(table_.header[i]) || isErrorName(table_.header[i])) continue;
      const bool value =
          hasAny(words_[i], {"score", "value", "result", "metric", "accuracy", "acc"});
      const bool accuracy = hasAny(words_[i], {"accuracy", "acc"});
      if (!value || (out_.task == kNone && !accuracy && !titled_)) continue;
      out_.results.push_back({i, kNone, {}, titled_ && !accuracy});
      taken_[i] = true;
      return;
    }
  }

  /// Several perplexities are of several texts, or of quantizations with and without an imatrix.
  void tellPerplexitiesApart() {
    std::size_t perplexities = 0;
    for (auto& result : out_.results) {
      result.imatrix = result.perplexity && hasAny(words_[result.column], {"imatrix", "imat"});
      perplexities += result.perplexity && !result.imatrix ? 1 : 0;
    }
    for (auto& result : out_.results) {
      const std::string& name = table_.header[result.column];
      const bool usual = contains(lowerCase(name), "wiki");
      if (result.perplexity && perplexities > 1 && !result.imatrix && result.task.empty() &&
          !usual) {
        result.task = name;
      }
    }
  }

  /// An error belongs to the result on its left, or to the one that it names.
  void findErrors() {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (taken_[i] || !isErrorName(table_.header[i]) || isDerivedName(table_.header[i]) ||
          contains(table_.header[i], "%")) {
        continue;
      }
      TableColumns::Result* owner = nullptr;
      const std::string task = taskOfColumn(table_.header[i]);
      const std::string lower = lowerCase(table_.header[i]);
      const bool ofPerplexity = contains(lower, "ppl") || contains(lower, "perplexity");
      for (auto& result : out_.results) {
        const bool named =
            (!task.empty() && result.task == task) || (ofPerplexity && result.perplexity);
        const bool left = result.column + 1 == i && task.empty() && !ofPerplexity;
        if ((named || left) && result.error == kNone) owner = &result;
        if (owner != nullptr && named && result.column < i) break;
      }
      if (owner != nullptr) owner->error = i;
    }
  }

  const TextTable& table_;
  std::vector<bool> taken_;
  std::vector<Words> words_;
  bool titled_ = false;
  TableColumns out_;
};

}  // namespace

TableColumns findColumns(const TextTable& table) { return ColumnFinder(table).find(); }

}  // namespace bitfrontier
