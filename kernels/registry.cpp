// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/registry.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <vector>

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCudaModuleFile = "libbitfrontier_cuda.so";

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::vector<fs::path> cudaModulePlaces() {
  std::vector<fs::path> places;
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  if (!failed) {
    const fs::path folder = program.parent_path();
    places.push_back(folder / kCudaModuleFile);
    places.push_back(folder.parent_path() / "lib" / "bitfrontier" / kCudaModuleFile);
  }
  if (const std::string named = environment("BITFRONTIER_CUDA_MODULE"); !named.empty())
    places.push_back(fs::is_directory(named, failed) ? fs::path(named) / kCudaModuleFile
                                                     : fs::path(named));
  return places;
}

KernelModule findCudaModule() {
  std::string searched;
  for (const fs::path& place : cudaModulePlaces()) {
    std::error_code failed;
    if (fs::exists(place, failed)) return loadKernelModule(place.string());
    searched += (searched.empty() ? "" : ", ") + place.string();
  }
  return {
      .table = nullptr, .path = "", .reason = "no CUDA kernel module (searched " + searched + ")"};
}

bool isCuda(std::string_view device) { return device == "cuda" || device.substr(0, 5) == "cuda:"; }

/// `forced` is empty, reference or simd.
const bf_kernel_table& hostKernels(const std::string& forced) {
  if (forced == "reference") return referenceKernels();
  const std::string target = environment("BITFRONTIER_SIMD");
  if (const bf_kernel_table* table = simdKernels(target)) return *table;
  if (target.empty() && forced.empty()) return referenceKernels();
  std::string have;
  for (const std::string& name : simdTargets()) have += (have.empty() ? "" : ", ") + name;
  throw std::runtime_error("no SIMD kernels" + (target.empty() ? "" : " for " + target) +
                           ", this machine has " + (have.empty() ? "none" : have));
}

}  // namespace

KernelModule loadKernelModule(const std::string& path) {
  const auto refused = [&path](const std::string& reason) {
    return KernelModule{.table = nullptr, .path = path, .reason = reason};
  };
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* message = dlerror();
    return refused(message == nullptr ? path + ": cannot be loaded" : message);
  }
  // From here on the module stays mapped: libraries with device code do not survive unloading.
  const auto entry =
      reinterpret_cast<bf_kernel_module_entry>(dlsym(handle, BF_KERNEL_MODULE_SYMBOL));
  if (entry == nullptr)
    return refused(path + ": no symbol " BF_KERNEL_MODULE_SYMBOL ", not a kernel module");
  const bf_kernel_table* table = entry();
  if (table == nullptr) return refused(path + ": the module gives no kernel table");
  if (table->abi_version != BF_KERNEL_ABI_VERSION)
    return refused(path + ": kernel interface version " + std::to_string(table->abi_version) +
                   ", this program has " + std::to_string(BF_KERNEL_ABI_VERSION));
  if (table->struct_size < sizeof(bf_kernel_table))
    return refused(path + ": kernel table of " + std::to_string(table->struct_size) +
                   " bytes, this program needs " + std::to_string(sizeof(bf_kernel_table)));
  if (table->device_count() < 1) {
    const std::string why = table->last_error();
    return refused(why.empty() ? "no device" : why);
  }
  return {.table = table, .path = path, .reason = ""};
}

const KernelModule& cudaKernels() {
  static const KernelModule module = findCudaModule();
  return module;
}

const bf_kernel_table& kernelsFor(std::string_view device) {
  const std::string forced = environment("BITFRONTIER_KERNELS");
  if (!forced.empty() && forced != "reference" && forced != "simd" && forced != "cuda")
    throw std::runtime_error("BITFRONTIER_KERNELS is '" + forced +
                             "', allowed are reference, simd and cuda");
  const bool cudaMemory = isCuda(device);
  if (!cudaMemory && device != "cpu")
    throw std::runtime_error("no kernels for device '" + std::string(device) +
                             "', allowed are cpu, cuda and cuda:<index>");
  if (!forced.empty() && (forced == "cuda") != cudaMemory)
    throw std::runtime_error("BITFRONTIER_KERNELS=" + forced + " cannot work on device " +
                             std::string(device));
  if (!cudaMemory) return hostKernels(forced);
  const KernelModule& module = cudaKernels();
  if (module.table == nullptr) throw std::runtime_error("no CUDA kernels: " + module.reason);
  return *module.table;
}

}  // namespace bitfrontier
