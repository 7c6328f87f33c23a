// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

namespace bitfrontier {

/// Memory of one NVIDIA GPU now.
struct GpuMemory {
  QString name;
  double totalBits = 0, freeBits = 0;
};

struct GpuReading {
  std::vector<GpuMemory> gpus;
  QString problem;  ///< why there is none, one sentence
};

/// Asks NVIDIA's management library, which is opened for this call alone. Blocking, up to seconds
/// on the first call.
GpuReading readGpuMemory();

/// A device that people have, with its memory in the decimal gigabytes that it is sold by.
struct KnownDevice {
  const char* name;
  double gigabytes;
};
const std::vector<KnownDevice>& knownDevices();

}  // namespace bitfrontier
