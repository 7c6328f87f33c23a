// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "ui/panels/queue/queue_panel.h"
#include "ui/window/actions.h"

namespace bitfrontier {

/// The actions of menu and tool bar that pause, resume and cancel. They act on the sweep that runs,
/// whichever row of the panel is selected; the panel's own buttons act on the selected one.
class SweepActions : public QObject {
  Q_OBJECT

 public:
  SweepActions(Actions* actions, SweepQueue* queue, QueuePanel* panel, QObject* parent);

  /// The sweep that the actions act on: one that runs, else one that is paused, else null. Where
  /// several devices have one, the selected one comes first.
  SweepJob* target() const;

 private:
  void update();
  void pauseOrResume();
  void cancel();

  Actions* actions_;
  SweepQueue* queue_;
  QueuePanel* panel_;
};

}  // namespace bitfrontier
