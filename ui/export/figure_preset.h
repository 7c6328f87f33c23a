// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <QString>
#include <vector>

#include "ui/plot/frontier_plot.h"

namespace bitfrontier {

/// Size and text of an exported figure. All lengths in points (1/72 inch).
struct FigurePreset {
  QString id;     ///< name on the command line
  QString label;  ///< name in the dialog
  double width = 0;
  double height = 0;  ///< the least; a legend below the plot makes it higher
  double font = 8;    ///< text size
  FrontierPlot::LegendPlacement legend = FrontierPlot::LegendPlacement::Bottom;
  bool sizeAxis = false;  ///< upper axis in bytes
};

/// The presets, the first being the default: a paper column, the text width, a slide, a screen.
const std::vector<FigurePreset>& figurePresets();
std::optional<FigurePreset> findPreset(const QString& id);

}  // namespace bitfrontier
