// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/text/series_text.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/law/numeric/exact_text.h"

namespace bitfrontier {
namespace {

nlohmann::json numberOrNull(double value) {
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
}

template <typename Numbers>
nlohmann::json numbers(const Numbers& values) {
  nlohmann::json array = nlohmann::json::array();
  for (const double value : values) array.push_back(numberOrNull(value));
  return array;
}

}  // namespace

std::string lawFormula(LawMetric metric) {
  return metric == LawMetric::Accuracy ? "c - a * (b / b0)^(-alpha)" : "c + a * (b / b0)^(-alpha)";
}

nlohmann::json seriesToJson(std::span<const SeriesLaw> laws) {
  nlohmann::json array = nlohmann::json::array();
  for (const auto& [series, fit] : laws) {
    const std::optional<PowerLaw> law = powerLawOf(fit);
    array.push_back({{"family", series.family},
                     {"label", series.label},
                     {"source", series.source},
                     {"metric", lawMetricName(fit.context.metric)},
                     {"formula", lawFormula(fit.context.metric)},
                     {"parameter_names", nlohmann::json::array()},
                     {"values", nlohmann::json::array()},
                     {"standard_errors", nlohmann::json::array()},
                     {"covariance", nlohmann::json::array()},
                     {"b0", numberOrNull(fit.context.size0)},
                     {"min_bits", numberOrNull(fit.minBits)},
                     {"max_bits", numberOrNull(fit.maxBits)},
                     {"r2", numberOrNull(fit.r2)},
                     {"rmse", numberOrNull(fit.rmse)},
                     {"chi2", numberOrNull(fit.chi2)},
                     {"lack_of_fit", numberOrNull(law ? fit.tau : LawPoint::kAbsent)},
                     {"n", fit.n},
                     {"converged_starts", fit.agreed},
                     {"starts", fit.starts},
                     {"usable", fit.usable},
                     {"note", joinRemarks(fit.remarks)}});
    if (!law) continue;
    array.back()["parameter_names"] = PowerLaw::kNames;
    array.back()["values"] = numbers(law->values);
    array.back()["standard_errors"] = numbers(law->standardErrors);
    array.back()["covariance"] = numbers(law->covariance);
  }
  return array;
}

std::string seriesToCsv(std::span<const SeriesLaw> laws) {
  std::string csv =
      "family,label,source,metric,formula,c,a,alpha,c_se,a_se,alpha_se,b0,min_bits,max_bits,r2,"
      "rmse,chi2,n,converged_starts,starts,usable,note\n";
  for (const auto& [series, fit] : laws) {
    const std::optional<PowerLaw> law = powerLawOf(fit);
    csv += csvField(series.family) + ',' + csvField(series.label) + ',' + csvField(series.source) +
           ',' + std::string(lawMetricName(fit.context.metric)) + ',' +
           csvField(lawFormula(fit.context.metric));
    for (const auto column : {&PowerLaw::values, &PowerLaw::standardErrors}) {
      for (std::size_t i = 0; i < 3; ++i) {
        csv += ',' + (law ? exactNumber(((*law).*column)[i]) : std::string());
      }
    }
    for (const double value :
         {fit.context.size0, fit.minBits, fit.maxBits, fit.r2, fit.rmse, fit.chi2}) {
      csv += ',' + exactNumber(value);
    }
    for (const int value : {fit.n, fit.agreed, fit.starts}) csv += ',' + std::to_string(value);
    csv +=
        std::string(fit.usable ? ",true," : ",false,") + csvField(joinRemarks(fit.remarks)) + '\n';
  }
  return csv;
}

}  // namespace bitfrontier
