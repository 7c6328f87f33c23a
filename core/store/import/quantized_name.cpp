// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/quantized_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <map>
#include <regex>
#include <utility>
#include <vector>

#include "core/store/import/gguf_types.h"

namespace bitfrontier {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// A pattern between characters that are no letters or digits of a word.
std::regex wordPattern(const std::string& pattern) {
  return std::regex("(^|[^a-z0-9])(" + pattern + ")(?=$|[^a-z0-9])", std::regex::optimize);
}

struct Found {
  std::size_t at = 0, size = 0;
  std::smatch match;  ///< [2] is the word, [3]... the groups of the pattern
};

std::optional<Found> find(const std::string& name, const std::regex& pattern) {
  Found found;
  if (!std::regex_search(name, found.match, pattern)) return std::nullopt;
  found.at = static_cast<std::size_t>(found.match.position(2));
  found.size = static_cast<std::size_t>(found.match.length(2));
  return found;
}

double numberIn(const std::string& text) {
  double value = 0;
  std::string plain = text;
  std::replace(plain.begin(), plain.end(), '_', '.');
  std::from_chars(plain.data(), plain.data() + plain.size(), value);
  return value;
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

QuantizedName integers(double bits) {
  QuantizedName q;
  q.dataType = "int";
  q.bits = static_cast<int>(std::lround(bits));
  if (bits != q.bits) q.bitsPerWeight = bits;
  return q;
}

QuantizedName floats(int bits) {
  QuantizedName q;
  q.dataType = "float";
  q.bits = bits;
  q.config = fmt::format("fp{}", bits);
  return q;
}

/// llama.cpp: Q4_K_M, IQ2_XXS, Q4_0_4_4, TQ1_0.
QuantizedName ggufName(const std::smatch& m) {
  // "ud-" is a variant of the recipe and part of the type's name.
  const auto type = parseGgufType(upper(m[2]));
  QuantizedName q = integers(type ? type->bits : numberIn(m[4]));
  q.config = type ? type->name : upper(m[2]);
  q.dataType = type ? type->dataType : "int";
  q.method = "rtn";
  q.blockSize = type ? type->blockSize : 32;
  if (type) q.bitsPerWeight = type->bitsPerWeight;
  return q;
}

/// MLC: q4f16_1.
QuantizedName mlcName(const std::smatch& m) {
  QuantizedName q = integers(numberIn(m[3]));
  q.method = "mlc";
  q.config = m[2];
  return q;
}

/// Weights and activations: W4A16, w8a8.
QuantizedName weightsAndActivations(const std::smatch& m) {
  QuantizedName q = integers(numberIn(m[3]));
  q.config = m.str(2).substr(0, m.str(2).find('-'));
  return q;
}

/// Floats of `bits` bits with an 8-bit constant for each `block` weights.
QuantizedName microscaled(std::string config, int bits, std::int64_t block) {
  QuantizedName q = floats(bits);
  q.dataType = q.config = std::move(config);
  q.blockSize = block;
  q.bitsPerWeight = bits + 8.0 / static_cast<double>(block);
  return q;
}

QuantizedName normalFloats(const std::smatch& m) {
  QuantizedName q = integers(numberIn(m[3]));
  q.dataType = "nf";
  q.config = fmt::format("nf{}", q.bits);
  return q;
}

QuantizedName bitsPerWeight(const std::smatch& m) {
  QuantizedName q = integers(numberIn(m[3]));
  q.config = fmt::format("{:g}bpw", numberIn(m[3]));
  q.bitsPerWeight = numberIn(m[3]);
  return q;
}

/// BitNet: three values.
QuantizedName ternary(const std::smatch&) {
  QuantizedName q = integers(2);
  q.dataType = "ternary";
  q.config = "b1.58";
  q.bitsPerWeight = 1.58;
  return q;
}

/// "4bit", "4-bit", "4.25bit", "4bit-128g", "2bitgs8".
QuantizedName bitsAndGroup(const std::smatch& m) {
  QuantizedName q = integers(numberIn(m[3]));
  if (m[4].matched) q.blockSize = static_cast<std::int64_t>(numberIn(m[4]));
  if (m[5].matched) q.blockSize = static_cast<std::int64_t>(numberIn(m[5]));
  return q;
}

/// A kind of name and what it means.
struct WidthRule {
  std::regex pattern;
  QuantizedName (*read)(const std::smatch&);
};

/// Names that state a width; the first that is found counts.
const std::vector<WidthRule>& widthRules() {
  static const auto number = [](const std::smatch& m) { return integers(numberIn(m[3])); };
  static const std::vector<WidthRule> rules{
      {wordPattern("(?:ud-)?(i|t)?q([1-8])(_(?:0|1|k_xxl|k_xs|k_xl|k_s|k_m|k_l|k|xxs|xs|xl|s|m|"
                   "nl)(?:_[48]_[48]|_r[48])?)"),
       ggufName},
      {wordPattern("q([2-8])f(?:16|32)(?:_[0-9])?"), mlcName},
      {wordPattern("w([1-9])a(?:[1-9]|16)(?:-(?:int|fp)[48])?"), weightsAndActivations},
      {wordPattern("mx-?fp([468])(?:_moe)?"),
       [](const std::smatch& m) {  // OCP MX: E8M0 constants
         const int bits = static_cast<int>(numberIn(m[3]));
         return microscaled(fmt::format("mxfp{}", bits), bits, 32);
       }},
      {wordPattern("nv-?fp4|modelopt[-_]fp4"),
       [](const std::smatch&) { return microscaled("nvfp4", 4, 16); }},  // E4M3 constants
      {wordPattern("(?:[a-z]+_)?fp([468])(?:[-_]?(?:dynamic|static|block|kv|e4m3(?:fn)?|e5m2))*"),
       [](const std::smatch& m) { return floats(static_cast<int>(numberIn(m[3]))); }},
      {wordPattern("f8[-_]?e4m3(?:fn)?|e4m3(?:fn)?|f8[-_]?e5m2|"
                   "float8(?:_e4m3fn|_e5m2|wo|dq)?"),
       [](const std::smatch&) { return floats(8); }},
      {wordPattern("nf([34])"), normalFloats},
      {wordPattern("([1-8](?:[._][0-9]+)?)[-_ ]?bpw"), bitsPerWeight},
      {wordPattern("b1[._]58|1[._]58[-_ ]?bits?"), ternary},
      {wordPattern("(?:[a-z]+_)?u?int([1-8])(?:[-_]?(?:wo|dq|da|weight[-_]only))?(?:-[0-9]+)?"),
       number},
      {wordPattern("([1-8](?:\\.[0-9]+)?)[-_ ]?bits?(?:[-_]?(?:g|gs)([0-9]+)|[-_]?([0-9]+)g)?"),
       bitsAndGroup},
      {wordPattern("q([2-8])"), number},
      {wordPattern("modelopt"), [](const std::smatch&) { return floats(8); }},
      // Only 8 bits exist of it.
      {wordPattern("eetq"), [](const std::smatch&) { return integers(8); }},
  };
  return rules;
}

struct MethodRule {
  std::regex pattern;
  const char* method;
};

const std::vector<MethodRule>& methodRules() {
  static const std::vector<MethodRule> rules{
      {wordPattern("(?:auto)?gptq(?:model|_marlin|[-_]?v[0-9]+)?"), "gptq"},
      {wordPattern("(?:auto)?awq(?:_marlin)?"), "awq"},
      {wordPattern("auto[-_]?round"), "autoround"},
      {wordPattern("aqlm"), "aqlm"},
      {wordPattern("quip(?:#|sharp)?|e8p[a-z0-9]*"), "quip"},
      {wordPattern("qtip"), "qtip"},
      {wordPattern("hqq\\+?"), "hqq"},
      {wordPattern("exl([23])|exllama(?:v[23])?"), "exl"},
      {wordPattern("bnb|bitsandbytes"), "bitsandbytes"},
      {wordPattern("eetq"), "eetq"},
      {wordPattern("torchao"), "torchao"},
      {wordPattern("gguf|ggml"), "llama.cpp"},
      {wordPattern("spqr"), "spqr"},
      {wordPattern("vptq"), "vptq"},
      {wordPattern("higgs"), "higgs"},
      {wordPattern("omniquant"), "omniquant"},
      {wordPattern("squeezellm"), "squeezellm"},
      {wordPattern("smoothquant"), "smoothquant"},
      {wordPattern("quarot"), "quarot"},
      {wordPattern("spinquant"), "spinquant"},
      {wordPattern("quanto"), "quanto"},
      {wordPattern("marlin"), "marlin"},
      {wordPattern("bitnet"), "bitnet"},
      {wordPattern("compressed[-_]tensors|llm[-_]?compressor"), "compressed-tensors"},
      {wordPattern("mlx"), "mlx"},
      {wordPattern("qat"), "qat"},
      {wordPattern("quanti[sz]ed"), "quantized"},
  };
  return rules;
}

/// Words of a method that other models carry too: no sign of fewer bits by themselves.
bool saysNothingAlone(std::string_view method) { return method == "mlx" || method == "qat"; }

/// Models whose published weights have fewer than 16 bits though their names do not say so.
std::optional<QuantizedName> publishedQuantized(const std::string& name) {
  static const std::regex oss("(^|[^a-z0-9])(gpt-oss-(?:20|120)b)(?=$|[^a-z0-9])");
  static const std::regex deepseek("(^|[^a-z0-9])(deepseek-(?:v3|r1))(?=$|[^a-z0-9])");
  static const std::regex kimi("(^|[^a-z0-9])(kimi-k2)(?=$|[^a-z0-9])");
  if (!dtypeOfName(name).empty() || name.find("distill") != std::string::npos) return std::nullopt;
  for (const auto* pattern : {&oss, &deepseek, &kimi}) {
    const auto found = find(name, *pattern);
    if (!found) continue;
    QuantizedName q = floats(pattern == &oss ? 4 : 8);
    q.word = name.substr(found->at, found->size);
    q.method = "rtn";
    if (pattern == &oss) {
      q.dataType = q.config = "mxfp4";
      q.blockSize = 32;
      q.bitsPerWeight = 4.25;
    }
    return q;
  }
  return std::nullopt;
}

/// The last part of a path or of a name on the hub.
std::string_view lastPart(std::string_view name) {
  while (name.size() > 1 && (name.ends_with('/') || name.ends_with('\\'))) name.remove_suffix(1);
  const std::size_t cut = name.find_last_of("/\\");
  return cut == std::string_view::npos ? name : name.substr(cut + 1);
}

/// "org--name" of ".../models--org--name/snapshots/..."; empty for other names.
std::string_view cachedRepository(std::string_view path) {
  constexpr std::string_view kPrefix = "models--";
  const std::size_t at = path.rfind(kPrefix);
  if (at == std::string_view::npos || (at > 0 && path[at - 1] != '/' && path[at - 1] != '\\')) {
    return {};
  }
  const std::string_view rest = path.substr(at + kPrefix.size());
  return rest.substr(0, rest.find_first_of("/\\"));
}

/// A folder that says nothing of whose model it holds: "7B", "checkpoint-500", "final".
enum class FolderName { Model, Size, Step, Nothing };

FolderName folderName(std::string_view part) {
  static const std::regex kSize("[0-9]+(\\.[0-9]+)?[mb]");
  static const std::regex kStep("(checkpoint|ckpt|step|iter|global_?step|epoch)[-_]?[0-9]+(-hf)?");
  static const std::regex kNothing(
      "hf|hf[-_](model|ckpt|checkpoint)|huggingface|lm|llm|models?|final([-_](model|checkpoint))?|"
      "best|last|latest|merged|outputs?|checkpoints?|export|weights|pytorch([-_]model)?|fp16|bf16|"
      "float16|bfloat16|snapshots?|\\.|\\.\\.|");
  const std::string name = lower(part);
  if (std::regex_match(name, kSize)) return FolderName::Size;
  if (std::regex_match(name, kStep)) return FolderName::Step;
  return std::regex_match(name, kNothing) ? FolderName::Nothing : FolderName::Model;
}

/// "/data/LLaMA/hf/7B" -> "LLaMA-7B", "/runs/mine/checkpoint-500" -> "mine@checkpoint-500".
std::string nameOfPath(std::string_view path) {
  const std::string_view last = lastPart(path);
  const FolderName kind = folderName(last);
  if (kind == FolderName::Model || last.size() >= path.size()) return std::string(last);
  std::string_view rest = path.substr(0, path.rfind(last));
  for (;;) {
    while (rest.ends_with('/') || rest.ends_with('\\')) rest.remove_suffix(1);
    if (rest.empty()) break;
    const std::string_view above = lastPart(rest);
    if (folderName(above) == FolderName::Model) {
      return fmt::format("{}{}{}", above, kind == FolderName::Size ? "-" : "@", last);
    }
    rest.remove_suffix(above.size());
  }
  return std::string(last);
}

}  // namespace

std::optional<QuantizedName> quantizationOfName(std::string_view model) {
  const std::string original = shortModelName(model);
  const std::string name = lower(original);
  // "...-qat-q4_0-unquantized": the weights are stored in 16 bits.
  if (name.find("unquantized") != std::string::npos ||
      name.find("dequantized") != std::string::npos) {
    return std::nullopt;
  }
  std::optional<QuantizedName> result;
  for (const WidthRule& rule : widthRules()) {
    const auto found = find(name, rule.pattern);
    if (!found) continue;
    result = rule.read(found->match);
    result->word = original.substr(found->at, found->size);
    // "attn-4bit-moe-2bit": no one width.
    for (std::sregex_iterator more(name.begin(), name.end(), rule.pattern), end; more != end;
         ++more) {
      if (rule.read(*more).bits == result->bits) continue;
      const std::string words = result->word + " and " + more->str(2);
      result.emplace();
      result->word = words;
      break;
    }
    break;
  }
  for (const MethodRule& rule : methodRules()) {
    const auto found = find(name, rule.pattern);
    if (!found) continue;
    if (!result) {
      // "...-F16.gguf": the container of plain weights.
      const bool plain = rule.method == std::string_view("llama.cpp") && !dtypeOfName(name).empty();
      if (plain || saysNothingAlone(rule.method)) continue;
      result.emplace();
      result->word = original.substr(found->at, found->size);
    }
    if (result->method.empty() && rule.method != std::string_view("quantized")) {
      result->method = rule.method;
      if (result->method == "exl")
        result->method += found->match[3].matched ? found->match.str(3) : "2";
    }
    break;
  }
  if (!result) return publishedQuantized(name);
  if (result->method.empty()) result->method = "rtn";
  if (result->dataType.empty()) result->dataType = "int";
  if (result->config.empty()) {
    result->config = result->bits == 0         ? result->method
                     : result->method == "rtn" ? fmt::format("int{}", result->bits)
                                               : fmt::format("{}{}", result->method, result->bits);
  }
  return result;
}

std::string dtypeOfName(std::string_view model) {
  static const std::array<std::pair<std::regex, const char*>, 3> kWords{{
      {wordPattern("bf16|bfloat16"), "bfloat16"},
      {wordPattern("fp16|f16|float16|16[-_]?bits?"), "float16"},
      {wordPattern("fp32|f32|float32|32[-_]?bits?"), "float32"},
  }};
  const std::string name = lower(shortModelName(model));
  for (const auto& [pattern, dtype] : kWords) {
    if (std::regex_search(name, pattern)) return dtype;
  }
  return {};
}

std::string baseModelName(std::string_view model) {
  static const std::regex kDtype = wordPattern("bf16|bfloat16|fp16|f16|float16|fp32|f32|float32");
  static const std::regex kBeside = wordPattern(
      "dynamic|static|weight-only|[0-9]+g|g[0-9]+|gs[0-9]+|group[0-9]*|imatrix|imat|i1|"
      "unsloth|ud|sym|asym|channel|tensor|block|ov|onnx|openvino|pc|[0-9]x[0-9]+|e8p|"
      "unquantized|dequantized|calib[0-9]*|vllm|h6|h8");
  std::string name = shortModelName(model);
  name.resize(std::min(name.find('@'), name.size()));
  const std::string whole = name;
  // A table of many rows names few models.
  constexpr std::size_t kMost = 4096;
  static thread_local std::map<std::string, std::string> known;
  if (const auto found = known.find(whole); found != known.end()) return found->second;
  if (known.size() >= kMost) known.clear();
  std::string low = lower(name);
  bool cut = false;
  const auto remove = [&](const std::regex& pattern) {
    bool any = false;
    while (const auto found = find(low, pattern)) {
      if (found->size == low.size()) break;
      low.erase(found->at, found->size);
      name.erase(found->at, found->size);
      any = true;
      const auto isJoint = [](char c) { return c == '-' || c == '_' || c == '.' || c == ' '; };
      // "Qwen3-8B--dynamic": one joint is enough.
      std::size_t at = found->at;
      while (at > 0 && at < low.size() && isJoint(low[at]) && isJoint(low[at - 1])) {
        low.erase(at, 1);
        name.erase(at, 1);
      }
      while (!low.empty() && isJoint(low.back())) {
        low.pop_back();
        name.pop_back();
      }
    }
    return any;
  };
  for (const MethodRule& rule : methodRules()) cut |= remove(rule.pattern);
  for (const WidthRule& rule : widthRules()) cut |= remove(rule.pattern);
  cut |= remove(kDtype);
  // Words such as "dynamic" say something about quantization only beside it.
  if (cut) remove(kBeside);
  const bool nothing =
      std::none_of(low.begin(), low.end(), [](unsigned char c) { return std::isalpha(c) != 0; });
  return known[whole] = nothing ? whole : name;
}

std::string shortModelName(std::string_view model) {
  std::string_view revision;
  if (const std::size_t at = model.rfind('@');
      at != std::string_view::npos && model.find('/', at) == std::string_view::npos) {
    revision = model.substr(at);
    model = model.substr(0, at);
  }
  if (revision == "@main" || revision == "@") revision = {};
  std::string name = nameOfPath(model);
  if (const std::string_view cached = cachedRepository(model); !cached.empty()) {
    const std::size_t cut = cached.rfind("--");
    name = cut == std::string_view::npos ? cached : cached.substr(cut + 2);
  }
  return name + std::string(revision);
}

std::string hubRepository(std::string_view model) {
  model = model.substr(0, model.rfind('@'));
  if (const std::string_view cached = cachedRepository(model); !cached.empty()) {
    std::string name(cached);
    if (const std::size_t cut = name.find("--"); cut != std::string::npos)
      name.replace(cut, 2, "/");
    return name;
  }
  const std::size_t slash = model.find('/');
  const bool path = slash == std::string_view::npos || slash == 0 || model.starts_with('.') ||
                    model.starts_with('~') ||
                    model.find('/', slash + 1) != std::string_view::npos ||
                    model.find('\\') != std::string_view::npos;
  return path ? std::string() : std::string(model);
}

}  // namespace bitfrontier
