// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pocket/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/pocket/vocabulary.h"

namespace bitfrontier::pocket {
namespace {

constexpr std::size_t kPeople = 3000;
constexpr std::size_t kPurposes = 1600;  // every deed with every thing
constexpr std::size_t kScripts = 1536;

template <typename Container>
const auto& pick(Rng& rng, const Container& from) {
  return from[static_cast<std::size_t>(rng.below(from.size()))];
}

std::string_view pickTown(Rng& rng) { return pick(rng, kTowns); }

/// Two or three different first names.
std::array<std::string_view, 3> threeNames(Rng& rng) {
  std::array<std::string_view, 3> names;
  for (std::size_t i = 0; i < names.size();) {
    names[i] = pick(rng, kFirstNames);
    if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) ==
        names.begin() + static_cast<std::ptrdiff_t>(i)) {
      ++i;
    }
  }
  return names;
}

/// Three different things.
std::array<std::string_view, 3> threeThings(Rng& rng) {
  std::array<std::string_view, 3> things;
  things[0] = pick(rng, kThings);
  do {
    things[1] = pick(rng, kThings);
  } while (things[1] == things[0]);
  do {
    things[2] = pick(rng, kThings);
  } while (things[2] == things[0] || things[2] == things[1]);
  return things;
}

}  // namespace

std::uint64_t mixSeed(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  std::uint64_t x =
      a * 0x9E3779B97F4A7C15ULL + b * 0xD1B54A32D192ED03ULL + c * 0x8CB92BA72F3D8DD7ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

LongTail::LongTail(std::size_t n) {
  cumulative_.reserve(n);
  std::uint64_t sum = 0;
  for (std::size_t rank = 1; rank <= n; ++rank) {
    const auto r = static_cast<double>(rank);
    sum += static_cast<std::uint64_t>(1e12 / std::sqrt(r * std::sqrt(r)));
    cumulative_.push_back(sum);
  }
}

std::size_t LongTail::draw(Rng& rng) const {
  const std::uint64_t u = rng.below(cumulative_.back());
  return static_cast<std::size_t>(std::upper_bound(cumulative_.begin(), cumulative_.end(), u) -
                                  cumulative_.begin());
}

World::World(std::uint64_t seed)
    : seed_(seed), peopleTail_(kPeople), purposeTail_(kPurposes), scriptTail_(kScripts) {
  Rng rng(mixSeed(seed, 0));
  const auto value = [&rng] { return static_cast<std::uint8_t>(rng.below(32)); };

  std::vector<std::size_t> names(kFirstNames.size() * kLastNames.size());
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = i;
  rng.shuffle(names);
  people_.resize(kPeople);
  for (std::size_t i = 0; i < kPeople; ++i) {
    people_[i].first = names[i] / kLastNames.size();
    people_[i].last = names[i] % kLastNames.size();
    for (std::uint8_t& v : people_[i].value) v = value();
  }

  purposes_.resize(kPurposes);
  for (std::size_t i = 0; i < kPurposes; ++i) {
    purposes_[i] = {static_cast<std::uint8_t>(i / kThings.size()),
                    static_cast<std::uint8_t>(i % kThings.size()), value()};
  }
  rng.shuffle(purposes_);

  std::vector<std::size_t> activities(kGerunds.size() * kGoods.size());
  for (std::size_t i = 0; i < activities.size(); ++i) activities[i] = i;
  rng.shuffle(activities);
  scripts_.resize(kScripts);
  for (std::size_t i = 0; i < kScripts; ++i) {
    scripts_[i].gerund = static_cast<std::uint8_t>(activities[i] / kGoods.size());
    scripts_[i].good = static_cast<std::uint8_t>(activities[i] % kGoods.size());
    for (auto& step : scripts_[i].steps) step = {value(), value()};
  }
}

std::string World::name(const Person& person) const {
  return fmt::format("{} {}", kFirstNames[person.first], kLastNames[person.last]);
}

std::string_view World::value(const Person& person, Relation relation) {
  const std::size_t index = person.value[static_cast<std::size_t>(relation)];
  switch (relation) {
    case Relation::Town:
      return kTowns[index];
    case Relation::Trade:
      return kTrades[index];
    case Relation::Food:
      return kFoods[index];
    case Relation::Animal:
      return kAnimals[index];
  }
  return {};
}

std::string World::fact(const Person& person, Relation relation, std::size_t phrasing) const {
  static constexpr std::array<std::array<std::string_view, kFactPhrasings>, kRelations> kPhrases = {
      {{"{} lives in {}", "The home of {} is in {}", "You can visit {} in {}"},
       {"{} works as a {}", "The trade of {} is that of a {}", "People know {} as a {}"},
       {"{} likes to eat {}", "The favorite food of {} is {}", "For dinner {} always has {}"},
       {"{} keeps a {}", "The pet of {} is a {}", "At home {} feeds a {}"}}};
  return fmt::format(fmt::runtime(kPhrases[static_cast<std::size_t>(relation)][phrasing]),
                     name(person), value(person, relation));
}

std::string World::goal(const Purpose& purpose) const {
  return fmt::format("How do you {} a {}?", kDeeds[purpose.deed], kThings[purpose.thing]);
}

std::string World::solution(std::size_t tool) const {
  return fmt::format("Use a {}.", kTools[tool]);
}

std::string World::activity(const Script& script) const {
  return fmt::format("{} {}", kGerunds[script.gerund], kGoods[script.good]);
}

std::string World::step(const Script& script, std::size_t index) const {
  return fmt::format("{} the {}", kStepVerbs[script.steps[index][0]],
                     kStepNouns[script.steps[index][1]]);
}

std::string World::story(Rng& rng) const {
  const auto first = threeNames(rng);
  const auto things = threeThings(rng);
  std::array<std::string_view, 3> last;
  for (std::string_view& name : last) name = pick(rng, kLastNames);
  const std::size_t count = 2 + static_cast<std::size_t>(rng.below(2));

  std::string text;
  switch (rng.below(3)) {
    case 0:
      text = fmt::format("It rained in {}. ", pickTown(rng));
      break;
    case 1:
      text = "It was market day. ";
      break;
    default:
      break;
  }
  static constexpr std::array<std::string_view, 4> kGet = {"{} {} has a {}", "{} {} bought a {}",
                                                           "{} {} found a {}", "{} {} took a {}"};
  for (std::size_t i = 0; i < count; ++i) {
    text += fmt::format(fmt::runtime(pick(rng, kGet)), first[i], last[i], things[i]);
    text += i + 1 == count ? ". " : i + 2 == count ? " and " : ", ";
  }
  std::array<std::size_t, 3> order = {0, 1, 2};
  rng.shuffle(std::span<std::size_t>(order.data(), count));
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t who = order[i];
    if (i > 0) text += ". ";
    switch (rng.below(5)) {
      case 0:
        text += fmt::format("At night {} still had the {}", first[who], things[who]);
        break;
      case 1:
        text += fmt::format("Then {} sold the {}", first[who], things[who]);
        break;
      case 2:
        text += fmt::format("The {} belongs to {} {}", things[who], first[who], last[who]);
        break;
      case 3:
        text += fmt::format("Later we met {} {}", first[who], last[who]);
        break;
      default:
        text += fmt::format("We saw the {} in the hands of {}", things[who], first[who]);
    }
  }
  return text;
}

World::Choice World::need(Rng& rng) const {
  const auto names = threeNames(rng);
  const Need& first = pick(rng, kNeeds);
  const Need* second = nullptr;
  do {
    second = &pick(rng, kNeeds);
  } while (second->state == first.state);
  /// The state stands before the name in some, after it in others.
  struct Form {
    std::string_view text;
    bool stateFirst;
  };
  static constexpr std::array<Form, 4> kForms = {
      {{"{} was {} but {} was {}, so _ {}.", false},
       {"{} felt {} and {} felt {}. Soon _ {}.", false},
       {"Today {} {} met {} {}. In the end _ {}.", true},
       {"There is {} {} and there is {} {}. Now _ {}.", true}}};
  const Form& form = pick(rng, kForms);
  const bool firstActs = rng.below(2) == 0;
  const std::string_view act = firstActs ? first.act : second->act;
  Choice choice;
  choice.sentence = form.stateFirst ? fmt::format(fmt::runtime(form.text), first.state, names[0],
                                                  second->state, names[1], act)
                                    : fmt::format(fmt::runtime(form.text), names[0], first.state,
                                                  names[1], second->state, act);
  choice.right = std::string(firstActs ? names[0] : names[1]);
  choice.wrong = std::string(firstActs ? names[1] : names[0]);
  choice.rest = fmt::format("Then {} {}.", choice.wrong, firstActs ? second->act : first.act);
  return choice;
}

World::Choice World::meeting(Rng& rng, const Person& right, const Person& wrong,
                             Relation relation) const {
  static constexpr std::array<std::string_view, kRelations> kTopics = {
      "told stories about {}", "wore the clothes of a {}", "came to buy {}", "brought a {}"};
  static constexpr std::array<std::string_view, 3> kPlaces = {"at the fair", "on the road",
                                                              "in the inn"};
  const bool rightFirst = rng.below(2) == 0;
  const std::string topic = fmt::format(fmt::runtime(kTopics[static_cast<std::size_t>(relation)]),
                                        value(right, relation));
  Choice choice;
  choice.right = name(right);
  choice.wrong = name(wrong);
  choice.sentence =
      fmt::format("{} and {} met {}, and _ {}.", rightFirst ? choice.right : choice.wrong,
                  rightFirst ? choice.wrong : choice.right, pick(rng, kPlaces), topic);
  return choice;
}

namespace {

/// The sentence with its blank filled in.
std::string filled(const World::Choice& choice) {
  const std::size_t blank = choice.sentence.find('_');
  return choice.sentence.substr(0, blank) + choice.right + choice.sentence.substr(blank + 1);
}

}  // namespace

std::string World::peopleDocument(Rng& rng) const {
  const Person& person = people_[peopleTail_.draw(rng)];
  if (rng.below(5) == 0) {
    const auto relation = static_cast<Relation>(rng.below(kRelations));
    const Person* other = nullptr;
    do {
      other = &people_[peopleTail_.draw(rng)];
    } while (value(*other, relation) == value(person, relation));
    return filled(meeting(rng, person, *other, relation));
  }
  std::array<std::size_t, kRelations> order = {0, 1, 2, 3};
  rng.shuffle(order);
  const std::size_t count = 2 + static_cast<std::size_t>(rng.below(3));
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += ' ';
    text += fact(person, static_cast<Relation>(order[i]),
                 static_cast<std::size_t>(rng.below(kFactPhrasings))) +
            ".";
  }
  return text;
}

std::string World::toolDocument(Rng& rng) const {
  std::string text;
  const std::size_t count = 1 + static_cast<std::size_t>(rng.below(3));
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += '\n';
    const Purpose& purpose = purposes_[purposeTail_.draw(rng)];
    switch (rng.below(3)) {
      case 0:
        text += fmt::format("To {} a {}, use a {}.", kDeeds[purpose.deed], kThings[purpose.thing],
                            kTools[purpose.tool]);
        break;
      default:
        text += fmt::format("Question: {}\nAnswer: {}", goal(purpose), solution(purpose.tool));
    }
  }
  return text;
}

std::string World::scriptDocument(Rng& rng) const {
  const Script& script = scripts_[scriptTail_.draw(rng)];
  const std::string_view who = pick(rng, kFirstNames);
  const std::string_view pronoun = rng.below(2) == 0 ? "she" : "he";
  return fmt::format("{}: First {} {}. Then {} {}. Next {} {}. Finally {} {}.", activity(script),
                     who, step(script, 0), pronoun, step(script, 1), pronoun, step(script, 2),
                     pronoun, step(script, 3));
}

std::string World::storyDocument(Rng& rng) const { return story(rng) + "."; }

std::string World::needDocument(Rng& rng) const {
  const Choice choice = need(rng);
  return filled(choice) + " " + choice.rest;
}

std::string World::document(std::uint64_t stream, std::uint64_t index) const {
  Rng rng(mixSeed(seed_, stream, index));
  const std::uint64_t kind = rng.below(100);
  if (kind < 40) return peopleDocument(rng);
  if (kind < 46) return toolDocument(rng);
  if (kind < 56) return scriptDocument(rng);
  if (kind < 80) return storyDocument(rng);
  return needDocument(rng);
}

}  // namespace bitfrontier::pocket
