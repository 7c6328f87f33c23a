// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/filter_term.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "core/store/run_fields.h"
#include "ui/runs/format_words.h"

namespace bitfrontier {
namespace {

using Field = FilterField;

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
     {"cross-entropy", Field::CrossEntropy},
     {"size", Field::Size},
     {"items", Field::Items}}};

// A block that is a row or a whole tensor is larger than any number of weights.
constexpr double kRow = 1e17, kTensor = 1e18;
constexpr double kNone = LawPoint::kAbsent;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// `needle` is lower case already.
bool contains(std::string_view hay, std::string_view needle) {
  return std::search(hay.begin(), hay.end(), needle.begin(), needle.end(),
                     [](char a, char b) { return lower(a) == b; }) != hay.end();
}

bool isSame(std::string_view text, std::string_view needle) {
  return text.size() == needle.size() && contains(text, needle);
}

/// Whether the word that people have for a code begins as one of the texts: "integer" for "int".
/// Not somewhere inside, else "float" would be "normal float" too.
bool namesAny(const FilterTerm& term, std::string_view code) {
  if (term.field != Field::Type && term.field != Field::Method) return false;
  std::string_view word = term.field == Field::Type ? dataTypeWord(code) : methodWord(code);
  return std::any_of(term.texts.begin(), term.texts.end(), [&](const std::string& needle) {
    return needle.size() > 2 && contains(word.substr(0, needle.size()), needle);
  });
}

template <typename Row>
std::optional<std::string_view> commonText(const Row& row, Field field) {
  switch (field) {
    case Field::Model:
      return row.model;
    case Field::Family:
      return row.family;
    case Field::Type:
      return row.dataType;
    case Field::Config:
      return row.config;
    case Field::Method:
      return row.method;
    case Field::Source:
      return row.source.empty() ? std::string_view("measured") : std::string_view(row.source);
    default:
      return std::nullopt;
  }
}

std::optional<std::string_view> textOf(const LawPoint& p, Field field) {
  return commonText(p, field);
}

template <typename Run>
std::optional<std::string_view> textOf(const Run& r, Field field) {
  if (field == Field::Task) return r.result.task;
  if (field == Field::Status) return runStatusName(r.status);
  return commonText(r, field);
}

double blockOf(int bits, std::int64_t blockSize) {
  if (bits >= 16) return kNone;
  return blockSize == 0 ? kTensor : blockSize < 0 ? kRow : static_cast<double>(blockSize);
}

double numberOf(const LawPoint& p, Field field) {
  switch (field) {
    case Field::Bits:
      return p.bits;
    case Field::Block:
      return blockOf(p.bits, p.blockSize);
    case Field::Parameters:
      return p.parameters;
    case Field::Accuracy:
      return 100 * p.accuracy;
    case Field::CrossEntropy:
      return p.crossEntropy;
    case Field::Size:
      return p.totalBits / 8e6;
    case Field::Items:  // no limit: all there are
      return p.itemLimit == 0 ? std::numeric_limits<double>::infinity()
                              : static_cast<double>(p.itemLimit);
    default:
      return kNone;
  }
}

template <typename Run>
double numberOf(const Run& r, Field field) {
  switch (field) {
    case Field::Bits:
      return r.bits;
    case Field::Block:
      return blockOf(r.bits, r.blockSize);
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
      return kNone;
  }
}

bool compareNumber(double value, FilterTerm::Op op, const FilterTerm::Range& range) {
  switch (op) {
    case FilterTerm::Op::Less:
      return value < range.low;
    case FilterTerm::Op::LessEqual:
      return value <= range.high;
    case FilterTerm::Op::Greater:
      return value > range.high;
    case FilterTerm::Op::GreaterEqual:
      return value >= range.low;
    case FilterTerm::Op::Equal:
    case FilterTerm::Op::NotEqual:
      break;
  }
  return value >= range.low - range.half && value <= range.high + range.half;
}

template <typename Row>
std::optional<bool> matchesRow(const FilterTerm& term, const Row& row) {
  if (isNumeric(term.field)) {
    const double value = numberOf(row, term.field);
    const bool any = std::any_of(term.ranges.begin(), term.ranges.end(), [&](const auto& range) {
      return compareNumber(value, term.op, range);
    });
    return any != (term.op == FilterTerm::Op::NotEqual);
  }
  const auto holdsAny = [&](std::string_view hay) {
    return std::any_of(term.texts.begin(), term.texts.end(), [&](const std::string& needle) {
      return term.whole ? isSame(hay, needle) : contains(hay, needle);
    });
  };
  if (term.field != Field::Any) {
    const auto text = textOf(row, term.field);
    if (!text) return std::nullopt;
    const bool holds = holdsAny(*text) || namesAny(term, *text);
    return holds != (term.op == FilterTerm::Op::NotEqual);
  }
  for (const Field field : {Field::Model, Field::Family, Field::Config, Field::Task, Field::Method,
                            Field::Source, Field::Status}) {
    const auto text = textOf(row, field);
    if (text && holdsAny(*text)) return true;
  }
  return false;
}

/// What one stands for in the field's unit; absent for an unknown unit.
std::optional<double> unitOf(std::string_view unit, Field field) {
  if (unit.empty()) return 1;
  static constexpr std::pair<std::string_view, double> kCounts[] = {
      {"k", 1e3}, {"m", 1e6}, {"b", 1e9}, {"g", 1e9}, {"t", 1e12}};
  static constexpr double kKi = 1024;
  static constexpr std::pair<std::string_view, double> kSizes[] = {
      {"b", 1e-6},
      {"k", 1e-3},
      {"kb", 1e-3},
      {"m", 1},
      {"mb", 1},
      {"g", 1e3},
      {"gb", 1e3},
      {"t", 1e6},
      {"tb", 1e6},
      {"kib", kKi * 1e-6},
      {"mib", kKi * kKi * 1e-6},
      {"gib", kKi * kKi * kKi * 1e-6},
      {"tib", kKi * kKi * kKi * kKi * 1e-6}};
  const auto find = [&](const auto& units) -> std::optional<double> {
    for (const auto& [name, value] : units) {
      if (name == unit) return value;
    }
    return std::nullopt;
  };
  if (field == Field::Accuracy) return unit == "%" ? std::optional<double>(1) : std::nullopt;
  return field == Field::Size ? find(kSizes) : find(kCounts);
}

/// Whether typed digits stand for everything that rounds to them: 125M, 6.7B, 61.3 percent.
bool isMeasured(Field field) {
  return field == Field::Parameters || field == Field::Accuracy || field == Field::CrossEntropy ||
         field == Field::Size;
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

std::optional<FilterTerm::Range> parseOne(std::string_view text, Field field) {
  if (field == Field::Block) {
    if (text == "row" || text == "-1") return FilterTerm::Range{kRow, kRow};
    if (text == "tensor" || text == "whole" || text == "0") {
      return FilterTerm::Range{kTensor, kTensor};
    }
  }
  if (field == Field::Items && text == "all") {
    constexpr double kAll = std::numeric_limits<double>::infinity();
    return FilterTerm::Range{kAll, kAll};
  }
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || !std::isfinite(value)) return std::nullopt;
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.data()));
  const std::optional<double> unit = unitOf(text.substr(digits.size()), field);
  if (!unit) return std::nullopt;
  double half = 1e-9;
  if (isMeasured(field) && digits.find('e') == std::string_view::npos) {
    const std::size_t point = digits.find('.');
    const auto decimals = point == std::string_view::npos ? 0.0 : double(digits.size() - point - 1);
    half = 0.5 * std::pow(10.0, -decimals) * *unit;
  }
  return FilterTerm::Range{value * *unit, value * *unit, half};
}

}  // namespace

std::optional<FilterField> filterField(std::string_view name) {
  const auto found =
      std::find_if(kFields.begin(), kFields.end(), [&](const auto& f) { return f.first == name; });
  return found == kFields.end() ? std::nullopt : std::optional<Field>(found->second);
}

bool beginsFieldName(std::string_view text) {
  return std::any_of(kFields.begin(), kFields.end(),
                     [&](const auto& f) { return f.first.starts_with(text); });
}

std::optional<FilterTerm::Range> parseFilterNumber(std::string_view text, FilterField field) {
  std::size_t dash = text.find(".."), after = dash + 2;
  if (dash == std::string_view::npos) {
    dash = text.find('-', 1);
    after = dash + 1;
  }
  if (dash == std::string_view::npos || dash == 0) return parseOne(text, field);
  const auto high = parseOne(text.substr(after), field);
  std::string first(text.substr(0, dash));
  // "125-350m": a unit that stands once is that of both.
  if (isDigit(first.back())) first += text.substr(text.find_last_of("0123456789.") + 1);
  const auto low = parseOne(first, field);
  if (!low || !high || low->low > high->high) return std::nullopt;
  return FilterTerm::Range{low->low, high->high, std::max(low->half, high->half)};
}

std::optional<bool> FilterTerm::matches(const LawPoint& point) const {
  return matchesRow(*this, point);
}
std::optional<bool> FilterTerm::matches(const RunRow& run) const { return matchesRow(*this, run); }
std::optional<bool> FilterTerm::matches(const RunRecord& run) const {
  return matchesRow(*this, run);
}

}  // namespace bitfrontier
