// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "core/law/data/scaling_law.h"

namespace bitfrontier {

/// The law's formula in plain text, with the names of LawFit::parameterNames and b, b0.
std::string lawFormula(LawMetric metric);

/// An array of objects: formula, parameters with values and standard errors, covariance, range and
/// quality of the fit; enough to predict without this program. Numbers read back exactly; absent
/// ones are null.
nlohmann::json lawsToJson(std::span<const LawFit> laws);

/// One row for each law, with a header row; RFC 4180, C locale, exact numbers, absent ones empty.
std::string lawsToCsv(std::span<const LawFit> laws);

}  // namespace bitfrontier
