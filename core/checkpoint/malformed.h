// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "core/base/error.h"

namespace bitfrontier {

/// Throws Error Format "<where>: <what>": a place and a sentence about it.
[[noreturn]] inline void malformed(std::string_view where, const std::string& what) {
  throw Error(ErrorKind::Format, fmt::format("{}: {}", where, what));
}

/// Throws Error Format "<subject> <predicate>": the sentence begins with what is wrong, a file or
/// "<file>: tensor <name>".
[[noreturn]] inline void malformedIs(std::string_view subject, const std::string& predicate) {
  throw Error(ErrorKind::Format, fmt::format("{} {}", subject, predicate));
}

}  // namespace bitfrontier
