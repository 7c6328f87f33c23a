// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/fit/fit_predictions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/options.h"
#include "app/cli/table.h"

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
  const bool known = std::any_of(predictions.begin(), predictions.end(),
                                 [](const LawPrediction& p) { return p.known.has_value(); });
  if (known) {
    fmt::print(
        "known model: one of about that size that was measured, but not under this format, by what "
        "its other formats deviate from the law\n");
  }
  constexpr auto kRight = Table::Align::Right;
  std::vector<Table::Column> columns{
      {"size", kRight},       {"format"},
      {"total bits", kRight}, {accuracy ? "accuracy, %" : "cross-entropy, nats", kRight},
      {"curve 95 %", kRight}, {"new model 95 %", kRight}};
  if (known) columns.insert(columns.end(), {{"known model"}, {"its value", kRight}, {"95 %"}});
  columns.push_back({"note"});
  Table table(std::move(columns));
  for (const LawPrediction& p : predictions) {
    std::vector<std::string> row{formatCount(p.size),
                                 fit.context.formats[p.format].label,
                                 std::isfinite(p.totalBits) ? formatBits(p.totalBits) : "",
                                 shown(p.value),
                                 interval(p.curveLower, p.curveUpper),
                                 interval(p.newLower, p.newUpper)};
    if (known && p.known) {
      row.insert(row.end(),
                 {p.known->model, shown(p.known->value), interval(p.known->lower, p.known->upper)});
    } else if (known) {
      row.insert(row.end(), 3, "");
    }
    row.push_back(noteOf(fit, p));
    table.add(std::move(row));
  }
  table.print();
}

}  // namespace bitfrontier::cli
