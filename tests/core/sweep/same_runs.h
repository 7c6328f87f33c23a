// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

#include "core/store/run_store.h"

namespace bitfrontier::test {

inline std::map<std::string, RunRecord> runsByKey(const RunStore& store) {
  std::map<std::string, RunRecord> runs;
  for (const RunRecord& run : store.runs({}, true)) {
    EXPECT_TRUE(runs.emplace(run.key, run).second) << run.key << " is there twice";
  }
  return runs;
}

inline bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

/// Everything but ids and times must agree, to the last bit.
inline void expectSameRuns(const RunStore& left, const RunStore& right) {
  const auto a = runsByKey(left);
  const auto b = runsByKey(right);
  ASSERT_EQ(a.size(), b.size());
  for (const auto& [key, run] : a) {
    const auto found = b.find(key);
    ASSERT_NE(found, b.end()) << key;
    const RunRecord& other = found->second;
    EXPECT_EQ(run.status, other.status) << key;
    EXPECT_EQ(run.model, other.model);
    EXPECT_EQ(run.config, other.config);
    EXPECT_EQ(run.result.task, other.result.task);
    EXPECT_EQ(run.result.items, other.result.items);
    EXPECT_EQ(run.result.correct, other.result.correct) << key;
    EXPECT_EQ(run.result.logLikelihood, other.result.logLikelihood) << key;
    EXPECT_TRUE(same(run.result.accuracy, other.result.accuracy)) << key;
    EXPECT_TRUE(same(run.result.crossEntropy, other.result.crossEntropy)) << key;
    EXPECT_EQ(run.modelBits.checkpointBytes, other.modelBits.checkpointBytes);
    EXPECT_EQ(run.modelBits.linearOnly, other.modelBits.linearOnly);
    EXPECT_EQ(run.modelBits.allParameters, other.modelBits.allParameters);
  }
}

}  // namespace bitfrontier::test
