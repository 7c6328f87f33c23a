// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <QString>
#include <string>
#include <vector>

#include "core/sweep/sweep.h"

namespace bitfrontier {

/// What is ticked in the launch dialog.
struct LaunchChoice {
  std::filesystem::path suiteDirectory;  ///< of the pocket suite; empty when it is not installed
  std::vector<std::filesystem::path> suiteModels, suiteTasks;
  std::vector<std::filesystem::path> models;  ///< chosen, from the suite or added
  std::vector<std::filesystem::path> tasks;
  GridOptions grid;
  std::int64_t itemLimit = 200;  ///< per task; 0 = all
  std::string device = "cpu";
  std::filesystem::path store;
};

/// The sweep that the choice describes. Without a k-bit type or block only the baseline is left.
SweepSpec sweepSpec(const LaunchChoice& choice);

/// The same sweep as a shell command, quoted for a POSIX shell.
QString sweepCommand(const LaunchChoice& choice);

/// Quotes one word for a POSIX shell where needed.
QString shellWord(const QString& word);

}  // namespace bitfrontier
