// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bitfrontier {

/// A GPU as the NVIDIA driver describes it.
struct CudaDriverDevice {
  std::string name;
  std::int64_t memory = 0;  ///< bytes
  int multiprocessors = 0;
};

/// The GPUs that the driver sees, or why there are none.
struct CudaDriver {
  std::vector<CudaDriverDevice> devices;
  std::string reason;  ///< one sentence; empty when there is a device
};

/// Asks the driver library directly (libcuda.so.1, opened at run time), which is a thousand times
/// cheaper than loading libtorch's CUDA libraries. Asked once per process.
const CudaDriver& cudaDriver();

}  // namespace bitfrontier
