// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <QObject>
#include <QString>
#include <vector>

#include "core/advice/next.h"
#include "ui/jobs/live_answer.h"
#include "ui/jobs/sweep_queue.h"
#include "ui/view/cell_launch.h"
#include "ui/view/scope.h"

namespace bitfrontier {

/// Asks core which cell to run next in each family in view, and makes sweeps of its answer.
/// Looking changes nothing.
class NextController : public QObject {
  Q_OBJECT

 public:
  NextController(StoreSession* session, ViewController* view, SweepQueue* queue,
                 QObject* parent = nullptr);

  void setActive(bool active);
  /// Below this expected regret nothing more need be run; in units of the metric, 0: core's own.
  void setStopRegret(double regret);
  /// For the memory line of the plot alone, where there is one; else for budgets of all sizes.
  void setAtLine(bool only);
  bool atLine() const { return atLine_; }

  /// One for each family; empty before the first answer.
  const std::vector<NextRuns>& answers() const;
  std::size_t shown() const;
  void show(std::size_t family);
  bool updating() const { return next_.updating(); }
  const QString& problem() const { return next_.problem(); }

  struct Launches {
    std::vector<LaunchChoice> choices;  ///< one a model
    std::size_t cells = 0;
    QString reason;  ///< why cells are missing, the first reason
  };
  /// The sweeps of the shown answer's runs at these places.
  Launches launchesFor(const std::vector<std::size_t>& runs) const;
  QString command() const;

 Q_SIGNALS:
  void changed();

 private:
  void ask(bool urgent);

  StoreSession* session_;
  ViewController* view_;
  SweepQueue* queue_;
  Scope scope_;
  std::size_t shown_ = 0;
  double stopRegret_ = 0;
  bool atLine_ = false;
  double lineBits_ = 0;
  LiveAnswer<std::vector<NextRuns>> next_;
};

}  // namespace bitfrontier
