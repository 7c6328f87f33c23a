// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view_controller.h"

#include <algorithm>
#include <utility>

#include "ui/runs/row_filter.h"

namespace bitfrontier {
namespace {

bool sourceShown(bool published, SourceChoice choice) {
  return choice == SourceChoice::Both || published == (choice == SourceChoice::Published);
}

template <typename Row>
std::vector<Row> select(const std::vector<Row>& rows, const ViewOptions& options) {
  const RowFilter filter(options.filter);
  std::vector<Row> chosen;
  for (const Row& row : rows) {
    if (sourceShown(row.published(), options.source) && filter.matches(row)) chosen.push_back(row);
  }
  return chosen;
}

}  // namespace

std::vector<LawPoint> visiblePoints(const std::vector<LawPoint>& points,
                                    const ViewOptions& options) {
  return select(points, options);
}

ViewController::ViewController(StoreSession* session, QObject* parent)
    : QObject(parent), session_(session), points_(std::make_shared<std::vector<LawPoint>>()) {
  connect(session, &StoreSession::loaded, this, &ViewController::takeSnapshot);
}

std::size_t ViewController::totalPoints() const {
  return session_->snapshot() ? session_->snapshot()->points->size() : 0;
}

bool ViewController::hasMeasured() const {
  if (!session_->snapshot()) return false;
  const auto& points = *session_->snapshot()->points;
  return std::any_of(points.begin(), points.end(),
                     [](const LawPoint& p) { return !p.published(); });
}

void ViewController::setOptions(const ViewOptions& options) {
  if (options == options_) return;
  const bool otherRule = options.rule != options_.rule;
  options_ = options;
  Q_EMIT optionsChanged();
  if (otherRule) {
    session_->setRule(options.rule);  // comes back through takeSnapshot
  } else {
    update();
  }
}

void ViewController::takeSnapshot() {
  if (session_->path() != seenPath_) {
    // A store that has just been opened shows the user's own runs if there are any.
    seenPath_ = session_->path();
    ViewOptions options = options_;
    options.source = hasMeasured() ? SourceChoice::Measured : SourceChoice::Published;
    if (!(options == options_)) {
      options_ = options;
      Q_EMIT optionsChanged();
    }
  }
  update();
}

void ViewController::update() {
  const SnapshotPtr snapshot = session_->snapshot();
  if (!snapshot) return;
  // Copying 100,000 records would hold up the window.
  selection_.start(
      [snapshot, options = options_](std::stop_token) {
        return std::pair(
            std::make_shared<const std::vector<LawPoint>>(select(*snapshot->points, options)),
            std::make_shared<const std::vector<RunRecord>>(select(*snapshot->runs, options)));
      },
      [this](auto chosen) {
        points_ = std::move(chosen.first);
        Q_EMIT pointsChanged();
        Q_EMIT runsChanged(std::move(chosen.second));
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
      [points = points_, key = options_.series, metric = options_.metric](std::stop_token stop) {
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
