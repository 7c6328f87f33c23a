// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/dominance.h"

#include <fmt/format.h>

#include <algorithm>

namespace bitfrontier {

Dominance::Dominance(const SweepSpec& spec, const SweepInputs& inputs, const RunStore& store)
    : spec_(spec), inputs_(inputs), store_(store) {
  RunFilter filter;
  filter.published = false;
  for (std::size_t t = 0; t < inputs.tasks.size(); ++t) {
    if (inputs.tasks[t].scoring == Scoring::Rolling) continue;
    tasks_.push_back(t);
    filter.tasks.push_back(inputs.tasks[t].name);
  }
  if (tasks_.empty()) return;
  for (const RunRecord& run : store.runs(filter)) add(run);
}

void Dominance::add(const RunRecord& run) {
  if (run.status != RunStatus::Done || run.published()) return;
  if (run.evaluatorVersion != kEvaluatorVersion ||
      run.result.bosProfile != bosProfileName(spec_.settings.bos) ||
      run.result.maxLength != spec_.settings.maxLength) {
    return;
  }
  const bool ours = std::ranges::any_of(
      tasks_, [&](std::size_t t) { return inputs_.tasks[t].hash == run.result.taskHash; });
  const std::string text = spec_.calibration ? spec_.calibration->identity() : "";
  if (!ours || (!run.calibration.empty() && run.calibration != text)) return;
  Pair& pair = pairs_[{run.modelHash, run.config, run.calibration}];
  pair.model = run.model;
  pair.config = run.config;
  pair.bits = run.modelBits.checkpointBytes;
  pair.accuracy[run.result.taskHash] = run.result.accuracy;
}

std::string Dominance::keyOf(std::size_t model, const QuantConfig& config, std::size_t task) const {
  const SweepModel& of = inputs_.models[model];
  const QuantConfig used = cellConfig(of, config);
  return cellKey(of.hash, used, inputs_.tasks[task].hash, spec_.settings,
                 cellCalibration(of, used, spec_));
}

std::optional<Rival> Dominance::rivalOf(std::size_t model, const QuantConfig& config,
                                        double bits) const {
  if (tasks_.empty() || config.isBaseline()) return std::nullopt;
  const SweepModel& own = inputs_.models[model];
  const std::string ownConfig = cellConfig(own, config).spec();
  std::optional<Rival> best;
  for (const auto& [key, pair] : pairs_) {
    if (!(pair.bits > 0) || pair.bits > bits || pair.accuracy.size() < tasks_.size()) continue;
    if (std::get<0>(key) == own.hash && pair.config == ownConfig) continue;
    double sum = 0;
    for (const std::size_t t : tasks_) sum += pair.accuracy.at(inputs_.tasks[t].hash);
    const double accuracy = sum / static_cast<double>(tasks_.size());
    if (!best || accuracy > best->accuracy) best = {pair.model, pair.config, accuracy};
  }
  return best;
}

std::optional<PartialTask> Dominance::whole(std::size_t model, const QuantConfig& config,
                                            std::size_t task) const {
  const auto run = store_.find(keyOf(model, config, task));
  if (!run || run->status != RunStatus::Done || run->result.correct.empty()) return std::nullopt;
  return PartialTask{
      run->result.correct, {}, 0, static_cast<std::int64_t>(run->result.correct.size())};
}

PartialTask Dominance::partial(std::size_t model, const PreparedTask& task, std::size_t index,
                               const TaskResult& result) const {
  const std::size_t all = task.items.size();
  PartialTask seen{result.correct, {}, 0, static_cast<std::int64_t>(all)};
  if (seen.correct.size() == all) return seen;
  const auto [at, fresh] = controls_.try_emplace({model, index});
  if (fresh) {
    const auto run = store_.find(keyOf(model, QuantConfig(), index));
    if (run && run->status == RunStatus::Done && run->result.correct.size() == all) {
      at->second = run->result.correct;
    }
  }
  const std::vector<std::uint8_t>& control = at->second;
  if (control.empty()) return seen;
  for (std::size_t i = 0; i < seen.correct.size(); ++i) {
    seen.control.push_back(control[task.order[i]]);
  }
  const auto right = std::ranges::count(control, std::uint8_t{1});
  seen.controlMean = static_cast<double>(right) / static_cast<double>(all);
  return seen;
}

double Dominance::upperBound(std::span<const PartialTask> tasks) const {
  return partialMean(tasks, lookLevel(spec_.stopDominated, blockShares().size() - 1)).upper;
}

std::string dominatedText(std::int64_t items, std::int64_t all, double upper, const Rival& rival) {
  return fmt::format(
      "dominated after {} of {} items: the mean accuracy is at most {:.3f}, and {} {} has {:.3f} "
      "in no more bits",
      items, all, upper, rival.model, rival.config, rival.accuracy);
}

}  // namespace bitfrontier
