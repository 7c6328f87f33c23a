// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/model/calibration_options.h"

#include <CLI/CLI.hpp>

#include "core/pocket/corpus.h"

namespace bitfrontier::cli {

void addCalibrationOptions(CLI::App& command, CalibrationOptions& options) {
  command
      .add_option("--calibration", options.source,
                  "Text for -gptq, -awq and -wmse: a text file, a .jsonl with \"text\" fields, or "
                  "pocket (training texts of the pocket world)")
      ->type_name("FILE");
  command
      .add_option("--calibration-sequences", options.sequences,
                  "Stretches of that text that are looked at")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  command
      .add_option("--calibration-length", options.length,
                  "Tokens of each (0 = what the model takes, at most 2048)")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
}

std::optional<CalibrationText> calibrationText(const CalibrationOptions& options,
                                               const std::string& otherwise) {
  const std::string& source = options.source.empty() ? otherwise : options.source;
  if (source.empty()) return std::nullopt;
  CalibrationText text =
      source == "pocket" ? pocket::calibrationSample() : readCalibrationText(source);
  text.sequences = options.sequences;
  text.length = options.length;
  return text;
}

}  // namespace bitfrontier::cli
