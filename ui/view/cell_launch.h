// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <QCoreApplication>
#include <QString>
#include <string>

#include "ui/jobs/store_session.h"
#include "ui/jobs/sweep_queue.h"
#include "ui/launch/launch_choice.h"

namespace bitfrontier {

/// A cell that somebody wants run.
struct WantedCell {
  std::string family, model;
  std::string config;  ///< label of the format, as series are called by it
  std::int64_t itemLimit = 0;
};

/// A sweep of one cell, made from what the store says about its neighbours, or why there is none.
struct CellLaunch {
  Q_DECLARE_TR_FUNCTIONS(CellLaunch)

 public:
  std::optional<LaunchChoice> choice;
  QString reason;  ///< one sentence, when there is no choice
};

using TaskFiles = std::map<std::string, std::filesystem::path>;
/// Files of tasks by name: those of the pocket suite and of the sweeps of this session.
TaskFiles knownTasks(const SweepQueue& queue);

/// The sweep that runs a cell as its neighbours were: the same tasks, items and device.
CellLaunch launchOf(const StoreSnapshot& snapshot, const WantedCell& cell, const TaskFiles& tasks);

}  // namespace bitfrontier
