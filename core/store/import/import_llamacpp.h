// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "core/store/import/gguf_types.h"
#include "core/store/import/import_options.h"

namespace bitfrontier {

/// Reads results of quantized models that people publish around llama.cpp, AWQ and GPTQ:
/// every table of a Markdown file that readResultTable() understands, a CSV file with such columns,
/// or the output of llama-perplexity (see readLlamaCppLog()).
///
/// Total bits are the file's; where it states none, bits per weight (stated, or of the type's name)
/// times the parameters. Parameters come from the options, the file, the size of a 16-bit file, the
/// size and bits per weight of another, or the model's name, in this order. What was assumed is one
/// note for each file, rows that were not read another. A table that does not name its model has
/// options.model, else the heading where a file has tables of several models, else the file's name.
/// Throws NotFound, Io, or Format naming file and line: nothing to read, a perplexity below 1,
/// sizes that cannot be (bits per weight outside 0.5..40, parameters that contradict the model's
/// name).
ImportedRuns readLlamaCpp(const std::filesystem::path& file, const ImportOptions& options);

/// True when readLlamaCpp() is the reader: Markdown, a log of llama-perplexity, or a CSV file with
/// a column of GGUF's names and one of perplexities.
bool looksLikeLlamaCpp(const std::filesystem::path& file);

}  // namespace bitfrontier
