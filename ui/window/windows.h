// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <QLockFile>
#include <QObject>
#include <QPointer>
#include <QTimer>
#include <vector>

#include "ui/base/latest_task.h"
#include "ui/window/main_window.h"
#include "ui/window/session_file.h"

namespace bitfrontier {

/// The windows of this process. What they show is written down every two seconds and comes back
/// with the next start, also when the process was killed. Of several processes the first keeps the
/// session.
class Windows : public QObject {
  Q_OBJECT

 public:
  /// `folder` is where the session is kept, see stateFolder().
  explicit Windows(const std::filesystem::path& folder);
  /// Writes the session as ended.
  ~Windows() override;

  /// Opens the windows of the last session; with a store, one window of that store, as it was shown
  /// last. `defaultStore` gives what is shown when there is nothing else.
  void start(const std::filesystem::path& store,
             const std::function<std::filesystem::path()>& defaultStore);
  /// One more window.
  MainWindow& open(const std::filesystem::path& store);
  const std::vector<QPointer<MainWindow>>& windows() const { return windows_; }
  /// Whether the last session was not ended by the user.
  bool recovered() const { return recovered_; }
  /// Whether this process keeps the session.
  bool keeps() const { return keeps_; }
  const std::filesystem::path& file() const { return file_; }

 private:
  MainWindow& make();
  void show(MainWindow& window, const SessionWindow& wanted,
            const std::function<std::filesystem::path()>& defaultStore);
  void startFresh();
  Session now() const;
  void save();
  void closed(MainWindow* window);

  std::filesystem::path file_;
  QLockFile lock_;
  bool keeps_ = false, recovered_ = false;
  QString trouble_;
  std::vector<QPointer<MainWindow>> windows_;
  std::vector<SessionWindow> closed_;  ///< in this turn of the event loop: all are closed together
  Session last_, saved_;
  QTimer timer_;
  std::unique_ptr<LatestTask> writing_ = std::make_unique<LatestTask>();
};

}  // namespace bitfrontier
