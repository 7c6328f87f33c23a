// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "kernels/kernel_table.h"

namespace bitfrontier {

/// The back ends that backend_test.cpp compares with the reference. Each program that is linked
/// with it has its own: test_kernels those of the host, test_core_cuda the GPU's.
std::vector<std::string> backendNames();

/// A table that works on host memory and answers as the reference does, also where device tables
/// leave it to the caller to look (BF_NOT_FINITE).
const bf_kernel_table& backendNamed(const std::string& name);

/// Whether it takes a thousand times as long as the others; then the largest tensors are smaller.
bool backendIsSlow(const std::string& name);

/// `table` of a device whose memory is the host's: what quantize and round trip return when a value
/// is not finite is made that of host tables.
template <typename Args>
std::int32_t asHostTable(std::int32_t (*work)(const Args*), const Args* args) {
  if (args == nullptr) return work(args);
  std::int64_t firstBad = -1;
  Args looked = *args;
  if (looked.first_bad_index == nullptr) looked.first_bad_index = &firstBad;
  const std::int32_t status = work(&looked);
  const bool bad = status == BF_OK && *looked.first_bad_index >= 0;
  return bad && (args->flags & BF_CLAMP_NOT_FINITE) == 0 ? std::int32_t{BF_NOT_FINITE} : status;
}

}  // namespace bitfrontier
