// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

namespace bitfrontier {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool isDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool isLetter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

double scaleOf(char unit) {
  switch (std::tolower(static_cast<unsigned char>(unit))) {
    case 'k':
      return 1e3;
    case 'm':
      return 1e6;
    case 'b':
      return 1e9;
    case 't':
      return 1e12;
    default:
      return 0;
  }
}

/// Where a size such as "1.4b" stands in a name, and how many parameters it means.
struct NamedSize {
  std::size_t begin = 0, end = 0;
  double parameters = 0;
};

std::optional<NamedSize> findSize(std::string_view name) {
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (!isDigit(name[i]) || (i > 0 && (isDigit(name[i - 1]) || name[i - 1] == '.'))) continue;
    // "v1b" is no size, "1b7" (BLOOM's 1.7b) is one.
    if (i > 0 && isLetter(name[i - 1])) continue;
    std::size_t end = i;
    while (end < name.size() && (isDigit(name[end]) || name[end] == '.')) ++end;
    if (end == name.size() || scaleOf(name[end]) == 0) continue;
    double value = 0;
    if (std::from_chars(name.data() + i, name.data() + end, value).ec != std::errc()) continue;
    const double scale = scaleOf(name[end++]);
    if (end < name.size() && isDigit(name[end])) {
      double tenths = 0;
      double unit = 0.1;
      for (; end < name.size() && isDigit(name[end]); ++end, unit /= 10) {
        tenths += (name[end] - '0') * unit;
      }
      value += tenths;
    }
    if (end < name.size() && isLetter(name[end])) continue;  // "4bit"
    return NamedSize{i, end, value * scale};
  }
  return std::nullopt;
}

std::string_view withoutOwner(std::string_view model) {
  const std::size_t slash = model.find_last_of('/', model.empty() ? 0 : model.size() - 2);
  std::string_view name = slash == std::string_view::npos ? model : model.substr(slash + 1);
  while (name.ends_with('/')) name.remove_suffix(1);
  return name;
}

}  // namespace

void ImportedRuns::append(ImportedRuns more) {
  runs.insert(runs.end(), std::make_move_iterator(more.runs.begin()),
              std::make_move_iterator(more.runs.end()));
  for (std::string& text : more.notes) note(std::move(text));
}

void ImportedRuns::note(std::string text) {
  if (std::find(notes.begin(), notes.end(), text) == notes.end()) notes.push_back(std::move(text));
}

std::string familyOfModel(std::string_view model) {
  const std::string_view name = withoutOwner(model);
  const auto size = findSize(name);
  if (!size) return std::string(name);
  std::string family(name.substr(0, size->begin));
  std::string_view rest = name.substr(size->end);
  const auto isJoint = [](char c) { return c == '-' || c == '_' || c == ' '; };
  while (!family.empty() && isJoint(family.back())) family.pop_back();
  if (family.empty()) {
    while (!rest.empty() && isJoint(rest.front())) rest.remove_prefix(1);
  }
  family += rest;
  return family.empty() ? std::string(name) : family;
}

std::optional<double> parametersOfName(std::string_view model) {
  const auto size = findSize(withoutOwner(model));
  return size ? std::optional(size->parameters) : std::nullopt;
}

std::optional<double> parseCount(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value)) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (unit.empty()) return value;
  if (unit.size() != 1 || scaleOf(unit[0]) == 0) return std::nullopt;
  return value * scaleOf(unit[0]);
}

double chanceOfTask(std::string_view task) {
  // LAMBADA is an open prediction. ARC has a few items with three or five choices.
  static constexpr std::array<std::pair<std::string_view, double>, 22> kChances = {{
      {"lambada", 0},      {"lambada_openai", 0}, {"lambada_standard", 0},
      {"triviaqa", 0},     {"hellaswag", 0.25},   {"piqa", 0.5},
      {"winogrande", 0.5}, {"arc_easy", 0.25},    {"arc_challenge", 0.25},
      {"boolq", 0.5},      {"openbookqa", 0.25},  {"copa", 0.5},
      {"storycloze", 0.5}, {"mmlu", 0.25},        {"sciq", 0.25},
      {"race", 0.25},      {"wsc273", 0.5},       {"rte", 0.5},
      {"wic", 0.5},        {"gsm8k", 0},          {"storycloze_2018", 0.5},
      {"logiqa", 0.25},
  }};
  for (const auto& [name, chance] : kChances) {
    if (task == name) return chance;
  }
  return task.starts_with("mmlu_") ? 0.25 : kNaN;
}

void fillModelBits(RunRecord& run) {
  const double linear = std::isfinite(run.linearParameters) ? run.linearParameters : run.parameters;
  run.modelBits.allParameters = run.parameters * run.bitsPerParameter;
  run.modelBits.linearOnly = run.linearParameters * run.bitsPerParameter;
  run.modelBits.checkpointBytes =
      linear * run.bitsPerParameter + 16 * std::max(0.0, run.parameters - linear);
}

std::string importKey(const RunRecord& run) {
  return fmt::format("import|{}|{}|{}|{}", run.source, run.model, run.config, run.result.task);
}

}  // namespace bitfrontier
