// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/row_filter.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "core/store/run_fields.h"

namespace bitfrontier {
namespace {

using Field = RowFilter::Field;

constexpr std::array<std::pair<std::string_view, Field>, 18> kFields{
    {{"model", Field::Model},
     {"family", Field::Family},
     {"type", Field::Type},
     {"config", Field::Config},
     {"method", Field::Method},
     {"source", Field::Source},
     {"task", Field::Task},
     {"status", Field::Status},
     {"bits", Field::Bits},
     {"k", Field::Bits},
     {"block", Field::Block},
     {"params", Field::Parameters},
     {"acc", Field::Accuracy},
     {"accuracy", Field::Accuracy},
     {"ce", Field::CrossEntropy},
     {"size", Field::Size},
     {"items", Field::Items},
     {"cross-entropy", Field::CrossEntropy}}};

bool numeric(Field field) { return field >= Field::Bits; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// `needle` is lower case already.
bool contains(std::string_view hay, std::string_view needle) {
  return std::search(hay.begin(), hay.end(), needle.begin(), needle.end(),
                     [](char a, char b) { return lower(a) == b; }) != hay.end();
}

// Only runs have tasks and states; asking points for them is no obstacle.
std::optional<std::string_view> textOf(const LawPoint& p, Field field) {
  switch (field) {
    case Field::Model:
      return p.model;
    case Field::Family:
      return p.family;
    case Field::Type:
      return p.dataType;
    case Field::Config:
      return p.config;
    case Field::Method:
      return p.method;
    case Field::Source:
      return p.source.empty() ? std::string_view("measured") : p.source;
    default:
      return std::nullopt;
  }
}

std::optional<std::string_view> textOf(const RunRecord& r, Field field) {
  switch (field) {
    case Field::Model:
      return r.model;
    case Field::Family:
      return r.family;
    case Field::Type:
      return r.dataType;
    case Field::Config:
      return r.config;
    case Field::Method:
      return r.method;
    case Field::Source:
      return r.source.empty() ? std::string_view("measured") : r.source;
    case Field::Task:
      return r.result.task;
    case Field::Status:
      return runStatusName(r.status);
    default:
      return std::nullopt;
  }
}

double numberOf(const LawPoint& p, Field field) {
  switch (field) {
    case Field::Bits:
      return p.bits;
    case Field::Block:
      return static_cast<double>(p.blockSize);
    case Field::Parameters:
      return p.parameters;
    case Field::Accuracy:
      return 100 * p.accuracy;
    case Field::CrossEntropy:
      return p.crossEntropy;
    case Field::Size:
      return p.totalBits / 8e6;
    case Field::Items:
      return static_cast<double>(p.itemLimit);
    default:
      return NAN;
  }
}

double numberOf(const RunRecord& r, Field field) {
  switch (field) {
    case Field::Bits:
      return r.bits;
    case Field::Block:
      return static_cast<double>(r.blockSize);
    case Field::Parameters:
      return r.parameters;
    case Field::Accuracy:
      return 100 * r.result.accuracy;
    case Field::CrossEntropy:
      return r.result.crossEntropy;
    case Field::Size:
      return r.modelBits.checkpointBytes / 8e6;
    case Field::Items:
      return static_cast<double>(r.result.items);
    default:
      return NAN;
  }
}

// A number with an optional k, M, B multiplier ("6.7B").
std::optional<double> parseNumber(std::string_view text) {
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc()) return std::nullopt;
  const std::string_view rest(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (rest.empty()) return value;
  if (rest == "k") return value * 1e3;
  if (rest == "m") return value * 1e6;
  if (rest == "b" || rest == "g") return value * 1e9;
  return std::nullopt;
}

}  // namespace

RowFilter::RowFilter(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t begin = text.find_first_not_of(" \t", at);
    if (begin == std::string_view::npos) break;
    const std::size_t end = std::min(text.find_first_of(" \t", begin), text.size());
    addTerm(text.substr(begin, end - begin));
    at = end;
  }
}

void RowFilter::addTerm(std::string_view word) {
  Term term;
  std::string text(word);
  std::transform(text.begin(), text.end(), text.begin(), lower);
  if (text.size() > 1 && text.front() == '-') {
    term.negate = true;
    text.erase(0, 1);
  }
  const std::size_t split = text.find_first_of(":=<>!");
  if (split == std::string::npos || split == 0) {
    term.text = std::move(text);
    terms_.push_back(std::move(term));
    return;
  }
  const std::string name = text.substr(0, split);
  const auto field =
      std::find_if(kFields.begin(), kFields.end(), [&](const auto& f) { return f.first == name; });
  if (field == kFields.end()) {
    if (complaint_.empty()) complaint_ = "unknown field \"" + name + "\"";
    return;
  }
  term.field = field->second;
  std::string op = text.substr(split, 1);
  std::size_t value = split + 1;
  if (value < text.size() && text[value] == '=') {
    op += '=';
    ++value;
  }
  term.text = text.substr(value);
  if (term.text.empty()) return;  // still being typed
  if (op == "!" || op == "!=")
    term.op = Op::NotEqual;
  else if (op == "<")
    term.op = Op::Less;
  else if (op == "<=")
    term.op = Op::LessEqual;
  else if (op == ">")
    term.op = Op::Greater;
  else if (op == ">=")
    term.op = Op::GreaterEqual;
  else
    term.op = numeric(term.field) ? Op::Equal : Op::Contains;
  if (numeric(term.field)) {
    std::size_t at = 0;
    while (at <= term.text.size()) {
      const std::size_t end = std::min(term.text.find(',', at), term.text.size());
      const auto number = parseNumber(std::string_view(term.text).substr(at, end - at));
      if (number) {
        term.numbers.push_back(*number);
      } else if (complaint_.empty()) {
        complaint_ = "\"" + term.text.substr(at, end - at) + "\" is not a number";
      }
      at = end + 1;
    }
    if (term.numbers.empty()) return;
  }
  terms_.push_back(std::move(term));
}

template <typename Row>
bool RowFilter::matchesRow(const Row& row) const {
  const auto fits = [&row](const Term& term) {
    if (numeric(term.field)) {
      const double value = numberOf(row, term.field);
      const double first = term.numbers.front();
      switch (term.op) {
        case Op::Less:
          return value < first;
        case Op::LessEqual:
          return value <= first;
        case Op::Greater:
          return value > first;
        case Op::GreaterEqual:
          return value >= first;
        default:
          break;
      }
      const bool equal = std::any_of(term.numbers.begin(), term.numbers.end(),
                                     [value](double n) { return std::abs(value - n) < 1e-9; });
      return term.op == Op::NotEqual ? !equal : equal;
    }
    if (term.field != Field::Any) {
      const auto text = textOf(row, term.field);
      if (!text) return true;
      return contains(*text, term.text) != (term.op == Op::NotEqual);
    }
    for (const Field field : {Field::Model, Field::Family, Field::Config, Field::Task,
                              Field::Method, Field::Source, Field::Status}) {
      const auto text = textOf(row, field);
      if (text && contains(*text, term.text)) return true;
    }
    return false;
  };
  return std::all_of(terms_.begin(), terms_.end(),
                     [&](const Term& term) { return fits(term) != term.negate; });
}

bool RowFilter::matches(const LawPoint& point) const { return matchesRow(point); }
bool RowFilter::matches(const RunRecord& run) const { return matchesRow(run); }

}  // namespace bitfrontier
