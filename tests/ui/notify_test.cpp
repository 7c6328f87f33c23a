// SPDX-License-Identifier: GPL-3.0-or-later
// Notifications and sleep, with made-up services on a bus of this test's own.
#include <fcntl.h>
#include <unistd.h>
#include <atomic>
#include <chrono>
#include <memory>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusVirtualObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryFile>
#include <QTest>
#include <thread>

#include "tests/ui/registry.h"
#include "ui/jobs/desktop_session.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

/// Answers what a desktop's services are asked, and counts.
class Services : public QDBusVirtualObject {
 public:
  explicit Services(bool logind) : logind_(logind) {}
  QString introspect(const QString&) const override { return {}; }
  bool handleMessage(const QDBusMessage& call, const QDBusConnection& bus) override {
    if (call.member() == u"Notify"_s) {
      notes << call.arguments().at(3).toString();
      bus.send(call.createReply(uint(1)));
    } else if (call.interface() == u"org.freedesktop.login1.Manager"_s && logind_) {
      int ends[2];
      if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return false;
      held = ends[0];
      ++inhibits;
      reason = call.arguments().at(2).toString();
      bus.send(call.createReply(QVariant::fromValue(QDBusUnixFileDescriptor(ends[1]))));
      ::close(ends[1]);  // the message has its own
    } else if (call.interface() == u"org.freedesktop.portal.Inhibit"_s) {
      ++portals;
      bus.send(call.createReply(QVariant::fromValue(QDBusObjectPath(u"/request/1"_s))));
    } else if (call.member() == u"Close"_s) {
      ++closed;
      bus.send(call.createReply());
    } else {
      bus.send(call.createErrorReply(QDBusError::NotSupported, u"not here"_s));
    }
    return true;
  }
  /// Whether nobody holds the other end of what Inhibit gave away.
  bool released() const {
    char byte;
    return held >= 0 && ::read(held, &byte, 1) == 0;
  }

  QStringList notes;
  QString reason;
  int inhibits = 0, portals = 0, closed = 0, held = -1;

 private:
  bool logind_;
};

struct Steps {
  std::atomic<bool> go{false};
  bool fail = false;
};

SweepFunction sweep(const std::shared_ptr<Steps>& steps) {
  return [steps](const SweepSpec&, const std::filesystem::path&, const std::string&,
                 const SweepEvents& events, const JobContext& job) {
    SweepSummary summary;
    while (!steps->go && !job.cancelled()) {
      events.waitWhilePaused();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    summary.cancelled = job.cancelled();
    summary.failed = steps->fail ? 1 : 0;
    summary.ran = steps->fail ? 0 : 1;
    return summary;
  };
}

}  // namespace

class NotifyTest : public QObject {
  Q_OBJECT

  QProcess daemon_;
  QString address_;
  int connections_ = 0;

  QDBusConnection connection() {
    return QDBusConnection::connectToBus(address_, u"notify-test-%1"_s.arg(++connections_));
  }
  /// A connection of its own, kept.
  DesktopSession::Bus bus() {
    return [kept = connection()] { return kept; };
  }
  /// A connection on which the services answer.
  QDBusConnection serve(Services& services) {
    QDBusConnection bus = connection();
    bus.registerVirtualObject(u"/"_s, &services, QDBusConnection::SubPath);
    for (const QString& name : {u"org.freedesktop.Notifications"_s, u"org.freedesktop.login1"_s,
                                u"org.freedesktop.portal.Desktop"_s})
      bus.registerService(name);
    return bus;
  }
  static void stop(QDBusConnection& bus) {
    const QString name = bus.name();
    bus = QDBusConnection(QString());
    QDBusConnection::disconnectFromBus(name);
  }

 private Q_SLOTS:
  void initTestCase() {
    const QString program = QStandardPaths::findExecutable(u"dbus-daemon"_s);
    if (program.isEmpty()) QSKIP("dbus-daemon is not installed");
    daemon_.start(program, {u"--session"_s, u"--nofork"_s, u"--nopidfile"_s, u"--print-address"_s});
    QVERIFY(daemon_.waitForStarted());
    QTRY_VERIFY(daemon_.canReadLine() || (daemon_.waitForReadyRead(50), daemon_.canReadLine()));
    address_ = QString::fromUtf8(daemon_.readLine()).trimmed();
    QVERIFY(connection().isConnected());
  }
  void cleanupTestCase() {
    daemon_.terminate();
    daemon_.waitForFinished();
  }

  void sleepIsHeldOffWhileASweepRunsAndOneNoteFollows() {
    Services services(true);
    QDBusConnection served = serve(services);
    const auto steps = std::make_shared<Steps>();
    SweepQueue queue(nullptr, sweep(steps));
    bool away = true;
    DesktopSession desktop(
        &queue, [&] { return away; }, bus(), bus());
    SweepJob* job = queue.enqueue({}, "/s/runs.bfdb", "cpu");
    QTRY_COMPARE(services.inhibits, 1);
    QVERIFY(!services.reason.isEmpty());
    QTRY_COMPARE(job->state(), SweepJob::State::Running);
    job->pause();  // nothing is lost by sleep
    QTRY_VERIFY(services.released());
    job->resume();
    QTRY_COMPARE(services.inhibits, 2);
    QVERIFY(services.notes.isEmpty());
    steps->go = true;
    QTRY_COMPARE(services.notes.size(), qsizetype{1});
    QVERIFY2(services.notes.front().contains(u"done"_s), qPrintable(services.notes.front()));
    QTRY_VERIFY(services.released());
    QCOMPARE(services.portals, 0);

    steps->fail = true;
    queue.enqueue({}, "/s/runs.bfdb", "cpu");
    QTRY_COMPARE(services.notes.size(), qsizetype{2});
    QVERIFY2(services.notes.back().contains(u"failed"_s), qPrintable(services.notes.back()));

    away = false;  // who looks at the window sees it
    steps->fail = false;
    SweepJob* seen = queue.enqueue({}, "/s/runs.bfdb", "cpu");
    QTRY_COMPARE(seen->state(), SweepJob::State::Done);
    QTRY_VERIFY(!desktop.inhibits());
    QCOMPARE(services.notes.size(), qsizetype{2});
    stop(served);
  }

  void portalIsAskedWhereThereIsNoLogind() {
    Services services(false);
    QDBusConnection served = serve(services);
    const auto steps = std::make_shared<Steps>();
    SweepQueue queue(nullptr, sweep(steps));
    DesktopSession desktop(
        &queue, [] { return false; }, bus(), bus());
    queue.enqueue({}, "/s/runs.bfdb", "cpu");
    QTRY_COMPARE(services.portals, 1);
    QCOMPARE(services.inhibits, 0);
    steps->go = true;
    QTRY_COMPARE(services.closed, 1);
    stop(served);
  }

  // No bus, no services: sweeps run as ever.
  void silenceWithoutABus() {
    const auto steps = std::make_shared<Steps>();
    steps->go = true;
    const DesktopSession::Bus none = [] { return QDBusConnection(u"no such connection"_s); };
    for (const DesktopSession::Bus& each : {none, bus()}) {
      SweepQueue queue(nullptr, sweep(steps));
      DesktopSession desktop(
          &queue, [] { return true; }, each, each);
      SweepJob* job = queue.enqueue({}, "/s/runs.bfdb", "cpu");
      QTRY_COMPARE(job->state(), SweepJob::State::Done);
    }
  }
};

namespace {
const testing::Registered<NotifyTest> kNotifyTest;
}

}  // namespace bitfrontier

#include "notify_test.moc"
