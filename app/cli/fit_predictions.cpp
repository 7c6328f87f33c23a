// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/fit_predictions.h"

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "app/cli/table.h"
#include "core/base/error.h"

namespace bitfrontier::cli {
namespace {

/// What the interval of a new model has in it besides the curve's.
std::string newModelText(const JointFit& fit) {
  if (fit.weighting == Weighting::Equal) {
    return "with the scatter of the points (lack of fit and noise of items in one)";
  }
  return fmt::format("with {}the noise of as many other items",
                     fit.tauEstimated || fit.tau > 0 ? "the lack of fit and " : "");
}

std::string noteOf(const JointFit& fit, const LawPrediction& prediction) {
  if (!prediction.remark) return "";
  // Of a refused law the text itself says so.
  return (prediction.remark->refusal && fit.usable ? "refused: " : "") + prediction.remark->text;
}

}  // namespace

void checkPredictions(const FitCommand& command) {
  if (command.at.empty()) return;
  if (command.law.empty() || command.compare || command.families || !command.twoStage.empty() ||
      !command.training.empty()) {
    throw Error(ErrorKind::InvalidArgument,
                "--at needs --law, and none of --compare, --families, --two-stage and --training");
  }
  if (command.output.csv) {
    throw Error(ErrorKind::InvalidArgument, "--at is printed as a table or with --json");
  }
}

std::vector<double> predictedSizes(const FitCommand& command) {
  std::vector<double> sizes;
  sizes.reserve(command.at.size());
  for (const std::string& text : command.at) sizes.push_back(parseParameterCount(text, "--at"));
  if (!sizes.empty()) requireLawOfSize(lawForm(command.law));
  return sizes;
}

void printPredictions(const JointFit& fit, std::span<const LawPrediction> predictions) {
  if (predictions.empty()) return;
  const bool accuracy = fit.context.metric == LawMetric::Accuracy;
  const auto shown = [&](double value) {
    return accuracy ? formatPlain(100 * value, 2) : formatPlain(value, 4);
  };
  const auto interval = [&](double lower, double upper) {
    return std::isfinite(lower) ? fmt::format("{} to {}", shown(lower), shown(upper))
                                : std::string();
  };
  std::string which;
  if (fit.context.hasTokens && (fit.form->info().usesTokens || fit.form->info().needsTokens)) {
    which = fmt::format(" of models trained on {} tokens", formatCount(fit.context.tokens0));
  }
  fmt::print("predictions{}; curve: the law alone; new model: one more measurement, {}\n", which,
             newModelText(fit));
  if (!fit.usable) {
    fmt::print("the law is refused: its curve is shown, and only inside the measured range\n");
  }
  constexpr auto kRight = Table::Align::Right;
  Table table({{"size", kRight},
               {"format"},
               {"total bits", kRight},
               {accuracy ? "accuracy, %" : "cross-entropy, nats", kRight},
               {"curve 95 %", kRight},
               {"new model 95 %", kRight},
               {"note"}});
  for (const LawPrediction& p : predictions) {
    table.add({formatCount(p.size), fit.context.formats[p.format].label,
               std::isfinite(p.totalBits) ? formatBits(p.totalBits) : "", shown(p.value),
               interval(p.curveLower, p.curveUpper), interval(p.newLower, p.newUpper),
               noteOf(fit, p)});
  }
  table.print();
}

}  // namespace bitfrontier::cli
