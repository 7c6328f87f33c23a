// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/checkpoint/checkpoint.h"
#include "core/eval/evaluate.h"
#include "core/modelquant/quantized_model.h"
#include "core/tokenizer/tokenizer.h"
#include "kernels/registry.h"

namespace bitfrontier {
namespace {

/// Places of `count` items spread over `all`, ascending.
std::vector<std::size_t> spread(std::size_t all, std::size_t count) {
  if (count == 0 || count > all) count = all;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < count; ++i) places.push_back((2 * i + 1) * all / (2 * count));
  return places;
}

/// The chosen items of a task as a task.
Task some(const Task& task, const std::vector<std::size_t>& places) {
  Task part = task;
  part.items.clear();
  for (const std::size_t place : places) part.items.push_back(task.items.at(place));
  return part;
}

Task sameTask(const RunRecord& run, const std::filesystem::path& file) {
  Task task = loadTask(file, run.result.itemLimit);
  if (task.hash != run.result.taskHash) {
    throw Error(ErrorKind::Conflict,
                fmt::format("{} does not have the items that were scored: their SHA-256 is {:.12}, "
                            "that of the run's {:.12}",
                            file.string(), task.hash, run.result.taskHash));
  }
  return task;
}

Checkpoint sameModel(const RunRecord& run, const JobContext& job) {
  Checkpoint checkpoint = Checkpoint::open(run.modelPath);
  const std::string hash = checkpoint.hash(job);
  if (hash != run.modelHash) {
    throw Error(ErrorKind::Conflict,
                fmt::format("{} is not the model that was scored: its SHA-256 is {:.12}, that of "
                            "the run's {:.12}",
                            run.modelPath, hash, run.modelHash));
  }
  return checkpoint;
}

at::Tensor calibrationOf(const RunRecord& run, const QuantConfig& config,
                         const VerifyInputs& inputs, const CausalLm& model,
                         const Tokenizer& tokenizer) {
  if (!config.needsCalibration() || !model.config().quantization.empty()) return {};
  if (!inputs.calibration || inputs.calibration->identity() != run.calibration) {
    throw Error(ErrorKind::Conflict,
                fmt::format("{} was calibrated on the text \"{}\", which is not at hand",
                            run.config, run.calibration));
  }
  return calibrationTokens(*inputs.calibration, tokenizer, model.config().maxPositions);
}

void compare(const RunRecord& run, const std::vector<std::size_t>& places, const TaskResult& now,
             Verification& verification) {
  const TaskResult& stored = run.result;
  constexpr double kTolerance = 1e-3;  // of a document's log likelihood
  for (std::size_t i = 0; i < places.size(); ++i) {
    VerifyDifference item;
    item.item = places[i];
    bool differs = false;
    if (item.item < stored.logLikelihood.size() && i < now.logLikelihood.size()) {
      item.storedLogLikelihood = stored.logLikelihood[item.item];
      item.nowLogLikelihood = now.logLikelihood[i];
      const double shift = std::abs(item.storedLogLikelihood - item.nowLogLikelihood);
      if (!(shift <= verification.largestShift)) verification.largestShift = shift;
      const double scale = std::max(1.0, std::abs(item.storedLogLikelihood));
      differs = stored.correct.empty() && !(shift <= kTolerance * scale);
    }
    if (!stored.correct.empty()) {
      item.stored = stored.correct[item.item] != 0;
      item.now = now.correct.at(i) != 0;
      differs = item.stored != item.now;
    }
    if (differs) verification.differences.push_back(item);
  }
}

}  // namespace

Verification verifyRun(const RunRecord& run, const VerifyInputs& inputs, const JobContext& job) {
  if (const std::string why = whyNotVerifiable(run); !why.empty()) {
    throw Error(ErrorKind::Unsupported, why);
  }
  job.progress({0, "reading the task", 0, 0});
  const Task task = sameTask(run, inputs.task);
  const std::size_t all = std::max(run.result.correct.size(), run.result.logLikelihood.size());
  if (task.items.size() != all) {
    throw Error(ErrorKind::Conflict, fmt::format("the run has outcomes of {} items and {} has {}",
                                                 all, inputs.task.string(), task.items.size()));
  }
  const std::vector<std::size_t> places = spread(all, inputs.items);
  job.progress({0, "reading the model", 0, 0});
  const Checkpoint checkpoint = sameModel(run, job);
  const Tokenizer tokenizer = Tokenizer::load(checkpoint.path());
  QuantizedModel model(CausalLm::load(checkpoint, inputs.device), kernelsFor(inputs.device.text()));
  const EvalSettings settings{parseBosProfile(run.result.bosProfile), run.result.maxLength};
  const QuantConfig config = QuantConfig::parse(run.config);
  job.progress({0, "quantizing", 0, 0});
  model.apply(config, job, calibrationOf(run, config, inputs, model.model(), tokenizer));
  const PreparedTask prepared = prepare(some(task, places), tokenizer,
                                        inputLength(settings, model.model().config()), settings);
  Verification verification;
  verification.task = run.result.task;
  verification.items = places.size();
  compare(run, places, evaluate(model.model(), prepared, {}, job), verification);
  return verification;
}

}  // namespace bitfrontier
