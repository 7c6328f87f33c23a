// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>

#include "core/law/text/portable_law.h"

namespace bitfrontier {

/// A Python module without dependencies: predict(law, format, size), predict_se, and a drawing of
/// data and curves by matplotlib when it is there (python3 law.py --plot FILE).
std::string toPython(std::span<const PortableLaw> laws);

}  // namespace bitfrontier
