// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/text/export.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/law/numeric/exact_text.h"

namespace bitfrontier {
namespace {

nlohmann::json numberOrNull(double value) {
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
}

nlohmann::json numbers(const std::vector<double>& values) {
  nlohmann::json array = nlohmann::json::array();
  for (const double value : values) array.push_back(numberOrNull(value));
  return array;
}

}  // namespace

std::string lawFormula(LawMetric metric) {
  return metric == LawMetric::Accuracy ? "c - a * (b / b0)^(-alpha)" : "c + a * (b / b0)^(-alpha)";
}

nlohmann::json lawsToJson(std::span<const LawFit> laws) {
  nlohmann::json array = nlohmann::json::array();
  for (const LawFit& law : laws) {
    array.push_back({{"family", law.family},
                     {"label", law.label},
                     {"source", law.source},
                     {"metric", lawMetricName(law.metric)},
                     {"formula", lawFormula(law.metric)},
                     {"parameter_names", law.parameterNames},
                     {"values", numbers(law.values)},
                     {"standard_errors", numbers(law.standardErrors)},
                     {"covariance", numbers(law.covariance)},
                     {"b0", numberOrNull(law.b0)},
                     {"min_bits", numberOrNull(law.minBits)},
                     {"max_bits", numberOrNull(law.maxBits)},
                     {"r2", numberOrNull(law.r2)},
                     {"rmse", numberOrNull(law.rmse)},
                     {"chi2", numberOrNull(law.chi2)},
                     {"n", law.n},
                     {"converged_starts", law.convergedStarts},
                     {"starts", law.starts},
                     {"usable", law.usable},
                     {"note", law.note}});
  }
  return array;
}

std::string lawsToCsv(std::span<const LawFit> laws) {
  std::string csv =
      "family,label,source,metric,formula,c,a,alpha,c_se,a_se,alpha_se,b0,min_bits,max_bits,r2,"
      "rmse,chi2,n,converged_starts,starts,usable,note\n";
  for (const LawFit& law : laws) {
    csv += csvField(law.family) + ',' + csvField(law.label) + ',' + csvField(law.source) + ',' +
           std::string(lawMetricName(law.metric)) + ',' + csvField(lawFormula(law.metric));
    for (const auto* column : {&law.values, &law.standardErrors}) {
      for (std::size_t i = 0; i < 3; ++i) {
        csv += ',' + (i < column->size() ? exactNumber((*column)[i]) : std::string());
      }
    }
    for (const double value : {law.b0, law.minBits, law.maxBits, law.r2, law.rmse, law.chi2}) {
      csv += ',' + exactNumber(value);
    }
    for (const int value : {law.n, law.convergedStarts, law.starts}) {
      csv += ',' + std::to_string(value);
    }
    csv += std::string(law.usable ? ",true," : ",false,") + csvField(law.note) + '\n';
  }
  return csv;
}

}  // namespace bitfrontier
