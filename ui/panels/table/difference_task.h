// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <QObject>

#include "core/advice/baseline_differences.h"
#include "ui/base/latest_task.h"
#include "ui/plot/frontier_plot.h"
#include "ui/runs/point_differences.h"

namespace bitfrontier {

/// Finds the differences of points to 16 bit in the background, once for each list of points; other
/// points replace the work under way, and what was found for it is used again.
class DifferenceTask : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;
  using MapPtr = std::shared_ptr<const PointDifferences::Map>;

  void start(const std::filesystem::path& store, const PointsPtr& points);
  bool busy() const { return task_.busy(); }

 Q_SIGNALS:
  void found(bitfrontier::DifferenceTask::MapPtr accuracies,
             bitfrontier::DifferenceTask::MapPtr crossEntropies);

 private:
  PointsPtr points_;
  std::filesystem::path store_;
  std::shared_ptr<BaselineCache> cache_;  ///< used by the task alone
  LatestTask task_;
};

}  // namespace bitfrontier
