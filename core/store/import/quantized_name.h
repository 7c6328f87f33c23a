// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace bitfrontier {

/// What the name of a model on the hub, or a word in a program's arguments, says about its weights.
struct QuantizedName {
  std::string word;      ///< the part of the name that says so, as it stands there
  std::string method;    ///< "gptq", "awq", "bitsandbytes", ...; "rtn" when only a width is named
  std::string dataType;  ///< "int", "float", "nf", "k-quant", "mxfp4", ...
  std::string config;    ///< a name for the configuration: "gptq4", "fp8", "w4a16", "Q4_K_M"
  int bits = 0;          ///< 0 = the name says quantized but not how wide
  /// With constants; NaN where the name does not fix them.
  double bitsPerWeight = std::numeric_limits<double>::quiet_NaN();
  std::int64_t blockSize = 0;
};

/// Reads names such as "TheBloke/Llama-2-7B-GPTQ", "...-GPTQ-Int4", "...-FP8-dynamic", "...-W4A16",
/// "...-Q4_K_M", "...-bnb-4bit", "...-4.0bpw-exl2", "gpt-oss-20b" (weights published in MXFP4).
/// Absent when nothing in the name says that weights have fewer than 16 bits.
std::optional<QuantizedName> quantizationOfName(std::string_view model);

/// "float32", "bfloat16", "float16" when a word of the name says so (-bf16, -fp32, -f16); else
/// empty.
std::string dtypeOfName(std::string_view model);

/// The name without its owner ("EleutherAI/"), the folders of a path, a revision ("@step1000"), and
/// words about quantization or data type: "RedHatAI/Qwen3-8B-FP8-dynamic" -> "Qwen3-8B". The name
/// itself when nothing else would be left.
std::string baseModelName(std::string_view model);

/// What a model is called in a store, as sweeps call it: the last part of a path, or the repository
/// without its owner; of a snapshot in a Hugging Face cache the repository's. Where the last part
/// of a path says nothing of whose model it is (7B, checkpoint-500, final) the folder above comes
/// before it ("LLaMA-7B", "mine@checkpoint-500"). A revision other than main stays
/// ("pythia-160m@step3000").
std::string shortModelName(std::string_view model);

/// "owner/name" of a name on the hub or of a snapshot in a cache; empty for other paths.
std::string hubRepository(std::string_view model);

}  // namespace bitfrontier
