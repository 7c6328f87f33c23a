// SPDX-License-Identifier: GPL-3.0-or-later
// Which store the window shows, and what it does when a store cannot be opened or goes away.
#include <SQLiteCpp/SQLiteCpp.h>
#include <filesystem>
#include <QAbstractButton>
#include <QFile>
#include <QMessageBox>
#include <QSignalSpy>
#include <QTest>

#include "core/store/run_store.h"
#include "tests/ui/registry.h"
#include "ui/launch/launch_dialog.h"
#include "ui/window/main_window.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

fs::path temporary(const QString& name) { return testing::temporaryFile(name).toStdString(); }

RunRecord measured(const std::string& key, int bits) {
  RunRecord run;
  run.key = key;
  run.model = "planted-1";
  run.family = "planted";
  run.parameters = run.linearParameters = 1e6;
  run.config = "int" + std::to_string(bits) + "-b64";
  run.dataType = "int";
  run.bits = bits;
  run.blockSize = 64;
  run.modelBits = {bits * 1e6, bits * 1e6, bits * 1e6};
  run.result.task = "task";
  run.result.taskHash = "hash";
  run.result.items = 100;
  run.result.chance = 0.5;
  run.result.accuracy = 0.6;
  run.result.accuracySe = 0.05;
  return run;
}

void makeStore(const fs::path& file) {
  fs::remove(file);
  RunStore store = RunStore::open(file);
  store.add(measured("a", 3));
  store.add(measured("b", 4));
}

QMessageBox* errorBox(MainWindow& window) {
  for (QMessageBox* box : window.findChildren<QMessageBox*>(u"errorBox"_s)) {
    if (box->isVisible()) return box;
  }
  return nullptr;
}

}  // namespace

class StoreTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void whatIsNoStoreChangesNothing() {
    const fs::path good = temporary(u"good.bfdb"_s), bad = temporary(u"bad.bfdb"_s);
    makeStore(good);
    QFile file(QString::fromStdString(bad.string()));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(5000, 'x'));
    file.close();
    MainWindow window;
    window.show();
    window.openStore(bad);
    QTRY_VERIFY(!window.lastError().isEmpty());
    QCOMPARE(window.windowTitle(), u"Bitfrontier"_s);
    QVERIFY(!window.actions().newSweep->isEnabled());
    QVERIFY(window.session().path().empty());
    errorBox(window)->close();
    window.showLaunchDialog();
    QVERIFY(!window.findChild<LaunchDialog*>());

    window.openStore(good);
    QTRY_VERIFY(window.settled());
    QCOMPARE(window.windowTitle(), u"good.bfdb – Bitfrontier"_s);
    QVERIFY(window.actions().newSweep->isEnabled());
    const fs::path missing = temporary(u"mistyped.bfdb"_s);
    for (const fs::path& other : {bad, missing}) {
      window.openStore(other);
      QTRY_VERIFY(!window.lastError().isEmpty());
      QVERIFY(window.lastError().contains(QString::fromStdString(other.filename().string())));
      QCOMPARE(window.windowTitle(), u"good.bfdb – Bitfrontier"_s);
      QCOMPARE(window.session().path(), good);
      QCOMPARE(window.plot().points().size(), std::size_t{2});
      QVERIFY(!AppSettings().recentStores().contains(QString::fromStdString(other.string())));
      errorBox(window)->close();
    }
    QVERIFY(!fs::exists(missing));
    QVERIFY(AppSettings().recentStores().contains(QString::fromStdString(good.string())));
    QCOMPARE(fs::file_size(bad), std::uintmax_t{5000});
    // The one that stays open is still followed.
    RunStore::open(good).add(measured("c", 5));
    QTRY_COMPARE(window.plot().points().size(), std::size_t{3});
  }

  void aNewNameIsAskedAbout() {
    const fs::path file = temporary(u"typed.bfdb"_s);
    MainWindow window;
    window.show();
    for (const char* answer : {"cancel", "make"}) {
      window.openOrMake(file);
      auto* box = window.findChild<QMessageBox*>(u"newStoreBox"_s);
      QVERIFY(box && box->isVisible());
      if (*answer == 'c') {
        QTest::mouseClick(box->button(QMessageBox::Cancel), Qt::LeftButton);
        QTest::qWait(50);
        QVERIFY(!fs::exists(file));
      } else {
        QTest::mouseClick(box->findChild<QAbstractButton*>(u"newStoreMake"_s), Qt::LeftButton);
      }
    }
    QTRY_COMPARE(window.windowTitle(), u"typed.bfdb – Bitfrontier"_s);
    QVERIFY(fs::exists(file));
  }

  void aStoreThatCannotBeWrittenIsShown() {
    // A second name is the one reason that also holds for root.
    const fs::path file = temporary(u"linked.bfdb"_s), other = temporary(u"second.bfdb"_s);
    makeStore(file);
    fs::remove(other);
    fs::create_hard_link(file, other);
    MainWindow window;
    window.show();
    window.openStore(file);
    QTRY_VERIFY(window.settled());
    QCOMPARE(window.windowTitle(), u"linked.bfdb (read only) – Bitfrontier"_s);
    QCOMPARE(window.plot().points().size(), std::size_t{2});
    QVERIFY(!window.actions().newSweep->isEnabled());
    QVERIFY(!window.actions().addPublished->isEnabled());
    QVERIFY(window.actions().newSweep->statusTip().contains(u"hard link"_s));
    QVERIFY(window.lastError().isEmpty());
  }

  void aStoreThatGoesAwayIsReportedOnceAndFollowedAgain() {
    const fs::path file = temporary(u"gone.bfdb"_s), aside = temporary(u"aside.bfdb"_s);
    makeStore(file);
    MainWindow window;
    window.show();
    window.openStore(file);
    QTRY_VERIFY(window.settled());
    QSignalSpy failures(&window.session(), &StoreSession::failed);
    fs::rename(file, aside);
    QTRY_VERIFY(failures.size() == 1);
    QVERIFY(window.lastError().contains(u"gone.bfdb was deleted or moved"_s));
    QTest::qWait(1200);
    QCOMPARE(failures.size(), qsizetype{1});
    QVERIFY2(!fs::exists(file), "it is not made anew");
    // A sweep into it ends with the same reason.
    QVERIFY_EXCEPTION_THROWN(defaultSweep()({}, file, "cpu", {}, {}), Error);
    QVERIFY(!fs::exists(file));
    RunStore::open(aside).add(measured("c", 5));
    fs::rename(aside, file);
    QTRY_COMPARE(window.plot().points().size(), std::size_t{3});
    // Another store of this name.
    makeStore(aside);
    fs::rename(aside, file);
    QTRY_COMPARE(window.plot().points().size(), std::size_t{2});
  }

  void anotherRuleWhileLoadingIsNotForgotten() {
    const fs::path file = temporary(u"rule.bfdb"_s);
    makeStore(file);
    StoreSession session;
    session.open(file);
    session.setRule(CountingRule::LinearOnly);
    QTRY_VERIFY(session.snapshot() && session.snapshot()->rule == CountingRule::LinearOnly);
  }

  // The totals of all rules are in the runs that were read.
  void anotherRuleReadsNothing() {
    const fs::path file = temporary(u"totals.bfdb"_s);
    fs::remove(file);
    RunRecord run = measured("a", 4);
    run.modelBits = {1e6, 2e6, 3e6};
    RunStore::open(file).add(run);
    StoreSession session;
    session.open(file);
    QTRY_VERIFY(session.snapshot());
    const SnapshotPtr before = session.snapshot();
    QCOMPARE(before->points->front().totalBits, 3e6);
    QSignalSpy loads(&session, &StoreSession::loaded);
    session.setRule(CountingRule::LinearOnly);
    session.setRule(CountingRule::AllParameters);
    QTRY_COMPARE(session.snapshot()->rule, CountingRule::AllParameters);
    QCOMPARE(session.snapshot()->points->front().totalBits, 2e6);
    QCOMPARE(session.snapshot()->runs.get(), before->runs.get());
    QCOMPARE(before->points->front().totalBits, 3e6);
    QCOMPARE(loads.size(), qsizetype{1});
    // It is still followed.
    RunStore::open(file).add(measured("b", 3));
    QTRY_COMPARE(session.snapshot()->runs->size(), std::size_t{2});
    QCOMPARE(session.snapshot()->rule, CountingRule::AllParameters);
  }

  // What was read stays as it is while others add runs; what they change is read again.
  void onlyNewRunsAreRead() {
    const fs::path file = temporary(u"appended.bfdb"_s);
    makeStore(file);
    RunRecord failed = measured("c", 5);
    failed.status = RunStatus::Failed;
    RunStore other = RunStore::open(file);
    other.add(failed);
    StoreSession session;
    session.open(file);
    QTRY_VERIFY(session.snapshot());
    const auto runs = [&]() -> const std::vector<RunRow>& { return *session.snapshot()->runs; };
    const SnapshotPtr first = session.snapshot();
    QCOMPARE(runs().size(), std::size_t{3});
    other.add(measured("d", 6));
    QTRY_COMPARE(runs().size(), std::size_t{4});
    // The very same text: it was not read a second time.
    QCOMPARE(&runs()[0].model.text(), &first->runs->front().model.text());
    QCOMPARE(first->runs->size(), std::size_t{3});
    QCOMPARE(session.snapshot()->points->size(), std::size_t{3});
    // A failed run that is repeated goes away, and another one comes.
    other.add(measured("c", 5));
    QTRY_COMPARE(session.snapshot()->points->size(), std::size_t{4});
    QCOMPARE(runs().size(), std::size_t{4});
    for (const RunRow& run : runs()) QVERIFY(run.status == RunStatus::Done);
    QVERIFY(&runs()[0].model.text() != &first->runs->front().model.text());
    // Also what another program changes in place.
    SQLite::Database(file.string(), SQLite::OPEN_READWRITE)
        .exec("UPDATE runs SET accuracy = 0.75 WHERE key = 'a'");
    QTRY_COMPARE(runs()[0].result.accuracy, 0.75);
    SQLite::Database(file.string(), SQLite::OPEN_READWRITE)
        .exec("DELETE FROM runs WHERE key = 'b'");
    QTRY_COMPARE(runs().size(), std::size_t{3});
  }

  // Nothing of ours may be written beside a store of somebody else; it is followed all the same.
  void aReadOnlyStoreIsFollowed() {
    const fs::path file = temporary(u"theirs.bfdb"_s), second = temporary(u"their-name.bfdb"_s);
    makeStore(file);
    RunStore theirs = RunStore::open(file);
    fs::remove(second);
    fs::create_hard_link(file, second);
    StoreSession session;
    session.open(file);
    QTRY_VERIFY(session.snapshot());
    QVERIFY(!session.snapshot()->readOnly.empty());
    theirs.add(measured("c", 5));
    QTRY_COMPARE(session.snapshot()->points->size(), std::size_t{3});
  }

  void whatTheFilterOffersIsThatOfTheStore() {
    const fs::path file = temporary(u"words.bfdb"_s);
    makeStore(file);
    StoreSession session;
    session.open(file);
    QTRY_VERIFY(session.snapshot());
    QCOMPARE(session.snapshot()->words->at("config"),
             (std::vector<std::string>{"int3-b64", "int4-b64"}));
  }
};

namespace {
const testing::Registered<StoreTest> kStoreTest;
}

}  // namespace bitfrontier

#include "store_test.moc"
