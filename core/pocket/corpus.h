// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/job.h"
#include "core/modelquant/calibration_text.h"
#include "core/pocket/pocket_tasks.h"

namespace bitfrontier::pocket {

/// The seed of the one world that the suite is about, and the size of its corpus.
inline constexpr std::uint64_t kWorldSeed = 4;
inline constexpr std::uint64_t kCorpusDocuments = 700'000;
inline constexpr std::size_t kTextDocuments = 1000;
inline constexpr std::size_t kVocabulary = 1024;
inline constexpr std::string_view kEndOfText = "<|endoftext|>";

/// Everything that is derived from seeds: task files, held-out text, tokenizer, hash of the
/// training corpus.
struct PocketData {
  std::vector<SuiteFile> tasks;  ///< tasks and pocket_text.jsonl
  std::string tokenizerJson;
  std::string corpusSha256;  ///< of all training documents, each followed by a zero byte
  std::uint64_t corpusDocuments = 0;
  std::uint64_t corpusBytes = 0;
};

/// Calls `use` with every training document in order; documents that contain a held-out sentence
/// verbatim are left out.
void forEachTrainingDocument(const World& world, const PocketTasks& tasks,
                             const std::function<void(std::string_view)>& use,
                             const JobContext& job = {});

/// The first `documents` training documents, <|endoftext|> behind each: a calibration text, about
/// 250 bytes a document. A second.
CalibrationText calibrationSample(std::size_t documents = 4000);

/// Builds all derived data; a few seconds. Reports progress and obeys the stop token.
PocketData buildPocketData(const JobContext& job = {});

/// The training corpus as token ids, documents separated by <|endoftext|>.
std::vector<std::uint16_t> tokenizeCorpus(const std::string& tokenizerDirectory,
                                          const JobContext& job = {});

}  // namespace bitfrontier::pocket
