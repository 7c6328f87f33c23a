// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/pipeline/scanners.h"

#include "core/tokenizer/bpe/byte_level.h"

namespace bitfrontier {

namespace {

constexpr std::string_view bloomPattern =
    " ?[^(\\s|[.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c])]+";
constexpr std::string_view gpt2Pattern =
    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

}  // namespace

Scanner scannerFor(std::string_view pattern) {
  if (pattern == bloomPattern) return splitBloom;
  if (pattern == gpt2Pattern) return splitGpt2;
  return nullptr;
}

}  // namespace bitfrontier
