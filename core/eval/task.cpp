// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/task.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/eval/python_text.h"

namespace bitfrontier {
namespace {

using Json = nlohmann::json;

constexpr std::array kKinds = {TaskKind::Lambada, TaskKind::HellaSwag, TaskKind::Piqa,
                               TaskKind::WinoGrande, TaskKind::Text};

std::optional<TaskKind> kindIn(std::string_view name) {
  for (const TaskKind kind : kKinds) {
    if (name.find(taskKindName(kind)) != std::string_view::npos) return kind;
  }
  return std::nullopt;
}

std::string lastFolder(const std::filesystem::path& path) {
  std::error_code ignored;
  const auto absolute = std::filesystem::absolute(path, ignored);
  return absolute.parent_path().filename().string();
}

struct Line {
  std::string_view text;
  std::int64_t number = 0;
};

/// The lines of a file that are not blank, at most `limit` (0 = all).
std::vector<Line> splitLines(std::string_view content, std::int64_t limit) {
  std::vector<Line> lines;
  std::int64_t number = 0;
  while (!content.empty()) {
    ++number;
    const std::size_t end = content.find('\n');
    std::string_view text = content.substr(0, end);
    content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    if (text.find_first_not_of(" \t") == std::string_view::npos) continue;
    lines.push_back({text, number});
    if (limit > 0 && static_cast<std::int64_t>(lines.size()) == limit) break;
  }
  return lines;
}

/// A choice index written as a number or as a string of digits, as the distributions differ.
int requireChoice(const Json& object, std::string_view key, std::string_view where, int first,
                  int count) {
  const Json& value = requireMember(object, key, where);
  std::int64_t number = -1;
  if (value.is_number_integer()) {
    number = value.get<std::int64_t>();
  } else if (value.is_string() && value.get_ref<const std::string&>().size() == 1) {
    number = value.get_ref<const std::string&>()[0] - '0';
  }
  if (number < first || number >= first + count) {
    throw Error(ErrorKind::Format, fmt::format("{}: {} is {}, not within {}..{}", where, key,
                                               value.dump(), first, first + count - 1));
  }
  return static_cast<int>(number) - first;
}

TaskItem lambadaItem(const Json& json, const std::string& where) {
  const std::string& text = requireString(json, "text", where);
  const std::size_t space = text.rfind(' ');
  const std::string last = space == std::string::npos ? text : text.substr(space + 1);
  return {{{space == std::string::npos ? "" : text.substr(0, space), " " + last}}, 0};
}

/// The harness's HellaSwag preprocessing: WikiHow artefacts out, double spaces narrowed once.
std::string cleanHellaSwag(std::string_view text) {
  const std::string titled = python::replace(python::strip(text), " [title]", ". ");
  std::string plain;
  for (std::size_t at = 0; at < titled.size(); ++at) {
    if (titled[at] == '[') {
      const std::size_t close = titled.find(']', at);
      if (close != std::string::npos && titled.find('\n', at) > close) {
        at = close;
        continue;
      }
    }
    plain += titled[at];
  }
  return python::replace(plain, "  ", " ");
}

TaskItem hellaSwagItem(const Json& json, const std::string& where) {
  const std::string query = cleanHellaSwag(requireString(json, "activity_label", where) + ": " +
                                           requireString(json, "ctx_a", where) + " " +
                                           python::capitalize(requireString(json, "ctx_b", where)));
  const Json& endings = requireArray(json, "endings", where);
  if (endings.size() < 2 || endings.size() > 9) {
    throw Error(ErrorKind::Format,
                fmt::format("{}: endings has {} entries, not 2..9", where, endings.size()));
  }
  TaskItem item;
  for (const Json& ending : endings) {
    if (!ending.is_string()) {
      throw Error(ErrorKind::Format, fmt::format("{}: endings holds {}, which is not a string",
                                                 where, ending.dump().substr(0, 40)));
    }
    item.requests.push_back({query, " " + cleanHellaSwag(ending.get_ref<const std::string&>())});
  }
  item.gold = requireChoice(json, "label", where, 0, static_cast<int>(endings.size()));
  return item;
}

TaskItem piqaItem(const Json& json, const std::string& where, std::optional<int> label) {
  const std::string context = "Question: " + requireString(json, "goal", where) + "\nAnswer:";
  TaskItem item;
  item.requests = {{context, " " + requireString(json, "sol1", where)},
                   {context, " " + requireString(json, "sol2", where)}};
  item.gold = label ? *label : requireChoice(json, "label", where, 0, 2);
  return item;
}

/// Partial evaluation: the option goes into the context, the same rest of the sentence is scored.
TaskItem winoGrandeItem(const Json& json, const std::string& where) {
  const std::string& sentence = requireString(json, "sentence", where);
  const std::size_t blank = sentence.find('_');
  if (blank == std::string::npos) {
    throw Error(ErrorKind::Format, fmt::format("{}: sentence has no \"_\" to fill", where));
  }
  const std::string before = sentence.substr(0, blank);
  const std::string rest =
      " " + std::string(python::strip(std::string_view(sentence).substr(blank + 1)));
  TaskItem item;
  item.requests = {{before + requireString(json, "option1", where), rest},
                   {before + requireString(json, "option2", where), rest}};
  item.gold = requireChoice(json, "answer", where, 1, 2);
  return item;
}

TaskItem textItem(const Json& json, const std::string& where) {
  const std::string& text = requireString(json, "text", where);
  if (text.empty()) throw Error(ErrorKind::Format, fmt::format("{}: text is empty", where));
  return {{{"", text}}, 0};
}

/// Labels of a PIQA file, one a line; nothing when the file is not there.
std::optional<std::vector<int>> piqaLabels(const std::filesystem::path& task) {
  std::filesystem::path path = task;
  path.replace_filename(task.stem().string() + "-labels.lst");
  if (!std::filesystem::exists(path)) return std::nullopt;
  std::vector<int> labels;
  const std::string content = readFile(path);
  for (const Line& line : splitLines(content, 0)) {
    if (line.text != "0" && line.text != "1") {
      throw Error(ErrorKind::Format, fmt::format("{}:{}: label is \"{}\", not 0 or 1",
                                                 path.string(), line.number, line.text));
    }
    labels.push_back(line.text == "1" ? 1 : 0);
  }
  return labels;
}

std::string hashOf(const Task& task) {
  Sha256 hash;
  hash.update(fmt::format("{} {}\n", taskKindName(task.kind), task.itemLimit));
  for (const TaskItem& item : task.items) {
    Json line = Json::array();
    for (const TextRequest& request : item.requests) {
      line.push_back({request.context, request.continuation});
    }
    line.push_back(item.gold);
    hash.update(line.dump() + "\n");
  }
  return hash.hexDigest();
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
    case TaskKind::Text:
      return "text";
  }
  return "unknown";
}

TaskKind taskKindOf(const std::filesystem::path& path) {
  if (const auto kind = kindIn(path.stem().string())) return *kind;
  if (const auto kind = kindIn(lastFolder(path))) return *kind;
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("{}: the file name must contain lambada, hellaswag, piqa, winogrande or "
                          "text to say what kind of task it is",
                          path.string()));
}

Task loadTask(const std::filesystem::path& path, std::int64_t itemLimit) {
  if (itemLimit < 0) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{} items asked for, which is negative", itemLimit));
  }
  Task task;
  task.kind = taskKindOf(path);
  task.name = path.stem().string();
  if (!kindIn(task.name)) task.name = lastFolder(path) + "_" + task.name;
  task.itemLimit = itemLimit;
  const std::string content = readFile(path);
  const auto labels = task.kind == TaskKind::Piqa ? piqaLabels(path) : std::nullopt;
  for (const Line& line : splitLines(content, itemLimit)) {
    const std::string where = fmt::format("{}:{}", path.string(), line.number);
    const Json json = parseJson(line.text, where);
    switch (task.kind) {
      case TaskKind::Lambada:
        task.items.push_back(lambadaItem(json, where));
        break;
      case TaskKind::HellaSwag:
        task.items.push_back(hellaSwagItem(json, where));
        break;
      case TaskKind::Piqa: {
        const std::size_t index = task.items.size();
        if (labels && index >= labels->size()) {
          throw Error(ErrorKind::Format, fmt::format("{}: no label, {}-labels.lst has only {}",
                                                     where, path.stem().string(), labels->size()));
        }
        task.items.push_back(
            piqaItem(json, where, labels ? std::optional((*labels)[index]) : std::nullopt));
        break;
      }
      case TaskKind::WinoGrande:
        task.items.push_back(winoGrandeItem(json, where));
        break;
      case TaskKind::Text:
        task.items.push_back(textItem(json, where));
        break;
    }
  }
  if (task.items.empty()) {
    throw Error(ErrorKind::Format, fmt::format("{}: the task has no items", path.string()));
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
