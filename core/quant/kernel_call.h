// SPDX-License-Identifier: GPL-3.0-or-later
/// Between ATen tensors and the C interface of the kernels.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/device/host_runner.h"
#include "core/quant/quant_config.h"
#include "kernels/kernel_table.h"

namespace bitfrontier {

/// BF_FP32, BF_FP16 or BF_BF16. Throws Error(InvalidArgument) naming `what` for other types.
std::int32_t kernelType(at::ScalarType type, std::string_view what);

/// The kernels' type of stored constants; fp32 for double quantized ones, which are decoded first.
std::int32_t kernelConstantType(ConstantType type);
/// The type of the tensor that holds constants.
at::ScalarType constantScalarType(ConstantType type);

/// Throws Unsupported or InvalidArgument with the kernels' reason unless the call went well.
void requireOk(std::int32_t status, const bf_kernel_table& kernels);

/// Whether the table works on host memory.
bool hostKernels(const bf_kernel_table& kernels);

/// Stream and index of a tensor's device for a call on it; for a tensor in host memory, threads.
struct CallPlace {
  void* stream = nullptr;
  std::int32_t device = 0;
  const bf_runner* runner = nullptr;

  explicit CallPlace(const at::Tensor& tensor);
  template <typename Args>
  void putInto(Args& args) const {
    args.stream = stream;
    args.device = device;
    args.runner = runner;
  }
};

/// Calls work(part) for each part in 0..parts-1 on the runner's threads; it must not throw.
template <typename Work>
void overParts(std::int64_t parts, const Work& work, const bf_runner* runner = hostRunner()) {
  runner->run(
      runner->context, parts,
      [](void* context, std::int64_t part) { (*static_cast<const Work*>(context))(part); },
      const_cast<Work*>(&work));
}

/// Format with blocks, constants and means of a configuration for a matrix with rows of
/// `rowLength`; packed codes. `table` must outlive it.
bf_format formatOf(const QuantConfig& config, const std::vector<float>& table,
                   std::int64_t rowLength);

}  // namespace bitfrontier
