// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/law/fit/joint_law.h"
#include "core/law/inference/cross_validation.h"

namespace bitfrontier {

/// Test of a law inside a larger one.
struct NestedTest {
  std::string inner, outer;
  std::string kind;  ///< "likelihood ratio" or "F"
  double statistic = LawPoint::kAbsent;
  int freedom = 0;
  double p = LawPoint::kAbsent;
};

struct LawComparison {
  struct Row {
    JointFit fit;
    double deltaAicc = LawPoint::kAbsent;
    double weight = 0;        ///< Akaike weight
    CrossValidation sizes;    ///< leaveOneSizeOut()
    CrossValidation largest;  ///< leaveLargestOut()
  };
  std::vector<Row> rows;  ///< those with an AICc first, by it
  std::vector<NestedTest> tests;
  /// Sentences: which law, whether it is distinguished, whether the best precision depends on the
  /// budget.
  std::vector<std::string> verdicts;
};

/// The laws that are compared when none is named.
std::vector<std::string> usualLaws(LawMetric metric);

/// Fits each form to the same points and compares. All options but the form are shared.
LawComparison compareLaws(std::span<const LawPoint> points, std::span<const std::string> forms,
                          const JointOptions& options, const JobContext& job = {});

/// Makes the verdicts of a comparison from its rows (those with an AICc first, by it) and tests.
void conclude(LawComparison& comparison);

}  // namespace bitfrontier
