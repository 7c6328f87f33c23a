// SPDX-License-Identifier: GPL-3.0-or-later
/// The axes of a sweep's grid beside type, bits and block: what they are called on the command line
/// and in the launch dialog, and what their words stand for.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/quant/quant_config.h"

namespace bitfrontier {

/// One axis: `--constants fp16,dq` stands for the ends of specs "" and "-sdq".
struct VariantAxis {
  std::string_view option;  ///< "constants"
  std::string_view prefix;  ///< in front of a word in a spec: "-s"
  std::string_view plain;   ///< the word for the default, which specs leave out: "fp16"
  std::string_view help;
  /// Copies what belongs to this axis.
  void (*copy)(const QuantVariant& from, QuantVariant& to);
};

/// constants, signs, centering, outliers, methods, scope; in this order in specs, too.
std::span<const VariantAxis> variantAxes();

/// "dq" -> double quantized constants; the plain word -> the default. Throws Error(InvalidArgument)
/// for a word that the axis does not have.
QuantVariant variantOf(const VariantAxis& axis, const std::string& word);

/// The word for what a variant has on this axis: "dq", or the plain word.
std::string variantWord(const VariantAxis& axis, const QuantVariant& variant);

/// Every combination of one variant of each axis, the first axis slowest; an empty axis is left at
/// its default. What does not go together (-signed with -se8m0) is left out; throws
/// Error(InvalidArgument) when nothing remains.
std::vector<QuantVariant> crossVariants(std::span<const std::vector<QuantVariant>> variants);

}  // namespace bitfrontier
