// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QBrush>
#include <QPainterPath>
#include <QPen>

#include "ui/plot/qcp.h"

namespace bitfrontier {

/// The marker of a point: its outline says the family, what is cut out of it the method. Families
/// and methods are counted from 0 in the order of StoreFacts; method 0 is round to nearest and cuts
/// out nothing. All numbers give different markers.
QCPScatterStyle glyphStyle(int family, int method, const QPen& pen, const QBrush& brush,
                           double size);

/// Outline of a family's marker within -0.5..0.5, y downwards.
QPainterPath familyOutline(int family);
/// What a method cuts out of the middle; empty for method 0.
QPainterPath methodMark(int method);

}  // namespace bitfrontier
