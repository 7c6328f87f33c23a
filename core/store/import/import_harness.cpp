// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/import_harness.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <string>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/store/import/harness_model.h"
#include "core/store/import/harness_samples.h"
#include "core/store/import/harness_task.h"
#include "core/store/import/python_json.h"

namespace bitfrontier {
namespace {

using Json = nlohmann::json;

std::string textOf(const Json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Single tasks of the file; groups of them are left out.
std::vector<std::string> tasksOf(const Json& root) {
  std::vector<std::string> tasks;
  for (const auto& [name, task] : root["results"].items()) {
    if (!task.is_object()) continue;
    const Json* members = harnessMember(root, "group_subtasks", name);
    if (members != nullptr && members->is_array() && !members->empty()) continue;
    if (harnessMember(root, "groups", name) != nullptr) continue;
    tasks.push_back(name);
  }
  return tasks;
}

/// Examples in the prompt, when all tasks have the same number.
std::optional<int> commonShots(const Json& root, const std::vector<std::string>& tasks) {
  std::optional<int> common;
  for (const std::string& name : tasks) {
    const int shots = harnessShots(root, name);
    if (common && *common != shots) return std::nullopt;
    common = shots;
  }
  return common.value_or(0);
}

/// How the tasks were put, beyond their names: runs that differ in it are never pooled.
std::vector<std::string> settingsOf(const Json& root, const std::vector<std::string>& tasks,
                                    const ImportOptions& options) {
  std::vector<std::string> parts;
  const auto shots = commonShots(root, tasks);
  if (!shots) {
    parts.emplace_back("shots by task");
  } else if (*shots > 0) {
    parts.push_back(fmt::format("{}-shot", *shots));
  }
  if (!textOf(root, "chat_template").empty() || !textOf(root, "chat_template_sha").empty()) {
    parts.emplace_back("chat template");
    const auto turns = root.find("fewshot_as_multiturn");
    if (shots.value_or(1) > 0 && turns != root.end() && turns->is_boolean() && turns->get<bool>()) {
      parts.emplace_back("examples as turns");
    }
  }
  if (const std::string system = textOf(root, "system_instruction"); !system.empty()) {
    parts.push_back(fmt::format("system instruction {}", sha256Hex(system).substr(0, 8)));
  }
  const auto arguments = harnessModelArguments(root);
  const auto thinking = arguments.find("enable_thinking");
  if (thinking != arguments.end() && (thinking->second == "True" || thinking->second == "true")) {
    parts.emplace_back("thinking");
  }
  const bool generates = std::any_of(tasks.begin(), tasks.end(), [&](const std::string& name) {
    const Json* config = harnessMember(root, "configs", name);
    return config == nullptr || textOf(*config, "output_type").empty() ||
           textOf(*config, "output_type") == "generate_until";
  });
  if (const Json* generation = harnessMember(root, "config", "gen_kwargs");
      generates && generation != nullptr && !generation->is_null() && !generation->empty()) {
    const std::string text =
        generation->is_string() ? generation->get<std::string>() : generation->dump();
    if (!text.empty()) parts.push_back("generation " + text);
  }
  if (!options.filter.empty()) parts.push_back("filter " + options.filter);
  return parts;
}

std::string sourceOf(const Json& root, const std::vector<std::string>& tasks,
                     const ImportOptions& options) {
  std::string source = options.source;
  if (source.empty()) {
    std::string version = textOf(root, "lm_eval_version");
    const Json& results = root["results"];
    const bool newForm = std::any_of(results.begin(), results.end(), [](const Json& task) {
      if (!task.is_object()) return false;
      for (const auto& [key, value] : task.items()) {
        if (key.find(',') != std::string::npos) return true;
      }
      return false;
    });
    if (version.empty()) version = newForm ? "0.4" : "0.3";
    const std::string commit = textOf(root, "git_hash");
    source = fmt::format("lm-evaluation-harness {}{}", version,
                         commit.empty() ? "" : fmt::format(" ({})", commit.substr(0, 9)));
  }
  for (const std::string& part : settingsOf(root, tasks, options)) source += ", " + part;
  return source;
}

/// ISO 8601 of the time in the file's name (when it was written), else of "date" in the file.
std::string dateOf(const std::filesystem::path& file, const Json& root) {
  static const std::regex kStamp(R"((20\d\d-\d\d-\d\d)T(\d\d)[-:_](\d\d)[-:_](\d\d))");
  std::smatch match;
  const std::string name = file.filename().string();
  if (std::regex_search(name, match, kStamp)) {
    return fmt::format("{}T{}:{}:{}Z", match.str(1), match.str(2), match.str(3), match.str(4));
  }
  const auto date = root.find("date");
  if (date == root.end() || !date->is_number()) return {};
  const double seconds = date->get<double>();
  if (!(seconds > 0) || seconds > 4e9) return {};
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

/// Arguments that change what is scored, in the fields that our own runs have for them.
void readInputSettings(const Json& root, RunRecord& run) {
  const auto arguments = harnessModelArguments(root);
  if (const auto bos = arguments.find("add_bos_token"); bos != arguments.end()) {
    const bool add = bos->second == "True" || bos->second == "true" || bos->second == "1";
    run.result.bosProfile = add ? "addbos" : "nobos";
  }
  if (const auto length = arguments.find("max_length"); length != arguments.end()) {
    const auto value = parseCount(length->second);
    if (value && *value >= 1 && *value < 1e9) {
      run.result.maxLength = static_cast<std::int64_t>(*value);
    }
  }
}

std::string keyOf(const RunRecord& run, const std::string& computedIn) {
  std::string key = importKey(run);
  if (run.result.itemLimit > 0) key += fmt::format("|{}", run.result.itemLimit);
  if (run.bits < 16 && !computedIn.empty() && computedIn != "float16") key += "|" + computedIn;
  if (!run.result.bosProfile.empty()) key += "|" + run.result.bosProfile;
  if (run.result.maxLength > 0) key += fmt::format("|max_length={}", run.result.maxLength);
  return key;
}

/// "gsm8k (5-shot, strict-match)".
std::string taskName(const std::string& name, int shots, const HarnessTask& task) {
  std::string more = shots > 0 ? fmt::format("{}-shot", shots) : std::string();
  if (task.chosen) more += (more.empty() ? "" : ", ") + task.filter;
  return more.empty() ? name : fmt::format("{} ({})", name, more);
}

void readResults(const std::filesystem::path& file, const Json& root, const ImportOptions& options,
                 ImportedRuns& out) {
  const std::string where = file.string();
  if (!root.is_object() || !root.contains("results") || !root["results"].is_object()) {
    throw Error(ErrorKind::Format,
                fmt::format("{} is no result file of lm-evaluation-harness: it has no object "
                            "\"results\"",
                            where));
  }
  ImportedRuns read;  // joined with `out` only when the whole file could be used
  const std::vector<std::string> tasks = tasksOf(root);
  const HarnessModel model = describeHarnessModel(root, where, options, read);
  const std::string source = sourceOf(root, tasks, options);
  const Json* given = harnessMember(root, "config", "model_args");
  const std::string arguments =
      given != nullptr && given->is_string() ? given->get<std::string>() : std::string();
  for (const std::string& name : tasks) {
    const HarnessTask task = readHarnessTask(root, name, options, read);
    RunRecord run = model.run;
    run.source = run.evaluatorVersion = source;
    run.createdAt = dateOf(file, root);
    run.result = task.result;
    TaskResult& result = run.result;
    if (!result.isText() && !std::isfinite(result.accuracy)) {
      read.note("neither an accuracy nor a perplexity of text, left out", name);
      continue;
    }
    const int shots = harnessShots(root, name);
    result.task = taskName(name, shots, task);
    readInputSettings(root, run);
    const Json* hash = harnessMember(root, "task_hashes", name);
    if (hash != nullptr && hash->is_string()) result.taskHash = hash->get<std::string>();
    if (const auto samples = samplesBeside(file, name, arguments)) {
      readSamples(*samples, {task.metric, task.filter}, result, read);
    }
    if (!result.isText() && std::isnan(result.chance)) {
      const Json* config = harnessMember(root, "configs", name);
      if (config != nullptr) result.chance = chanceOfTaskConfig(*config);
      if (std::isnan(result.chance)) result.chance = chanceOfTask(name);
    }
    if (!result.isText() && std::isnan(result.chance)) {
      read.note("the accuracy of guessing is not known (laws above chance need it)", name);
    }
    if (!result.isText() && !std::isfinite(result.accuracySe) && result.items > 1) {
      result.accuracySe = std::sqrt(result.accuracy * (1 - result.accuracy) /
                                    static_cast<double>(result.items - 1));
    }
    const Json* device = harnessMember(root, "config", "device");
    if (device != nullptr && device->is_string()) run.device = device->get<std::string>();
    run.key = keyOf(run, model.computedIn);
    read.runs.push_back(std::move(run));
  }
  if (read.runs.empty()) {
    throw Error(ErrorKind::Format, fmt::format("{} holds no task with an accuracy (acc, "
                                               "exact_match) or a perplexity of text",
                                               where));
  }
  out.append(std::move(read));
}

bool isNamedResults(const std::filesystem::path& file) {
  return file.filename().string().starts_with("results");
}

/// What a .json file of any name holds, if it looks like results: 0.3 let the user name its file.
std::optional<Json> resultsIn(const std::filesystem::path& file) {
  if (isNamedResults(file)) return readPythonJson(file);
  constexpr std::uint64_t kMost = std::uint64_t{64} << 20;  // a tokenizer.json is no results file
  std::error_code error;
  if (std::filesystem::file_size(file, error) > kMost || error) return std::nullopt;
  try {
    std::string text = readFile(file, kMost);
    if (text.find("\"results\"") == std::string::npos) return std::nullopt;
    Json root = parsePythonJson(std::move(text), file.string());
    const bool results = root.is_object() && root.contains("results") &&
                         root["results"].is_object() &&
                         (root.contains("versions") || root.contains("config"));
    return results ? std::optional(std::move(root)) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

ImportedRuns readHarness(const std::filesystem::path& fileOrFolder, const ImportOptions& options) {
  ImportedRuns out;
  std::error_code error;
  if (!std::filesystem::is_directory(fileOrFolder, error)) {
    readResults(fileOrFolder, readPythonJson(fileOrFolder), options, out);
    return out;
  }
  std::vector<std::filesystem::path> files;
  using Walk = std::filesystem::recursive_directory_iterator;
  for (Walk it(fileOrFolder, std::filesystem::directory_options::skip_permission_denied, error),
       end;
       !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".json") files.push_back(it->path());
  }
  if (error) {
    throw Error(ErrorKind::Io,
                fmt::format("cannot list {}: {}", fileOrFolder.string(), error.message()));
  }
  std::sort(files.begin(), files.end());
  std::vector<Error> failures;
  for (const auto& file : files) {
    try {
      const auto root = resultsIn(file);
      if (root) readResults(file, *root, options, out);
    } catch (const Error& failure) {
      failures.push_back(failure);
    }
  }
  if (out.runs.empty() && !failures.empty()) throw failures.front();
  if (out.runs.empty()) {
    throw Error(ErrorKind::NotFound,
                fmt::format("there is no result file of lm-evaluation-harness (.json) under {}",
                            fileOrFolder.string()));
  }
  for (const Error& failure : failures) out.note(fmt::format("left out: {}", failure.what()));
  keepNewest(out);
  return out;
}

}  // namespace bitfrontier
