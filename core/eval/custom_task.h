// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/eval/task.h"

namespace bitfrontier {

/// A text with holes, "Question: {{question}}\nAnswer:". A hole names a field of a row; a dotted
/// path goes into objects and arrays ({{choices.text.0}}).
class Template {
 public:
  /// Throws Format starting with `where` for a hole that is not closed or empty.
  static Template parse(std::string_view text, std::string_view where);

  /// Strings as they are, numbers as JSON writes them, booleans as Jinja does. Throws Format for a
  /// field that is not there or is something else.
  std::string fill(const nlohmann::json& row, std::string_view where) const;
  /// The value behind a template that is one hole and nothing else; null otherwise.
  const nlohmann::json* value(const nlohmann::json& row, std::string_view where) const;

 private:
  struct Part {
    std::string text;  ///< a literal, or the path of a field
    bool field = false;
  };
  std::vector<Part> parts_;
};

/// A task that a JSON description defines; see resources/tasks/README.md for its keys.
struct TaskDescription {
  std::string name;
  double version = 1;
  std::string data;  ///< path of the rows, relative to the description
  Scoring scoring = Scoring::Choices;
  std::vector<std::string> metrics;
  std::string delimiter = " ";
  Template context, text, gold;
  std::vector<Template> choices;  ///< one hole that is an array, or one template each
  std::vector<Template> labels;   ///< likewise; what `gold` is compared with. May be empty.

  /// Throws Format naming the key.
  static TaskDescription parse(const nlohmann::json& json, const std::string& where);

  TaskItem makeItem(const nlohmann::json& row, const std::string& where) const;
  /// Everything in Task that does not depend on the rows, but for the name.
  void describe(Task& task) const;

 private:
  std::size_t goldByLabel(const std::vector<std::string>& texts, const nlohmann::json& row,
                          const std::string& where) const;
  std::size_t goldAmong(const std::vector<std::string>& texts, const nlohmann::json& row,
                        const std::string& where) const;
};

}  // namespace bitfrontier
