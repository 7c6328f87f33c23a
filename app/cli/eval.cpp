// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/cli/options.h"
#include "app/cli/progress_line.h"
#include "app/cli/scored_model.h"
#include "app/cli/table.h"
#include "core/base/error.h"
#include "core/eval/evaluate.h"
#include "core/pocket/suite.h"

namespace bitfrontier::cli {
namespace {

struct Options {
  ModelOptions model;
  std::vector<std::filesystem::path> tasks;
  std::string suite;
  std::int64_t items = 0;
  EvalSettingsOptions settings;
  bool quiet = false;
  bool samples = false;
  OutputOptions output;
};

nlohmann::json number(double value) {
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json();
}

void print(const Options& options, const ScoredModel& model,
           const std::vector<TaskResult>& results) {
  const ModelBits& bits = model.bits;
  if (options.output.json) {
    nlohmann::ordered_json json = {{"model", options.model.model.string()},
                                   {"config", model.config},
                                   {"bos_profile", options.settings.bos},
                                   {"max_length", options.settings.maxLength},
                                   {"bits_per_parameter", model.bitsPerParameter},
                                   {"model_bits",
                                    {{"linear_only", bits.linearOnly},
                                     {"all_parameters", bits.allParameters},
                                     {"checkpoint_bytes", bits.checkpointBytes}}},
                                   {"tasks", nlohmann::json::array()}};
    for (const TaskResult& result : results) {
      json["tasks"].push_back({{"task", result.task},
                               {"items", result.items},
                               {"accuracy", number(result.accuracy)},
                               {"accuracy_se", number(result.accuracySe)},
                               {"accuracy_norm", number(result.accuracyNorm)},
                               {"chance", number(result.chance)},
                               {"cross_entropy", number(result.crossEntropy)},
                               {"cross_entropy_se", number(result.crossEntropySe)},
                               {"bits_per_byte", number(result.bitsPerByte)},
                               {"seconds", result.seconds}});
      if (options.samples) {
        json["tasks"].back()["correct"] = result.correct;
        json["tasks"].back()["log_likelihoods"] = result.logLikelihood;
      }
    }
    fmt::print("{}\n", json.dump(2));
    return;
  }
  constexpr auto kRight = Table::Align::Right;
  Table table({{"task"},
               {"items", kRight},
               {"acc %", kRight},
               {"\u00b1", kRight},
               {"acc_norm %", kRight},
               {"chance %", kRight},
               {"nats/token", kRight},
               {"\u00b1", kRight},
               {"bits/byte", kRight},
               {"seconds", kRight}});
  double sum = 0;
  int scored = 0;
  for (const TaskResult& result : results) {
    table.add({result.task, fmt::format("{}", result.items), formatPercent(result.accuracy),
               formatPercent(result.accuracySe), formatPercent(result.accuracyNorm),
               formatPercent(result.chance), formatPlain(result.crossEntropy, 4),
               formatPlain(result.crossEntropySe, 4), formatPlain(result.bitsPerByte, 4),
               formatPlain(result.seconds, 2)});
    if (!result.isText()) {
      sum += result.accuracy;
      ++scored;
    }
  }
  fmt::print("{} as {}: {:.4g} bits per parameter, {} in all\n", options.model.model.string(),
             model.config, model.bitsPerParameter, formatBytes(bits.checkpointBytes));
  table.print();
  if (scored > 1) fmt::print("mean accuracy {} %\n", formatPercent(sum / scored));
}

int evaluateModel(Options options, const JobContext& stop) {
  if (options.suite == "pocket") {
    const PocketSuite suite = openPocketSuite();
    if (options.tasks.empty()) options.tasks = suite.tasks;
    std::filesystem::path& model = options.model.model;
    if (!std::filesystem::exists(model) && std::filesystem::exists(suite.directory / model)) {
      model = suite.directory / model;
    }
  }
  if (options.tasks.empty()) {
    throw Error(ErrorKind::InvalidArgument, "eval needs --tasks or --suite pocket");
  }
  const EvalSettings settings = options.settings.settings();
  std::vector<Task> tasks;
  tasks.reserve(options.tasks.size());
  for (const auto& path : options.tasks) tasks.push_back(loadTask(path, options.items));
  const ScoredModel model = loadScoredModel(options.model, stop);
  std::vector<TaskResult> results;
  {
    ProgressLine line(options.quiet);
    JobContext job{stop.stop, {}};
    job.report = [&](const Progress& progress) {
      line.show((static_cast<double>(results.size()) + progress.fraction) /
                    static_cast<double>(tasks.size()),
                progress.stage);
    };
    for (const Task& task : tasks) {
      const PreparedTask prepared =
          prepare(task, model.tokenizer, model.lm().config().maxPositions, settings);
      results.push_back(evaluate(model.lm(), prepared, {}, job));
    }
  }
  print(options, model, results);
  return kOk;
}

}  // namespace

void addEval(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("eval", "Score one model under one configuration; nothing is stored");
  addModelOptions(*command, options->model);
  command->add_option("--tasks", options->tasks, "Task files (JSON Lines)")
      ->type_name("FILE")
      ->delimiter(',');
  command->add_option("--suite", options->suite, "pocket: the five tasks that are shipped")
      ->check(CLI::IsMember({"pocket"}));
  command->add_option("--items", options->items, "First N items of each task (0 = all)")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  addEvalSettingsOptions(*command, options->settings);
  command->add_flag("--samples", options->samples,
                    "With --json: the outcome and the right answer's log-likelihood of every item");
  command->add_flag("--quiet", options->quiet, "No progress on stderr");
  addOutputOptions(*command, options->output, false);
  command->callback([&context, options] {
    context.action = [&context, options] { return evaluateModel(*options, context.job()); };
  });
}

}  // namespace bitfrontier::cli
