// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <QObject>
#include <string>
#include <vector>

#include "ui/jobs/store_session.h"

namespace bitfrontier {

/// The runs of one store and those that others have besides, as one snapshot. What was measured is
/// the same run wherever its key is the same; where its results differ both are kept, the other one
/// as of the source "FILE: differs from the run here", as mergeStore() does. What joins points of
/// several stores is the same as in one: what may be compared. Blocking.
SnapshotPtr joinStores(const SnapshotPtr& first, const std::vector<SnapshotPtr>& others);

/// Place of a joined run's store: 0 for the first, 1 for the first of the others, ...
std::size_t storeOfRun(std::int64_t id);

/// Stores whose runs are shown beside those of the open one; each is followed while it changes.
class JoinedStores : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;

  void setPaths(const std::vector<std::string>& paths);
  const std::vector<std::string>& paths() const { return paths_; }
  /// Of the stores that could be read so far, with empty places for the others.
  std::vector<SnapshotPtr> snapshots() const;
  bool busy() const;

 Q_SIGNALS:
  void changed();
  void failed(const QString& sentence);

 private:
  std::vector<std::string> paths_;
  std::vector<std::unique_ptr<StoreSession>> sessions_;
};

}  // namespace bitfrontier
