// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace bitfrontier {

/// Why a cell failed, coarse enough to choose a reaction from.
enum class FailureCause {
  OutOfMemory,  ///< of the host or the device, with the smallest batch there is
  Disk,         ///< full or not writable
  Load,         ///< the model, tokenizer or task cannot be read or used
  NotANumber,   ///< a weight or a likelihood is NaN or infinite
  Other,
};

/// "memory", "disk", "load", "nan", "other": in files.
std::string_view failureCauseName(FailureCause cause);
/// The reverse; Other for a word that there is not.
FailureCause failureCauseOf(std::string_view name);

/// What an exception of a cell means.
FailureCause causeOf(const std::exception& error);
/// Whether the same cell would fail in the same way on the same device.
bool failsAgain(FailureCause cause);

/// A cell that failed.
struct CellFailure {
  std::size_t modelIndex = 0, configIndex = 0, taskIndex = 0;  ///< places in the SweepSpec
  std::string model, config, task;
  std::string error;  ///< one sentence
  FailureCause cause = FailureCause::Other;
};

}  // namespace bitfrontier
