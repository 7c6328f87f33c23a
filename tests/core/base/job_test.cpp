// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/job.h"

#include <gtest/gtest.h>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

TEST(JobContext, DefaultIsSilentAndNeverCancelled) {
  const JobContext job;
  EXPECT_FALSE(job.cancelled());
  EXPECT_NO_THROW(job.throwIfCancelled());
  EXPECT_NO_THROW(job.progress({0.5, "x", 1, 2}));
}

TEST(JobContext, StopThrowsCancelled) {
  std::stop_source source;
  const JobContext job{source.get_token(), {}};
  source.request_stop();
  EXPECT_TRUE(job.cancelled());
  try {
    job.throwIfCancelled();
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(errorKindName(e.kind()), "Cancelled");
  }
}

}  // namespace
}  // namespace bitfrontier
