// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/fit/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <CLI/CLI.hpp>
#include <memory>
#include <thread>

#include "app/cli/cli.h"
#include "app/cli/fit/fit_predictions.h"
#include "core/base/error.h"

namespace bitfrontier::cli {
namespace {

int fitAny(FitCommand command, const JobContext& job) {
  checkExports(command);
  if (command.listLaws) return listLaws(command);
  checkPredictions(command);
  if (!command.training.empty()) return fitTrainingRuns(command, job);
  if (command.metric.empty()) {
    const RunStore store = openForReading(command.store);
    command.metric = metricName(chooseMetric("", store, command.filter.filter(store)));
  }
  if (command.families) return fitOverFamilies(command, job);
  if (!command.twoStage.empty()) return fitTwoStages(command, job);
  if (command.compare || !command.law.empty()) return fitJointLaws(command, job);
  const std::pair<const char*, bool> jointOnly[] = {{"--profile", command.profile},
                                                    {"--robust", !command.robust.empty()},
                                                    {"--tau", command.tau >= 0},
                                                    {"--reference", !command.reference.empty()},
                                                    {"--without", !command.without.empty()},
                                                    {"--hold", !command.hold.empty()},
                                                    {"--priors", command.priors},
                                                    {"--tokens", !command.tokens.empty()},
                                                    {"--noise", !command.noise.empty()},
                                                    {"--weighting", command.weighting != "auto"},
                                                    {"--resample", command.resample != "auto"}};
  for (const auto& [name, given] : jointOnly) {
    if (given) {
      throw Error(ErrorKind::InvalidArgument, fmt::format("{} needs --law or --compare", name));
    }
  }
  return fitSeries(command, job);
}

}  // namespace

void requireLaw(bool fitted, const std::string& why) {
  if (!fitted) throw Error(ErrorKind::Unsupported, "no law was fitted: " + why);
}

int threadsOf(const FitCommand& command) {
  if (command.threads > 0) return command.threads;
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

void addFit(CLI::App& app, Context& context) {
  auto options = std::make_shared<FitCommand>();
  CLI::App* command = app.add_subcommand("fit", "Fit scaling laws");
  addStoreOption(*command, options->store, "Store to read");
  command->add_option("--by", options->by,
                      "One law for each bits, block, type or config; with --law what a format is "
                      "(default bits; config with --law)");
  addMetricOption(*command, options->metric);
  addFilterOptions(*command, options->filter, true);
  addOutputOptions(*command, options->output);
  command
      ->add_option("--export", options->exports,
                   "Write the laws for other programs: FILE.json, .csv, .tex (LaTeX), .py (Python "
                   "without packages; draws with matplotlib), .gp (gnuplot)")
      ->type_name("FILE")
      ->delimiter(',');
  const char* kJoint = "Joint laws";
  command->add_flag("--laws", options->listLaws, "List the laws and exit")->group(kJoint);
  command->add_flag("--refused", options->refused,
                    "Print the numbers of refused laws too (--json and --csv always have them, "
                    "marked as not usable)");
  command->add_option("--law", options->law, "Fit this law to each family: J1, J2, ...")
      ->group(kJoint);
  CLI::Option* compare =
      command
          ->add_option("--compare", options->compared,
                       "Compare laws on the same points (none named: S0 V J1 J2 S1 LL)")
          ->expected(0, 30)
          ->group(kJoint);
  command->add_option("--bootstrap", options->bootstrap, "Intervals from this many replicates")
      ->check(CLI::Range(10, 10'000'000))
      ->group(kJoint);
  command->add_option("--resample", options->resample, "auto, items, models or parametric")
      ->capture_default_str()
      ->group(kJoint);
  command->add_flag("--profile", options->profile, "Profile likelihood intervals")->group(kJoint);
  command->add_option("--robust", options->robust, "huber, cauchy or tukey")->group(kJoint);
  command
      ->add_option("--weighting", options->weighting, "auto, equal, errors (wls) or paired (gls)")
      ->capture_default_str()
      ->group(kJoint);
  command->add_option("--tau", options->tau, "Hold the lack of fit instead of estimating it")
      ->check(CLI::NonNegativeNumber)
      ->group(kJoint);
  command->add_option("--reference", options->reference, "Format that others are compared with")
      ->group(kJoint);
  command
      ->add_option("--without", options->without,
                   "Leave these formats out, by the names that the law's table has for them; "
                   "several are separated by commas")
      ->group(kJoint);
  command->add_option("--hold", options->hold, "NAME=VALUE: hold a parameter")->group(kJoint);
  command
      ->add_option("--at", options->at,
                   "Predict every format at these sizes, in parameters: 6.7B,350M,1e9; with --law")
      ->type_name("SIZE")
      ->delimiter(',')
      ->group(kJoint);
  command->add_flag("--priors", options->priors, "Published constants as priors")->group(kJoint);
  command->add_option("--breaks", options->breaks, "Breaks of the law \"broken\"")
      ->check(CLI::Range(1, 5))
      ->group(kJoint);
  command->add_option("--tokens", options->tokens, "CSV with columns model, tokens")
      ->check(CLI::ExistingFile)
      ->group(kJoint);
  command
      ->add_option("--noise", options->noise,
                   "CSV with columns config, noise (relative squared weight error)")
      ->check(CLI::ExistingFile)
      ->group(kJoint);
  command
      ->add_flag("--families", options->families,
                 "J1 over all families, whose format shifts have a common mean")
      ->group(kJoint);
  command
      ->add_option("--spread", options->spread,
                   "Standard deviation of ln of a shift between families")
      ->capture_default_str()
      ->check(CLI::PositiveNumber)
      ->group(kJoint);
  command
      ->add_option("--two-stage", options->twoStage,
                   "Accuracy by way of cross-entropy, by link-sigmoid or link-exp")
      ->group(kJoint);
  command->add_option("--threads", options->threads, "Of bootstraps; 0 = all processors")
      ->check(CLI::Range(0, 1024))
      ->group(kJoint);
  const char* kTraining = "Training runs";
  command
      ->add_option("--training", options->training,
                   "CSV of training runs: fit L(N, D) and need no store")
      ->check(CLI::ExistingFile)
      ->group(kTraining);
  command->add_option("--columns", options->columns, "Its columns of parameters, tokens and loss")
      ->expected(3)
      ->capture_default_str()
      ->group(kTraining);
  command->add_option("--select", options->select, "Column whose rows with 0 are left out")
      ->group(kTraining);
  command->add_option("--delta", options->delta, "Huber's delta on ln loss; inf: least squares")
      ->capture_default_str()
      ->group(kTraining);
  command->add_flag("--grid", options->grid, "The 4,500 starts of Hoffmann et al.")
      ->group(kTraining);
  command->callback([&context, options, compare] {
    options->compare = compare->count() > 0;
    std::erase(options->compared, "");  // what CLI11 stores for the bare option
    context.action = [&context, options] { return fitAny(*options, context.job()); };
  });
}

}  // namespace bitfrontier::cli
