// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/task.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/eval/custom_task.h"
#include "core/eval/task_file.h"
#include "core/eval/task_formats.h"
#include "core/eval/wikitext.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// Words that name a kind. "arc" is too short to be looked for inside of other words.
constexpr std::array<std::pair<std::string_view, TaskKind>, 9> kWords = {{
    {"lambada", TaskKind::Lambada},
    {"hellaswag", TaskKind::HellaSwag},
    {"piqa", TaskKind::Piqa},
    {"physicaliqa", TaskKind::Piqa},
    {"winogrande", TaskKind::WinoGrande},
    {"arc", TaskKind::Arc},
    {"wikitext", TaskKind::WikiText},
    {"wiki.", TaskKind::WikiText},
    {"text", TaskKind::Text},
}};

bool isLetter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

bool containsWord(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !isLetter(text[at - 1])) && (end == text.size() || !isLetter(text[end]))) {
      return true;
    }
  }
  return false;
}

std::optional<TaskKind> kindIn(std::string name) {
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const auto& [word, kind] : kWords) {
    const bool whole = word == "arc";
    if (whole ? containsWord(name, word) : name.find(word) != std::string::npos) return kind;
  }
  return std::nullopt;
}

std::string folderName(const fs::path& path) {
  std::error_code ignored;
  return fs::absolute(path, ignored).parent_path().filename().string();
}

/// A .json file, unless it holds rows.
bool isDescription(const fs::path& path) {
  return path.extension() == ".json" && !holdsArray(path);
}

TaskKind kindOf(const TaskSource& source) {
  if (isDescription(source.path)) return TaskKind::Custom;
  if (const auto kind = kindIn(source.name)) return *kind;
  if (const auto kind = kindIn(source.path.filename().string())) return *kind;
  if (const auto kind = kindIn(folderName(source.path))) return *kind;
  throw Error(
      ErrorKind::InvalidArgument,
      fmt::format("{}: the file name must contain lambada, hellaswag, piqa, winogrande, arc, "
                  "wikitext or text to say what kind of task it is (or write kind=PATH)",
                  source.path.string()));
}

std::string nameOf(const TaskSource& source) {
  if (!source.name.empty()) return source.name;
  std::string name = source.path.stem().string();
  const bool telling = isDescription(source.path) || kindIn(source.path.filename().string());
  return telling ? name : folderName(source.path) + "_" + name;
}

/// The lines of a labels file, one for each row.
std::optional<std::vector<std::string>> labelsOf(const TaskFile& file, TaskKind kind,
                                                 std::size_t rows) {
  if (!file.labels || (kind != TaskKind::Piqa && kind != TaskKind::WinoGrande)) return std::nullopt;
  const std::string_view allowed = kind == TaskKind::Piqa ? "01" : "12";
  std::vector<std::string> labels;
  for (const NumberedLine& line : linesOf(*file.labels)) {
    if (line.text.size() != 1 || allowed.find(line.text) == std::string_view::npos) {
      throw Error(ErrorKind::Format, fmt::format("{}: {}:{}: label is \"{}\", not {} or {}",
                                                 file.name, file.labelsName, line.number,
                                                 line.text.substr(0, 20), allowed[0], allowed[1]));
    }
    labels.emplace_back(line.text);
  }
  if (labels.size() < rows) {
    throw Error(ErrorKind::Format, fmt::format("{}: row {} has no label, {} has only {}", file.name,
                                               labels.size() + 1, file.labelsName, labels.size()));
  }
  return labels;
}

std::string hashOf(const Task& task) {
  Sha256 hash;
  hash.update(fmt::format("{} {}\n", taskKindName(task.kind), task.itemLimit));
  if (task.kind == TaskKind::Custom) {
    hash.update(fmt::format("{} {}\n", static_cast<int>(task.scoring), task.delimiterBytes));
  }
  for (const TaskItem& item : task.items) {
    Json line = Json::array();
    for (const TextRequest& request : item.requests) {
      line.push_back({request.context, request.continuation});
    }
    line.push_back(item.gold);
    if (task.kind == TaskKind::WikiText) line.push_back({item.words, item.bytes});
    hash.update(line.dump() + "\n");
  }
  return hash.hexDigest();
}

/// Counts all entries and hands the first ones to `make` with the place for errors.
template <typename Entries, typename Make>
void takeItems(Task& task, const Entries& entries, Make&& make) {
  task.totalItems = static_cast<std::int64_t>(entries.size());
  const std::size_t count = task.itemLimit > 0
                                ? std::min(entries.size(), static_cast<std::size_t>(task.itemLimit))
                                : entries.size();
  task.items.reserve(count);
  for (std::size_t i = 0; i < count; ++i) task.items.push_back(make(i, entries[i]));
}

void readRows(Task& task, const TaskFile& file, const TaskDescription* description) {
  const std::vector<NumberedLine> lines = linesOf(file.content);
  const auto labels = labelsOf(file, task.kind, lines.size());
  takeItems(task, lines, [&](std::size_t index, const NumberedLine& line) {
    const std::string where =
        fmt::format("{}{}{}", file.name, file.fromArray ? ": row " : ":", line.number);
    const Json row = parseJson(line.text, where);
    if (description != nullptr) return description->makeItem(row, where);
    return makeTaskItem(task.kind, row, where,
                        labels ? std::optional((*labels)[index]) : std::nullopt);
  });
}

void readPlainText(Task& task, const TaskFile& file) {
  const auto placeOf = [&](std::int64_t line) { return fmt::format("{}:{}", file.name, line); };
  if (task.kind == TaskKind::Lambada) {
    takeItems(task, linesOf(file.content), [&](std::size_t, const NumberedLine& line) {
      return makeTaskItem(task.kind, {{"text", std::string(line.text)}}, placeOf(line.number));
    });
  } else if (task.kind == TaskKind::WikiText) {
    takeItems(task, splitWikiTextPages(file.content),
              [&](std::size_t index, const std::string& page) {
                return makeWikiTextItem(page, fmt::format("{}, page {}", file.name, index + 1));
              });
  } else if (task.kind == TaskKind::Text) {
    takeItems(task, std::array{&file.content},
              [&](std::size_t, const std::string* text) { return makeTextItem(*text, file.name); });
  } else {
    throw Error(ErrorKind::Unsupported,
                fmt::format("{}: a {} task is read from .jsonl, .parquet or an archive, not from "
                            "plain text",
                            file.name, taskKindName(task.kind)));
  }
}

}  // namespace

std::string_view taskKindName(TaskKind kind) {
  switch (kind) {
    case TaskKind::Lambada:
      return "lambada";
    case TaskKind::HellaSwag:
      return "hellaswag";
    case TaskKind::Piqa:
      return "piqa";
    case TaskKind::WinoGrande:
      return "winogrande";
    case TaskKind::Arc:
      return "arc";
    case TaskKind::WikiText:
      return "wikitext";
    case TaskKind::Text:
      return "text";
    case TaskKind::Custom:
      return "custom";
  }
  return "unknown";
}

Task loadTask(const fs::path& text, std::int64_t itemLimit) {
  if (itemLimit < 0) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{} items asked for, which is negative", itemLimit));
  }
  TaskSource source = parseTaskSource(text);
  const TaskKind kind = kindOf(source);
  std::string name = nameOf(source);
  if (kind != TaskKind::Custom) {
    return buildTask(std::move(name), kind, readTaskFile(source, kind), itemLimit);
  }
  const TaskDescription description =
      TaskDescription::parse(readJson(source.path), source.path.string());
  if (source.name.empty() && !description.name.empty()) name = description.name;
  const TaskSource data{"", source.path.parent_path() / description.data};
  return buildTask(std::move(name), kind, readTaskFile(data, kind), itemLimit, &description);
}

Task buildTask(std::string name, TaskKind kind, const TaskFile& file, std::int64_t itemLimit,
               const TaskDescription* description) {
  Task task;
  task.name = std::move(name);
  task.itemLimit = itemLimit;
  if (description != nullptr) {
    description->describe(task);
  } else {
    describeTask(kind, task);
  }
  if (file.jsonLines) {
    readRows(task, file, description);
  } else {
    readPlainText(task, file);
  }
  if (task.items.empty()) {
    throw Error(ErrorKind::Format, fmt::format("{}: the task has no items", file.name));
  }
  for (const TaskItem& item : task.items) {
    for (const TextRequest& request : item.requests) {
      task.bytes += static_cast<std::int64_t>(request.context.size() + request.continuation.size());
    }
  }
  task.hash = hashOf(task);
  return task;
}

}  // namespace bitfrontier
