// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/options.h"
#include "core/base/job.h"
#include "core/law/fit/joint_law.h"
#include "core/law/text/portable_law.h"
#include "core/store/run_store.h"

namespace bitfrontier::cli {

/// Everything `bitfrontier fit` understands.
struct FitCommand {
  std::filesystem::path store;
  FilterOptions filter;
  OutputOptions output;
  std::string by;                              ///< empty: bits, or config for joint laws
  std::string metric;                          ///< empty: what the store has, see chooseMetric()
  std::vector<std::filesystem::path> exports;  ///< files that the laws are written to

  std::string law;  ///< a joint law or one per series; empty: the series' power laws
  std::vector<std::string> compared;  ///< names, or the usual ones when empty
  std::size_t bootstrap = 0;
  std::string resample = "auto";
  std::string robust;
  std::string weighting = "auto";
  double tau = -1;  ///< below 0: estimated
  std::string reference;
  std::vector<std::string> without;  ///< formats that are left out, by their labels
  std::vector<std::string> hold;     ///< NAME=VALUE
  std::vector<std::string> at;       ///< sizes to predict at, in parameters
  std::filesystem::path tokens;      ///< CSV model,tokens
  std::filesystem::path noise;       ///< CSV config,noise
  double spread = 0.2;               ///< of format shifts between families
  std::string twoStage;              ///< link from cross-entropy to accuracy; empty: no two stages
  int breaks = 1;
  int threads = 0;

  std::filesystem::path training;  ///< CSV of training runs: the law L(N, D)
  std::vector<std::string> columns{"parameters", "tokens", "loss"};
  std::string select;  ///< column whose rows with 0 are left out
  double delta = 1e-3;

  /// @name Switches
  /// @{
  bool listLaws = false;
  bool refused = false;  ///< print the numbers of refused laws too
  bool compare = false;
  bool profile = false;
  bool priors = false;
  bool families = false;  ///< one law over all families
  bool grid = false;      ///< of starts for training runs
  /// @}
};

/// @name The kinds of fit
/// @{
int fitSeries(const FitCommand& command, const JobContext& job);
int listLaws(const FitCommand& command);
int fitJointLaws(const FitCommand& command, const JobContext& job);
int fitOverFamilies(const FitCommand& command, const JobContext& job);
int fitTwoStages(const FitCommand& command, const JobContext& job);
int fitTrainingRuns(const FitCommand& command, const JobContext& job);
/// @}

/// Throws InvalidArgument for a file whose name says no format that laws are exported in.
void checkExports(const FitCommand& command);
/// Writes the laws to the files of --export; `json` is the text of .json files.
void writeExports(const FitCommand& command, std::vector<PortableLaw> laws,
                  const nlohmann::json& json);

/// @name What they share
/// @{
JointOptions jointOptionsOf(const FitCommand& command);
/// Points that match and have the metric; throws NotFound when there are none.
std::vector<LawPoint> pointsOf(const FitCommand& command, const RunStore& store, LawMetric metric);
/// Pairs the points by their items when the weighting wants it.
JointOptions pairedOptions(JointOptions options, const RunStore& store,
                           const std::vector<LawPoint>& points, std::optional<ItemOutcomes>& items);
/// @}

/// Throws Unsupported, exit code 1, when there is not one law (or curve): `why` is the first
/// reason.
void requireLaw(bool fitted, const std::string& why);

/// What --threads means: all processors for 0.
int threadsOf(const FitCommand& command);

}  // namespace bitfrontier::cli
