// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/fit_request.h"
#include "core/analysis/law_curve.h"
#include "core/law/fit/law_outliers.h"
#include "core/law/inference/law_choice.h"
#include "core/law/inference/law_comparison.h"
#include "core/law/inference/law_prediction.h"
#include "core/law/inference/law_profile.h"
#include "core/law/pooled/family_law.h"
#include "core/store/outcomes.h"

namespace bitfrontier {

/// One law of one group of points, with what was asked for besides.
struct LawResult {
  std::string title;
  JointFit fit;
  std::vector<ProfileInterval> profiles{};
  std::optional<BootstrapResult> bootstrap{};
  std::optional<OutlierRefits> refits{};
  std::optional<DescribedFits> described{};  ///< to the formats that the law describes, if not all
  std::vector<LawPrediction> predictions{};
};

/// The law of one series.
struct SeriesResult {
  SeriesLaw law;
  PiecewiseCurve means;
  std::optional<BootstrapResult> bootstrap{};
  std::string resampling{};  ///< what was drawn, a few words
};

/// The law that the data of one family choose.
struct ChosenResult {
  std::string title;
  LawChoice choice;
  std::vector<LawCurve> curves;  ///< one a series, in their order
};

struct ComparisonResult {
  std::string title;
  LawComparison comparison;
};

/// How laws carry over between the families of what may be compared.
struct LeftOutFamilies {
  std::string title, source;
  std::vector<std::pair<std::string, CrossValidation>> laws;
};

struct FamiliesResult {
  std::string source;
  FamilyFit fit;
};

struct TwoStageResult {
  std::string family;
  TwoStageFit fit;
};

struct TrainingResult {
  ChinchillaFit fit;
  std::optional<ChinchillaBootstrap> bootstrap{};
  ChinchillaOptions otherOptions{};  ///< the other objective, whose exponents differ
  ChinchillaFit other{};
};

/// The answer to a FitRequest: what the command line prints and the window draws. Filled is what
/// was asked for.
struct Analysis {
  LawMetric metric = LawMetric::Accuracy;
  std::vector<ChosenResult> chosen;
  std::vector<SeriesResult> series;
  std::vector<LawResult> laws;
  std::vector<ComparisonResult> comparisons;
  std::vector<LeftOutFamilies> leftOutFamilies;
  std::vector<FamiliesResult> families;
  std::vector<TwoStageResult> stages;
  std::optional<TrainingResult> training{};
  bool fitted = false;  ///< there is a law, or a curve
  std::string refusal;  ///< the first reason when not

  /// A law, or the first reason why there is none.
  void note(bool hasLaw, const std::string& why);
};

/// Points of a store and how to read the outcomes of their items.
struct AnalysisInput {
  std::span<const LawPoint> points{};
  /// Null: errors are taken as independent.
  std::function<PointOutcomes(std::span<const LawPoint>)> outcomes{};
};

/// Divides the points by what may be compared and answers. Blocking. Throws InvalidArgument as
/// check(), NotFound for formats to leave out that are not there, Cancelled.
Analysis analyse(const FitRequest& request, const AnalysisInput& input, const JobContext& job = {});

}  // namespace bitfrontier
