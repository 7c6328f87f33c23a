// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/host_runner.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace bitfrontier {
namespace {

/// Work whose first parts wait for each other: they end only when `wanted` threads run it at once.
struct Meeting {
  std::vector<std::atomic<int>> calls;
  std::size_t wanted;
  std::mutex mutex;
  std::condition_variable arrived;
  std::set<std::thread::id> threads;

  Meeting(std::size_t parts, std::size_t threads_) : calls(parts), wanted(threads_) {}
  static void work(void* context, std::int64_t part) {
    auto& meeting = *static_cast<Meeting*>(context);
    ++meeting.calls[static_cast<std::size_t>(part)];
    std::unique_lock lock(meeting.mutex);
    meeting.threads.insert(std::this_thread::get_id());
    meeting.arrived.notify_all();
    // A guard against hanging: how long the others take does not matter.
    meeting.arrived.wait_for(lock, std::chrono::minutes(2),
                             [&] { return meeting.threads.size() >= meeting.wanted; });
  }
};

TEST(HostRunner, UsesAsManyThreadsAsLibtorchMay) {
  const int before = at::get_num_threads();
  for (const int threads : {1, 2, 3}) {
    at::set_num_threads(threads);
    Meeting meeting(40, static_cast<std::size_t>(threads));
    hostRunner()->run(hostRunner()->context, 40, Meeting::work, &meeting);
    for (const auto& calls : meeting.calls) EXPECT_EQ(calls, 1);
    EXPECT_EQ(meeting.threads.size(), static_cast<std::size_t>(threads));
  }
  at::set_num_threads(before);
}

TEST(HostRunner, NoPartsNoCalls) {
  Meeting meeting(1, 1);
  hostRunner()->run(hostRunner()->context, 0, Meeting::work, &meeting);
  EXPECT_EQ(meeting.calls[0], 0);
}

}  // namespace
}  // namespace bitfrontier
