// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <QObject>
#include <vector>

#include "core/law/data/comparable_set.h"
#include "ui/base/latest_task.h"
#include "ui/base/view_options.h"
#include "ui/jobs/store_session.h"
#include "ui/plot/frontier_plot.h"
#include "ui/plot/law_set.h"
#include "ui/view/joined_stores.h"
#include "ui/view/selection.h"

namespace bitfrontier {

/// Places in a list of rows that is not copied.
using PlacesPtr = std::shared_ptr<const std::vector<std::uint32_t>>;

/// A task that can be an axis of its own.
struct TaskName {
  std::string name;
  bool text = false;  ///< has cross-entropies, no accuracies
  auto operator<=>(const TaskName&) const = default;
};

/// Points of the view that may be compared with each other, and with no others.
struct PointSet {
  ScoringName name;
  std::size_t points = 0;
};

/// What the options let through of a snapshot.
struct Choice {
  PointsPtr points;  ///< to be shown
  /// Those of them that have all tasks and are not excluded: what laws and advice rest on.
  PointsPtr fitted;
  /// Before the filter: of the whole store, or means over the tasks that the filter chooses. The
  /// same list as long as neither the store nor the chosen tasks change.
  PointsPtr all;
  /// Points that pass the filter but miss some of the tasks their peers have; shown or not.
  PointsPtr partial;
  RunRowsPtr runs;           ///< all of the snapshot
  PlacesPtr shownRuns;       ///< places in `runs` of those that pass, ascending
  std::size_t total = 0;     ///< points that could be shown
  std::size_t excluded = 0;  ///< of `points`
  /// What could be shown of the source, by what may be compared.
  std::vector<PointSet> sets;
  StoreFacts facts;
  std::vector<TaskName> tasks;            ///< of the whole store
  std::shared_ptr<const PointAxes> axes;  ///< of `points`; null when the axes need nothing
};
/// Blocking. A filter that chooses tasks makes the points anew, as means over these.
Choice choose(const StoreSnapshot& snapshot, const ViewOptions& options, std::stop_token stop = {});

/// Turns the store's content and the view options into what the panels show: visible points and
/// runs, and the laws fitted to them in the background.
class ViewController : public QObject {
  Q_OBJECT

 public:
  explicit ViewController(StoreSession* session, QObject* parent = nullptr);

  const ViewOptions& options() const { return options_; }
  /// What the user chooses; emits edited().
  void setOptions(const ViewOptions& options);
  /// What was shown before: no edit. Source and metric follow the store unless they were chosen.
  void restore(const ViewOptions& options, bool sourceChosen, bool metricChosen);
  bool sourceChosen() const { return sourceChosen_; }
  bool metricChosen() const { return metricChosen_; }

  const PointsPtr& points() const { return choice_.points; }
  /// All of them, whatever the filter lets through, see Choice::all.
  const PointsPtr& allPoints() const { return choice_.all; }
  const std::shared_ptr<const PointAxes>& axes() const { return choice_.axes; }
  /// Tasks that some run in the store has.
  const std::vector<TaskName>& tasks() const { return choice_.tasks; }
  /// What laws, frontier and advice rest on: of these points those that have all tasks and are not
  /// excluded.
  const PointsPtr& fitted() const { return choice_.fitted; }
  /// Excluded ones among points().
  std::size_t excludedPoints() const { return choice_.excluded; }
  /// Names of the stores that the point's runs are from; empty while only one store is shown.
  std::string storesOf(const LawPoint& point) const;
  /// Of more than one, no two are joined by anything; ViewOptions::set shows one alone.
  const std::vector<PointSet>& sets() const { return choice_.sets; }
  /// The point that others are compared with, if it is shown.
  const LawPoint* baseline() const;
  /// What is selected, of these points and of others.
  Selection& selection() { return selected_; }
  /// Places of the selected points in points(), ascending.
  std::vector<int> selectedPoints() const;
  /// All runs of the store, and the places of those that pass the filter.
  const RunRowsPtr& runs() const { return choice_.runs; }
  const PlacesPtr& shownRuns() const { return choice_.shownRuns; }
  const std::shared_ptr<const LawSet>& laws() const { return laws_; }
  const StoreFacts& facts() const { return choice_.facts; }
  /// Points that could be shown, whatever the filter.
  std::size_t totalPoints() const { return choice_.total; }
  /// Points that pass the filter but miss some of the tasks their peers have.
  std::size_t partialPoints() const { return choice_.partial->size(); }
  bool hasMeasured() const;
  /// Whether all results that were not measured here are from papers.
  bool onlyCitations() const;
  /// The metric that the user wants to see; options() may have the other where a store lacks it.
  LawMetric wantedMetric() const { return wantedMetric_; }
  /// True while points are chosen or laws fitted in the background.
  bool busy() const { return selection_.busy() || fits_.busy() || others_.busy(); }

 Q_SIGNALS:
  void optionsChanged();
  void suited();  ///< the options, by themselves, to what the store has; after optionsChanged()
  void edited();  ///< the options, by the user; after optionsChanged()
  void pointsChanged();
  void runsChanged();
  void lawsChanged();
  void failed(QString sentence);

 private:
  void takeSnapshot();
  void show(const ViewOptions& options);
  void suitStore(ViewOptions& options) const;
  void update();
  void fit();

  StoreSession* session_;
  Selection selected_;
  ViewOptions options_;
  Choice choice_;
  std::shared_ptr<const LawSet> laws_;
  JoinedStores others_;
  std::vector<SnapshotPtr> joinedFrom_;  ///< what `joined_` was made of
  SnapshotPtr joined_;
  LatestTask selection_, fits_;
  LawMetric fitMetric_ = LawMetric::Accuracy;  ///< of the fit under way
  SeriesKey fitKey_ = SeriesKey::Bits;
  bool fitAgain_ = false;
  std::filesystem::path seenPath_;
  bool sourceChosen_ = false, metricChosen_ = false;  ///< by the user, for this store
  LawMetric wantedMetric_ = LawMetric::Accuracy;
};

}  // namespace bitfrontier
