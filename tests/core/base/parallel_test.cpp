// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/parallel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "core/base/error.h"
#include "tests/support/expect_error.h"

namespace bitfrontier {
namespace {

using test::errorText;

TEST(ParallelFor, EveryIndexOnceInChunksOfTheSizeAskedFor) {
  for (const int threads : {-1, 1, 3, 50}) {
    for (const std::size_t chunk : {std::size_t{0}, std::size_t{1}, std::size_t{7}}) {
      std::vector<std::atomic<int>> seen(100);
      parallelFor(seen.size(), chunk, threads, {},
                  [&](std::size_t worker, std::size_t begin, std::size_t end) {
                    EXPECT_LT(worker, static_cast<std::size_t>(std::max(threads, 1)));
                    EXPECT_EQ(begin % std::max<std::size_t>(chunk, 1), 0U);
                    EXPECT_LE(end - begin, std::max<std::size_t>(chunk, 1));
                    for (std::size_t i = begin; i < end; ++i) ++seen[i];
                  });
      EXPECT_TRUE(std::ranges::all_of(seen, [](const auto& count) { return count == 1; }));
    }
  }
}

TEST(ParallelFor, NothingToDoCallsNothing) {
  parallelFor(0, 1, 4, {}, [](std::size_t, std::size_t, std::size_t) { FAIL(); });
}

// The caller's own functions may be called from worker 0: they run on the caller's thread.
TEST(ParallelFor, WorkerZeroIsTheCallingThread) {
  std::atomic<int> wrong = 0;
  const std::thread::id caller = std::this_thread::get_id();
  parallelFor(200, 1, 4, {}, [&](std::size_t worker, std::size_t, std::size_t) {
    if ((worker == 0) != (std::this_thread::get_id() == caller)) ++wrong;
  });
  EXPECT_EQ(wrong, 0);
}

// The chunk that fails later in time may be the one that comes first: what is thrown does not
// depend on the number of threads.
TEST(ParallelFor, TheErrorOfTheFirstFailingChunkIsThrown) {
  for (const int threads : {1, 2, 4}) {
    for (int repetition = 0; repetition < 20; ++repetition) {
      std::atomic<bool> laterFailed = false;
      const std::string said = errorText(ErrorKind::Format, [&] {
        parallelFor(100, 1, threads, {}, [&](std::size_t, std::size_t index, std::size_t) {
          if (index == 2) {
            while (threads > 1 && !laterFailed) std::this_thread::yield();
            throw Error(ErrorKind::Format, "chunk 2");
          }
          if (index == 3) {
            laterFailed = true;
            throw Error(ErrorKind::Io, "chunk 3");
          }
        });
      });
      EXPECT_EQ(said, "chunk 2");
    }
  }
}

TEST(ParallelFor, NoChunkIsBegunAfterOneFailed) {
  int done = 0;
  EXPECT_THROW(parallelFor(10, 1, 1, {},
                           [&](std::size_t, std::size_t index, std::size_t) {
                             if (index == 4) throw Error(ErrorKind::Io, "four");
                             ++done;
                           }),
               Error);
  EXPECT_EQ(done, 4);
}

TEST(ParallelFor, CancellingStopsBetweenChunks) {
  for (const int threads : {1, 3}) {
    std::stop_source source;
    std::atomic<int> done = 0;
    errorText(ErrorKind::Cancelled, [&] {
      parallelFor(1000, 1, threads, {source.get_token(), {}},
                  [&](std::size_t, std::size_t, std::size_t) {
                    ++done;
                    source.request_stop();
                  });
    });
    EXPECT_LE(done, threads);
  }
}

}  // namespace
}  // namespace bitfrontier
