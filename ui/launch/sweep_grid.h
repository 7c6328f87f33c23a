// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <QCoreApplication>
#include <QString>
#include <set>
#include <string>
#include <vector>

#include "core/sweep/preview.h"
#include "ui/launch/launch_choice.h"

namespace bitfrontier {

/// The cells of a sweep that is being put together: rows are models, columns configurations, a cell
/// stands for all tasks. Which are run is kept by name, so that it survives other ticks.
class SweepGrid {
  Q_DECLARE_TR_FUNCTIONS(SweepGrid)

 public:
  enum class State {
    Unknown,  ///< not looked at yet
    New,      ///< will be run
    Part,     ///< some tasks are stored, the others will be run
    Retry,    ///< failed before, will be run again
    Done,     ///< stored: reused
    Same,     ///< the same cells as those of another configuration: run once
    Queued,   ///< in a sweep that waits or runs: that one stores it, this one reuses it
    TooBig,   ///< will not fit into the device's memory; not run unless asked for
    Broken,   ///< the model cannot be run
    Off,      ///< left out
  };

  /// What the chosen cells come to. Cells here are single: model x configuration x task.
  struct Totals {
    std::size_t cells = 0;  ///< of the whole grid
    std::size_t done = 0, open = 0, off = 0, tooBig = 0, elsewhere = 0;
    double low = 0, high = 0;  ///< seconds
    double diskBytes = 0;
    std::int64_t peakMemory = 0;
    QString peakCell;  ///< whose it is
  };

  /// The grid of a choice; what is known of cells is forgotten.
  void setChoice(const LaunchChoice& choice, std::vector<QuantConfig> configs);
  void setPreview(SweepPreview preview);
  /// Cells that are in the queue for the same store, as (model directory, spec).
  void setQueued(std::set<LeftOutCell> cells) { queued_ = std::move(cells); }
  void setLeftOut(std::set<LeftOutCell> cells) { off_ = std::move(cells); }

  std::size_t rows() const { return models_.size(); }
  std::size_t columns() const { return configs_.size(); }
  std::size_t tasks() const { return tasks_; }
  const QuantConfig& config(std::size_t column) const { return configs_[column]; }
  QString modelName(std::size_t row) const;
  QString modelPath(std::size_t row) const;
  bool known() const {
    return rows() * columns() > 0 && preview_.models.size() == rows() &&
           preview_.pairs.size() == rows() * columns();
  }
  const SweepPreview& preview() const { return preview_; }

  State state(std::size_t row, std::size_t column) const;
  /// Whether the cell is part of the sweep: stored or to be run.
  bool chosen(std::size_t row, std::size_t column) const;
  void setChosen(std::size_t row, std::size_t column, bool chosen);
  /// "int4-b64 · 4-bit int, blocks of 64" and all that is known of the cell, line by line.
  QString describe(std::size_t row, std::size_t column) const;
  static QString stateName(State state);
  static QString staleText(const StaleRun& stale);

  Totals totals() const;
  /// What the sweep leaves out.
  std::set<LeftOutCell> leftOut() const;

 private:
  LeftOutCell key(std::size_t row, std::size_t column) const {
    return {models_[row], specs_[column]};
  }

  std::vector<std::filesystem::path> models_;
  std::vector<QuantConfig> configs_;
  std::vector<std::string> specs_;
  std::size_t tasks_ = 0;
  SweepPreview preview_;
  std::set<LeftOutCell> off_, forced_, queued_;
};

}  // namespace bitfrontier
