// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/analysis/analysis.h"

namespace bitfrontier::cli {

void printComparison(const std::string& title, const LawComparison& comparison);
/// Each law with what leaveOneFamilyOut() says of it.
void printLeftOutFamilies(const LeftOutFamilies& result, LawMetric metric);

}  // namespace bitfrontier::cli
