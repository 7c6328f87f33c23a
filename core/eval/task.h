// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace bitfrontier {

/// Version of request building and scoring; part of every cell key. Raise it whenever a change
/// could alter a score.
inline constexpr std::string_view kEvaluatorVersion = "1";

/// The task formats and scoring rules that are understood.
enum class TaskKind {
  Lambada,     ///< last word of a passage, correct when greedy decoding gives it
  HellaSwag,   ///< choose the ending of a passage
  Piqa,        ///< choose the solution of a goal
  WinoGrande,  ///< choose the name that makes the rest of a sentence likelier
  Text,        ///< documents; cross-entropy and bits per byte
};

/// "lambada", "hellaswag", "piqa", "winogrande", "text".
std::string_view taskKindName(TaskKind kind);

/// One conditional log likelihood: of `continuation` after `context`.
struct TextRequest {
  std::string context;
  std::string continuation;
};

/// One item: its requests (one per choice; one for Lambada; one without context for Text).
struct TaskItem {
  std::vector<TextRequest> requests;
  int gold = 0;  ///< index of the right request
};

/// A task file, read and turned into request strings.
struct Task {
  std::string name;  ///< file stem, e.g. "pocket_piqa"; "piqa_valid" for piqa/valid.jsonl
  TaskKind kind = TaskKind::Text;
  std::vector<TaskItem> items;
  std::int64_t itemLimit = 0;  ///< as asked for; 0 = all
  std::string hash;            ///< SHA-256 of kind, limit, request strings and right answers
  std::int64_t bytes = 0;      ///< UTF-8 bytes of all request strings, for time estimates
};

/// Reads a task in the format in which its namesake is distributed: JSON Lines with
/// lambada {text}; hellaswag {activity_label, ctx_a, ctx_b, label, endings}; piqa {goal, sol1,
/// sol2} with label inside or line by line in `<stem>-labels.lst` beside it; winogrande {sentence,
/// option1, option2, answer}; text {text}. The kind is the first of these words in the file name,
/// else in the name of its folder. Takes the first `itemLimit` items (0 = all). Request strings are
/// those of lm-evaluation-harness 0.4 (zero-shot). Throws NotFound, Io, InvalidArgument (unknown
/// kind, negative limit) and Format naming file, line and field.
Task loadTask(const std::filesystem::path& path, std::int64_t itemLimit = 0);

/// The kind that loadTask() derives from a path. Throws InvalidArgument.
TaskKind taskKindOf(const std::filesystem::path& path);

}  // namespace bitfrontier
