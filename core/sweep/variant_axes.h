// SPDX-License-Identifier: GPL-3.0-or-later
/// The axes of a sweep's grid beside type, bits and block: what they are called on the command line
/// and in the launch dialog, and how their words become the ends of specs.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bitfrontier {

/// One axis: `--constants fp16,dq` stands for the ends "" and "-sdq".
struct VariantAxis {
  std::string_view option;  ///< "constants"
  std::string_view prefix;  ///< in front of a word in a spec: "-s"
  std::string_view plain;   ///< the word for the default, which specs leave out: "fp16"
  std::string_view help;
};

/// constants, signs, centering, outliers, methods, scope; in this order in specs, too.
std::span<const VariantAxis> variantAxes();

/// "dq" -> "-sdq"; the plain word -> "". Throws Error(InvalidArgument) for a word no spec knows.
std::string variantNotation(const VariantAxis& axis, const std::string& word);

/// "-sdq" -> "dq"; "" -> the plain word.
std::string variantWord(const VariantAxis& axis, std::string_view notation);

/// Every combination of one notation of each axis, the first axis slowest; an empty axis is left at
/// its default. Notations that do not go together (-signed with -se8m0) are left out; throws
/// Error(InvalidArgument) when nothing remains.
std::vector<std::string> crossVariants(std::span<const std::vector<std::string>> notations);

}  // namespace bitfrontier
