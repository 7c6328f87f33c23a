// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <QObject>
#include <QString>
#include <string>

#include "core/base/job.h"
#include "core/hub/hub_fetch.h"
#include "ui/base/latest_task.h"

namespace bitfrontier {

/// One model that is downloaded into the cache in the background. Pausing keeps what is there, and
/// so does cancelling; both go on from it. Core checks sizes and SHA-256, tries again after errors
/// of the network, and lets one process write a file.
class ModelDownload : public QObject {
  Q_OBJECT

 public:
  enum class State { Asking, Running, Paused, Done, Cancelled, Failed };
  Q_ENUM(State)

  /// Asks what has to be downloaded and does it; by default planFetch, checkSpace and fetchModel.
  /// Reports bytes. Tests inject others.
  using Fetch = std::function<std::filesystem::path(const HubModel&, const JobContext&)>;
  static Fetch defaultFetch();

  ModelDownload(HubModel model, Fetch fetch, QObject* parent = nullptr);

  const HubModel& model() const { return model_; }
  State state() const { return state_; }
  std::int64_t doneBytes() const { return done_; }
  std::int64_t totalBytes() const { return total_; }  ///< 0 while unknown
  const QString& error() const { return error_; }     ///< why it failed, or what it waits for
  const std::filesystem::path& directory() const { return directory_; }
  bool active() const { return state_ == State::Asking || state_ == State::Running; }

  void start();  ///< also after a pause, a cancel or a failure
  void pause();
  void cancel();

 Q_SIGNALS:
  void changed();

 private:
  void stop(State state);
  void setState(State state);

  HubModel model_;
  Fetch fetch_;
  State state_ = State::Asking;
  std::int64_t done_ = 0, total_ = 0;
  QString error_;
  std::filesystem::path directory_;
  LatestTask task_;
};

}  // namespace bitfrontier
