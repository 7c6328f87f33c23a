// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/import_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <iterator>
#include <map>
#include <utility>

#include "core/store/import/quantized_name.h"

namespace bitfrontier {
namespace {

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
    const double scale = end == name.size() ? 0 : scaleOf(name[end]);
    if (scale != 1e6 && scale != 1e9) continue;
    double value = 0;
    if (std::from_chars(name.data() + i, name.data() + end, value).ec != std::errc()) continue;
    // "stablelm-2-1_6b" has 1.6 billion.
    std::size_t begin = i;
    if (i >= 3 && name[i - 1] == '_' && isDigit(name[i - 2]) && name[i - 3] == '-' &&
        end == i + 1) {
      begin = i - 2;
      value = (name[begin] - '0') + value / 10;
    }
    ++end;
    if (end < name.size() && isDigit(name[end])) {
      double tenths = 0;
      double unit = 0.1;
      for (; end < name.size() && isDigit(name[end]); ++end, unit /= 10) {
        tenths += (name[end] - '0') * unit;
      }
      value += tenths;
    }
    if (end < name.size() && isLetter(name[end])) continue;  // "4bit"
    return NamedSize{begin, end, value * scale};
  }
  return std::nullopt;
}

}  // namespace

void ImportedRuns::append(ImportedRuns more) {
  runs.insert(runs.end(), std::make_move_iterator(more.runs.begin()),
              std::make_move_iterator(more.runs.end()));
  for (std::string& text : more.notes) note(std::move(text));
  for (ImportNote& group : more.grouped) {
    for (std::string& about : group.about) note(group.text, std::move(about));
  }
}

void ImportedRuns::note(std::string text) {
  if (std::find(notes.begin(), notes.end(), text) == notes.end()) notes.push_back(std::move(text));
}

void ImportedRuns::note(std::string text, std::string about) {
  auto group = std::find_if(grouped.begin(), grouped.end(),
                            [&](const ImportNote& other) { return other.text == text; });
  if (group == grouped.end()) group = grouped.insert(grouped.end(), {std::move(text), {}});
  auto& all = group->about;
  if (std::find(all.begin(), all.end(), about) == all.end()) all.push_back(std::move(about));
}

std::vector<std::string> ImportedRuns::sentences(std::size_t most) const {
  std::vector<std::string> all = notes;
  for (const ImportNote& group : grouped) {
    std::string text = group.text + ": ";
    // Naming one more is no longer than counting it.
    const std::size_t shown = group.about.size() <= most + 1 ? group.about.size() : most;
    for (std::size_t i = 0; i < shown; ++i) text += (i > 0 ? ", " : "") + group.about[i];
    if (shown < group.about.size()) text += fmt::format(" and {} more", group.about.size() - shown);
    all.push_back(std::move(text));
  }
  return all;
}

std::string resultText(const RunRecord& run) {
  const TaskResult& r = run.result;
  if (std::isfinite(r.accuracy)) return fmt::format("accuracy {:.4f}", r.accuracy);
  if (std::isfinite(r.crossEntropy)) return fmt::format("{:.4f} nats per token", r.crossEntropy);
  if (std::isfinite(r.bitsPerByte)) return fmt::format("{:.4f} bits per byte", r.bitsPerByte);
  return fmt::format("word perplexity {:.4g}", r.wordPerplexity);
}

void keepNewest(ImportedRuns& imported) {
  std::map<std::string, std::size_t> kept;  // key -> place in `runs`
  std::vector<RunRecord> runs;
  for (RunRecord& run : imported.runs) {
    const auto [it, added] = kept.emplace(run.key, runs.size());
    if (added) {
      runs.push_back(std::move(run));
      continue;
    }
    RunRecord& other = runs[it->second];
    const bool newer = run.createdAt >= other.createdAt;
    RunRecord& old = newer ? other : run;
    const RunRecord& fresh = newer ? run : other;
    if (resultText(old) != resultText(fresh)) {
      const auto dated = [](const RunRecord& r) {
        return r.createdAt.empty() ? resultText(r)
                                   : fmt::format("{} of {}", resultText(r), r.createdAt);
      };
      imported.note("there twice with different results, the newest counts",
                    fmt::format("{} {} {} ({}; not {})", fresh.model, fresh.config,
                                fresh.result.task, dated(fresh), dated(old)));
    }
    if (newer) other = std::move(run);
  }
  imported.runs = std::move(runs);
}

std::string familyOfModel(std::string_view model) {
  const std::string name = baseModelName(model);
  const auto size = findSize(name);
  if (!size) return name;
  std::string family = name.substr(0, size->begin);
  std::string rest = name.substr(size->end);
  const auto isJoint = [](char c) { return c == '-' || c == '_' || c == ' '; };
  while (!family.empty() && isJoint(family.back())) family.pop_back();
  if (family.empty()) {
    rest.erase(0, std::min(rest.find_first_not_of("-_ "), rest.size()));
  }
  family += rest;
  return family.empty() ? name : family;
}

std::optional<double> parametersOfName(std::string_view model) {
  const auto size = findSize(shortModelName(model));
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

void fillModelBits(RunRecord& run) {
  const double linear = std::isfinite(run.linearParameters) ? run.linearParameters : run.parameters;
  run.modelBits.allParameters = run.parameters * run.bitsPerParameter;
  run.modelBits.linearOnly = run.linearParameters * run.bitsPerParameter;
  run.modelBits.checkpointBytes =
      linear * run.bitsPerParameter + 16 * std::max(0.0, run.parameters - linear);
}

std::string importKey(const RunRecord& run) {
  return fmt::format("import|{}|{}|{}|{}", run.source,
                     run.modelHash.empty() ? run.model : run.modelHash, run.config,
                     run.result.task);
}

}  // namespace bitfrontier
