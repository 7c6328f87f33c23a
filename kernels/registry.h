// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernels/kernel_table.h"

namespace bitfrontier {

/// The scalar reference: the definition of every kernel. Runs on host memory.
const bf_kernel_table& referenceKernels();

/// Instruction sets that the SIMD back end was compiled for and this machine has, best first, by
/// Highway's names: "AVX3" (AVX-512), "AVX2", "SSE4".
std::vector<std::string> simdTargets();

/// The SIMD back end with one of simdTargets(), the best when empty. Null when there is none. All
/// call themselves "simd". Runs on host memory.
const bf_kernel_table* simdKernels(std::string_view target = {});

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

/// Table for memory of a device ("cpu", "cuda", "cuda:1"). BITFRONTIER_KERNELS=reference|simd|cuda
/// forces a back end by name, BITFRONTIER_SIMD=AVX3_DL|AVX3|AVX2|SSE4 the instruction set of
/// "simd"; without them host memory gets the best SIMD back end, or the reference where there is
/// none. Throws std::runtime_error with the reason when there is no such back end.
const bf_kernel_table& kernelsFor(std::string_view device);

}  // namespace bitfrontier
