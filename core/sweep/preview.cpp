// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/preview.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <system_error>
#include <tuple>
#include <unordered_map>

#include "core/base/error.h"
#include "core/model/architecture.h"
#include "core/sweep/sweep_inputs.h"

namespace bitfrontier {
namespace {

/// What stored runs of the same names say.
class StoredRuns {
 public:
  explicit StoredRuns(const std::vector<RunRecord>& runs) : runs_(runs) {
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const RunRecord& run = runs[i];
      if (run.status == RunStatus::Failed) failed_.insert(run.key);
      if (run.status == RunStatus::Stopped) stopped_.insert(run.key);
      if (run.status == RunStatus::Done) {
        byName_[{run.model, run.config, run.result.task}].push_back(i);
      }
    }
  }
  bool failed(const std::string& key) const { return failed_.contains(key); }
  bool stopped(const std::string& key) const { return stopped_.contains(key); }

  /// The first difference between a cell that is not done and the newest run of its names.
  std::optional<StaleRun> stale(const SweepModel& model, const QuantConfig& config,
                                const Task& task, const SweepSpec& spec) const {
    const auto found = byName_.find({model.name, config.spec(), task.name});
    if (found == byName_.end()) return std::nullopt;
    const RunRecord& run = runs_[found->second.back()];
    using Field = StaleRun::Field;
    const auto differ = [&](Field field, std::string stored,
                            std::string wanted) -> std::optional<StaleRun> {
      return StaleRun{field, task.name, std::move(stored), std::move(wanted)};
    };
    if (run.modelHash != model.hash)
      return differ(Field::Model, run.modelHash.substr(0, 12), model.hash.substr(0, 12));
    if (run.result.itemLimit != task.itemLimit)
      return differ(Field::ItemLimit, limitText(run.result.itemLimit), limitText(task.itemLimit));
    if (run.result.taskHash != task.hash)
      return differ(Field::Task, run.result.taskHash.substr(0, 12), task.hash.substr(0, 12));
    if (run.evaluatorVersion != kEvaluatorVersion)
      return differ(Field::Evaluator, run.evaluatorVersion, std::string(kEvaluatorVersion));
    const std::string bos(bosProfileName(spec.settings.bos));
    if (run.result.bosProfile != bos) return differ(Field::Bos, run.result.bosProfile, bos);
    if (run.result.maxLength != spec.settings.maxLength)
      return differ(Field::MaxLength, limitText(run.result.maxLength),
                    limitText(spec.settings.maxLength));
    const std::string calibration = cellCalibration(model, config, spec);
    if (run.calibration != calibration)
      return differ(Field::Calibration, run.calibration, calibration);
    return std::nullopt;
  }

 private:
  static std::string limitText(std::int64_t limit) {
    return limit == 0 ? "all" : std::to_string(limit);
  }

  const std::vector<RunRecord>& runs_;
  std::set<std::string> failed_, stopped_;
  std::map<std::tuple<std::string, std::string, std::string>, std::vector<std::size_t>> byName_;
};

/// How far off times may be, by the share of them that was measured.
void setRange(SweepPreview& preview, const TimeEstimate& estimate, bool gpu) {
  using Basis = TimeEstimate::Basis;
  bool machine = false, others = false;
  for (std::size_t m = 0; m < preview.models.size(); ++m) {
    for (std::size_t t = 0; t < preview.tasks.size(); ++t) {
      const Basis basis = estimate.basis(m, t);
      machine = machine || basis == Basis::Machine;
      others = others || basis == Basis::OtherCells;
    }
  }
  const double factor = machine ? 3 : others ? 2 : 1.3;
  preview.low = 1 / factor;
  preview.high = factor;
  preview.secondsUnknown = machine && gpu;  // only the CPU's speed can be told without a run
}

double freeBytes(const std::filesystem::path& store) {
  std::filesystem::path place = std::filesystem::absolute(store).parent_path();
  std::error_code code;
  const std::filesystem::space_info info = std::filesystem::space(place, code);
  return code ? -1 : static_cast<double>(info.available);
}

/// What a run takes in the store: its row, and the outcome and log likelihood of every item.
double runBytes(const Task& task) { return 1500 + 9.0 * static_cast<double>(task.items.size()); }

}  // namespace

SweepPreview previewSweep(const SweepSpec& spec, const RunStore& store, const PreviewDevice& device,
                          const JobContext& job) {
  const SweepInputs inputs = openSweepInputs(spec, job, ModelHashes::Remembered);
  RunFilter measured;
  measured.published = false;
  const std::vector<RunRecord> runs = store.runs(measured);
  TimeEstimate estimate = inputs.estimate();
  addPastRuns(estimate, inputs, runs, device.id);
  const bool gpu = device.id != "cpu";
  const std::int64_t available = gpu ? device.memory : availableMemory();

  SweepPreview preview;
  preview.configs = spec.configs.size();
  preview.pairs.resize(spec.models.size() * spec.configs.size());
  preview.memoryLimit = available;
  preview.calibration = MemoryCalibration(runs, device.id);
  for (const Task& task : inputs.tasks) preview.tasks.push_back(task.name);
  for (std::size_t m = 0; m < inputs.models.size(); ++m) {
    const SweepModel& model = inputs.models[m];
    SweepPreview::Model shown{model.name, 0, {}};
    try {
      const ModelSizes sizes = sizesOf(readModelConfig(
          model.checkpoint.config(), (model.checkpoint.path() / "config.json").string()));
      shown.parameters = sizes.all;
      for (std::size_t c = 0; c < spec.configs.size(); ++c) {
        preview.pairs[m * preview.configs + c].memory =
            needOf(sizes, cellConfig(model, spec.configs[c]), gpu, available);
      }
    } catch (const Error& error) {
      shown.problem = error.what();
    }
    preview.models.push_back(std::move(shown));
  }

  SweepSpec whole = spec;
  whole.leftOut.clear();
  const StoredRuns stored(runs);
  for (const SweepCell& cell : makePlan(whole, inputs, store).cells) {
    PairPreview& pair = preview.pairs[cell.model * preview.configs + cell.config];
    ++pair.tasks;
    if (stored.stopped(cell.key)) ++pair.stopped;
    if (cell.done) {
      ++pair.done;
      continue;
    }
    const SweepModel& model = inputs.models[cell.model];
    if (stored.failed(cell.key)) ++pair.failed;
    if (pair.seconds == 0)  // weights are quantized once for all tasks
      pair.seconds = estimate.quantizationSeconds(cell.model);
    pair.seconds += estimate.cellSeconds(cell.model, cell.task);
    pair.openBytes += runBytes(inputs.tasks[cell.task]);
    if (!pair.stale) {
      pair.stale = stored.stale(model, cellConfig(model, spec.configs[cell.config]),
                                inputs.tasks[cell.task], spec);
    }
  }
  for (PairPreview& pair : preview.pairs) pair.repeated = pair.tasks == 0;
  setRange(preview, estimate, gpu);
  preview.diskFree = static_cast<std::int64_t>(freeBytes(store.path()));
  return preview;
}

}  // namespace bitfrontier
