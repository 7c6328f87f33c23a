// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/number_text.h"
#include "core/eval/eval_settings.h"
#include "core/law/data/series.h"
#include "core/quant/quant_config.h"
#include "core/store/run_store.h"

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11's own
class App;
}

namespace bitfrontier::cli {

/// How a command prints its result on stdout.
struct OutputOptions {
  bool json = false;
  bool csv = false;
};
void addOutputOptions(CLI::App& command, OutputOptions& output, bool withCsv = true);

/// A store named by position or by --store, "bitfrontier.bfdb" when not given.
void addStoreOption(CLI::App& command, std::filesystem::path& store, std::string_view purpose);

/// What --tasks takes.
inline constexpr std::string_view kTasksHelp =
    "Tasks: files, folders or zip archives of lambada, hellaswag, piqa, winogrande, arc, wikitext, "
    "any text (.txt, .jsonl), or a description (.json); NAME= names them and says the kind";

/// --bos and --max-length.
struct EvalSettingsOptions {
  std::string bos = "harness";
  std::int64_t maxLength = 0;

  /// Throws InvalidArgument for an unknown profile.
  EvalSettings settings() const;
};
void addEvalSettingsOptions(CLI::App& command, EvalSettingsOptions& options);

/// --memory: how a model on the CPU keeps 16-bit weights, a name for parseWeightMemory().
void addMemoryOption(CLI::App& command, std::string& memory);

/// Options that choose runs and points of a store, and how bits are counted.
struct FilterOptions {
  std::vector<std::string> families, models, types, tasks, blocks, bos;
  std::vector<int> bits;
  std::int64_t items = -1;
  std::string origin;  ///< empty = measured, or published where nothing was measured
  std::string rule = "checkpoint";
  bool partial = false;

  /// Throws InvalidArgument for unknown words.
  RunFilter filter(const RunStore& store) const;
};
void addFilterOptions(CLI::App& command, FilterOptions& options, bool points);
/// What --metric names; without it what defaultMetric() says of the matching points.
LawMetric chooseMetric(std::string_view text, const RunStore& store, const RunFilter& filter);
void addMetricOption(CLI::App& command, std::string& metric);
/// --metric and the options that choose points.
void addMetricAndFilter(CLI::App& command, std::string& metric, FilterOptions& options);

/// "64", "row" (QuantConfig::kPerRow) or "tensor" (0). Throws InvalidArgument.
std::int64_t parseBlock(std::string_view text);
/// "accuracy" or "cross-entropy" (also "ce").
LawMetric parseMetric(std::string_view text);
std::string_view metricName(LawMetric metric);
/// A number of bits with its unit: "3e9bits", "24GB", "512MiB", "1.5TB". Throws InvalidArgument.
double parseBudget(std::string_view text);
/// A number of parameters: "6.7B", "350M", "125e6". Throws InvalidArgument, naming the option.
double parseParameterCount(std::string_view text, std::string_view option);
/// Seconds: "90s", "5min", "2h". Throws InvalidArgument.
double parseSeconds(std::string_view text);

/// Opens an existing store for reading; nothing is written. Throws NotFound with a hint how to make
/// one.
RunStore openForReading(const std::filesystem::path& path);

/// Says on stderr how many points are left out for having fewer tasks than others.
void noteIncomplete(const RunStore& store, const RunFilter& filter,
                    std::optional<LawMetric> metric = {});

/// @name Numbers for people, beside those of core/base/number_text.h
/// @{
std::string formatBits(double bits);                ///< "3.21e9" below a column that says bits
std::string formatPercent(double share);            ///< "43.2", empty when absent
std::string formatPlain(double value, int digits);  ///< empty when absent
/// @}

}  // namespace bitfrontier::cli
