// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ui/base/view_options.h"
#include "ui/plot/frontier_plot.h"

namespace bitfrontier {

/// How a table is arranged. Columns go by their titles.
struct TableLayout {
  std::vector<std::string> columns;  ///< that are shown, from left to right; empty: as they come
  std::string sortedBy;              ///< empty: not sorted
  bool ascending = true;
  int pinned = 0;         ///< columns at the left that stay when the others scroll
  std::string groupedBy;  ///< empty: no groups

  bool operator==(const TableLayout&) const = default;
};

/// All of what a window shows of its store: the same state on the same store is the same picture.
/// Sessions, saved views and figures hold it as JSON.
struct ViewState {
  std::string store;  ///< path of the file
  ViewOptions options;
  /// Chosen by the user; else the source and the metric follow what the store has.
  bool sourceChosen = false, metricChosen = false;
  std::optional<PlotRange> range;     ///< what is zoomed into; absent: the plot follows the data
  PlotVisibility hidden;              ///< switched off in the legend
  std::vector<std::string> selected;  ///< by pointKey, ascending
  std::string current;
  std::map<std::string, TableLayout> tables;  ///< by object name

  bool operator==(const ViewState&) const = default;
};

inline constexpr int kViewStateVersion = 1;

/// One object, readable by people, that dump() can write as it is.
nlohmann::ordered_json toJson(const ViewState& state);

/// What cannot be read falls back to the default, and `complaints` gets a sentence for each such
/// place and each member that is not known. Throws Error{Format} for what is no view at all, or one
/// of another version.
ViewState viewStateFromJson(const nlohmann::json& json,
                            std::vector<std::string>* complaints = nullptr);

/// A view as text and back; `where` (a file) starts every sentence.
std::string viewStateText(const ViewState& state);
ViewState parseViewState(std::string_view text, std::string_view where,
                         std::vector<std::string>* complaints = nullptr);

}  // namespace bitfrontier
