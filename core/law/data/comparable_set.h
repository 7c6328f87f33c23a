// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/law/data/law_metric.h"
#include "core/law/data/law_point.h"

namespace bitfrontier {

/// How a metric came about: all that has to be the same of two points before one may be called
/// better. A mean over five tasks is no better or worse than one over four of them, nor one over 4
/// items than one over 200. Whatever joins points asks here, nothing else says it again.
struct Scoring {
  std::string source;     ///< empty = measured here
  std::string evaluator;  ///< version
  std::string tasks;      ///< names
  std::string taskTexts;  ///< of their items; empty where not known
  std::int64_t itemLimit = 0;
  std::string bosProfile;
  std::int64_t maxLength = 0;
  std::string calibration;  ///< text that methods were calibrated on; empty where none was needed

  auto operator<=>(const Scoring&) const = default;
};

Scoring scoringOf(const LawPoint& point, LawMetric metric);

/// Of each of the points. Where only one text of the tasks is known, an unknown one is taken for
/// it.
std::vector<Scoring> scoringsOf(std::span<const LawPoint> points, LawMetric metric);

/// What a scoring is called among others.
struct ScoringName {
  /// In what it differs from the others of its source, in short words: "200 items each, first
  /// token: addbos". Empty when it is the only one; never the same for two of one source, but that
  /// what needs no calibration is called as the only text that others were calibrated on.
  std::string difference;
  std::string title;  ///< "measured here, 4 tasks, 200 items each", and the difference
};
std::map<Scoring, ScoringName> nameScorings(std::span<const Scoring> all);

/// Points whose metric may be compared with each other: the only way to a fit, a frontier, a
/// choice.
struct ComparableSet {
  Scoring scoring;
  ScoringName name;                 ///< among the other sets
  std::vector<std::size_t> points;  ///< indices, ascending

  /// Copies of its points; `points` is what comparableSets() was given.
  std::vector<LawPoint> of(std::span<const LawPoint> points) const;
};

/// Divides the points that have the metric; sets of one source follow each other, the largest
/// first. Points of different calibration texts are in different sets; what needs no text is in
/// each of these.
std::vector<ComparableSet> comparableSets(std::span<const LawPoint> points, LawMetric metric);
/// Of some of the points.
std::vector<ComparableSet> comparableSets(std::span<const LawPoint> points, LawMetric metric,
                                          std::span<const std::size_t> members);

}  // namespace bitfrontier
