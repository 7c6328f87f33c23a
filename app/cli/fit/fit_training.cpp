// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/cli/cli.h"
#include "app/cli/fit/fit.h"
#include "app/cli/table.h"
#include "core/base/error.h"
#include "core/law/pooled/chinchilla.h"
#include "core/law/text/joint_json.h"
#include "core/store/import/csv.h"

namespace bitfrontier::cli {

int fitTrainingRuns(const FitCommand& command, const JobContext& job) {
  const CsvTable table = CsvTable::read(command.training);
  std::vector<TrainingRun> runs;
  for (const auto& row : table.rows()) {
    if (!command.select.empty() && table.number(row, command.select) == 0) continue;
    runs.push_back({table.number(row, command.columns[0]), table.number(row, command.columns[1]),
                    table.number(row, command.columns[2])});
  }
  ChinchillaOptions options;
  options.delta = command.delta;
  options.publishedGrid = command.grid;
  options.starts = 16;
  options.threads = threadsOf(command);
  const ChinchillaFit fit = fitChinchilla(runs, options, job);
  std::optional<ChinchillaBootstrap> bootstrap;
  if (command.bootstrap > 0) {
    bootstrap = bootstrapChinchilla(runs, fit, command.bootstrap, options, job);
  }
  // The choice of delta moves the exponents by more than their errors: both are shown.
  ChinchillaOptions plain = options;
  plain.delta = std::isfinite(options.delta) ? HUGE_VAL : 1e-3;
  plain.publishedGrid = false;
  const ChinchillaFit other = fitChinchilla(runs, plain, job);
  nlohmann::json json = toJson(fit);
  json["delta"] = std::isfinite(options.delta) ? nlohmann::json(options.delta) : nullptr;
  if (bootstrap) json["bootstrap"] = toJson(*bootstrap);
  json["other_objective"] = toJson(other);
  json["other_objective"]["delta"] =
      std::isfinite(plain.delta) ? nlohmann::json(plain.delta) : nullptr;
  writeExports(command, {portableLaw(fit, runs, command.training.filename().string())}, json);
  if (command.output.json) {
    fmt::print("{}\n", json.dump(2));
    return kOk;
  }
  const auto objective = [](double delta) {
    return std::isfinite(delta) ? fmt::format("Huber, delta {:g}", delta)
                                : std::string("least squares");
  };
  fmt::print(
      "loss = E + A * N^(-alpha) + B * D^(-beta), {} on ln loss; {} runs; {} of {} starts "
      "agree\n",
      objective(options.delta), fit.n, fit.agreed, fit.starts);
  constexpr auto kRight = Table::Align::Right;
  std::vector<Table::Column> columns{{"parameter"}, {"value", kRight}};
  if (bootstrap) columns.insert(columns.end(), {{"\u00b1", kRight}, {"95 %", kRight}});
  columns.push_back({objective(plain.delta), kRight});
  Table out(columns);
  const ChinchillaParameters &p = fit.parameters, &q = other.parameters;
  const auto add = [&](const char* name, double value, double alternative,
                       ChinchillaSpread ChinchillaBootstrap::*spread) {
    std::vector<std::string> row{name, fmt::format("{:.6g}", value)};
    if (bootstrap) {
      const ChinchillaSpread& s = (*bootstrap).*spread;
      row.push_back(fmt::format("{:.3g}", s.se));
      row.push_back(fmt::format("{:.4g} to {:.4g}", s.lower, s.upper));
    }
    row.push_back(fmt::format("{:.6g}", alternative));
    out.add(row);
  };
  add("A", std::exp(p.logA()), std::exp(q.logA()), &ChinchillaBootstrap::A);
  add("B", std::exp(p.logB()), std::exp(q.logB()), &ChinchillaBootstrap::B);
  add("E", std::exp(p.e), std::exp(q.e), &ChinchillaBootstrap::E);
  add("alpha", p.alpha, q.alpha, &ChinchillaBootstrap::alpha);
  add("beta", p.beta, q.beta, &ChinchillaBootstrap::beta);
  add("beta/(alpha+beta)", p.sizeExponent(), q.sizeExponent(), &ChinchillaBootstrap::sizeExponent);
  out.print();
  if (bootstrap) fmt::print("bootstrap over runs: {} replicates\n", bootstrap->replicates);
  return kOk;
}

}  // namespace bitfrontier::cli
