// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace bitfrontier {

class Tokenizer;

/// A text on which GPTQ, AWQ and the weighted search look at the inputs of layers, and how much of
/// it they look at.
struct CalibrationText {
  std::string name;  ///< for people: the file's name without its extension, "pocket"
  std::string text;
  std::int64_t sequences = 128;  ///< stretches of the text, evenly spread over it
  std::int64_t length = 0;       ///< tokens of each; 0 = what the model takes, at most 2048

  /// "name sequences x length sha256=<first 16 digits>": what a cell's key and the store hold.
  std::string identity() const;
};

/// The text of a file: of a JSON Lines file the "text" fields, one behind the other, of any other
/// the whole. Throws NotFound, Io, Format, or InvalidArgument for a file without text.
CalibrationText readCalibrationText(const std::filesystem::path& file);

/// Token ids int64 [sequences, length]; each sequence begins at the first line that starts behind
/// its share of the text. Throws InvalidArgument when the text has not tokens enough for a single
/// one.
at::Tensor calibrationTokens(const CalibrationText& text, const Tokenizer& tokenizer,
                             std::int64_t maxPositions);

}  // namespace bitfrontier
