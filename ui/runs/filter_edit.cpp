// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/filter_edit.h"

#include <algorithm>
#include <optional>
#include <set>

#include "core/store/run_fields.h"
#include "ui/runs/filter_term.h"
#include "ui/runs/table_order.h"

namespace bitfrontier {
namespace {

using Op = FilterTerm::Op;

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string lower(std::string_view text) {
  std::string low(text);
  for (char& c : low) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return low;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && isBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && isBlank(text.back())) text.remove_suffix(1);
  return text;
}

/// The term of a part, and whether it leaves out; nothing for what is no single term.
struct SignedTerm {
  const FilterTerm* term;
  bool leavesOut;
};
std::optional<SignedTerm> termOf(const FilterPart& part) {
  const FilterNode* node = &part.node;
  bool leavesOut = false;
  while (node->kind == FilterNode::Kind::Not) {
    leavesOut = !leavesOut;
    node = &node->children.front();
  }
  if (node->kind != FilterNode::Kind::Term) return std::nullopt;
  return SignedTerm{&node->term, leavesOut != (node->term.op == Op::NotEqual)};
}

bool isOf(const FilterPart& part, FilterField field, std::optional<TermSign> sign) {
  const auto term = termOf(part);
  if (!term || term->term->field != field) return false;
  return !sign || term->leavesOut == (*sign == TermSign::LeaveOut);
}

/// As a list of the language has it; nothing for what no list can say.
std::string quoted(const std::string& value) {
  const std::string text = value.substr(0, value.find('"'));
  const bool plain = text.find_first_of(" \t\n\r,()|") == std::string::npos && !text.empty();
  return plain ? text : text.empty() ? "" : '"' + text + '"';
}

/// Whether a value is part of another known one that is not wanted.
bool isAmbiguous(const std::vector<std::string>& values, std::span<const std::string> known) {
  std::set<std::string> wanted;
  for (const std::string& value : values) wanted.insert(lower(value));
  return std::any_of(known.begin(), known.end(), [&](const std::string& other) {
    const std::string whole = lower(other);
    if (wanted.contains(whole)) return false;
    return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& value) {
      return whole.find(value) != std::string::npos;
    });
  });
}

/// Words that join nothing any more go.
std::string tidy(std::string_view text) {
  std::string all;
  std::vector<std::string> words;
  bool quotes = false;
  std::string word;
  const auto finish = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (const char c : text) {
    if (c == '"') quotes = !quotes;
    if (isBlank(c) && !quotes) {
      finish();
    } else {
      word += c;
    }
  }
  finish();
  const auto isAnd = [](const std::string& w) { return lower(w) == "and" || w == "&&"; };
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool joins = i > 0 && i + 1 < words.size() && !isAnd(words[i + 1]) && !all.empty();
    if (isAnd(words[i]) && !joins) continue;
    all += (all.empty() ? "" : " ") + words[i];
  }
  return all;
}

constexpr std::string_view kTextFields[] = {"model",  "family", "type", "config",
                                            "method", "source", "task", "status"};
constexpr std::string_view kNumberFields[] = {"bits", "block", "params", "acc",
                                              "ce",   "size",  "items"};

bool startsLike(std::string_view text, std::string_view start) {
  return lower(text.substr(0, start.size())) == lower(start);
}

}  // namespace

std::string withTerm(std::string_view filter, std::string_view field,
                     const std::vector<std::string>& values, TermSign sign,
                     std::span<const std::string> known) {
  const auto which = filterField(field);
  std::string text(trimmed(filter));
  if (!which) return text;
  ParsedFilter parsed = parseFilter(text);
  if (!parsed.unfinished.empty()) {
    text += parsed.unfinished;
    parsed = parseFilter(text);
  }
  if (parsed.alternatives) {  // what is added holds for all of them
    text = '(' + text + ')';
    parsed = parseFilter(text);
  }
  const auto which_ = sign == TermSign::Only ? std::nullopt : std::optional(sign);
  std::size_t place = text.size();
  std::string rest;
  std::size_t at = 0;
  for (const FilterPart& part : parsed.parts) {
    if (!isOf(part, *which, which_)) continue;
    rest += text.substr(at, part.begin - at);
    if (place == text.size()) place = rest.size();
    at = part.end;
  }
  const bool replaces = at > 0;
  rest += text.substr(at);
  if (!replaces) place = rest.size();
  std::string list;
  for (const std::string& value : values) {
    const std::string one = quoted(value);
    if (!one.empty()) list += (list.empty() ? "" : ",") + one;
  }
  std::string term;
  if (!list.empty()) {
    const bool whole = !isNumeric(*which) && isAmbiguous(values, known);
    term = std::string(sign == TermSign::LeaveOut ? "-" : "") + std::string(field) +
           (whole ? "==" : ":") + list;
  }
  return tidy(rest.substr(0, place) + ' ' + term + ' ' + rest.substr(place));
}

std::vector<std::string> termValues(std::string_view filter, std::string_view field,
                                    TermSign sign) {
  const auto which = filterField(field);
  const ParsedFilter parsed = parseFilter(filter);
  if (!which || parsed.alternatives) return {};
  for (const FilterPart& part : parsed.parts) {
    if (!isOf(part, *which, sign)) continue;
    // Parsed texts are in lower case; as typed they stand at the same place.
    const std::string_view typed = filter.substr(part.begin, part.end - part.begin);
    const std::string low = lower(typed);
    std::vector<std::string> values;
    std::size_t from = 0;
    for (const std::string& value : termOf(part)->term->texts) {
      const std::size_t found = low.find(value, from);
      if (found == std::string::npos) {
        values.push_back(value);
        continue;
      }
      values.emplace_back(typed.substr(found, value.size()));
      from = found + value.size();
    }
    return values;
  }
  return {};
}

FieldWords fieldWords(std::span<const RunRow> runs) {
  std::map<std::string, std::set<std::string_view>> sets;
  const RunRow* last = nullptr;
  for (const RunRow& run : runs) {
    // Neighbours have most texts in common.
    const auto add = [&](const char* field, std::string_view now, std::string_view before) {
      if (last == nullptr || now != before) sets[field].insert(now);
    };
    const RunRow& before = last ? *last : run;
    add("model", run.model, before.model);
    add("family", run.family, before.family);
    add("type", run.dataType, before.dataType);
    add("config", run.config, before.config);
    add("method", run.method, before.method);
    add("source", run.source.empty() ? std::string_view("measured") : run.source,
        before.source.empty() ? std::string_view("measured") : before.source);
    add("task", run.result.task, before.result.task);
    add("status", runStatusName(run.status), runStatusName(before.status));
    last = &run;
  }
  FieldWords words;
  for (auto& [field, set] : sets) {
    std::vector<std::string>& list = words[field];
    for (const std::string_view word : set) {
      if (!word.empty()) list.emplace_back(word);
    }
    std::sort(list.begin(), list.end(),
              [](const std::string& a, const std::string& b) { return compareNatural(a, b) < 0; });
  }
  return words;
}

FilterCompletion completeFilter(std::string_view text, std::size_t cursor,
                                const FieldWords& words) {
  FilterCompletion completion;
  cursor = std::min(cursor, text.size());
  // The word that ends at the cursor; blanks in quotes do not end it.
  std::size_t begin = 0;
  bool quotes = false;
  for (std::size_t i = 0; i < cursor; ++i) {
    if (text[i] == '"') quotes = !quotes;
    if (!quotes && (isBlank(text[i]) || text[i] == '(')) begin = i + 1;
  }
  while (begin < cursor && (text[begin] == '-' || text[begin] == '!')) ++begin;
  const std::string_view word = text.substr(begin, cursor - begin);
  completion.begin = begin;
  completion.end = cursor;
  const std::size_t op = word.find_first_of(":=<>!");
  if (op == std::string_view::npos) {
    if (word.empty()) return completion;
    for (const std::string_view field : kTextFields) {
      if (startsLike(field, word)) completion.words.push_back(std::string(field) + ':');
    }
    for (const std::string_view field : kNumberFields) {
      if (startsLike(field, word)) completion.words.push_back(std::string(field) + ">=");
    }
    return completion;
  }
  const auto field = filterField(lower(word.substr(0, op)));
  if (!field || isNumeric(*field)) return completion;
  std::size_t value = word.find_first_not_of(":=!", op);
  if (value == std::string_view::npos) value = word.size();
  if (const std::size_t comma = word.rfind(','); comma != std::string_view::npos) {
    value = std::max(value, comma + 1);
  }
  const std::string typed = lower(word.substr(value, std::string_view::npos));
  const std::string part =
      typed.substr(std::min(typed.size(), std::size_t(typed.starts_with('"'))));
  completion.begin = begin + value;
  const auto found = words.find(lower(word.substr(0, op)));
  if (found == words.end()) return completion;
  for (const bool starts : {true, false}) {  // those that begin so before those that have it inside
    for (const std::string& one : found->second) {
      const std::size_t at = lower(one).find(part);
      if (at != std::string::npos && (at == 0) == starts) completion.words.push_back(quoted(one));
    }
  }
  return completion;
}

}  // namespace bitfrontier
