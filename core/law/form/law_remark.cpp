// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/form/law_remark.h"

namespace bitfrontier {

std::string_view remarkName(RemarkCode code) {
  switch (code) {
    case RemarkCode::AbsentValues:
      return "absent-values";
    case RemarkCode::BadValues:
      return "bad-values";
    case RemarkCode::Duplicates:
      return "duplicates";
    case RemarkCode::ContradictorySizes:
      return "contradictory-sizes";
    case RemarkCode::MixedFamilies:
      return "mixed-families";
    case RemarkCode::MixedSources:
      return "mixed-sources";
    case RemarkCode::DifferentItems:
      return "different-items";
    case RemarkCode::NoErrors:
      return "no-errors";
    case RemarkCode::DifferentTokens:
      return "different-tokens";
    case RemarkCode::AtChance:
      return "at-chance";
    case RemarkCode::NearChance:
      return "near-chance";
    case RemarkCode::MissingVariable:
      return "missing-variable";
    case RemarkCode::ModelledNoise:
      return "modelled-noise";
    case RemarkCode::TooFewSizes:
      return "too-few-sizes";
    case RemarkCode::TooFewPoints:
      return "too-few-points";
    case RemarkCode::NoSpread:
      return "no-spread";
    case RemarkCode::FewSizes:
      return "few-sizes";
    case RemarkCode::InterpolateOnly:
      return "interpolate-only";
    case RemarkCode::DominatingPoint:
      return "dominating-point";
    case RemarkCode::NotConverged:
      return "not-converged";
    case RemarkCode::FewStartsAgree:
      return "few-starts-agree";
    case RemarkCode::AtBound:
      return "at-bound";
    case RemarkCode::NotIdentified:
      return "not-identified";
    case RemarkCode::Ambiguous:
      return "ambiguous";
    case RemarkCode::DoesNotDescribe:
      return "does-not-describe";
    case RemarkCode::MissesModels:
      return "misses-models";
    case RemarkCode::Outlier:
      return "outlier";
    case RemarkCode::NotRising:
      return "not-rising";
    case RemarkCode::PriorUsed:
      return "prior-used";
    case RemarkCode::RobustErrors:
      return "robust-errors";
    case RemarkCode::Extrapolation:
      return "extrapolation";
    case RemarkCode::ExtrapolationRefused:
      return "extrapolation-refused";
    case RemarkCode::FailedReplicates:
      return "failed-replicates";
    case RemarkCode::ReplicatesAtBound:
      return "replicates-at-bound";
  }
  return "unknown";
}

const LawRemark* findRemark(std::span<const LawRemark> remarks, RemarkCode code) {
  for (const LawRemark& remark : remarks) {
    if (remark.code == code) return &remark;
  }
  return nullptr;
}

std::string joinRemarks(std::span<const LawRemark> remarks) {
  std::string text;
  for (const LawRemark& remark : remarks) {
    if (!text.empty()) text += "; ";
    text += remark.text;
  }
  return text;
}

}  // namespace bitfrontier
