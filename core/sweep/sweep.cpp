// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/sweep.h"

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <span>

#include "core/base/error.h"
#include "core/base/work_timer.h"
#include "core/eval/evaluate.h"
#include "core/modelquant/quantized_model.h"
#include "core/sweep/cell_record.h"
#include "core/sweep/dominance.h"
#include "core/sweep/memory_need.h"
#include "core/sweep/peak_memory.h"
#include "core/sweep/progress_sender.h"
#include "core/sweep/sweep_inputs.h"
#include "core/tokenizer/tokenizer.h"
#include "kernels/registry.h"

namespace bitfrontier {
namespace {

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
        progress_(events, plan_, inputs_, estimate_),
        memory_(device) {
    summary_.total = plan_.cells.size();
    summary_.reused = plan_.done;
    if (spec_.stopDominated > 0) dominance_.emplace(spec_, inputs_, store_);
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
    memory_.reset();
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
    quantizationPeak_ = memory_.bytes();
    progress_.pace().add(estimate_.quantizationSeconds(plan_.cells[first].model), quantization);
    estimate_.addQuantization(plan_.cells[first].model, quantization);
    std::size_t cells = 0;
    for (std::size_t i = first; i < last; ++i) cells += plan_.cells[i].done ? 0 : 1;
    const double share = quantization / static_cast<double>(cells);
    if (dominance_)
      runTogether(std::span(plan_.cells).subspan(first, last - first), model, tokenizer, share);
    for (std::size_t i = first; i < last; ++i) {
      if (!plan_.cells[i].done) runCell(plan_.cells[i], model, tokenizer, share);
    }
  }

  /// A cell that is scored beside the others of its configuration.
  struct InFlight {
    SweepCell* cell;
    TaskScoring scoring;
    double expected;  ///< seconds
  };

  /// Scores the accuracy tasks of one configuration side by side, block by block, until they are
  /// whole or the configuration is dominated; where nothing can be said of that, it leaves them to
  /// be run one by one.
  void runTogether(std::span<SweepCell> cells, const QuantizedModel& model,
                   const Tokenizer& tokenizer, double quantizationShare) {
    const std::size_t own = cells.front().model;
    const QuantConfig& config = spec_.configs[cells.front().config];
    const auto rival = dominance_->rivalOf(own, config, model.bits(config).checkpointBytes);
    if (!rival) return;
    std::vector<PartialTask> whole;
    std::vector<InFlight> running;
    for (const std::size_t task : dominance_->tasks()) {
      const auto cell = std::ranges::find(cells, task, &SweepCell::task);
      if (cell != cells.end() && !cell->done) {
        try {
          const PreparedTask& prepared = preparedTask(task, tokenizer, model.model().config());
          running.push_back(
              {&*cell, TaskScoring(prepared), estimate_.cellSeconds(own, cell->task)});
        } catch (const std::exception& error) {
          if (isCancelled(error)) throw;
          return;  // it fails again, and is recorded, when it is run by itself
        }
      } else if (auto known = dominance_->whole(own, config, task)) {
        whole.push_back(std::move(*known));
      } else {
        return;  // there will be no mean over all tasks
      }
    }
    scoreTogether(running, whole, *rival, model, quantizationShare);
  }

  void scoreTogether(std::vector<InFlight>& running, const std::vector<PartialTask>& whole,
                     const Rival& rival, const QuantizedModel& model, double quantizationShare) {
    memory_.reset();
    bool judged = true;
    for (const double share : blockShares()) {
      bool more = false;
      for (InFlight& one : running) {
        const auto all = static_cast<double>(one.scoring.task().items.size());
        const auto until = static_cast<std::size_t>(std::ceil(share * all));
        if (one.cell->done || one.scoring.done() || one.scoring.nextItems() > until) continue;
        more = true;
        RunRecord record = describeCell(*one.cell, model);
        try {
          scoreUntil(one, until, running, model.model());
          if (!one.scoring.done()) continue;
          record.result = one.scoring.result();
        } catch (const std::exception& error) {
          if (isCancelled(error)) throw;
          fail(*one.cell, std::move(record), error);
          judged = false;  // it will be no point: the others are run to their ends
          continue;
        }
        finishScored(*one.cell, std::move(record), one.expected, quantizationShare);
      }
      if (!judged || !more || share == 1) continue;
      if (const auto upper = upperBound(running, whole); upper && *upper < rival.accuracy) {
        for (InFlight& one : running) {
          if (!one.cell->done) stop(one, *upper, rival, model, quantizationShare);
        }
        return;
      }
    }
  }

  /// Of the mean over all tasks; absent while one of them has no item yet.
  std::optional<double> upperBound(const std::vector<InFlight>& running,
                                   std::vector<PartialTask> tasks) const {
    for (const InFlight& one : running) {
      if (one.scoring.items() == 0) return std::nullopt;
      tasks.push_back(dominance_->partial(one.cell->model, one.scoring.task(), one.cell->task,
                                          one.scoring.result()));
    }
    return dominance_->upperBound(tasks);
  }

  void scoreUntil(InFlight& one, std::size_t items, const std::vector<InFlight>& running,
                  const CausalLm& model) {
    progress_.state().task = one.scoring.task().name;
    progress_.setStage(SweepProgress::Stage::Evaluating);
    // What all of them have done of what they are expected to take, but for this one's block.
    double expected = 0, before = 0;
    for (const InFlight& other : running) {
      if (other.cell->done) continue;
      expected += other.expected;
      if (&other == &one) continue;
      const auto all = static_cast<double>(other.scoring.task().items.size());
      before += other.expected * static_cast<double>(other.scoring.items()) / all;
    }
    progress_.setCellSeconds(expected);
    const auto fraction = [&](double done) {
      return expected > 0 ? (before + one.expected * done) / expected : 0;
    };
    EvalOptions options = evalOptions();
    while (!one.scoring.done() && one.scoring.nextItems() <= items) {
      try {
        one.scoring.advance(model, options, evalJob(fraction));
      } catch (const Error& error) {
        if (!smallerBatches(options, error)) throw;
        one.scoring.restart();  // scores are those of one size of batches
      }
    }
  }

  void stop(InFlight& one, double upper, const Rival& rival, const QuantizedModel& model,
            double quantizationShare) {
    RunRecord record = describeCell(*one.cell, model);
    record.result = one.scoring.result();
    record.seconds = quantizationShare + record.result.seconds;
    record.status = RunStatus::Stopped;
    record.itemsPlanned = static_cast<std::int64_t>(one.scoring.task().items.size());
    record.error = dominatedText(record.result.items, record.itemsPlanned, upper, rival);
    finish(*one.cell, std::move(record));
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
    RunRecord record = describeCell(cell, model);
    memory_.reset();
    try {
      const PreparedTask& task = preparedTask(cell.task, tokenizer, model.model().config());
      record.result = score(model.model(), task);
    } catch (const std::exception& error) {
      if (isCancelled(error)) throw;
      fail(cell, std::move(record), error);
      return;
    }
    finishScored(cell, std::move(record), expected, quantizationShare);
  }

  void finishScored(SweepCell& cell, RunRecord record, double expected, double quantizationShare) {
    record.seconds = quantizationShare + record.result.seconds;
    progress_.pace().add(expected, record.result.seconds);
    estimate_.addCell(cell.model, cell.task, record.result.seconds);
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

  EvalOptions evalOptions() {
    EvalOptions options;
    options.maxBatchTokens = batchTokens_;
    if (events_.waitWhilePaused) {
      options.betweenBatches = [this] {
        const WorkTimer pause;
        events_.waitWhilePaused();
        progress_.timer().leaveOut(pause.seconds());
      };
    }
    return options;
  }

  /// `fraction` turns that of a task into that of all that is in flight.
  JobContext evalJob(std::function<double(double)> fraction = [](double done) { return done; }) {
    JobContext job;
    job.stop = job_.stop;
    job.report = [this, fraction = std::move(fraction)](const Progress& progress) {
      progress_.state().cellFraction = fraction(progress.fraction);
      progress_.setStageProgress(progress);
    };
    return job;
  }

  /// After an error; false when it was another one, or there is nothing smaller.
  bool smallerBatches(EvalOptions& options, const Error& error) {
    // One row at a time is the least there is.
    if (error.kind() != ErrorKind::OutOfMemory || options.maxBatchTokens <= 1) return false;
    batchTokens_ = options.maxBatchTokens /= 2;
    options.maxLogits = std::max<std::int64_t>(1, options.maxLogits / 2);
    return true;
  }

  TaskResult score(const CausalLm& model, const PreparedTask& task) {
    EvalOptions options = evalOptions();
    while (true) {
      try {
        return evaluate(model, task, options, evalJob());
      } catch (const Error& error) {
        if (!smallerBatches(options, error)) throw;
      }
    }
  }

  RunRecord describeCell(const SweepCell& cell, const QuantizedModel& model) const {
    RunRecord record = describeCell(cell);
    const ParameterSummary parameters = model.model().parameters();
    record.parameters = static_cast<double>(parameters.total());
    record.linearParameters = static_cast<double>(parameters.linear);
    record.modelBits = model.bits(spec_.configs[cell.config]);
    constexpr auto kPlenty = std::numeric_limits<std::int64_t>::max();
    record.predictedMemory =
        needOf(sizesOf(model.model().config()),
               cellConfig(inputs_.models[cell.model], spec_.configs[cell.config]), !device_.isCpu(),
               model.model().memory() == WeightMemory::Mapped ? 0 : kPlenty)
            .total();
    return record;
  }

  RunRecord describeCell(const SweepCell& cell) const {
    return newRecord(spec_, inputs_, cell, device_);
  }

  void settle(SweepCell& cell) {
    cell.done = true;
    progress_.settle(cell);
  }

  void finish(SweepCell& cell, RunRecord record) {
    record.peakMemory = std::max(quantizationPeak_, memory_.bytes());
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
    if (record.status == RunStatus::Stopped) {
      ++summary_.stopped;
      ++progress_.state().cellsStopped;
      progress_.state().savedSeconds = summary_.savedSeconds += record.savedSeconds();
    } else {
      ++summary_.ran;
      if (dominance_) dominance_->add(record);
    }
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
  PeakMemory memory_;
  std::int64_t quantizationPeak_ = 0;   ///< of the configuration in flight
  std::optional<Dominance> dominance_;  ///< where cells are stopped early
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
