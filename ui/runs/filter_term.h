// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/law/data/law_point.h"
#include "core/store/run_record.h"
#include "core/store/run_row.h"

namespace bitfrontier {

/// What a term of the filter box looks at; numbers come after texts.
enum class FilterField {
  Any,
  Model,
  Family,
  Type,
  Config,
  Method,
  Source,
  Task,
  Status,
  Bits,
  Block,
  Parameters,
  Accuracy,
  CrossEntropy,
  Size,
  Items
};

/// Whether the field is a number.
constexpr bool isNumeric(FilterField field) { return field >= FilterField::Bits; }
/// By its name in the filter box, lower case.
std::optional<FilterField> filterField(std::string_view name);
/// Whether a text is the beginning of a field's name, or one.
bool beginsFieldName(std::string_view text);

/// One term: a field, how it is compared, and with what.
struct FilterTerm {
  enum class Op { Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual };
  /// A number or a range that was typed; what rounds to the digits typed is equal to it.
  struct Range {
    double low = 0, high = 0;
    double half = 0;  ///< half a unit of the last digit
  };

  FilterField field = FilterField::Any;
  Op op = Op::Equal;               ///< of texts only Equal (contains) and NotEqual
  bool whole = false;              ///< texts are equal to these, not only contain them
  std::vector<std::string> texts;  ///< lower case; any of them
  std::vector<Range> ranges;       ///< of numeric fields; any of them

  /// Absent when such rows do not have the field at all: points have no task and no status.
  std::optional<bool> matches(const LawPoint& point) const;
  std::optional<bool> matches(const RunRow& run) const;
  std::optional<bool> matches(const RunRecord& run) const;
};

/// A number of the field as it is typed, lower case: "4", "6.7b", "10gb", "row", "3-5". Absent when
/// it is none. Sizes are in MB.
std::optional<FilterTerm::Range> parseFilterNumber(std::string_view text, FilterField field);

/// A filter: terms joined by and, or, not.
struct FilterNode {
  enum class Kind { Term, And, Or, Not };
  Kind kind = Kind::Term;
  FilterTerm term;
  std::vector<FilterNode> children;

  /// `ask(term)` says whether a term is fulfilled, or nothing. Terms that say nothing neither let
  /// pass nor exclude, whatever they are joined with.
  template <typename Ask>
  std::optional<bool> evaluate(const Ask& ask) const {
    if (kind == Kind::Term) return ask(term);
    if (kind == Kind::Not) {
      const std::optional<bool> inner = children.front().evaluate(ask);
      return inner ? std::optional<bool>(!*inner) : std::nullopt;
    }
    const bool deciding = kind == Kind::Or;  // one true child decides an Or, one false an And
    bool unknown = false, other = false;
    for (const FilterNode& child : children) {
      const std::optional<bool> value = child.evaluate(ask);
      if (value == deciding) return deciding;
      (value ? other : unknown) = true;
    }
    if (kind == Kind::Or ? unknown : !other) return std::nullopt;
    return !deciding;
  }
};

/// What stands between blanks at the top of a filter: a term, a "not" or a bracket.
struct FilterPart {
  std::size_t begin = 0, end = 0;  ///< in the text
  FilterNode node;
};

/// What was read of a text; `root` is absent when nothing filters.
struct ParsedFilter {
  std::optional<FilterNode> root;
  std::string complaint;
  std::size_t place = 0;          ///< where in the text it is
  std::vector<FilterPart> parts;  ///< all of which have to hold
  bool alternatives = false;      ///< an "or" at the top; the parts are then of any of them
  std::string unfinished;         ///< quotes and brackets that are still to be closed
};
ParsedFilter parseFilter(std::string_view text);

}  // namespace bitfrontier
