// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/law/fit/joint_law.h"
#include "ui/plot/qcp.h"

namespace bitfrontier {

/// What is left of a law's points: residuals in their own standard deviations over size. Scatter
/// without a pattern between -2 and 2 is what a law that describes its data leaves.
class ResidualPlot : public QCustomPlot {
  Q_OBJECT

 public:
  explicit ResidualPlot(QWidget* parent = nullptr);
  /// Null: empty, with nothing to see.
  void setLaw(const JointFit* fit);
  /// Points drawn.
  int points() const { return points_; }

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void restyle();

  int points_ = 0;
};

}  // namespace bitfrontier
