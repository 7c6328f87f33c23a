// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/custom_task.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/eval/task_formats.h"

namespace bitfrontier {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostChoices = 100;

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

const Json& resolve(const Json& row, std::string_view path, std::string_view where) {
  const Json* at = &row;
  for (std::string_view rest = path; !rest.empty();) {
    const std::size_t dot = std::min(rest.find('.'), rest.size());
    const std::string_view key = rest.substr(0, dot);
    rest.remove_prefix(std::min(dot + 1, rest.size()));
    const Json* next = nullptr;
    if (at->is_object()) {
      const auto found = at->find(key);
      if (found != at->end()) next = &*found;
    } else if (at->is_array()) {
      std::size_t index = 0;
      const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
      if (error == std::errc() && end == key.data() + key.size() && index < at->size()) {
        next = &(*at)[index];
      }
    }
    if (next == nullptr) {
      throw Error(ErrorKind::Format, fmt::format("{}: there is no field {}", where, path));
    }
    at = next;
  }
  return *at;
}

std::string asText(const Json& value, std::string_view path, std::string_view where) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "True" : "False";  // as Jinja writes them
  if (value.is_number()) return value.dump();
  throw Error(ErrorKind::Format, fmt::format("{}: field {} is {}, not text or a number", where,
                                             path, value.is_null() ? "null" : value.type_name()));
}

Template requireTemplate(const Json& json, std::string_view key, const std::string& where) {
  return Template::parse(requireString(json, key, where), fmt::format("{}: {}", where, key));
}

/// "{{field}}" or a list of templates.
std::vector<Template> templates(const Json& json, const char* key, const std::string& where) {
  const std::string place = fmt::format("{}: {}", where, key);
  const Json& value = requireMember(json, key, where);
  if (value.is_string()) return {Template::parse(value.get<std::string>(), place)};
  std::vector<Template> all;
  for (const Json& entry : requireArray(json, key, where)) {
    if (!entry.is_string()) {
      throw Error(ErrorKind::Format, fmt::format("{} holds an entry that is not a string", place));
    }
    all.push_back(Template::parse(entry.get<std::string>(), place));
  }
  return all;
}

/// The strings that templates() gives for a row.
std::vector<std::string> fillAll(const std::vector<Template>& all, const Json& row,
                                 const std::string& where) {
  std::vector<std::string> texts;
  if (all.size() == 1) {
    if (const Json* value = all.front().value(row, where); value != nullptr && value->is_array()) {
      for (const Json& entry : *value) texts.push_back(asText(entry, "of an array", where));
      return texts;
    }
  }
  for (const Template& one : all) texts.push_back(one.fill(row, where));
  return texts;
}

const std::vector<std::string>& metricsOf(Scoring scoring) {
  static const std::vector<std::string> word = {"perplexity", "acc"};
  static const std::vector<std::string> choices = {"acc", "acc_norm", "acc_bytes"};
  static const std::vector<std::string> rolling = {"word_perplexity", "byte_perplexity",
                                                   "bits_per_byte", "cross_entropy"};
  switch (scoring) {
    case Scoring::LastWord:
      return word;
    case Scoring::Choices:
      return choices;
    case Scoring::Rolling:
      break;
  }
  return rolling;
}

void refuseUnknownKeys(const Json& json, const std::string& where) {
  static const std::set<std::string, std::less<>> known = {
      "name",    "version",   "description", "data",   "type", "template",
      "choices", "delimiter", "gold",        "labels", "text", "metrics"};
  for (const auto& [key, value] : json.items()) {
    if (!known.contains(key)) {
      throw Error(ErrorKind::Format,
                  fmt::format("{}: unknown key {}; a description has {}", where,
                              Json(key).dump(-1, ' ', false, Json::error_handler_t::replace),
                              fmt::join(known, ", ")));
    }
  }
}

Scoring scoringOf(const std::string& type, const std::string& where) {
  if (type == "choices") return Scoring::Choices;
  if (type == "last_word") return Scoring::LastWord;
  if (type == "rolling") return Scoring::Rolling;
  throw Error(ErrorKind::Format,
              fmt::format("{}: type is \"{}\", not choices, last_word or rolling", where,
                          type.substr(0, 40)));
}

}  // namespace

Template Template::parse(std::string_view text, std::string_view where) {
  Template result;
  while (!text.empty()) {
    const std::size_t open = std::min(text.find("{{"), text.size());
    if (open > 0) result.parts_.push_back({std::string(text.substr(0, open)), false});
    text.remove_prefix(open);
    if (text.empty()) break;
    const std::size_t close = text.find("}}");
    const std::string_view path =
        close == std::string_view::npos ? std::string_view() : trim(text.substr(2, close - 2));
    if (path.empty()) {
      throw Error(ErrorKind::Format,
                  fmt::format("{}: \"{}\" names no field, which is written {{{{field}}}}", where,
                              text.substr(0, 20)));
    }
    result.parts_.push_back({std::string(path), true});
    text.remove_prefix(close + 2);
  }
  return result;
}

std::string Template::fill(const Json& row, std::string_view where) const {
  std::string text;
  for (const Part& part : parts_) {
    text += part.field ? asText(resolve(row, part.text, where), part.text, where) : part.text;
  }
  return text;
}

const Json* Template::value(const Json& row, std::string_view where) const {
  if (parts_.size() != 1 || !parts_.front().field) return nullptr;
  return &resolve(row, parts_.front().text, where);
}

TaskDescription TaskDescription::parse(const Json& json, const std::string& where) {
  if (!json.is_object()) {
    throw Error(ErrorKind::Format, fmt::format("{}: a task description is an object", where));
  }
  refuseUnknownKeys(json, where);
  TaskDescription task;
  if (json.contains("name")) task.name = requireString(json, "name", where);
  if (json.contains("version")) task.version = requireNumber(json, "version", where);
  if (json.contains("delimiter")) task.delimiter = requireString(json, "delimiter", where);
  task.data = requireString(json, "data", where);
  task.scoring = scoringOf(requireString(json, "type", where), where);
  if (task.scoring == Scoring::Rolling) {
    task.text = requireTemplate(json, "text", where);
  } else {
    task.context = requireTemplate(json, "template", where);
    task.gold = requireTemplate(json, "gold", where);
  }
  if (task.scoring == Scoring::Choices) {
    task.choices = templates(json, "choices", where);
    if (json.contains("labels")) task.labels = templates(json, "labels", where);
  }
  const std::vector<std::string>& allowed = metricsOf(task.scoring);
  task.metrics = allowed;
  if (json.contains("metrics")) {
    task.metrics.clear();
    for (const Json& metric : requireArray(json, "metrics", where)) {
      const std::string name = metric.is_string() ? metric.get<std::string>() : std::string();
      if (std::ranges::find(allowed, name) == allowed.end()) {
        throw Error(ErrorKind::Format,
                    fmt::format("{}: metrics may hold {}", where, fmt::join(allowed, ", ")));
      }
      task.metrics.push_back(name);
    }
  }
  return task;
}

TaskItem TaskDescription::makeItem(const Json& row, const std::string& where) const {
  if (scoring == Scoring::Rolling) return makeTextItem(text.fill(row, where), where);
  const std::string before = context.fill(row, where);
  TaskItem item;
  if (scoring == Scoring::LastWord) {
    item.requests.push_back({before, delimiter + gold.fill(row, where)});
    return item;
  }
  const std::vector<std::string> texts = fillAll(choices, row, where);
  if (texts.size() < 2 || texts.size() > kMostChoices) {
    throw Error(ErrorKind::Format, fmt::format("{}: there are {} choices, not 2..{}", where,
                                               texts.size(), kMostChoices));
  }
  for (const std::string& choice : texts) item.requests.push_back({before, delimiter + choice});
  const auto index = labels.empty() ? goldAmong(texts, row, where) : goldByLabel(texts, row, where);
  item.gold = static_cast<int>(index);
  return item;
}

std::size_t TaskDescription::goldByLabel(const std::vector<std::string>& texts, const Json& row,
                                         const std::string& where) const {
  const std::vector<std::string> names = fillAll(labels, row, where);
  if (names.size() != texts.size()) {
    throw Error(ErrorKind::Format, fmt::format("{}: there are {} choices and {} labels", where,
                                               texts.size(), names.size()));
  }
  const std::string right = gold.fill(row, where);
  const auto found = std::ranges::find(names, right);
  if (found == names.end()) {
    throw Error(ErrorKind::Format, fmt::format("{}: gold is \"{}\", which is none of the labels",
                                               where, right.substr(0, 40)));
  }
  return static_cast<std::size_t>(found - names.begin());
}

// As doc_to_target of lm-evaluation-harness 0.4.13, a template beside doc_to_choice: digits are an
// index before anything else, everything else is the text of a choice.
std::size_t TaskDescription::goldAmong(const std::vector<std::string>& texts, const Json& row,
                                       const std::string& where) const {
  const std::string right = gold.fill(row, where);
  const auto found = std::ranges::find(texts, right);
  const bool digits =
      !right.empty() && std::ranges::all_of(right, [](char c) { return c >= '0' && c <= '9'; });
  std::size_t index = texts.size();
  if (digits) {
    std::from_chars(right.data(), right.data() + right.size(), index);
  } else if (found != texts.end()) {
    index = static_cast<std::size_t>(found - texts.begin());
  } else if (const Json* value = gold.value(row, where); value != nullptr && value->is_boolean()) {
    index = value->get<bool>() ? 1 : 0;
  }
  if (index < texts.size()) return index;
  const char* reason = "no choice, and no index of one";
  if (digits) {
    reason = found == texts.end()
                 ? "no index of a choice, from 0"
                 : "no index of a choice, from 0; with labels it would be compared with texts";
  }
  throw Error(ErrorKind::Format,
              fmt::format("{}: gold is \"{}\", which is {}", where, right.substr(0, 40), reason));
}

void TaskDescription::describe(Task& task) const {
  task.kind = TaskKind::Custom;
  task.scoring = scoring;
  task.version = version;
  task.metrics = metrics;
  task.normalized = scoring == Scoring::Choices;
  task.delimiterBytes = delimiter.size();
}

}  // namespace bitfrontier
