// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "core/store/import_options.h"

namespace bitfrontier {

/// Reads what lm-evaluation-harness writes: results_*.json of 0.4 with, if they lie beside it, its
/// samples_*.jsonl (per-item outcomes, which pairing needs), or the single JSON of 0.3 and before.
/// A folder is searched for results_*.json at any depth.
///
/// Every record has a source that names the harness and its version, so runs of two versions are
/// never pooled. Accuracy is `acc` (else `exact_match`), accuracy_norm `acc_norm`; of
/// `bits_per_byte` tasks the cross-entropy is in nats per word. Groups of tasks are left out, their
/// members are read. Standard errors are the file's; the number of items is the file's or follows
/// from accuracy and standard error.
/// A model that the file says is quantized takes its bits from the model arguments (bitsandbytes)
/// or from `options`.
/// Throws NotFound, Io, or Format naming file and place; InvalidArgument when a quantized model's
/// bits or a model's parameters are known neither from the file nor from `options`.
ImportedRuns readHarness(const std::filesystem::path& fileOrFolder, const ImportOptions& options);

}  // namespace bitfrontier
