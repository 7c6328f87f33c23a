// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <QByteArray>
#include <QJsonObject>
#include <QLockFile>
#include <QString>
#include <string>
#include <thread>
#include <vector>

#include "ui/jobs/sweep_job.h"

namespace bitfrontier {

/// The queue on the disk: one JSON file for each running program, queue.json, queue-2.json, ... in
/// a folder, each with a lock. What programs that are no longer there have left is taken over.
/// Files are replaced as a whole and flushed, by a thread of their own; calibration texts lie
/// beside them, named by their content.
class QueueFile {
 public:
  struct Kept {
    SweepSpec spec;
    std::filesystem::path store;
    std::string device;
    SweepJob::Record record;
  };

  /// `failed` is called on any thread when the queue cannot be written or a file not be read.
  /// Throws Error{Io} when the folder cannot be made or locked.
  QueueFile(const std::filesystem::path& folder, std::function<void(const QString&)> failed);
  /// Writes what is left to be written.
  ~QueueFile();

  /// What this and ended programs have left, once.
  std::vector<Kept> take();
  void save(const std::vector<Kept>& jobs);
  /// Waits until what was saved is on the disk, or could not be written.
  void flush();
  /// Writes what was saved and nothing after it.
  void freeze();
  const std::filesystem::path& path() const { return path_; }

  /// @name The form of a queue in JSON
  /// @{
  static QJsonObject toJson(const Kept& job, const std::filesystem::path& folder);
  /// Throws Error{Format} saying what is wrong.
  static Kept fromJson(const QJsonObject& json, const std::filesystem::path& folder);
  /// @}

 private:
  void write(const std::stop_token& stop);

  std::filesystem::path folder_, path_;
  std::function<void(const QString&)> failed_;
  std::unique_ptr<QLockFile> lock_;
  std::mutex mutex_;
  std::condition_variable_any wake_, written_;
  std::optional<QByteArray> waiting_;
  bool writing_ = false, frozen_ = false;
  QByteArray last_;
  std::jthread thread_;  // last: starts when all the rest exists
};

}  // namespace bitfrontier
