// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>

#include "core/law/text/portable_law.h"

namespace bitfrontier {

/// Formula and table of parameters of each law; needs no package.
std::string toLatex(std::span<const PortableLaw> laws);

}  // namespace bitfrontier
