// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/sweep.h"

#include <c10/util/Exception.h>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <ctime>
#include <map>
#include <optional>

#include "core/base/error.h"
#include "core/base/work_timer.h"
#include "core/eval/evaluate.h"
#include "core/modelquant/quantized_model.h"
#include "core/sweep/sweep_inputs.h"
#include "core/tokenizer/tokenizer.h"
#include "kernels/registry.h"

namespace bitfrontier {
namespace {

using Clock = std::chrono::steady_clock;

std::string utcNow() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

/// One sentence of whatever was thrown.
std::string describe(const std::exception& error) {
  std::string text = error.what();
  if (const auto* torch = dynamic_cast<const c10::Error*>(&error)) {
    text = torch->what_without_backtrace();
  }
  return text.substr(0, text.find('\n'));
}

bool isCancelled(const std::exception& error) {
  const auto* known = dynamic_cast<const Error*>(&error);
  return known != nullptr && known->kind() == ErrorKind::Cancelled;
}

/// Sends SweepProgress at most every 50 ms, and always when forced.
class ProgressSender {
 public:
  ProgressSender(const SweepEvents& events, const SweepPlan& plan, const SweepInputs& inputs,
                 const TimeEstimate& estimate)
      : events_(events), estimate_(estimate), pending_(plan, inputs) {
    state_.cellsTotal = plan.cells.size();
    state_.cellsDone = state_.cellsReused = plan.done;
  }

  SweepProgress& state() { return state_; }
  void settle(const SweepCell& cell) {
    pending_.settle(cell);
    cellSeconds_ = 0;
    state_.cellFraction = 0;
    savedSeconds_ = timer_.seconds();
    ++state_.cellsDone;
  }
  void setStage(SweepProgress::Stage stage) {
    state_.stage = stage;
    state_.stageFraction = 0;
    state_.stageDone = state_.stageTotal = 0;
    send(false);
  }
  void setStageProgress(const Progress& progress) {
    state_.stageFraction = progress.fraction;
    state_.stageDone = progress.done;
    state_.stageTotal = progress.total;
    send(false);
  }
  void setCellSeconds(double seconds) { cellSeconds_ = seconds; }
  PaceRange& pace() { return pace_; }
  /// Time worked so far.
  WorkTimer& timer() { return timer_; }

  void send(bool force) {
    if (!events_.progress) return;
    const auto now = Clock::now();
    if (!force && now - last_ < std::chrono::milliseconds(50)) return;
    last_ = now;
    state_.elapsedSeconds = timer_.seconds();
    state_.unsavedSeconds = state_.elapsedSeconds - savedSeconds_;
    const double estimate =
        std::max(0.0, pending_.seconds(estimate_) - state_.cellFraction * cellSeconds_);
    state_.remainingLow = estimate * pace_.low();
    state_.remainingHigh = estimate * pace_.high();
    state_.remainingSeconds = std::sqrt(state_.remainingLow * state_.remainingHigh);
    events_.progress(state_);
  }

 private:
  const SweepEvents& events_;
  const TimeEstimate& estimate_;
  PendingWork pending_;
  SweepProgress state_;
  double cellSeconds_ = 0;
  double savedSeconds_ = 0;
  PaceRange pace_;
  WorkTimer timer_;
  Clock::time_point last_{};
};

class Runner {
 public:
  Runner(const SweepSpec& spec, RunStore& store, DeviceId device, const SweepEvents& events,
         const JobContext& job)
      : spec_(spec),
        store_(store),
        events_(events),
        job_(job),
        device_(device),
        inputs_(openSweepInputs(spec, job)),
        plan_(makePlan(spec, inputs_, store)),
        estimate_(pastEstimate()),
        progress_(events, plan_, inputs_, estimate_) {
    summary_.total = plan_.cells.size();
    summary_.reused = plan_.done;
  }

  SweepSummary run() {
    progress_.send(true);
    try {
      for (std::size_t first = 0; first < plan_.cells.size();) {
        std::size_t last = first;
        while (last < plan_.cells.size() && plan_.cells[last].model == plan_.cells[first].model) {
          ++last;
        }
        runModel(first, last);
        first = last;
      }
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::Cancelled) throw;
      summary_.cancelled = true;
    }
    progress_.send(true);
    summary_.seconds = progress_.timer().seconds();
    return summary_;
  }

 private:
  TimeEstimate pastEstimate() const {
    TimeEstimate estimate = inputs_.estimate();
    addPastRuns(estimate, inputs_, store_);
    return estimate;
  }

  bool pending(std::size_t first, std::size_t last) const {
    for (std::size_t i = first; i < last; ++i) {
      if (!plan_.cells[i].done) return true;
    }
    return false;
  }

  /// The cells of one model: adjacent in the plan.
  void runModel(std::size_t first, std::size_t last) {
    if (!pending(first, last)) return;
    job_.throwIfCancelled();
    const SweepModel& source = inputs_.models[plan_.cells[first].model];
    progress_.state().model = source.name;
    progress_.setStage(SweepProgress::Stage::Loading);
    std::optional<QuantizedModel> model;
    std::optional<Tokenizer> tokenizer;
    try {
      tokenizer = Tokenizer::load(source.checkpoint.path());
      model.emplace(CausalLm::load(source.checkpoint, device_, spec_.memory),
                    kernelsFor(device_.text()));
      progress_.state().mapped = model->model().memory() == WeightMemory::Mapped;
      if (progress_.state().mapped) summary_.mapped.push_back(source.name);
      for (const std::string& note : model->model().config().notes) summary_.notes.push_back(note);
    } catch (const std::exception& error) {
      failAll(first, last, error);
      return;
    }
    for (std::size_t from = first; from < last;) {
      std::size_t to = from;
      while (to < last && plan_.cells[to].config == plan_.cells[from].config) ++to;
      runConfig(from, to, *model, *tokenizer);
      from = to;
    }
  }

  /// The cells of one configuration of one model.
  void runConfig(std::size_t first, std::size_t last, QuantizedModel& model,
                 const Tokenizer& tokenizer) {
    if (!pending(first, last)) return;
    const QuantConfig& config = spec_.configs[plan_.cells[first].config];
    progress_.state().config = config.spec();
    progress_.setStage(SweepProgress::Stage::Quantizing);
    const WorkTimer timer;
    const JobContext layers{job_.stop,
                            [this](const Progress& p) { progress_.setStageProgress(p); }};
    try {
      model.apply(config, layers, calibrationFor(config, model.model(), tokenizer));
    } catch (const std::exception& error) {
      failAll(first, last, error);
      return;
    }
    const double quantization = timer.seconds();
    progress_.pace().add(estimate_.quantizationSeconds(plan_.cells[first].model), quantization);
    estimate_.addQuantization(plan_.cells[first].model, quantization);
    std::size_t cells = 0;
    for (std::size_t i = first; i < last; ++i) cells += plan_.cells[i].done ? 0 : 1;
    for (std::size_t i = first; i < last; ++i) {
      if (!plan_.cells[i].done) {
        runCell(plan_.cells[i], model, tokenizer, quantization / static_cast<double>(cells));
      }
    }
  }

  void runCell(SweepCell& cell, const QuantizedModel& model, const Tokenizer& tokenizer,
               double quantizationShare) {
    job_.throwIfCancelled();
    if (store_.hasDone(cell.key)) {  // another process was faster
      settle(cell);
      ++progress_.state().cellsReused;
      ++summary_.reused;
      return;
    }
    progress_.state().task = inputs_.tasks[cell.task].name;
    progress_.state().cellFraction = 0;
    progress_.setStage(SweepProgress::Stage::Evaluating);
    const double expected = estimate_.cellSeconds(cell.model, cell.task);
    progress_.setCellSeconds(expected);
    progress_.send(false);
    RunRecord record = describeCell(cell);
    const ParameterSummary parameters = model.model().parameters();
    record.parameters = static_cast<double>(parameters.total());
    record.linearParameters = static_cast<double>(parameters.linear);
    record.modelBits = model.bits(spec_.configs[cell.config]);
    try {
      const PreparedTask& task = preparedTask(cell.task, tokenizer, model.model().config());
      record.result = score(model.model(), task);
      record.seconds = quantizationShare + record.result.seconds;
      progress_.pace().add(expected, record.result.seconds);
      estimate_.addCell(cell.model, cell.task, record.result.seconds);
    } catch (const std::exception& error) {
      if (isCancelled(error)) throw;
      fail(cell, std::move(record), error);
      return;
    }
    finish(cell, std::move(record));
  }

  /// Token ids for a configuration that needs them, else undefined.
  at::Tensor calibrationFor(const QuantConfig& config, const CausalLm& model,
                            const Tokenizer& tokenizer) const {
    if (!config.needsCalibration() || !model.config().quantization.empty()) return {};
    return calibrationTokens(*spec_.calibration, tokenizer, model.config().maxPositions);
  }

  /// Tokenized once for all models with the same tokenizer and length.
  const PreparedTask& preparedTask(std::size_t task, const Tokenizer& tokenizer,
                                   const ModelConfig& config) {
    const auto key = std::tuple(task, tokenizer.hash(), config.maxPositions);
    const auto found = prepared_.find(key);
    if (found != prepared_.end()) return found->second;
    return prepared_
        .emplace(key, prepare(inputs_.tasks[task], tokenizer, inputLength(spec_.settings, config),
                              spec_.settings))
        .first->second;
  }

  TaskResult score(const CausalLm& model, const PreparedTask& task) {
    EvalOptions options;
    options.maxBatchTokens = batchTokens_;
    if (events_.waitWhilePaused) {
      options.betweenBatches = [this] {
        const WorkTimer pause;
        events_.waitWhilePaused();
        progress_.timer().leaveOut(pause.seconds());
      };
    }
    JobContext job;
    job.stop = job_.stop;
    job.report = [this](const Progress& progress) {
      progress_.state().cellFraction = progress.fraction;
      progress_.setStageProgress(progress);
    };
    while (true) {
      try {
        return evaluate(model, task, options, job);
      } catch (const Error& error) {
        // One row at a time is the least there is.
        if (error.kind() != ErrorKind::OutOfMemory || options.maxBatchTokens <= 1) throw;
        batchTokens_ = options.maxBatchTokens /= 2;
        options.maxLogits = std::max<std::int64_t>(1, options.maxLogits / 2);
      }
    }
  }

  RunRecord describeCell(const SweepCell& cell) const {
    const SweepModel& model = inputs_.models[cell.model];
    const QuantConfig config = cellConfig(model, spec_.configs[cell.config]);
    const Task& task = inputs_.tasks[cell.task];
    RunRecord record;
    record.key = cell.key;
    record.model = model.name;
    record.family = model.family;
    record.modelPath = model.checkpoint.path().string();
    record.modelHash = model.hash;
    record.linearParameters = model.linearParameters;
    record.config = config.spec();
    record.dataType = dataTypeName(config.type);
    record.bits = config.bits;
    record.blockSize = config.blockSize;
    record.bitsPerParameter = config.bitsPerParameter();
    record.method = methodName(config);
    record.calibration = cellCalibration(model, config, spec_);
    record.result.task = task.name;
    record.result.taskHash = task.hash;
    record.result.itemLimit = task.itemLimit;
    record.result.bosProfile = bosProfileName(spec_.settings.bos);
    record.result.maxLength = spec_.settings.maxLength;
    record.evaluatorVersion = kEvaluatorVersion;
    record.device = device_.text();
    record.createdAt = utcNow();
    return record;
  }

  void settle(SweepCell& cell) {
    cell.done = true;
    progress_.settle(cell);
  }

  void finish(SweepCell& cell, RunRecord record) {
    try {
      record.id = store_.add(record);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::Conflict) throw;
      settle(cell);  // another process stored the same cell meanwhile
      ++progress_.state().cellsReused;
      ++summary_.reused;
      return;
    }
    settle(cell);
    ++summary_.ran;
    progress_.send(false);
    if (events_.finished) events_.finished(record);
  }

  void fail(SweepCell& cell, RunRecord record, const std::exception& error) {
    record.status = RunStatus::Failed;
    record.error = describe(error);
    record.id = store_.add(record);
    settle(cell);
    ++summary_.failed;
    ++progress_.state().cellsFailed;
    summary_.errors.push_back(
        fmt::format("{} {} {}: {}", record.model, record.config, record.result.task, record.error));
    progress_.send(false);
    if (events_.failed) {
      events_.failed({cell.model, cell.config, cell.task, record.model, record.config,
                      record.result.task, record.error, causeOf(error)});
    }
    if (events_.finished) events_.finished(record);
  }

  void failAll(std::size_t first, std::size_t last, const std::exception& error) {
    if (isCancelled(error)) job_.throwIfCancelled();
    for (std::size_t i = first; i < last; ++i) {
      if (!plan_.cells[i].done) fail(plan_.cells[i], describeCell(plan_.cells[i]), error);
    }
  }

  const SweepSpec& spec_;
  RunStore& store_;
  const SweepEvents& events_;
  const JobContext& job_;
  DeviceId device_;
  SweepInputs inputs_;
  SweepPlan plan_;
  TimeEstimate estimate_;
  ProgressSender progress_;
  SweepSummary summary_;
  std::int64_t batchTokens_ = EvalOptions{}.maxBatchTokens;
  std::map<std::tuple<std::size_t, std::string, std::int64_t>, PreparedTask> prepared_;
};

}  // namespace

SweepSummary runSweep(const SweepSpec& spec, RunStore& store, DeviceId device,
                      const SweepEvents& events, const JobContext& job) {
  try {
    return Runner(spec, store, device, events, job).run();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Cancelled) throw;
    SweepSummary summary;  // cancelled before the first cell, while models were being hashed
    summary.cancelled = true;
    return summary;
  }
}

}  // namespace bitfrontier
