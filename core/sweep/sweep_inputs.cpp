// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/sweep_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <unordered_map>

#include "core/base/error.h"
#include "core/hub/model_name.h"
#include "core/model/architecture.h"
#include "core/modelquant/quantized_model.h"
#include "core/sweep/model_hash.h"

namespace bitfrontier {
namespace {

SweepModel openModel(const std::filesystem::path& given, const JobContext& job,
                     ModelHashes hashes) {
  const std::filesystem::path path = resolveModel(given.string());
  Checkpoint checkpoint = Checkpoint::open(path);
  std::string hash =
      hashes == ModelHashes::Remembered ? rememberedHash(checkpoint, job) : checkpoint.hash(job);
  const std::string name = modelName(path);
  double linear = 0;
  double cost = 0;
  std::string quantization;
  std::string calibration;
  try {
    const ModelConfig config =
        readModelConfig(checkpoint.config(), (path / "config.json").string());
    quantization = config.quantization;
    calibration = config.calibration;
    for (const TensorSlot& slot : tensorSlots(config)) {
      if (!slot.quantizable()) continue;
      linear += static_cast<double>(std::accumulate(slot.shape.begin(), slot.shape.end(),
                                                    std::int64_t{1}, std::multiplies<>()));
    }
    cost = tokenCost(linear, static_cast<double>(config.layers),
                     static_cast<double>(config.hiddenSize));
  } catch (const Error&) {
    // Loading will fail with the same sentence and be recorded for each cell; here only the order
    // of work is wanted.
    cost = tokenCost(0, 0, 0);
  }
  return {name,   familyOf(name), std::move(hash),         std::move(checkpoint),
          linear, cost,           std::move(quantization), std::move(calibration)};
}

}  // namespace

TimeEstimate SweepInputs::estimate() const {
  std::vector<double> costs;
  std::vector<double> linear;
  std::vector<double> bytes;
  for (const SweepModel& model : models) {
    costs.push_back(model.tokenCost);
    linear.push_back(model.linearParameters);
  }
  for (const Task& task : tasks) bytes.push_back(static_cast<double>(task.bytes));
  return {std::move(costs), std::move(linear), std::move(bytes)};
}

SweepInputs openSweepInputs(const SweepSpec& spec, const JobContext& job, ModelHashes hashes) {
  const auto require = [](bool some, const char* what) {
    if (!some) {
      throw Error(ErrorKind::InvalidArgument, fmt::format("the sweep names no {}", what));
    }
  };
  require(!spec.models.empty(), "model");
  require(!spec.configs.empty(), "configuration");
  require(!spec.tasks.empty(), "task");
  for (const QuantConfig& config : spec.configs) {
    config.validate();
    if (config.needsCalibration() && !spec.calibration) {
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("{} needs a calibration text", config.spec()));
    }
  }
  if (!(spec.stopDominated >= 0 && spec.stopDominated < 0.5)) {
    throw Error(
        ErrorKind::InvalidArgument,
        fmt::format("the rate of false stops must be below 0.5, not {}", spec.stopDominated));
  }
  SweepInputs inputs;
  for (const auto& path : spec.tasks) inputs.tasks.push_back(loadTask(path, spec.itemLimit));
  std::map<std::string, std::string> names;
  for (const Task& task : inputs.tasks) {
    const auto [at, fresh] = names.emplace(task.name, task.hash);
    if (!fresh && at->second != task.hash) {
      throw Error(ErrorKind::Conflict,
                  fmt::format("two different tasks are both named {}", task.name));
    }
  }
  for (std::size_t i = 0; i < spec.models.size(); ++i) {
    job.throwIfCancelled();
    inputs.models.push_back(openModel(spec.models[i], {job.stop, {}}, hashes));
    job.progress({static_cast<double>(i + 1) / static_cast<double>(spec.models.size()),
                  "hashing models", static_cast<std::int64_t>(i + 1),
                  static_cast<std::int64_t>(spec.models.size())});
  }
  return inputs;
}

std::string cellKey(const std::string& modelHash, const QuantConfig& config,
                    const std::string& taskHash, const EvalSettings& settings,
                    const std::string& calibration) {
  std::string key = fmt::format("model={} config={} task={} evaluator={} bos={} max_length={}",
                                modelHash, config.spec(), taskHash, kEvaluatorVersion,
                                bosProfileName(settings.bos), settings.maxLength);
  if (!calibration.empty()) key += " calibration=" + calibration;
  return key;
}

QuantConfig cellConfig(const SweepModel& model, const QuantConfig& config) {
  try {
    return effectiveConfig(config, model.quantization);
  } catch (const Error&) {
    return config;
  }
}

std::string cellCalibration(const SweepModel& model, const QuantConfig& config,
                            const SweepSpec& spec) {
  if (!model.quantization.empty()) return model.calibration;
  return config.needsCalibration() && spec.calibration ? spec.calibration->identity() : "";
}

SweepPlan makePlan(const SweepSpec& spec, const SweepInputs& inputs, const RunStore& store) {
  std::vector<std::size_t> order(inputs.models.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t m) { return inputs.models[m].tokenCost; });
  SweepPlan plan;
  std::set<std::string> seen;
  for (const std::size_t model : order) {
    for (std::size_t config = 0; config < spec.configs.size(); ++config) {
      for (std::size_t task = 0; task < inputs.tasks.size(); ++task) {
        if (spec.leftOut.contains({model, config, task})) continue;
        const QuantConfig used = cellConfig(inputs.models[model], spec.configs[config]);
        SweepCell cell{model, config, task,
                       cellKey(inputs.models[model].hash, used, inputs.tasks[task].hash,
                               spec.settings, cellCalibration(inputs.models[model], used, spec)),
                       false};
        if (!seen.insert(cell.key).second) continue;
        const auto status = store.statusOf(cell.key);
        cell.stopped = spec.stopDominated > 0 && status == RunStatus::Stopped;
        cell.done = cell.stopped || status == RunStatus::Done;
        plan.stopped += cell.stopped ? 1 : 0;
        plan.done += cell.done ? 1 : 0;
        plan.cells.push_back(std::move(cell));
      }
    }
  }
  return plan;
}

void addPastRuns(TimeEstimate& estimate, const SweepInputs& inputs, const RunStore& store) {
  RunFilter measured;
  measured.published = false;
  addPastRuns(estimate, inputs, store.runs(measured));
}

void addPastRuns(TimeEstimate& estimate, const SweepInputs& inputs,
                 const std::vector<RunRecord>& runs, std::string_view device) {
  const std::string_view kind = device.substr(0, device.find(':'));
  std::unordered_map<std::string, std::size_t> models;
  std::unordered_map<std::string, std::size_t> tasks;
  for (std::size_t m = 0; m < inputs.models.size(); ++m) models[inputs.models[m].hash] = m;
  for (std::size_t t = 0; t < inputs.tasks.size(); ++t) tasks[inputs.tasks[t].hash] = t;
  for (const RunRecord& run : runs) {
    if (!run.device.starts_with(kind)) continue;
    const auto model = models.find(run.modelHash);
    const auto task = tasks.find(run.result.taskHash);
    if (run.status != RunStatus::Done || model == models.end() || task == tasks.end() ||
        !(run.result.seconds > 0)) {
      continue;
    }
    estimate.addCell(model->second, task->second, run.result.seconds);
  }
}

PendingWork::PendingWork(const SweepPlan& plan, const SweepInputs& inputs)
    : tasks_(inputs.tasks.size()), cells_(inputs.models.size() * tasks_) {
  for (const SweepCell& cell : plan.cells) {
    if (!cell.done) ++cells_[cell.model * tasks_ + cell.task];
  }
}

void PendingWork::settle(const SweepCell& cell) { --cells_[cell.model * tasks_ + cell.task]; }

double PendingWork::seconds(const TimeEstimate& estimate) const {
  double seconds = 0;
  for (std::size_t model = 0; model * tasks_ < cells_.size(); ++model) {
    std::size_t configs = 0;
    for (std::size_t task = 0; task < tasks_; ++task) {
      const std::size_t cells = cells_[model * tasks_ + task];
      if (cells == 0) continue;
      seconds += static_cast<double>(cells) * estimate.cellSeconds(model, task);
      configs = std::max(configs, cells);
    }
    if (configs > 0) {
      seconds += static_cast<double>(configs) * estimate.quantizationSeconds(model);
    }
  }
  return seconds;
}

std::pair<double, double> SweepPlan::secondsRange() const {
  const PaceRange nothingMeasured;
  return {estimatedSeconds * nothingMeasured.low(), estimatedSeconds * nothingMeasured.high()};
}

SweepPlan planSweep(const SweepSpec& spec, const RunStore& store, const JobContext& job) {
  const SweepInputs inputs = openSweepInputs(spec, job, ModelHashes::Remembered);
  SweepPlan plan = makePlan(spec, inputs, store);
  TimeEstimate estimate = inputs.estimate();
  addPastRuns(estimate, inputs, store);
  plan.estimatedSeconds = PendingWork(plan, inputs).seconds(estimate);
  return plan;
}

}  // namespace bitfrontier
