// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/analysis/analysis.h"

namespace bitfrontier::cli {

/// Four digits; empty when absent.
std::string number(double value);
/// "0.41 points", "0.02 nats".
std::string amountOf(double value, LawMetric metric);

/// One law with everything that was asked for besides, but predictions. A refused law is printed
/// with its reasons and, unless asked for, without its numbers.
void printFit(const LawResult& result, bool refusedNumbers);
/// The points that move the law most, and which are worth a look; nothing where it has no errors.
void printInfluence(const JointFit& fit);
void printRemarks(std::span<const LawRemark> remarks);
/// Parameters of all results, one a line.
std::string csvOf(std::span<const LawResult> results);

}  // namespace bitfrontier::cli
