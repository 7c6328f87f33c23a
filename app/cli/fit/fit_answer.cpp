// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/fit/fit_answer.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/cli/fit/comparison_report.h"
#include "app/cli/fit/curve_report.h"
#include "app/cli/fit/fit_export.h"
#include "app/cli/fit/fit_json.h"
#include "app/cli/fit/fit_predictions.h"
#include "app/cli/fit/fit_report.h"
#include "app/cli/fit/pooled_report.h"
#include "core/analysis/curve_text.h"
#include "core/base/error.h"
#include "core/law/text/series_text.h"

namespace bitfrontier::cli {
namespace {

std::string csvText(const Analysis& analysis) {
  if (!analysis.laws.empty()) return csvOf(analysis.laws);
  if (!analysis.series.empty()) {
    std::vector<SeriesLaw> laws;
    for (const SeriesResult& r : analysis.series) laws.push_back(r.law);
    return seriesToCsv(laws);
  }
  std::vector<LawCurve> curves;
  for (const ChosenResult& r : analysis.chosen) {
    curves.insert(curves.end(), r.curves.begin(), r.curves.end());
  }
  return curvesToCsv(curves, analysis.metric);
}

void printTables(const FitCommand& command, const FitRequest& request, const Analysis& analysis) {
  printChosen(analysis.chosen, analysis.metric);
  if (!analysis.series.empty()) printSeries(analysis.series, analysis.metric, command.refused);
  for (const LawResult& r : analysis.laws) {
    printFit(r, command.refused);
    if (r.fit.usable || command.refused) printPredictions(r.fit, r.predictions);
    if (command.influence && (r.fit.usable || command.refused)) printInfluence(r.fit);
    fmt::print("\n");
  }
  for (const ComparisonResult& r : analysis.comparisons) printComparison(r.title, r.comparison);
  for (const LeftOutFamilies& r : analysis.leftOutFamilies) {
    printLeftOutFamilies(r, analysis.metric);
  }
  for (const FamiliesResult& r : analysis.families) printFamilies(r.fit);
  for (const TwoStageResult& r : analysis.stages) {
    printStages(r.family, r.fit, command.refused);
    fmt::print("\n");
  }
  if (analysis.training) {
    printTraining(*analysis.training, std::get<TrainingRequest>(request).options.delta);
  }
}

}  // namespace

int printAnswer(const FitCommand& command, const FitRequest& request, const Analysis& analysis) {
  if (!command.exports.empty()) {
    writeExports(command, portableLaws(request, analysis),
                 jsonOf(request, analysis, command.influence));
  }
  if (command.output.json) {
    fmt::print("{}\n", jsonOf(request, analysis, command.influence).dump(2));
  } else if (command.output.csv) {
    fmt::print("{}", csvText(analysis));
  } else {
    printTables(command, request, analysis);
  }
  if (!analysis.fitted) {
    throw Error(ErrorKind::Unsupported, "no law was fitted: " + analysis.refusal);
  }
  return kOk;
}

}  // namespace bitfrontier::cli
