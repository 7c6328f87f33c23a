// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>

#include "core/base/job.h"

namespace bitfrontier {

/// Threads the machine runs at once, at least 1.
int machineThreads();

/// Calls `work(worker, begin, end)` for consecutive chunks of 0..count-1 on up to `threads` threads
/// and returns when all are done. `worker` is below `threads`, and 0 is the calling thread; one
/// worker runs one chunk at a time, so it can own scratch space. Which worker gets which chunk is
/// not fixed: results must not depend on it. After an exception no further chunk is begun; that of
/// the first chunk that fails is thrown here, on any number of threads. Cancelling takes effect
/// between chunks.
void parallelFor(
    std::size_t count, std::size_t chunk, int threads, const JobContext& job,
    const std::function<void(std::size_t worker, std::size_t begin, std::size_t end)>& work);

}  // namespace bitfrontier
