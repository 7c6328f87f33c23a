// SPDX-License-Identifier: GPL-3.0-or-later
// `bitfrontier fit`: options, one question to core/analysis, one answer printed.
#include "app/cli/fit/fit.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <utility>

#include "app/cli/cli.h"
#include "app/cli/fit/fit_answer.h"
#include "app/cli/fit/fit_export.h"
#include "app/cli/fit/fit_question.h"
#include "app/cli/fit/law_list.h"
#include "core/analysis/analysis.h"
#include "core/base/error.h"
#include "core/store/points.h"

namespace bitfrontier::cli {
namespace {

/// Points that match and have the metric; throws NotFound when there are none.
std::vector<LawPoint> pointsOf(const FitCommand& command, const RunStore& store, LawMetric metric) {
  const RunFilter filter = command.filter.filter(store);
  std::vector<LawPoint> points = store.points(filter);
  std::erase_if(points, [&](const LawPoint& p) { return !std::isfinite(metricOf(p, metric)); });
  if (points.empty()) throw noPoints(store, filter, lawMetricName(metric));
  if (const std::string note = trainingStepsNote(points); command.tokens.empty() && !note.empty()) {
    fmt::print(stderr, "note: {}\n", note);
  }
  noteIncomplete(store, filter, metric);
  return points;
}

int fit(const FitCommand& command, const JobContext& job) {
  if (command.listLaws) return listLaws(command);
  checkExports(command);
  const FitKind kind = kindOf(command);
  requireOptions(kind, command.given);
  Analysis analysis;
  if (kind == FitKind::Training) {
    const FitRequest request = questionOf(command, LawMetric::CrossEntropy);
    analysis = analyse(request, {}, job);
    return printAnswer(command, request, analysis);
  }
  // Words that mean nothing are said before the store is read.
  const bool named = !command.metric.empty();
  check(questionOf(command, named ? parseMetric(command.metric) : LawMetric::Accuracy));
  const RunStore store = openForReading(command.store);
  const RunFilter filter = command.filter.filter(store);
  const FitRequest request = questionOf(command, chooseMetric(command.metric, store, filter));
  const std::vector<LawPoint> points = pointsOf(command, store, metricOf(request));
  AnalysisInput input;
  input.points = points;
  input.outcomes = [&store](std::span<const LawPoint> some) { return readOutcomes(store, some); };
  analysis = analyse(request, input, job);
  return printAnswer(command, request, analysis);
}

/// Which FitOption each option of the command line is.
class Ledger {
 public:
  CLI::Option* add(FitOption what, CLI::Option* option) {
    all_.emplace_back(what, option);
    return option;
  }
  std::vector<GivenOption> given() const {
    std::vector<GivenOption> some;
    for (const auto& [what, option] : all_) {
      if (option->count() > 0) some.push_back({what, "--" + option->get_lnames().front()});
    }
    return some;
  }

 private:
  std::vector<std::pair<FitOption, CLI::Option*>> all_;
};

void addCommon(CLI::App& command, FitCommand& options, Ledger& ledger) {
  addStoreOption(command, options.store, "Store to read");
  ledger.add(FitOption::Store, command.get_option("--store"));
  ledger.add(FitOption::By,
             command.add_option("--by", options.by,
                                "A power law of total bits for each bits, block, type or config; "
                                "with --law what a format is (default config; with --law auto "
                                "bits)"));
  addMetricOption(command, options.metric);
  ledger.add(FitOption::Metric, command.get_option("--metric"));
  addFilterOptions(command, options.filter, true);
  for (const char* name : {"--family", "--model", "--types", "--bits", "--blocks", "--tasks",
                           "--items", "--bos", "--origin", "--rule", "--partial"}) {
    ledger.add(FitOption::Points, command.get_option(name));
  }
  addOutputOptions(command, options.output);
  ledger.add(FitOption::Json, command.get_option("--json"));
  ledger.add(FitOption::Csv, command.get_option("--csv"));
  ledger.add(FitOption::Export,
             command
                 .add_option("--export", options.exports,
                             "Write the laws for other programs: FILE.json, .csv, .tex (LaTeX), "
                             ".py (Python without packages; draws with matplotlib), .gp (gnuplot)")
                 ->type_name("FILE")
                 ->delimiter(','));
  ledger.add(FitOption::Refused,
             command.add_flag("--refused", options.refused,
                              "Print the numbers of refused laws too (--json and --csv always have "
                              "them, marked as not usable)"));
}

/// What a law is and how it is fitted.
void addLaws(CLI::App& command, FitCommand& options, Ledger& ledger) {
  const char* kGroup = "Laws";
  const auto add = [&](FitOption what, CLI::Option* option) {
    return ledger.add(what, option->group(kGroup));
  };
  command.add_flag("--laws", options.listLaws, "List the laws and exit")->group(kGroup);
  add(FitOption::Law,
      command.add_option("--law", options.law,
                         "Fit this law to each family: J1, J2, ...; auto (the default): the one "
                         "with the lowest AICc of those that describe the data"));
  add(FitOption::Compare,
      command
          .add_option("--compare", options.compared,
                      "Compare laws on the same points (none named: S0 V J1 J2 S1 LL)")
          ->expected(0, 30));
  add(FitOption::Robust, command.add_option("--robust", options.robust, "huber, cauchy or tukey"));
  add(FitOption::Weighting,
      command
          .add_option("--weighting", options.weighting, "auto, equal, errors (wls) or paired (gls)")
          ->capture_default_str());
  add(FitOption::Tau,
      command.add_option("--tau", options.tau, "Hold the lack of fit instead of estimating it")
          ->check(CLI::NonNegativeNumber));
  add(FitOption::Reference,
      command.add_option("--reference", options.reference, "Format that others are compared with"));
  add(FitOption::Without,
      command.add_option("--without", options.without,
                         "Leave these formats out, by the names that the law's table has for "
                         "them; several are separated by commas"));
  add(FitOption::Hold, command.add_option("--hold", options.hold, "NAME=VALUE: hold a parameter"));
  add(FitOption::Priors,
      command.add_flag("--priors", options.priors, "Published constants as priors"));
  add(FitOption::Breaks,
      command.add_option("--breaks", options.breaks, "Breaks of the law \"broken\"")
          ->check(CLI::Range(1, 5)));
  add(FitOption::Tokens,
      command.add_option("--tokens", options.tokens, "CSV with columns model, tokens")
          ->check(CLI::ExistingFile));
  add(FitOption::Noise,
      command
          .add_option("--noise", options.noise,
                      "CSV with columns config, noise (relative squared weight error)")
          ->check(CLI::ExistingFile));
}

/// What is said of a law besides, and laws over more than a family.
void addExtras(CLI::App& command, FitCommand& options, Ledger& ledger) {
  const char* kGroup = "Laws";
  const auto add = [&](FitOption what, CLI::Option* option) {
    return ledger.add(what, option->group(kGroup));
  };
  add(FitOption::At,
      command
          .add_option("--at", options.at,
                      "Predict every format at these sizes, in parameters: 6.7B,350M,1e9; with "
                      "--law")
          ->type_name("SIZE")
          ->delimiter(','));
  add(FitOption::Profile,
      command.add_flag("--profile", options.profile, "Profile likelihood intervals"));
  add(FitOption::Influence,
      command.add_flag("--influence", options.influence,
                       "How much each point moves the law (Cook's distance), and which are worth "
                       "a look; none is left out"));
  add(FitOption::Bootstrap,
      command.add_option("--bootstrap", options.bootstrap, "Intervals from this many replicates")
          ->check(CLI::Range(10, 10'000'000)));
  add(FitOption::Resample,
      command.add_option("--resample", options.resample, "auto, items, models or parametric")
          ->capture_default_str());
  add(FitOption::Threads,
      command.add_option("--threads", options.threads, "Of bootstraps; 0 = all processors")
          ->check(CLI::Range(0, 1024)));
  add(FitOption::Families,
      command.add_flag("--families", options.families,
                       "J1 over all families, whose format shifts have a common mean"));
  add(FitOption::Spread, command
                             .add_option("--spread", options.spread,
                                         "Standard deviation of ln of a shift between families")
                             ->capture_default_str()
                             ->check(CLI::PositiveNumber));
  add(FitOption::TwoStage,
      command.add_option("--two-stage", options.twoStage,
                         "Accuracy by way of cross-entropy, by link-sigmoid or link-exp"));
}

void addTraining(CLI::App& command, FitCommand& options, Ledger& ledger) {
  const char* kGroup = "Training runs";
  const auto add = [&](FitOption what, CLI::Option* option) {
    return ledger.add(what, option->group(kGroup));
  };
  add(FitOption::Training, command
                               .add_option("--training", options.training,
                                           "CSV of training runs: fit L(N, D) and need no store")
                               ->check(CLI::ExistingFile));
  add(FitOption::Columns,
      command
          .add_option("--columns", options.columns, "Its columns of parameters, tokens and loss")
          ->expected(3)
          ->capture_default_str());
  add(FitOption::Select,
      command.add_option("--select", options.select, "Column whose rows with 0 are left out"));
  add(FitOption::Delta,
      command.add_option("--delta", options.delta, "Huber's delta on ln loss; inf: least squares")
          ->capture_default_str());
  add(FitOption::Grid,
      command.add_flag("--grid", options.grid, "The 4,500 starts of Hoffmann et al."));
}

}  // namespace

void addFit(CLI::App& app, Context& context) {
  auto options = std::make_shared<FitCommand>();
  auto ledger = std::make_shared<Ledger>();
  CLI::App* command = app.add_subcommand("fit", "Fit scaling laws");
  addCommon(*command, *options, *ledger);
  addLaws(*command, *options, *ledger);
  addExtras(*command, *options, *ledger);
  addTraining(*command, *options, *ledger);
  const CLI::Option* compare = command->get_option("--compare");
  command->callback([&context, options, ledger, compare] {
    options->compare = compare->count() > 0;
    std::erase(options->compared, "");  // what CLI11 stores for the bare option
    options->given = ledger->given();
    context.action = [&context, options] { return fit(*options, context.job()); };
  });
}

}  // namespace bitfrontier::cli
