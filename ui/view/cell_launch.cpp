// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/cell_launch.h"

#include <set>

#include "core/base/error.h"
#include "core/law/data/series.h"
#include "core/pocket/corpus.h"
#include "core/pocket/suite.h"
#include "ui/base/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

std::string labelOf(const RunRow& run) {
  LawPoint point;
  point.config = run.config;
  point.method = run.method;
  return seriesLabel(point, SeriesKey::Config);
}

/// What the store says about the cell's model, format and tasks.
struct Neighbours {
  std::string modelPath, config, calibration, device = "cpu", bosProfile;
  std::int64_t maxLength = 0;
  std::set<std::string> tasks;
};

Neighbours neighboursOf(const StoreSnapshot& snapshot, const WantedCell& cell) {
  Neighbours found;
  for (const RunRow& run : *snapshot.runs) {
    if (run.published() || run.family != cell.family) continue;
    if (run.model == cell.model && !run.modelPath.empty()) found.modelPath = run.modelPath;
    if (run.result.itemLimit != cell.itemLimit || run.status != RunStatus::Done) continue;
    if (labelOf(run) == cell.config) {
      found.config = run.config;
      found.calibration = run.calibration;
    }
    found.tasks.insert(run.result.task);
    found.device = run.device;
    found.bosProfile = run.result.bosProfile;
    found.maxLength = run.result.maxLength;
  }
  return found;
}

/// Of the suite's own text; making it takes a second, once.
const std::string& pocketCalibration() {
  static const std::string identity = pocket::calibrationSample().identity();
  return identity;
}

CellLaunch refused(const QString& reason) { return {std::nullopt, reason}; }

}  // namespace

TaskFiles knownTasks(const SweepQueue& queue) {
  TaskFiles files;
  try {
    for (const auto& file : openPocketSuite().tasks) files[file.stem().string()] = file;
  } catch (const Error&) {
    // Not installed: only what was swept is known.
  }
  for (int row = 0; row < queue.size(); ++row) {
    for (const auto& file : queue.job(row)->spec().tasks) files[file.stem().string()] = file;
  }
  return files;
}

CellLaunch launchOf(const StoreSnapshot& snapshot, const WantedCell& cell, const TaskFiles& tasks) {
  if (!snapshot.readOnly.empty()) return refused(Text::from(snapshot.readOnly));
  const Neighbours found = neighboursOf(snapshot, cell);
  if (found.config.empty()) {
    return refused(CellLaunch::tr("It is known from imported results only, which cannot be run"));
  }
  std::error_code ignored;
  if (found.modelPath.empty() || !std::filesystem::exists(found.modelPath, ignored)) {
    return refused(CellLaunch::tr("The folder of %1 is not there: %2")
                       .arg(Text::from(cell.model), Text::from(found.modelPath)));
  }
  if ((!found.bosProfile.empty() && found.bosProfile != "harness") || found.maxLength != 0) {
    return refused(CellLaunch::tr("The other runs have settings that only the command line has"));
  }
  LaunchChoice choice;
  for (const std::string& task : found.tasks) {
    const auto file = tasks.find(task);
    if (file == tasks.end()) {
      return refused(CellLaunch::tr("Where the file of task %1 is, is not known: start a sweep of "
                                    "it by hand")
                         .arg(Text::from(task)));
    }
    choice.tasks.push_back(file->second);
  }
  try {
    const QuantConfig config = QuantConfig::parse(found.config);
    if (config.needsCalibration() && found.calibration != pocketCalibration()) {
      return refused(CellLaunch::tr("Its calibration text is not at hand: %1")
                         .arg(Text::from(found.calibration)));
    }
  } catch (const Error& e) {
    return refused(Text::from(e.what()));
  }
  choice.models = {found.modelPath};
  choice.configs.specs = {found.config};
  choice.itemLimit = cell.itemLimit;
  choice.device = found.device;
  choice.store = snapshot.path;
  return {choice, {}};
}

}  // namespace bitfrontier
