// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/harness_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <utility>

#include "core/base/error.h"
#include "core/store/import/quantization_config.h"
#include "core/store/import/quantized_name.h"

namespace bitfrontier {
namespace {

using Json = nlohmann::json;
using Arguments = std::map<std::string, std::string>;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::string textOf(const Json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string argument(const Arguments& arguments, const char* key) {
  const auto found = arguments.find(key);
  if (found == arguments.end()) return {};
  const std::string value = lower(found->second);
  return value == "none" || value == "null" || value == "\"\"" ? std::string() : found->second;
}

bool isTrue(const Arguments& arguments, const char* key) {
  const std::string value = lower(argument(arguments, key));
  return value == "true" || value == "1";
}

void addArgument(std::string_view entry, Arguments& all) {
  const auto trim = [](std::string_view t) {
    while (!t.empty() && (t.front() == ' ' || t.front() == '\'' || t.front() == '"')) {
      t.remove_prefix(1);
    }
    while (!t.empty() && (t.back() == ' ' || t.back() == '\'' || t.back() == '"')) {
      t.remove_suffix(1);
    }
    return std::string(t);
  };
  const std::size_t equal = entry.find('=');
  if (equal == std::string_view::npos) return;
  all[trim(entry.substr(0, equal))] = trim(entry.substr(equal + 1));
}

/// The names of backends stand where a script may put the model's own.
bool isBackend(const std::string& name) {
  static constexpr std::array<std::string_view, 40> kBackends{"hf",
                                                              "huggingface",
                                                              "hf-auto",
                                                              "hf-causal",
                                                              "hf-seq2seq",
                                                              "hf-multimodal",
                                                              "hf-causal-experimental",
                                                              "gpt2",
                                                              "gpt3",
                                                              "vllm",
                                                              "vllm-vlm",
                                                              "sglang",
                                                              "sglang-generate",
                                                              "gguf",
                                                              "ggml",
                                                              "openvino",
                                                              "optimum-intel",
                                                              "optimum-causal",
                                                              "local-completions",
                                                              "local-chat-completions",
                                                              "openai-completions",
                                                              "openai-chat-completions",
                                                              "anthropic-completions",
                                                              "anthropic-chat",
                                                              "anthropic-chat-completions",
                                                              "textsynth",
                                                              "dummy",
                                                              "nemo_lm",
                                                              "mamba_ssm",
                                                              "neuronx",
                                                              "sparseml",
                                                              "deepsparse",
                                                              "ipex",
                                                              "watsonx_llm",
                                                              "winml",
                                                              "steered",
                                                              "hf-mistral3",
                                                              "megatron_lm",
                                                              "habana",
                                                              "custom"};
  const std::string low = lower(name);
  return std::find(kBackends.begin(), kBackends.end(), low) != kBackends.end();
}

/// What the file calls the model, as it stands there; empty when it does not.
std::string modelOf(const Json& root, const Json& config, const Arguments& arguments) {
  std::string argued;
  for (const char* key : {"peft", "delta", "pretrained", "model", "path", "engine"}) {
    if (argued.empty()) argued = argument(arguments, key);
  }
  const std::string named = textOf(root, "model_name");
  // Without a name among the arguments the harness makes one up: eight random letters and digits.
  static const std::regex random("[a-z0-9]{8}");
  if (!named.empty() && (!argued.empty() || !std::regex_match(named, random))) return named;
  if (!argued.empty()) return argued;
  const std::string model = textOf(config, "model");
  return isBackend(model) ? std::string() : model;
}

/// "float32" of "torch.float32", "fp32", "half", ...; empty for "auto" and what is no such type.
std::string plainDtype(std::string_view text) {
  std::string name = lower(text);
  if (name.starts_with("torch.")) name.erase(0, 6);
  if (name == "half") name = "float16";
  if (name == "float") name = "float32";
  return dtypeOfName(name);
}

struct Weights {
  std::optional<QuantizedName> quantized;
  std::string dtype;    ///< of a model that is not quantized; empty when nothing tells
  double fileBits = 0;  ///< of a folder with quantized weights
};

/// Names in the arguments that mean fewer than 16 bits.
std::optional<QuantizedName> quantizedByArguments(const Arguments& arguments,
                                                  const std::string& model) {
  if (const std::string text = argument(arguments, "quantization_config"); !text.empty()) {
    return readQuantizationConfig(Json::parse(text, nullptr, false));
  }
  std::string words = argument(arguments, "gguf_file");
  if (!words.empty()) {
    if (auto named = quantizationOfName(words)) return named;
    return std::nullopt;  // "...-F16.gguf"
  }
  for (const char* key : {"quantization", "torchao_config", "load_format", "quantize"}) {
    const std::string value = lower(argument(arguments, key));
    if (!value.empty() && value != "auto" && value != "false") words += value + "-";
  }
  for (const char* key : {"autogptq", "gptqmodel", "autoawq"}) {
    const std::string value = argument(arguments, key);
    if (!value.empty() && lower(value) != "false") {
      words += std::string(key) + "-" + (lower(value) == "true" ? "" : value);
    }
  }
  const std::string dtype = lower(argument(arguments, "dtype"));
  if (!dtype.empty() && dtype != "auto" && plainDtype(dtype).empty()) words += dtype;
  auto named = words.empty() ? std::nullopt : quantizationOfName(words);
  if (!named && argument(arguments, "quantization").empty()) return std::nullopt;
  if (!named) {
    named.emplace();
    named->method = named->config = "quantized";
    named->dataType = "int";
  }
  named->word = words.substr(0, words.find_last_not_of('-') + 1);
  if (named->bits > 0) return named;
  // "quantization=awq" of "...-AWQ-4bit".
  if (auto byName = quantizationOfName(model); byName && byName->bits > 0) return byName;
  return named;
}

QuantizedName bitsAndBytes(const Arguments& arguments) {
  Json config = {{"quant_method", "bitsandbytes"},
                 {"load_in_8bit", isTrue(arguments, "load_in_8bit")},
                 {"load_in_4bit", isTrue(arguments, "load_in_4bit")},
                 {"bnb_4bit_quant_type", lower(argument(arguments, "bnb_4bit_quant_type"))},
                 {"bnb_4bit_use_double_quant", isTrue(arguments, "bnb_4bit_use_double_quant")}};
  return *readQuantizationConfig(config);
}

Weights weightsOf(const Json& config, const Arguments& arguments, const std::string& model,
                  const std::string& revision) {
  Weights weights;
  if (isTrue(arguments, "load_in_4bit") || isTrue(arguments, "load_in_8bit")) {
    weights.quantized = bitsAndBytes(arguments);
    return weights;
  }
  const bool gguf = !argument(arguments, "gguf_file").empty();
  const std::string base = argument(arguments, "pretrained");
  const auto folder = gguf ? std::nullopt : findModelFolder(base.empty() ? model : base, revision);
  const std::string run = textOf(config, "model_dtype");
  weights.quantized = quantizedByArguments(arguments, model);
  if (folder && folder->quantization) {
    weights.quantized = folder->quantization;
    weights.fileBits = folder->fileBits;
  } else if (!weights.quantized && !gguf) {
    // Also where the folder's config.json is silent: HQQ's own format, weights that were quantized
    // and written back in 16 bits.
    weights.quantized = quantizationOfName(model);
    if (!weights.quantized) weights.quantized = quantizationOfName(base);
    if (!weights.quantized && !run.empty() && plainDtype(run).empty()) {
      weights.quantized = quantizationOfName(lower(run));  // "torch.float8_e4m3fn"
    }
  }
  weights.dtype = plainDtype(run);
  if (weights.dtype.empty()) weights.dtype = plainDtype(argument(arguments, "dtype"));
  if (weights.dtype.empty() && gguf) weights.dtype = dtypeOfName(argument(arguments, "gguf_file"));
  if (weights.dtype.empty() && folder) {
    weights.dtype = plainDtype(folder->dtype);
    // vLLM computes with models stored in fp32 in fp16 unless it is told otherwise.
    if (lower(textOf(config, "model")) == "vllm" && weights.dtype == "float32") {
      weights.dtype = "float16";
    }
  }
  if (weights.dtype.empty()) weights.dtype = dtypeOfName(model);
  return weights;
}

void setPlain(const std::string& dtype, RunRecord& run) {
  run.method = "none";
  run.bits = dtype == "float32" ? 32 : 16;
  run.bitsPerParameter = run.bits;
  run.dataType = dtype == "float32" ? "fp32" : dtype == "bfloat16" ? "bf16" : "fp16";
  run.config = run.dataType;
}

void setQuantized(const QuantizedName& q, RunRecord& run) {
  run.method = q.method;
  run.dataType = q.dataType;
  run.config = q.config;
  run.bits = q.bits;
  run.blockSize = q.blockSize;
  run.bitsPerParameter = std::isfinite(q.bitsPerWeight) ? q.bitsPerWeight : q.bits;
}

/// The user's options, over what the file says.
void applyOptions(const ImportOptions& options, RunRecord& run) {
  const bool asked = options.bits.has_value();
  if (asked) {
    run.bits = *options.bits;
    run.bitsPerParameter = run.bits;
    run.blockSize = 0;
    run.dataType = run.bits < 16 ? "int" : run.bits == 32 ? "fp32" : "fp16";
    run.method = run.bits < 16 ? "rtn" : "none";
    run.config = run.bits < 16 ? fmt::format("int{}", run.bits) : run.dataType;
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
}

double parametersOf(const Json& config, const ImportOptions& options, const RunRecord& run,
                    const std::string& where, ImportedRuns& out) {
  if (options.parameters) return *options.parameters;
  const auto found = config.find("model_num_parameters");
  const double counted = found != config.end() && found->is_number() ? found->get<double>() : 0;
  const auto named = parametersOfName(run.model);
  if (counted > 0) {
    // Packed codes count for less, or not at all when they are buffers.
    if (run.bits >= 16 || !named || counted > 0.8 * *named) return counted;
    out.note("the file counts packed weights, so the number of parameters is taken from the name",
             fmt::format("{} ({:.4g}, not {:.4g})", run.model, *named, counted));
    return *named;
  }
  if (named) {
    out.note("the file does not count the parameters, so what the name says is taken",
             fmt::format("{} ({:.4g})", run.model, *named));
    return *named;
  }
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("{} does not say how many parameters {} has; give --parameters", where,
                          run.model));
}

}  // namespace

std::map<std::string, std::string> harnessModelArguments(const Json& root) {
  Arguments all;
  const auto config = root.find("config");
  if (config == root.end() || !config->is_object()) return all;
  const auto found = config->find("model_args");
  if (found == config->end()) return all;
  if (found->is_object()) {
    for (const auto& [key, value] : found->items()) {
      if (value.is_null()) continue;
      all[key] = value.is_string() ? value.get<std::string>() : value.dump();
    }
  } else if (found->is_string()) {
    const std::string& text = found->get_ref<const std::string&>();
    int depth = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
      const char c = i < text.size() ? text[i] : ',';
      if (c == '{' || c == '[' || c == '(') ++depth;
      if (c == '}' || c == ']' || c == ')') --depth;
      if (i < text.size() && (c != ',' || depth > 0)) continue;
      addArgument(std::string_view(text).substr(begin, i - begin), all);
      begin = i + 1;
    }
  }
  return all;
}

HarnessModel describeHarnessModel(const Json& root, const std::string& where,
                                  const ImportOptions& options, ImportedRuns& out) {
  const auto member = root.find("config");
  const Json config = member != root.end() && member->is_object() ? *member : Json::object();
  const Arguments arguments = harnessModelArguments(root);
  const std::string named = modelOf(root, config, arguments);
  std::string revision = argument(arguments, "revision");
  if (revision.empty()) revision = textOf(config, "model_revision");
  if (revision == "main") revision.clear();
  RunRecord run;
  if (!options.model.empty()) {
    run.model = options.model;
  } else {
    run.model = shortModelName(named);
    if (const std::string part = argument(arguments, "subfolder"); !part.empty()) {
      run.model += "@" + part;
    }
  }
  if (run.model.empty()) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{} does not name its model; give --model", where));
  }
  // Training steps of one model are different models.
  if (!revision.empty()) run.model += "@" + revision;
  run.family = options.family.empty() ? familyOfModel(run.model) : options.family;
  if (options.model.empty() && named.find_first_of("/\\") != std::string::npos) {
    // Two owners' or two folders' models of one name stay two.
    const std::string repository = hubRepository(named);
    run.modelHash = repository.empty() ? named : repository;
    while (run.modelHash.ends_with('/')) run.modelHash.pop_back();
    const bool marked = run.model.find('@') != std::string::npos;
    if (marked && !repository.empty()) run.modelHash += run.model.substr(run.model.find('@'));
    if (repository.empty() && !revision.empty()) run.modelHash += "@" + revision;
  }
  const Weights weights = weightsOf(config, arguments, named, revision);
  const bool asked = options.bits.has_value();
  if (weights.quantized && weights.quantized->bits == 0 && !asked) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{}: {} looks quantized (\"{}\") but the file does not say how many "
                            "bits it has; give --bits, and --bits-per-parameter for its constants",
                            where, run.model, weights.quantized->word));
  }
  if (weights.quantized) {
    setQuantized(*weights.quantized, run);
  } else {
    setPlain(weights.dtype, run);
    if (weights.dtype.empty() && !asked) {
      out.note("the file does not say in how many bits the model was run; taken as 16 bit",
               run.model);
    }
  }
  applyOptions(options, run);
  run.parameters = parametersOf(config, options, run, where, out);
  run.linearParameters = options.linearParameters.value_or(kNaN);
  fillModelBits(run);
  const bool own = asked || options.bitsPerParameter || options.linearParameters;
  if (weights.fileBits > 0 && !own) {
    run.modelBits.allParameters = run.modelBits.checkpointBytes = weights.fileBits;
  } else if (run.bits < 16 && !options.linearParameters) {
    out.note(
        "which parameters are quantized is not known, so all are counted as quantized "
        "(--linear-parameters corrects that)",
        fmt::format("{} at {:.4g} bits", run.model, run.bitsPerParameter));
  }
  return {std::move(run), weights.dtype};
}

}  // namespace bitfrontier
