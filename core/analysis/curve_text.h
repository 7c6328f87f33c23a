// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "core/analysis/law_curve.h"

namespace bitfrontier {

/// One object for each series: its law with formula, parameters, errors, covariance and range,
/// enough to predict without this program, or "law": null and the note that says why; and the
/// interpolation. Numbers read back exactly; absent ones are null.
nlohmann::json curvesToJson(std::span<const LawCurve> curves, LawMetric metric);

/// One row for each series, with a header row; RFC 4180, C locale, exact numbers, absent ones
/// empty.
std::string curvesToCsv(std::span<const LawCurve> curves, LawMetric metric);

}  // namespace bitfrontier
