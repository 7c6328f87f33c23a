// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <QObject>
#include <QString>
#include <QTimer>
#include <vector>

#include "core/law/law_point.h"
#include "core/store/run_record.h"
#include "core/store/run_store.h"
#include "ui/jobs/latest_task.h"

namespace bitfrontier {

/// What was in a store at one moment; shared between panels, never changed.
struct StoreSnapshot {
  std::filesystem::path path;
  BitsRule rule = BitsRule::CheckpointBytes;
  std::shared_ptr<const std::vector<RunRecord>> runs;  ///< without per-item outcomes
  std::shared_ptr<const std::vector<LawPoint>> points;
};
using SnapshotPtr = std::shared_ptr<const StoreSnapshot>;

/// Reads everything the window shows. Blocking; throws Error.
SnapshotPtr readSnapshot(const std::filesystem::path& path, BitsRule rule);

/// Adds the shipped published results to a store that has none. Blocking; throws Error.
/// Returns how many runs were added.
std::size_t addPublishedResults(const std::filesystem::path& path);

/// The open store: loads it in the background and again whenever any process has written to it.
class StoreSession : public QObject {
  Q_OBJECT

 public:
  explicit StoreSession(QObject* parent = nullptr);
  ~StoreSession() override;

  /// Opens (creates) a store; `withPublished` fills in the published results where there are none.
  void open(const std::filesystem::path& path, bool withPublished = false);
  /// Points are totalled by another counting rule; reloads.
  void setRule(BitsRule rule);
  /// Loads again now.
  void reload();
  /// Imports the published results in the background.
  void importPublished();

  const std::filesystem::path& path() const { return path_; }
  const SnapshotPtr& snapshot() const { return snapshot_; }
  /// True while the store is being read.
  bool busy() const { return task_.busy(); }

 Q_SIGNALS:
  void loaded(bitfrontier::SnapshotPtr snapshot);
  void failed(QString sentence);

 private:
  void load(bool withPublished);
  void poll();

  std::filesystem::path path_;
  BitsRule rule_ = BitsRule::CheckpointBytes;
  SnapshotPtr snapshot_;
  std::optional<RunStore> watched_;  ///< only asked for its revision
  std::int64_t revision_ = -1;
  QTimer timer_;
  LatestTask task_;
};

}  // namespace bitfrontier
