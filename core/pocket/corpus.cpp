// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pocket/corpus.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/tokenizer/bpe/bpe_trainer.h"
#include "core/tokenizer/tokenizer.h"

namespace bitfrontier::pocket {
namespace {

constexpr std::uint64_t kTokenizerDocuments = 60'000;

/// FNV-1a, 64 bit: the same everywhere, unlike std::hash.
std::uint64_t fingerprint(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return hash;
}

/// Whether a sentence end of the document closes a held-out text.
bool beginsWithHeldOut(const std::string& text, const std::unordered_set<std::string>& heldOut) {
  for (std::size_t end = text.find('.'); end != std::string::npos; end = text.find('.', end + 1)) {
    if (heldOut.contains(text.substr(0, end + 1))) return true;
  }
  return false;
}

/// Held-out documents of the same kinds as the corpus, none of which training contains.
SuiteFile heldOutText(const World& world, const std::unordered_set<std::uint64_t>& seen) {
  SuiteFile file{"pocket_text.jsonl", {}};
  std::size_t kept = 0;
  for (std::uint64_t index = 0; kept < kTextDocuments; ++index) {
    const std::string text = world.document(kHeldOutStream, index);
    if (seen.contains(fingerprint(text))) continue;
    file.content += nlohmann::ordered_json{{"text", text}}.dump() + "\n";
    ++kept;
  }
  return file;
}

}  // namespace

void forEachTrainingDocument(const World& world, const PocketTasks& tasks,
                             const std::function<void(std::string_view)>& use,
                             const JobContext& job) {
  for (std::uint64_t index = 0; index < kCorpusDocuments; ++index) {
    if (index % 4096 == 0) {
      job.throwIfCancelled();
      job.progress({static_cast<double>(index) / static_cast<double>(kCorpusDocuments), "corpus",
                    static_cast<std::int64_t>(index), static_cast<std::int64_t>(kCorpusDocuments)});
    }
    const std::string text = world.document(kTrainStream, index);
    if (!beginsWithHeldOut(text, tasks.heldOut)) use(text);
  }
}

CalibrationText calibrationSample(std::size_t documents) {
  const World world(kWorldSeed);
  const PocketTasks tasks = makeTasks(world, kWorldSeed);
  CalibrationText sample;
  sample.name = "pocket";
  std::size_t taken = 0;
  for (std::uint64_t index = 0; taken < documents; ++index) {
    const std::string text = world.document(kTrainStream, index);
    if (beginsWithHeldOut(text, tasks.heldOut)) continue;
    sample.text += text;
    sample.text += kEndOfText;
    ++taken;
  }
  return sample;
}

PocketData buildPocketData(const JobContext& job) {
  const World world(kWorldSeed);
  const PocketTasks tasks = makeTasks(world, kWorldSeed);
  PocketData data;
  data.tasks = tasks.files;
  Sha256 hash;
  std::string sample;
  std::unordered_set<std::uint64_t> seen;
  constexpr std::string_view kSeparator("\0", 1);
  forEachTrainingDocument(
      world, tasks,
      [&](std::string_view text) {
        hash.update(text);
        hash.update(kSeparator);
        data.corpusBytes += text.size();
        seen.insert(fingerprint(text));
        if (data.corpusDocuments++ < kTokenizerDocuments) {
          sample += text;
          sample += '\n';
        }
      },
      job);
  data.corpusSha256 = hash.hexDigest();
  data.tasks.push_back(heldOutText(world, seen));
  BpeTrainOptions options;
  options.vocabSize = kVocabulary;
  options.specialTokens = {std::string(kEndOfText)};
  data.tokenizerJson = trainByteLevelBpe(sample, options, job);
  return data;
}

std::vector<std::uint16_t> tokenizeCorpus(const std::string& tokenizerDirectory,
                                          const JobContext& job) {
  const Tokenizer tokenizer = Tokenizer::load(tokenizerDirectory);
  const auto separator = tokenizer.tokenId(kEndOfText);
  if (!separator || tokenizer.vocabSize() > 65536) {
    throw Error(ErrorKind::Format,
                fmt::format("{}: the tokenizer has no {} or more than 65536 tokens",
                            tokenizerDirectory, kEndOfText));
  }
  const World world(kWorldSeed);
  const PocketTasks tasks = makeTasks(world, kWorldSeed);
  std::vector<std::uint16_t> ids = {static_cast<std::uint16_t>(*separator)};
  forEachTrainingDocument(
      world, tasks,
      [&](std::string_view text) {
        for (const std::int32_t id : tokenizer.encode(text)) {
          ids.push_back(static_cast<std::uint16_t>(id));
        }
        ids.push_back(static_cast<std::uint16_t>(*separator));
      },
      job);
  return ids;
}

}  // namespace bitfrontier::pocket
