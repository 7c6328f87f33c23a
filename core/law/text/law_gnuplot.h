// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>

#include "core/law/text/portable_law.h"

namespace bitfrontier {

/// A script that draws data and curves of each law.
std::string toGnuplot(std::span<const PortableLaw> laws);

}  // namespace bitfrontier
