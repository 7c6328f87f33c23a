// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/advice/store_frontier.h"
#include "core/law/numeric/exact_text.h"
#include "core/law/text/formula_text.h"
#include "core/store/export.h"

namespace bitfrontier {
namespace {

using Json = nlohmann::ordered_json;

Json entryToJson(const FrontierEntry& e) {
  Json json = pointsToJson(std::span(&e.point, 1)).at(0);
  json["cost"] = e.cost;
  json["on_frontier"] = e.on;
  json["p_frontier"] = e.probability;
  return json;
}

std::string costTitle(FrontierCost cost) {
  switch (cost) {
    case FrontierCost::TotalBits:
      return "total bits";
    case FrontierCost::Memory:
      return "memory, bits";
    case FrontierCost::Seconds:
      return "seconds";
  }
  return {};
}

/// The columns of tables for people.
std::vector<std::string> headOf(const StoreFrontier& f) {
  return {costTitle(f.cost),
          f.metric == LawMetric::Accuracy ? "accuracy %" : "nats/token",
          "s.e.",
          "model",
          "configuration",
          "P(on frontier)",
          "measured on it"};
}

std::vector<std::string> rowOf(const StoreFrontier& f, const FrontierEntry& e) {
  const bool accuracy = f.metric == LawMetric::Accuracy;
  const auto number = [&](double v) {
    return !std::isfinite(v) ? std::string()
           : accuracy        ? fmt::format("{:.2f}", 100 * v)
                             : fmt::format("{:.4f}", v);
  };
  return {f.cost == FrontierCost::Seconds ? fmt::format("{:.3g}", e.cost)
                                          : fmt::format("{:.3e}", e.cost),
          number(e.value),
          number(e.se),
          e.point.model,
          seriesLabel(e.point, SeriesKey::Config),
          fmt::format("{:.2f}", e.probability),
          e.on ? "yes" : "no"};
}

std::string markdownText(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|' || c == '\\' || c == '*' || c == '_' || c == '`') escaped += '\\';
    escaped += c == '\n' ? ' ' : c;
  }
  return escaped;
}

}  // namespace

Json frontierToJson(const StoreFrontier& f) {
  Json entries = Json::array();
  for (const FrontierEntry& e : f.entries) entries.push_back(entryToJson(e));
  return {{"title", f.title},
          {"metric", lawMetricName(f.metric)},
          {"against", frontierCostName(f.cost)},
          {"points", f.points},
          {"on_frontier", f.onFrontier()},
          {"paired", f.paired},
          {"frontier", entries},
          {"best", f.best ? entryToJson(*f.best) : Json(nullptr)},
          {"p_best", f.best ? Json(f.bestProbability) : Json(nullptr)},
          {"notes", f.notes}};
}

std::string frontiersToCsv(std::span<const StoreFrontier> frontiers) {
  std::string csv =
      "title,metric,against,cost,model,config,family,method,bits,parameters,value,se,on_frontier,"
      "p_frontier,source\n";
  for (const StoreFrontier& f : frontiers) {
    for (const FrontierEntry& e : f.entries) {
      csv += csvField(f.title) + ',' + std::string(lawMetricName(f.metric)) + ',' +
             std::string(frontierCostName(f.cost)) + ',' + exactNumber(e.cost) + ',' +
             csvField(e.point.model) + ',' + csvField(e.point.config) + ',' +
             csvField(e.point.family) + ',' + csvField(e.point.method) + ',' +
             std::to_string(e.point.bits) + ',' + exactNumber(e.point.parameters) + ',' +
             exactNumber(e.value) + ',' + exactNumber(e.se) + (e.on ? ",true," : ",false,") +
             exactNumber(e.probability) + ',' + csvField(e.point.source) + '\n';
    }
  }
  return csv;
}

std::string frontierToMarkdown(const StoreFrontier& f) {
  std::string table =
      fmt::format("**{}** ({} of {} points)\n\n|", markdownText(f.title), f.onFrontier(), f.points);
  for (const std::string& title : headOf(f)) table += " " + title + " |";
  table += "\n|---:|---:|---:|---|---|---:|---|\n";
  for (const FrontierEntry& e : f.entries) {
    table += "|";
    for (const std::string& cell : rowOf(f, e)) table += " " + markdownText(cell) + " |";
    table += "\n";
  }
  return table;
}

std::string frontierToLatex(const StoreFrontier& f) {
  std::string tex =
      fmt::format("% {}\n\\begin{{tabular}}{{rrrllrl}}\n\\hline\n", latexText(f.title));
  const auto row = [&](const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i)
      tex += (i > 0 ? " & " : "") + latexText(cells[i]);
    tex += " \\\\\n";
  };
  row(headOf(f));
  tex += "\\hline\n";
  for (const FrontierEntry& e : f.entries) row(rowOf(f, e));
  return tex + "\\hline\n\\end{tabular}\n";
}

}  // namespace bitfrontier
