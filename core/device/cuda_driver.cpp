// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/cuda_driver.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <array>

namespace bitfrontier {
namespace {

// The few driver functions used here, by their documented C signatures; CUresult, CUdevice and
// CUdevice_attribute are ints.
using Init = int (*)(unsigned);
using GetCount = int (*)(int*);
using GetDevice = int (*)(int*, int);
using GetName = int (*)(char*, int, int);
using TotalMemory = int (*)(std::size_t*, int);
using GetAttribute = int (*)(int*, int, int);
using ErrorString = int (*)(int, const char**);

constexpr int kMultiprocessorCount = 16;  // CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT

template <typename Function>
bool resolve(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

CudaDriver ask() {
  CudaDriver driver;
  void* library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* message = dlerror();
    driver.reason =
        fmt::format("no NVIDIA driver: {}", message == nullptr ? "libcuda.so.1" : message);
    return driver;
  }
  Init init{};
  GetCount getCount{};
  GetDevice getDevice{};
  GetName getName{};
  TotalMemory totalMemory{};
  GetAttribute getAttribute{};
  ErrorString errorString{};
  if (!resolve(library, "cuInit", init) || !resolve(library, "cuDeviceGetCount", getCount) ||
      !resolve(library, "cuDeviceGet", getDevice) ||
      !resolve(library, "cuDeviceGetName", getName) ||
      !resolve(library, "cuDeviceTotalMem_v2", totalMemory) ||
      !resolve(library, "cuDeviceGetAttribute", getAttribute) ||
      !resolve(library, "cuGetErrorString", errorString)) {
    driver.reason = "the NVIDIA driver's libcuda.so.1 lacks functions of the CUDA driver interface";
    return driver;
  }
  const auto failed = [&](const char* call, int status) {
    const char* text = nullptr;
    errorString(status, &text);
    driver.reason = fmt::format("the NVIDIA driver answers {} with error {}: {}", call, status,
                                text == nullptr ? "unknown" : text);
    return driver;
  };
  if (const int status = init(0); status != 0) return failed("cuInit", status);
  int count = 0;
  if (const int status = getCount(&count); status != 0) return failed("cuDeviceGetCount", status);
  if (count == 0) driver.reason = "the NVIDIA driver sees no GPU";
  for (int i = 0; i < count; ++i) {
    CudaDriverDevice device;
    int handle = 0;
    if (const int status = getDevice(&handle, i); status != 0) return failed("cuDeviceGet", status);
    std::array<char, 256> name{};
    std::size_t memory = 0;
    if (getName(name.data(), static_cast<int>(name.size()) - 1, handle) == 0)
      device.name = name.data();
    if (totalMemory(&memory, handle) == 0) device.memory = static_cast<std::int64_t>(memory);
    getAttribute(&device.multiprocessors, kMultiprocessorCount, handle);
    driver.devices.push_back(device);
  }
  return driver;
}

}  // namespace

const CudaDriver& cudaDriver() {
  static const CudaDriver driver = ask();
  return driver;
}

}  // namespace bitfrontier
