// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/curve_text.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/law/numeric/exact_text.h"
#include "core/law/text/formula_text.h"
#include "core/law/text/portable_law.h"

namespace bitfrontier {
namespace {

using nlohmann::json;

json number(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

json numbers(const std::vector<double>& values) {
  json array = json::array();
  for (const double value : values) array.push_back(number(value));
  return array;
}

/// The law of one format: expression, constants and parameters.
void addLaw(const LawCurve& curve, json& object) {
  const JointFit& fit = *curve.law;
  std::vector<double> values, errors;
  json names = json::array();
  for (const FittedParameter& p : fit.parameters) {
    names.push_back(p.name);
    values.push_back(p.value);
    errors.push_back(p.se);
  }
  const PortableLaw law = portableLaw(fit, "");
  object["law"] = fit.form->info().name;
  object["formula"] = fit.form->info().formula;
  object["formula_gives"] = law.ofError ? "1 - accuracy" : lawMetricName(law.metric);
  object["parameter_names"] = std::move(names);
  object["values"] = numbers(values);
  object["standard_errors"] = numbers(errors);
  object["covariance"] = numbers(fit.covariance);
  object["lack_of_fit"] = number(fit.tau);
  object["aicc"] = number(fit.aicc);
  object["law_points"] = fit.n;
  object["law_sizes"] = fit.sizes;
  addExpressions(law, object);
  object["expression"] = object["expressions"][fit.context.formats[curve.format].label];
  object.erase("expressions");
}

std::string expressionOf(const LawCurve& curve) {
  const PortableLaw law = portableLaw(*curve.law, "");
  return formulaText(law.formats[curve.format].formula, FormulaStyle::Plain);
}

double lowest(const LawCurve& curve) {
  return curve.means.totalBits.empty() ? LawPoint::kAbsent : curve.means.totalBits.front();
}

double highest(const LawCurve& curve) {
  return curve.means.totalBits.empty() ? LawPoint::kAbsent : curve.means.totalBits.back();
}

}  // namespace

json curvesToJson(std::span<const LawCurve> curves, LawMetric metric) {
  json array = json::array();
  for (const LawCurve& curve : curves) {
    json object{{"family", curve.series.family},
                {"label", curve.series.label},
                {"source", curve.series.source},
                {"metric", lawMetricName(metric)},
                {"law", nullptr},
                {"min_bits", number(lowest(curve))},
                {"max_bits", number(highest(curve))},
                {"r2", number(curve.r2)},
                {"n", curve.series.points.size()},
                {"usable", curve.law != nullptr},
                {"note", curve.note},
                {"interpolation",
                 {{"total_bits", numbers(curve.means.totalBits)},
                  {"values", numbers(curve.means.values)}}}};
    if (curve.law) addLaw(curve, object);
    array.push_back(std::move(object));
  }
  return array;
}

std::string curvesToCsv(std::span<const LawCurve> curves, LawMetric metric) {
  std::string csv =
      "family,label,source,metric,law,formula_gives,expression,lack_of_fit,min_bits,max_bits,r2,n,"
      "usable,note\n";
  for (const LawCurve& curve : curves) {
    const bool law = curve.law != nullptr;
    const bool ofError = law && curve.law->form->info().ofError && metric == LawMetric::Accuracy;
    csv += csvField(curve.series.family) + ',' + csvField(curve.series.label) + ',' +
           csvField(curve.series.source) + ',' + std::string(lawMetricName(metric)) + ',' +
           (law ? std::string(curve.name()) : "") + ',' +
           (!law      ? std::string()
            : ofError ? std::string("1 - accuracy")
                      : std::string(lawMetricName(metric))) +
           ',' + (law ? csvField(expressionOf(curve)) : "");
    for (const double value :
         {law ? curve.law->tau : LawPoint::kAbsent, lowest(curve), highest(curve), curve.r2}) {
      csv += ',' + exactNumber(value);
    }
    csv += ',' + std::to_string(curve.series.points.size()) + (law ? ",true," : ",false,") +
           csvField(curve.note) + '\n';
  }
  return csv;
}

}  // namespace bitfrontier
