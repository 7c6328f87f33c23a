// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/quant/counting_rule.h"

namespace bitfrontier {

/// What the bits of a model are for.
enum class BitUse {
  Codes,
  Scales,    ///< constants of blocks
  Means,     ///< of blocks
  Outliers,  ///< values kept at 16 bit
  Tables,    ///< what is paid once a row or tensor, code tables, incomplete blocks
  Rest,      ///< embeddings, norms, biases, the head
};

/// Where the bits of a model go, from what its run has stored. The parts' sum is `total`.
struct BitBreakdown {
  struct Part {
    BitUse use{};
    double bits = 0;
  };
  std::vector<Part> parts;  ///< those that are not 0
  double total = 0;         ///< the whole checkpoint
  double parameters = 0, linearParameters = 0;
  double perWeight = 0;  ///< bits of a quantized weight with all that belongs to it
  std::string problem;   ///< why there is none, one sentence, e.g. of published numbers

  double perParameter() const { return parameters > 0 ? total / parameters : 0; }
};
/// Of a model under a configuration, by its spec, that takes `stored` bits.
BitBreakdown bitBreakdown(const std::string& spec, const ModelBits& stored, double parameters,
                          double linearParameters);

}  // namespace bitfrontier
