// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <exception>
#include <functional>
#include <QMetaObject>
#include <QObject>
#include <QString>
#include <QThreadPool>
#include <stop_token>
#include <utility>

#include "core/base/error.h"

namespace bitfrontier {

/// Runs the newest of a row of requests in the background: a new request stops and replaces the one
/// before. Results arrive on the thread of this object. Destruction stops and waits.
class LatestTask : public QObject {
  Q_OBJECT

 public:
  explicit LatestTask(QObject* parent = nullptr) : QObject(parent) { pool_.setMaxThreadCount(1); }
  ~LatestTask() override {
    source_.request_stop();
    pool_.clear();
    pool_.waitForDone();
  }

  bool busy() const { return busy_; }

  /// `work(std::stop_token)` runs on another thread; `done(result)` or `failed(sentence)` here,
  /// unless a later start came first. An Error of kind Cancelled calls neither.
  template <typename Work, typename Done>
  void start(Work work, Done done, std::function<void(const QString&)> failed = {}) {
    source_.request_stop();
    source_ = std::stop_source();
    pool_.clear();
    busy_ = true;
    const int mine = ++generation_;
    pool_.start([this, mine, token = source_.get_token(), work = std::move(work),
                 done = std::move(done), failed = std::move(failed)]() mutable {
      const auto post = [this, mine](auto call) {
        QMetaObject::invokeMethod(
            this,
            [this, mine, call = std::move(call)]() mutable {
              if (mine != generation_) return;
              busy_ = false;
              call();
            },
            Qt::QueuedConnection);
      };
      try {
        auto result = work(token);
        if (token.stop_requested()) return;
        post([done = std::move(done), result = std::move(result)]() mutable {
          done(std::move(result));
        });
      } catch (const std::exception& e) {
        const auto* error = dynamic_cast<const Error*>(&e);
        if (error && error->kind() == ErrorKind::Cancelled) return;
        post([failed = std::move(failed), text = QString::fromUtf8(e.what())] {
          if (failed) failed(text);
        });
      }
    });
  }

  /// Stops the work under way; nothing is reported any more.
  void cancel() {
    source_.request_stop();
    pool_.clear();
    ++generation_;
    busy_ = false;
  }

 private:
  QThreadPool pool_;
  std::stop_source source_;
  int generation_ = 0;
  bool busy_ = false;
};

}  // namespace bitfrontier
