// SPDX-License-Identifier: GPL-3.0-or-later
/// The functions behind the module's table, which has checked arguments and made the device
/// current. They start work on the stream of their arguments and return what the runtime says.
#pragma once

#include <cuda_runtime.h>

#include "kernels/kernel_table.h"

namespace bitfrontier::cuda {

cudaError_t quantize(const bf_quantize_args& args);
cudaError_t roundTrip(const bf_round_trip_args& args);
cudaError_t dequantize(const bf_dequantize_args& args);

}  // namespace bitfrontier::cuda
