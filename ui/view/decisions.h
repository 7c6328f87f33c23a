// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <set>
#include <string>
#include <vector>

#include "core/advice/advice_posterior.h"
#include "core/advice/store_frontier.h"
#include "ui/jobs/live_answer.h"
#include "ui/view/scope.h"

namespace bitfrontier {

/// A cell that has not been run, as the laws predict it: what the plot draws hollow.
struct PredictedCell {
  std::string family, model, config;
  int bits = 16;
  double totalBits = 0;                 ///< under the view's counting rule
  double value = 0, low = 0, high = 0;  ///< the metric with its 95 % interval
};

/// What core knows of the cells of the view, run or not: laws and draws that the panels share,
/// worked out again in the background when the view changes.
class Decisions : public QObject {
  Q_OBJECT

 public:
  Decisions(StoreSession* session, ViewController* view, QObject* parent = nullptr);

  /// Worked out only while somebody wants it; who does says so before it goes.
  void want(QObject* who, bool wanted);
  /// Very large stores are narrowed by what fits a memory; others do not depend on it.
  void setMemory(const AdviceOptions& options);

  /// What the newest question is about.
  const Scope& scope() const { return scope_; }
  std::shared_ptr<const AdvicePosterior> posterior() const;
  /// The Pareto frontiers with the probability of each point to be on it.
  const std::vector<StoreFrontier>& frontiers() const;
  bool updating() const { return known_.updating(); }
  const QString& problem() const { return known_.problem(); }

  /// @name Predictions that a panel hands to the plot
  /// @{
  const std::vector<PredictedCell>& predictions() const { return predictions_; }
  void setPredictions(std::vector<PredictedCell> cells);
  /// @}

 Q_SIGNALS:
  void changed();
  void predictionsChanged();

 private:
  struct Known {
    AdvicePosterior posterior;
    std::vector<StoreFrontier> frontiers;
  };
  void update(bool urgent);

  StoreSession* session_;
  ViewController* view_;
  Scope scope_;
  AdviceOptions options_;
  std::set<QObject*> wanted_;
  std::vector<PredictedCell> predictions_;
  LiveAnswer<Known> known_;
};

}  // namespace bitfrontier
