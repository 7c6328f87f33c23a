// SPDX-License-Identifier: GPL-3.0-or-later
#include <sched.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <string>

#include "core/base/parallel.h"
#include "core/device/device.h"
#include "kernels/registry.h"

namespace bitfrontier {
namespace {

std::string processorName() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (!line.starts_with("model name")) continue;
    const std::size_t colon = line.find(':');
    const std::size_t begin = line.find_first_not_of(" \t", colon + 1);
    if (colon != std::string::npos && begin != std::string::npos) return line.substr(begin);
  }
  return "unknown processor";
}

/// Threads the scheduler lets this process use, which a container may keep below the machine's.
int usableCores() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) return CPU_COUNT(&allowed);
  return machineThreads();
}

}  // namespace

Device cpuDevice() {
  Device device;
  device.id = "cpu";
  device.name = processorName();
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long pageSize = sysconf(_SC_PAGESIZE);
  if (pages > 0 && pageSize > 0)
    device.memory = static_cast<std::int64_t>(pages) * static_cast<std::int64_t>(pageSize);
  device.cores = usableCores();
  try {
    device.kernels = kernelsFor("cpu").name;
    device.available = true;
  } catch (const std::runtime_error& error) {
    device.reason = error.what();  // a back end is forced that does not work here
  }
  return device;
}

}  // namespace bitfrontier
