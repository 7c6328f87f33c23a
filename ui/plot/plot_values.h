// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <QString>
#include <span>
#include <string>
#include <vector>

#include "core/law/data/law_point.h"
#include "ui/base/view_options.h"
#include "ui/plot/law_set.h"

namespace bitfrontier {

/// What axes need of points beside LawPoint, in their order; empty where no axis asks for it.
struct PointAxes {
  std::vector<double> seconds;  ///< of the runs behind each point; NaN when one is not known
  std::vector<double> memory;   ///< bits of weights and key-value cache; NaN when not known
  /// Metric minus that of the same model at most bits, and the standard error over the same items;
  /// NaN where there is none to compare with.
  std::vector<double> difference, differenceSe;
  std::vector<std::string> notes;  ///< what is missing, a sentence each
};

/// Where points lie, in plotted units; NaN in x or y: cannot be shown.
struct PlotValues {
  std::vector<double> x, y;
  std::vector<double> error;  ///< half length of the bar; NaN where not known
  /// Why points are hidden: a few words, and which.
  struct Hidden {
    QString why;
    std::vector<int> points;
    bool byLogX = false, byLogY = false;  ///< a linear axis would show them
  };
  std::vector<Hidden> hidden;
};

/// What a plot is made from besides points and options; null where there is none.
struct PlotInputs {
  const PointAxes* axes = nullptr;
  const LawSet* laws = nullptr;
};

PlotValues plotValues(std::span<const LawPoint> points, const ViewOptions& options,
                      const PlotInputs& inputs = {});

/// Standard errors that bars show: one, or 1.96 of paired differences.
double barErrors(const ViewOptions& options);
/// "±1 standard error", "95 % of the paired difference".
QString barText(const ViewOptions& options);
QString xAxisLabel(const ViewOptions& options);
QString yAxisLabel(const ViewOptions& options);
/// Whether curves of laws can be drawn over these axes, and as what: the value of the metric as a
/// plotted one. NaN when they cannot.
double curveValue(double metric, const ViewOptions& options);
/// Whether a frontier has a meaning on these axes, and whether higher is better on it.
bool hasFrontier(const ViewOptions& options);
bool higherIsBetter(const ViewOptions& options);
/// "2 points hidden: no accuracy"; empty when all are shown.
QString hiddenText(const PlotValues& values);
/// A value of the horizontal axis in words: "1.2 MB", "6.7B parameters", "4 min 10 s".
QString xText(double x, const ViewOptions& options);

}  // namespace bitfrontier
