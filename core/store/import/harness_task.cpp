// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/harness_task.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/store/import/python_json.h"
#include "core/store/import/task_chances.h"

namespace bitfrontier {
namespace {

using Json = nlohmann::json;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Shares of items, the first that is there counts.
constexpr std::array<std::string_view, 7> kAccuracies{
    "acc", "exact_match", "pass@1", "pass_at_1", "prompt_level_strict_acc", "acc_norm", "mean_acc"};

/// The metric of a filter: "acc,none" of 0.4, "acc" of 0.3 (which had no filters).
double metricOf(const Json& task, std::string_view name, std::string_view filter) {
  for (const std::string& key : {fmt::format("{},{}", name, filter), std::string(name)}) {
    const auto found = task.find(key);
    if (found != task.end() && found->is_number()) return found->get<double>();
  }
  return kNaN;
}

/// Filters that some accuracy of the task has, the one to take first.
std::vector<std::string> filtersOf(const Json& root, const std::string& name, const Json& task,
                                   const std::string& wanted) {
  std::vector<std::string> filters;
  for (const auto& [key, value] : task.items()) {
    const std::size_t comma = key.find(',');
    if (comma == std::string::npos || !value.is_number()) continue;
    const std::string_view metric = std::string_view(key).substr(0, comma);
    if (std::find(kAccuracies.begin(), kAccuracies.end(), metric) == kAccuracies.end()) continue;
    const std::string filter = key.substr(comma + 1);
    if (std::find(filters.begin(), filters.end(), filter) == filters.end()) {
      filters.push_back(filter);
    }
  }
  std::vector<std::string> order{wanted, "none"};
  if (const Json* config = harnessMember(root, "configs", name);
      config != nullptr && config->is_object()) {
    const auto list = config->find("filter_list");
    if (list != config->end() && list->is_array()) {
      for (const Json& entry : *list) {
        if (entry.is_object() && entry.contains("name") && entry["name"].is_string()) {
          order.push_back(entry["name"]);
        }
      }
    }
  }
  order.emplace_back("strict-match");  // first in the harness's own task files
  for (const std::string& first : order) {
    const auto found = std::find(filters.begin(), filters.end(), first);
    if (found == filters.end()) continue;
    std::rotate(filters.begin(), found, found + 1);
    break;
  }
  if (filters.empty()) filters.emplace_back("none");
  return filters;
}

std::string accuracyMetric(const Json& task, const std::string& filter) {
  for (const std::string_view name : kAccuracies) {
    if (std::isfinite(metricOf(task, name, filter))) return std::string(name);
  }
  return {};
}

std::int64_t integer(const Json* object, const char* key) {
  if (object == nullptr || !object->is_object()) return 0;
  const auto found = object->find(key);
  return found != object->end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

void countItems(const Json& root, const std::string& name, const Json& task, TaskResult& result) {
  const Json* counts = harnessMember(root, "n-samples", name);
  result.items = integer(counts, "effective");
  if (result.items == 0) result.items = integer(&task, "sample_len");
  const double p = result.accuracy, se = result.accuracySe;
  if (result.items == 0 && p > 0 && p < 1 && se > 0) {
    result.items = std::llround(p * (1 - p) / (se * se)) + 1;
  }
  const Json* limit = harnessMember(root, "config", "limit");
  if (limit == nullptr || !limit->is_number() || !(limit->get<double>() > 0)) return;
  const double asked = limit->get<double>();
  const std::int64_t original = integer(counts, "original");
  const bool whole =
      original > 0 ? integer(counts, "effective") >= original
                   : asked >= 1 && result.items > 0 && static_cast<double>(result.items) < asked;
  // A share of the items, or a number of them.
  if (!whole) result.itemLimit = asked < 1 ? result.items : static_cast<std::int64_t>(asked);
}

void noteNonFinite(const std::string& name, const Json& task, ImportedRuns& out) {
  std::string metrics;
  for (const auto& [key, value] : task.items()) {
    if (!isBareNonFinite(value)) continue;
    metrics += (metrics.empty() ? "" : ", ") + key.substr(0, key.find(','));
  }
  if (!metrics.empty()) {
    out.note("NaN or infinite in the file and left out", fmt::format("{} ({})", name, metrics));
  }
}

}  // namespace

const Json* harnessMember(const Json& root, const char* outer, const std::string& key) {
  const auto found = root.find(outer);
  if (found == root.end() || !found->is_object()) return nullptr;
  const auto entry = found->find(key);
  return entry == found->end() ? nullptr : &*entry;
}

int harnessShots(const Json& root, const std::string& task) {
  for (const char* key : {"n-shot", "n_shot"}) {
    const Json* found = harnessMember(root, key, task);
    if (found != nullptr && found->is_number_integer()) return found->get<int>();
  }
  const Json* common = harnessMember(root, "config", "num_fewshot");
  return common != nullptr && common->is_number_integer() ? common->get<int>() : 0;
}

HarnessTask readHarnessTask(const Json& root, const std::string& name, const ImportOptions& options,
                            ImportedRuns& out) {
  const Json& task = root["results"][name];
  noteNonFinite(name, task, out);
  HarnessTask read;
  TaskResult& result = read.result;
  const std::vector<std::string> filters = filtersOf(root, name, task, options.filter);
  read.filter = filters.front();
  read.chosen = filters.size() > 1;
  read.metric = accuracyMetric(task, read.filter);
  const auto value = [&](std::string_view metric) { return metricOf(task, metric, read.filter); };
  if (!read.metric.empty()) {
    result.accuracy = value(read.metric);
    result.accuracySe = value(read.metric + "_stderr");
    if (read.metric != "acc_norm") {
      result.accuracyNorm = value("acc_norm");
      result.accuracyNormSe = value("acc_norm_stderr");
      result.accuracyBytes = value("acc_bytes");
      result.accuracyBytesSe = value("acc_bytes_stderr");
    } else {
      out.note("acc_norm is the only accuracy there and is taken as the accuracy", name);
    }
    for (const char* perplexity : {"perplexity", "ppl"}) {  // of lambada; "ppl" in 0.3
      if (!std::isfinite(value(perplexity))) continue;
      result.perplexity = value(perplexity);
      result.perplexitySe = value(std::string(perplexity) + "_stderr");
      break;
    }
    if (result.accuracy < 0 || result.accuracy > 1) {
      out.note("an accuracy outside 0 to 1 is left out",
               fmt::format("{} ({} {:.4g})", name, read.metric, result.accuracy));
      result.accuracy = kNaN;
    }
  } else {
    result.wordPerplexity = metricOf(task, "word_perplexity", "none");
    result.bytePerplexity = metricOf(task, "byte_perplexity", "none");
    result.bitsPerByte = metricOf(task, "bits_per_byte", "none");
    // Older versions and other writers give only one of the two.
    if (!std::isfinite(result.bitsPerByte) && result.bytePerplexity > 0) {
      result.bitsPerByte = std::log2(result.bytePerplexity);
    }
  }
  countItems(root, name, task, result);
  if (read.chosen && std::isfinite(result.accuracy)) {
    std::string others;
    for (std::size_t i = 1; i < filters.size(); ++i) {
      const double other = metricOf(task, read.metric, filters[i]);
      others += fmt::format("{}{} {:.4f}", i > 1 ? ", " : "", filters[i], other);
    }
    out.note("of several filters one is taken (--filter chooses another)",
             fmt::format("{} ({} {:.4f}; not {})", name, read.filter, result.accuracy, others));
  }
  return read;
}

}  // namespace bitfrontier
