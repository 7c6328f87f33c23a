// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>
#include <set>
#include <span>
#include <vector>

#include "ui/plot/law_set.h"
#include "ui/plot/legend_entry.h"
#include "ui/plot/plot_evidence.h"
#include "ui/plot/plot_labels.h"
#include "ui/plot/plot_scene.h"
#include "ui/plot/plot_style.h"
#include "ui/plot/scatter.h"

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

/// What a plot shows, and how; all of it outlives the call it is handed to.
struct PlotDress {
  std::span<const LawPoint> points;
  const PlotScene& scene;
  const ViewOptions& options;
  const LawSet* laws;              ///< or null
  const FrontierChances* chances;  ///< or null
  std::span<const PredictedPoint> predictions;
  const PlotStyle& style;
  const PlotVisibility& visibility;

  /// The laws, where they are those of what is shown.
  const LawSet* currentLaws() const {
    return laws && laws->metric == options.metric && laws->key == options.series ? laws : nullptr;
  }
};

/// The plottables of one scene inside a QCustomPlot: points, rings, law curves, frontiers, labels.
/// Rebuilt as a whole when the data change, which for some dozens of them costs less than keeping
/// them in step.
class PlotContent {
 public:
  /// Above so many points only those of a frontier and the selected ones have error bars.
  static constexpr int kMaximumErrorBars = 300;
  /// Points with a smaller probability of being on the frontier have no ring.
  static constexpr double kLeastChance = 0.05;

  void rebuild(QCustomPlot& plot, const PlotDress& dress);

  /// All points; null before the first rebuild. Its groups are those of the scene.
  Scatter* scatter() const { return scatter_; }
  /// Rings of the probability of being on the frontier; null without.
  Scatter* rings() const { return rings_; }
  /// Where labels stand that were drawn last.
  const std::vector<PlacedLabel>& labels() const { return placed_; }
  const std::vector<LabelWish>& labelWishes() const { return wishes_; }
  /// Whether the group's points are visible.
  bool shows(const PlotScene& scene, const PlotGroup& group) const {
    return visibility_.shows(scene, group);
  }

 private:
  /// A label before it is known where its point lies.
  struct Named {
    QString text;
    QColor color;
    double x = 0, y = 0;
    bool lineEnd = false;
  };

  void addPoints(QCustomPlot& plot, const PlotDress& dress);
  void addRings(QCustomPlot& plot, const PlotDress& dress);
  void addLaw(QCustomPlot& plot, const LawCurve& law, const QColor& color, const PlotDress& dress);
  /// The 95 % interval of a law's curve, filled.
  void addBand(QCustomPlot& plot, const std::vector<CurvePoint>& curve, const PlotDress& dress,
               QColor color, double alpha);
  void addLaws(QCustomPlot& plot, const PlotDress& dress);
  void addLossless(QCustomPlot& plot, const LawCurve& law, const PlotDress& dress);
  QCPGraph* addCurve(QCustomPlot& plot, const QVector<double>& x, const QVector<double>& y,
                     const QPen& pen);
  /// A dotted line at the accuracy of guessing, or at no difference.
  void addLevel(QCustomPlot& plot, const PlotDress& dress);
  void addFrontiers(QCustomPlot& plot, const PlotDress& dress);
  void addPredictions(QCustomPlot& plot, const PlotDress& dress);
  void nameFrontier(const PlotDress& dress);
  void nameLines(const PlotDress& dress);
  void addLabels(QCustomPlot& plot, const PlotDress& dress);
  void drawLabels(QCPPainter& painter, const QRect& area, const QFont& font, const QColor& halo);

  PlotVisibility visibility_;
  QPointer<Scatter> scatter_, rings_;
  std::vector<QPointer<QCPGraph>> curves_;  ///< that labels must not cover
  std::vector<Named> named_;
  std::vector<LabelWish> wishes_;
  std::vector<PlacedLabel> placed_;
};

/// Thickness of the ring of a probability, pixels, for a marker of this size.
double ringWidth(double probability, double marker);
/// The part of models' names that all have in common, up to a dash: "pocket-"; not shown in labels.
QString commonPrefix(const std::vector<QString>& names);

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
