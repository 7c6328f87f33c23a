// SPDX-License-Identifier: GPL-3.0-or-later
// What runs took of memory, beside what was expected of them.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/run_record.h"

namespace bitfrontier {

/// Bytes that a cell takes at most, and a 95 % interval for the next one.
struct MemoryEstimate {
  double bytes = 0, low = 0, high = 0;
};

/// Measured peaks of one device as a line in what was predicted: measured = factor predicted +
/// offset, the errors growing with the prediction (least squares of relative errors). A model under
/// a configuration counts once, with its highest peak, however many tasks it ran. Where all
/// predictions are alike no line can be told, and the offset is 0.
class MemoryCalibration {
 public:
  /// Not calibrated.
  MemoryCalibration() = default;
  /// Of the runs of the device ("cpu", "cuda:0") that have both numbers.
  MemoryCalibration(std::span<const RunRecord> runs, std::string device);

  /// Peaks of at least three models under configurations are known.
  bool known() const { return cells_ >= kLeast; }
  std::size_t runs() const { return runs_; }
  const std::string& device() const { return device_; }
  double factor() const { return factor_; }
  double offset() const { return offset_; }
  /// By the line, else as predicted, without an interval.
  MemoryEstimate estimate(double predicted) const;
  /// "calibrated on 37 runs of cuda:0", or "not calibrated: ..." with the reason.
  std::string text() const;

 private:
  static constexpr std::size_t kLeast = 3;

  std::string device_;
  std::size_t runs_ = 0, cells_ = 0;
  double factor_ = 1, offset_ = 0;
  double quantile_ = 0, noise_ = 0;               ///< t, and relative error of one run
  double vFactor_ = 0, vBoth_ = 0, vOffset_ = 0;  ///< covariance of the line
};

}  // namespace bitfrontier
