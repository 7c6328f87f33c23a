// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/finite.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <ctime>
#include <limits>

namespace bitfrontier {
namespace {

double seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

TEST(FirstNotFinite, IsFoundWhereverItIsInEveryType) {
  constexpr std::int64_t kCount = 200001;  // some parts, the last one short
  for (const at::ScalarType type : {at::kHalf, at::kBFloat16, at::kFloat, at::kDouble}) {
    at::Tensor values = at::randn({kCount}).to(type);
    values[7] = std::numeric_limits<c10::Half>::max();
    values[8] = std::numeric_limits<c10::Half>::lowest();
    EXPECT_EQ(firstNotFinite(values), -1) << type;
    // From the end: each one is before those that are there already.
    bool nan = false;
    for (const std::int64_t bad : {kCount - 1, std::int64_t{131072}, std::int64_t{131071},
                                   std::int64_t{65536}, std::int64_t{65535}, std::int64_t{0}}) {
      values[bad] =
          nan ? std::numeric_limits<double>::quiet_NaN() : -std::numeric_limits<double>::infinity();
      nan = !nan;
      EXPECT_EQ(firstNotFinite(values), bad) << type;
    }
    EXPECT_EQ(firstNotFinite(values.narrow(0, 1, kCount - 1)), 65534) << "an odd place, " << type;
  }
}

TEST(FirstNotFinite, GoesAlongRowsWhateverTheStrides) {
  at::Tensor values = at::zeros({300, 400});
  values[2][7] = std::numeric_limits<float>::infinity();
  EXPECT_EQ(firstNotFinite(values), 2 * 400 + 7);
  EXPECT_EQ(firstNotFinite(values.t()), 7 * 300 + 2);
  EXPECT_EQ(firstNotFinite(at::empty({0})), -1);
  EXPECT_EQ(firstNotFinite(at::full({9}, 255, at::kByte)), -1);
}

TEST(FirstNotFinite, SharesTheWorkAmongThreads) {
  const int before = at::get_num_threads();
  const at::Tensor values = at::ones({std::int64_t{1} << 25});
  const auto shareOfOthers = [&](int threads) {
    at::set_num_threads(threads);
    const double own = seconds(CLOCK_THREAD_CPUTIME_ID);
    const double all = seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (int i = 0; i < 8; ++i) EXPECT_EQ(firstNotFinite(values), -1);
    const double spent = seconds(CLOCK_PROCESS_CPUTIME_ID) - all;
    return 1.0 - (seconds(CLOCK_THREAD_CPUTIME_ID) - own) / spent;
  };
  EXPECT_LT(shareOfOthers(1), 0.05);
  EXPECT_GT(shareOfOthers(2), 0.2);  // half, when nothing else runs
  at::set_num_threads(before);
}

}  // namespace
}  // namespace bitfrontier
