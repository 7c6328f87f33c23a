// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <QObject>
#include <QString>
#include <QTimer>
#include <string>
#include <vector>

#include "core/law/data/law_point.h"
#include "core/store/run_row.h"
#include "core/store/run_store.h"
#include "ui/base/latest_task.h"
#include "ui/plot/store_facts.h"
#include "ui/runs/filter_edit.h"

namespace bitfrontier {

/// What was in a store at one moment; shared between panels, never changed.
struct StoreSnapshot {
  std::filesystem::path path;
  CountingRule rule = CountingRule::CheckpointBytes;
  RunRowsPtr runs;
  std::shared_ptr<const std::vector<LawPoint>> points;
  /// Points that miss some of the tasks that their peers have.
  std::shared_ptr<const std::vector<LawPoint>> partial;
  StoreFacts facts;
  std::shared_ptr<const FieldWords> words;  ///< what the filter box offers
  std::string readOnly;  ///< why the store cannot be written, a sentence; empty when it can
};
using SnapshotPtr = std::shared_ptr<const StoreSnapshot>;

/// Reads everything the window shows. Blocking; throws Error.
SnapshotPtr readSnapshot(const std::filesystem::path& path, CountingRule rule);

/// `before` with other runs. Blocking.
SnapshotPtr withRuns(const StoreSnapshot& before, RunRowsPtr runs);

/// Adds the shipped published results to a store that has none. Blocking; throws Error.
/// Returns how many runs were added.
std::size_t addPublishedResults(const std::filesystem::path& path);

/// The open store: loads it in the background, and whenever any process has written to it what is
/// new in it. It only reads, by one connection for as long as the store is open.
class StoreSession : public QObject {
  Q_OBJECT

 public:
  enum class Open {
    Existing,       ///< a store that is there
    New,            ///< is made when it is not there
    WithPublished,  ///< made, and filled with the published results it does not have
  };

  explicit StoreSession(QObject* parent = nullptr);
  ~StoreSession() override;

  /// Opens a store in place of the open one; when that fails, the open one stays.
  void open(const std::filesystem::path& path, Open how = Open::Existing);
  /// Points are totalled by another counting rule, from the runs in memory.
  void setRule(CountingRule rule);
  /// Loads again now.
  void reload();
  /// Imports the published results in the background.
  void importPublished();

  /// Of the open store; empty while there is none.
  const std::filesystem::path& path() const { return path_; }
  const SnapshotPtr& snapshot() const { return snapshot_; }
  /// True while the store is being read.
  bool busy() const { return task_.busy(); }

 Q_SIGNALS:
  void loaded(bitfrontier::SnapshotPtr snapshot);
  void failed(QString sentence);

 private:
  struct Reader;
  using ReaderPtr = std::shared_ptr<Reader>;

  void load(const std::filesystem::path& path, ReaderPtr reader, Open how);
  /// Makes the points of the loaded runs again unless they are totalled by the rule.
  void retotal();
  void poll();
  /// Says it once, however often it is tried again.
  void report(const QString& sentence);

  std::filesystem::path path_;
  CountingRule rule_ = CountingRule::CheckpointBytes;
  SnapshotPtr snapshot_;
  ReaderPtr reader_;
  QString trouble_;       ///< what was last reported of the open store
  bool reading_ = false;  ///< `task_` reads the store; else it totals points
  QTimer timer_;
  LatestTask task_, watch_;
};

}  // namespace bitfrontier
