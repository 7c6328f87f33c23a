// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <QString>
#include <set>
#include <string>
#include <vector>

#include "core/sweep/sweep.h"

namespace bitfrontier {

/// The configurations that are ticked.
struct ConfigChoice {
  GridOptions grid;  ///< its variants are made from the next
  /// For each of variantAxes() the notations that are crossed; empty = its default.
  std::vector<std::vector<std::string>> variants;
  std::vector<std::string> specs;      ///< further configurations, one by one
  std::string calibration = "pocket";  ///< or a text file, for configurations that need one
};

/// All configurations, without duplicates; without a k-bit type or block only the baseline is left
/// of the grid. Throws Error(InvalidArgument) that says what cannot be.
std::vector<QuantConfig> configurations(const ConfigChoice& choice);

/// A model under a configuration that is not run, by name: it outlives other choices.
struct LeftOutCell {
  std::filesystem::path model;
  std::string config;  ///< spec
  auto operator<=>(const LeftOutCell&) const = default;
};

/// What is ticked in the launch dialog.
struct LaunchChoice {
  std::filesystem::path suiteDirectory;  ///< of the pocket suite; empty when it is not installed
  std::vector<std::filesystem::path> suiteModels, suiteTasks;
  std::vector<std::filesystem::path> models;  ///< chosen, from the suite or added
  std::vector<std::filesystem::path> tasks;
  ConfigChoice configs;
  std::int64_t itemLimit = 200;  ///< per task; 0 = all
  std::string device = "cpu";
  std::filesystem::path store;
  std::set<LeftOutCell> leftOut;
};

/// The sweep that the choice describes, with the calibration text read where one is needed. Models
/// and configurations of which every cell is left out are not part of it. Throws the errors of
/// configurations() and readCalibrationText.
SweepSpec sweepSpec(const LaunchChoice& choice);

/// The same sweep as a shell command, quoted for a POSIX shell.
QString sweepCommand(const LaunchChoice& choice);

/// Quotes one word for a POSIX shell where needed.
QString shellWord(const QString& word);

}  // namespace bitfrontier
