// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bitfrontier {

/// What can be wrong with, or has to be said about, a fit.
enum class RemarkCode {
  // Data.
  AbsentValues,        ///< points without the metric
  BadValues,           ///< NaN or impossible sizes, bits, metrics: left out
  Duplicates,          ///< the same configuration twice
  ContradictorySizes,  ///< one model with two sizes
  MixedFamilies,
  MixedSources,     ///< measured and published, or two papers
  DifferentItems,   ///< items not identical: no pairing
  NoErrors,         ///< points without standard errors
  DifferentTokens,  ///< sizes trained on different numbers of tokens
  AtChance,         ///< a format at chance: excluded
  NearChance,       ///< single points at chance
  MissingVariable,  ///< the law needs something that the data do not have
  ModelledNoise,    ///< weight errors are modelled, not measured
  // Amount of data.
  TooFewSizes,  ///< no law
  TooFewPoints,
  NoSpread,         ///< one size, or one value
  FewSizes,         ///< 4 or 5: weakly determined
  InterpolateOnly,  ///< 2 or 3 sizes
  DominatingPoint,  ///< one point determines a parameter
  // The fit.
  NotConverged,
  FewStartsAgree,
  AtBound,
  NotIdentified,
  Ambiguous,        ///< two minima, different conclusions
  DoesNotDescribe,  ///< the law does not describe the data
  MissesModels,     ///< whole models lie off the law, which shared errors of their points hide
  Outlier,
  NotRising,  ///< accuracy does not rise with size
  PriorUsed,  ///< published constants took part
  RobustErrors,
  // Predictions.
  Extrapolation,
  ExtrapolationRefused,
  // Bootstrap.
  FailedReplicates,
  ReplicatesAtBound,
};

/// The code as a word for JSON, e.g. "too-few-sizes".
std::string_view remarkName(RemarkCode code);

/// One finding with the sentence a person reads.
struct LawRemark {
  RemarkCode code{};
  bool refusal = false;  ///< the law, or the named part of it, must not be used
  std::string text;      ///< lower case, no period
};

/// The first remark with the code, or null.
const LawRemark* findRemark(std::span<const LawRemark> remarks, RemarkCode code);
/// Texts joined by "; ".
std::string joinRemarks(std::span<const LawRemark> remarks);

}  // namespace bitfrontier
