// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/finite.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <vector>

namespace bitfrontier {
namespace {

/// Counts the parts that are handed out and runs the last one first.
struct CountingRunner {
  std::vector<std::int64_t> parts;
  bf_runner runner = {this, run};

  static void run(void* self, std::int64_t parts, void (*work)(void*, std::int64_t),
                  void* context) {
    static_cast<CountingRunner*>(self)->parts.push_back(parts);
    for (std::int64_t part = parts; part-- > 0;) work(context, part);
  }
};

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

// That the runner has threads is tested with it (host_runner_test.cpp).
TEST(FirstNotFinite, SharesTheWorkAmongThreads) {
  constexpr std::int64_t kCount = std::int64_t{1} << 20;
  for (const at::ScalarType type : {at::kHalf, at::kBFloat16, at::kFloat, at::kDouble}) {
    at::Tensor values = at::ones({kCount}, type);
    CountingRunner counting;
    EXPECT_EQ(firstNotFinite(values, &counting.runner), -1);
    ASSERT_EQ(counting.parts.size(), 1U) << "one call of the runner, " << type;
    EXPECT_GE(counting.parts[0], 16) << "parts for many threads, " << type;
    // Whatever part is looked at first, the answer is the first value.
    for (const std::int64_t bad : {kCount - 1, kCount / 2, std::int64_t{3}}) {
      values[bad] = std::numeric_limits<double>::infinity();
      EXPECT_EQ(firstNotFinite(values, &counting.runner), bad) << type;
    }
  }
}

}  // namespace
}  // namespace bitfrontier
