// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <chrono>
#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/cli/model/scored_model.h"
#include "app/cli/options.h"
#include "app/cli/progress_line.h"
#include "app/cli/table.h"
#include "core/base/error.h"
#include "core/eval/evaluate.h"
#include "core/eval/report.h"
#include "core/pocket/suite.h"

namespace bitfrontier::cli {
namespace {

nlohmann::ordered_json number(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json("N/A");
}

struct Options {
  ModelOptions model;
  std::vector<std::filesystem::path> tasks;
  std::string suite;
  std::int64_t items = 0;
  std::int64_t bootstrap = 100'000;
  EvalSettingsOptions settings;
  bool quiet = false;
  bool samples = false;
  OutputOptions output;
};

void printJson(const Options& options, const ScoredModel& model,
               const std::vector<EvaluatedTask>& tasks) {
  std::vector<TaskResult> results;
  double seconds = 0;
  for (const EvaluatedTask& task : tasks) {
    results.push_back(task.result);
    seconds += task.result.seconds;
  }
  const EvalSettings settings = options.settings.settings();
  nlohmann::ordered_json json = harnessResults(tasks);
  if (options.samples) {
    for (const EvaluatedTask& task : tasks) json["samples"][task.task.name] = harnessSamples(task);
  }
  const MeanAccuracy mean = meanAccuracy(results);
  json["mean"] = {{"tasks", mean.tasks},
                  {"acc", number(mean.accuracy)},
                  {"acc_stderr", number(mean.accuracySe)},
                  {"acc_norm", number(mean.accuracyNorm)},
                  {"acc_norm_stderr", number(mean.accuracyNormSe)}};
  json["config"] = {{"model", "bitfrontier"},
                    {"model_args",
                     {{"pretrained", options.model.model.string()},
                      {"quantization", model.config},
                      {"bos_profile", bosProfileName(settings.bos)},
                      {"max_length", inputLength(settings, model.lm().config())}}},
                    {"model_num_parameters", model.lm().parameters().total()},
                    {"bits_per_parameter", model.bitsPerParameter},
                    {"model_bits",
                     {{"linear_only", model.bits.linearOnly},
                      {"all_parameters", model.bits.allParameters},
                      {"checkpoint_bytes", model.bits.checkpointBytes}}},
                    {"device", model.device.text()},
                    {"memory", weightMemoryName(model.lm().memory())},
                    {"limit", options.items > 0 ? nlohmann::ordered_json(options.items) : nullptr},
                    {"bootstrap_iters", options.bootstrap}};
  json["model_name"] = options.model.model.string();
  json["bitfrontier_version"] = BITFRONTIER_VERSION;
  json["evaluator_version"] = kEvaluatorVersion;
  json["max_length"] = inputLength(settings, model.lm().config());
  json["total_evaluation_time_seconds"] = seconds;
  fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

void printTable(const Options& options, const ScoredModel& model,
                const std::vector<EvaluatedTask>& tasks) {
  constexpr auto kRight = Table::Align::Right;
  Table table({{"task"},
               {"items", kRight},
               {"acc %", kRight},
               {"\u00b1", kRight},
               {"acc_norm %", kRight},
               {"chance %", kRight},
               {"perplexity", kRight},
               {"\u00b1", kRight},
               {"nats/token", kRight},
               {"\u00b1", kRight},
               {"bits/byte", kRight},
               {"seconds", kRight}});
  std::vector<TaskResult> results;
  for (const EvaluatedTask& task : tasks) {
    const TaskResult& result = results.emplace_back(task.result);
    table.add({result.task, fmt::format("{}", result.items), formatPercent(result.accuracy),
               formatPercent(result.accuracySe), formatPercent(result.accuracyNorm),
               formatPercent(result.chance),
               formatPlain(result.isText() ? result.wordPerplexity : result.perplexity, 3),
               formatPlain(result.perplexitySe, 3), formatPlain(result.crossEntropy, 4),
               formatPlain(result.crossEntropySe, 4), formatPlain(result.bitsPerByte, 4),
               formatPlain(result.seconds, 2)});
  }
  fmt::print("{} as {}: {:.4g} bits per parameter, {} in all{}; BOS profile {}\n",
             options.model.model.string(), model.config, model.bitsPerParameter,
             formatBytes(model.bits.checkpointBytes),
             model.lm().memory() == WeightMemory::Mapped ? ", weights left mapped" : "",
             bosProfileName(options.settings.settings().bos));
  table.print();
  const MeanAccuracy mean = meanAccuracy(results);
  if (mean.tasks > 1) {
    fmt::print("mean accuracy {} % \u00b1 {} (by acc_norm where there is one: {} %)\n",
               formatPercent(mean.accuracy), formatPercent(mean.accuracySe),
               formatPercent(mean.accuracyNorm));
  }
}

int evaluateModel(Options options, const JobContext& stop) {
  if (options.suite == "pocket" && options.tasks.empty()) options.tasks = openPocketSuite().tasks;
  if (options.tasks.empty()) {
    throw Error(ErrorKind::InvalidArgument, "eval needs --tasks or --suite pocket");
  }
  const EvalSettings settings = options.settings.settings();
  std::vector<Task> tasks;
  tasks.reserve(options.tasks.size());
  for (const auto& path : options.tasks) tasks.push_back(loadTask(path, options.items));
  const ScoredModel model = loadScoredModel(options.model, stop);
  const std::int64_t maxLength = inputLength(settings, model.lm().config());
  std::vector<EvaluatedTask> evaluated;
  {
    ProgressLine line(options.quiet);
    JobContext job{stop.stop, {}};
    job.report = [&](const Progress& progress) {
      line.show((static_cast<double>(evaluated.size()) + progress.fraction) /
                    static_cast<double>(tasks.size()),
                progress.stage);
    };
    EvalOptions how;
    how.greedy = options.samples;
    for (Task& task : tasks) {
      const auto start = std::chrono::steady_clock::now();
      EvaluatedTask done;
      done.task = std::move(task);
      done.prepared = prepare(done.task, model.tokenizer, maxLength, settings);
      done.scores = scoreRequests(model.lm(), done.prepared, how, job);
      done.result = summarize(done.prepared, done.scores, options.bootstrap, stop);
      done.result.seconds =
          std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      evaluated.push_back(std::move(done));
    }
  }
  if (options.output.json) {
    printJson(options, model, evaluated);
  } else {
    printTable(options, model, evaluated);
  }
  return kOk;
}

}  // namespace

void addEval(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("eval", "Score one model under one configuration; nothing is stored");
  addModelOptions(*command, options->model);
  command->add_option("--tasks", options->tasks, std::string(kTasksHelp))
      ->type_name("[NAME=]PATH")
      ->delimiter(',');
  command->add_option("--suite", options->suite, "pocket: the five tasks that are shipped")
      ->check(CLI::IsMember({"pocket"}));
  command->add_option("--items", options->items, "First N items of each task (0 = all)")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  addEvalSettingsOptions(*command, options->settings);
  command
      ->add_option("--bootstrap", options->bootstrap,
                   "Resamples for the standard error of LAMBADA's perplexity (0 = none)")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_flag("--samples", options->samples,
                    "With --json: requests, log-likelihoods and outcome of every item");
  command->add_flag("--quiet", options->quiet, "No progress on stderr");
  addOutputOptions(*command, options->output, false);
  command->callback([&context, options] {
    context.action = [&context, options] { return evaluateModel(*options, context.job()); };
  });
}

}  // namespace bitfrontier::cli
