// SPDX-License-Identifier: GPL-3.0-or-later
#include <atomic>
#include <chrono>
#include <memory>
#include <QSignalSpy>
#include <QTest>
#include <thread>

#include "core/base/error.h"
#include "tests/ui/registry.h"
#include "ui/panels/queue/queue_panel.h"
#include "ui/jobs/sweep_queue.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

/// What a made-up sweep does, and how far it is; a test may change both while it runs.
struct Script {
  static constexpr std::size_t kEndless = 1'000'000'000;  ///< cells; such a sweep is cancelled
  std::atomic<std::size_t> cells{kEndless};
  int stepsPerCell = 20;
  std::chrono::microseconds pause{500};
  int failing = -1;  ///< a cell
  std::atomic<std::int64_t> steps{0};
};

std::shared_ptr<Script> script(std::size_t cells = Script::kEndless) {
  auto made = std::make_shared<Script>();
  made->cells = cells;
  return made;
}

/// A sweep that reports far more often than anybody can look.
SweepFunction fakeSweep(const std::shared_ptr<Script>& script) {
  return [script](const SweepSpec&, const std::filesystem::path&, const std::string&,
                  const SweepEvents& events, const JobContext& job) {
    SweepSummary summary;
    SweepProgress p;
    p.cellsTotal = summary.total = script->cells;
    for (std::size_t c = 0; c < script->cells; ++c) {
      p.model = "m" + std::to_string(c);
      for (int step = 0; step < script->stepsPerCell; ++step) {
        events.waitWhilePaused();
        if (job.cancelled()) {
          summary.cancelled = true;
          return summary;
        }
        p.cellFraction = static_cast<double>(step) / script->stepsPerCell;
        events.progress(p);
        ++script->steps;
        if (script->pause.count() > 0) std::this_thread::sleep_for(script->pause);
      }
      p.cellsDone = c + 1;
      p.cellFraction = 0;
      RunRecord record;
      record.model = p.model;
      if (static_cast<int>(c) == script->failing) {
        record.status = RunStatus::Failed;
        record.error = "weights are missing";
        ++p.cellsFailed;
        ++summary.failed;
      } else {
        ++summary.ran;
      }
      events.finished(record);
      events.progress(p);
    }
    return summary;
  };
}

}  // namespace

class JobsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void progressIsThinnedAndTheLastOneArrives() {
    const auto plan = script(40);
    plan->stepsPerCell = 5000;
    plan->pause = std::chrono::microseconds(0);
    SweepQueue queue(nullptr, fakeSweep(plan));
    SweepJob* job = queue.enqueue({}, "x.bfdb", "cpu");
    QSignalSpy changed(job, &SweepJob::changed);
    QTRY_VERIFY(job->finished());
    QCOMPARE(plan->steps.load(), std::int64_t{200'000});
    QVERIFY2(changed.size() < 20'000, qPrintable(u"%1 signals"_s.arg(changed.size())));
    QCOMPARE(job->state(), SweepJob::State::Done);
    QCOMPARE(job->progress().cellsDone, std::size_t{40});
    QCOMPARE(job->fraction(), 1.0);
  }

  void pauseHoldsAndResumeGoesOn() {
    const auto plan = script();
    SweepQueue queue(nullptr, fakeSweep(plan));
    SweepJob* job = queue.enqueue({}, "x.bfdb", "cpu");
    QTRY_VERIFY(job->progress().cellsDone > 2);
    job->pause();
    const std::int64_t held = plan->steps;
    QCOMPARE(job->state(), SweepJob::State::Paused);
    QTest::qWait(200);                 // time for hundreds of steps, were there no pause
    QVERIFY(plan->steps <= held + 1);  // the one that was under way
    queue.resume(job);
    QTRY_VERIFY(plan->steps > held + 1);
    job->pause();
    queue.cancel(job);  // also out of a pause
    QTRY_COMPARE(job->state(), SweepJob::State::Cancelled);
    QVERIFY(job->summary()->cancelled);
  }

  void cancelledJobsCanBeTakenUpAgain() {
    const auto plan = script();
    SweepQueue queue(nullptr, fakeSweep(plan));
    SweepJob* job = queue.enqueue({}, "x.bfdb", "cpu");
    QTRY_VERIFY(job->progress().cellsDone > 0);
    queue.cancel(job);
    QTRY_COMPARE(job->state(), SweepJob::State::Cancelled);
    QSignalSpy idle(&queue, &SweepQueue::idle);
    plan->cells = 30;
    queue.resume(job);
    QTRY_COMPARE(job->state(), SweepJob::State::Done);
    QCOMPARE(idle.size(), qsizetype{1});
  }

  void jobsOfOneDeviceWaitForEachOther() {
    const auto plan = script();
    SweepQueue queue(nullptr, fakeSweep(plan));
    SweepJob* first = queue.enqueue({}, "x.bfdb", "cpu");
    SweepJob* second = queue.enqueue({}, "x.bfdb", "cpu");
    SweepJob* third = queue.enqueue({}, "x.bfdb", "cpu");
    QTRY_COMPARE(first->state(), SweepJob::State::Running);
    QCOMPARE(second->state(), SweepJob::State::Queued);
    queue.cancel(third);
    QCOMPARE(third->state(), SweepJob::State::Cancelled);
    plan->cells = 10;  // the first one ends, the second one is as short
    QTRY_COMPARE(second->state(), SweepJob::State::Done);
    QCOMPARE(third->state(), SweepJob::State::Cancelled);
    queue.remove(third);
    QCOMPARE(queue.size(), 2);
  }

  void failuresAreCollected() {
    const auto plan = script(3);
    plan->failing = 1;
    SweepQueue queue(nullptr, fakeSweep(plan));
    SweepJob* job = queue.enqueue({}, "x.bfdb", "cpu");
    QTRY_COMPARE(job->state(), SweepJob::State::Done);
    QCOMPARE(job->errors().size(), std::size_t{1});
    QVERIFY(job->errors().front().contains(u"weights are missing"_s));
    QueueModel model(&queue);
    QCOMPARE(model.index(0, QueueModel::StateColumn).data().toString(), u"done, 1 failed"_s);
    const auto onlyFailure = script(1);
    onlyFailure->failing = 0;
    SweepQueue all(nullptr, fakeSweep(onlyFailure));
    SweepJob* none = all.enqueue({}, "x.bfdb", "cpu");
    QTRY_VERIFY(none->finished());
    QCOMPARE(none->state(), SweepJob::State::Failed);
    QCOMPARE(none->errors().back(), u"No cell could be run: all 1 failed"_s);
    QCOMPARE(QueueModel(&all).index(0, QueueModel::StateColumn).data().toString(), u"failed"_s);
    SweepQueue broken(
        nullptr,
        [](const SweepSpec&, const std::filesystem::path&, const std::string&, const SweepEvents&,
           const JobContext&) -> SweepSummary { throw Error(ErrorKind::Io, "disk is full"); });
    SweepJob* failed = broken.enqueue({}, "x.bfdb", "cpu");
    QTRY_COMPARE(failed->state(), SweepJob::State::Failed);
    QCOMPARE(failed->errors().back(), u"disk is full"_s);
  }

  void destructionStopsARunningSweep() {
    const auto plan = script();
    {
      SweepQueue queue(nullptr, fakeSweep(plan));
      SweepJob* job = queue.enqueue({}, "x.bfdb", "cpu");
      QTRY_VERIFY(job->progress().cellsDone > 0);
      job->pause();
    }  // an endless sweep that were not stopped would not let it end
    const std::int64_t steps = plan->steps;
    QTest::qWait(20);
    QCOMPARE(plan->steps.load(), steps);
  }

  void panelFollowsTheJob() {
    const auto plan = script();
    plan->failing = 3;
    SweepQueue queue(nullptr, fakeSweep(plan));
    QueuePanel panel(&queue);
    panel.show();
    auto* pause = panel.findChild<QPushButton*>(u"queuePause"_s);
    auto* cancel = panel.findChild<QPushButton*>(u"queueCancel"_s);
    auto* view = panel.findChild<QTableView*>(u"queueView"_s);
    QVERIFY(!pause->isEnabled() && !cancel->isEnabled());
    SweepJob* job = queue.enqueue({}, "x.bfdb", "cpu");
    QTRY_VERIFY(job->progress().cellsFailed == 1);
    QVERIFY(pause->isEnabled() && cancel->isEnabled());
    QTRY_VERIFY(panel.findChild<QPlainTextEdit*>(u"queueErrors"_s)->isVisible());
    QVERIFY(view->model()->index(0, QueueModel::Cells).data().toString().contains(u"1 failed"_s));
    QTest::mouseClick(pause, Qt::LeftButton);
    QCOMPARE(job->state(), SweepJob::State::Paused);
    QCOMPARE(pause->text(), u"Resume"_s);
    QTest::mouseClick(pause, Qt::LeftButton);
    QCOMPARE(job->state(), SweepJob::State::Running);
    QTest::mouseClick(cancel, Qt::LeftButton);
    QTRY_COMPARE(job->state(), SweepJob::State::Cancelled);
    QCOMPARE(view->model()->index(0, QueueModel::StateColumn).data().toString(), u"cancelled"_s);
    QTest::mouseClick(panel.findChild<QPushButton*>(u"queueClear"_s), Qt::LeftButton);
    QCOMPARE(view->model()->rowCount(), 0);
  }
};

namespace {
const testing::Registered<JobsTest> kJobsTest;
}

}  // namespace bitfrontier

#include "jobs_test.moc"
