// SPDX-License-Identifier: GPL-3.0-or-later
// `bitfrontier fit --families` and `fit --two-stage`: laws over several families, and accuracy by
// way of cross-entropy.

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "app/cli/cli.h"
#include "app/cli/fit/fit.h"
#include "app/cli/fit/fit_report.h"
#include "app/cli/table.h"
#include "core/base/error.h"
#include "core/law/pooled/family_law.h"
#include "core/law/pooled/two_stage.h"
#include "core/law/text/joint_json.h"

namespace bitfrontier::cli {
namespace {

constexpr auto kRight = Table::Align::Right;

/// Points that may be pooled: scored alike.
using Sources = std::map<std::pair<std::string, std::int64_t>, std::vector<LawPoint>>;

Sources bySource(const std::vector<LawPoint>& points) {
  Sources sources;
  for (const LawPoint& p : points) sources[{p.source, p.itemLimit}].push_back(p);
  return sources;
}

void printFamilies(const FamilyFit& fit) {
  if (fit.families.empty()) {
    fmt::print("J1 over families: not fitted\n");
    printRemarks(fit.remarks);
    return;
  }
  fmt::print(
      "J1 over {} families: 1 - accuracy (or loss) = E + exp(lnA0 - alpha * (ln(N / N0) + "
      "lnrho_f)), lnrho_f = mu_f + delta, delta ~ N(0, {:g}^2)\n",
      fit.families.size(), fit.spread);
  fmt::print("{} points, {} parameters; {}\n", fit.n, fit.freeParameters,
             std::isfinite(fit.deltaSpread)
                 ? fmt::format("shifts differ between families by {:.2f}", fit.deltaSpread)
                 : std::string("no format but the reference is in two families, so no shift is "
                               "shared"));
  std::vector<Table::Column> columns{{"format"},
                                     {"mu", kRight},
                                     {"\u00b1", kRight},
                                     {"rho", kRight},
                                     {"a new family's mu \u00b1", kRight}};
  for (const JointFit& family : fit.families) columns.push_back({family.family, kRight});
  Table table(columns);
  for (const SharedShift& shift : fit.shifts) {
    std::vector<std::string> row{shift.format, number(shift.mean), number(shift.se),
                                 fmt::format("{:.3f}", std::exp(shift.mean)),
                                 number(shift.newFamilySe)};
    for (const JointFit& family : fit.families) {
      const auto k = family.find("lnrho_" + shift.format);
      row.push_back(k ? fmt::format("{:.3f} \u00b1 {:.3f}", family.parameters[*k].value,
                                    family.parameters[*k].se)
                      : std::string());
    }
    table.add(row);
  }
  table.print();
  printRemarks(fit.remarks);
}

void printStages(const std::string& title, const TwoStageFit& fit, bool refused) {
  fmt::print("{}: accuracy by way of cross-entropy\n", title);
  if (!fit.loss.parameters.empty()) printFit({title + ", loss", fit.loss, {}, {}, {}}, refused);
  if (!fit.link.parameters.empty()) printFit({title + ", link", fit.link, {}, {}, {}}, refused);
  if (!fit.pooling.empty()) {
    Table table({{"format"},
                 {"points", kRight},
                 {"off the link, points of accuracy", kRight},
                 {"\u00b1", kRight},
                 {"p", kRight}});
    for (const LinkResidual& r : fit.pooling) {
      table.add({r.format, fmt::format("{}", r.points), fmt::format("{:+.2f}", 100 * r.mean),
                 std::isfinite(r.se) ? fmt::format("{:.2f}", 100 * r.se) : "", number(r.p)});
    }
    table.print();
    fmt::print(
        "left-out sizes: {:.2f} points of accuracy by two stages ({:.0f} % inside their 95 % "
        "interval), {:.2f} by the direct law {}\n",
        100 * fit.staged.rmse, 100 * fit.staged.coverage, 100 * fit.straight.rmse,
        fit.direct.form->info().name);
  }
  for (const LawRemark& r : fit.remarks) {
    // Those of the stages are printed with them.
    if (r.text.starts_with("loss: ") || r.text.starts_with("link: ")) continue;
    fmt::print("{}{}\n", r.refusal ? "refused: " : "note: ", r.text);
  }
}

}  // namespace

int fitOverFamilies(const FitCommand& command, const JobContext& job) {
  const JointOptions options = jointOptionsOf(command);
  const RunStore store = openForReading(command.store);
  nlohmann::json json = nlohmann::json::array();
  bool fitted = false;
  std::string why;
  for (const auto& [key, points] : bySource(pointsOf(command, store, options.metric))) {
    const FamilyFit fit = fitFamilies(points, options, command.spread, job);
    fitted = fitted || !fit.families.empty();
    if (fit.families.empty() && why.empty() && !fit.remarks.empty()) why = fit.remarks.back().text;
    if (command.output.json) {
      json.push_back(toJson(fit));
      json.back()["source"] = key.first;
      continue;
    }
    printFamilies(fit);
  }
  if (command.output.json) fmt::print("{}\n", json.dump(2));
  requireLaw(fitted, why);
  return kOk;
}

int fitTwoStages(const FitCommand& command, const JobContext& job) {
  const JointOptions options = jointOptionsOf(command);
  TwoStageOptions stages;
  stages.linkForm = command.twoStage;
  if (!command.law.empty()) stages.lossForm = stages.directForm = command.law;
  if (!lawForm(stages.linkForm).info().needsCrossEntropy) {
    throw Error(
        ErrorKind::InvalidArgument,
        fmt::format("--two-stage is link-sigmoid or link-exp, not \"{}\"", command.twoStage));
  }
  const RunStore store = openForReading(command.store);
  std::map<std::tuple<std::string, std::int64_t, std::string>, std::vector<LawPoint>> groups;
  for (LawPoint& p : pointsOf(command, store, LawMetric::Accuracy)) {
    groups[{p.source, p.itemLimit, p.family}].push_back(std::move(p));
  }
  nlohmann::json json = nlohmann::json::array();
  bool fitted = false;
  std::string why;
  for (const auto& [key, points] : groups) {
    std::optional<ItemOutcomes> items;
    const JointOptions own = pairedOptions(options, store, points, items);
    const TwoStageFit fit = fitTwoStage(points, own, stages, job);
    const bool both = !fit.loss.parameters.empty() && !fit.link.parameters.empty();
    fitted = fitted || both;
    if (!both && why.empty() && !fit.remarks.empty()) why = fit.remarks.front().text;
    if (command.output.json) {
      json.push_back(toJson(fit));
      json.back()["family"] = std::get<2>(key);
    } else {
      printStages(std::get<2>(key), fit, command.refused);
      fmt::print("\n");
    }
  }
  if (command.output.json) fmt::print("{}\n", json.dump(2));
  requireLaw(fitted, why);
  return kOk;
}

}  // namespace bitfrontier::cli
