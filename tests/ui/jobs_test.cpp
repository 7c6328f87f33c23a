// SPDX-License-Identifier: GPL-3.0-or-later
#include <atomic>
#include <chrono>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <thread>

#include "core/base/error.h"
#include "tests/ui/registry.h"
#include "ui/jobs/queue_panel.h"
#include "ui/jobs/sweep_queue.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

using namespace std::chrono_literals;

/// A sweep of `cells` cells of a few milliseconds that reports far more often than anybody can
/// look.
SweepFunction fakeSweep(std::size_t cells, std::atomic<int>* reports = nullptr, int failing = -1) {
  return [=](const SweepSpec&, const std::filesystem::path&, const std::string&,
             const SweepEvents& events, const JobContext& job) {
    SweepSummary summary;
    summary.total = cells;
    SweepProgress p;
    p.cellsTotal = cells;
    for (std::size_t c = 0; c < cells; ++c) {
      p.model = "m" + std::to_string(c);
      for (int step = 0; step < 20; ++step) {
        events.waitWhilePaused();
        if (job.cancelled()) {
          summary.cancelled = true;
          return summary;
        }
        p.cellFraction = step / 20.0;
        events.progress(p);
        if (reports) ++*reports;
        std::this_thread::sleep_for(500us);
      }
      p.cellsDone = c + 1;
      p.cellFraction = 0;
      RunRecord record;
      record.model = p.model;
      if (static_cast<int>(c) == failing) {
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
    std::atomic<int> reports{0};
    SweepQueue queue(nullptr, fakeSweep(40, &reports));
    QElapsedTimer timer;
    timer.start();
    SweepJob* job = queue.enqueue({}, "x.bfdb", "cpu");
    QSignalSpy changed(job, &SweepJob::changed);
    QTRY_VERIFY_WITH_TIMEOUT(job->finished(), 20000);
    const double seconds = timer.elapsed() / 1000.0;
    QVERIFY(reports >= 800);
    QVERIFY2(changed.size() <= 20 * seconds + 6,
             qPrintable(u"%1 signals in %2 s"_s.arg(changed.size()).arg(seconds)));
    QCOMPARE(job->state(), SweepJob::State::Done);
    QCOMPARE(job->progress().cellsDone, std::size_t{40});
    QCOMPARE(job->fraction(), 1.0);
  }

  void pauseHoldsAndResumeGoesOn() {
    SweepQueue queue(nullptr, fakeSweep(200));
    SweepJob* job = queue.enqueue({}, "x.bfdb", "cpu");
    QTRY_VERIFY(job->progress().cellsDone > 2);
    job->pause();
    QCOMPARE(job->state(), SweepJob::State::Paused);
    QTest::qWait(150);
    const std::size_t held = job->progress().cellsDone;
    QTest::qWait(200);
    QCOMPARE(job->progress().cellsDone, held);
    queue.resume(job);
    QTRY_VERIFY(job->progress().cellsDone > held);
    job->pause();
    queue.cancel(job);  // also out of a pause
    QTRY_COMPARE(job->state(), SweepJob::State::Cancelled);
    QVERIFY(job->summary()->cancelled);
  }

  void cancelledJobsCanBeTakenUpAgain() {
    SweepQueue queue(nullptr, fakeSweep(30));
    SweepJob* job = queue.enqueue({}, "x.bfdb", "cpu");
    QTRY_VERIFY(job->progress().cellsDone > 0);
    queue.cancel(job);
    QTRY_COMPARE(job->state(), SweepJob::State::Cancelled);
    QSignalSpy idle(&queue, &SweepQueue::idle);
    queue.resume(job);
    QTRY_COMPARE_WITH_TIMEOUT(job->state(), SweepJob::State::Done, 20000);
    QCOMPARE(idle.size(), qsizetype{1});
  }

  void jobsOfOneDeviceWaitForEachOther() {
    SweepQueue queue(nullptr, fakeSweep(10));
    SweepJob* first = queue.enqueue({}, "x.bfdb", "cpu");
    SweepJob* second = queue.enqueue({}, "x.bfdb", "cpu");
    SweepJob* third = queue.enqueue({}, "x.bfdb", "cpu");
    QTRY_COMPARE(first->state(), SweepJob::State::Running);
    QCOMPARE(second->state(), SweepJob::State::Queued);
    queue.cancel(third);
    QCOMPARE(third->state(), SweepJob::State::Cancelled);
    QTRY_COMPARE(second->state(), SweepJob::State::Done);
    QCOMPARE(third->state(), SweepJob::State::Cancelled);
    queue.remove(third);
    QCOMPARE(queue.size(), 2);
  }

  void failuresAreCollected() {
    SweepQueue queue(nullptr, fakeSweep(3, nullptr, 1));
    SweepJob* job = queue.enqueue({}, "x.bfdb", "cpu");
    QTRY_COMPARE(job->state(), SweepJob::State::Done);
    QCOMPARE(job->errors().size(), std::size_t{1});
    QVERIFY(job->errors().front().contains(u"weights are missing"_s));
    QueueModel model(&queue);
    QCOMPARE(model.index(0, QueueModel::StateColumn).data().toString(), u"done, 1 failed"_s);
    SweepQueue all(nullptr, fakeSweep(1, nullptr, 0));
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
    std::atomic<int> reports{0};
    {
      SweepQueue queue(nullptr, fakeSweep(100000, &reports));
      SweepJob* job = queue.enqueue({}, "x.bfdb", "cpu");
      QTRY_VERIFY(job->progress().cellsDone > 0);
      job->pause();
    }
    QVERIFY(reports < 100000);  // of two million
  }

  void panelFollowsTheJob() {
    SweepQueue queue(nullptr, fakeSweep(60, nullptr, 3));
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
