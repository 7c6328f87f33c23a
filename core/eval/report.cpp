// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/hash.h"

namespace bitfrontier {
namespace {

using Json = nlohmann::ordered_json;

Json numberOrNa(double value) { return std::isfinite(value) ? Json(value) : Json("N/A"); }

bool higherIsBetter(const std::string& metric) { return metric.starts_with("acc"); }

std::string_view outputType(Scoring scoring) {
  switch (scoring) {
    case Scoring::LastWord:
      return "loglikelihood";
    case Scoring::Choices:
      return "multiple_choice";
    case Scoring::Rolling:
      return "loglikelihood_rolling";
  }
  return "unknown";
}

/// What the harness calls the target of an item: the right index, the word, the shared rest of the
/// sentence, or the text.
Json targetOf(const Task& task, const TaskItem& item) {
  const std::string& first = item.requests.front().continuation;
  if (task.scoring != Scoring::Choices) return first;
  if (task.kind == TaskKind::WinoGrande) return first.substr(task.delimiterBytes);
  return item.gold;
}

}  // namespace

std::pair<double, double> metricOf(const TaskResult& r, const std::string& metric) {
  constexpr double kNone = TaskResult::kAbsent;
  if (metric == "acc") return {r.accuracy, r.accuracySe};
  if (metric == "acc_norm") return {r.accuracyNorm, r.accuracyNormSe};
  if (metric == "acc_bytes") return {r.accuracyBytes, r.accuracyBytesSe};
  if (metric == "perplexity") return {r.perplexity, r.perplexitySe};
  if (metric == "word_perplexity") return {r.wordPerplexity, kNone};
  if (metric == "byte_perplexity") return {r.bytePerplexity, kNone};
  if (metric == "bits_per_byte") return {r.bitsPerByte, kNone};
  if (metric == "cross_entropy") return {r.crossEntropy, r.crossEntropySe};
  return {kNone, kNone};
}

MeanAccuracy meanAccuracy(std::span<const TaskResult> results) {
  MeanAccuracy mean;
  double acc = 0, accVariance = 0, norm = 0, normVariance = 0;
  for (const TaskResult& r : results) {
    if (std::isnan(r.accuracy)) continue;
    ++mean.tasks;
    acc += r.accuracy;
    accVariance += r.accuracySe * r.accuracySe;
    const bool has = !std::isnan(r.accuracyNorm);
    norm += has ? r.accuracyNorm : r.accuracy;
    const double se = has ? r.accuracyNormSe : r.accuracySe;
    normVariance += se * se;
  }
  if (mean.tasks == 0) return mean;
  mean.accuracy = acc / mean.tasks;
  mean.accuracySe = std::sqrt(accVariance) / mean.tasks;
  mean.accuracyNorm = norm / mean.tasks;
  mean.accuracyNormSe = std::sqrt(normVariance) / mean.tasks;
  return mean;
}

Json harnessResults(std::span<const EvaluatedTask> tasks) {
  Json json = {{"results", Json::object()},  {"group_subtasks", Json::object()},
               {"configs", Json::object()},  {"versions", Json::object()},
               {"n-shot", Json::object()},   {"higher_is_better", Json::object()},
               {"n-samples", Json::object()}};
  for (const EvaluatedTask& evaluated : tasks) {
    const Task& task = evaluated.task;
    Json& result = json["results"][task.name] = {{"alias", task.name}};
    Json metrics = Json::array();
    Json better = Json::object();
    for (const std::string& metric : task.metrics) {
      const auto [value, se] = metricOf(evaluated.result, metric);
      result[metric + ",none"] = numberOrNa(value);
      result[metric + "_stderr,none"] = numberOrNa(se);
      better[metric] = higherIsBetter(metric);
      metrics.push_back({{"metric", metric},
                         {"aggregation", metric.starts_with("acc") ? "mean" : metric},
                         {"higher_is_better", higherIsBetter(metric)}});
    }
    json["group_subtasks"][task.name] = Json::array();
    json["configs"][task.name] = {{"task", task.name},
                                  {"format", taskKindName(task.kind)},
                                  {"output_type", outputType(task.scoring)},
                                  {"num_fewshot", 0},
                                  {"metric_list", std::move(metrics)},
                                  {"task_hash", task.hash},
                                  {"metadata", {{"version", task.version}}}};
    json["versions"][task.name] = task.version;
    json["n-shot"][task.name] = 0;
    json["higher_is_better"][task.name] = std::move(better);
    json["n-samples"][task.name] = {{"original", task.totalItems},
                                    {"effective", task.items.size()}};
  }
  return json;
}

Json harnessSamples(const EvaluatedTask& evaluated) {
  const Task& task = evaluated.task;
  Json samples = Json::array();
  for (std::size_t index = 0; index < task.items.size(); ++index) {
    const TaskItem& item = task.items[index];
    const PreparedTask::Item& prepared = evaluated.prepared.items[index];
    const Json target = targetOf(task, item);
    Json sample = {{"doc_id", index},
                   {"target", target},
                   {"arguments", Json::array()},
                   {"resps", Json::array()},
                   {"filtered_resps", Json::array()}};
    for (const TextRequest& request : item.requests) {
      sample["arguments"].push_back(task.scoring == Scoring::Rolling
                                        ? Json::array({request.continuation})
                                        : Json::array({request.context, request.continuation}));
    }
    if (task.scoring == Scoring::Rolling) {
      const double sum = evaluated.result.logLikelihood[index];
      sample["resps"].push_back(Json::array({sum}));
      sample["filtered_resps"].push_back(sum);
    } else {
      for (std::size_t k = 0; k < prepared.requests; ++k) {
        const RequestScore& score = evaluated.scores[prepared.slot + k];
        const Json pair = Json::array({score.logLikelihood, score.greedy});
        sample["resps"].push_back(Json::array({pair}));
        sample["filtered_resps"].push_back(pair);
      }
    }
    const std::string prompt = task.scoring == Scoring::Rolling ? item.requests.front().continuation
                                                                : item.requests.front().context;
    sample["prompt_hash"] = sha256Hex(prompt);
    sample["target_hash"] =
        sha256Hex(target.is_string() ? target.get<std::string>() : target.dump());
    for (const auto& [metric, value] : itemMetrics(evaluated.prepared, evaluated.scores, index)) {
      if (std::ranges::find(task.metrics, metric) != task.metrics.end()) sample[metric] = value;
    }
    if (task.scoring == Scoring::Rolling) {
      const double sum = evaluated.result.logLikelihood[index];
      sample["word_perplexity"] = Json::array({sum, item.words});
      sample["byte_perplexity"] = sample["bits_per_byte"] = Json::array({sum, item.bytes});
    }
    samples.push_back(std::move(sample));
  }
  return samples;
}

}  // namespace bitfrontier
