// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <span>
#include <vector>

#include "core/law/data/law_point.h"
#include "ui/base/view_options.h"

namespace bitfrontier {

/// A figure of "The case for 4-bit precision: k-bit Inference Scaling Laws" (arXiv 2212.09720) as a
/// way to look at the open store: which points, what colours mean, how they are divided. All are of
/// the mean zero-shot accuracy over total model bits, with the means of the models joined.
struct PaperFigure {
  int number = 0;
  QString title;
};

/// Figures 2, 3, 7, 8 and 11.
std::vector<PaperFigure> paperFigures();

/// Why the points of a store do not make this figure, a sentence; empty when they do.
QString missingFor(int figure, std::span<const LawPoint> points);

/// `now` as the figure has it. Exclusions, sources and stores beside it stay.
ViewOptions paperOptions(int figure, const ViewOptions& now, std::span<const LawPoint> points);

}  // namespace bitfrontier
