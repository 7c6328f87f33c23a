// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include "ui/export/figure_spec.h"

namespace bitfrontier {

/// A Python script that draws the figure with Matplotlib: axes, curves and markers where they are
/// in the figure. It reads the points from `name`.csv beside it and writes `name`-python.png, or
/// the files that are named as its arguments.
QByteArray figurePython(const FigureSpec& spec, const QString& name);

/// A LaTeX document of its own that draws the figure with pgfplots; all data are in it.
QByteArray figureTex(const FigureSpec& spec);

/// The points that are drawn as text with tabs, a header line first; for spreadsheets.
QByteArray figureTable(const FigureSpec& spec);

}  // namespace bitfrontier
