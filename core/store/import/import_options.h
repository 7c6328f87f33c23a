// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/import/task_chances.h"
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
  std::string filter;    ///< of lm-evaluation-harness's filters, where a task has several
  std::optional<int> bits;
  std::optional<std::int64_t> blockSize;
  std::optional<double> parameters;        ///< all parameters
  std::optional<double> linearParameters;  ///< those that are quantized
  std::optional<double> bitsPerParameter;  ///< of a quantized parameter, constants included
};

/// What a reader of imported runs should know about several of them, in one sentence.
struct ImportNote {
  std::string text;                ///< "the number of parameters is what the name says"
  std::vector<std::string> about;  ///< files, models or tasks it holds for
};

/// Records ready for importRecords(), and what a reader of them should know: what was guessed or
/// left out.
struct ImportedRuns {
  std::vector<RunRecord> runs;
  std::vector<std::string> notes;        ///< sentences of their own
  std::vector<ImportNote> grouped = {};  ///< sentences that hold for several files or models

  void append(ImportedRuns more);
  /// Adds a note unless it is there.
  void note(std::string text);
  /// Adds `about` to the note of this text.
  void note(std::string text, std::string about);
  /// All notes as sentences: the grouped ones name at most `most` of what they are about and count
  /// the rest.
  std::vector<std::string> sentences(std::size_t most = 4) const;
};

/// Of runs with one key the newest (RunRecord::createdAt, else the last) stays. Where the others
/// have another result, a note names model, task and both values.
void keepNewest(ImportedRuns& imported);

/// "accuracy 0.6311" or "1.2345 bits per byte": the result of a run in a few words.
std::string resultText(const RunRecord& run);

/// @name What a name says
/// @{
/// "EleutherAI/pythia-1.4b-deduped" -> "pythia-deduped"; a name without a size is its own family.
/// Words about quantization or data type and a revision do not count: see baseModelName().
std::string familyOfModel(std::string_view model);
/// "pythia-1.4b" -> 1.4e9; absent when the name holds no size such as 160m, 7B or 1.4b (4k is the
/// length of a context, 3T a number of tokens).
std::optional<double> parametersOfName(std::string_view model);
/// "125M", "1.3B", "6.7e9" -> a number; absent when it is none.
std::optional<double> parseCount(std::string_view text);
/// @}

/// Sets the three totals of bits from parameters, linearParameters and bitsPerParameter. What is
/// not known stays NaN, but unknown linear parameters mean that every parameter is quantized.
void fillModelBits(RunRecord& run);

/// "import|<source>|<model>|<config>|<task>", the model with its owner where that is known.
std::string importKey(const RunRecord& run);

}  // namespace bitfrontier
