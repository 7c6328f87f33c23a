// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/sweep.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/cli/cli.h"
#include "app/cli/model/calibration_options.h"
#include "app/cli/options.h"
#include "app/cli/progress_line.h"
#include "app/cli/table.h"
#include "core/base/error.h"
#include "core/device/device.h"
#include "core/hub/model_name.h"
#include "core/pocket/suite.h"
#include "core/sweep/variant_axes.h"

namespace bitfrontier::cli {
namespace {

/// Items per task of the demo grid; with them it takes minutes on two CPU cores.
constexpr std::int64_t kSuiteItems = 200;

struct Options {
  std::string suite;
  std::vector<std::filesystem::path> models;
  std::vector<std::filesystem::path> tasks;
  std::vector<int> bits;
  std::vector<std::string> types;
  std::vector<std::string> blocks;
  std::vector<std::vector<std::string>> variants{variantAxes().size()};  ///< words of each axis
  bool rowBlocks = false;
  std::vector<std::string> configs;
  std::vector<std::string> without;
  CalibrationOptions calibration;
  std::int64_t items = -1;
  bool full = false;
  std::filesystem::path store = "bitfrontier.bfdb";
  std::string device = "auto";
  std::string memory = "auto";
  EvalSettingsOptions settings;
  std::optional<double> stopDominated;
  bool plan = false;
  bool quiet = false;
  OutputOptions output;
};

/// Every combination of the axes beside type, bits and block.
std::vector<QuantVariant> variantsOf(const Options& options) {
  std::vector<std::vector<QuantVariant>> axes;
  for (std::size_t axis = 0; axis < options.variants.size(); ++axis) {
    axes.emplace_back();
    for (const std::string& word : options.variants[axis])
      axes.back().push_back(variantOf(variantAxes()[axis], word));
  }
  return crossVariants(axes);
}

std::vector<QuantConfig> configsOf(const Options& options) {
  GridOptions grid;
  const bool suite = !options.suite.empty();
  const bool anyGrid =
      !options.bits.empty() || !options.types.empty() || !options.blocks.empty() ||
      options.rowBlocks ||
      std::ranges::any_of(options.variants, [](const auto& w) { return !w.empty(); });
  std::vector<QuantConfig> configs;
  if (anyGrid || options.configs.empty()) {
    if (options.bits.empty() && !suite) {
      throw Error(ErrorKind::InvalidArgument,
                  "sweep needs --bits, --configs or --suite pocket to know what to compare");
    }
    grid.bits = options.bits.empty() ? std::vector<int>{3, 4, 5, 6, 8, 16} : options.bits;
    grid.types = {DataType::Int, DataType::Float, DataType::Dynamic, DataType::Quantile};
    if (!options.types.empty()) {
      grid.types.clear();
      for (const std::string& type : options.types) grid.types.push_back(dataTypeFromName(type));
    }
    grid.blockSizes = {64, 1024};
    if (!options.blocks.empty()) {
      grid.blockSizes.clear();
      for (const std::string& block : options.blocks) grid.blockSizes.push_back(parseBlock(block));
    }
    grid.rowBlocks = options.rowBlocks;
    grid.variants = variantsOf(options);
    configs = makeGrid(grid);
  }
  for (const std::string& spec : options.configs) {
    const QuantConfig config = QuantConfig::parse(spec);
    if (std::ranges::find(configs, config) == configs.end()) configs.push_back(config);
  }
  return configs;
}

/// Leaves out what "MODEL:CONFIG" names for all tasks; * stands for all models or configurations.
void leaveOut(const std::string& text, const std::vector<std::filesystem::path>& given,
              SweepSpec& spec) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) {
    throw Error(ErrorKind::InvalidArgument, fmt::format("--without {} is not MODEL:CONFIG", text));
  }
  const std::string model = text.substr(0, colon);
  const std::string config = text.substr(colon + 1);
  const std::string wanted = config == "*" ? "" : QuantConfig::parse(config).spec();
  std::size_t found = 0;
  for (std::size_t m = 0; m < spec.models.size(); ++m) {
    const bool named = model == "*" || spec.models[m] == model ||
                       modelName(spec.models[m]) == model ||
                       (m < given.size() && given[m] == model);
    for (std::size_t c = 0; named && c < spec.configs.size(); ++c) {
      if (!wanted.empty() && spec.configs[c].spec() != wanted) continue;
      ++found;
      for (std::size_t t = 0; t < spec.tasks.size(); ++t) spec.leftOut.insert({m, c, t});
    }
  }
  if (found == 0) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("--without {} names no cell of the sweep", text));
  }
}

SweepSpec specOf(const Options& options) {
  SweepSpec spec;
  spec.configs = configsOf(options);
  spec.models = options.models;
  spec.tasks = options.tasks;
  if (options.suite == "pocket") {
    const PocketSuite suite = openPocketSuite();
    if (spec.models.empty()) spec.models = suite.models;
    if (spec.tasks.empty()) spec.tasks = suite.tasks;
  }
  for (auto& model : spec.models) model = findModel(model.string());
  if (spec.models.empty() || spec.tasks.empty()) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("sweep needs {} or --suite pocket",
                            spec.models.empty() ? "--models" : "--tasks"));
  }
  for (const std::string& text : options.without) leaveOut(text, options.models, spec);
  if (spec.leftOut.size() == spec.models.size() * spec.configs.size() * spec.tasks.size()) {
    throw Error(ErrorKind::InvalidArgument, "--without leaves no cell of the sweep");
  }
  spec.itemLimit = options.items >= 0 ? options.items : options.suite.empty() ? 0 : kSuiteItems;
  if (options.full) spec.itemLimit = 0;
  spec.memory = parseWeightMemory(options.memory);
  spec.settings = options.settings.settings();
  spec.stopDominated = options.stopDominated.value_or(0);
  const bool calibrates =
      std::ranges::any_of(spec.configs, [](const QuantConfig& c) { return c.needsCalibration(); });
  if (calibrates) {
    spec.calibration = calibrationText(options.calibration, options.suite);
    if (!spec.calibration) {
      throw Error(ErrorKind::InvalidArgument,
                  "-gptq, -awq and -wmse need --calibration, a text file or pocket");
    }
  }
  return spec;
}

/// "1 min 5 s to 4 min 20 s", or one of them where both read the same.
std::string rangeText(double low, double high) {
  const std::string from = formatDuration(low);
  const std::string to = formatDuration(high);
  return from == to ? from : fmt::format("{} to {}", from, to);
}

int printPlan(const Options& options, const SweepSpec& spec, const SweepPlan& plan) {
  const auto [low, high] = plan.secondsRange();
  if (options.output.json) {
    nlohmann::ordered_json json = {{"cells", nlohmann::json::array()},
                                   {"total", plan.cells.size()},
                                   {"done", plan.done},
                                   {"stopped", plan.stopped},
                                   {"estimated_seconds", plan.estimatedSeconds},
                                   {"estimated_seconds_low", low},
                                   {"estimated_seconds_high", high}};
    for (const SweepCell& cell : plan.cells) {
      json["cells"].push_back({{"model", spec.models[cell.model].string()},
                               {"config", spec.configs[cell.config].spec()},
                               {"task", spec.tasks[cell.task].string()},
                               {"key", cell.key},
                               {"done", cell.done},
                               {"stopped", cell.stopped}});
    }
    fmt::print("{}\n", json.dump(2));
    return kOk;
  }
  constexpr auto kRight = Table::Align::Right;
  Table table({{"model"}, {"cells", kRight}, {"done", kRight}});
  std::vector<std::size_t> order;
  std::map<std::size_t, std::pair<std::size_t, std::size_t>> counts;
  for (const SweepCell& cell : plan.cells) {
    if (!counts.contains(cell.model)) order.push_back(cell.model);
    ++counts[cell.model].first;
    counts[cell.model].second += cell.done ? 1 : 0;
  }
  for (const std::size_t model : order) {
    table.add({spec.models[model].string(), fmt::format("{}", counts[model].first),
               fmt::format("{}", counts[model].second)});
  }
  table.print();
  const std::string stopped =
      plan.stopped > 0 ? fmt::format(" ({} of them stopped: dominated)", plan.stopped) : "";
  fmt::print("{} models x {} configurations x {} tasks ({}){}: {} cells, {} done{}, {} left\n",
             spec.models.size(), spec.configs.size(), spec.tasks.size(),
             spec.itemLimit > 0 ? fmt::format("first {} items", spec.itemLimit) : "all items",
             spec.leftOut.empty() ? "" : fmt::format(" without {}", spec.leftOut.size()),
             plan.cells.size(), plan.done, stopped, rangeText(low, high));
  return kOk;
}

std::string describe(const SweepProgress& progress) {
  std::string text = fmt::format("{}/{} cells", progress.cellsDone, progress.cellsTotal);
  if (progress.remainingSeconds >= 0) {
    text += fmt::format(", {} left", rangeText(progress.remainingLow, progress.remainingHigh));
  }
  if (progress.cellsFailed > 0) text += fmt::format(", {} failed", progress.cellsFailed);
  if (progress.cellsStopped > 0) {
    text += fmt::format(", {} stopped (saved {})", progress.cellsStopped,
                        formatDuration(progress.savedSeconds));
  }
  if (!progress.model.empty()) {
    text += fmt::format("  {}{} {} {}", progress.model, progress.mapped ? " (mapped)" : "",
                        progress.config, progress.task);
  }
  return text;
}

void printSummary(const Options& options, const SweepSummary& summary) {
  if (options.output.json) {
    fmt::print("{}\n", nlohmann::ordered_json({{"store", options.store.string()},
                                               {"total", summary.total},
                                               {"ran", summary.ran},
                                               {"reused", summary.reused},
                                               {"failed", summary.failed},
                                               {"stopped", summary.stopped},
                                               {"saved_seconds", summary.savedSeconds},
                                               {"cancelled", summary.cancelled},
                                               {"seconds", summary.seconds},
                                               {"mapped", summary.mapped},
                                               {"notes", summary.notes},
                                               {"errors", summary.errors}})
                           .dump(2));
    return;
  }
  fmt::print("{} cells: {} run in {}, {} were already in {}{}\n", summary.total, summary.ran,
             formatDuration(summary.seconds), summary.reused, options.store.string(),
             summary.failed > 0 ? fmt::format(", {} failed", summary.failed) : "");
  if (summary.stopped > 0) {
    fmt::print(
        "{} stopped: dominated; saved {}; without --stop-dominated they are run to the end\n",
        summary.stopped, formatDuration(summary.savedSeconds));
  }
  if (!summary.mapped.empty()) {
    fmt::print("16-bit weights left mapped to save memory: {}\n", fmt::join(summary.mapped, ", "));
  }
  for (const std::string& note : summary.notes) fmt::print("note: {}\n", note);
}

int sweep(const Options& options, const JobContext& job) {
  const SweepSpec spec = specOf(options);
  if (options.plan && !std::filesystem::exists(options.store)) {
    // Nothing is written for a look at the plan.
    const RunStore store = RunStore::inMemory();
    return printPlan(options, spec, planSweep(spec, store, job));
  }
  if (options.plan) {
    return printPlan(options, spec, planSweep(spec, openForReading(options.store), job));
  }
  if (options.store.has_parent_path()) {
    std::error_code error;
    std::filesystem::create_directories(options.store.parent_path(), error);
    if (error) {
      throw Error(ErrorKind::Io,
                  fmt::format("cannot make folder {}: {}", options.store.parent_path().string(),
                              error.message()));
    }
  }
  RunStore store = RunStore::open(options.store);
  SweepSummary summary;
  {
    ProgressLine line(options.quiet);
    SweepEvents events;
    events.progress = [&](const SweepProgress& progress) {
      const double cells = static_cast<double>(progress.cellsDone) + progress.cellFraction;
      line.show(cells / static_cast<double>(progress.cellsTotal), describe(progress),
                progress.cellsDone == progress.cellsTotal);
    };
    events.finished = [&](const RunRecord& run) {
      if (run.status == RunStatus::Failed) {
        line.note(fmt::format("bitfrontier: {} {} {} failed: {}", run.model, run.config,
                              run.result.task, run.error));
      } else if (run.status == RunStatus::Stopped) {
        line.note(fmt::format("bitfrontier: {} {} {} stopped: {}", run.model, run.config,
                              run.result.task, run.error));
      }
    };
    summary = runSweep(spec, store, resolveDevice(options.device), events, job);
  }
  printSummary(options, summary);
  if (summary.cancelled) {
    fmt::print(stderr,
               "bitfrontier: interrupted after {} of {} cells; run the same command to resume\n",
               summary.ran + summary.stopped + summary.reused, summary.total);
    return kInterrupted;
  }
  if (summary.allFailed()) {
    fmt::print(stderr,
               "bitfrontier: error: no cell could be run: all {} failed, the first because {}\n",
               summary.failed, summary.errors.front());
    return kFailure;
  }
  if (summary.failed > 0) {
    fmt::print(stderr, "bitfrontier: error: {} of {} cells failed, the first because {}\n",
               summary.failed, summary.total, summary.errors.front());
    return kCellsFailed;
  }
  return kOk;
}

}  // namespace

void addSweep(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "sweep", "Quantize and score models under a grid of configurations, and store every run");
  command
      ->add_option("--suite", options->suite,
                   "pocket: the shipped models and tasks, bits 3,4,5,6,8,16, all data types, "
                   "blocks 64 and 1024, 200 items a task")
      ->check(CLI::IsMember({"pocket"}));
  command
      ->add_option("--models", options->models,
                   "Checkpoint directories, models in the Hugging Face cache, or of the suite")
      ->type_name("DIR")
      ->delimiter(',');
  command->add_option("--tasks", options->tasks, std::string(kTasksHelp))
      ->type_name("[NAME=]PATH")
      ->delimiter(',');
  command->add_option("--bits", options->bits, "Bit widths, 2..8; 16 adds the baseline")
      ->delimiter(',');
  command
      ->add_option("--types", options->types,
                   "Data types, see bitfrontier types (int,float,dynamic,quantile)")
      ->delimiter(',');
  command
      ->add_option("--blocks", options->blocks,
                   "Weights per constant: 16..4096, row or tensor (64,1024)")
      ->delimiter(',');
  command->add_flag("--row-blocks", options->rowBlocks, "Blocks begin anew in each row");
  for (std::size_t axis = 0; axis < variantAxes().size(); ++axis) {
    command
        ->add_option("--" + std::string(variantAxes()[axis].option), options->variants[axis],
                     std::string(variantAxes()[axis].help))
        ->delimiter(',');
  }
  command->add_option("--configs", options->configs, "Configurations one by one, e.g. int4-b64")
      ->type_name("SPEC")
      ->delimiter(',');
  command
      ->add_option("--without", options->without,
                   "Cells to leave out, each MODEL:CONFIG as named above; * is all of them")
      ->type_name("MODEL:CONFIG")
      ->delimiter(',');
  CLI::Option* items =
      command->add_option("--items", options->items, "First N items of each task (0 = all)")
          ->check(CLI::NonNegativeNumber);
  command->add_flag("--full", options->full, "All items of each task")->excludes(items);
  command->add_option("--store", options->store, "Store to add to, made when absent")
      ->type_name("FILE")
      ->capture_default_str();
  command->add_option("--device", options->device, "cpu, cuda, cuda:N or auto")
      ->capture_default_str();
  addMemoryOption(*command, options->memory);
  addEvalSettingsOptions(*command, options->settings);
  addCalibrationOptions(*command, options->calibration);
  // default_str: what the option has when it is given without a value.
  command
      ->add_option("--stop-dominated", options->stopDominated,
                   "Stop cells that can no longer reach a whole run with no more bits: at most "
                   "ALPHA of those that could are stopped (0.01). Laws lose these points")
      ->type_name("[ALPHA]")
      ->expected(0, 1)
      ->default_str("0.01")
      ->check(CLI::Range(1e-6, 0.499));
  command->add_flag("--plan", options->plan, "Only show what would run, and for how long");
  command->add_flag("--quiet", options->quiet, "No progress on stderr");
  addOutputOptions(*command, options->output, false);
  command->footer(
      "Cells that are in the store are not run again. Ctrl-C stops within one batch; the same\n"
      "command resumes.");
  command->callback([&context, options] {
    context.action = [&context, options] { return sweep(*options, context.job()); };
  });
}

}  // namespace bitfrontier::cli
