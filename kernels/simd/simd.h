// SPDX-License-Identifier: GPL-3.0-or-later
/// The SIMD back end behind one set of inner loops. Arguments have been checked.
#pragma once

#include <string>

#include "kernels/simd/ops.h"

namespace bitfrontier::simd {

/// What a call found wrong: BF_OK and an empty message when nothing.
struct Outcome {
  std::int32_t status = BF_OK;
  std::string message;
};

Outcome quantize(const Ops& ops, const bf_quantize_args& args);
Outcome roundTrip(const Ops& ops, const bf_round_trip_args& args);
Outcome dequantize(const Ops& ops, const bf_dequantize_args& args);

}  // namespace bitfrontier::simd
