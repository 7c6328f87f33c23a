// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>

#include "core/law/data/scaling_law.h"

namespace bitfrontier {

/// `text` with the method behind it unless it names it already (letter case aside) or the method is
/// round to nearest: "AWQ", "int4-b64", "4 bit, gptq". The one name of a format in every output.
std::string formatName(const std::string& text, const std::string& method);

/// What to look at when nobody says: accuracy, or cross-entropy where no point has an accuracy and
/// some have that (a table of perplexities).
LawMetric defaultMetric(std::span<const LawPoint> points);

}  // namespace bitfrontier
