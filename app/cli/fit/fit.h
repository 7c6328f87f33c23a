// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "app/cli/options.h"
#include "core/analysis/fit_request.h"

namespace bitfrontier::cli {

/// The words of `bitfrontier fit`.
struct FitCommand {
  std::filesystem::path store;
  FilterOptions filter;
  OutputOptions output;
  std::string by;                              ///< empty: bits, or config for joint laws
  std::string metric;                          ///< empty: what the store has, see chooseMetric()
  std::vector<std::filesystem::path> exports;  ///< files that the laws are written to

  std::string law;                    ///< empty or "auto": what the data choose
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
  std::string twoStage;              ///< link from cross-entropy to accuracy
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
  bool influence = false;  ///< how much each point moves a law, and which are worth a look
  bool priors = false;
  bool families = false;  ///< one law over all families
  bool grid = false;      ///< of starts for training runs
  /// @}

  std::vector<GivenOption> given;  ///< which of all these somebody wrote
};

}  // namespace bitfrontier::cli
