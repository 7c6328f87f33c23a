// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/cli/cli.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/hub/model_name.h"
#include "core/tokenizer/tokenizer.h"

namespace bitfrontier::cli {
namespace {

struct Options {
  std::filesystem::path model;
  bool json = false;
  bool special = false;
  int threads = 0;
};

using Ids = std::vector<std::int32_t>;

// Lines are worked on in parts of this size, so that input of any length streams through.
constexpr std::size_t linesAtOnce = 1024;

class Work {
 public:
  Work(const Tokenizer& tokenizer, const Options& options)
      : tokenizer_(tokenizer), options_(options) {}

  void run(const std::vector<std::string>& lines, std::int64_t firstNumber) {
    std::vector<std::string> texts;
    std::vector<std::string> answers(lines.size());
    std::vector<std::size_t> which;  // the line of each text
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (!options_.json) {
        which.push_back(i);
        texts.push_back(lines[i]);
        continue;
      }
      const std::string where =
          fmt::format("standard input, line {}", firstNumber + static_cast<std::int64_t>(i));
      const nlohmann::json request = parseJson(lines[i], where);
      if (request.is_object() && request.contains("ids")) {
        answers[i] = decoded(request, where);
      } else {
        texts.push_back(requireString(request, "text", where));
        which.push_back(i);
      }
    }
    const auto all = tokenizer_.encodeAll(texts, options_.threads);
    for (std::size_t i = 0; i < all.size(); ++i) answers[which[i]] = encoded(all[i]);
    for (const std::string& answer : answers) fmt::print("{}\n", answer);
  }

 private:
  std::string encoded(const Ids& plain) const {
    Ids ids;
    if (options_.special) ids = tokenizer_.prefixIds();
    ids.insert(ids.end(), plain.begin(), plain.end());
    if (options_.special) {
      ids.insert(ids.end(), tokenizer_.suffixIds().begin(), tokenizer_.suffixIds().end());
    }
    if (!options_.json) return fmt::format("{}", fmt::join(ids, " "));
    nlohmann::ordered_json answer = {{"ids", ids}, {"tokens", nlohmann::ordered_json::array()}};
    for (const std::int32_t id : ids) answer["tokens"].push_back(tokenizer_.token(id));
    return answer.dump();
  }
  std::string decoded(const nlohmann::json& request, const std::string& where) const {
    Ids ids;
    for (const nlohmann::json& id : requireArray(request, "ids", where)) {
      if (!id.is_number_integer() || id < INT32_MIN || id > INT32_MAX) {
        throw Error(ErrorKind::Format,
                    fmt::format("{}: {} in 'ids' is no 32-bit integer", where, id.dump()));
      }
      ids.push_back(id.get<std::int32_t>());
    }
    const bool skip = boolOr(request, "skip_special", where, false);
    return nlohmann::json{{"text", tokenizer_.decode(ids, skip)}}.dump();
  }

  const Tokenizer& tokenizer_;
  const Options& options_;
};

int tokenize(const Options& options, const Context& context) {
  const Tokenizer tokenizer = Tokenizer::load(
      std::filesystem::exists(options.model) ? options.model : findModel(options.model.string()));
  Work work(tokenizer, options);
  std::vector<std::string> lines;
  std::int64_t number = 1;
  for (std::string line; std::getline(std::cin, line);) {
    lines.push_back(std::move(line));
    if (lines.size() < linesAtOnce) continue;
    context.job().throwIfCancelled();
    work.run(lines, number);
    number += static_cast<std::int64_t>(lines.size());
    lines.clear();
  }
  work.run(lines, number);
  return kOk;
}

}  // namespace

void addTokenize(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("tokenize", "Token ids of the lines of standard input, one line each");
  command
      ->add_option(
          "--model", options->model,
          "Model directory or name, tokenizer.json, or directory with vocab.json and merges.txt")
      ->required();
  command->add_flag("--json", options->json,
                    R"(JSON Lines: {"text"} gives {"ids","tokens"}; {"ids"} gives {"text"}, )"
                    R"(without special tokens where "skip_special" is true)");
  command->add_flag("--special", options->special,
                    "With the tokens that the tokenizer puts around a text");
  command->add_option("--threads", options->threads, "Threads (default: one a core)")
      ->check(CLI::Range(0, 1024));
  command->callback([&context, options] {
    context.action = [options, &context] { return tokenize(*options, context); };
  });
}

}  // namespace bitfrontier::cli
