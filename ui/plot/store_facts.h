// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <QString>
#include <span>
#include <string>
#include <vector>

#include "core/law/data/law_point.h"
#include "core/law/data/series.h"
#include "core/store/run_record.h"
#include "core/store/run_row.h"

namespace bitfrontier {

/// What drawing some points of a store needs to know of all of it.
struct StoreFacts {
  /// @name In the order of first appearance
  /// Shapes, fills and colours go by it, so that neither a filter nor new runs change those of what
  /// was there before.
  /// @{
  std::vector<std::string> families;
  std::vector<std::string> methods;  ///< without round to nearest
  std::map<SeriesKey, std::vector<QString>> values;
  /// @}
};

/// Of runs in the order of their ids.
StoreFacts storeFacts(std::span<const RunRow> runs);
StoreFacts storeFacts(std::span<const RunRecord> runs);

/// Round to nearest is what everybody means when no method is named.
bool isPlainMethod(const std::string& method);

}  // namespace bitfrontier
