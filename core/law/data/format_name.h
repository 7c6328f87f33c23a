// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace bitfrontier {

/// `text` with the method behind it unless it names it already (letter case aside) or the method is
/// round to nearest: "AWQ", "int4-b64", "4 bit, gptq". The one name of a format in every output.
std::string formatName(const std::string& text, const std::string& method);

/// Whether the method is round to nearest, what everybody means when no method is named.
bool plainMethod(const std::string& method);

}  // namespace bitfrontier
