// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/fit/fit_question.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <thread>
#include <utility>

#include "core/base/error.h"
#include "core/law/inference/law_comparison.h"
#include "core/store/import/csv.h"

namespace bitfrontier::cli {
namespace {

/// A column of names and one of numbers.
std::map<std::string, double> readPairs(const std::filesystem::path& file, const char* name,
                                        const char* value) {
  std::map<std::string, double> pairs;
  const CsvTable table = CsvTable::read(file);
  for (const auto& row : table.rows()) pairs[table.text(row, name)] = table.number(row, value);
  return pairs;
}

/// What --by names.
SeriesKey keyOf(const FitCommand& command, SeriesKey otherwise) {
  return command.by.empty() ? otherwise : parseSeriesKey(command.by);
}

std::map<std::string, double> heldBy(const std::vector<std::string>& words) {
  std::map<std::string, double> held;
  for (const std::string& text : words) {
    const std::size_t equals = text.rfind('=');
    char* end = nullptr;
    const std::string number = equals == std::string::npos ? "" : text.substr(equals + 1);
    const double value = std::strtod(number.c_str(), &end);
    if (number.empty() || *end != '\0') {
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("--hold is NAME=VALUE, not \"{}\"", text));
    }
    held[text.substr(0, equals)] = value;
  }
  return held;
}

JointOptions jointOptions(const FitCommand& command, LawMetric metric) {
  JointOptions options;
  options.metric = metric;
  options.formatKey = keyOf(command, SeriesKey::Config);
  options.weighting = parseWeighting(command.weighting);
  options.reference = command.reference;
  options.publishedPriors = command.priors;
  options.breaks = command.breaks;
  if (command.tau >= 0) {
    options.estimateTau = false;
    options.tau = command.tau;
  }
  if (!command.robust.empty()) {
    options.loss = parseRobustLoss(command.robust);
    if (options.weighting == Weighting::Auto) options.weighting = Weighting::Errors;
  }
  options.fixed = heldBy(command.hold);
  if (!command.tokens.empty())
    options.trainingTokens = readPairs(command.tokens, "model", "tokens");
  if (!command.noise.empty()) options.formatNoise = readPairs(command.noise, "config", "noise");
  return options;
}

int threadsOf(const FitCommand& command) {
  if (command.threads > 0) return command.threads;
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

std::optional<BootstrapOptions> bootstrapOf(const FitCommand& command) {
  if (command.bootstrap == 0) return std::nullopt;
  BootstrapOptions options;
  options.replicates = command.bootstrap;
  options.resampling = parseResampling(command.resample);
  options.threads = threadsOf(command);
  return options;
}

JointRequest jointRequest(const FitCommand& command, LawMetric metric) {
  JointRequest request{jointOptions(command, metric), keyOf(command, SeriesKey::Bits)};
  request.options.form = command.law;
  request.without = command.without;
  for (const std::string& text : command.at) {
    request.sizes.push_back(parseParameterCount(text, "--at"));
  }
  request.profile = command.profile;
  if (command.output.json) request.profileCurve = 10;
  request.bootstrap = bootstrapOf(command);
  return request;
}

ComparisonRequest comparisonRequest(const FitCommand& command, LawMetric metric) {
  ComparisonRequest request{jointOptions(command, metric), keyOf(command, SeriesKey::Bits),
                            command.compared, command.without};
  if (request.forms.empty()) request.forms = usualLaws(metric);
  return request;
}

TwoStageRequest twoStageRequest(const FitCommand& command) {
  TwoStageRequest request{jointOptions(command, LawMetric::Accuracy), {}, command.without};
  request.stages.linkForm = command.twoStage;
  if (!command.law.empty()) request.stages.lossForm = request.stages.directForm = command.law;
  return request;
}

TrainingRequest trainingRequest(const FitCommand& command) {
  TrainingRequest request;
  request.title = command.training.filename().string();
  const CsvTable table = CsvTable::read(command.training);
  for (const auto& row : table.rows()) {
    if (!command.select.empty() && table.number(row, command.select) == 0) continue;
    request.runs.push_back({table.number(row, command.columns[0]),
                            table.number(row, command.columns[1]),
                            table.number(row, command.columns[2])});
  }
  request.options.delta = command.delta;
  request.options.publishedGrid = command.grid;
  request.options.starts = 16;
  request.options.threads = threadsOf(command);
  request.bootstrap = command.bootstrap;
  return request;
}

}  // namespace

FitKind kindOf(const FitCommand& command) {
  if (!command.training.empty()) return FitKind::Training;
  if (command.families) return FitKind::Families;
  if (!command.twoStage.empty()) return FitKind::TwoStage;
  if (command.compare) return FitKind::Comparison;
  if (command.law == "auto") return FitKind::Chosen;
  if (!command.law.empty()) return FitKind::Joint;
  return command.by.empty() ? FitKind::Chosen : FitKind::Series;
}

FitRequest questionOf(const FitCommand& command, LawMetric metric) {
  switch (kindOf(command)) {
    case FitKind::Chosen:
      return ChosenRequest{metric, keyOf(command, SeriesKey::Bits)};
    case FitKind::Series:
      return SeriesRequest{metric, keyOf(command, SeriesKey::Bits), bootstrapOf(command)};
    case FitKind::Joint:
      return jointRequest(command, metric);
    case FitKind::Comparison:
      return comparisonRequest(command, metric);
    case FitKind::Families:
      return FamiliesRequest{jointOptions(command, metric), command.spread, command.without};
    case FitKind::TwoStage:
      return twoStageRequest(command);
    case FitKind::Training:
      return trainingRequest(command);
  }
  throw Error(ErrorKind::InvalidArgument, "unknown kind of fit");
}

}  // namespace bitfrontier::cli
