// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/modelquant/calibration_text.h"

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11's own
class App;
}

namespace bitfrontier::cli {

/// The text that GPTQ, AWQ and the weighted search are calibrated on.
struct CalibrationOptions {
  std::string source;  ///< "pocket", a file, or empty
  std::int64_t sequences = 128;
  std::int64_t length = 0;
};
/// --calibration, --calibration-sequences, --calibration-length.
void addCalibrationOptions(CLI::App& command, CalibrationOptions& options);

/// The text, or nothing when none is named. `otherwise` stands for an unnamed one, "" for none.
/// Throws the errors of readCalibrationText.
std::optional<CalibrationText> calibrationText(const CalibrationOptions& options,
                                               const std::string& otherwise = {});

}  // namespace bitfrontier::cli
