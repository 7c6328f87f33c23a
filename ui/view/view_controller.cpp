// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/view_controller.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "core/store/points.h"
#include "ui/base/text.h"
#include "ui/runs/row_filter.h"

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
std::vector<std::uint32_t> placesOf(const std::vector<RunRow>& rows, const Passes& passes) {
  std::vector<std::uint32_t> places;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (passes(rows[i])) places.push_back(static_cast<std::uint32_t>(i));
  }
  return places;
}

}  // namespace

Choice choose(const StoreSnapshot& snapshot, const ViewOptions& options) {
  const RowFilter filter(options.filter);
  PointsPtr complete = snapshot.points, partial = snapshot.partial;
  if (filter.choosesTasks()) {
    PointSets sets = joinRows(
        *snapshot.runs,
        placesOf(*snapshot.runs, [&](const RunRow& run) { return filter.matchesTask(run); }),
        snapshot.rule);
    complete = share(std::move(sets.complete));
    partial = share(std::move(sets.incomplete));
  }
  Choice choice;
  choice.facts = snapshot.facts;
  choice.runs = snapshot.runs;
  choice.shownRuns = share(placesOf(*snapshot.runs, [&](const RunRow& run) {
    return sourceShown(run.published(), options.source) && filter.matches(run);
  }));
  choice.all = complete;
  choice.fitted = select(complete, options, filter);
  choice.partial = select(partial, options, filter);
  choice.total = complete->size() + (options.partial ? partial->size() : 0);
  choice.points = choice.fitted;
  if (options.partial && !choice.partial->empty()) {
    std::vector<LawPoint> all = *choice.fitted;
    all.insert(all.end(), choice.partial->begin(), choice.partial->end());
    choice.points = share(std::move(all));
  }
  return choice;
}

ViewController::ViewController(StoreSession* session, QObject* parent)
    : QObject(parent), session_(session) {
  choice_.points = choice_.fitted = choice_.all = choice_.partial = share(std::vector<LawPoint>());
  choice_.runs = share(std::vector<RunRow>());
  choice_.shownRuns = share(std::vector<std::uint32_t>());
  connect(session, &StoreSession::loaded, this, &ViewController::takeSnapshot);
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
  const bool otherRule = options.rule != options_.rule;
  sourceChosen_ = sourceChosen_ || options.source != options_.source;
  if (options.metric != options_.metric || seenPath_.empty()) {
    metricChosen_ = !seenPath_.empty();
    wantedMetric_ = options.metric;
  }
  options_ = options;
  Q_EMIT optionsChanged();
  if (otherRule) {
    session_->setRule(options.rule);  // comes back through takeSnapshot
  } else {
    update();
  }
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
  if (session_->path() != seenPath_) {
    seenPath_ = session_->path();
    selected_.clear();
    sourceChosen_ = metricChosen_ = false;
  }
  ViewOptions options = options_;
  suitStore(options);
  if (!(options == options_)) {
    options_ = options;
    Q_EMIT optionsChanged();
  }
  update();
}

void ViewController::update() {
  const SnapshotPtr snapshot = session_->snapshot();
  if (!snapshot) return;
  selection_.start(
      [snapshot, options = options_](std::stop_token) { return choose(*snapshot, options); },
      [this](Choice choice) {
        choice_ = std::move(choice);
        Q_EMIT pointsChanged();
        Q_EMIT runsChanged();
        fit();
      },
      [this](const QString& sentence) { Q_EMIT failed(sentence); });
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
