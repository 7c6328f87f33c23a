// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/host_runner.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace bitfrontier {
namespace {

struct Seen {
  std::vector<std::atomic<int>> calls;
  std::mutex mutex;
  std::set<std::thread::id> threads;

  explicit Seen(std::size_t parts) : calls(parts) {}
  static void work(void* context, std::int64_t part) {
    auto& seen = *static_cast<Seen*>(context);
    ++seen.calls[part];
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    const std::lock_guard lock(seen.mutex);
    seen.threads.insert(std::this_thread::get_id());
  }
};

TEST(HostRunner, UsesAsManyThreadsAsLibtorchMay) {
  const int before = at::get_num_threads();
  for (const int threads : {1, 2}) {
    at::set_num_threads(threads);
    Seen seen(40);
    hostRunner()->run(hostRunner()->context, 40, Seen::work, &seen);
    for (const auto& calls : seen.calls) EXPECT_EQ(calls, 1);
    EXPECT_EQ(seen.threads.size(), static_cast<std::size_t>(threads));
  }
  at::set_num_threads(before);
}

TEST(HostRunner, NoPartsNoCalls) {
  Seen seen(1);
  hostRunner()->run(hostRunner()->context, 0, Seen::work, &seen);
  EXPECT_EQ(seen.calls[0], 0);
}

}  // namespace
}  // namespace bitfrontier
