// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/text/joint_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace bitfrontier {
namespace {

using nlohmann::json;

json number(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

json numbers(std::span<const double> values) {
  json array = json::array();
  for (const double v : values) array.push_back(number(v));
  return array;
}

std::string_view axisName(LawAxis axis) {
  return axis == LawAxis::Parameters ? "parameters" : "total-bits";
}

json knownModel(const std::optional<ModelPrediction>& known) {
  if (!known) return nullptr;
  return {{"model", known->model},
          {"value", number(known->value)},
          {"lower", number(known->lower)},
          {"upper", number(known->upper)}};
}

json formatsOf(const JointFit& fit) {
  json formats = json::array();
  for (const LawFormat& f : fit.context.formats) {
    formats.push_back({{"label", f.label},
                       {"bits", number(f.bits)},
                       {"bits_per_parameter", number(f.bitsPerParameter)},
                       {"block_size", f.blockSize},
                       {"data_type", f.dataType},
                       {"noise", number(f.noise)}});
  }
  return formats;
}

json parametersOf(const JointFit& fit) {
  json parameters = json::array();
  for (std::size_t k = 0; k < fit.parameters.size(); ++k) {
    const FittedParameter& p = fit.parameters[k];
    const double half = waldHalfWidth(fit, k, 0.95);
    parameters.push_back({{"name", p.name},
                          {"unit", p.unit},
                          {"meaning", p.meaning},
                          {"value", number(p.value)},
                          {"se", number(p.se)},
                          {"lower_95", number(p.value - half)},
                          {"upper_95", number(p.value + half)},
                          {"lower_bound", number(p.lower)},
                          {"upper_bound", number(p.upper)},
                          {"at_bound", p.atBound},
                          {"held", p.held},
                          {"identified", p.identified}});
  }
  return parameters;
}

json derivedOf(const JointFit& fit) {
  json derived = json::array();
  for (const DerivedQuantity& d : fit.derived) {
    derived.push_back({{"name", d.name},
                       {"meaning", d.meaning},
                       {"value", number(d.value)},
                       {"se", number(d.se)}});
  }
  return derived;
}

json pointsOf(const JointFit& fit) {
  json points = json::array();
  for (const FittedPoint& p : fit.points) {
    points.push_back(
        {{"model", p.model},
         {"format",
          fit.context.formats.empty() ? std::string() : fit.context.formats[p.row.format].label},
         {"size", number(p.size)},
         {"total_bits", number(p.totalBits)},
         {"value", number(p.value)},
         {"se", number(p.se)},
         {"fitted", number(p.fitted)},
         {"standardised_residual", number(p.standardised)}});
  }
  return points;
}

}  // namespace

json toJson(std::span<const LawRemark> remarks) {
  json array = json::array();
  for (const LawRemark& r : remarks) {
    array.push_back({{"code", remarkName(r.code)}, {"refusal", r.refusal}, {"text", r.text}});
  }
  return array;
}

json toJson(const JointFit& fit, std::span<const LawPrediction> predictions) {
  json array = json::array();
  for (const LawPrediction& p : predictions) {
    array.push_back({{"size", p.size},
                     {"format", fit.context.formats[p.format].label},
                     {"total_bits", number(p.totalBits)},
                     {"value", number(p.value)},
                     {"level", p.level},
                     {"curve_lower", number(p.curveLower)},
                     {"curve_upper", number(p.curveUpper)},
                     {"new_lower", number(p.newLower)},
                     {"new_upper", number(p.newUpper)},
                     {"own_se", std::isfinite(p.value) ? json(p.ownSe) : json(nullptr)},
                     {"known_model", knownModel(p.known)},
                     {"remark", p.remark ? toJson(std::span(&*p.remark, 1))[0] : json(nullptr)}});
  }
  return array;
}

json toJson(const LawForm& form) {
  const LawFormInfo& info = form.info();
  json constants = json::array();
  for (const PublishedConstant& c : form.published()) {
    constants.push_back({{"parameter", c.parameter}, {"value", c.value}, {"source", c.source}});
  }
  json metrics = json::array();
  if (info.accuracy) metrics.push_back(lawMetricName(LawMetric::Accuracy));
  if (info.crossEntropy) metrics.push_back(lawMetricName(LawMetric::CrossEntropy));
  return {{"name", info.name},
          {"title", info.title},
          {"formula", info.formula},
          {"of_error", info.ofError},
          {"source", info.source},
          {"joint", info.joint},
          {"metrics", metrics},
          {"needs_tokens", info.needsTokens},
          {"needs_noise", info.needsNoise},
          {"needs_cross_entropy", info.needsCrossEntropy},
          {"published_constants", constants}};
}

json toJson(const JointFit& fit) {
  return {{"law", fit.form->info().name},
          {"formula", fit.form->info().formula},
          {"formula_gives", fit.form->info().ofError && fit.context.metric == LawMetric::Accuracy
                                ? "1 - accuracy"
                                : lawMetricName(fit.context.metric)},
          {"law_source", fit.form->info().source},
          {"metric", lawMetricName(fit.context.metric)},
          {"size_is", axisName(fit.axis)},
          {"family", fit.family},
          {"source", fit.source},
          {"weighting", weightingName(fit.weighting)},
          {"N0", number(fit.context.size0)},
          {"D0", fit.context.hasTokens ? number(fit.context.tokens0) : json(nullptr)},
          {"chance", number(fit.context.chance)},
          {"formats", formatsOf(fit)},
          {"parameters", parametersOf(fit)},
          {"covariance", numbers(fit.covariance)},
          {"derived", derivedOf(fit)},
          {"tau", number(fit.tau)},
          {"tau_estimated", fit.tauEstimated},
          {"chi2", number(fit.chi2)},
          {"minus_2_log_likelihood", number(fit.minus2LogLikelihood)},
          {"aicc", number(fit.aicc)},
          {"aicc_known_errors", number(fit.aiccKnownErrors)},
          {"rmse", number(fit.rmse)},
          {"r2", number(fit.r2)},
          {"n", fit.n},
          {"sizes", fit.sizes},
          {"free_parameters", fit.freeParameters},
          {"condition", number(fit.condition)},
          {"starts", fit.starts},
          {"agreed_starts", fit.agreed},
          {"minima", fit.minima},
          {"min_size", number(fit.minSize)},
          {"max_size", number(fit.maxSize)},
          {"min_bits", number(fit.minBits)},
          {"max_bits", number(fit.maxBits)},
          {"usable", fit.usable},
          {"remarks", toJson(std::span(fit.remarks))},
          {"points", pointsOf(fit)}};
}

json toJson(std::span<const ProfileInterval> intervals) {
  json array = json::array();
  for (const ProfileInterval& i : intervals) {
    array.push_back({{"name", i.name},
                     {"estimate", number(i.estimate)},
                     {"lower", i.closedBelow ? number(i.lower) : json(nullptr)},
                     {"upper", i.closedAbove ? number(i.upper) : json(nullptr)},
                     {"wald_lower", number(i.waldLower)},
                     {"wald_upper", number(i.waldUpper)}});
    if (i.curve.empty()) continue;
    json& curve = array.back()["curve"] = json::array();
    for (const auto& [value, excess] : i.curve) {
      curve.push_back({number(value), number(excess)});
    }
    array.back()["threshold"] = number(i.threshold);
  }
  return array;
}

json influenceToJson(const JointFit& fit) {
  const std::vector<ExclusionHint> hints = exclusionHints(fit);
  json array = json::array();
  for (const PointInfluence& one : influences(fit)) {
    const FittedPoint& p = fit.points[one.fitted];
    array.push_back({{"model", p.model},
                     {"format", fit.context.formats[p.row.format].label},
                     {"standardised_residual", number(one.standardised)},
                     {"leverage", number(one.leverage)},
                     {"cook", number(one.cook)},
                     {"worth_a_look", nullptr}});
    for (const ExclusionHint& hint : hints) {
      if (hint.influence.fitted == one.fitted) array.back()["worth_a_look"] = hint.reason;
    }
  }
  return array;
}

json toJson(const BootstrapResult& result) {
  json parameters = json::array();
  for (const BootstrapParameter& p : result.parameters) {
    parameters.push_back({{"name", p.name},
                          {"mean", number(p.mean)},
                          {"sd", number(p.sd)},
                          {"lower", p.printable ? number(p.lower) : json(nullptr)},
                          {"upper", p.printable ? number(p.upper) : json(nullptr)},
                          {"share_at_bound", number(p.atBound)}});
  }
  return {{"resampling", resamplingName(result.resampling)},
          {"replicates", result.replicates},
          {"failed", result.failed},
          {"parameters", parameters},
          {"remarks", toJson(std::span(result.remarks))}};
}

json toJson(const CrossValidation& v) {
  return {{"rmse", number(v.rmse)},
          {"coverage_95", number(v.coverage)},
          {"mean_square", number(v.meanSquare)},
          {"points", v.points},
          {"folds", v.folds},
          {"failed_folds", v.failedFolds}};
}

json toJson(const LawComparison& comparison) {
  json rows = json::array();
  for (const LawComparison::Row& row : comparison.rows) {
    json fit = toJson(row.fit);
    fit.erase("points");
    rows.push_back({{"fit", std::move(fit)},
                    {"delta_aicc", number(row.deltaAicc)},
                    {"weight", number(row.weight)},
                    {"leave_one_size_out", toJson(row.sizes)},
                    {"leave_largest_out", toJson(row.largest)}});
  }
  json tests = json::array();
  for (const NestedTest& t : comparison.tests) {
    tests.push_back({{"inner", t.inner},
                     {"outer", t.outer},
                     {"kind", t.kind},
                     {"statistic", number(t.statistic)},
                     {"freedom", t.freedom},
                     {"p", number(t.p)}});
  }
  return {{"laws", rows}, {"tests", tests}, {"verdicts", comparison.verdicts}};
}

json toJson(const FamilyFit& fit) {
  json shifts = json::array(), families = json::array();
  for (const SharedShift& s : fit.shifts) {
    shifts.push_back({{"format", s.format},
                      {"mu", number(s.mean)},
                      {"se", number(s.se)},
                      {"new_family_se", number(s.newFamilySe)},
                      {"families", s.families}});
  }
  for (const JointFit& family : fit.families) families.push_back(toJson(family));
  return {{"spread", number(fit.spread)},
          {"delta_spread", number(fit.deltaSpread)},
          {"chi2", number(fit.chi2)},
          {"n", fit.n},
          {"free_parameters", fit.freeParameters},
          {"usable", fit.usable},
          {"shifts", shifts},
          {"families", families},
          {"remarks", toJson(std::span(fit.remarks))}};
}

json toJson(const TwoStageFit& fit) {
  const auto stage = [](const JointFit& f) {
    return f.parameters.empty() ? json(nullptr) : toJson(f);
  };
  json pooling = json::array();
  for (const LinkResidual& r : fit.pooling) {
    pooling.push_back({{"format", r.format},
                       {"points", r.points},
                       {"mean", number(r.mean)},
                       {"se", number(r.se)},
                       {"p", number(r.p)}});
  }
  return {{"loss", stage(fit.loss)},
          {"link", stage(fit.link)},
          {"direct", stage(fit.direct)},
          {"leave_one_size_out", toJson(fit.staged)},
          {"leave_one_size_out_direct", toJson(fit.straight)},
          {"residuals_by_format", pooling},
          {"usable", fit.usable},
          {"remarks", toJson(std::span(fit.remarks))}};
}

json toJson(const ChinchillaFit& fit) {
  const ChinchillaParameters& p = fit.parameters;
  return {{"formula", "E + A * N^(-alpha) + B * D^(-beta)"},
          {"A", number(std::exp(p.logA()))},
          {"B", number(std::exp(p.logB()))},
          {"E", number(std::exp(p.e))},
          {"alpha", number(p.alpha)},
          {"beta", number(p.beta)},
          {"size_exponent", number(p.sizeExponent())},
          {"huber_sum", number(fit.cost)},
          {"n", fit.n},
          {"starts", fit.starts},
          {"agreed_starts", fit.agreed}};
}

json toJson(const ChinchillaBootstrap& bootstrap) {
  const auto spread = [](const ChinchillaSpread& s) {
    return json{{"se", number(s.se)},
                {"lower", number(s.lower)},
                {"median", number(s.median)},
                {"upper", number(s.upper)}};
  };
  return {{"replicates", bootstrap.replicates}, {"failed", bootstrap.failed},
          {"A", spread(bootstrap.A)},           {"B", spread(bootstrap.B)},
          {"E", spread(bootstrap.E)},           {"alpha", spread(bootstrap.alpha)},
          {"beta", spread(bootstrap.beta)},     {"size_exponent", spread(bootstrap.sizeExponent)}};
}

}  // namespace bitfrontier
