// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "ui/export/figure_spec.h"

namespace bitfrontier {

/// Something that a reader or a reviewer would hold against a figure.
struct LintRemark {
  enum class Kind {
    SmallText,
    AlikeColours,  ///< with full colour, in grey or with a colour vision deficiency
    NoUnit,
    UnequalItems,
    Truncated,  ///< points that are shown lie outside of the axes
    MixedVersions,
    OverlappingLabels,
    LongTitle,
    LegendCut,
    OtherFont
  };
  Kind kind;
  QString text;    ///< what is wrong, a sentence
  QString advice;  ///< what to do, a sentence
};

/// Text below this size is hard to read in print, points.
inline constexpr int kSmallText = 6;
/// Colours nearer than this (CIEDE2000) are confused in small marks.
inline constexpr double kAlike = 8;

/// What is wrong with the figure, in the order of LintRemark::Kind; empty when nothing is. GUI
/// thread.
std::vector<LintRemark> lintFigure(const FigureSpec& spec);

}  // namespace bitfrontier
