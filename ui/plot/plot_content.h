// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>
#include <vector>

#include "ui/plot/drawing.h"
#include "ui/plot/legend_entry.h"
#include "ui/plot/plot_labels.h"
#include "ui/plot/plot_marks.h"

namespace bitfrontier {

/// The plottables that show PlotMarks inside a QCustomPlot, all on its layer "content": lines,
/// points, rings, labels.
class PlotContent {
 public:
  /// Once, before anything is shown.
  void build(QCustomPlot& plot);
  /// In the background where drawing it takes long: see Picture.
  void show(PlotMarksPtr marks, bool background);
  /// What was drawn is of other axes.
  void forget();
  bool busy() const;

  const PlotMarks& marks() const { return *marks_; }
  const PlotMarksPtr& shared() const { return marks_; }
  Curves* curves() const { return curves_; }
  /// All points.
  Scatter* scatter() const { return scatter_; }
  /// Rings of the probability of being on the frontier; null without.
  Scatter* rings() const { return marks_->rings ? rings_ : nullptr; }
  Scatter* predictions() const { return marks_->predictions ? predictions_ : nullptr; }
  /// Where labels stand that were drawn last.
  const std::vector<PlacedLabel>& labels() const { return placed_; }
  const std::vector<LabelWish>& labelWishes() const { return wishes_; }

 private:
  void drawLabels(QCPPainter& painter, const QRect& area);

  PlotMarksPtr marks_ = makePlotMarks({});
  Curves* curves_ = nullptr;  ///< these belong to the plot
  Scatter *scatter_ = nullptr, *rings_ = nullptr, *predictions_ = nullptr;
  Drawing* labels_ = nullptr;
  std::vector<LabelWish> wishes_;
  std::vector<PlacedLabel> placed_;
};

/// What a legend shows and how wide its texts may be.
struct LegendSpec {
  enum Section { Marks = 1, Lines = 2, Sources = 4, All = 7 };
  ViewOptions options;
  int sections = All;
  bool hasLaws = false;
  bool hasWeakLaws = false;
  bool hasInterpolated = false;  ///< series that no law describes
  bool hasRings = false, hasTies = false;
  bool hasLossless = false;
  bool hasPredictions = false;
  bool headings = true;
  bool brief = false;          ///< only what cannot be guessed
  int maximumTextWidth = 170;  ///< pixels; longer texts wrap
};

/// Fills `legend` with the scene's colours, shapes, line styles and sources.
void buildLegend(QCPLegend& legend, const PlotScene& scene, const LegendSpec& spec,
                 const PlotStyle& style, const PlotVisibility& visibility);

}  // namespace bitfrontier
