// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pocket/pocket_tasks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "core/pocket/vocabulary.h"

namespace bitfrontier::pocket {
namespace {

using Json = nlohmann::ordered_json;

template <typename Container>
const auto& pick(Rng& rng, const Container& from) {
  return from[static_cast<std::size_t>(rng.below(from.size()))];
}

/// Last words: even items are stories (copying), odd items state a fact.
SuiteFile lambada(const World& world, Rng rng, PocketTasks& tasks) {
  SuiteFile file{"pocket_lambada.jsonl", {}};
  for (std::size_t i = 0; i < kTaskItems; ++i) {
    std::string text;
    if (i % 2 == 0) {
      text = world.story(rng);
      tasks.heldOut.insert(text + ".");
    } else {
      text = world.fact(pick(rng, world.people()), static_cast<Relation>(rng.below(kRelations)),
                        static_cast<std::size_t>(rng.below(World::kFactPhrasings)));
    }
    file.content += Json{{"text", text}}.dump() + "\n";
  }
  return file;
}

/// The next step of a script among four; the wrong ones are the same step of other scripts.
SuiteFile hellaswag(const World& world, Rng rng) {
  static constexpr std::array<std::string_view, 3> kNext = {"then", "next", "finally"};
  SuiteFile file{"pocket_hellaswag.jsonl", {}};
  for (std::size_t i = 0; i < kTaskItems; ++i) {
    const Script& script = pick(rng, world.scripts());
    const auto given = 1 + static_cast<std::size_t>(rng.below(3));
    const std::string_view pronoun = rng.below(2) == 0 ? "she" : "he";
    std::string before = fmt::format("First {} {}.", pick(rng, kFirstNames), world.step(script, 0));
    if (given > 1) before += fmt::format(" Then {} {}.", pronoun, world.step(script, 1));
    if (given > 2) before += fmt::format(" Next {} {}.", pronoun, world.step(script, 2));
    const std::string next = fmt::format("{} {}", kNext[given - 1], pronoun);
    std::vector<std::string> endings = {world.step(script, given) + "."};
    while (endings.size() < 4) {
      const std::string other = world.step(pick(rng, world.scripts()), given) + ".";
      if (std::find(endings.begin(), endings.end(), other) == endings.end()) {
        endings.push_back(other);
      }
    }
    const auto label = static_cast<std::size_t>(rng.below(4));
    std::swap(endings[0], endings[label]);
    file.content += Json{{"ind", i},
                         {"activity_label", world.activity(script)},
                         {"ctx_a", before},
                         {"ctx_b", next},
                         {"ctx", before + " " + next},
                         {"split", "val"},
                         {"label", label},
                         {"endings", endings}}
                        .dump() +
                    "\n";
  }
  return file;
}

/// Which tool serves a purpose; the wrong one is right for another purpose.
std::vector<SuiteFile> piqa(const World& world, Rng rng) {
  SuiteFile file{"pocket_piqa.jsonl", {}};
  SuiteFile labels{"pocket_piqa-labels.lst", {}};
  for (std::size_t i = 0; i < kTaskItems; ++i) {
    const Purpose& purpose = pick(rng, world.purposes());
    std::size_t wrong = purpose.tool;
    while (wrong == purpose.tool) wrong = pick(rng, world.purposes()).tool;
    const bool second = rng.below(2) == 1;
    file.content += Json{{"goal", world.goal(purpose)},
                         {"sol1", world.solution(second ? wrong : purpose.tool)},
                         {"sol2", world.solution(second ? purpose.tool : wrong)}}
                        .dump() +
                    "\n";
    labels.content += second ? "1\n" : "0\n";
  }
  return {file, labels};
}

/// Who did it: even items follow from a state named in the sentence, odd items from a fact about a
/// person.
SuiteFile winogrande(const World& world, Rng rng, PocketTasks& tasks) {
  SuiteFile file{"pocket_winogrande.jsonl", {}};
  for (std::size_t i = 0; i < kTaskItems; ++i) {
    World::Choice choice;
    if (i % 2 == 0) {
      choice = world.need(rng);
    } else {
      const Person& right = pick(rng, world.people());
      const auto relation = static_cast<Relation>(rng.below(kRelations));
      const Person* wrong = nullptr;
      do {
        wrong = &pick(rng, world.people());
      } while (World::value(*wrong, relation) == World::value(right, relation));
      choice = world.meeting(rng, right, *wrong, relation);
    }
    const std::size_t blank = choice.sentence.find('_');
    tasks.heldOut.insert(choice.sentence.substr(0, blank) + choice.right +
                         choice.sentence.substr(blank + 1));
    const bool second = rng.below(2) == 1;
    file.content += Json{{"qID", fmt::format("pocket-{}", i)},
                         {"sentence", choice.sentence},
                         {"option1", second ? choice.wrong : choice.right},
                         {"option2", second ? choice.right : choice.wrong},
                         {"answer", second ? "2" : "1"}}
                        .dump() +
                    "\n";
  }
  return file;
}

}  // namespace

PocketTasks makeTasks(const World& world, std::uint64_t seed) {
  PocketTasks tasks;
  tasks.files.push_back(lambada(world, Rng(mixSeed(seed, 101)), tasks));
  tasks.files.push_back(hellaswag(world, Rng(mixSeed(seed, 102))));
  for (SuiteFile& file : piqa(world, Rng(mixSeed(seed, 103)))) {
    tasks.files.push_back(std::move(file));
  }
  tasks.files.push_back(winogrande(world, Rng(mixSeed(seed, 104)), tasks));
  return tasks;
}

}  // namespace bitfrontier::pocket
