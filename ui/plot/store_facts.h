// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <QString>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/law/data/law_point.h"
#include "core/law/data/series.h"
#include "core/store/run_record.h"

namespace bitfrontier {

/// What drawing some points of a store needs to know of all of it.
struct StoreFacts {
  /// A task of a run.
  struct Task {
    std::string name;
    bool text = false;  ///< gives cross-entropy, not accuracy
  };
  using Tasks = std::unordered_map<std::int64_t, Task>;  ///< by the number of the run

  /// @name In the order of first appearance
  /// Shapes, fills and colours go by it, so that neither a filter nor new runs change those of what
  /// was there before.
  /// @{
  std::vector<std::string> families;
  std::vector<std::string> methods;  ///< without round to nearest
  std::map<SeriesKey, std::vector<QString>> values;
  /// @}
  std::shared_ptr<const Tasks> tasks;

  /// Names of the tasks behind a point's metric, sorted; empty when they are not known.
  std::vector<std::string> tasksOf(const LawPoint& point, LawMetric metric) const;
};

/// Of runs in the order of their ids.
StoreFacts storeFacts(std::span<const RunRecord> runs);

/// Round to nearest is what everybody means when no method is named.
bool isPlainMethod(const std::string& method);

}  // namespace bitfrontier
