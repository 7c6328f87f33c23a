// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bitfrontier {

/// A file type of llama.cpp and ik_llama.cpp, as the name of a GGUF file states it.
struct GgufType {
  std::string name;            ///< one spelling for all: "Q4_K_M", "UD-Q4_K_XL", "IQ2_XXS", "F16"
  int bits = 16;               ///< of a code, whole; 2 for ternary codes
  std::string dataType;        ///< "fp16", "bf16", "fp32", "int" (Q4_0 ...), "k-quant", "i-quant",
                               ///< "ternary" (TQ1_0), "float" (MXFP4, NVFP4)
  std::int64_t blockSize = 0;  ///< 32 ... 256 (super-blocks); 0 = none
  /// With scales. Exact for a tensor of a type such as Q4_0; for a recipe that mixes types
  /// (Q4_K_M, IQ2_XXS) what llama.cpp's own table states for Llama 3.1 8B. NaN where no one says.
  double bitsPerWeight = 16;
  bool mix = false;  ///< `bitsPerWeight` is that of a recipe and typical only
};

/// A type found in a longer text such as "Llama-2-7B-Q4_K_M-imat.gguf".
struct GgufName {
  GgufType type;
  std::string before, after;  ///< the text around it, without joints, "UD", "imat", ".gguf"
  bool imatrix = false;       ///< "imatrix", "imat" or "i1" stands beside it
  bool several = false;       ///< the text names more than one type
};

/// The type when the text names it and nothing else: any case, "-" for "_", UD-, -imatrix, .gguf,
/// and the forms of llama.cpp's logs ("Q4_K - Medium", "IQ3_S mix - 3.66 bpw", "all F32").
std::optional<GgufType> parseGgufType(std::string_view name);

/// The first type that stands in a text as a word of its own; of a file name (.gguf, .bin) the
/// last.
std::optional<GgufName> findGgufName(std::string_view text);

}  // namespace bitfrontier
