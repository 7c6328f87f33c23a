// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <QString>
#include <utility>

#include "core/base/job.h"
#include "ui/base/latest_task.h"

namespace bitfrontier {

/// The answer to a question that is asked again and again because what it is about changes. It is
/// worked out in the background; the last answer stays until the next one is there. Nothing is
/// worked out while nobody looks.
template <typename Answer>
class LiveAnswer {
 public:
  using Work = std::function<Answer(const JobContext&)>;

  /// `changed` is called whenever answer(), problem() or updating() has become another.
  explicit LiveAnswer(std::function<void()> changed) : changed_(std::move(changed)) {}

  /// A question of the same kind as the one under way waits for its answer, else nothing would ever
  /// be answered while a fast sweep runs; `urgent` ones (the user asks something else) replace it.
  void ask(Work work, bool urgent) {
    next_ = std::move(work);
    if (urgent) task_.cancel();
    go();
    changed_();
  }
  /// Questions wait while nobody looks.
  void setActive(bool active) {
    if (active == active_) return;
    active_ = active;
    go();
    changed_();
  }
  /// Forgets answer and question.
  void clear() {
    task_.cancel();
    next_ = {};
    answer_.reset();
    problem_.clear();
    changed_();
  }

  /// Null before the first.
  const std::shared_ptr<const Answer>& answer() const { return answer_; }
  /// Why the newest question has no answer; the answer before it is gone then.
  const QString& problem() const { return problem_; }
  /// A newer answer is being worked out.
  bool updating() const { return active_ && (task_.busy() || next_); }

 private:
  void go() {
    if (!active_ || !next_ || task_.busy()) return;
    task_.start(
        [work = std::exchange(next_, {})](std::stop_token stop) {
          JobContext job;
          job.stop = stop;
          return std::make_shared<const Answer>(work(job));
        },
        [this](std::shared_ptr<const Answer> answer) {
          answer_ = std::move(answer);
          problem_.clear();
          go();
          changed_();
        },
        [this](const QString& sentence) {
          answer_.reset();
          problem_ = sentence;
          go();
          changed_();
        });
  }

  std::function<void()> changed_;
  Work next_;
  std::shared_ptr<const Answer> answer_;
  QString problem_;
  bool active_ = false;
  LatestTask task_;
};

}  // namespace bitfrontier
