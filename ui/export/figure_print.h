// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPrinter>
#include <QRectF>

#include "ui/export/figure_spec.h"

namespace bitfrontier {

/// Where a figure of this size goes on a page, points from the corner of the part that can be
/// printed: as large as it is, smaller when the page is, in the middle of the upper edge.
QRectF placeOnPage(const QSizeF& figure, const QSizeF& page);

/// Prints the figure on one page, upright or on its side as fits better. Throws Error{Io}.
void printFigure(const FigureSpec& spec, QPrinter& printer);
/// Turns the page to how printFigure() fits best.
void orientFor(const FigureSpec& spec, QPrinter& printer);

}  // namespace bitfrontier
