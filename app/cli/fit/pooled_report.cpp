// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/fit/pooled_report.h"

#include <fmt/format.h>

#include <cmath>

#include "app/cli/fit/fit_report.h"
#include "app/cli/table.h"

namespace bitfrontier::cli {
namespace {

constexpr auto kRight = Table::Align::Right;

std::string objective(double delta) {
  return std::isfinite(delta) ? fmt::format("Huber, delta {:g}", delta)
                              : std::string("least squares");
}

}  // namespace

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
  if (!fit.loss.parameters.empty()) printFit({title + ", loss", fit.loss}, refused);
  if (!fit.link.parameters.empty()) printFit({title + ", link", fit.link}, refused);
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

void printTraining(const TrainingResult& result, double delta) {
  const ChinchillaFit &fit = result.fit, &other = result.other;
  const auto& bootstrap = result.bootstrap;
  fmt::print(
      "loss = E + A * N^(-alpha) + B * D^(-beta), {} on ln loss; {} runs; {} of {} starts "
      "agree\n",
      objective(delta), fit.n, fit.agreed, fit.starts);
  std::vector<Table::Column> columns{{"parameter"}, {"value", kRight}};
  if (bootstrap) columns.insert(columns.end(), {{"\u00b1", kRight}, {"95 %", kRight}});
  columns.push_back({objective(result.otherOptions.delta), kRight});
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
}

}  // namespace bitfrontier::cli
