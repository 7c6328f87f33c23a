// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of functions of the SIMD back end, one for each instruction set.
#include "kernels/simd/simd.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <utility>

#include "kernels/arguments.h"
#include "kernels/registry.h"

namespace bitfrontier {
namespace {

thread_local std::string lastError;

std::int32_t fail(std::int32_t status, std::string message) {
  lastError = std::move(message);
  return status;
}

/// Tables are plain C functions: the instruction set is found by its number.
constexpr std::size_t kMost = 4;

template <std::size_t kIndex, auto kWork, typename Args>
std::int32_t call(const Args* args) {
  if (args == nullptr) return fail(BF_BAD_ARGUMENT, "no arguments");
  if (const char* wrong = checkArguments(*args)) return fail(BF_BAD_ARGUMENT, wrong);
  try {
    simd::Outcome outcome = kWork(*simd::supportedOps()[kIndex], *args);
    return outcome.status == BF_OK ? std::int32_t{BF_OK}
                                   : fail(outcome.status, std::move(outcome.message));
  } catch (const std::bad_alloc&) {
    return fail(BF_DEVICE_ERROR, "out of memory");
  }
}

template <std::size_t kIndex>
bf_kernel_table tableOf() {
  return {
      .abi_version = BF_KERNEL_ABI_VERSION,
      .reserved = 0,
      .struct_size = sizeof(bf_kernel_table),
      .name = "simd",
      .device_count = []() -> std::int32_t { return 1; },
      .last_error = []() -> const char* { return lastError.c_str(); },
      .quantize = call<kIndex, simd::quantize, bf_quantize_args>,
      .dequantize = call<kIndex, simd::dequantize, bf_dequantize_args>,
      .round_trip = call<kIndex, simd::roundTrip, bf_round_trip_args>,
  };
}

template <std::size_t... kIndexes>
const bf_kernel_table& tableAt(std::size_t index, std::index_sequence<kIndexes...>) {
  static const std::array<bf_kernel_table, kMost> tables = {tableOf<kIndexes>()...};
  return tables.at(index);
}

}  // namespace

std::vector<std::string> simdTargets() {
  std::vector<std::string> names;
  for (const simd::Ops* ops : simd::supportedOps()) names.emplace_back(ops->name);
  return names;
}

const bf_kernel_table* simdKernels(std::string_view target) {
  const std::vector<std::string> names = simdTargets();
  if (names.empty()) return nullptr;
  if (target.empty()) return &tableAt(0, std::make_index_sequence<kMost>());
  const auto found = std::find(names.begin(), names.end(), target);
  if (found == names.end()) return nullptr;
  return &tableAt(static_cast<std::size_t>(found - names.begin()),
                  std::make_index_sequence<kMost>());
}

}  // namespace bitfrontier
