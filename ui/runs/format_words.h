// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string_view>

namespace bitfrontier {

/// What a data type of a configuration is in words: "integer" for "int", "normal float" for "nf";
/// empty for one that has no other name. Untranslated: the filter box understands it too.
std::string_view dataTypeWord(std::string_view code);
/// The same of a method: "round to nearest" for "rtn".
std::string_view methodWord(std::string_view code);

/// The word in the user's language, or the code itself.
QString dataTypeText(std::string_view code);
QString methodText(std::string_view code);

}  // namespace bitfrontier
