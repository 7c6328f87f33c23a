// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <sstream>
#include <unordered_map>
#include <unordered_set>

#include "core/base/file.h"
#include "core/eval/task.h"
#include "core/pocket/corpus.h"

namespace bitfrontier::pocket {
namespace {

namespace fs = std::filesystem;

/// The words of a text; punctuation belongs to its word.
std::vector<std::string> words(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> all;
  for (std::string word; in >> word;) all.push_back(word);
  return all;
}

/// Tasks as the evaluator reads them and what the whole training corpus says, made once.
struct Suite {
  World world{kWorldSeed};
  PocketTasks tasks = makeTasks(world, kWorldSeed);
  std::map<std::string, Task> loaded;
  std::unordered_map<std::string, double> wordCounts;
  std::unordered_map<std::string, int> sentenceCounts;  ///< sentences of people documents
  std::size_t heldOutInTraining = 0;
  double words_ = 0;

  Suite() {
    const fs::path dir = fs::temp_directory_path() / ("bf_tasks_" + std::to_string(::getpid()));
    fs::create_directories(dir);
    for (const SuiteFile& file : tasks.files) writeFileAtomic(dir / file.name, file.content);
    for (const SuiteFile& file : tasks.files) {
      if (file.name.ends_with(".jsonl")) loaded[file.name] = loadTask(dir / file.name);
    }
    fs::remove_all(dir);
    forEachTrainingDocument(world, tasks, [this](std::string_view document) {
      const std::string text(document);
      for (std::size_t end = text.find('.'); end != text.npos; end = text.find('.', end + 1)) {
        heldOutInTraining += tasks.heldOut.contains(text.substr(0, end + 1));
      }
      for (const std::string& word : words(text)) {
        wordCounts[word] += 1;
        words_ += 1;
      }
      for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(". ", begin), text.size());
        ++sentenceCounts[text.substr(begin, end - begin)];
        begin = end + 2;
      }
    });
  }
};

const Suite& suite() {
  static const Suite instance;
  return instance;
}

/// Accuracy of choosing, for each item, the request with the largest value; ties share.
template <typename Value>
double guess(const Task& task, Value value) {
  double correct = 0;
  for (const TaskItem& item : task.items) {
    double best = -INFINITY;
    int ties = 0;
    bool goldIsBest = false;
    for (std::size_t k = 0; k < item.requests.size(); ++k) {
      const double v = value(item.requests[k]);
      if (v > best) {
        best = v;
        ties = 0;
        goldIsBest = false;
      }
      if (v == best) {
        ++ties;
        goldIsBest = goldIsBest || static_cast<int>(k) == item.gold;
      }
    }
    if (goldIsBest) correct += 1.0 / ties;
  }
  return correct / static_cast<double>(task.items.size());
}

TEST(PocketTasks, HaveAThousandItemsEach) {
  ASSERT_EQ(suite().loaded.size(), 4U);
  for (const auto& [name, task] : suite().loaded) EXPECT_EQ(task.items.size(), 1000U) << name;
}

TEST(PocketTasks, ShortcutsScoreAtChance) {
  const auto unigram = [](const TextRequest& request) {
    double sum = 0;
    for (const std::string& word : words(request.continuation)) {
      const auto found = suite().wordCounts.find(word);
      sum +=
          std::log(((found == suite().wordCounts.end() ? 0 : found->second) + 1) / suite().words_);
    }
    return sum;
  };
  const auto length = [](const TextRequest& request) {
    return static_cast<double>(request.continuation.size() + request.context.size());
  };
  for (const auto& [name, task] : suite().loaded) {
    if (task.kind == TaskKind::Lambada) continue;
    const double chance = 1.0 / static_cast<double>(task.items[0].requests.size());
    const double tolerance = 3.5 * std::sqrt(chance * (1 - chance) / 1000);
    EXPECT_NEAR(guess(task, unigram), chance, tolerance) << name << ", likeliest words";
    EXPECT_NEAR(guess(task, length), chance, tolerance) << name << ", longest";
    EXPECT_NEAR(guess(task, [&](const TextRequest& r) { return -length(r); }), chance, tolerance)
        << name << ", shortest";
  }
}

TEST(PocketTasks, TheRightAnswerHasNoFavouritePlace) {
  for (const auto& [name, task] : suite().loaded) {
    if (task.kind == TaskKind::Lambada) continue;
    const auto choices = task.items[0].requests.size();
    std::vector<double> counts(choices);
    for (const TaskItem& item : task.items) counts[static_cast<std::size_t>(item.gold)] += 1;
    const double chance = 1.0 / static_cast<double>(choices);
    for (const double count : counts) {
      EXPECT_NEAR(count / 1000, chance, 4 * std::sqrt(chance * (1 - chance) / 1000)) << name;
    }
  }
}

TEST(PocketTasks, SkillItemsNeverOccurInTraining) {
  EXPECT_EQ(suite().heldOutInTraining, 0U);
  EXPECT_GT(suite().tasks.heldOut.size(), 1400U);
}

TEST(PocketTasks, FactsWereMentionedInTraining) {
  // Odd items of the last-word task state a fact; some phrasing of it must be in the corpus.
  const Task& task = suite().loaded.at("pocket_lambada.jsonl");
  std::unordered_set<std::string> mentioned;
  for (const Person& person : suite().world.people()) {
    for (std::size_t r = 0; r < kRelations; ++r) {
      const auto relation = static_cast<Relation>(r);
      for (std::size_t p = 0; p < World::kFactPhrasings; ++p) {
        const std::string sentence = suite().world.fact(person, relation, p);
        if (suite().sentenceCounts.contains(sentence) ||
            suite().sentenceCounts.contains(sentence + ".")) {
          mentioned.insert(suite().world.name(person) + "|" +
                           std::string(World::value(person, relation)));
        }
      }
    }
  }
  EXPECT_GT(mentioned.size(), 0.99 * kRelations * suite().world.people().size());
  std::size_t missing = 0;
  for (std::size_t i = 1; i < task.items.size(); i += 2) {
    const TextRequest& request = task.items[i].requests[0];
    bool found = false;
    for (const Person& person : suite().world.people()) {
      if (request.context.find(suite().world.name(person)) == std::string::npos) continue;
      found = mentioned.contains(suite().world.name(person) + "|" + request.continuation.substr(1));
    }
    missing += !found;
  }
  EXPECT_LE(missing, 2U);
}

}  // namespace
}  // namespace bitfrontier::pocket
