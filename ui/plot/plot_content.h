// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>
#include <set>
#include <span>
#include <vector>

#include "ui/plot/glyph_graph.h"
#include "ui/plot/law_set.h"
#include "ui/plot/legend_entry.h"
#include "ui/plot/plot_scene.h"
#include "ui/plot/plot_style.h"

namespace bitfrontier {

/// Laws that explain less than this share of the variance are drawn faint.
inline constexpr double kWeakFit = 0.8;

/// Which legend entries are switched off; empty sets show everything.
struct PlotVisibility {
  std::set<QString> hiddenValues, hiddenFamilies, hiddenMethods, hiddenSources;

  /// Whether points of these entries are visible; `method` is empty at 16 bit.
  bool shows(const QString& value, const QString& family, const QString& method,
             const QString& source) const {
    return !hiddenValues.count(value) && !hiddenFamilies.count(family) &&
           !hiddenMethods.count(method) && !hiddenSources.count(source);
  }
  bool shows(const PlotScene& scene, const PlotGroup& group) const;
  bool operator==(const PlotVisibility&) const = default;
};

/// The plottables of one scene inside a QCustomPlot: points, error bars, law curves, frontier.
/// Rebuilt as a whole when the data change, which for some dozens of graphs costs less than
/// keeping them in step.
class PlotContent {
 public:
  struct Drawn {
    QPointer<GlyphGraph> graph;
    QPointer<QCPErrorBars> errors;
    int group = 0;  ///< index into PlotScene::groups
  };

  /// More points than this get no error bars, except those on a frontier.
  static constexpr int kMaximumErrorBars = 3000;

  void rebuild(QCustomPlot& plot, std::span<const LawPoint> points, const PlotScene& scene,
               const ViewOptions& options, const LawSet* laws, const PlotStyle& style,
               const PlotVisibility& visibility);

  const std::vector<Drawn>& drawn() const { return drawn_; }
  /// Whether the group's points are visible.
  bool shows(const PlotScene& scene, const PlotGroup& group) const {
    return visibility_.shows(scene, group);
  }

 private:
  void addGroup(QCustomPlot& plot, std::span<const LawPoint> points, const PlotScene& scene,
                std::size_t index, const ViewOptions& options, const PlotStyle& style);
  void addErrors(QCustomPlot& plot, std::span<const LawPoint> points, const PlotScene& scene,
                 std::size_t index, const ViewOptions& options, const PlotStyle& style);
  void addLaw(QCustomPlot& plot, const LawCurve& law, const QColor& color,
              const ViewOptions& options, const PlotStyle& style);
  /// The 95 % interval of a law's curve, filled.
  void addBand(QCustomPlot& plot, const std::vector<CurvePoint>& curve, double scale, QColor color);
  void addLaws(QCustomPlot& plot, const PlotScene& scene, const LawSet& laws,
               const ViewOptions& options, const PlotStyle& style);
  void addCurve(QCustomPlot& plot, const QVector<double>& x, const QVector<double>& y,
                const QPen& pen);
  /// A dotted line at the accuracy of guessing, when all points share it.
  void addChance(QCustomPlot& plot, const PlotScene& scene, const PlotStyle& style);
  void addFrontiers(QCustomPlot& plot, std::span<const LawPoint> points, const PlotScene& scene,
                    const ViewOptions& options, const PlotStyle& style);

  std::vector<Drawn> drawn_;
  PlotVisibility visibility_;
};

/// Pen of the frontier at this place in PlotScene::frontiers; each has a pattern of its own.
QPen frontierPen(const PlotStyle& style, std::size_t frontier);
/// Marker of a group's points.
QCPScatterStyle markerStyle(const PlotStyle& style, const QColor& color, int familyLook,
                            int methodLook, bool hollow);
QColor valueColor(const PlotScene& scene, std::size_t value, SeriesKey key, const PlotStyle& style);

/// What a legend shows and how wide its texts may be.
struct LegendSpec {
  enum Section { Marks = 1, Lines = 2, Sources = 4, All = 7 };
  ViewOptions options;
  int sections = All;
  bool hasLaws = false;
  bool hasWeakLaws = false;
  bool hasInterpolated = false;  ///< series that no law describes
  bool headings = true;
  int maximumTextWidth = 170;  ///< pixels; longer texts wrap
};

/// Fills `legend` with the scene's colours, shapes, line styles and sources.
void buildLegend(QCPLegend& legend, const PlotScene& scene, const LegendSpec& spec,
                 const PlotStyle& style, const PlotVisibility& visibility);

}  // namespace bitfrontier
