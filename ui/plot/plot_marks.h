// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <set>
#include <vector>

#include "core/law/data/law_point.h"
#include "ui/base/view_options.h"
#include "ui/plot/curves.h"
#include "ui/plot/law_set.h"
#include "ui/plot/plot_evidence.h"
#include "ui/plot/plot_scene.h"
#include "ui/plot/plot_style.h"
#include "ui/plot/scatter.h"

namespace bitfrontier {

/// Laws that explain less than this share of the variance are drawn faint.
inline constexpr double kWeakFit = 0.8;

/// Points shared between panels; never changed after they are made.
using PointsPtr = std::shared_ptr<const std::vector<LawPoint>>;

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

/// What a plot is asked to show, and how; another thread may keep a copy.
struct PlotRequest {
  PointsPtr points;
  StoreFacts facts;  ///< of the whole store that the points are from: what looks go by
  std::shared_ptr<const PointAxes> axes;
  std::shared_ptr<const LawSet> laws;
  std::shared_ptr<const FrontierChances> chances;
  std::vector<PredictedPoint> predictions;
  ViewOptions options;
  PlotStyle style;
  PlotVisibility visibility;

  PlotRequest();

  /// The laws, where they are those of what is shown.
  const LawSet* currentLaws() const {
    return laws && laws->metric == options.metric && laws->key == options.series ? laws.get()
                                                                                 : nullptr;
  }
};

/// A label before it is known where its point lies on the widget.
struct NamedPlace {
  QString text;
  QColor color;
  double x = 0, y = 0;
  bool lineEnd = false;
};

/// Everything that a plot draws of its data, made by a pure function and never changed.
struct PlotMarks {
  /// Above so many points only those of a frontier and the selected ones have error bars.
  static constexpr int kMaximumErrorBars = 300;
  /// Points with a smaller probability of being on the frontier have no ring.
  static constexpr double kLeastChance = 0.05;

  PlotRequest request;  ///< that it is the answer to
  PlotScene scene;
  CurvesPtr curves;
  ScatterPtr points;              ///< its groups are those of the scene
  ScatterPtr rings, predictions;  ///< null: none
  std::vector<NamedPlace> names;  ///< the most important first

  bool shows(const PlotGroup& group) const { return request.visibility.shows(scene, group); }
};

using PlotMarksPtr = std::shared_ptr<const PlotMarks>;

/// Takes some tens of milliseconds for 36,000 points; may be called on any thread.
PlotMarksPtr makePlotMarks(PlotRequest request);

/// @name Parts of makePlotMarks
/// @{
void addLevel(const PlotMarks& marks, std::vector<PlotCurve>& curves);
void addFrontiers(const PlotMarks& marks, std::vector<PlotCurve>& curves);
void addLaws(const PlotMarks& marks, std::vector<PlotCurve>& curves);
/// What lines and points of the frontier are called.
std::vector<NamedPlace> namesOf(const PlotMarks& marks);
/// @}

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

}  // namespace bitfrontier
