// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/base/error.h"
#include "core/modelquant/calibration_text.h"
#include "core/tokenizer/tokenizer.h"

namespace bitfrontier {
namespace {

constexpr std::int64_t kLongestSequence = 2048;
/// Bytes looked at for each token wanted; more than any text of words needs.
constexpr std::size_t kBytesPerToken = 12;

/// The start of the first line at or behind `at`, or `at` where the text has no more lines.
std::size_t lineStart(const std::string& text, std::size_t at) {
  if (at == 0) return 0;
  const std::size_t found = text.find('\n', at - 1);
  return found == std::string::npos || found + 1 >= text.size() ? at : found + 1;
}

/// `size` moved back to where a character begins.
std::size_t characterStart(const std::string& text, std::size_t size) {
  while (size > 0 && size < text.size() &&
         (static_cast<unsigned char>(text[size]) & 0xc0U) == 0x80U)
    --size;
  return size;
}

}  // namespace

at::Tensor calibrationTokens(const CalibrationText& text, const Tokenizer& tokenizer,
                             std::int64_t maxPositions) {
  const std::int64_t longest = std::min(maxPositions, kLongestSequence);
  const std::int64_t length = text.length > 0 ? text.length : longest;
  if (length > maxPositions || text.sequences < 1)
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{} calibration sequences of {} tokens do not fit a model of {}",
                            text.sequences, length, maxPositions));
  std::vector<std::int64_t> ids;
  const auto wanted = static_cast<std::size_t>(length);
  for (std::int64_t i = 0; i < text.sequences; ++i) {
    const auto share = static_cast<double>(text.text.size()) / static_cast<double>(text.sequences);
    const std::size_t begin = characterStart(
        text.text, lineStart(text.text, static_cast<std::size_t>(static_cast<double>(i) * share)));
    const std::size_t end =
        characterStart(text.text, std::min(text.text.size(), begin + wanted * kBytesPerToken));
    const std::vector<std::int32_t> encoded =
        tokenizer.encode(std::string_view(text.text).substr(begin, end - begin));
    if (encoded.size() < wanted) continue;
    ids.insert(ids.end(), encoded.begin(), encoded.begin() + static_cast<std::ptrdiff_t>(wanted));
  }
  if (ids.empty())
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("calibration text {} has not {} tokens in a row", text.name, length));
  return at::tensor(ids, at::kLong).view({-1, length});
}

}  // namespace bitfrontier
