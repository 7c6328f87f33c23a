// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/core/law/planted_law.h"

namespace bitfrontier::test {

/// For tests with one instance a law.
inline std::string lawTestName(const testing::TestParamInfo<std::string>& law) {
  std::string name = law.param;
  std::erase_if(name, [](char c) { return c == '-' || c == ' '; });
  return name;
}

/// J1 on 8 sizes x 4 formats over three decades, with a little independent noise.
struct Sweep {
  std::vector<LawPoint> points;
  JointOptions options;
};

inline Sweep sweep(const std::string& form = "J1", double noise = 0.3) {
  const PlantedData data = plant(planted(form));
  Sweep s{data.points, data.options};
  s.options.estimateTau = true;
  CounterRng rng(3, 0);
  for (LawPoint& p : s.points) {
    p.accuracy += noise * p.accuracySe * rng.normal();
    p.crossEntropy += noise * p.crossEntropySe * rng.normal();
  }
  return s;
}

/// Keeps sizes m0 .. m(count-1).
inline void keepSizes(Sweep& s, int count) {
  std::erase_if(s.points, [&](const LawPoint& p) { return std::stoi(p.model.substr(1)) >= count; });
}

/// The sentence said with a code; an explanation when there is none.
inline std::string text(const JointFit& fit, RemarkCode code, bool refusal) {
  const LawRemark* remark = findRemark(fit.remarks, code);
  if (remark == nullptr) return "nothing said; instead: " + joinRemarks(fit.remarks);
  EXPECT_EQ(remark->refusal, refusal) << remark->text;
  return remark->text;
}

}  // namespace bitfrontier::test
