// SPDX-License-Identifier: GPL-3.0-or-later
// The only file compiled with -fopenmp: without it at::parallel_for, an inline function, is a plain
// loop. It meets libtorch's team because both use the one libgomp.so.1 of the process.
#include "core/device/host_runner.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>

namespace bitfrontier {
namespace {

void run(void*, std::int64_t parts, void (*work)(void*, std::int64_t), void* context) {
  std::atomic<std::int64_t> next{0};
  const auto takeParts = [&](std::int64_t, std::int64_t) {
    for (std::int64_t part = next++; part < parts; part = next++) work(context, part);
  };
  // Threads take parts as they come: another process may slow one of them down.
  const std::int64_t threads = std::min<std::int64_t>(parts, at::get_num_threads());
  at::parallel_for(0, threads, 1, takeParts);
}

constexpr bf_runner kRunner = {nullptr, run};

}  // namespace

const bf_runner* hostRunner() { return &kRunner; }

}  // namespace bitfrontier
