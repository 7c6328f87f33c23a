// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "kernels/kernel_table.h"

namespace bitfrontier {

/// A runner with threads of its own, started for each call; parts are taken in any order.
class ThreadRunner {
 public:
  explicit ThreadRunner(int threads) : threads_(threads), runner_{this, run} {}
  ThreadRunner(const ThreadRunner&) = delete;
  ThreadRunner& operator=(const ThreadRunner&) = delete;
  const bf_runner* get() const { return &runner_; }

 private:
  static void run(void* context, std::int64_t parts, void (*work)(void*, std::int64_t),
                  void* workContext) {
    std::atomic<std::int64_t> next{0};
    std::vector<std::jthread> threads;
    for (int i = 0; i < static_cast<ThreadRunner*>(context)->threads_; ++i)
      threads.emplace_back([&] {
        for (std::int64_t part = next++; part < parts; part = next++) work(workContext, part);
      });
  }

  int threads_;
  bf_runner runner_;
};

}  // namespace bitfrontier
