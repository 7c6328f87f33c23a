// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/analysis/law_curve.h"
#include "core/base/job.h"
#include "core/law/inference/law_choice.h"

namespace bitfrontier {

/// The law that the data of one family choose, or why there is none; its curves are `count` of the
/// set's laws from `first` on.
struct ChosenLaw {
  std::string title;
  LawChoice choice;
  std::size_t first = 0, count = 0;
};

/// The curves of everything in view, as `bitfrontier fit` has them; shared between threads, never
/// changed after it is made.
struct LawSet {
  LawMetric metric = LawMetric::Accuracy;
  SeriesKey key = SeriesKey::Bits;
  std::vector<LawCurve> laws;
  std::vector<ChosenLaw> chosen;  ///< by family
};

/// The answer of core/analysis to a ChosenRequest, its curves in one list. Blocking; throws
/// Error{Cancelled} when stopped.
std::shared_ptr<const LawSet> computeLaws(std::span<const LawPoint> points, SeriesKey key,
                                          LawMetric metric, const JobContext& job = {});

}  // namespace bitfrontier
