// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/error.h"

namespace bitfrontier {

/// The value of that name in a table of names. Throws Error(InvalidArgument) listing the names.
template <typename Enum, std::size_t N>
Enum parseName(std::string_view name, const std::pair<Enum, std::string_view> (&table)[N],
               std::string_view what) {
  std::string known;
  for (const auto& [value, text] : table) {
    if (text == name) return value;
    known += (known.empty() ? "" : ", ") + std::string(text);
  }
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("unknown {} '{}', one of {} is meant", what, name, known));
}

}  // namespace bitfrontier
