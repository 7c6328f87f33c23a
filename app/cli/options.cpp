// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/options.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <CLI/CLI.hpp>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include "core/base/error.h"
#include "core/law/data/format_name.h"
#include "core/store/import/import_options.h"
#include "core/store/points.h"

namespace bitfrontier::cli {
namespace {

[[noreturn]] void refuse(std::string message) {
  throw Error(ErrorKind::InvalidArgument, std::move(message));
}

/// A positive number times its unit.
std::optional<double> positiveWithUnit(std::string_view text,
                                       std::span<const std::pair<std::string_view, double>> units) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || !std::isfinite(number) || !(number > 0)) return std::nullopt;
  std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  for (const auto& [name, factor] : units) {
    if (unit == name) return number * factor;
  }
  return std::nullopt;
}

}  // namespace

void addOutputOptions(CLI::App& command, OutputOptions& output, bool withCsv) {
  CLI::Option* json = command.add_flag("--json", output.json, "Print JSON");
  if (withCsv) command.add_flag("--csv", output.csv, "Print CSV")->excludes(json);
}

void addStoreOption(CLI::App& command, std::filesystem::path& store, std::string_view purpose) {
  store = "bitfrontier.bfdb";
  command.add_option("store,--store", store, std::string(purpose) + " (bitfrontier.bfdb)")
      ->type_name("FILE");
}

void addMemoryOption(CLI::App& command, std::string& memory) {
  command
      .add_option("--memory", memory,
                  "16-bit weights on a CPU: widened to fp32 on loading (fast), left mapped and "
                  "widened layer by layer (small), or auto: widened where that takes at most half "
                  "of the available memory")
      ->check(CLI::IsMember({"auto", "mapped", "widened"}))
      ->capture_default_str();
}

EvalSettings EvalSettingsOptions::settings() const { return {parseBosProfile(bos), maxLength}; }

void addEvalSettingsOptions(CLI::App& command, EvalSettingsOptions& options) {
  command
      .add_option("--bos", options.bos,
                  "Beginning-of-text token: harness (as the tokenizer's files ask, "
                  "lm-evaluation-harness today), nobos (none, the harness up to 0.4.9.1) or addbos")
      ->type_name("PROFILE")
      ->capture_default_str();
  command
      .add_option("--max-length", options.maxLength,
                  "Tokens of an input at most (0 = as many as the model takes)")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
}

void addFilterOptions(CLI::App& command, FilterOptions& options, bool points) {
  command.add_option("--family", options.families, "Only these families")->delimiter(',');
  command.add_option("--model", options.models, "Only these models")->delimiter(',');
  command.add_option("--types", options.types, "Only these data types")->delimiter(',');
  command.add_option("--bits", options.bits, "Only these bit widths")->delimiter(',');
  command.add_option("--blocks", options.blocks, "Only these block sizes (a number or tensor)")
      ->delimiter(',');
  command.add_option("--tasks", options.tasks, "Only these tasks, by name")->delimiter(',');
  command.add_option("--items", options.items, "Only runs with this item limit (0 = all items)");
  command.add_option("--bos", options.bos, "Only runs with these BOS profiles")->delimiter(',');
  command.add_option("--origin", options.origin,
                     "measured, published or both (default: measured, or published where all runs "
                     "were imported)");
  if (!points) return;
  command
      .add_option("--rule", options.rule,
                  "Bits that count: linear (quantized weights), all (every parameter as if "
                  "quantized) or checkpoint (the rest at 16 bits)")
      ->capture_default_str();
  command.add_flag("--partial", options.partial,
                   "Use points that miss some of the tasks that others have");
}

void addMetricOption(CLI::App& command, std::string& metric) {
  command.add_option("--metric", metric,
                     "accuracy or cross-entropy (default: accuracy, or cross-entropy where the "
                     "store has no accuracies)");
}

LawMetric chooseMetric(std::string_view text, const RunStore& store, const RunFilter& filter) {
  return text.empty() ? defaultMetric(store.points(filter)) : parseMetric(text);
}

void addMetricAndFilter(CLI::App& command, std::string& metric, FilterOptions& options) {
  addMetricOption(command, metric);
  addFilterOptions(command, options, true);
}

RunFilter FilterOptions::filter(const RunStore& store) const {
  RunFilter filter;
  filter.families = families;
  filter.models = models;
  filter.dataTypes = types;
  filter.bits = bits;
  filter.tasks = tasks;
  for (const std::string& name : bos) {
    filter.bosProfiles.emplace_back(bosProfileName(parseBosProfile(name)));
  }
  for (const std::string& block : blocks) filter.blockSizes.push_back(parseBlock(block));
  if (items >= 0) filter.itemLimit = items;
  const std::string from = !origin.empty()       ? origin
                           : store.hasMeasured() ? "measured"
                                                 : "published";
  if (from != "measured" && from != "published" && from != "both") {
    refuse(fmt::format("--origin is measured, published or both, not \"{}\"", from));
  }
  filter.measured = from != "published";
  filter.published = from != "measured";
  filter.includePartial = partial;
  const auto counted = findCountingRule(rule);
  if (!counted) refuse(fmt::format("--rule is linear, all or checkpoint, not \"{}\"", rule));
  filter.rule = *counted;
  return filter;
}

std::int64_t parseBlock(std::string_view text) {
  if (text == "tensor") return 0;
  if (text == "row") return QuantConfig::kPerRow;
  std::int64_t value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) {
    refuse(fmt::format("a block size is a number of weights, row or tensor, not \"{}\"", text));
  }
  return value;
}

LawMetric parseMetric(std::string_view text) {
  if (text == "accuracy") return LawMetric::Accuracy;
  if (text == "cross-entropy" || text == "ce") return LawMetric::CrossEntropy;
  refuse(fmt::format("--metric is accuracy or cross-entropy, not \"{}\"", text));
}

std::string_view metricName(LawMetric metric) {
  return metric == LawMetric::Accuracy ? "accuracy" : "cross-entropy";
}

double parseBudget(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, double>, 12> kUnits = {{
      {"bits", 1},
      {"B", 8},
      {"bytes", 8},
      {"kB", 8e3},
      {"MB", 8e6},
      {"GB", 8e9},
      {"TB", 8e12},
      {"KiB", 8.0 * 1024},
      {"MiB", 8.0 * 1024 * 1024},
      {"GiB", 8.0 * 1024 * 1024 * 1024},
      {"TiB", 8.0 * 1024 * 1024 * 1024 * 1024},
      {"KB", 8e3},
  }};
  if (const auto bits = positiveWithUnit(text, kUnits)) return *bits;
  refuse(fmt::format(
      "a budget is a positive number with a unit such as 24GB, 512MiB or 3e9bits, not \"{}\"",
      text));
}

double parseParameterCount(std::string_view text, std::string_view option) {
  const auto value = parseCount(text);
  if (value && *value > 0) return *value;
  refuse(fmt::format("{} is a number such as 6.7B or 125e6, not \"{}\"", option, text));
}

double parseSeconds(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, double>, 3> kUnits = {
      {{"s", 1}, {"min", 60}, {"h", 3600}}};
  if (const auto seconds = positiveWithUnit(text, kUnits)) return *seconds;
  refuse(
      fmt::format("a duration is a positive number with a unit such as 90s, 5min or 2h, not "
                  "\"{}\"",
                  text));
}

RunStore openForReading(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) {
    throw Error(ErrorKind::NotFound,
                fmt::format("store {} does not exist; bitfrontier sweep or import makes one",
                            path.string()));
  }
  return RunStore::open(path, RunStore::Mode::ReadOnly);
}

void noteIncomplete(const RunStore& store, const RunFilter& filter,
                    std::optional<LawMetric> metric) {
  const std::string note = incompleteNote(store, filter, metric);
  if (!note.empty()) fmt::print(stderr, "note: {}\n", note);
}

std::string formatBits(double bits) { return fmt::format("{:.4g}", bits); }

std::string formatPercent(double share) { return formatPlain(100 * share, 1); }

std::string formatPlain(double value, int digits) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, digits) : "";
}

}  // namespace bitfrontier::cli
