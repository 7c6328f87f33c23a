// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/base/random.h"

namespace bitfrontier::pocket {

/// The relations a person has; each fact is one of 32 values, that is 5 bits of knowledge.
enum class Relation { Town, Trade, Food, Animal };
inline constexpr std::size_t kRelations = 4;

struct Person {
  std::size_t first = 0, last = 0;               ///< into kFirstNames, kLastNames
  std::array<std::uint8_t, kRelations> value{};  ///< into kTowns, kTrades, kFoods, kAnimals
};

/// "To mend a sail, use a needle": (deed, thing) -> tool.
struct Purpose {
  std::uint8_t deed = 0, thing = 0, tool = 0;
};

/// An everyday script of four steps, each a (verb, noun) of kStepVerbs, kStepNouns.
inline constexpr std::size_t kScriptSteps = 4;
struct Script {
  std::uint8_t gerund = 0, good = 0;
  std::array<std::array<std::uint8_t, 2>, kScriptSteps> steps{};
};

/// Draws indices 0..n-1 with weights proportional to (rank)^(-3/4), a Zipf-like long tail. Weights
/// are integers made with square roots only, so that every machine draws the same.
class LongTail {
 public:
  explicit LongTail(std::size_t n);
  std::size_t draw(Rng& rng) const;

 private:
  std::vector<std::uint64_t> cumulative_;
};

/// A made-up world: facts with a long tail of mentions, and the rules of its stories. Everything
/// follows from the seed, the same on every machine and compiler. See README.md in resources/pocket
/// for the text it writes.
class World {
 public:
  explicit World(std::uint64_t seed);

  const std::vector<Person>& people() const { return people_; }
  const std::vector<Purpose>& purposes() const { return purposes_; }
  const std::vector<Script>& scripts() const { return scripts_; }

  std::string name(const Person& person) const;
  static std::string_view value(const Person& person, Relation relation);

  /// Document number `index` of the corpus `stream` (training and held-out text are different
  /// streams).
  std::string document(std::uint64_t stream, std::uint64_t index) const;

  /// A short story: some people get things, then it is said again who had what. The last word was
  /// said before and follows from it; no final period.
  std::string story(Rng& rng) const;
  /// "B was cold but C was late, so _ ran to the gate." and its two names; `rest` tells of the
  /// other one.
  struct Choice {
    std::string sentence, right, wrong, rest;
  };
  Choice need(Rng& rng) const;
  /// "B and C met at the fair, and _ told stories about Linton." decided by a fact about one of
  /// them, who lives there (etc.).
  Choice meeting(Rng& rng, const Person& right, const Person& wrong, Relation relation) const;

  /// Sentence stating a fact; the last word is the value. Without the period. `phrasing` <
  /// kFactPhrasings.
  std::string fact(const Person& person, Relation relation, std::size_t phrasing) const;
  static constexpr std::size_t kFactPhrasings = 3;

  std::string goal(const Purpose& purpose) const;                   ///< "How do you mend a sail?"
  std::string solution(std::size_t tool) const;                     ///< "Use a needle."
  std::string activity(const Script& script) const;                 ///< "Brewing cider"
  std::string step(const Script& script, std::size_t index) const;  ///< "stirs the pot"

 private:
  std::string peopleDocument(Rng& rng) const;
  std::string toolDocument(Rng& rng) const;
  std::string scriptDocument(Rng& rng) const;
  std::string storyDocument(Rng& rng) const;
  std::string needDocument(Rng& rng) const;

  std::uint64_t seed_;
  std::vector<Person> people_;
  std::vector<Purpose> purposes_;
  std::vector<Script> scripts_;
  LongTail peopleTail_, purposeTail_, scriptTail_;
};

/// Streams of World::document.
inline constexpr std::uint64_t kTrainStream = 1;
inline constexpr std::uint64_t kHeldOutStream = 2;

/// Mixes numbers into one seed (SplitMix64 finaliser).
std::uint64_t mixSeed(std::uint64_t a, std::uint64_t b, std::uint64_t c = 0);

}  // namespace bitfrontier::pocket
