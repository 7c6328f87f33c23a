// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <QObject>
#include <vector>

#include "ui/jobs/latest_task.h"
#include "ui/jobs/store_session.h"
#include "ui/law/law_set.h"
#include "ui/plot/frontier_plot.h"
#include "ui/view_options.h"

namespace bitfrontier {

/// The points of a snapshot that the options let through.
std::vector<LawPoint> visiblePoints(const std::vector<LawPoint>& points,
                                    const ViewOptions& options);

/// Turns the store's content and the view options into what the panels show: visible points and
/// runs, and the laws fitted to them in the background.
class ViewController : public QObject {
  Q_OBJECT

 public:
  explicit ViewController(StoreSession* session, QObject* parent = nullptr);

  const ViewOptions& options() const { return options_; }
  void setOptions(const ViewOptions& options);

  const PointsPtr& points() const { return points_; }
  const std::shared_ptr<const LawSet>& laws() const { return laws_; }
  /// Points in the store, whatever the filter.
  std::size_t totalPoints() const;
  bool hasMeasured() const;
  /// True while points are chosen or laws fitted in the background.
  bool busy() const { return selection_.busy() || fits_.busy(); }

 Q_SIGNALS:
  void optionsChanged();
  void pointsChanged();
  void runsChanged(std::shared_ptr<const std::vector<bitfrontier::RunRecord>> runs);
  void lawsChanged();
  void failed(QString sentence);

 private:
  void takeSnapshot();
  void update();
  void fit();

  StoreSession* session_;
  ViewOptions options_;
  PointsPtr points_;
  std::shared_ptr<const LawSet> laws_;
  LatestTask selection_, fits_;
  LawMetric fitMetric_ = LawMetric::Accuracy;  ///< of the fit under way
  SeriesKey fitKey_ = SeriesKey::Bits;
  bool fitAgain_ = false;
  std::filesystem::path seenPath_;
};

}  // namespace bitfrontier
