// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/store/import/result_table.h"

namespace bitfrontier {

/// True for the output of llama-perplexity: it has "Final estimate: PPL = ", "Mean PPL(Q)" or
/// "calculating perplexity over".
bool looksLikeLlamaCppLog(std::string_view text);

/// Reads the output of one or several runs of llama-perplexity: the final perplexity with its
/// error, and from the lines of the model loader its file type, size, bits per weight and
/// parameters (of 2023 to 2026: "llm_load_print_meta: model size = 4.58 GiB (4.89 BPW)",
/// "print_info: file size"). The format of a run without a file type is that of the file's name. A
/// run that did not end is in `notRead`. A context other than 512 tokens is part of the task's
/// name, --chunks too: such perplexities do not compare.
TableReading readLlamaCppLog(std::string_view text, const std::string& where);

}  // namespace bitfrontier
