// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

#include "core/device/device_id.h"

namespace bitfrontier {

/// The most memory that models and scores took since the last reset().
///
/// On a GPU: bytes that libtorch's allocator held of the device at most; the driver's own share
/// (the CUDA context) and other processes are not in it. On the CPU: anonymous resident bytes of
/// the process, sampled a hundred times a second, beyond those when the object was made. Files that
/// are mapped (16-bit weights that stay in the checkpoint) do not count, since the system takes
/// their pages back when it must; whatever else the process does at that time does.
class PeakMemory {
 public:
  explicit PeakMemory(DeviceId device);
  ~PeakMemory();
  PeakMemory(const PeakMemory&) = delete;
  PeakMemory& operator=(const PeakMemory&) = delete;

  void reset();
  /// 0 = cannot be measured.
  std::int64_t bytes() const;

 private:
  DeviceId device_;
  std::int64_t before_ = 0;
  std::atomic<std::int64_t> highest_{0};
  std::jthread sampler_;  ///< of the CPU
};

/// Anonymous resident bytes of this process; 0 where the system does not tell.
std::int64_t residentBytes();

}  // namespace bitfrontier
