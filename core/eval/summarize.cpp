// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/summarize.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "core/base/error.h"
#include "core/eval/bootstrap.h"

namespace bitfrontier {
namespace {

/// As numpy.argmax: the first of equal ones.
std::size_t argmax(const std::vector<double>& values) {
  return static_cast<std::size_t>(std::ranges::max_element(values) - values.begin());
}

std::vector<double> likelihoods(const PreparedTask& task, const std::vector<RequestScore>& scores,
                                std::size_t index) {
  const PreparedTask::Item& item = task.items[index];
  std::vector<double> values;
  for (std::size_t k = 0; k < item.requests; ++k) {
    values.push_back(scores.at(item.slot + k).logLikelihood);
    if (!std::isfinite(values.back())) {
      throw Error(ErrorKind::Numeric, fmt::format("task {}, item {}: log likelihood is {}",
                                                  task.name, index + 1, values.back()));
    }
  }
  return values;
}

/// Whether the gold choice is the best per unit of length.
double rightPer(std::vector<double> values, const std::vector<double>& lengths, std::size_t gold) {
  for (std::size_t k = 0; k < values.size(); ++k) values[k] /= lengths[k];
  return argmax(values) == gold ? 1 : 0;
}

/// A share of n items and its standard error.
void setShare(double right, double n, double& share, double& error) {
  share = right / n;
  if (n > 1) error = std::sqrt(share * (1 - share) / (n - 1));
}

/// Cross-entropy sum(nats) / sum(tokens) with the standard error of a ratio of sums over documents,
/// and the perplexities.
void summarizeText(const PreparedTask& task, const std::vector<RequestScore>& scores,
                   TaskResult& result) {
  double nats = 0, tokens = 0, words = 0, bytes = 0;
  for (std::size_t i = 0; i < task.items.size(); ++i) {
    double sum = 0;
    for (const double value : likelihoods(task, scores, i)) sum += value;
    result.logLikelihood.push_back(sum);
    nats -= sum;
    tokens += static_cast<double>(task.items[i].tokens);
    words += static_cast<double>(task.items[i].words);
    bytes += static_cast<double>(task.items[i].bytes);
  }
  result.crossEntropy = nats / tokens;
  if (bytes > 0) {
    result.bitsPerByte = nats / bytes / std::log(2.0);
    result.bytePerplexity = std::exp(nats / bytes);
  }
  if (words > 0) result.wordPerplexity = std::exp(nats / words);
  const auto n = static_cast<double>(task.items.size());
  if (task.items.size() < 2) return;
  double squares = 0;
  for (std::size_t i = 0; i < task.items.size(); ++i) {
    const double residual =
        -result.logLikelihood[i] - result.crossEntropy * static_cast<double>(task.items[i].tokens);
    squares += residual * residual;
  }
  result.crossEntropySe = std::sqrt(n / (n - 1) * squares) / tokens;
}

TaskResult describe(const PreparedTask& task, std::size_t items) {
  TaskResult result;
  result.task = task.name;
  result.taskHash = task.hash;
  result.items = static_cast<std::int64_t>(items);
  result.itemLimit = task.itemLimit;
  result.bosProfile = bosProfileName(task.settings.bos);
  result.maxLength = task.settings.maxLength;
  return result;
}

/// Of the items of these indices.
TaskResult summarizeItems(const PreparedTask& task, const std::vector<RequestScore>& scores,
                          std::span<const std::size_t> items) {
  TaskResult result = describe(task, items.size());
  double chance = 0, right = 0, perCharacter = 0, perByte = 0, sum = 0;
  for (const std::size_t index : items) {
    const PreparedTask::Item& item = task.items[index];
    for (const auto& [metric, value] : itemMetrics(task, scores, index)) {
      if (metric == "acc") {
        right += value;
        result.correct.push_back(value > 0 ? 1 : 0);
      } else if (metric == "acc_norm") {
        perCharacter += value;
      } else if (metric == "acc_bytes") {
        perByte += value;
      }
    }
    result.logLikelihood.push_back(
        scores[item.slot + static_cast<std::size_t>(item.gold)].logLikelihood);
    sum += result.logLikelihood.back();
    if (task.scoring == Scoring::Choices) chance += 1.0 / static_cast<double>(item.requests);
  }
  const auto n = static_cast<double>(items.size());
  result.chance = chance / n;
  setShare(right, n, result.accuracy, result.accuracySe);
  if (!task.items.front().lengths.empty()) {
    setShare(perCharacter, n, result.accuracyNorm, result.accuracyNormSe);
    setShare(perByte, n, result.accuracyBytes, result.accuracyBytesSe);
  }
  if (task.scoring == Scoring::LastWord) result.perplexity = std::exp(-sum / n);
  return result;
}

}  // namespace

std::vector<std::pair<std::string_view, double>> itemMetrics(
    const PreparedTask& task, const std::vector<RequestScore>& scores, std::size_t index) {
  if (task.scoring == Scoring::Rolling) return {};
  const PreparedTask::Item& item = task.items[index];
  const std::vector<double> values = likelihoods(task, scores, index);
  if (task.scoring == Scoring::LastWord) {
    return {{"perplexity", values.front()}, {"acc", scores[item.slot].greedy ? 1 : 0}};
  }
  const auto gold = static_cast<std::size_t>(item.gold);
  std::vector<std::pair<std::string_view, double>> metrics = {
      {"acc", argmax(values) == gold ? 1 : 0}};
  if (!item.lengths.empty()) {
    metrics.emplace_back("acc_norm", rightPer(values, item.lengths, gold));
    metrics.emplace_back("acc_bytes", rightPer(values, item.byteLengths, gold));
  }
  return metrics;
}

TaskResult summarize(const PreparedTask& task, const std::vector<RequestScore>& scores,
                     std::int64_t bootstrap, const JobContext& job) {
  if (task.scoring == Scoring::Rolling) {
    TaskResult result = describe(task, task.items.size());
    summarizeText(task, scores, result);
    return result;
  }
  std::vector<std::size_t> all(task.items.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  TaskResult result = summarizeItems(task, scores, all);
  if (task.scoring == Scoring::LastWord) {
    result.perplexitySe = bootstrapPerplexityError(result.logLikelihood, bootstrap, job);
  }
  return result;
}

TaskResult summarizeFirst(const PreparedTask& task, const std::vector<RequestScore>& scores,
                          std::size_t items) {
  return summarizeItems(task, scores, std::span(task.order).first(items));
}

}  // namespace bitfrontier
