// SPDX-License-Identifier: GPL-3.0-or-later
// The queue of a program that is killed with SIGKILL amidst a real sweep, taken up by another one.
#include <unistd.h>
#include <csignal>
#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/pocket/suite.h"
#include "tests/ui/registry.h"
#include "ui/jobs/sweep_queue.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

constexpr const char* kChild = "BITFRONTIER_TEST_QUEUE";
constexpr std::int64_t kItems = 60;

/// The smallest model of the suite under several configurations.
SweepSpec spec(std::initializer_list<const char*> configs) {
  const PocketSuite suite = openPocketSuite();
  SweepSpec spec;
  spec.models = {suite.models.front()};
  for (const char* config : configs) spec.configs.push_back(QuantConfig::parse(config));
  spec.tasks = suite.tasks;
  spec.itemLimit = kItems;
  spec.leftOut = {{0, 1, 0}};
  return spec;
}

std::filesystem::path storeIn(const std::filesystem::path& folder) { return folder / "runs.bfdb"; }

std::size_t storedRuns(const std::filesystem::path& store) {
  try {
    return RunStore::open(store, RunStore::Mode::ReadOnly).runs().size();
  } catch (const Error&) {  // being made
    return 0;
  }
}

/// What the killed program does: it queues two sweeps and works until it is killed.
[[noreturn]] void runUntilKilled(const std::filesystem::path& folder) {
  RunStore::open(storeIn(folder));
  SweepQueue queue;
  queue.keepIn(folder / "state");
  queue.enqueue(spec({"fp16", "int3-b64", "int4-b64", "int5-b64", "int6-b64", "int8-b64"}),
                storeIn(folder), "cpu");
  queue.enqueue(spec({"float4-b64", "dynamic4-b64"}), storeIn(folder), "cpu");
  while (true) QTest::qWait(50);
}

}  // namespace

class QueueKillTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    if (qEnvironmentVariableIsSet(kChild))
      runUntilKilled(qEnvironmentVariable(kChild).toStdString());
  }

  void comesBackInterruptedAndLosesNothing() {
    const std::filesystem::path folder = testing::temporaryFile(u"killed"_s).toStdString();
    std::filesystem::create_directories(folder);
    QProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QString::fromLatin1(kChild), QString::fromStdString(folder.string()));
    child.setProcessEnvironment(environment);
    child.start(QCoreApplication::applicationFilePath(), {});
    QVERIFY(child.waitForStarted());
    QTRY_VERIFY(storedRuns(storeIn(folder)) >= 3 || child.state() == QProcess::NotRunning);
    QCOMPARE(child.state(), QProcess::Running);
    ::kill(static_cast<pid_t>(child.processId()), SIGKILL);
    QVERIFY(child.waitForFinished());
    QCOMPARE(child.exitStatus(), QProcess::CrashExit);
    const std::size_t atKill = storedRuns(storeIn(folder));

    // The file is whole and holds both sweeps.
    const QJsonDocument kept =
        QJsonDocument::fromJson(QByteArray::fromStdString(readFile(folder / "state/queue.json")));
    QCOMPARE(kept[u"jobs"_s].toArray().size(), qsizetype{2});

    SweepQueue queue;
    queue.keepIn(folder / "state");
    QCOMPARE(queue.size(), 2);
    const std::size_t tasks = spec({"fp16"}).tasks.size();
    QCOMPARE(queue.job(0)->spec().configs.size(), std::size_t{6});
    QCOMPARE(queue.job(1)->spec().configs.size(), std::size_t{2});
    for (int row = 0; row < 2; ++row) {
      QCOMPARE(queue.job(row)->state(), SweepJob::State::Interrupted);
      QCOMPARE(queue.job(row)->spec().leftOut, (std::set<CellIndex>{{0, 1, 0}}));
      QVERIFY(queue.job(row)->resumable());
    }
    QVERIFY(!queue.busy());  // nothing starts by itself
    QCOMPARE(storedRuns(storeIn(folder)), atKill);

    queue.resume(queue.job(0));
    queue.resume(queue.job(1));
    QTRY_COMPARE(queue.job(1)->state(), SweepJob::State::Done);
    QCOMPARE(queue.job(0)->state(), SweepJob::State::Done);
    const SweepSummary& first = *queue.job(0)->summary();
    QCOMPARE(first.reused, atKill);
    QCOMPARE(first.ran, 6 * tasks - 1 - atKill);
    QCOMPARE(storedRuns(storeIn(folder)), 8 * tasks - 2);
    for (const RunRecord& run : RunStore::open(storeIn(folder)).runs())
      QCOMPARE(run.status, RunStatus::Done);
  }
};

namespace {
const testing::Registered<QueueKillTest> kQueueKillTest;
}

}  // namespace bitfrontier

#include "queue_kill_test.moc"
