// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace bitfrontier {

/// Predicts how long cells take: from cells of the same model and task where there are any, else
/// from the nearest measured model scaled by the models' costs, else from a measured speed of this
/// machine. Indices are those of the sweep's models and tasks.
class TimeEstimate {
 public:
  /// `modelCosts`: seconds per token on a reference machine, see tokenCost(); `linearParameters`:
  /// weights to quantize; `taskBytes`: UTF-8 bytes of a task's requests.
  TimeEstimate(std::vector<double> modelCosts, std::vector<double> linearParameters,
               std::vector<double> taskBytes);

  /// A measured cell, scoring alone.
  void addCell(std::size_t model, std::size_t task, double seconds);
  /// A measured quantization of all linear weights of a model.
  void addQuantization(std::size_t model, double seconds);

  double cellSeconds(std::size_t model, std::size_t task) const;
  /// What cellSeconds() goes by.
  enum class Basis { SameCells, OtherCells, Machine };
  Basis basis(std::size_t model, std::size_t task) const;
  double quantizationSeconds(std::size_t model) const;

 private:
  /// The median: one cell that took far too long, for whatever reason, does not count.
  struct Typical {
    std::vector<double> sorted;
    void add(double seconds);
    std::optional<double> value() const;
  };
  std::size_t at(std::size_t model, std::size_t task) const {
    return model * taskBytes_.size() + task;
  }
  /// Seconds per reference second at the measured model nearest in cost; for `task` where measured.
  std::optional<double> nearestRate(std::size_t model, std::optional<std::size_t> task) const;

  std::vector<double> modelCosts_;
  std::vector<double> linearParameters_;
  std::vector<double> taskBytes_;
  std::vector<Typical> cells_;
  std::vector<Typical> quantizations_;
  mutable std::optional<double> machineRate_;
};

/// How the time that work takes compares with its estimate: a range, since the load of a machine
/// changes. It spans what most of the sweep's work so far has shown and what the latest has.
class PaceRange {
 public:
  /// Work that was thought to take `expected` seconds took `actual`.
  void add(double expected, double actual);
  /// Factors on an estimate; wide while little is known.
  double low() const { return low_; }
  double high() const { return high_; }

 private:
  void update();

  static constexpr double kUnknown = 2;  ///< either way, before anything was measured
  std::vector<double> paces_;            ///< actual / expected of one stretch of work each
  double expected_ = 0, actual_ = 0;     ///< of the stretch that is not yet full
  double low_ = 1 / kUnknown, high_ = kUnknown;
};

/// Seconds to score one token with one thread of the reference machine (a 2025 server core, 100
/// GFLOP/s in fp32): matrix products by linear parameters, all other work by layers x width.
/// Measured on models of 25k to 3.5M linear parameters.
double tokenCost(double linearParameters, double layers, double hiddenSize);

}  // namespace bitfrontier
