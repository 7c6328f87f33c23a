// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "core/law/data/piecewise_curve.h"
#include "core/law/data/series.h"
#include "core/law/fit/joint_law.h"

namespace bitfrontier {

/// One place of a drawn law: the metric with the 95 % interval of the curve, both absent where the
/// parameters have no errors.
struct CurvePoint {
  double totalBits = 0, value = 0;
  double lower = LawPoint::kAbsent, upper = LawPoint::kAbsent;
};

/// What is drawn for a series: the curve of the law that describes it, or the interpolation through
/// its points.
struct LawCurve {
  LawSeries series;                      ///< label with what tells its set from others
  std::shared_ptr<const JointFit> law;   ///< null: no law, only `means`
  std::size_t format = 0;                ///< of the law
  std::string note;                      ///< one line: which law and why, or why none
  PiecewiseCurve means;                  ///< the interpolation
  std::vector<CurvePoint> inside;        ///< the law over the sizes of the series
  std::vector<CurvePoint> below, above;  ///< continued as far as the law may be
  double r2 = LawPoint::kAbsent;         ///< of the series' points around the law
  int n = 0;                             ///< points of the series that the law rests on

  /// "LL", "interpolated", or "points" of one model.
  std::string_view name() const;
};

/// The law's curve of one format over total bits, each size at the mean of the logarithms of its
/// points' bits, into `curve`.
void drawLaw(LawCurve& curve);

}  // namespace bitfrontier
