// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/law/fit/joint_law.h"
#include "core/law/fit/law_outliers.h"
#include "core/law/fit/left_out_formats.h"
#include "core/law/inference/law_bootstrap.h"
#include "core/law/inference/law_comparison.h"
#include "core/law/inference/law_profile.h"

namespace bitfrontier::cli {

/// One law of one family with what was asked for besides.
struct FitResult {
  std::string title;
  JointFit fit;
  std::vector<ProfileInterval> profiles;
  std::optional<BootstrapResult> bootstrap{};
  std::optional<OutlierRefits> refits{};
  std::optional<DescribedFits>
      described{};  ///< to the formats that the law describes, if not to all
};

/// Four digits; empty when absent.
std::string number(double value);

/// @name Tables and sentences for people
/// @{
/// A refused law is printed with its reasons and, unless asked for, without its numbers.
void printFit(const FitResult& result, bool refusedNumbers);
void printRemarks(std::span<const LawRemark> remarks);
void printComparison(const std::string& title, const LawComparison& comparison);
/// Each law with what leaveOneFamilyOut() says of it.
void printLeftOutFamilies(const std::string& title, LawMetric metric,
                          std::span<const std::pair<std::string, CrossValidation>> laws);
/// @}

/// Why the law is refused, "; " between the reasons.
std::string joinRefusals(const JointFit& fit);
/// Parameters of all results, one a line.
std::string csvOf(const std::vector<FitResult>& results);

}  // namespace bitfrontier::cli
