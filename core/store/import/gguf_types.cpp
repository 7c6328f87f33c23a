// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/gguf_types.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <utility>
#include <vector>

namespace bitfrontier {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Row {
  std::string_view name;
  int bits;
  std::string_view dataType;
  std::int64_t block;
  double bitsPerWeight;
  bool mix;
};

/// Exact values: bytes of a block over its weights (ggml). Mixes: "bits/weight" of Llama 3.1 8B in
/// tools/quantize/README.md of llama.cpp; Q3_K_M from its size there (3.74 GiB). The types of
/// ik_llama.cpp: what its quantize program lists. UD-..., _L and _XL count as the nearest of these.
constexpr std::array<Row, 76> kTypes = {{
    {"F16", 16, "fp16", 0, 16, false},
    {"BF16", 16, "bf16", 0, 16, false},
    {"F32", 32, "fp32", 0, 32, false},
    {"Q1_0", 1, "int", 128, 1.125, false},
    {"Q2_0", 2, "int", 64, 2.25, false},
    {"Q4_0", 4, "int", 32, 4.5, false},
    {"Q4_1", 4, "int", 32, 5, false},
    {"Q4_2", 4, "int", 16, 5, false},
    {"Q4_3", 4, "int", 16, 6, false},
    {"Q5_0", 5, "int", 32, 5.5, false},
    {"Q5_1", 5, "int", 32, 6, false},
    {"Q6_0", 6, "int", 32, 6.5, false},
    {"Q8_0", 8, "int", 32, 8.5, false},
    {"Q8_0_L", 8, "int", 32, 8.5, true},
    {"Q8_1", 8, "int", 32, 9, false},
    {"Q2_K", 2, "k-quant", 256, 3.1593, true},
    {"Q2_K_S", 2, "k-quant", 256, 2.9697, true},
    {"Q2_K_M", 2, "k-quant", 256, 3.1593, true},
    {"Q2_K_L", 2, "k-quant", 256, 3.1593, true},
    {"Q2_K_XL", 2, "k-quant", 256, 3.1593, true},
    {"Q3_K", 3, "k-quant", 256, 4.0007, true},
    {"Q3_K_XS", 3, "k-quant", 256, kNaN, true},
    {"Q3_K_S", 3, "k-quant", 256, 3.6429, true},
    {"Q3_K_M", 3, "k-quant", 256, 4.0007, true},
    {"Q3_K_L", 3, "k-quant", 256, 4.2979, true},
    {"Q3_K_XL", 3, "k-quant", 256, 4.2979, true},
    {"Q4_K", 4, "k-quant", 256, 4.8944, true},
    {"Q4_K_S", 4, "k-quant", 256, 4.6672, true},
    {"Q4_K_M", 4, "k-quant", 256, 4.8944, true},
    {"Q4_K_L", 4, "k-quant", 256, 4.8944, true},
    {"Q4_K_XL", 4, "k-quant", 256, 4.8944, true},
    {"Q5_K", 5, "k-quant", 256, 5.7036, true},
    {"Q5_K_S", 5, "k-quant", 256, 5.5704, true},
    {"Q5_K_M", 5, "k-quant", 256, 5.7036, true},
    {"Q5_K_L", 5, "k-quant", 256, 5.7036, true},
    {"Q5_K_XL", 5, "k-quant", 256, 5.7036, true},
    {"Q6_K", 6, "k-quant", 256, 6.5625, false},
    {"Q6_K_S", 6, "k-quant", 256, 6.5625, true},
    {"Q6_K_M", 6, "k-quant", 256, 6.5625, true},
    {"Q6_K_L", 6, "k-quant", 256, 6.5625, true},
    {"Q6_K_XL", 6, "k-quant", 256, kNaN, true},
    {"Q8_K", 8, "k-quant", 256, kNaN, true},
    {"Q8_K_XL", 8, "k-quant", 256, kNaN, true},
    {"IQ1_S", 1, "i-quant", 256, 2.0042, true},
    {"IQ1_M", 1, "i-quant", 256, 2.1460, true},
    {"IQ2_XXS", 2, "i-quant", 256, 2.3824, true},
    {"IQ2_XS", 2, "i-quant", 256, 2.5882, true},
    {"IQ2_S", 2, "i-quant", 256, 2.7403, true},
    {"IQ2_M", 2, "i-quant", 256, 2.9294, true},
    {"IQ3_XXS", 3, "i-quant", 256, 3.2548, true},
    {"IQ3_XS", 3, "i-quant", 256, 3.4977, true},
    {"IQ3_S", 3, "i-quant", 256, 3.6606, true},
    {"IQ3_M", 3, "i-quant", 256, 3.7628, true},
    {"IQ4_XS", 4, "i-quant", 256, 4.25, false},
    {"IQ4_NL", 4, "i-quant", 32, 4.5, false},
    {"IQ1_BN", 2, "ternary", 64, 1.62, false},
    {"IQ2_BN", 2, "ternary", 64, 2, false},
    {"IQ1_KT", 1, "i-quant", 256, 1.75, false},
    {"IQ2_K", 2, "i-quant", 256, 2.375, false},
    {"IQ2_KS", 2, "i-quant", 256, 2.1875, false},
    {"IQ2_KT", 2, "i-quant", 256, 2.125, false},
    {"IQ2_KL", 2, "i-quant", 256, 2.6875, false},
    {"IQ3_K", 3, "i-quant", 256, 3.4375, false},
    {"IQ3_KS", 3, "i-quant", 256, 3.1875, false},
    {"IQ3_KT", 3, "i-quant", 256, 3.125, false},
    {"IQ3_KL", 3, "i-quant", 256, 4, true},
    {"IQ4_K", 4, "i-quant", 256, 4.5, false},
    {"IQ4_KS", 4, "i-quant", 256, 4.25, false},
    {"IQ4_KSS", 4, "i-quant", 256, 4, false},
    {"IQ4_KT", 4, "i-quant", 256, 4, false},
    {"IQ5_K", 5, "i-quant", 256, 5.5, false},
    {"IQ5_KS", 5, "i-quant", 256, 5.25, false},
    {"IQ6_K", 6, "i-quant", 256, 6.625, false},
    {"TQ1_0", 2, "ternary", 256, 1.6875, false},
    {"TQ2_0", 2, "ternary", 256, 2.0625, false},
    {"MXFP4", 4, "float", 32, 4.25, false},
}};

struct Alias {
  std::string_view text, name;
};
constexpr std::array<Alias, 8> kAliases = {{{"FP16", "F16"},
                                            {"FLOAT16", "F16"},
                                            {"HALF", "F16"},
                                            {"BFLOAT16", "BF16"},
                                            {"FP32", "F32"},
                                            {"FLOAT32", "F32"},
                                            {"MXFP4_MOE", "MXFP4"},
                                            {"NVFP4", "NVFP4"}}};
/// The same weights in another order: for kernels that take several rows at once.
constexpr std::array<std::string_view, 6> kOrders = {"_4_4", "_4_8", "_8_8", "_R16", "_R4", "_R8"};

bool isWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

/// How much of `text` (upper case) spells `name`: "-" counts as "_", and "_" may be missing before
/// a letter ("IQ2XXS", "Q4_KM"), not before a digit. 0 when it does not.
std::size_t spelled(std::string_view text, std::string_view name) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = at < text.size() ? text[at] : '\0';
    if (name[i] == '_') {
      if (c == '_' || c == '-' || (c == ' ' && name.starts_with("MXFP4"))) {
        ++at;
      } else if (i + 1 == name.size() || std::isdigit(static_cast<unsigned char>(name[i + 1]))) {
        return 0;
      }
      continue;
    }
    if (c != name[i]) return 0;
    ++at;
  }
  return at;
}

struct Match {
  GgufType type;
  std::size_t begin = 0, end = 0;
};

GgufType typeOf(const Row& row) {
  return {std::string(row.name), row.bits, std::string(row.dataType), row.block,
          row.bitsPerWeight,     row.mix};
}

GgufType typeNamed(std::string_view name) {
  if (name == "NVFP4") return {"NVFP4", 4, "float", 16, 4.5, false};
  for (const Row& row : kTypes) {
    if (row.name == name) return typeOf(row);
  }
  return {};
}

/// The longest type that begins at `at`.
std::optional<Match> matchAt(std::string_view text, std::size_t at) {
  if (at > 0 && isWord(text[at - 1])) return std::nullopt;
  const std::string_view rest = text.substr(at);
  std::size_t longest = 0;
  std::string_view found;
  const auto consider = [&](std::string_view spelling, std::string_view name) {
    const std::size_t n = spelled(rest, spelling);
    if (n > longest && (n == rest.size() || !isWord(rest[n]))) {
      longest = n;
      found = name;
    }
  };
  for (const Row& row : kTypes) consider(row.name, row.name);
  for (const Alias& alias : kAliases) consider(alias.text, alias.name);
  if (longest == 0) return std::nullopt;
  Match match{typeNamed(found), at, at + longest};
  for (const std::string_view order : kOrders) {
    const std::string_view behind = rest.substr(longest);
    const std::size_t n = spelled(behind, order);
    if (n == 0 || (n < behind.size() && isWord(behind[n]))) continue;
    match.type.name += order;
    match.end += n;
    break;
  }
  return match;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

/// Takes "word" and its joints off one end of a text (upper case); false when it is not there.
bool takeWord(std::string& text, std::string_view word, bool fromEnd) {
  constexpr std::string_view kJoints = "-_. ()[]:,;";
  const auto isJoint = [&](char c) { return kJoints.find(c) != std::string_view::npos; };
  if (fromEnd) {
    while (!text.empty() && isJoint(text.back())) text.pop_back();
    const std::string end = upper(text);
    if (word.empty() || !end.ends_with(word)) return false;
    const std::size_t at = text.size() - word.size();
    if (at > 0 && isWord(text[at - 1])) return false;
    text.resize(at);
    while (!text.empty() && isJoint(text.back())) text.pop_back();
    return true;
  }
  std::size_t begin = 0;
  while (begin < text.size() && isJoint(text[begin])) ++begin;
  text.erase(0, begin);
  const std::string start = upper(text);
  if (word.empty() || !start.starts_with(word)) return false;
  if (word.size() < text.size() && isWord(text[word.size()])) return false;
  text.erase(0, word.size());
  takeWord(text, {}, false);
  return true;
}

/// The sizes that llama.cpp's logs write in words: "Q4_K - Medium" is Q4_K_M.
void takeLogSize(GgufName& name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kSizes = {
      {{"SMALL", "_S"}, {"MEDIUM", "_M"}, {"LARGE", "_L"}, {"MIX", "MIX"}}};
  for (const auto& [word, suffix] : kSizes) {
    if (!takeWord(name.after, word, false)) continue;
    std::string full = name.type.name + std::string(suffix);
    if (word == "MIX") full = name.type.name == "IQ3_S" ? "IQ3_M" : name.type.name;
    if (full == "Q2_K_M") full = "Q2_K";
    if (const GgufType type = typeNamed(full); !type.name.empty()) name.type = type;
    return;
  }
}

/// "3.66 bpw" and what may follow it.
bool takeBitsPerWeight(std::string& after) {
  const std::string text = upper(after);
  const std::size_t bpw = text.find("BPW");
  if (bpw == std::string::npos) return false;
  if (text.find_first_not_of("0123456789. -(") != bpw) return false;
  after.erase(0, bpw + 3);
  takeWord(after, {}, false);
  return true;
}

}  // namespace

std::optional<GgufName> findGgufName(std::string_view text) {
  constexpr std::size_t kLongest = 1000;  // of a name; longer texts are prose
  if (text.size() > kLongest) return std::nullopt;
  const std::string searched = upper(text);
  std::vector<Match> matches;
  for (std::size_t at = 0; at < searched.size();) {
    auto match = matchAt(searched, at);
    at = match ? match->end : at + 1;
    if (match) matches.push_back(std::move(*match));
  }
  if (matches.empty()) return std::nullopt;
  const bool isFile = searched.ends_with(".GGUF") || searched.ends_with(".BIN");
  const Match& match = isFile ? matches.back() : matches.front();
  GgufName out{match.type, std::string(text.substr(0, match.begin)),
               std::string(text.substr(match.end)), false, matches.size() > 1};
  if (takeWord(out.before, "UD", true)) out.type.name = "UD-" + out.type.name;
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view word : {"I1", "IMATRIX", "IMAT"}) {
      if (takeWord(out.before, word, true)) out.imatrix = again = true;
      if (word != "I1" && takeWord(out.after, word, false)) out.imatrix = again = true;
    }
    for (const std::string_view word : {"MOSTLY", "ALL", "GGUF", "GGML"}) {
      if (takeWord(out.before, word, true)) again = true;
    }
    for (const std::string_view word :
         {"GGUF", "GGML", "BIN", "GUESSED", "TERNARY", "BASELINE", "MODEL", "WEIGHTS"}) {
      if (takeWord(out.after, word, false)) again = true;
    }
    takeLogSize(out);
    if (takeBitsPerWeight(out.after)) again = true;
  }
  takeWord(out.before, {}, true);
  takeWord(out.after, {}, true);
  if (out.type.name.starts_with("UD-") || out.several) out.type.mix = true;
  if (out.several) out.type.bitsPerWeight = kNaN;
  return out;
}

std::optional<GgufType> parseGgufType(std::string_view name) {
  auto found = findGgufName(name);
  if (!found || found->several || !found->before.empty() || !found->after.empty()) {
    return std::nullopt;
  }
  return std::move(found->type);
}

}  // namespace bitfrontier
