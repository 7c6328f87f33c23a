// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/fit/comparison_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/cli/fit/fit_report.h"
#include "app/cli/table.h"

namespace bitfrontier::cli {
namespace {

constexpr auto kRight = Table::Align::Right;

std::string percent(double share) {
  return std::isfinite(share) ? fmt::format("{:.0f} %", 100 * share) : std::string();
}

/// Each remark once, with the laws it is about.
void printRemarksOfLaws(const LawComparison& comparison) {
  std::vector<std::pair<LawRemark, std::string>> said;
  for (const LawComparison::Row& row : comparison.rows) {
    const std::string_view law = row.fit.form->info().name;
    for (const LawRemark& remark : row.fit.remarks) {
      const auto same = std::find_if(said.begin(), said.end(), [&](const auto& s) {
        return s.first.text == remark.text && s.first.refusal == remark.refusal;
      });
      if (same == said.end()) {
        said.emplace_back(remark, law);
      } else {
        same->second += fmt::format(", {}", law);
      }
    }
  }
  std::stable_sort(said.begin(), said.end(),
                   [](const auto& a, const auto& b) { return a.first.refusal > b.first.refusal; });
  const auto commas = static_cast<std::ptrdiff_t>(comparison.rows.size()) - 1;
  for (const auto& [remark, laws] : said) {
    const bool all = std::count(laws.begin(), laws.end(), ',') == commas;
    fmt::print("{} {}: {}\n", remark.refusal ? "refused," : "note on",
               all && commas > 0 ? "all laws" : laws, remark.text);
  }
}

}  // namespace

void printComparison(const std::string& title, const LawComparison& comparison) {
  fmt::print("{}\n", title);
  const bool accuracy =
      comparison.rows.empty() || comparison.rows[0].fit.context.metric == LawMetric::Accuracy;
  Table table({{"law"},
               {"parameters", kRight},
               {accuracy ? "tau, points" : "tau, nats", kRight},
               {"AICc", kRight},
               {"difference", kRight},
               {"weight", kRight},
               {"left-out size", kRight},
               {"covered", kRight},
               {"left-out largest", kRight},
               {"covered", kRight},
               {"usable"}});
  const double unit = accuracy ? 100 : 1;
  for (const LawComparison::Row& row : comparison.rows) {
    const JointFit& fit = row.fit;
    table.add(
        {std::string(fit.form->info().name), fmt::format("{}", fit.freeParameters),
         number(unit * fit.tau), std::isfinite(fit.aicc) ? fmt::format("{:.1f}", fit.aicc) : "",
         std::isfinite(row.deltaAicc) ? fmt::format("{:.1f}", row.deltaAicc) : "",
         row.weight > 0 ? fmt::format("{:.3f}", row.weight) : "", number(unit * row.sizes.rmse),
         percent(row.sizes.coverage), number(unit * row.largest.rmse),
         percent(row.largest.coverage), fit.usable ? "yes" : "refused"});
  }
  table.print();
  fmt::print(
      "left-out size, left-out largest: RMSE, in {}, of each size (of the largest one) as a fit to "
      "the others predicts it, and the share of its points inside their 95 % interval\n",
      accuracy ? "points of accuracy" : "nats");
  printRemarksOfLaws(comparison);
  for (const NestedTest& t : comparison.tests) {
    fmt::print("{} in {}: {} {:.3g} with {} degree{} of freedom, p = {:.2g}\n", t.inner, t.outer,
               t.kind, t.statistic, t.freedom, t.freedom == 1 ? "" : "s", t.p);
  }
  for (const std::string& verdict : comparison.verdicts) fmt::print("{}\n", verdict);
}

void printLeftOutFamilies(const LeftOutFamilies& result, LawMetric metric) {
  const bool accuracy = metric == LawMetric::Accuracy;
  fmt::print(
      "{}: each family's low-bit formats, from its reference format alone and what the other "
      "families say about formats\n",
      result.title);
  Table table({{"law"},
               {accuracy ? "RMSE, points" : "RMSE, nats", kRight},
               {"covered", kRight},
               {"points", kRight},
               {"families", kRight},
               {"refused", kRight}});
  for (const auto& [law, v] : result.laws) {
    table.add({law, number((accuracy ? 100 : 1) * v.rmse), percent(v.coverage),
               fmt::format("{}", v.points), fmt::format("{}", v.folds),
               fmt::format("{}", v.failedFolds)});
  }
  table.print();
}

}  // namespace bitfrontier::cli
