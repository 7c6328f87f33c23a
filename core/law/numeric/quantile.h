// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

namespace bitfrontier {

/// Value below which the share `p` of the ascending values lies, linear between them (NumPy's
/// default). NaN without values.
double sortedQuantile(std::span<const double> sorted, double p);

}  // namespace bitfrontier
