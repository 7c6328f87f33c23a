// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "kernels/codebook.h"

namespace bitfrontier::test {

/// The quantile table of a tensor: both steps that the program takes.
inline std::vector<float> quantileCodebook(std::span<const float> tensor, int bits) {
  return codebookFromQuantiles(sketchQuantiles(tensor, bits).sums, bits);
}

}  // namespace bitfrontier::test
