// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace bitfrontier {

int machineThreads() { return static_cast<int>(std::max(1U, std::thread::hardware_concurrency())); }

void parallelFor(
    std::size_t count, std::size_t chunk, int threads, const JobContext& job,
    const std::function<void(std::size_t worker, std::size_t begin, std::size_t end)>& work) {
  if (count == 0) return;
  chunk = std::max<std::size_t>(chunk, 1);
  const std::size_t chunks = (count + chunk - 1) / chunk;
  const std::size_t workers =
      std::clamp<std::size_t>(static_cast<std::size_t>(std::max(threads, 1)), 1, chunks);
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  std::exception_ptr error;
  std::size_t failing = chunks;  ///< the chunk that `error` is of
  std::mutex mutex;
  const auto run = [&](std::size_t worker) {
    while (!failed.load(std::memory_order_relaxed)) {
      // Chunks begin in order, so all before one that fails are run, and the first is known.
      const std::size_t index = next.fetch_add(1);
      if (index >= chunks) return;
      try {
        job.throwIfCancelled();
        const std::size_t begin = index * chunk;
        work(worker, begin, std::min(begin + chunk, count));
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (index < failing) {
          error = std::current_exception();
          failing = index;
        }
        failed = true;
      }
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t worker = 1; worker < workers; ++worker) others.emplace_back(run, worker);
    run(0);
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace bitfrontier
