// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/harness_samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <system_error>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/store/import/python_json.h"

namespace bitfrontier {
namespace {

using Json = nlohmann::json;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// One line of the file.
struct Sample {
  std::int64_t item = 0;
  double correct = kNaN;
  double logLikelihood = kNaN;
  std::size_t choices = 0;
  bool numbers = false;  ///< they have likelihoods
  std::string identity;  ///< hashes of the item as the harness writes them, or the item itself
};

/// Log likelihoods are numbers in memory and texts in the files.
double number(const Json& value) {
  if (value.is_number()) return value.get<double>();
  if (value.is_boolean()) return value.get<bool>() ? 1 : 0;
  if (!value.is_string()) return kNaN;
  const std::string& text = value.get_ref<const std::string&>();
  double parsed = kNaN;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), parsed);
  return result.ec == std::errc() && result.ptr == text.data() + text.size() ? parsed : kNaN;
}

/// The log likelihood of each choice: "filtered_resps" [[ll, greedy], ...], or "resps" with one
/// more level for repeats.
std::vector<double> likelihoods(const Json& line) {
  std::vector<double> all;
  for (const char* key : {"filtered_resps", "resps"}) {
    const auto found = line.find(key);
    if (found == line.end() || !found->is_array() || found->empty()) continue;
    for (const Json& response : *found) {
      const Json* pair = &response;
      while (pair->is_array() && !pair->empty() && (*pair)[0].is_array()) pair = &(*pair)[0];
      if (!pair->is_array() || pair->empty()) return {};
      all.push_back(number((*pair)[0]));
    }
    return all;
  }
  return all;
}

std::string textOf(const Json& line, const char* key) {
  const auto found = line.find(key);
  return found != line.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Sample readLine(const Json& line, const std::string& where, const SampleMetric& metric) {
  Sample sample;
  sample.item = requireInt(line, "doc_id", where, 0);
  const auto outcome = line.find(metric.metric);
  if (outcome != line.end()) sample.correct = number(*outcome);
  const std::vector<double> values = likelihoods(line);
  sample.choices = values.size();
  sample.numbers = !values.empty() && std::isfinite(values[0]);
  if (values.size() == 1) {
    sample.logLikelihood = values[0];
  } else if (const auto target = line.find("target"); target != line.end()) {
    const double index = number(*target);
    if (index >= 0 && index < static_cast<double>(values.size())) {
      sample.logLikelihood = values[static_cast<std::size_t>(index)];
    }
  }
  sample.identity =
      textOf(line, "doc_hash") + textOf(line, "prompt_hash") + textOf(line, "target_hash");
  if (sample.identity.empty() && line.contains("doc")) sample.identity = line["doc"].dump();
  return sample;
}

/// With several filters each item has a line for each; those of one filter are counted.
void addSample(const Json& line, const std::string& where, const SampleMetric& metric,
               std::vector<Sample>& samples) {
  if (!line.is_object()) {
    throw Error(ErrorKind::Format, fmt::format("{} is no JSON object", where));
  }
  const std::string filter = textOf(line, "filter");
  if (filter.empty() || filter == metric.filter) samples.push_back(readLine(line, where, metric));
}

std::vector<Sample> readLines(const std::filesystem::path& file, const SampleMetric& metric) {
  const MappedFile map(file);
  std::vector<Sample> samples;
  std::string_view rest = map.text();
  const std::size_t first = rest.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && rest[first] == '[') {  // 0.4.0 to 0.4.2
    std::size_t number = 0;
    for (const Json& entry : parsePythonJson(std::string(rest), file.string())) {
      addSample(entry, fmt::format("{}: entry {}", file.string(), ++number), metric, samples);
    }
    return samples;
  }
  for (int number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view text = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (text.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const std::string where = fmt::format("{}:{}", file.string(), number);
    addSample(parsePythonJson(std::string(text), where), where, metric, samples);
  }
  return samples;
}

}  // namespace

std::optional<std::filesystem::path> samplesBeside(const std::filesystem::path& results,
                                                   const std::string& task,
                                                   std::string_view modelArguments) {
  const std::string stem = results.stem().string();
  const std::size_t mark = stem.find("_20");  // the date
  std::string name = task;
  std::replace(name.begin(), name.end(), '/', '_');
  std::vector<std::string> candidates;
  if (mark != std::string::npos) {
    candidates.push_back(fmt::format("samples_{}{}.jsonl", name, stem.substr(mark)));
  }
  candidates.push_back(fmt::format("samples_{}.jsonl", name));
  std::string arguments;
  for (const char c : modelArguments) {
    if (c == '/' || c == '=') {
      arguments += "__";
    } else {
      arguments += c;
    }
  }
  candidates.push_back(fmt::format("{}_{}.jsonl", arguments, task));  // 0.4.0 to 0.4.2
  for (const std::string& candidate : candidates) {
    const auto path = results.parent_path() / candidate;
    if (pathExists(path)) return path;
  }
  return std::nullopt;
}

void readSamples(const std::filesystem::path& file, const SampleMetric& metric, TaskResult& result,
                 ImportedRuns& notes) {
  std::vector<Sample> samples = readLines(file, metric);
  const auto unused = [&](const std::string& why) {
    notes.note(fmt::format("{}: {}; its per-item outcomes are not used", file.string(), why));
  };
  if (samples.empty()) return unused("no items");
  std::sort(samples.begin(), samples.end(),
            [](const Sample& a, const Sample& b) { return a.item < b.item; });
  const auto twice =
      std::adjacent_find(samples.begin(), samples.end(),
                         [](const Sample& a, const Sample& b) { return a.item == b.item; });
  if (twice != samples.end()) {
    return unused(fmt::format("item {} is there more than once", twice->item));
  }
  std::vector<std::uint8_t> correct;
  std::vector<double> logLikelihood;
  std::string identities;
  double chance = 0;
  bool anyLikelihood = false, choices = false;
  for (const Sample& sample : samples) {
    logLikelihood.push_back(sample.logLikelihood);
    anyLikelihood |= std::isfinite(sample.logLikelihood);
    choices |= sample.choices > 1 && sample.numbers;
    identities += sample.identity;
    chance += sample.choices > 1 ? 1.0 / static_cast<double>(sample.choices) : 0;
    if (result.isText()) continue;
    if (sample.correct != 0 && sample.correct != 1) {
      return unused(fmt::format("item {} is neither right nor wrong", sample.item));
    }
    correct.push_back(static_cast<std::uint8_t>(sample.correct));
  }
  const auto n = static_cast<double>(samples.size());
  if (!result.isText()) {
    double right = 0;
    for (const std::uint8_t c : correct) right += c;
    if (std::abs(right / n - result.accuracy) > 1e-6) {
      return unused(fmt::format("{} of {} items are right but the results say {:.4f}", right,
                                samples.size(), result.accuracy));
    }
    // A generated answer has no likelihoods, and may still be one of several choices.
    if (choices || anyLikelihood) result.chance = chance / n;
  }
  result.items = static_cast<std::int64_t>(samples.size());
  result.correct = std::move(correct);
  if (anyLikelihood) result.logLikelihood = std::move(logLikelihood);
  if (result.taskHash.empty() && !identities.empty()) result.taskHash = sha256Hex(identities);
}

}  // namespace bitfrontier
