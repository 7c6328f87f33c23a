// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/other_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <system_error>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAdapterConfig = "adapter_config.json";
constexpr const char* kAdapterWeights[] = {"adapter_model.safetensors", "adapter_model.bin"};

/// Names of the files, in order; folders end with '/'.
std::vector<std::string> namesIn(const fs::path& dir) {
  constexpr std::size_t kMost = 10'000;
  std::vector<std::string> names;
  std::error_code code;
  for (fs::directory_iterator at(dir, code), end; !code && at != end && names.size() < kMost;
       at.increment(code)) {
    std::error_code ignored;
    names.push_back(at->path().filename().string() + (at->is_directory(ignored) ? "/" : ""));
  }
  std::ranges::sort(names);
  return names;
}

bool endsWithAny(std::string_view name, std::initializer_list<std::string_view> ends) {
  return std::ranges::any_of(ends, [&](std::string_view end) { return name.ends_with(end); });
}

/// "fp16" of "model.fp16.safetensors"; empty for other names.
std::string_view variantOf(std::string_view name) {
  for (const auto& [start, end] :
       {std::pair<std::string_view, std::string_view>{"model.safetensors.index.", ".json"},
        {"pytorch_model.bin.index.", ".json"},
        {"model.", ".safetensors"},
        {"pytorch_model.", ".bin"}}) {
    if (name.size() <= start.size() + end.size()) continue;
    if (name.starts_with(start) && name.ends_with(end)) {
      return name.substr(start.size(), name.size() - start.size() - end.size());
    }
  }
  return {};
}

bool isShard(std::string_view name) {
  return (name.starts_with("model-") || name.starts_with("pytorch_model-")) &&
         name.find("-of-") != std::string_view::npos && endsWithAny(name, {".safetensors", ".bin"});
}

struct OtherProgram {
  std::string_view end;
  std::string_view program;
};

constexpr OtherProgram kOtherPrograms[] = {{"tf_model.h5", "TensorFlow"},
                                           {"tf_model.h5.index.json", "TensorFlow"},
                                           {"flax_model.msgpack", "Flax"},
                                           {"flax_model.msgpack.index.json", "Flax"},
                                           {"rust_model.ot", "Rust"},
                                           {".onnx", "ONNX"},
                                           {"onnx/", "ONNX"},
                                           {".mlmodel", "Core ML"},
                                           {".mlpackage/", "Core ML"},
                                           {"openvino_model.bin", "OpenVINO"},
                                           {".engine", "TensorRT"},
                                           {".nemo", "NeMo"}};

std::string adapterText(const fs::path& dir) {
  std::string base;
  try {
    base = stringOr(readJson(dir / kAdapterConfig), "base_model_name_or_path", "", "");
  } catch (const Error&) {  // the sentence does without
  }
  return fmt::format(
      "holds a PEFT adapter, not a model; merge it into its base model{}{} and "
      "open that",
      base.empty() ? "" : " ", base);
}

}  // namespace

std::string describeOtherWeights(const fs::path& dir) {
  const std::vector<std::string> names = namesIn(dir);
  const auto first = [&](auto&& wanted) -> std::string {
    const auto found = std::ranges::find_if(names, wanted);
    return found == names.end() ? std::string() : *found;
  };
  const auto any = [](const std::string& name) { return !name.empty(); };
  if (std::ranges::find(names, kAdapterConfig) != names.end()) return adapterText(dir);
  if (const std::string name = first([](auto& n) { return isShard(n); }); any(name)) {
    const std::string_view kind =
        name.ends_with(".bin") ? "pytorch_model.bin" : "model.safetensors";
    return fmt::format("holds parts of its weights ({}) but not their index {}.index.json", name,
                       kind);
  }
  if (const std::string name = first([](auto& n) { return !variantOf(n).empty(); }); any(name)) {
    const std::string variant = fmt::format(".{}", variantOf(name));
    std::string plain = name;
    plain.erase(plain.find(variant), variant.size());
    return fmt::format("holds its weights only as the variant {} ({}); name the file {} to use it",
                       variant.substr(1), name, plain);
  }
  if (const std::string name = first([](auto& n) { return n.ends_with(".gguf"); }); any(name)) {
    return fmt::format(
        "holds its weights as GGUF ({}), which is not opened; take the model's safetensors", name);
  }
  if (const std::string name = first([](auto& n) { return n.starts_with("consolidated"); });
      any(name)) {
    return fmt::format(
        "holds its weights in its maker's form ({}); take or convert them to "
        "Hugging Face's form (config.json, model.safetensors)",
        name);
  }
  for (const OtherProgram& other : kOtherPrograms) {
    const std::string name = first([&](auto& n) { return n.ends_with(other.end); });
    if (any(name)) {
      return fmt::format("holds weights for {} only ({}); take the model's safetensors",
                         other.program, name);
    }
  }
  const std::string name = first([](auto& n) {
    return endsWithAny(n, {".safetensors", ".bin", ".pt", ".pth", ".ckpt"});
  });
  if (!any(name)) return {};
  return fmt::format(
      "holds {}, but weights are looked for in model.safetensors and pytorch_model.bin", name);
}

void refuseAdapterBeside(const fs::path& dir) {
  if (!pathExists(dir / kAdapterConfig)) return;
  for (const char* name : kAdapterWeights) {
    if (!pathExists(dir / name)) continue;
    throw Error(ErrorKind::Unsupported,
                fmt::format("{} holds a model and a PEFT adapter ({}); merge the two, or take the "
                            "adapter out of the folder",
                            dir.string(), name));
  }
}

}  // namespace bitfrontier
