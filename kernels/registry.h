// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "kernels/kernel_table.h"

namespace bitfrontier {

/// The scalar reference: the definition of every kernel. Runs on host memory.
const bf_kernel_table& referenceKernels();

/// A back end that may be missing: `table` is null and `reason` says why, or `reason` is empty.
struct KernelModule {
  const bf_kernel_table* table = nullptr;
  std::string path;    ///< file the module came from, empty when none was found
  std::string reason;  ///< one sentence, lower case
};

/// The CUDA module. Tried once per process and never unloaded. Searched as libbitfrontier_cuda.so
/// beside the executable, in ../lib/bitfrontier from there, then as the file or in the folder that
/// BITFRONTIER_CUDA_MODULE names. Load libtorch_cuda first (core/device) when both are used.
const KernelModule& cudaKernels();

/// Opens a module file and checks its symbol, ABI version, size and devices.
KernelModule loadKernelModule(const std::string& path);

/// Table for memory of a device ("cpu", "cuda", "cuda:1"). BITFRONTIER_KERNELS=reference|cuda
/// forces a back end by name. Throws std::runtime_error with the reason when there is none.
const bf_kernel_table& kernelsFor(std::string_view device);

}  // namespace bitfrontier
