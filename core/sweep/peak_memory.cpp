// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/peak_memory.h"

#include <c10/core/CachingDeviceAllocator.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>

namespace bitfrontier {
namespace {

/// The allocator of GPUs; null before libtorch's CUDA part was loaded.
c10::DeviceAllocator* gpuAllocator() {
  return dynamic_cast<c10::DeviceAllocator*>(c10::GetAllocator(c10::DeviceType::CUDA));
}

c10::DeviceIndex indexOf(DeviceId device) {
  return static_cast<c10::DeviceIndex>(std::stoi(device.text().substr(5)));  // cuda:N
}

}  // namespace

std::int64_t residentBytes() {
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr) return 0;
  long long size = 0, resident = 0, shared = 0;
  const int read = std::fscanf(file, "%lld %lld %lld", &size, &resident, &shared);
  std::fclose(file);
  return read == 3 ? (resident - shared) * static_cast<std::int64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

PeakMemory::PeakMemory(DeviceId device) : device_(device) {
  if (!device.isCpu()) return;
  before_ = residentBytes();
  if (before_ == 0) return;
  sampler_ = std::jthread([this](const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
      const std::int64_t now = residentBytes();
      std::int64_t highest = highest_;
      while (now > highest && !highest_.compare_exchange_weak(highest, now)) {
      }
      wake.wait_for(lock, stop, std::chrono::milliseconds(10), [] { return false; });
    }
  });
}

PeakMemory::~PeakMemory() = default;

void PeakMemory::reset() {
  if (device_.isCpu()) {
    highest_ = residentBytes();
  } else if (auto* allocator = gpuAllocator()) {
    allocator->resetPeakStats(indexOf(device_));
  }
}

std::int64_t PeakMemory::bytes() const {
  if (device_.isCpu()) {
    return before_ == 0
               ? 0
               : std::max<std::int64_t>(0, std::max(highest_.load(), residentBytes()) - before_);
  }
  auto* allocator = gpuAllocator();
  if (allocator == nullptr) return 0;
  constexpr auto kAll = static_cast<std::size_t>(c10::CachingAllocator::StatType::AGGREGATE);
  return allocator->getDeviceStats(indexOf(device_)).allocated_bytes[kAll].peak;
}

}  // namespace bitfrontier
