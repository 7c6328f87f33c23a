// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "core/tokenizer/tokenizer_files.h"

namespace bitfrontier {

/// Takes over what tokenizer_config.json, special_tokens_map.json and added_tokens.json in `dir`
/// say about special tokens, with the precedence that transformers 5 gives them: named tokens that
/// are listed nowhere are added. With `bare` (no tokenizer.json) tokenizer_class also chooses
/// normalizer and pre-tokenizer, and add_bos_token and add_eos_token what is put around a text; a
/// tokenizer.json decides that alone. Throws Format, or Unsupported for an unknown class.
void readTokenizerConfig(const std::filesystem::path& dir, bool bare, TokenizerFiles& out);

}  // namespace bitfrontier
