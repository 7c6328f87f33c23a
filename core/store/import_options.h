// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/run_record.h"

namespace bitfrontier {

/// What the user says about runs that were measured elsewhere; a given value replaces what the file
/// says or what would be guessed.
struct ImportOptions {
  std::string source;  ///< citation; empty = the program or file the numbers come from
  std::string family;  ///< empty = the model's name without its size
  std::string model;
  std::string config;    ///< e.g. "gptq4-g128"
  std::string dataType;  ///< e.g. "int", "nf"
  std::string method;    ///< e.g. "gptq"
  std::string task;      ///< only for files that name no task (llama.cpp's tables)
  std::optional<int> bits;
  std::optional<std::int64_t> blockSize;
  std::optional<double> parameters;        ///< all parameters
  std::optional<double> linearParameters;  ///< those that are quantized
  std::optional<double> bitsPerParameter;  ///< of a quantized parameter, constants included
};

/// Records ready for importRecords(), and what a reader of them should know: what was guessed or
/// left out, one sentence each.
struct ImportedRuns {
  std::vector<RunRecord> runs;
  std::vector<std::string> notes;

  void append(ImportedRuns more);
  /// Adds a note unless it is there.
  void note(std::string text);
};

/// @name What a name says
/// @{
/// "EleutherAI/pythia-1.4b-deduped" -> "pythia-deduped"; a name without a size is its own family.
std::string familyOfModel(std::string_view model);
/// "pythia-1.4b" -> 1.4e9; absent when the name holds no size such as 160m, 7B or 1.4b.
std::optional<double> parametersOfName(std::string_view model);
/// "125M", "1.3B", "6.7e9" -> a number; absent when it is none.
std::optional<double> parseCount(std::string_view text);
/// Accuracy of guessing of a well-known task; NaN for others.
double chanceOfTask(std::string_view task);
/// @}

/// Sets the three totals of bits from parameters, linearParameters and bitsPerParameter. What is
/// not known stays NaN, but unknown linear parameters mean that every parameter is quantized.
void fillModelBits(RunRecord& run);

/// "import|<source>|<model>|<config>|<task>".
std::string importKey(const RunRecord& run);

}  // namespace bitfrontier
