// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pocket/quality.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/eval/evaluate.h"
#include "core/hub/model_name.h"
#include "core/model/causal_lm.h"
#include "core/modelquant/quantized_model.h"
#include "core/pocket/manifest.h"
#include "core/pocket/suite.h"
#include "core/tokenizer/tokenizer.h"
#include "kernels/registry.h"

namespace bitfrontier::pocket {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kConfigs[] = {"fp16", "int8-b64", "int3-tensor"};

MeasuredModel measure(const CausalLm& model, const std::string& name, const std::string& config,
                      const std::vector<PreparedTask>& tasks, const JobContext& job) {
  MeasuredModel result{name, config, {}, 0, 0, 0};
  double variance = 0;
  int accuracyTasks = 0;
  for (const PreparedTask& task : tasks) {
    result.tasks.push_back(evaluate(model, task, {}, job));
    const TaskResult& last = result.tasks.back();
    if (last.isText()) {
      result.crossEntropy = last.crossEntropy;
    } else {
      result.accuracy += last.accuracy;
      variance += last.accuracySe * last.accuracySe;
      ++accuracyTasks;
    }
  }
  result.accuracy /= accuracyTasks;
  result.accuracySe = std::sqrt(variance) / accuracyTasks;
  return result;
}

/// The conditions of one family, whose models come smallest first. The first family, which tests
/// and examples lean on, must also span a wide range and react to quantization.
std::vector<QualityCondition> judge(const std::string& family, bool full,
                                    const std::vector<MeasuredModel>& measured) {
  std::vector<MeasuredModel> baseline;
  double worst8 = -1, largest3 = -1;
  for (const MeasuredModel& m : measured) {
    if (m.config == kConfigs[0]) {
      baseline.push_back(m);
      continue;
    }
    const double lost = baseline.back().accuracy - m.accuracy;  // same model: measured just before
    double& extreme = m.config == kConfigs[1] ? worst8 : largest3;
    extreme = std::max(extreme, lost);
  }
  std::vector<QualityCondition> conditions;
  const auto add = [&](bool holds, const std::string& text) {
    conditions.push_back({fmt::format("{}: {}", family, text), holds});
  };
  std::string accuracies, entropies;
  bool accuracyRises = true, entropyFalls = true, precise = true;
  for (std::size_t i = 0; i < baseline.size(); ++i) {
    accuracies += fmt::format("{}{:.1f}", i ? ", " : "", 100 * baseline[i].accuracy);
    entropies += fmt::format("{}{:.3f}", i ? ", " : "", baseline[i].crossEntropy);
    precise = precise && baseline[i].accuracySe < 0.01;
    if (i == 0) continue;
    accuracyRises = accuracyRises && baseline[i].accuracy > baseline[i - 1].accuracy;
    entropyFalls = entropyFalls && baseline[i].crossEntropy < baseline[i - 1].crossEntropy;
  }
  add(accuracyRises, fmt::format("mean accuracy rises with every size: {} %", accuracies));
  add(precise, "every standard error of a mean accuracy is below 1 point");
  add(entropyFalls,
      fmt::format("held-out cross-entropy falls with every size: {} nats per token", entropies));
  add(worst8 < 0.01,
      fmt::format("8 bit loses less than 1 point on every size: at most {:.2f}", 100 * worst8));
  if (!full) return conditions;
  const double gain = 100 * (baseline.back().accuracy - baseline.front().accuracy);
  add(gain >= 15,
      fmt::format("mean accuracy rises by at least 15 points over the family: {:.1f}", gain));
  for (const TaskResult& task : baseline.back().tasks) {
    if (task.isText()) continue;
    add(task.accuracy >= task.chance + 0.10 && task.accuracy <= 0.97,
        fmt::format("the largest model is between chance + 10 points and 97 % on {}: {:.1f} % "
                    "(chance {:.0f} %)",
                    task.task, 100 * task.accuracy, 100 * task.chance));
  }
  add(largest3 >= 0.05,
      fmt::format("3-bit Int without blocks loses at least 5 points on one size: {:.1f}",
                  100 * largest3));
  return conditions;
}

/// The conditions of every family, the pocket family "neox" in full.
std::vector<QualityCondition> judgeFamilies(const std::vector<MeasuredModel>& measured) {
  std::map<std::string, std::vector<MeasuredModel>> families;
  for (const MeasuredModel& m : measured) families[familyOf(m.model)].push_back(m);
  std::vector<QualityCondition> all;
  for (const auto& [family, models] : families) {
    for (QualityCondition& c : judge(family, family == "pocket-neox", models)) {
      all.push_back(std::move(c));
    }
  }
  return all;
}

Json toJson(const QualityReport& report) {
  Json measured = Json::array();
  for (const MeasuredModel& m : report.measured) {
    Json tasks;
    for (const TaskResult& task : m.tasks) {
      if (!task.isText()) tasks[task.task] = task.accuracy;
    }
    measured.push_back({{"model", m.model},
                        {"config", m.config},
                        {"accuracy", m.accuracy},
                        {"accuracySe", m.accuracySe},
                        {"crossEntropy", m.crossEntropy},
                        {"tasks", tasks}});
  }
  Json conditions = Json::array();
  for (const QualityCondition& c : report.conditions) {
    conditions.push_back({{"condition", c.text}, {"holds", c.holds}});
  }
  return {{"command", "bitfrontier pocket measure"},
          {"measured", measured},
          {"conditions", conditions}};
}

}  // namespace

bool QualityReport::holds() const {
  return std::all_of(conditions.begin(), conditions.end(),
                     [](const QualityCondition& c) { return c.holds; });
}

QualityReport measureQuality(const std::filesystem::path& directory, const JobContext& job) {
  const PocketSuite suite = openPocketSuite(directory);
  if (suite.models.empty()) {
    throw Error(ErrorKind::NotFound,
                fmt::format("{} holds no checkpoints", suite.directory.string()));
  }
  std::vector<Task> tasks;
  tasks.reserve(suite.tasks.size());
  for (const auto& file : suite.tasks) tasks.push_back(loadTask(file));
  QualityReport report;
  const auto total = static_cast<std::int64_t>(suite.models.size() * std::size(kConfigs));
  for (const auto& path : suite.models) {
    QuantizedModel model(CausalLm::load(path), referenceKernels());
    const Tokenizer tokenizer = Tokenizer::load(path);
    std::vector<PreparedTask> prepared;
    for (const Task& task : tasks) {
      prepared.push_back(prepare(task, tokenizer, model.model().config().maxPositions));
    }
    for (const char* spec : kConfigs) {
      const auto done = static_cast<std::int64_t>(report.measured.size());
      job.progress({static_cast<double>(done) / static_cast<double>(total),
                    fmt::format("{} {}", path.filename().string(), spec), done, total});
      model.apply(QuantConfig::parse(spec), {job.stop, {}});
      report.measured.push_back(
          measure(model.model(), path.filename().string(), spec, prepared, {job.stop, {}}));
    }
  }
  report.conditions = judgeFamilies(report.measured);
  const auto file = suite.directory / kManifest;
  Json manifest = Json::parse(readFile(file));
  manifest["quality"] = toJson(report);
  writeFileAtomic(file, manifest.dump(2) + "\n");
  return report;
}

}  // namespace bitfrontier::pocket
