// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "core/law/fit/joint_law.h"

namespace bitfrontier {

/// What to suppose of a format that J1 or J2 does not have yet: that its parameter (the shift of
/// J1, the penalty of J2) is like those of the formats of the same bit width. For ranking runs, not
/// for choosing.
class FormatGuess {
 public:
  /// `fit` outlives the guess.
  explicit FormatGuess(const JointFit& fit) : fit_(&fit) {}

  /// Whether the law has a format besides its reference to go by.
  bool possible() const { return fit_->context.formats.size() > 1; }

  /// A normal distribution of the format's parameter.
  struct Shift {
    double mean = 0;
    double sd = 0;

    /// After a measurement at a place where the law gives `expected` at the mean and changes by
    /// `slope` with the parameter; `variance` is that of the measurement around the law.
    Shift given(double measured, double expected, double slope, double variance) const;
  };
  /// Of a format of `bits`, where the law's parameters are these: mean and spread over its formats
  /// of that width, as if two more had been seen half the mean away; between widths linear in bits,
  /// uncertain by half of what the two differ.
  Shift shift(double bits, const std::vector<double>& parameters) const;

  /// The metric at a size (on the law's axis) under a format with this parameter. `parameters` are
  /// a draw's; the place of the law's first format besides the reference is written over and put
  /// back.
  double predict(double size, double shift, std::vector<double>& parameters) const;

 private:
  static constexpr std::size_t kFirst = 3;  ///< index of the first format's parameter

  const JointFit* fit_;
};

}  // namespace bitfrontier
