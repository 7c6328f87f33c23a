// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/budget/gpu_memory.h"

#include <dlfcn.h>

#include <array>
#include <memory>
#include <QCoreApplication>

namespace bitfrontier {
namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(GpuMemory)
};

// The few declarations of nvml.h (NVIDIA Management Library, API version 1 and 2) that are needed;
// the header itself is not in Debian. Every function returns 0 for success.
using Device = struct nvmlDevice_st*;
struct Memory {
  unsigned long long total, free, used;  // bytes
};
using Init = int (*)();
using Shutdown = int (*)();
using Count = int (*)(unsigned int*);
using Handle = int (*)(unsigned int, Device*);
using Name = int (*)(Device, char*, unsigned int);
using MemoryInfo = int (*)(Device, Memory*);

template <typename Function>
Function find(void* library, const char* name) {
  return reinterpret_cast<Function>(dlsym(library, name));
}

GpuReading ask(void* library) {
  const auto init = find<Init>(library, "nvmlInit_v2");
  const auto shutdown = find<Shutdown>(library, "nvmlShutdown");
  const auto count = find<Count>(library, "nvmlDeviceGetCount_v2");
  const auto handle = find<Handle>(library, "nvmlDeviceGetHandleByIndex_v2");
  const auto name = find<Name>(library, "nvmlDeviceGetName");
  const auto memory = find<MemoryInfo>(library, "nvmlDeviceGetMemoryInfo");
  if (!init || !shutdown || !count || !handle || !name || !memory) {
    return {{}, Tr::tr("unknown: NVIDIA's management library is too old")};
  }
  if (init() != 0) return {{}, Tr::tr("unknown: NVIDIA's driver does not answer")};
  GpuReading reading;
  unsigned int devices = 0;
  if (count(&devices) == 0) {
    for (unsigned int i = 0; i < devices; ++i) {
      Device device = nullptr;
      Memory bytes{};
      std::array<char, 96> text{};
      if (handle(i, &device) != 0 || memory(device, &bytes) != 0) continue;
      if (name(device, text.data(), static_cast<unsigned int>(text.size())) != 0) text[0] = 0;
      reading.gpus.push_back({QString::fromUtf8(text.data()), 8. * static_cast<double>(bytes.total),
                              8. * static_cast<double>(bytes.free)});
    }
  }
  shutdown();
  if (reading.gpus.empty()) reading.problem = Tr::tr("unknown: no GPU answers");
  return reading;
}

}  // namespace

GpuReading readGpuMemory() {
  void* library = dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library) return {{}, Tr::tr("unknown: no NVIDIA driver on this machine")};
  GpuReading reading = ask(library);
  dlclose(library);
  return reading;
}

const std::vector<KnownDevice>& knownDevices() {
  static const std::vector<KnownDevice> devices{
      {"Jetson Nano", 4},   {"RTX 3070", 8},      {"RTX 3060, 4070", 12}, {"RTX 4080, T4", 16},
      {"RTX 4090, L4", 24}, {"RTX 5090", 32},     {"A100 40 GB", 40},     {"A6000, L40S", 48},
      {"A100, H100", 80},   {"RTX PRO 6000", 96}, {"H200", 141},          {"B200, MI300X", 192}};
  return devices;
}

}  // namespace bitfrontier
