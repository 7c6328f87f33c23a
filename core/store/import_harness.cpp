// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import_harness.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/store/harness_samples.h"

namespace bitfrontier {
namespace {

using Json = nlohmann::json;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// A metric of one task: "acc,none" of 0.4 (the filter "none" before others), "acc" of 0.3.
double metricOf(const Json& task, std::string_view name) {
  const std::string prefix = std::string(name) + ",";
  double value = kNaN;
  for (const auto& [key, entry] : task.items()) {
    if (!entry.is_number()) continue;
    if (key == name || key == prefix + "none") return entry.get<double>();
    if (key.starts_with(prefix) && std::isnan(value)) value = entry.get<double>();
  }
  return value;
}

/// "pretrained=a/b,dtype=float16" as a map; also the object some versions write.
std::map<std::string, std::string> argumentsOf(const Json& config) {
  std::map<std::string, std::string> all;
  const auto found = config.find("model_args");
  if (found == config.end()) return all;
  if (found->is_object()) {
    for (const auto& [key, value] : found->items()) {
      all[key] = value.is_string() ? value.get<std::string>() : value.dump();
    }
  } else if (found->is_string()) {
    const std::string text = found->get<std::string>();
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t end = std::min(text.find(',', at), text.size());
      const std::string entry = text.substr(at, end - at);
      const std::size_t equal = entry.find('=');
      if (equal != std::string::npos) all[entry.substr(0, equal)] = entry.substr(equal + 1);
      at = end + 1;
    }
  }
  return all;
}

bool isTrue(const std::map<std::string, std::string>& arguments, const std::string& key) {
  const auto found = arguments.find(key);
  return found != arguments.end() && lower(found->second) == "true";
}

std::string modelOf(const Json& root, const std::map<std::string, std::string>& arguments) {
  const auto name = root.find("model_name");
  if (name != root.end() && name->is_string() && !name->get<std::string>().empty()) {
    return name->get<std::string>();
  }
  for (const char* key : {"peft", "delta", "pretrained", "model", "path", "engine"}) {
    const auto found = arguments.find(key);
    if (found != arguments.end()) return found->second;
  }
  return {};
}

/// Words in a model's name or arguments that mean fewer than 16 bits.
std::string quantizedWord(std::string_view model,
                          const std::map<std::string, std::string>& arguments) {
  for (const char* key : {"autogptq", "gptqmodel", "gguf_file"}) {
    const auto found = arguments.find(key);
    if (found != arguments.end() && lower(found->second) != "false") return key;
  }
  const std::string name = lower(model);
  for (const char* word : {"gptq", "awq", "gguf", "bnb", "4bit", "4-bit", "8bit", "8-bit", "3bit",
                           "int4", "int8", "w4a16", "w8a8", "nf4", "fp4", "exl2", "aqlm"}) {
    if (name.find(word) != std::string::npos) return word;
  }
  return {};
}

/// What the harness says about a bitsandbytes model, before the user's options.
void describeBitsAndBytes(const std::map<std::string, std::string>& arguments, RunRecord& run) {
  run.method = "bitsandbytes";
  if (isTrue(arguments, "load_in_8bit")) {
    run.config = "llm-int8";
    run.dataType = "int";
    run.bits = 8;
    run.bitsPerParameter = 8;
    return;
  }
  const auto type = arguments.find("bnb_4bit_quant_type");
  const bool doubled = isTrue(arguments, "bnb_4bit_use_double_quant");
  run.dataType = type == arguments.end() ? "fp4" : lower(type->second);
  run.config = fmt::format("bnb-{}{}", run.dataType, doubled ? "-dq" : "");
  run.bits = 4;
  run.blockSize = 64;
  // One float32 constant for 64 weights; double quantization: 8 bits each and one float32 for 256.
  run.bitsPerParameter = 4 + (doubled ? 8.0 / 64 + 32.0 / (64 * 256) : 32.0 / 64);
}

/// Everything of the record that is about the model.
RunRecord describeModel(const Json& root, const std::string& where, const ImportOptions& options,
                        ImportedRuns& out) {
  const Json config =
      root.contains("config") && root["config"].is_object() ? root["config"] : Json::object();
  const auto arguments = argumentsOf(config);
  RunRecord run;
  run.model = options.model.empty() ? modelOf(root, arguments) : options.model;
  if (run.model.empty()) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{} does not name its model; give --model", where));
  }
  run.family = options.family.empty() ? familyOfModel(run.model) : options.family;
  run.dataType = "fp16";
  run.config = "fp16";
  run.method = "none";
  const bool asked = options.bits.has_value();
  if (isTrue(arguments, "load_in_4bit") || isTrue(arguments, "load_in_8bit")) {
    describeBitsAndBytes(arguments, run);
  } else if (const std::string word = quantizedWord(run.model, arguments);
             !word.empty() && !asked) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{}: {} looks quantized (\"{}\") but the file does not say how many "
                            "bits it has; give --bits, and --bits-per-parameter for its constants",
                            where, run.model, word));
  }
  if (asked) {
    run.bits = *options.bits;
    run.bitsPerParameter = *options.bits;
    if (run.bits < 16) {
      run.dataType = "int";
      run.method = "rtn";
      run.config = fmt::format("int{}", run.bits);
    }
  }
  if (!options.dataType.empty()) run.dataType = options.dataType;
  if (!options.method.empty()) run.method = options.method;
  if (options.blockSize) run.blockSize = *options.blockSize;
  if (options.bitsPerParameter) run.bitsPerParameter = *options.bitsPerParameter;
  if (!options.config.empty()) {
    run.config = options.config;
  } else if (asked && run.bits < 16) {
    run.config = fmt::format("{}{}{}", options.method.empty() ? run.dataType : run.method, run.bits,
                             run.blockSize > 0 ? fmt::format("-b{}", run.blockSize) : "");
  }

  const auto counted = config.find("model_num_parameters");
  if (options.parameters) {
    run.parameters = *options.parameters;
  } else if (counted != config.end() && counted->is_number() && counted->get<double>() > 0) {
    run.parameters = counted->get<double>();
  } else if (const auto named = parametersOfName(run.model)) {
    run.parameters = *named;
    out.note(
        fmt::format("{}: the file does not count the parameters of {}; {:.4g} is what its "
                    "name says",
                    where, run.model, *named));
  } else {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{} does not say how many parameters {} has; give --parameters", where,
                            run.model));
  }
  run.linearParameters = options.linearParameters.value_or(kNaN);
  if (run.bits < 16 && !options.linearParameters) {
    out.note(
        fmt::format("{}: which parameters of {} are quantized is not known; all are counted "
                    "at {:.4g} bits (--linear-parameters corrects that)",
                    where, run.model, run.bitsPerParameter));
  }
  fillModelBits(run);
  return run;
}

std::string sourceOf(const Json& root, const Json& results, const ImportOptions& options) {
  if (!options.source.empty()) return options.source;
  const auto text = [&](const char* key) {
    const auto found = root.find(key);
    return found != root.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  std::string version = text("lm_eval_version");
  const bool newForm = std::any_of(results.begin(), results.end(), [](const Json& task) {
    if (!task.is_object()) return false;
    for (const auto& [key, value] : task.items()) {
      if (key.find(',') != std::string::npos) return true;
    }
    return false;
  });
  if (version.empty()) version = newForm ? "0.4" : "0.3";
  const std::string commit = text("git_hash");
  return fmt::format("lm-evaluation-harness {}{}", version,
                     commit.empty() ? "" : fmt::format(" ({})", commit.substr(0, 9)));
}

/// A member of an object inside an object, or null.
const Json* inner(const Json& root, const char* outer, const std::string& key) {
  const auto found = root.find(outer);
  if (found == root.end() || !found->is_object()) return nullptr;
  const auto entry = found->find(key);
  return entry == found->end() ? nullptr : &*entry;
}

int shotsOf(const Json& root, const std::string& task) {
  for (const char* key : {"n-shot", "n_shot"}) {
    const Json* found = inner(root, key, task);
    if (found != nullptr && found->is_number_integer()) return found->get<int>();
  }
  const Json* common = inner(root, "config", "num_fewshot");
  return common != nullptr && common->is_number_integer() ? common->get<int>() : 0;
}

std::int64_t limitOf(const Json& root, std::int64_t items) {
  const Json* limit = inner(root, "config", "limit");
  if (limit == nullptr || !limit->is_number() || !(limit->get<double>() > 0)) return 0;
  // A share of the items, or a number of them.
  return limit->get<double>() < 1 ? items : static_cast<std::int64_t>(limit->get<double>());
}

std::int64_t itemsOf(const Json& root, const Json& task, const std::string& name) {
  const Json* counts = inner(root, "n-samples", name);
  if (counts != nullptr && counts->is_object()) {
    const auto effective = counts->find("effective");
    if (effective != counts->end() && effective->is_number_integer()) {
      return effective->get<std::int64_t>();
    }
  }
  const auto length = task.find("sample_len");
  if (length != task.end() && length->is_number_integer()) return length->get<std::int64_t>();
  const double p = metricOf(task, "acc"), se = metricOf(task, "acc_stderr");
  if (p > 0 && p < 1 && se > 0) return std::llround(p * (1 - p) / (se * se)) + 1;
  return 0;
}

/// False when the task has nothing that we keep.
bool readMetrics(const Json& task, TaskResult& result) {
  result.accuracy = metricOf(task, "acc");
  result.accuracySe = metricOf(task, "acc_stderr");
  if (std::isnan(result.accuracy)) {
    result.accuracy = metricOf(task, "exact_match");
    result.accuracySe = metricOf(task, "exact_match_stderr");
  }
  result.accuracyNorm = metricOf(task, "acc_norm");
  if (std::isfinite(result.accuracy)) return true;
  const double wordPerplexity = metricOf(task, "word_perplexity");
  result.bitsPerByte = metricOf(task, "bits_per_byte");
  if (wordPerplexity > 0) result.crossEntropy = std::log(wordPerplexity);
  return std::isfinite(result.crossEntropy);
}

void readResults(const std::filesystem::path& file, const ImportOptions& options,
                 ImportedRuns& out) {
  const std::string where = file.string();
  const Json root = readJson(file);
  if (!root.is_object() || !root.contains("results") || !root["results"].is_object()) {
    throw Error(ErrorKind::Format,
                fmt::format("{} is no result file of lm-evaluation-harness: it has no object "
                            "\"results\"",
                            where));
  }
  const Json& results = root["results"];
  const RunRecord model = describeModel(root, where, options, out);
  const std::string source = sourceOf(root, results, options);
  const Json* given = inner(root, "config", "model_args");
  const std::string arguments =
      given != nullptr && given->is_string() ? given->get<std::string>() : std::string();
  std::vector<std::string> unread;
  std::size_t read = 0;
  for (const auto& [name, task] : results.items()) {
    if (!task.is_object()) continue;
    const Json* members = inner(root, "group_subtasks", name);
    if (members != nullptr && members->is_array() && !members->empty()) continue;
    RunRecord run = model;
    run.source = source;
    TaskResult& result = run.result;
    if (!readMetrics(task, result)) {
      unread.push_back(name);
      continue;
    }
    const int shots = shotsOf(root, name);
    result.task = shots > 0 ? fmt::format("{} ({}-shot)", name, shots) : name;
    result.items = itemsOf(root, task, name);
    const Json* hash = inner(root, "task_hashes", name);
    if (hash != nullptr && hash->is_string()) result.taskHash = hash->get<std::string>();
    if (!result.isText()) result.chance = chanceOfTask(name);
    if (const auto samples = samplesBeside(file, name, arguments)) {
      readSamples(*samples, result, out);
    }
    if (!result.isText() && !std::isfinite(result.accuracySe) && result.items > 1) {
      result.accuracySe = std::sqrt(result.accuracy * (1 - result.accuracy) /
                                    static_cast<double>(result.items - 1));
    }
    result.itemLimit = limitOf(root, result.items);
    run.evaluatorVersion = source;
    const Json* device = inner(root, "config", "device");
    if (device != nullptr && device->is_string()) run.device = device->get<std::string>();
    run.key = importKey(run);
    if (result.itemLimit > 0) run.key += fmt::format("|{}", result.itemLimit);
    out.runs.push_back(std::move(run));
    ++read;
  }
  if (!unread.empty()) {
    std::string list;
    for (const std::string& name : unread) list += (list.empty() ? "" : ", ") + name;
    out.note(fmt::format("{}: neither accuracy nor word perplexity for {}: left out", where, list));
  }
  if (read == 0) {
    throw Error(ErrorKind::Format, fmt::format("{} holds no task with an accuracy (acc, "
                                               "exact_match) or a word perplexity",
                                               where));
  }
}

}  // namespace

ImportedRuns readHarness(const std::filesystem::path& fileOrFolder, const ImportOptions& options) {
  ImportedRuns out;
  std::error_code error;
  if (!std::filesystem::is_directory(fileOrFolder, error)) {
    readResults(fileOrFolder, options, out);
    return out;
  }
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(fileOrFolder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("results") && name.ends_with(".json")) files.push_back(entry.path());
  }
  if (error) {
    throw Error(ErrorKind::Io,
                fmt::format("cannot list {}: {}", fileOrFolder.string(), error.message()));
  }
  if (files.empty()) {
    throw Error(ErrorKind::NotFound,
                fmt::format("there is no results*.json of lm-evaluation-harness under {}",
                            fileOrFolder.string()));
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) readResults(file, options, out);
  return out;
}

}  // namespace bitfrontier
