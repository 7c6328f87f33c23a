// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/fit/fit.h"

namespace bitfrontier::cli {

/// Which kind of fit the options ask for.
FitKind kindOf(const FitCommand& command);

/// The options as a request; `metric` is that of the store when none was named. Reads the CSV files
/// that are named. Throws InvalidArgument for words that mean nothing.
FitRequest questionOf(const FitCommand& command, LawMetric metric);

}  // namespace bitfrontier::cli
