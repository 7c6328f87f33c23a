// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <QSizeF>
#include <QString>
#include <QStringList>
#include <string>
#include <vector>

#include "ui/base/view_options.h"
#include "ui/export/figure_preset.h"
#include "ui/plot/frontier_plot.h"
#include "ui/plot/law_set.h"

namespace bitfrontier {

/// How a figure looks: all that a person chooses beside what is in it.
struct FigureLook {
  FigurePreset preset = figurePresets().front();  ///< with the size and text that were chosen
  QString font;                                   ///< family; empty: DejaVu Sans
  FigurePalette palette = FigurePalette::OkabeIto;
  QString title;
  QString xTitle, yTitle;  ///< of the axes, in place of their own; empty: their own
  bool legend = true;      ///< at most a quarter of the area
  bool note = true;        ///< lines below with n, what bars and bands are, the counting rule
  bool dark = false;
  bool embed = true;  ///< the view in PDF, SVG and PNG, to be opened again
  int pngDpi = 300;

  bool operator==(const FigureLook&) const = default;
};

/// Everything a figure is made from.
struct FigureSpec {
  std::string store;  ///< path of its file
  PointsPtr points;
  std::shared_ptr<const LawSet> laws;  ///< null: no curves
  ViewOptions options;
  PlotVisibility visibility;
  std::shared_ptr<const PointAxes> axes;           ///< what axes need beside points
  std::shared_ptr<const FrontierChances> chances;  ///< null: no rings
  std::vector<PredictedPoint> predictions;         ///< cells that were not run
  StoreFacts facts;                                ///< of the store that the points are from
  std::optional<PlotRange> range;                  ///< only this part; absent: everything
  FigureLook look;
};

/// "okabe-ito", "grey", "tab10": names of palettes on the command line and in files.
QString paletteName(FigurePalette palette);
std::optional<FigurePalette> findPalette(const QString& name);

/// What the figure's plot shows.
PlotScene sceneOf(const FigureSpec& spec);

/// Size of the figure in points, exactly that of its preset.
QSizeF figureSize(const FigureSpec& spec);

/// Points that are drawn: with the metric, of series that are not hidden, in the range if there is
/// one; in the order of the groups of the scene.
std::vector<int> drawnPoints(const FigureSpec& spec);
/// Number of points that would be drawn without a range.
std::size_t shownPoints(const FigureSpec& spec);

/// The note that goes below a figure.
QString figureNote(const FigureSpec& spec);

}  // namespace bitfrontier
