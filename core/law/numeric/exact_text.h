// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace bitfrontier {

/// Shortest decimal text that reads back as exactly this double (at most 17 significant digits),
/// in the C locale whatever the process locale is. NaN gives an empty text, infinities "inf" and
/// "-inf".
std::string exactNumber(double value);

/// One CSV field by RFC 4180: quoted when it holds a comma, a quote, a line break, a leading or
/// trailing blank, or starts with '#' (a comment for our reader).
std::string csvField(std::string_view text);

}  // namespace bitfrontier
