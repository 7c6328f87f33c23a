// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/device.h"

#include <ATen/Context.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include <charconv>
#include <exception>
#include <filesystem>

#include "core/base/error.h"
#include "core/device/cuda_driver.h"
#include "kernels/registry.h"

namespace bitfrontier {
namespace {

/// Folder of the libtorch_cpu that is in use; its CUDA half lies beside it, when installed.
std::filesystem::path torchFolder() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&at::globalContext), &info) == 0 ||
      info.dli_fname == nullptr)
    return {};
  return std::filesystem::path(info.dli_fname).parent_path();
}

CudaBackend loadBackend() {
  CudaBackend backend;
  // Without a GPU 900 MB of libraries would be mapped for nothing.
  if (const CudaDriver& driver = cudaDriver(); driver.devices.empty()) {
    backend.reason = driver.reason;
    return backend;
  }
  const std::filesystem::path beside = torchFolder() / "libtorch_cuda.so";
  std::error_code failed;
  const std::string library =
      std::filesystem::exists(beside, failed) ? beside.string() : std::string("libtorch_cuda.so");
  // Global, so that the operators it registers find each other; never closed.
  if (dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) {
    const char* message = dlerror();
    backend.reason = fmt::format("no CUDA libraries: {}", message == nullptr ? library : message);
    return backend;
  }
  try {
    if (!at::globalContext().hasCUDA()) {
      backend.reason = "libtorch_cuda is loaded but finds no usable GPU";
      return backend;
    }
    backend.deviceCount = at::detail::getCUDAHooks().deviceCount();
    at::globalContext().lazyInitDevice(at::kCUDA);
    backend.loaded = backend.deviceCount > 0;
    if (!backend.loaded) backend.reason = "libtorch_cuda finds no usable GPU";
  } catch (const std::exception& error) {
    const std::string text = error.what();
    backend.reason =
        fmt::format("libtorch_cuda cannot be started: {}", text.substr(0, text.find('\n')));
  }
  return backend;
}

}  // namespace

const CudaBackend& loadCudaBackend() {
  static const CudaBackend backend = loadBackend();
  return backend;
}

std::vector<Device> listDevices() {
  std::vector<Device> devices = {cpuDevice()};
  const CudaDriver& driver = cudaDriver();
  if (driver.devices.empty()) {
    Device missing;
    missing.id = "cuda";
    missing.name = "NVIDIA GPU";
    missing.reason = driver.reason;
    devices.push_back(missing);
    return devices;
  }
  const CudaBackend& backend = loadCudaBackend();
  const KernelModule& module = cudaKernels();
  for (std::size_t i = 0; i < driver.devices.size(); ++i) {
    Device device;
    device.id = fmt::format("cuda:{}", i);
    device.name = driver.devices[i].name;
    device.memory = driver.devices[i].memory;
    device.cores = driver.devices[i].multiprocessors;
    if (module.table != nullptr) device.kernels = module.table->name;
    if (!backend.loaded)
      device.reason = backend.reason;
    else if (static_cast<int>(i) >= backend.deviceCount)
      device.reason = fmt::format("libtorch_cuda sees only {} GPUs", backend.deviceCount);
    else if (module.table == nullptr)
      device.reason = fmt::format("no CUDA kernels: {}", module.reason);
    device.available = device.reason.empty();
    devices.push_back(device);
  }
  return devices;
}

DeviceId resolveDevice(std::string_view name) {
  if (name == "cpu") return {};
  if (name == "auto") {
    const std::vector<Device> devices = listDevices();
    for (std::size_t i = 1; i < devices.size(); ++i)
      if (devices[i].available) return DeviceId::cuda(static_cast<int>(i) - 1);
    return {};
  }
  int index = 0;
  bool known = name == "cuda";
  if (name.starts_with("cuda:")) {
    const char* end = name.data() + name.size();
    const auto [stop, status] = std::from_chars(name.data() + 5, end, index);
    known = status == std::errc() && stop == end && index >= 0;
  }
  if (!known)
    throw Error(
        ErrorKind::InvalidArgument,
        fmt::format("unknown device '{}', allowed are auto, cpu, cuda and cuda:<index>", name));
  const DeviceId wanted = DeviceId::cuda(index);
  const std::vector<Device> devices = listDevices();
  for (const Device& device : devices) {
    if (device.id != wanted.text() && device.id != "cuda") continue;
    if (device.available) return wanted;
    throw Error(ErrorKind::Unsupported,
                fmt::format("device {} cannot be used: {}", name, device.reason));
  }
  throw Error(ErrorKind::Unsupported,
              fmt::format("device {} does not exist, there are {} GPUs", name, devices.size() - 1));
}

}  // namespace bitfrontier
