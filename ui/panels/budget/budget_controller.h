// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <QObject>
#include <QPointer>
#include <QString>
#include <string>
#include <vector>

#include "core/advice/advise.h"
#include "ui/jobs/live_answer.h"
#include "ui/jobs/sweep_queue.h"
#include "ui/view/cell_launch.h"
#include "ui/view/decisions.h"

namespace bitfrontier {

/// The memory that a model has to fit, and what else has to.
struct BudgetQuestion {
  double memoryBits = 24 * 8e9;
  std::int64_t context = 2048, batch = 1;
  double kvBits = 16;
  double headroomPercent = 5;

  bool operator==(const BudgetQuestion&) const = default;
};

/// "24 GB", "2MB", "16 GiB"; a number alone is of GB. Bits; empty when it is no positive memory.
std::optional<double> parseMemory(const QString& text);
/// The exact text of a memory: "24 GB", "1.5 MB".
QString memoryText(double bits);

/// Asks core's advice about the points in view for a memory. Laws and draws are kept while only the
/// memory changes, so that an answer takes milliseconds.
class BudgetController : public QObject {
  Q_OBJECT

 public:
  BudgetController(Decisions* decisions, ViewController* view, SweepQueue* queue,
                   QObject* parent = nullptr);
  ~BudgetController() override;

  /// Whether somebody looks; nothing is worked out otherwise.
  void setActive(bool active);
  /// Whether the plot shows the memory as a line and the predicted cells.
  bool inPlot() const { return inPlot_; }
  void setInPlot(bool shown);
  const BudgetQuestion& question() const { return question_; }
  void setQuestion(const BudgetQuestion& question);

  /// One for each set of points that may be compared; empty before the first answer.
  const std::vector<Advice>& answers() const;
  /// The memory that the answers are for.
  double answeredBits() const;
  /// Which of answers() is shown; the largest set unless chosen.
  std::size_t shown() const;
  void show(std::size_t set);
  bool updating() const { return active_ && (decisions_->updating() || advice_.updating()); }
  QString problem() const;

  /// Smallest and largest memory worth asking about: what the cheapest and dearest cells take.
  std::pair<double, double> range() const;
  /// What "queue it" would run, or why it cannot.
  CellLaunch launchFor(const AdviceCandidate& candidate) const;
  /// The command that gives this answer.
  QString command() const;

 Q_SIGNALS:
  void changed();

 private:
  struct Answer {
    std::vector<Advice> advice;
    double memoryBits = 0;
  };
  void ask();
  void publish();
  void drawLine();
  AdviceOptions options() const;

  QPointer<Decisions> decisions_;  ///< gone before the panels when the window closes
  ViewController* view_;
  SweepQueue* queue_;
  BudgetQuestion question_;
  std::size_t shown_ = 0;
  bool active_ = false;
  bool inPlot_ = false;  ///< nobody has asked for the line at first
  void followView();
  std::shared_ptr<const AdvicePosterior> asked_;  ///< that the newest question was put to
  BudgetQuestion askedQuestion_;
  LiveAnswer<Answer> advice_;
};

}  // namespace bitfrontier
