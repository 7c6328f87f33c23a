// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "core/eval/task.h"

namespace bitfrontier {

/// One row of a task's file as requests, with the strings of lm-evaluation-harness 0.4.13. `label`
/// is the row's line of a labels file, where there is one. `where` starts error texts. Throws
/// Format. Not for Custom.
TaskItem makeTaskItem(TaskKind kind, const nlohmann::json& row, const std::string& where,
                      const std::optional<std::string>& label = {});

/// A text as the one request of a Rolling item. Throws Format when it is empty.
TaskItem makeTextItem(std::string text, const std::string& where);

/// A page of WikiText as distributed: its running text, counted as it was.
TaskItem makeWikiTextItem(const std::string& page, const std::string& where);

/// What the scoring of a kind is, which metrics the harness reports for it, and so on. Not for
/// Custom.
void describeTask(TaskKind kind, Task& task);

}  // namespace bitfrontier
