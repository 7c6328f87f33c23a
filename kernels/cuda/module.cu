// SPDX-License-Identifier: GPL-3.0-or-later
// The table of the CUDA module: checks arguments, makes the device current, says what went wrong.
#include <cuda_runtime.h>

#include <string>

#include "kernels/arguments.h"
#include "kernels/cuda/calls.h"

namespace bitfrontier::cuda {
namespace {

thread_local std::string lastError;

std::int32_t fail(std::int32_t status, const std::string& message) {
  lastError = message;
  return status;
}

std::int32_t failCuda(const char* what, cudaError_t error) {
  const bool memory = error == cudaErrorMemoryAllocation;
  return fail(BF_DEVICE_ERROR, std::string(what) + ": " +
                                   (memory ? "out of device memory" : cudaGetErrorString(error)));
}

/// Makes the device current for a call and restores the caller's.
class DeviceScope {
 public:
  explicit DeviceScope(int device) {
    error_ = cudaGetDevice(&previous_);
    if (error_ == cudaSuccess && device != previous_) error_ = cudaSetDevice(device);
    restore_ = error_ == cudaSuccess && device != previous_;
  }
  ~DeviceScope() {
    if (restore_) cudaSetDevice(previous_);
  }
  DeviceScope(const DeviceScope&) = delete;
  DeviceScope& operator=(const DeviceScope&) = delete;
  cudaError_t error() const { return error_; }

 private:
  int previous_ = 0;
  bool restore_ = false;
  cudaError_t error_ = cudaSuccess;
};

template <auto kWork, typename Args>
std::int32_t call(const Args* args) {
  if (args == nullptr) return fail(BF_BAD_ARGUMENT, "no arguments");
  if (const char* wrong = checkArguments(*args)) return fail(BF_BAD_ARGUMENT, wrong);
  const DeviceScope scope(args->device);
  if (scope.error() != cudaSuccess) return failCuda("cudaSetDevice", scope.error());
  const cudaError_t error = kWork(*args);
  return error == cudaSuccess ? std::int32_t{BF_OK} : failCuda("CUDA kernels", error);
}

std::int32_t deviceCount() {
  int count = 0;
  const cudaError_t error = cudaGetDeviceCount(&count);
  if (error == cudaSuccess && count > 0) return count;
  lastError = error == cudaSuccess ? "no CUDA device" : cudaGetErrorString(error);
  return 0;
}

const char* lastErrorText() { return lastError.c_str(); }

constexpr bf_kernel_table kTable = {
    BF_KERNEL_ABI_VERSION,
    0,
    sizeof(bf_kernel_table),
    "cuda",
    deviceCount,
    lastErrorText,
    call<quantize, bf_quantize_args>,
    call<dequantize, bf_dequantize_args>,
    call<roundTrip, bf_round_trip_args>,
};

}  // namespace
}  // namespace bitfrontier::cuda

extern "C" __attribute__((visibility("default"))) const bf_kernel_table* bf_kernel_module() {
  return &bitfrontier::cuda::kTable;
}
