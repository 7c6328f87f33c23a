// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/job.h"

namespace bitfrontier {

struct BpeTrainOptions {
  /// All tokens: special ones, 256 bytes, merges. Fewer come out when no pair is frequent enough.
  std::int32_t vocabSize = 1024;
  /// A pair must occur this often in the text to be merged.
  std::int64_t minFrequency = 2;
  /// Get the ids from 0, are cut out of the text and never merged.
  std::vector<std::string> specialTokens = {"<|endoftext|>"};
};

/// Trains byte-level BPE (GPT-2 pattern, no prefix space, no normalizer) on UTF-8 text and gives a
/// tokenizer.json that Hugging Face `tokenizers` reads too. Ids: special tokens, the 256 bytes in
/// order of their characters, merges in the order found. Of equally frequent pairs the one with the
/// smaller left, then right id comes first, so the result depends on nothing but the arguments.
/// Throws InvalidArgument when `vocabSize` has no room for bytes and special tokens.
std::string trainByteLevelBpe(std::string_view text, const BpeTrainOptions& options = {},
                              const JobContext& job = {});

}  // namespace bitfrontier
