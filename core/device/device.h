// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/device/device_id.h"

namespace bitfrontier {

/// Something models run on, or the reason why it cannot be used.
struct Device {
  std::string id;           ///< "cpu", "cuda:0"; "cuda" when no CUDA device can be reached
  std::string name;         ///< processor or GPU model
  std::int64_t memory = 0;  ///< bytes of memory, 0 when unknown
  int cores = 0;            ///< threads the process may use (CPU) or multiprocessors (GPU)
  bool available = false;   ///< models run on it
  std::string reason;       ///< why it is not available, one sentence; empty when it is
  std::string kernels;      ///< kernel table in use: "simd", "reference", "cuda"; empty when none
};

/// The CPU, then every CUDA device. Without one, a single unavailable "cuda" entry with the reason
/// (no driver, no CUDA libraries, no kernel module). Loads the CUDA libraries on the first call.
std::vector<Device> listDevices();

/// The CPU alone; loads nothing.
Device cpuDevice();

/// Whether libtorch's CUDA back end could be loaded into this process; tried once, kept for good.
struct CudaBackend {
  bool loaded = false;
  int deviceCount = 0;
  std::string reason;  ///< why not, one sentence; empty when devices can be used
};
const CudaBackend& loadCudaBackend();

/// The device of a name ("cpu", "cuda", "cuda:1"), which can be used; "auto" takes the first CUDA
/// device, else the CPU. Throws Error(Unsupported) with the reason, InvalidArgument for a name that
/// is none.
DeviceId resolveDevice(std::string_view name);

}  // namespace bitfrontier
