// SPDX-License-Identifier: GPL-3.0-or-later
// Changing a filter's text for the user: what a click on the legend, a lasso or a menu writes is
// the same text that can be typed.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/run_row.h"

namespace bitfrontier {

enum class TermSign { Only, LeaveOut };

/// The filter with this one term of the field: `field:a,b`, or `-field:a,b` with LeaveOut. It takes
/// the place of the field's terms of that sign (Only: of both) that all rows have to fulfil, and is
/// added when there is none. Without values they are only removed. `known` are all values of the
/// field: where a value is also part of another one, `field==a` is written, which is the whole
/// text.
std::string withTerm(std::string_view filter, std::string_view field,
                     const std::vector<std::string>& values, TermSign sign = TermSign::Only,
                     std::span<const std::string> known = {});

/// The values of the field's term that all rows have to fulfil, as typed; empty for none.
std::vector<std::string> termValues(std::string_view filter, std::string_view field,
                                    TermSign sign = TermSign::Only);

/// Each value of each text field of the filter box that is in a store, in natural order.
using FieldWords = std::map<std::string, std::vector<std::string>>;
FieldWords fieldWords(std::span<const RunRow> runs);

/// What may stand where the cursor is: names of fields with their operator, or values of the field.
struct FilterCompletion {
  std::size_t begin = 0, end = 0;  ///< of the text that is replaced
  std::vector<std::string> words;
};
FilterCompletion completeFilter(std::string_view text, std::size_t cursor, const FieldWords& words);

}  // namespace bitfrontier
