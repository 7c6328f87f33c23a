// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/weight_memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <optional>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

std::optional<std::int64_t> numberIn(const char* file) {
  std::ifstream in(file);
  std::int64_t value = 0;
  if (in >> value) return value;  // "max" means no limit
  return std::nullopt;
}

}  // namespace

std::string_view weightMemoryName(WeightMemory memory) {
  switch (memory) {
    case WeightMemory::Auto:
      return "auto";
    case WeightMemory::Mapped:
      return "mapped";
    case WeightMemory::Widened:
      return "widened";
  }
  return "auto";
}

WeightMemory parseWeightMemory(std::string_view name) {
  for (const WeightMemory memory :
       {WeightMemory::Auto, WeightMemory::Mapped, WeightMemory::Widened}) {
    if (name == weightMemoryName(memory)) return memory;
  }
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("memory \"{}\" is not one of auto, mapped, widened", name));
}

WeightMemory chooseWeightMemory(WeightMemory wanted, std::int64_t bytes) {
  if (wanted != WeightMemory::Auto) return wanted;
  return bytes <= availableMemory() / 2 ? WeightMemory::Widened : WeightMemory::Mapped;
}

std::int64_t availableMemory() {
  std::int64_t available = 0;
  std::ifstream info("/proc/meminfo");
  std::string key, unit;
  for (std::int64_t value = 0; info >> key >> value; std::getline(info, unit)) {
    if (key == "MemAvailable:") available = value * 1024;
  }
  const auto limit = numberIn("/sys/fs/cgroup/memory.max");
  const auto used = numberIn("/sys/fs/cgroup/memory.current");
  // The group's use counts file pages, which give way; so this errs on the side of too little.
  if (limit && used) available = std::min(available, std::max<std::int64_t>(0, *limit - *used));
  return available;
}

}  // namespace bitfrontier
