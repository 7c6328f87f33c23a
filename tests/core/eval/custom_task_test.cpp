// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/custom_task.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/core/sweep/tiny_model.h"

namespace bitfrontier {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

std::string failure(const Json& description, const Json& row = Json::object()) {
  try {
    TaskDescription::parse(description, "d.json").makeItem(row, "r.jsonl:1");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Format);
    return error.what();
  }
  ADD_FAILURE() << description << " was accepted for " << row;
  return "";
}

const Json kChoices = {{"data", "r.jsonl"},
                       {"type", "choices"},
                       {"template", "Q: {{q}} ({{ n }})\nA:"},
                       {"choices", {"{{a}}", "{{b}}"}},
                       {"gold", "{{right}}"}};

TEST(CustomTask, ChoicesFromTemplates) {
  const TaskDescription task = TaskDescription::parse(kChoices, "d.json");
  const Json row = {{"q", "why?"}, {"n", 3}, {"a", "x"}, {"b", "y z"}, {"right", 1}};
  const TaskItem item = task.makeItem(row, "r");
  ASSERT_EQ(item.requests.size(), 2u);
  EXPECT_EQ(item.requests[1].context, "Q: why? (3)\nA:");
  EXPECT_EQ(item.requests[1].continuation, " y z");
  EXPECT_EQ(item.gold, 1);
  Json other = row;
  other["right"] = "x";  // by its text
  EXPECT_EQ(task.makeItem(other, "r").gold, 0);
  Task made;
  task.describe(made);
  EXPECT_EQ(made.scoring, Scoring::Choices);
  EXPECT_TRUE(made.normalized);
  EXPECT_THAT(made.metrics, ::testing::ElementsAre("acc", "acc_norm", "acc_bytes"));
}

TEST(CustomTask, ChoicesAndLabelsFromArrays) {
  Json description = kChoices;
  description["template"] = "{{question.stem}}";
  description["choices"] = "{{options.text}}";
  description["labels"] = "{{options.label}}";
  description["gold"] = "{{key}}";
  description["delimiter"] = "";
  description["metrics"] = {"acc"};
  const Json row = {{"question", {{"stem", "s"}}},
                    {"options", {{"text", {"u", "v", "w"}}, {"label", {"A", "B", "C"}}}},
                    {"key", "C"}};
  const TaskDescription task = TaskDescription::parse(description, "d.json");
  const TaskItem item = task.makeItem(row, "r");
  ASSERT_EQ(item.requests.size(), 3u);
  EXPECT_EQ(item.requests[2].continuation, "w");
  EXPECT_EQ(item.gold, 2);
  EXPECT_THAT(task.metrics, ::testing::ElementsAre("acc"));
  Json wrong = row;
  wrong["key"] = "D";
  EXPECT_THAT(failure(description, wrong), HasSubstr("none of the labels"));
  description["choices"] = {"{{options.text.0}}", "{{options.text.2}}"};
  description["labels"] = {"A", "C"};
  EXPECT_EQ(TaskDescription::parse(description, "d").makeItem(row, "r").requests[1].continuation,
            "w");
}

// lm-evaluation-harness 0.4.13: doc_to_target is an index within doc_to_choice.
TEST(CustomTask, DigitsAreAnIndexAlsoAmongNumerals) {
  Json description = kChoices;
  description["choices"] = "{{options}}";
  const Json row = {{"q", "w"}, {"n", 1}, {"options", {"2", "4", "1", "0"}}};
  const auto goldOf = [&](const Json& value) {
    Json changed = row;
    changed["right"] = value;
    return TaskDescription::parse(description, "d").makeItem(changed, "r.jsonl:1").gold;
  };
  const auto failureOf = [&](const Json& value) {
    Json changed = row;
    changed["right"] = value;
    return failure(description, changed);
  };
  EXPECT_EQ(goldOf(1), 1);
  EXPECT_EQ(goldOf(0), 0);
  EXPECT_EQ(goldOf("1"), 1) << "a string of digits too";
  EXPECT_EQ(goldOf("2"), 2);
  EXPECT_THAT(failureOf(4),
              HasSubstr("gold is \"4\", which is no index of a choice, from 0; with"));
  EXPECT_THAT(failureOf(9), HasSubstr("gold is \"9\", which is no index of a choice, from 0"));
  for (const Json& odd : {Json("B"), Json("1.0"), Json(1.0), Json(-1), Json(""), Json(" 1")}) {
    EXPECT_THAT(failureOf(odd), HasSubstr("no choice, and no index")) << odd;
  }
  EXPECT_THAT(failureOf(nullptr), HasSubstr("null"));
  EXPECT_THAT(failureOf({0, 1}), HasSubstr("array"));
  // With labels it is the label.
  description["labels"] = "{{options}}";
  EXPECT_EQ(goldOf("4"), 1);
  EXPECT_EQ(goldOf(4), 1);
  EXPECT_EQ(goldOf(0), 3);
  EXPECT_THAT(failureOf(3), HasSubstr("none of the labels"));
  description["labels"] = {"A", "B", "C", "D"};
  EXPECT_EQ(goldOf("B"), 1);
  EXPECT_THAT(failureOf(1), HasSubstr("none of the labels"));
}

TEST(CustomTask, BooleansAreTextOrIndex) {
  Json description = kChoices;
  const Json row = {{"q", true}, {"n", 1}, {"a", "True"}, {"b", "False"}, {"right", true}};
  const TaskItem named = TaskDescription::parse(description, "d").makeItem(row, "r");
  EXPECT_EQ(named.gold, 0);
  EXPECT_EQ(named.requests[0].context, "Q: True (1)\nA:");
  Json other = row;
  other["a"] = "no";
  other["b"] = "yes";
  EXPECT_EQ(TaskDescription::parse(description, "d").makeItem(other, "r").gold, 1);
  other["right"] = false;
  EXPECT_EQ(TaskDescription::parse(description, "d").makeItem(other, "r").gold, 0);
  description["labels"] = {"False", "True"};
  EXPECT_EQ(TaskDescription::parse(description, "d").makeItem(other, "r").gold, 0);
}

TEST(CustomTask, LastWordAndRolling) {
  const TaskItem word =
      TaskDescription::parse(
          {{"data", "r"}, {"type", "last_word"}, {"template", "{{text}}"}, {"gold", "{{word}}"}},
          "d")
          .makeItem({{"text", "the end is"}, {"word", "near"}}, "r");
  EXPECT_EQ(word.requests.at(0).context, "the end is");
  EXPECT_EQ(word.requests.at(0).continuation, " near");
  const TaskItem text =
      TaskDescription::parse({{"data", "r"}, {"type", "rolling"}, {"text", "{{body}}!"}}, "d")
          .makeItem({{"body", "two words"}}, "r");
  EXPECT_EQ(text.requests.at(0).continuation, "two words!");
  EXPECT_EQ(text.words, 2);
  EXPECT_EQ(text.bytes, 10);
}

TEST(CustomTask, MistakesAreNamed) {
  const auto with = [](const char* key, const Json& value) {
    Json changed = kChoices;
    changed[key] = value;
    return changed;
  };
  EXPECT_THAT(failure(with("tempalte", "x")), HasSubstr("unknown key \"tempalte\""));
  EXPECT_THAT(failure(with("type", "guess")), HasSubstr("\"guess\""));
  EXPECT_THAT(failure(with("template", "a {{b")), HasSubstr("d.json: template"));
  EXPECT_THAT(failure(with("template", "a {{ }}")), HasSubstr("names no field"));
  EXPECT_THAT(failure(with("metrics", {"perplexity"})), HasSubstr("acc_norm"));
  EXPECT_THAT(failure(with("choices", 5)), HasSubstr("choices"));
  EXPECT_THAT(failure(Json::array()), HasSubstr("object"));
  const Json row = {{"q", "w"}, {"n", 1}, {"a", "x"}, {"b", "y"}, {"right", 0}};
  const auto rowWith = [&](const char* key, const Json& value) {
    Json changed = row;
    changed[key] = value;
    return changed;
  };
  EXPECT_THAT(failure(kChoices, {{"q", "w"}}), HasSubstr("r.jsonl:1: there is no field n"));
  EXPECT_THAT(failure(kChoices, rowWith("a", {1, 2})), HasSubstr("field a is array"));
  EXPECT_THAT(failure(kChoices, rowWith("right", 2)), HasSubstr("gold is \"2\""));
  EXPECT_THAT(failure(kChoices, rowWith("right", "maybe")), HasSubstr("gold is \"maybe\""));
  EXPECT_THAT(failure(with("choices", {"{{a}}"}), row), HasSubstr("1 choices"));
  EXPECT_THAT(failure(with("labels", {"A"}), row), HasSubstr("2 choices and 1 labels"));
}

TEST(CustomTask, TheShippedExampleLoads) {
  const Task task = loadTask(BITFRONTIER_SOURCE_DIR "/resources/tasks/opposites/opposites.json");
  EXPECT_EQ(task.kind, TaskKind::Custom);
  EXPECT_EQ(task.name, "opposites");
  ASSERT_GE(task.items.size(), 10u);
  EXPECT_EQ(task.items[0].requests[0].context, "The opposite of hot is");
  EXPECT_EQ(task.items[0].requests[static_cast<std::size_t>(task.items[0].gold)].continuation,
            " cold");
}

TEST(CustomTask, DataMayLieInAnotherFolder) {
  const test::TempDir dir("custom");
  Json description = kChoices;
  description["data"] = "../rows/r.jsonl";
  test::writeText(dir.path() / "tasks" / "mine.json", description.dump());
  test::writeText(dir.path() / "rows" / "r.jsonl",
                  R"({"q": "w", "n": 1, "a": "x", "b": "y", "right": 0})");
  const Task task = loadTask(dir.path() / "tasks" / "mine.json");
  EXPECT_EQ(task.name, "mine");
  EXPECT_EQ(task.totalItems, 1);
  description["data"] = "r.json";
  test::writeText(dir.path() / "tasks" / "mine.json", description.dump());
  test::writeText(dir.path() / "tasks" / "r.json",
                  R"([{"q": "w", "n": 1, "a": "x", "b": "y", "right": 0},
                      {"q": "w", "n": 1, "a": "x", "b": "y", "right": 7}])");
  EXPECT_EQ(loadTask(dir.path() / "tasks" / "mine.json", 1).totalItems, 2);
  try {
    loadTask(dir.path() / "tasks" / "mine.json");
    ADD_FAILURE() << "a gold without a choice was accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("r.json: row 2: gold is \"7\""));
  }
  EXPECT_EQ(loadTask("other=" + (dir.path() / "tasks" / "mine.json").string(), 1).name, "other");
}

}  // namespace
}  // namespace bitfrontier
