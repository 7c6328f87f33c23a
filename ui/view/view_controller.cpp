// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/view_controller.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "core/store/points.h"
#include "ui/base/text.h"
#include "ui/runs/row_filter.h"
#include "ui/view/point_axes.h"

namespace bitfrontier {
namespace {

bool sourceShown(bool published, SourceChoice choice) {
  return choice == SourceChoice::Both || published == (choice == SourceChoice::Published);
}

template <typename T>
std::shared_ptr<const std::vector<T>> share(std::vector<T> rows) {
  return std::make_shared<const std::vector<T>>(std::move(rows));
}

/// The rows that pass; the very same list where all do.
PointsPtr select(const PointsPtr& points, const ViewOptions& options, const RowFilter& filter) {
  std::vector<std::uint32_t> places;
  for (std::size_t i = 0; i < points->size(); ++i) {
    const LawPoint& point = (*points)[i];
    if (sourceShown(point.published(), options.source) && filter.matches(point)) {
      places.push_back(static_cast<std::uint32_t>(i));
    }
  }
  if (places.size() == points->size()) return points;
  std::vector<LawPoint> chosen;
  chosen.reserve(places.size());
  for (const std::uint32_t place : places) chosen.push_back((*points)[place]);
  return share(std::move(chosen));
}

template <typename Passes>
std::vector<std::uint32_t> rowsThat(const std::vector<RunRow>& rows, const Passes& passes) {
  std::vector<std::uint32_t> places;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (passes(rows[i])) places.push_back(static_cast<std::uint32_t>(i));
  }
  return places;
}

/// The sets of all points of the chosen source, whatever the filter, so that their names stay; and
/// only the wanted one in `options.set`, as long as it is there, among the chosen points.
void chooseSet(Choice& choice, const std::vector<LawPoint>& complete, const ViewOptions& options) {
  std::vector<std::size_t> members;
  for (std::size_t i = 0; i < complete.size(); ++i) {
    if (sourceShown(complete[i].published(), options.source)) members.push_back(i);
  }
  std::unordered_set<std::int64_t> wanted;
  for (const ComparableSet& set : comparableSets(complete, options.metric, members)) {
    choice.sets.push_back({set.name, set.points.size()});
    if (options.set.empty() || set.name.title != options.set) continue;
    for (const std::size_t i : set.points) {
      if (!complete[i].runIds.empty()) wanted.insert(complete[i].runIds.front());
    }
  }
  if (wanted.empty()) return;
  std::vector<LawPoint> kept;
  for (const LawPoint& p : *choice.fitted) {
    if (!p.runIds.empty() && wanted.contains(p.runIds.front())) kept.push_back(p);
  }
  choice.fitted = share(std::move(kept));
  choice.partial = share(std::vector<LawPoint>());
}

}  // namespace

Choice choose(const StoreSnapshot& snapshot, const ViewOptions& options, std::stop_token stop) {
  const RowFilter filter(options.filter);
  const bool oneTask = !options.task.empty();
  PointsPtr complete = snapshot.points, partial = snapshot.partial;
  if (filter.choosesTasks() || oneTask) {
    const auto wanted = [&](const RunRow& run) {
      return (!oneTask || run.result.task == options.task) && filter.matchesTask(run);
    };
    PointSets sets = joinRows(*snapshot.runs, rowsThat(*snapshot.runs, wanted), snapshot.rule);
    complete = share(std::move(sets.complete));
    partial = share(std::move(sets.incomplete));
  }
  Choice choice;
  choice.facts = snapshot.facts;
  choice.runs = snapshot.runs;
  choice.shownRuns = share(rowsThat(*snapshot.runs, [&](const RunRow& run) {
    return sourceShown(run.published(), options.source) && filter.matches(run);
  }));
  choice.all = complete;
  choice.fitted = select(complete, options, filter);
  choice.partial = select(partial, options, filter);
  choice.total = complete->size() + (options.partial ? partial->size() : 0);
  chooseSet(choice, *complete, options);
  choice.points = choice.fitted;
  if (options.partial && !choice.partial->empty()) {
    std::vector<LawPoint> all = *choice.fitted;
    all.insert(all.end(), choice.partial->begin(), choice.partial->end());
    choice.points = share(std::move(all));
  }
  std::set<TaskName> tasks;
  for (const RunRow& run : *snapshot.runs) tasks.insert({run.result.task, run.result.isText()});
  choice.tasks.assign(tasks.begin(), tasks.end());
  choice.excluded = placesOf(options.exclusions, *choice.points).size();
  const std::vector<std::size_t> out = placesOf(options.exclusions, *choice.fitted);
  if (!out.empty()) {
    std::vector<LawPoint> rest;
    for (std::size_t i = 0; i < choice.fitted->size(); ++i) {
      if (!std::binary_search(out.begin(), out.end(), i)) rest.push_back((*choice.fitted)[i]);
    }
    choice.fitted = share(std::move(rest));
  }
  choice.axes = pointAxes(*choice.points, snapshot, options, stop);
  return choice;
}

ViewController::ViewController(StoreSession* session, QObject* parent)
    : QObject(parent), session_(session) {
  choice_.points = choice_.fitted = choice_.all = choice_.partial = share(std::vector<LawPoint>());
  choice_.runs = share(std::vector<RunRow>());
  choice_.shownRuns = share(std::vector<std::uint32_t>());
  connect(session, &StoreSession::loaded, this, &ViewController::takeSnapshot);
  connect(&others_, &JoinedStores::changed, this, &ViewController::update);
  connect(&others_, &JoinedStores::failed, this, &ViewController::failed);
}

std::vector<int> ViewController::selectedPoints() const {
  std::vector<int> places;
  if (selected_.keys().empty()) return places;
  for (std::size_t i = 0; i < points()->size(); ++i) {
    if (selected_.contains(pointKey((*points())[i]))) places.push_back(static_cast<int>(i));
  }
  return places;
}

bool ViewController::hasMeasured() const {
  if (!session_->snapshot()) return false;
  const auto& points = *session_->snapshot()->points;
  return std::any_of(points.begin(), points.end(),
                     [](const LawPoint& p) { return !p.published(); });
}

bool ViewController::onlyCitations() const {
  if (!session_->snapshot()) return true;
  std::set<std::string_view> sources;
  for (const LawPoint& p : *session_->snapshot()->points) {
    if (p.published()) sources.insert(p.source);
  }
  return std::all_of(sources.begin(), sources.end(), isCitation);
}

void ViewController::setOptions(const ViewOptions& options) {
  if (options == options_) return;
  sourceChosen_ = sourceChosen_ || options.source != options_.source;
  if (options.metric != options_.metric || seenPath_.empty()) {
    metricChosen_ = !seenPath_.empty();
    wantedMetric_ = options.metric;
  }
  show(options);
  Q_EMIT edited();
}

void ViewController::restore(const ViewOptions& options, bool sourceChosen, bool metricChosen) {
  sourceChosen_ = sourceChosen;
  metricChosen_ = metricChosen;
  if (metricChosen) wantedMetric_ = options.metric;
  ViewOptions suited = options;
  if (session_->snapshot()) suitStore(suited);
  if (!(suited == options_)) show(suited);
}

void ViewController::show(const ViewOptions& options) {
  const bool otherRule = options.rule != options_.rule;
  const bool onlyLooks = sameContent(options, options_);
  options_ = options;
  Q_EMIT optionsChanged();
  if (onlyLooks) return;
  if (otherRule) {
    session_->setRule(options.rule);  // comes back through takeSnapshot
  } else {
    update();
  }
}

const LawPoint* ViewController::baseline() const {
  const std::vector<std::size_t> at = placesOf(std::span(&options_.baseline, 1), *points());
  return options_.baseline.empty() || at.empty() ? nullptr : &(*points())[at.front()];
}

/// What the user has not chosen follows the store: own runs as soon as there are any, and the
/// metric that it has.
void ViewController::suitStore(ViewOptions& options) const {
  if (!sourceChosen_) {
    options.source = hasMeasured() ? SourceChoice::Measured : SourceChoice::Published;
  }
  if (metricChosen_) return;
  bool accuracy = false, crossEntropy = false;
  for (const LawPoint& p : *session_->snapshot()->points) {
    if (!sourceShown(p.published(), options.source)) continue;
    accuracy = accuracy || std::isfinite(p.accuracy);
    crossEntropy = crossEntropy || std::isfinite(p.crossEntropy);
  }
  options.metric = accuracy == crossEntropy ? wantedMetric_
                   : accuracy               ? LawMetric::Accuracy
                                            : LawMetric::CrossEntropy;
}

void ViewController::takeSnapshot() {
  bool other = false;
  if (session_->path() != seenPath_) {
    seenPath_ = session_->path();
    selected_.clear();
    sourceChosen_ = metricChosen_ = false;
    other = true;
  }
  ViewOptions options = options_;
  if (other) {  // of points of the store before
    options.exclusions.clear();
    options.baseline = {};
    options.set.clear();
    options.others.clear();
  }
  suitStore(options);
  if (!(options == options_)) {
    options_ = options;
    Q_EMIT optionsChanged();
    Q_EMIT suited();
  }
  update();
}

void ViewController::update() {
  if (!session_->snapshot()) return;
  others_.setPaths(options_.others);
  std::vector<SnapshotPtr> stores = others_.snapshots();
  stores.insert(stores.begin(), session_->snapshot());
  // Copying 100,000 records would hold up the window.
  const SnapshotPtr ready = stores == joinedFrom_ ? joined_ : nullptr;
  selection_.start(
      [stores, ready, options = options_](std::stop_token stop) {
        const SnapshotPtr all =
            ready ? ready : joinStores(stores.front(), {stores.begin() + 1, stores.end()});
        return std::pair(all, choose(*all, options, stop));
      },
      [this, stores](std::pair<SnapshotPtr, Choice> chosen) {
        joinedFrom_ = stores;
        joined_ = std::move(chosen.first);
        choice_ = std::move(chosen.second);
        Q_EMIT pointsChanged();
        Q_EMIT runsChanged();
        fit();
      },
      [this](const QString& sentence) { Q_EMIT failed(sentence); });
}

std::string ViewController::storesOf(const LawPoint& point) const {
  std::string names;
  if (others_.paths().empty() || joinedFrom_.empty()) return names;
  std::set<std::size_t> stores;
  for (const std::int64_t id : point.runIds) stores.insert(storeOfRun(id));
  for (const std::size_t store : stores) {
    if (store >= joinedFrom_.size() || !joinedFrom_[store]) continue;
    names += (names.empty() ? "" : ", ") + joinedFrom_[store]->path.filename().string();
  }
  return names;
}

void ViewController::fit() {
  // New points do not interrupt a fit of the same view, else laws would never appear while a fast
  // sweep runs.
  if (fits_.busy() && fitMetric_ == options_.metric && fitKey_ == options_.series) {
    fitAgain_ = true;
    return;
  }
  fitAgain_ = false;
  fitMetric_ = options_.metric;
  fitKey_ = options_.series;
  fits_.start(
      [points = choice_.fitted, key = options_.series,
       metric = options_.metric](std::stop_token stop) {
        JobContext job;
        job.stop = stop;
        return computeLaws(*points, key, metric, job);
      },
      [this](std::shared_ptr<const LawSet> laws) {
        laws_ = std::move(laws);
        Q_EMIT lawsChanged();
        if (fitAgain_) fit();
      },
      [this](const QString& sentence) { Q_EMIT failed(sentence); });
}

}  // namespace bitfrontier
