// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "core/store/import/import_options.h"

namespace bitfrontier {

/// Reads what lm-evaluation-harness writes: results_*.json of 0.4 with, if they lie beside it, its
/// samples_*.jsonl (per-item outcomes, which pairing needs), or the single JSON of 0.3 and before.
/// A folder is searched at any depth for .json files of either kind. One that cannot be used is
/// named in a note and the others are read; of several results of one model and task the newest
/// counts, see keepNewest().
///
/// Every record has a source that names the harness, its version and how the tasks were put
/// (5-shot, chat template, ...), so what was scored differently is never pooled. What is read of a
/// model is told at describeHarnessModel(), what of a task at readHarnessTask(). Perplexities of
/// words and bytes are kept as what they are: the harness states none per token, so these runs have
/// no cross-entropy. Groups of tasks are left out, their members are read. Standard errors are the
/// file's; the number of items is the file's or follows from accuracy and standard error. Chance
/// comes from the samples, the task's description in the file, or chanceOfTask().
/// Throws NotFound, Io, or Format naming file and place; InvalidArgument when a quantized model's
/// bits or a model's parameters are known neither from the file nor from `options`. For a folder
/// only when no file could be read.
ImportedRuns readHarness(const std::filesystem::path& fileOrFolder, const ImportOptions& options);

}  // namespace bitfrontier
