// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/fit/fit.h"

namespace bitfrontier::cli {

/// `fit --laws`: what laws there are. Throws InvalidArgument for options that say nothing to it.
int listLaws(const FitCommand& command);

}  // namespace bitfrontier::cli
