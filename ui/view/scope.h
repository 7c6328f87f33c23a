// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/advice/family_runs.h"
#include "ui/base/view_options.h"
#include "ui/jobs/store_session.h"
#include "ui/view/view_controller.h"

namespace bitfrontier {

/// What questions to core about a store are about: the points that are in view, as core's functions
/// take them. A value, cheap to copy into a background task; the members block.
struct Scope {
  SnapshotPtr snapshot;  ///< null: no store is open
  ViewOptions options;
  std::shared_ptr<const std::vector<LawPoint>> points;  ///< in view

  explicit operator bool() const { return snapshot && points && !points->empty(); }
  LawMetric metric() const { return options.metric; }
  /// The store, opened for reading.
  RunStore open() const;
  /// Origin, counting rule and tasks of the view.
  RunFilter filter() const;
  /// The points in view and no others.
  PointChoice keep() const;
  /// Whether an answer to the other one is an answer to the same question about older data.
  bool sameQuestion(const Scope& other) const;
};

Scope scopeOf(const StoreSession& session, const ViewController& view);

}  // namespace bitfrontier
