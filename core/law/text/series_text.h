// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "core/law/fit/series_law.h"

namespace bitfrontier {

/// The law of a series in plain text, with the names of PowerLaw::kNames and b, b0.
std::string lawFormula(LawMetric metric);

/// An array of objects: formula, parameters with values and standard errors, covariance, range and
/// quality of the fit; enough to predict without this program. Numbers read back exactly; absent
/// ones are null. `note` has all remarks.
nlohmann::json seriesToJson(std::span<const SeriesLaw> laws);

/// One row for each law, with a header row; RFC 4180, C locale, exact numbers, absent ones empty.
std::string seriesToCsv(std::span<const SeriesLaw> laws);

}  // namespace bitfrontier
