// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/size_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace bitfrontier {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool isDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

/// Digits, points and commas at the beginning of a text, and where they end.
struct Run {
  std::string digits;
  std::size_t end = 0;
};

/// Thin and no-break spaces and apostrophes between digits divide thousands in many countries.
std::size_t thousandsSpace(std::string_view text, std::size_t at) {
  for (const std::string_view mark :
       {std::string_view("\u00a0"), std::string_view("\u202f"), std::string_view("\u2009"),
        std::string_view("'"), std::string_view("\u2019")}) {
    if (!text.substr(at).starts_with(mark)) continue;
    const std::size_t begin = at + mark.size();
    std::size_t end = begin;
    while (end < text.size() && isDigit(text[end])) ++end;
    if (end - begin == 3) return mark.size();
  }
  return 0;
}

Run numericRun(std::string_view text, std::size_t begin) {
  Run run;
  std::size_t at = begin;
  while (at < text.size()) {
    const char c = text[at];
    if (isDigit(c)) {
      run.digits += c;
      ++at;
    } else if ((c == '.' || c == ',') && at + 1 < text.size() && isDigit(text[at + 1])) {
      run.digits += c;
      ++at;
    } else if (const std::size_t n = run.digits.empty() ? 0 : thousandsSpace(text, at); n > 0) {
      at += n;
    } else {
      break;
    }
  }
  run.end = at;
  return run;
}

/// True when every part between the marks has three digits and the first one to three.
bool groupsOfThree(std::string_view digits, char mark) {
  std::size_t begin = 0;
  for (std::size_t part = 0;; ++part) {
    const std::size_t end = std::min(digits.find(mark, begin), digits.size());
    const std::size_t n = end - begin;
    if (part == 0 ? n < 1 || n > 3 || digits[0] == '0' : n != 3) return false;
    if (end == digits.size()) return part > 0;
    begin = end + 1;
  }
}

/// The run as from_chars reads it; empty when it is no number.
std::string withoutGroups(const std::string& run, DecimalMark mark) {
  const auto commas = std::count(run.begin(), run.end(), ',');
  const auto points = std::count(run.begin(), run.end(), '.');
  char decimal = '.';
  if (commas > 0 && points > 0) {
    decimal = run.find_last_of(",.") == run.rfind(',') ? ',' : '.';
    const char group = decimal == ',' ? '.' : ',';
    const std::string whole = run.substr(0, run.find(decimal));
    if (std::count(run.begin(), run.end(), decimal) > 1 || !groupsOfThree(whole, group)) return {};
  } else if (commas + points > 0) {
    const char used = commas > 0 ? ',' : '.';
    const bool several = commas + points > 1;
    const bool ours = used == (mark == DecimalMark::Comma ? ',' : '.');
    const bool grouped = groupsOfThree(run, used);
    if (several && !grouped) return {};
    decimal = several || (grouped && !ours) ? '\0' : used;
  }
  std::string out;
  for (const char c : run) {
    if (isDigit(c)) out += c;
    if (c == decimal) out += '.';
  }
  return out;
}

}  // namespace

std::string lowerCase(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::vector<std::string> wordsOf(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : lowerCase(text) + " ") {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  return words;
}

std::optional<Quantity> parseQuantity(std::string_view cell, DecimalMark mark) {
  cell = trimmed(cell);
  for (const std::string_view about : {"~", "\u2248", "ca.", "approx."}) {
    if (cell.starts_with(about)) cell = trimmed(cell.substr(about.size()));
  }
  Quantity out;
  bool negative = false;
  for (const std::string_view sign : {"+", "-", "\u2212"}) {
    if (!cell.starts_with(sign)) continue;
    out.relative = sign == "+";
    negative = !out.relative;
    cell.remove_prefix(sign.size());
    break;
  }
  const Run run = numericRun(cell, 0);
  std::string number = withoutGroups(run.digits, mark);
  if (number.empty()) return std::nullopt;
  std::size_t end = run.end;
  if (end + 1 < cell.size() && (cell[end] == 'e' || cell[end] == 'E')) {
    std::size_t digits = end + 1;
    if (cell[digits] == '+' || cell[digits] == '-') ++digits;
    std::size_t stop = digits;
    while (stop < cell.size() && isDigit(cell[stop])) ++stop;
    if (stop > digits) {
      const std::size_t exponent = cell[end + 1] == '+' ? end + 2 : end + 1;
      number += fmt::format("e{}", cell.substr(exponent, stop - exponent));
      end = stop;
    }
  }
  const auto result = std::from_chars(number.data(), number.data() + number.size(), out.value);
  if (result.ec != std::errc() || !std::isfinite(out.value)) return std::nullopt;
  if (negative) out.value = -out.value;
  out.unit = trimmed(cell.substr(end));
  return out;
}

DecimalMark decimalMarkOf(const std::vector<std::string_view>& cells, DecimalMark fallback) {
  bool commas = false, points = false;  // as decimal marks, without doubt
  bool anyComma = false, anyPoint = false;
  for (std::string_view cell : cells) {
    cell = trimmed(cell);
    if (!cell.empty() && (cell[0] == '-' || cell[0] == '+')) cell.remove_prefix(1);
    const std::string run = numericRun(cell, 0).digits;
    const auto nCommas = std::count(run.begin(), run.end(), ',');
    const auto nPoints = std::count(run.begin(), run.end(), '.');
    anyComma = anyComma || nCommas > 0;
    anyPoint = anyPoint || nPoints > 0;
    if (nCommas > 0 && nPoints > 0) {
      (run.rfind(',') > run.rfind('.') ? commas : points) = true;
    } else if (nCommas == 1 && !groupsOfThree(run, ',')) {
      commas = true;
    } else if (nPoints == 1 && !groupsOfThree(run, '.')) {
      points = true;
    } else if (nCommas > 1) {
      points = true;
    } else if (nPoints > 1 && groupsOfThree(run, '.')) {
      commas = true;
    }
  }
  // "5.906" alone may be anything; a table of such numbers has decimals.
  if (!commas && (points || (anyPoint && !anyComma))) return DecimalMark::Point;
  if (commas == points) return points ? DecimalMark::Point : fallback;
  return commas ? DecimalMark::Comma : DecimalMark::Point;
}

double errorInCell(std::string_view cell, DecimalMark mark) {
  for (const std::string_view sign : {"\u00b1", "+/-", "+-", "\\pm"}) {
    const std::size_t at = cell.find(sign);
    if (at == std::string_view::npos) continue;
    const auto error = parseQuantity(cell.substr(at + sign.size()), mark);
    return error ? error->value : kNaN;
  }
  return kNaN;
}

std::optional<double> bitsOfSizeUnit(std::string_view unit) {
  const std::string name = lowerCase(trimmed(unit));
  constexpr double kKi = 1024;
  static constexpr std::array<std::pair<std::string_view, double>, 34> kUnits = {{
      {"bit", 1},
      {"bits", 1},
      {"kbit", 1e3},
      {"mbit", 1e6},
      {"gbit", 1e9},
      {"tbit", 1e12},
      {"byte", 8},
      {"bytes", 8},
      {"kb", 8e3},
      {"mb", 8e6},
      {"gb", 8e9},
      {"tb", 8e12},
      {"kilobytes", 8e3},
      {"megabytes", 8e6},
      {"gigabytes", 8e9},
      {"terabytes", 8e12},
      {"kib", 8 * kKi},
      {"mib", 8 * kKi * kKi},
      {"gib", 8 * kKi * kKi * kKi},
      {"tib", 8 * kKi * kKi * kKi * kKi},
      {"kibibytes", 8 * kKi},
      {"mebibytes", 8 * kKi * kKi},
      {"gibibytes", 8 * kKi * kKi * kKi},
      {"tebibytes", 8 * kKi * kKi * kKi * kKi},
      {"k", 8 * kKi},
      {"m", 8 * kKi * kKi},
      {"g", 8 * kKi * kKi * kKi},
      {"t", 8 * kKi * kKi * kKi * kKi},
      {"gi", 8 * kKi * kKi * kKi},
      {"mi", 8 * kKi * kKi},
      {"gbs", 8e9},
      {"mbs", 8e6},
      {"gbyte", 8e9},
      {"mbyte", 8e6},
  }};
  for (const auto& [text, bits] : kUnits) {
    if (name == text) return bits;
  }
  return std::nullopt;
}

std::optional<double> bitsOfSizeColumn(std::string_view header) {
  const std::vector<std::string> words = wordsOf(header);
  for (auto word = words.rbegin(); word != words.rend(); ++word) {
    // "bits" alone is a width, a single letter is no unit of a column.
    if (word->size() < 2 || *word == "bit" || (*word == "bits" && words.size() == 1)) continue;
    if (const auto bits = bitsOfSizeUnit(*word)) return bits;
  }
  return std::nullopt;
}

}  // namespace bitfrontier
