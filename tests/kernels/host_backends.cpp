// SPDX-License-Identifier: GPL-3.0-or-later
// The instruction sets of the SIMD back end, and the CUDA module's sources compiled for the host
// (tests/kernels/cuda_emulator).
#include "kernels/registry.h"
#include "tests/kernels/backends.h"

extern "C" const bf_kernel_table* bf_kernel_module();

namespace bitfrontier {
namespace {

constexpr const char* kEmulated = "EmulatedCuda";

const bf_kernel_table& emulatedCuda() {
  static const bf_kernel_table table = [] {
    bf_kernel_table result = *bf_kernel_module();
    result.quantize = [](const bf_quantize_args* args) {
      return asHostTable(bf_kernel_module()->quantize, args);
    };
    result.round_trip = [](const bf_round_trip_args* args) {
      return asHostTable(bf_kernel_module()->round_trip, args);
    };
    return result;
  }();
  return table;
}

}  // namespace

std::vector<std::string> backendNames() {
  std::vector<std::string> names = simdTargets();
  names.emplace_back(kEmulated);
  return names;
}

const bf_kernel_table& backendNamed(const std::string& name) {
  return name == kEmulated ? emulatedCuda() : *simdKernels(name);
}

bool backendIsSlow(const std::string& name) { return name == kEmulated; }

}  // namespace bitfrontier
