// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/sweep_actions.h"

#include <QGuiApplication>

#include "ui/settings/theme.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

SweepActions::SweepActions(Actions* actions, SweepQueue* queue, QueuePanel* panel, QObject* parent)
    : QObject(parent), actions_(actions), queue_(queue), panel_(panel) {
  connect(actions->pause, &QAction::triggered, this, &SweepActions::pauseOrResume);
  connect(actions->cancel, &QAction::triggered, this, &SweepActions::cancel);
  connect(panel, &QueuePanel::actionsChanged, this, &SweepActions::update);
  connect(queue, &SweepQueue::jobChanged, this, &SweepActions::update);
  connect(queue, &SweepQueue::jobRemoved, this, &SweepActions::update);
  update();
}

SweepJob* SweepActions::target() const {
  for (const SweepJob::State state : {SweepJob::State::Running, SweepJob::State::Paused}) {
    SweepJob* selected = panel_->selectedJob();
    if (selected && selected->state() == state) return selected;
    for (int row = 0; row < queue_->size(); ++row) {
      if (queue_->job(row)->state() == state) return queue_->job(row);
    }
  }
  return nullptr;
}

void SweepActions::update() {
  const SweepJob* job = target();
  const bool paused = job && job->state() == SweepJob::State::Paused;
  QAction& pause = *actions_->pause;
  pause.setText(paused ? tr("&Resume") : tr("&Pause"));
  const QString icon = paused ? u"resume"_s : u"pause"_s;
  if (pause.property("iconName").toString() != icon) {
    pause.setProperty("iconName", icon);
    pause.setIcon(themedIcon(icon, QGuiApplication::palette()));
  }
  pause.setEnabled(job != nullptr);
  pause.setStatusTip(!job     ? tr("No sweep is running")
                     : paused ? tr("Goes on with the sweep that is paused")
                              : tr("Pauses the sweep after its current batch"));
  actions_->cancel->setEnabled(job != nullptr);
  actions_->cancel->setStatusTip(
      job ? tr("Stops the sweep after its current batch; finished cells stay stored")
          : tr("No sweep is running"));
}

void SweepActions::pauseOrResume() {
  SweepJob* job = target();
  if (!job) return;
  if (job->state() == SweepJob::State::Running) {
    job->pause();
  } else {
    queue_->resume(job);
  }
}

void SweepActions::cancel() {
  if (SweepJob* job = target()) panel_->cancel(job);
}

}  // namespace bitfrontier
