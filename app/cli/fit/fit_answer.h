// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/fit/fit.h"
#include "core/analysis/analysis.h"

namespace bitfrontier::cli {

/// Prints the answer, writes the files of --export, and returns the exit code. Throws Unsupported,
/// exit code 1, when there is neither a law nor a curve.
int printAnswer(const FitCommand& command, const FitRequest& request, const Analysis& analysis);

}  // namespace bitfrontier::cli
