// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <QObject>
#include <stop_token>

#include "ui/base/latest_task.h"
#include "ui/plot/plot_cell.h"
#include "ui/view/view_controller.h"

namespace bitfrontier {

/// More plots than this are left out: those with the fewest points.
inline constexpr std::size_t kMostCells = 24;

/// What of the view is divided: its points with their axes, and for tasks the store itself.
struct SplitInput {
  PointsPtr points;
  std::shared_ptr<const PointAxes> axes;
  SnapshotPtr snapshot;
  std::vector<TaskName> tasks;
  ViewOptions options;
};

/// The plots that ViewOptions::split asks for, in natural order, without laws. Models of 16 bit
/// have neither type nor block size and are in each plot of these. Blocking; throws Error.
PlotCells splitPoints(const SplitInput& input, std::stop_token stop = {});

/// Divides what is in view in the background, then fits the laws of each part.
class Multiples : public QObject {
  Q_OBJECT

 public:
  explicit Multiples(ViewController* view, QObject* parent = nullptr);

  /// Null while nothing is divided.
  const std::shared_ptr<const PlotCells>& cells() const { return cells_; }
  bool busy() const { return splitting_.busy() || fitting_.busy(); }

 Q_SIGNALS:
  void changed();
  void failed(const QString& sentence);

 private:
  void update();
  void fit();

  ViewController* view_;
  std::shared_ptr<const PlotCells> cells_;
  ViewOptions asked_;
  LatestTask splitting_, fitting_;
};

}  // namespace bitfrontier
