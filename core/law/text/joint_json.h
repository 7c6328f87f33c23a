// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>

#include "core/law/fit/influence.h"
#include "core/law/inference/law_bootstrap.h"
#include "core/law/inference/law_comparison.h"
#include "core/law/inference/law_prediction.h"
#include "core/law/inference/law_profile.h"
#include "core/law/pooled/chinchilla.h"
#include "core/law/pooled/family_law.h"
#include "core/law/pooled/two_stage.h"

namespace bitfrontier {

/// @name JSON of fits and what belongs to them
/// Numbers read back exactly; absent and infinite ones are null.
/// @{

/// Everything that predicting without this program takes: formula, centre, formats, parameters with
/// units, errors and covariance; and what limits the fit.
nlohmann::json toJson(const JointFit& fit);
nlohmann::json toJson(std::span<const LawRemark> remarks);
nlohmann::json toJson(std::span<const ProfileInterval> intervals);
/// Each point's influence on the fit, and the reason where it is worth a look (exclusionHints).
nlohmann::json influenceToJson(const JointFit& fit);
/// Rows of what `fit` predicts.
nlohmann::json toJson(const JointFit& fit, std::span<const LawPrediction> predictions);
/// Summaries, without the draws.
nlohmann::json toJson(const BootstrapResult& result);
nlohmann::json toJson(const CrossValidation& validation);
/// Without the fits' points.
nlohmann::json toJson(const LawComparison& comparison);
nlohmann::json toJson(const FamilyFit& fit);
nlohmann::json toJson(const TwoStageFit& fit);
nlohmann::json toJson(const ChinchillaFit& fit);
nlohmann::json toJson(const ChinchillaBootstrap& bootstrap);
/// What a law is.
nlohmann::json toJson(const LawForm& form);
/// @}

}  // namespace bitfrontier
