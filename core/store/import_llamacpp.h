// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string_view>

#include "core/store/import_options.h"

namespace bitfrontier {

/// What the name of a quantization of llama.cpp says, e.g. "q4_K_M", "IQ2_XXS", "f16".
struct GgufType {
  int bits = 16;
  std::string dataType;        ///< "fp16", "int" (Q4_0 ...), "k-quant", "i-quant"
  std::int64_t blockSize = 0;  ///< 32 or 256 (super-blocks)
};
/// Absent when the name is none.
std::optional<GgufType> parseGgufType(std::string_view name);

/// Reads perplexity tables of llama.cpp. Two kinds of file:
/// Markdown, every table in it that has a column of quantizations and one of perplexities (the
/// scoreboard of tools/perplexity/README.md: "Quantization", "imatrix", "Model size [GiB]",
/// "PPL"), or quantizations as columns and "perplexity", "file size" as rows (the README of 2023);
/// CSV with columns quant, ppl and any of size, imatrix, size_GiB, total_bits, bits_per_weight,
/// ppl_se, n_params_approx.
///
/// Total bits are the file's; where only bits per weight are known, those times the parameters.
/// Parameters that are not given come from the 16-bit file's size. A scoreboard does not name its
/// model: options.model, else the name of the file.
/// Throws NotFound, Io, or Format naming file and line.
ImportedRuns readLlamaCpp(const std::filesystem::path& file, const ImportOptions& options);

/// True when the CSV or Markdown file has the columns that readLlamaCpp() needs.
bool looksLikeLlamaCpp(const std::filesystem::path& file);

}  // namespace bitfrontier
