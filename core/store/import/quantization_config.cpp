// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/quantization_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <system_error>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/hub/hub_cache.h"

namespace bitfrontier {
namespace {

using Json = nlohmann::json;

const Json* member(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string text(const Json& object, const char* key) {
  const Json* value = member(object, key);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

double number(const Json& object, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    const Json* value = member(object, key);
    if (value != nullptr && value->is_number()) return value->get<double>();
  }
  return 0;
}

bool flag(const Json& object, const char* key) {
  const Json* value = member(object, key);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

/// compressed-tensors: the first group whose weights are quantized.
void readGroups(const Json& config, QuantizedName& q) {
  const Json* groups = member(config, "config_groups");
  if (groups == nullptr) return;
  int widths = 0;
  for (const Json& group : *groups) {
    const Json* weights = member(group, "weights");
    if (weights == nullptr) continue;
    const int bits = static_cast<int>(number(*weights, {"num_bits"}));
    if (bits <= 0 || bits == q.bits) continue;
    ++widths;
    q.bits = bits;
    q.dataType = text(*weights, "type") == "float" ? "float" : "int";
    q.blockSize = static_cast<std::int64_t>(std::max(0.0, number(*weights, {"group_size"})));
    const Json* inputs = member(group, "input_activations");
    const double activations = inputs == nullptr ? 16 : number(*inputs, {"num_bits"});
    q.config = q.dataType == "float" && bits == 8
                   ? "fp8"
                   : fmt::format("w{}a{:g}", bits, activations > 0 ? activations : 16);
    if (text(config, "format") == "nvfp4-pack-quantized") q.dataType = q.config = "nvfp4";
  }
  if (widths > 1) q.bits = 0;  // layers differ
}

void readBitsAndBytes(const Json& config, QuantizedName& q) {
  q.config = "llm-int8";
  q.dataType = "int";
  q.bits = flag(config, "load_in_8bit") ? 8 : flag(config, "load_in_4bit") ? 4 : 0;
  if (q.bits == 8) q.bitsPerWeight = 8;
  if (q.bits != 4) return;
  const std::string type = text(config, "bnb_4bit_quant_type");
  const bool doubled = flag(config, "bnb_4bit_use_double_quant");
  q.dataType = type.empty() ? "fp4" : type;
  q.config = fmt::format("bnb-{}{}", q.dataType, doubled ? "-dq" : "");
  q.blockSize = 64;
  q.bitsPerWeight = 4 + (doubled ? 8.0 / 64 + 32.0 / (64 * 256) : 32.0 / 64);
}

/// The size of the weight files; of several forms of them the one that loaders prefer.
double weightFileBits(const std::filesystem::path& folder) {
  double safetensors = 0, bins = 0;
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    std::error_code unreadable;
    const auto size = std::filesystem::file_size(it->path(), unreadable);
    if (unreadable) continue;
    const bool model = name.starts_with("model") || name.starts_with("pytorch_model") ||
                       name.starts_with("output");
    if (model && name.ends_with(".safetensors")) safetensors += static_cast<double>(size);
    if (model && name.ends_with(".bin")) bins += static_cast<double>(size);
  }
  return 8 * (safetensors > 0 ? safetensors : bins);
}

}  // namespace

std::optional<QuantizedName> readQuantizationConfig(const Json& config) {
  if (!config.is_object() || config.empty()) return std::nullopt;
  QuantizedName q;
  std::string method = text(config, "quant_method");
  if (method.empty() && (flag(config, "load_in_8bit") || flag(config, "load_in_4bit"))) {
    method = "bitsandbytes";
  }
  if (method.empty()) method = text(config, "quant_algo").empty() ? "quantized" : "modelopt";
  q.word = "quantization_config: " + method;
  q.method = method;
  q.dataType = "int";
  q.bits = static_cast<int>(std::lround(number(config, {"bits", "w_bit", "nbits", "wbits"})));
  if (const double bits = number(config, {"bits"}); bits > 0 && bits != q.bits) {
    q.bitsPerWeight = bits;  // exl2 has fractions
  }
  q.blockSize = static_cast<std::int64_t>(
      std::max(0.0, number(config, {"group_size", "q_group_size", "groupsize"})));
  if (method == "bitsandbytes") {
    readBitsAndBytes(config, q);
  } else if (method == "compressed-tensors" || member(config, "config_groups") != nullptr) {
    readGroups(config, q);
  } else if (method == "fp8" || method == "fbgemm_fp8") {
    q.bits = 8;
    q.dataType = "float";
    q.config = "fp8";
  } else if (method == "eetq") {
    q.bits = 8;
  } else if (method == "bitnet") {
    q = *quantizationOfName("b1.58");
  } else if (method == "aqlm") {
    const double group = number(config, {"in_group_size"});
    const double bits =
        number(config, {"nbits_per_codebook"}) * number(config, {"num_codebooks"}) / group;
    q.bits = group > 0 ? static_cast<int>(std::lround(bits)) : 0;
  } else if (method == "hqq") {
    const Json* inner = member(config, "quant_config");
    const Json* weights = inner == nullptr ? nullptr : member(*inner, "weight_quant_params");
    if (weights != nullptr) {
      q.bits = static_cast<int>(number(*weights, {"nbits"}));
      q.blockSize = static_cast<std::int64_t>(number(*weights, {"group_size"}));
    }
  } else if (q.bits == 0) {
    // Words: quanto's "weights": "int4", torchao's "quant_type", modelopt's "quant_algo", mxfp4.
    std::string words = method;
    for (const char* key : {"weights", "quant_type", "quant_algo", "weight_dtype"}) {
      const Json* value = member(config, key);
      if (value != nullptr) words += "-" + value->dump();
    }
    std::replace(words.begin(), words.end(), '/', '-');
    if (auto named = quantizationOfName(words)) q = *named;
    q.method = method;
  }
  q.word = "quantization_config: " + method;
  if (q.bits >= 16) return std::nullopt;
  if (q.config.empty()) {
    q.config = q.bits > 0 ? fmt::format("{}{}{}", method, q.bits,
                                        q.blockSize > 0 ? fmt::format("-b{}", q.blockSize) : "")
                          : method;
  }
  return q;
}

std::optional<ModelFolder> findModelFolder(const std::string& name, const std::string& revision) {
  try {
    ModelFolder folder;
    std::error_code error;
    if (std::filesystem::is_directory(name, error)) {
      folder.path = name;
    } else {
      const auto model = parseHubModel(
          revision.empty() || revision == "main" ? name : fmt::format("{}@{}", name, revision));
      if (!model) return std::nullopt;
      const auto found = HubCache(HubSettings::fromEnvironment().cache).find(*model);
      if (!found) return std::nullopt;
      folder.path = *found;
    }
    const Json config = readJson(folder.path / "config.json");
    const auto inner = config.find("text_config");  // of models for several modalities
    for (const Json* part : {&config, inner != config.end() ? &*inner : nullptr}) {
      if (part == nullptr) continue;
      for (const char* key : {"dtype", "torch_dtype"}) {
        if (folder.dtype.empty()) folder.dtype = text(*part, key);
      }
      const Json* quantization = member(*part, "quantization_config");
      if (quantization == nullptr) quantization = member(*part, "compression_config");
      if (quantization != nullptr && !folder.quantization) {
        folder.quantization = readQuantizationConfig(*quantization);
      }
    }
    folder.fileBits = weightFileBits(folder.path);
    return folder;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace bitfrontier
