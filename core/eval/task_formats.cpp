// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/task_formats.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/eval/python_text.h"
#include "core/eval/wikitext.h"

namespace bitfrontier {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostChoices = 9;  // their index is one digit in the distributions

std::string shortDump(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 40);
}

/// A choice index written as a number or as a string of digits, as the distributions differ.
int requireChoice(const Json& value, std::string_view key, std::string_view where, int first,
                  int count) {
  std::int64_t number = -1;
  if (value.is_number_integer()) {
    number = value.get<std::int64_t>();
  } else if (value.is_string() && value.get_ref<const std::string&>().size() == 1) {
    number = value.get_ref<const std::string&>()[0] - '0';
  }
  if (number < first || number >= first + count) {
    throw Error(ErrorKind::Format, fmt::format("{}: {} is {}, not within {}..{}", where, key,
                                               shortDump(value), first, first + count - 1));
  }
  return static_cast<int>(number) - first;
}

/// The right choice: from the labels file where there is one, else from the row.
int goldOf(const Json& row, std::string_view key, const std::string& where,
           const std::optional<std::string>& label, int first, int count) {
  if (label) return requireChoice(Json(*label), "the label", where, first, count);
  return requireChoice(requireMember(row, key, where), key, where, first, count);
}

/// An array of strings.
std::vector<std::string> requireStrings(const Json& object, std::string_view key,
                                        const std::string& where) {
  std::vector<std::string> strings;
  for (const Json& value : requireArray(object, key, where)) {
    if (!value.is_string()) {
      throw Error(ErrorKind::Format, fmt::format("{}: {} holds {}, which is not a string", where,
                                                 key, shortDump(value)));
    }
    strings.push_back(value.get<std::string>());
  }
  if (strings.size() < 2 || strings.size() > kMostChoices) {
    throw Error(ErrorKind::Format, fmt::format("{}: {} has {} entries, not 2..{}", where, key,
                                               strings.size(), kMostChoices));
  }
  return strings;
}

TaskItem lambadaItem(const Json& row, const std::string& where) {
  const std::string& text = requireString(row, "text", where);
  const std::size_t space = text.rfind(' ');
  const std::string last = space == std::string::npos ? text : text.substr(space + 1);
  return {{{space == std::string::npos ? "" : text.substr(0, space), " " + last}}};
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

TaskItem hellaSwagItem(const Json& row, const std::string& where) {
  const std::string query = cleanHellaSwag(requireString(row, "activity_label", where) + ": " +
                                           requireString(row, "ctx_a", where) + " " +
                                           python::capitalize(requireString(row, "ctx_b", where)));
  TaskItem item;
  for (const std::string& ending : requireStrings(row, "endings", where)) {
    item.requests.push_back({query, " " + cleanHellaSwag(ending)});
  }
  item.gold = goldOf(row, "label", where, std::nullopt, 0, static_cast<int>(item.requests.size()));
  return item;
}

TaskItem piqaItem(const Json& row, const std::string& where,
                  const std::optional<std::string>& label) {
  const std::string context = "Question: " + requireString(row, "goal", where) + "\nAnswer:";
  TaskItem item;
  item.requests = {{context, " " + requireString(row, "sol1", where)},
                   {context, " " + requireString(row, "sol2", where)}};
  item.gold = goldOf(row, "label", where, label, 0, 2);
  return item;
}

/// Partial evaluation: the option goes into the context, the same rest of the sentence is scored.
TaskItem winoGrandeItem(const Json& row, const std::string& where,
                        const std::optional<std::string>& label) {
  const std::string& sentence = requireString(row, "sentence", where);
  const std::size_t blank = sentence.find('_');
  if (blank == std::string::npos) {
    throw Error(ErrorKind::Format, fmt::format("{}: sentence has no \"_\" to fill", where));
  }
  const std::string before = sentence.substr(0, blank);
  const std::string rest =
      " " + std::string(python::strip(std::string_view(sentence).substr(blank + 1)));
  TaskItem item;
  item.requests = {{before + requireString(row, "option1", where), rest},
                   {before + requireString(row, "option2", where), rest}};
  item.gold = goldOf(row, "answer", where, row.contains("answer") ? std::nullopt : label, 1, 2);
  return item;
}

/// {question: {stem, choices: [{text, label}]}} as distributed, {question, choices: {text: [],
/// label: []}} as on the hub.
TaskItem arcItem(const Json& row, const std::string& where) {
  std::string question;
  std::vector<std::string> texts;
  std::vector<std::string> labels;
  const Json& asked = requireMember(row, "question", where);
  if (asked.is_object()) {
    question = requireString(asked, "stem", where);
    for (const Json& choice : requireArray(asked, "choices", where)) {
      texts.push_back(requireString(choice, "text", where));
      labels.push_back(requireString(choice, "label", where));
    }
  } else {
    question = requireString(row, "question", where);
    const Json& choices = requireObject(row, "choices", where);
    texts = requireStrings(choices, "text", where);
    labels = requireStrings(choices, "label", where);
  }
  if (texts.size() < 2 || texts.size() != labels.size()) {
    throw Error(ErrorKind::Format, fmt::format("{}: choices has {} texts and {} labels", where,
                                               texts.size(), labels.size()));
  }
  const std::string& answer = requireString(row, "answerKey", where);
  TaskItem item;
  item.gold = -1;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    item.requests.push_back({"Question: " + question + "\nAnswer:", " " + texts[i]});
    if (item.gold < 0 && labels[i] == answer) item.gold = static_cast<int>(i);
  }
  if (item.gold < 0) {
    throw Error(ErrorKind::Format, fmt::format("{}: answerKey is \"{}\", which labels no choice",
                                               where, answer.substr(0, 40)));
  }
  return item;
}

}  // namespace

TaskItem makeTextItem(std::string text, const std::string& where) {
  if (text.empty()) throw Error(ErrorKind::Format, fmt::format("{}: text is empty", where));
  TaskItem item;
  item.words = static_cast<std::int64_t>(countWords(text));
  item.bytes = static_cast<std::int64_t>(text.size());
  item.requests.push_back({"", std::move(text)});
  return item;
}

TaskItem makeWikiTextItem(const std::string& page, const std::string& where) {
  TaskItem item = makeTextItem(detokenizeWikiText(page), where);
  item.words = static_cast<std::int64_t>(countWords(page));
  item.bytes = static_cast<std::int64_t>(page.size());
  return item;
}

TaskItem makeTaskItem(TaskKind kind, const Json& row, const std::string& where,
                      const std::optional<std::string>& label) {
  switch (kind) {
    case TaskKind::Lambada:
      return lambadaItem(row, where);
    case TaskKind::HellaSwag:
      return hellaSwagItem(row, where);
    case TaskKind::Piqa:
      return piqaItem(row, where, label);
    case TaskKind::WinoGrande:
      return winoGrandeItem(row, where, label);
    case TaskKind::Arc:
      return arcItem(row, where);
    case TaskKind::WikiText:
      return makeWikiTextItem(requireString(row, "page", where), where);
    case TaskKind::Text:
      return makeTextItem(requireString(row, "text", where), where);
    case TaskKind::Custom:
      break;
  }
  throw Error(ErrorKind::InvalidArgument, fmt::format("{}: not a known kind of task", where));
}

void describeTask(TaskKind kind, Task& task) {
  task.kind = kind;
  switch (kind) {
    case TaskKind::Lambada:
      task.scoring = Scoring::LastWord;
      task.metrics = {"perplexity", "acc"};
      break;
    case TaskKind::HellaSwag:
    case TaskKind::Piqa:
    case TaskKind::Arc:
      task.scoring = Scoring::Choices;
      task.normalized = true;
      task.metrics = {"acc", "acc_norm", "acc_bytes"};
      break;
    case TaskKind::WinoGrande:
      task.scoring = Scoring::Choices;
      task.metrics = {"acc"};
      break;
    case TaskKind::WikiText:
      task.version = 2;
      [[fallthrough]];
    case TaskKind::Text:
    case TaskKind::Custom:
      task.scoring = Scoring::Rolling;
      task.metrics = {"word_perplexity", "byte_perplexity", "bits_per_byte", "cross_entropy"};
      break;
  }
}

}  // namespace bitfrontier
