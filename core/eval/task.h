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
inline constexpr std::string_view kEvaluatorVersion = "2";

/// The task formats that are understood.
enum class TaskKind {
  Lambada,     ///< last word of a passage, correct when greedy decoding gives it
  HellaSwag,   ///< choose the ending of a passage
  Piqa,        ///< choose the solution of a goal
  WinoGrande,  ///< choose the name that makes the rest of a sentence likelier
  Arc,         ///< choose the answer of a science question, easy or challenge
  WikiText,    ///< pages of WikiText, detokenized; perplexities of the pages as distributed
  Text,        ///< documents; cross-entropy, perplexities and bits per byte
  Custom,      ///< as a description says, see custom_task.h
};

/// "lambada", "hellaswag", "piqa", "winogrande", "arc", "wikitext", "text", "custom".
std::string_view taskKindName(TaskKind kind);

/// What is done with the log likelihoods of an item's requests.
enum class Scoring {
  LastWord,  ///< one request: right when greedy, perplexity of the word
  Choices,   ///< one request for each choice: right when the gold one has the best
  Rolling,   ///< one text: sums over documents
};

/// One conditional log likelihood: of `continuation` after `context`.
struct TextRequest {
  std::string context;
  std::string continuation;
};

/// One item: its requests (one per choice; without context when Rolling).
struct TaskItem {
  std::vector<TextRequest> requests;
  int gold = 0;  ///< index of the right request
  /// What perplexities are taken per, when Rolling; of the text as distributed.
  std::int64_t words = 0, bytes = 0;
};

/// A task, read and turned into request strings.
struct Task {
  std::string name;  ///< file stem, e.g. "pocket_piqa"; "piqa_valid" for piqa/valid.jsonl
  TaskKind kind = TaskKind::Text;
  Scoring scoring = Scoring::Rolling;
  double version = 1;                ///< of the harness's task, or the description's own
  std::vector<std::string> metrics;  ///< what a report shows, in the harness's names
  /// Choices are compared per character and per byte too (acc_norm, acc_bytes).
  bool normalized = false;
  std::size_t delimiterBytes = 1;  ///< of each continuation, between context and choice
  std::vector<TaskItem> items;
  std::int64_t totalItems = 0;  ///< in the file
  std::int64_t itemLimit = 0;   ///< as asked for; 0 = all
  std::string hash;             ///< SHA-256 of kind, limit, request strings and right answers
  std::int64_t bytes = 0;       ///< UTF-8 bytes of all request strings, for time estimates
};

/// Reads a task in the form in which its namesake is distributed and builds the request strings of
/// lm-evaluation-harness 0.4.13, zero-shot. `source` is [NAME=]PATH; the path names
///  - JSON Lines: lambada {text}; hellaswag {activity_label, ctx_a, ctx_b, label, endings}; piqa
///    {goal, sol1, sol2} with label inside or line by line in `<stem>-labels.lst` beside it;
///    winogrande {sentence, option1, option2, answer} likewise; arc {question, choices, answerKey}
///    as distributed or as on the hub; wikitext {page}; text {text};
///  - one JSON array of such rows, .json or .jsonl;
///  - plain text: lambada one passage a line, wikitext as distributed, text one document;
///  - Parquet as the hub has it, with the same fields (see parquet.h);
///  - a folder or zip archive holding such a file under its usual name, or PATH.zip/MEMBER;
///  - a description, .json (see custom_task.h).
/// The kind is the first of these words in NAME, the file name or the folder's name. Takes the
/// first `itemLimit` items (0 = all). Throws NotFound, Io, InvalidArgument (unknown kind, negative
/// limit), Unsupported (no Parquet module) and Format naming file, line and field.
Task loadTask(const std::filesystem::path& source, std::int64_t itemLimit = 0);

}  // namespace bitfrontier
