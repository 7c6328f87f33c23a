// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/eval/task.h"

namespace bitfrontier {

/// Where a task comes from: [NAME=]PATH, taken apart.
struct TaskSource {
  std::string name;  ///< empty when not given
  std::filesystem::path path;
};

/// A text with an equals sign that names an existing path is that path.
TaskSource parseTaskSource(const std::filesystem::path& source);

/// The content of a task's file, whatever it was wrapped in.
struct TaskFile {
  std::string name;     ///< for errors: the path, with the member of an archive
  std::string content;  ///< JSON Lines, or plain text
  bool jsonLines = true;
  std::optional<std::string> labels;  ///< content of `<stem>-labels.lst` beside it
  std::string labelsName;
  bool fromArray = false;  ///< was one JSON array: a line is a row, errors name rows
};

/// Reads the file of a task of this kind from a file, folder or archive as loadTask() describes.
TaskFile readTaskFile(const TaskSource& source, TaskKind kind);

struct TaskDescription;

/// The items of a file's content. `description`: for Custom. Throws Format and Unsupported as
/// loadTask().
Task buildTask(std::string name, TaskKind kind, const TaskFile& file, std::int64_t itemLimit,
               const TaskDescription* description = nullptr);

/// Whether a file holds a JSON array: its first character that is not blank is "[". False for a
/// file that cannot be read.
bool holdsArray(const std::filesystem::path& path);

/// Throws Format naming the first byte that is not UTF-8.
void requireUtf8(const std::string& text, const std::string& name);

/// A line of a file and its number, from 1.
struct NumberedLine {
  std::string_view text;
  std::int64_t number = 0;
};

/// The lines of a text that are not blank.
std::vector<NumberedLine> linesOf(std::string_view content);

}  // namespace bitfrontier
