// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <QObject>
#include <QPointer>
#include <QString>
#include <string>
#include <vector>

#include "core/advice/point_report.h"
#include "core/sweep/verify.h"
#include "ui/jobs/live_answer.h"
#include "ui/jobs/sweep_queue.h"
#include "ui/view/cell_launch.h"
#include "ui/view/decisions.h"

namespace bitfrontier {

/// What the decisions say about a point; absent where they say nothing (yet).
struct PointStanding {
  std::optional<double> onFrontier;  ///< probability of being on the Pareto frontier
  std::optional<EffectiveSize> equals;
  std::string reference;  ///< the format of the model that it equals
};

/// Gathers what is known about the selected points, in the background, and runs items again.
class InspectorController : public QObject {
  Q_OBJECT

 public:
  InspectorController(StoreSession* session, ViewController* view, Decisions* decisions,
                      SweepQueue* queue, QObject* parent = nullptr);
  ~InspectorController() override;

  void setActive(bool active);

  /// Of the selected points in view; the current one first. Empty before the first answer and when
  /// nothing is selected.
  const std::vector<PointReport>& reports() const;
  /// How many points are selected, and how many of these are reported.
  std::size_t selected() const { return keys_.size(); }
  const std::vector<std::string>& keys() const { return keys_; }
  static constexpr std::size_t kMost = 12;
  PointStanding standing(const PointReport& report) const;
  LawMetric metric() const { return scope_.metric(); }
  bool updating() const { return reports_.updating(); }
  const QString& problem() const { return reports_.problem(); }

  /// @name Running items of the first report's first run again
  /// @{
  /// Why it cannot be run again; empty when it can.
  QString whyNotVerify() const;
  void verify(std::size_t items);
  void cancelVerify();
  bool verifying() const { return verifying_.busy(); }
  /// What came of it: sentences, for the run of the report in view.
  const QString& verification() const { return verification_; }
  /// @}

  /// The command that makes a point's runs; empty for published ones.
  QString command(const PointReport& report) const;

 Q_SIGNALS:
  void changed();

 private:
  void ask(bool urgent);
  void work();
  const RunRecord* runToVerify() const;

  StoreSession* session_;
  ViewController* view_;
  QPointer<Decisions> decisions_;  ///< gone before the panels when the window closes
  SweepQueue* queue_;
  Scope scope_;
  std::vector<std::string> keys_;
  bool active_ = false;
  QString verification_;
  mutable TaskFiles tasks_;
  LiveAnswer<std::vector<PointReport>> reports_;
  mutable std::shared_ptr<const AdvicePosterior> equalsOf_;
  struct Equals {
    std::string key;
    EffectiveSize size;
    std::string reference;
  };
  LiveAnswer<Equals> equals_;
  LatestTask verifying_;
};

/// "20 of 20 items of lambada are as stored" or the items that differ.
QString verificationText(const Verification& verification);

}  // namespace bitfrontier
