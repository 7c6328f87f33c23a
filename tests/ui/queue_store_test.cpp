// SPDX-License-Identifier: GPL-3.0-or-later
// What of the queue is kept, and what its panel lets a user do with it.
#include <atomic>
#include <chrono>
#include <fstream>
#include <memory>
#include <mutex>
#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QJsonDocument>
#include <QMessageBox>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>
#include <thread>

#include "core/base/error.h"
#include "core/base/file.h"
#include "tests/ui/registry.h"
#include "ui/jobs/queue_file.h"
#include "ui/panels/log/log_panel.h"
#include "ui/panels/queue/queue_panel.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

SweepSpec spec(const std::string& model = "/m/one") {
  SweepSpec spec;
  spec.models = {model};
  spec.configs = {QuantConfig::fp16(), QuantConfig::parse("int4-b64")};
  spec.tasks = {"/t/a.jsonl", "/t/b.jsonl"};
  spec.itemLimit = 20;
  return spec;
}

/// Holds sweeps until it is told how many cells they may do; fails the cells that are named.
struct Gate {
  std::atomic<int> allowed{0};
  std::atomic<int> started{0};
  std::atomic<double> unsaved{0};
  std::map<std::size_t, FailureCause> failing;  ///< by the cell's number
  std::mutex mutex;
  std::vector<std::set<CellIndex>> leftOut;  ///< of every run, under the mutex
};

SweepFunction gated(const std::shared_ptr<Gate>& gate) {
  return [gate](const SweepSpec& spec, const std::filesystem::path&, const std::string&,
                const SweepEvents& events, const JobContext& job) {
    ++gate->started;
    {
      const std::lock_guard lock(gate->mutex);
      gate->leftOut.push_back(spec.leftOut);
    }
    SweepSummary summary;
    SweepProgress p;
    p.model = "one";
    p.cellsTotal = summary.total =
        spec.models.size() * spec.configs.size() * spec.tasks.size() - spec.leftOut.size();
    std::size_t cell = 0;
    for (std::size_t c = 0; c < spec.configs.size(); ++c) {
      for (std::size_t t = 0; t < spec.tasks.size(); ++t, ++cell) {
        if (spec.leftOut.contains({0, c, t})) continue;
        while (gate->allowed <= 0) {
          events.waitWhilePaused();
          if (job.cancelled()) {
            summary.cancelled = true;
            return summary;
          }
          p.unsavedSeconds = gate->unsaved;
          events.progress(p);
          std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        --gate->allowed;
        RunRecord record;
        record.model = "one";
        record.config = spec.configs[c].spec();
        record.result.task = t == 0 ? "a" : "b";
        const auto failing = gate->failing.find(cell);
        if (failing != gate->failing.end()) {
          record.status = RunStatus::Failed;
          record.error = "it broke";
          events.failed({0, c, t, record.model, record.config, record.result.task, record.error,
                         failing->second});
          ++summary.failed;
          ++p.cellsFailed;
        } else {
          ++summary.ran;
        }
        ++p.cellsDone;
        events.finished(record);
        events.progress(p);
        events.waitWhilePaused();
      }
    }
    return summary;
  };
}

std::filesystem::path folder(const QString& name) {
  return testing::temporaryFile(u"queue-"_s + name).toStdString();
}

}  // namespace

class QueueStoreTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // Whatever is in a sweep is in its JSON: read back, it is written as the same text.
  void jsonKeepsEverything() {
    std::filesystem::create_directories(folder(u"json"_s));
    QueueFile::Kept job{spec(), "/s/runs.bfdb", "cuda:1", {}};
    job.spec.leftOut = {{0, 1, 0}};
    job.spec.settings = {BosProfile::Never, 512};
    job.spec.memory = WeightMemory::Mapped;
    job.spec.configs.push_back(QuantConfig::parse("int3-b128r-gptq-act-damp5"));
    job.spec.calibration = CalibrationText{"mine", "Some text.\nMore.", 12, 34};
    job.record.id = "an-id";
    job.record.created = 1'700'000'000'123;
    job.record.state = SweepJob::State::Paused;
    job.record.progress.cellsDone = 3;
    job.record.progress.cellsTotal = 5;
    job.record.progress.cellsFailed = 1;
    job.record.failures = {{0, 1, 1, "one", "int4-b64", "b", "no room", FailureCause::Disk}};
    job.record.errors = {u"one: no room"_s};
    job.record.seconds = 12.5;
    const QJsonObject json = QueueFile::toJson(job, folder(u"json"_s));
    const QueueFile::Kept back = QueueFile::fromJson(json, folder(u"json"_s));
    QCOMPARE(QueueFile::toJson(back, folder(u"json"_s)), json);
    QCOMPARE(back.spec.configs, job.spec.configs);
    QCOMPARE(back.spec.leftOut, job.spec.leftOut);
    QCOMPARE(back.spec.settings, job.spec.settings);
    QCOMPARE(back.spec.calibration->text, job.spec.calibration->text);
    QCOMPARE(back.spec.calibration->identity(), job.spec.calibration->identity());
    QCOMPARE(back.record.failures.front().cause, FailureCause::Disk);
    QCOMPARE(back.device, job.device);
    QJsonObject broken = json;
    broken[u"state"_s] = u"nonsense"_s;
    QVERIFY_THROWS_EXCEPTION(Error, QueueFile::fromJson(broken, folder(u"json"_s)));
  }

  // A sweep does not begin before it is on the disk.
  void isKeptBeforeItBegins() {
    const auto where = folder(u"before"_s);
    bool found = false;
    SweepQueue queue(nullptr, [&](const SweepSpec&, const std::filesystem::path&,
                                  const std::string&, const SweepEvents&, const JobContext&) {
      found = readFile(where / "queue.json").find("/m/special") != std::string::npos;
      return SweepSummary{};
    });
    queue.keepIn(where);
    SweepJob* job = queue.enqueue(spec("/m/special"), "x.bfdb", "cpu");
    QTRY_COMPARE(job->state(), SweepJob::State::Done);
    QVERIFY(found);
  }

  void whatHadNotEndedIsInterruptedAndTheRestStaysAsItWas() {
    const auto where = folder(u"ends"_s);
    const auto gate = std::make_shared<Gate>();
    {
      SweepQueue queue(nullptr, gated(gate));
      queue.keepIn(where);
      gate->allowed = 4;
      gate->failing = {{1, FailureCause::Load}};
      SweepJob* done = queue.enqueue(spec("/m/done"), "x.bfdb", "cpu");
      QTRY_VERIFY(done->finished());
      queue.enqueue(spec("/m/running"), "x.bfdb", "cpu");
      queue.enqueue(spec("/m/waiting"), "x.bfdb", "cpu");
      QTRY_COMPARE(queue.job(1)->state(), SweepJob::State::Running);
    }  // ends as when the window is closed
    SweepQueue queue(nullptr, gated(gate));
    const int before = gate->started;
    queue.keepIn(where);
    QCOMPARE(queue.size(), 3);
    QCOMPARE(queue.job(0)->state(), SweepJob::State::Done);
    QCOMPARE(queue.job(0)->failures().size(), std::size_t{1});
    QCOMPARE(QueueModel(&queue).index(0, QueueModel::StateColumn).data().toString(),
             u"ended, 1 failed"_s);
    QCOMPARE(queue.job(1)->state(), SweepJob::State::Interrupted);
    QCOMPARE(queue.job(2)->state(), SweepJob::State::Interrupted);
    QVERIFY(!queue.busy());
    QCOMPARE(gate->started.load(), before);
    gate->allowed = 1000;
    queue.resume(queue.job(2));
    QTRY_COMPARE(queue.job(2)->state(), SweepJob::State::Done);
    QCOMPARE(queue.job(1)->state(), SweepJob::State::Interrupted);
  }

  // Two programs have a file each; what one leaves is taken over when its lock is free.
  void twoProgramsDoNotShareAFile() {
    const auto where = folder(u"two"_s);
    const auto gate = std::make_shared<Gate>();
    auto first = std::make_unique<SweepQueue>(nullptr, gated(gate));
    first->keepIn(where);
    {
      SweepQueue second(nullptr, gated(gate));
      second.keepIn(where);
      second.enqueue(spec("/m/second"), "x.bfdb", "cpu");
      first->enqueue(spec("/m/first"), "x.bfdb", "cpu");
      QTRY_VERIFY(gate->started >= 2);
    }
    first.reset();
    SweepQueue third(nullptr, gated(gate));
    third.keepIn(where);
    QCOMPARE(third.size(), 2);
    QVERIFY(!pathExists(where / "queue-2.json"));
  }

  void aFileThatCannotBeReadIsSetAside() {
    const auto where = folder(u"bad"_s);
    std::filesystem::create_directories(where);
    std::ofstream(where / "queue.json") << "{\"bitfrontier_queue\": 1, \"jobs\": [";
    SweepQueue queue;
    QSignalSpy problems(&queue, &SweepQueue::notKept);
    queue.keepIn(where);
    QCOMPARE(queue.size(), 0);
    QTRY_COMPARE(problems.size(), qsizetype{1});
    QVERIFY(problems.front().front().toString().contains(u"queue.json"_s));
    QVERIFY(pathExists(where / "queue.json.unreadable"));
  }

  void orderIsChangedByKeysAndDrag() {
    const auto gate = std::make_shared<Gate>();
    SweepQueue queue(nullptr, gated(gate));
    QueuePanel panel(&queue);
    panel.show();
    auto* view = panel.findChild<QTableView*>(u"queueView"_s);
    for (const char* name : {"/m/a", "/m/b", "/m/c", "/m/d"})
      queue.enqueue(spec(name), "x.bfdb", "cpu");
    QTRY_COMPARE(queue.job(0)->state(), SweepJob::State::Running);
    view->selectRow(3);
    auto* up = panel.findChild<QAction*>(u"queueUp"_s);
    QCOMPARE(up->shortcut(), QKeySequence(Qt::ALT | Qt::Key_Up));
    up->trigger();  // a b d c
    QCOMPARE(queue.job(2)->spec().models.front(), std::filesystem::path("/m/d"));
    QCOMPARE(panel.selectedJob(), queue.job(2));
    const std::unique_ptr<QMimeData> data(view->model()->mimeData({view->model()->index(2, 0)}));
    view->model()->dropMimeData(data.get(), Qt::MoveAction, 1, 0, {});  // a d b c
    std::vector<SweepJob*> order;
    for (int row = 0; row < queue.size(); ++row) order.push_back(queue.job(row));
    QCOMPARE(order[1]->spec().models.front(), std::filesystem::path("/m/d"));
    QCOMPARE(order[2]->spec().models.front(), std::filesystem::path("/m/b"));
    // They run in that order.
    std::vector<SweepJob*> ended;
    connect(&queue, &SweepQueue::jobEnded, this, [&](SweepJob* job) { ended.push_back(job); });
    gate->allowed = 1000;
    QTRY_COMPARE(ended.size(), std::size_t{4});
    QCOMPARE(ended, order);
  }

  void pausesWhenTheCellIsStored() {
    const auto gate = std::make_shared<Gate>();
    SweepQueue queue(nullptr, gated(gate));
    QueuePanel panel(&queue);
    panel.show();
    SweepJob* job = queue.enqueue(spec(), "x.bfdb", "cpu");
    QTRY_COMPARE(job->state(), SweepJob::State::Running);
    QTest::mouseClick(panel.findChild<QPushButton*>(u"queueAfterCell"_s), Qt::LeftButton);
    QCOMPARE(job->state(), SweepJob::State::Running);
    QVERIFY(job->pausesAfterCell());
    gate->allowed = 1000;
    QTRY_COMPARE(job->state(), SweepJob::State::Paused);
    QCOMPARE(job->progress().cellsDone, std::size_t{1});
    queue.resume(job);
    QTRY_COMPARE(job->state(), SweepJob::State::Done);
    QCOMPARE(job->progress().cellsDone, std::size_t{4});
  }

  // Failed cells alone run again, and of these not the ones that ran out of memory.
  void retriesWhatMayDoBetter() {
    const auto gate = std::make_shared<Gate>();
    SweepQueue queue(nullptr, gated(gate));
    QueuePanel panel(&queue);
    panel.show();
    auto* retry = panel.findChild<QPushButton*>(u"queueRetry"_s);
    gate->allowed = 1000;
    gate->failing = {{1, FailureCause::OutOfMemory}, {2, FailureCause::Load}};
    SweepJob* job = queue.enqueue(spec(), "x.bfdb", "cpu");
    QTRY_COMPARE(job->state(), SweepJob::State::Done);
    QTRY_VERIFY(retry->isEnabled());
    const QString text = panel.findChild<QPlainTextEdit*>(u"queueErrors"_s)->toPlainText();
    QVERIFY2(text.contains(u"out of memory"_s) && text.contains(u"could not be read"_s),
             qPrintable(text));
    QCOMPARE(panel.findChild<QTableView*>(u"queueView"_s)
                 ->model()
                 ->index(0, QueueModel::StateColumn)
                 .data()
                 .toString(),
             u"ended, 2 failed"_s);
    gate->failing.clear();
    QTest::mouseClick(retry, Qt::LeftButton);
    QVERIFY(!job->finished());
    QTRY_COMPARE(job->state(), SweepJob::State::Done);
    QCOMPARE(gate->leftOut.size(), std::size_t{2});
    QCOMPARE(QueueModel::stateName(*job), u"ended, 1 failed"_s);  // never plainly done
    QCOMPARE(gate->leftOut[1], (std::set<CellIndex>{{0, 0, 0}, {0, 0, 1}, {0, 1, 1}}));
    QCOMPARE(job->failures().size(), std::size_t{1});  // the one that was not tried again
    QVERIFY(!retry->isEnabled());
  }

  void cancelAsksOnlyWhenMuchWouldBeLost() {
    const auto gate = std::make_shared<Gate>();
    SweepQueue queue(nullptr, gated(gate));
    QueuePanel panel(&queue);
    panel.show();
    auto* cancel = panel.findChild<QPushButton*>(u"queueCancel"_s);
    SweepJob* job = queue.enqueue(spec(), "x.bfdb", "cpu");
    gate->unsaved = 500;
    QTRY_VERIFY(job->progress().unsavedSeconds > 400);
    QTest::mouseClick(cancel, Qt::LeftButton);
    auto* box = panel.findChild<QMessageBox*>(u"cancelBox"_s);
    QVERIFY(box);
    QCOMPARE(job->state(), SweepJob::State::Running);
    box->findChild<QPushButton*>(u"cancelBoxStop"_s)->click();
    QTRY_COMPARE(job->state(), SweepJob::State::Cancelled);
    gate->unsaved = 60;
    queue.resume(job);
    QTRY_VERIFY(job->state() == SweepJob::State::Running && job->progress().unsavedSeconds == 60);
    QTest::mouseClick(cancel, Qt::LeftButton);
    QTRY_COMPARE(job->state(), SweepJob::State::Cancelled);
  }

  void stagesAreToldInWords() {
    SweepQueue queue(nullptr, [](const SweepSpec&, const std::filesystem::path&, const std::string&,
                                 const SweepEvents& events, const JobContext& job) {
      SweepProgress p;
      p.cellsTotal = 4;
      p.model = "one";
      p.config = "int4-b64";
      p.task = "a";
      p.stage = SweepProgress::Stage::Quantizing;
      p.stageDone = 3;
      p.stageTotal = 16;
      events.progress(p);
      while (!job.cancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      SweepSummary summary;
      summary.cancelled = true;
      return summary;
    });
    SweepJob* job = queue.enqueue(spec(), "x.bfdb", "cpu");
    QTRY_COMPARE(job->progress().stageDone, std::int64_t{3});
    QCOMPARE(QueueModel::nowText(*job), u"one · int4-b64 · quantizing layer 3 of 16"_s);
  }

  void logIsFilteredBoundedAndReported() {
    const auto gate = std::make_shared<Gate>();
    SweepQueue queue(nullptr, gated(gate));
    LogPanel panel(&queue);
    panel.show();
    gate->allowed = 1000;
    gate->failing = {{2, FailureCause::Load}};
    SweepJob* job = queue.enqueue(spec(), "x.bfdb", "cpu");
    QTRY_COMPARE(job->state(), SweepJob::State::Done);
    auto* view = panel.findChild<QListView*>(u"logView"_s);
    const int all = view->model()->rowCount();
    QVERIFY(all >= 6);  // started, four cells, ended
    panel.findChild<QComboBox*>(u"logLevel"_s)->setCurrentIndex(2);
    QCOMPARE(view->model()->rowCount(), 1);
    QVERIFY(view->model()->index(0, 0).data().toString().contains(u"it broke"_s));
    panel.findChild<QComboBox*>(u"logLevel"_s)->setCurrentIndex(0);
    panel.findChild<QLineEdit*>(u"logSearch"_s)->setText(u"int4 broke"_s);
    QCOMPARE(view->model()->rowCount(), 1);
    panel.copyReport();
    const QString report = QGuiApplication::clipboard()->text();
    QVERIFY(report.startsWith(u"Bitfrontier "_s) && report.contains(u"it broke"_s));
    panel.findChild<QLineEdit*>(u"logSearch"_s)->clear();
    std::vector<LogLine> many(SweepLog::kMostLines);
    for (std::size_t i = 0; i < many.size(); ++i) many[i].text = u"line "_s + QString::number(i);
    panel.log().add(1, many);
    panel.log().add(1, {{0, LogLine::Level::Info, u"the last"_s}});
    QCOMPARE(panel.log().rowCount(), static_cast<int>(SweepLog::kMostLines));
    QVERIFY(panel.log()
                .index(panel.log().rowCount() - 1)
                .data(SweepLog::TextRole)
                .toString()
                .contains(u"the last"_s));
    QCOMPARE(panel.log().index(0).data(SweepLog::TextRole).toString(), u"line 1"_s);
  }
};

namespace {
const testing::Registered<QueueStoreTest> kQueueStoreTest;
}

}  // namespace bitfrontier

#include "queue_store_test.moc"
