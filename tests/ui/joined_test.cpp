// SPDX-License-Identifier: GPL-3.0-or-later
#include <QMenu>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTest>
#include <QToolButton>
#include <set>

#include "tests/ui/planted_runs.h"
#include "tests/ui/registry.h"
#include "ui/panels/views/stores_list.h"
#include "ui/view/joined_stores.h"
#include "ui/window/main_window.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

std::string stored(const QString& name, const std::vector<RunRecord>& runs) {
  const auto file = testing::temporaryFile(name).toStdString();
  RunStore::open(file).addAll(runs);
  return file;
}

/// How one recorded field of a run is changed, and a word of what the window calls it then.
struct Mutation {
  const char* word;
  void (*change)(RunRecord& run);
};
const std::vector<Mutation> kMutations{
    {"evaluator 2", [](RunRecord& r) { r.evaluatorVersion = "2"; }},
    {"4 items each", [](RunRecord& r) { r.result.itemLimit = 4; }},
    {"first token: addbos", [](RunRecord& r) { r.result.bosProfile = "addbos"; }},
    {"at most 256 tokens", [](RunRecord& r) { r.result.maxLength = 256; }},
    {"items of piqa", [](RunRecord& r) { r.result.taskHash = "feed5678"; }},
};

}  // namespace

/// Points that were not scored alike, and stores shown together.
class JoinedTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // Whatever field of how they were scored differs: no law and no frontier joins the points, the
  // window names the field, and one set can be shown alone.
  void unlikePointsAreNeverJoined() {
    int n = 0;
    for (const Mutation& mutation : kMutations) {
      std::vector<RunRecord> runs = testing::plantedRuns("opt", {"piqa"});
      for (RunRecord& run : runs) {
        run.result.taskHash = "cafe1234";
        run.evaluatorVersion = "1";
      }
      const std::size_t half = runs.size();
      for (RunRecord run : testing::plantedRuns("bloom", {"piqa"})) {
        run.result.taskHash = "cafe1234";
        run.evaluatorVersion = "1";
        mutation.change(run);
        run.key += mutation.word;
        runs.push_back(std::move(run));
      }
      MainWindow window;
      window.show();
      window.openStore(stored(u"unlike%1.bfdb"_s.arg(++n), runs));
      QTRY_VERIFY(window.settled());
      QCOMPARE(window.view().points()->size(), runs.size());
      QCOMPARE(window.view().sets().size(), std::size_t{2});
      for (const PlotFrontier& frontier : window.plot().scene().frontiers) {
        std::set<std::string> families;
        for (const int i : frontier.points) {
          families.insert((*window.view().points())[static_cast<std::size_t>(i)].family);
        }
        QCOMPARE(families.size(), std::size_t{1});
      }
      auto* button = window.findChild<QToolButton*>(u"setsButton"_s);
      QVERIFY(button->isVisible());
      QVERIFY2(button->toolTip().contains(QString::fromLatin1(mutation.word)),
               qPrintable(button->toolTip()));
      QVERIFY(button->text().startsWith(u"2 sets"_s));
      // One of them, by the menu.
      QAction* one = nullptr;
      for (QAction* action : button->menu()->actions()) {
        if (action->text().contains(QString::fromLatin1(mutation.word))) one = action;
      }
      QVERIFY(one);
      one->trigger();
      QTRY_COMPARE(window.view().points()->size(), runs.size() - half);
      for (const LawPoint& p : *window.view().points()) QCOMPARE(p.family, std::string("bloom"));
      QTRY_VERIFY(window.settled());
      QVERIFY(button->isVisible());
      window.actions().undo->trigger();
      QTRY_COMPARE(window.view().points()->size(), runs.size());
    }
  }

  void likePointsAreOneSet() {
    MainWindow window;
    window.show();
    window.openStore(stored(u"one-set.bfdb"_s, testing::plantedRuns("opt", {"piqa"})));
    QTRY_VERIFY(window.settled());
    QCOMPARE(window.view().sets().size(), std::size_t{1});
    QVERIFY(!window.findChild<QToolButton*>(u"setsButton"_s)->isVisible());
  }

  void runsOfTwoStoresAreJoinedByTheirKeys() {
    std::vector<RunRecord> runs = testing::plantedRuns("opt", {"piqa"});
    const auto first = readSnapshot(stored(u"join-a.bfdb"_s, runs), CountingRule::CheckpointBytes);
    // The same run, one with another result, one that is new.
    std::vector<RunRecord> other{runs[0], runs[1], testing::plantedRun("bloom", 3e8, 4, "piqa")};
    other[1].result.accuracy += 0.1;
    const auto second =
        readSnapshot(stored(u"join-b.bfdb"_s, other), CountingRule::CheckpointBytes);
    QCOMPARE(joinStores(first, {}), first);
    QCOMPARE(joinStores(first, {nullptr}), first);
    const auto joined = joinStores(first, {second});
    QCOMPARE(joined->runs->size(), runs.size() + 2);
    std::set<std::int64_t> ids;
    for (const RunRow& run : *joined->runs) ids.insert(run.id);
    QCOMPARE(ids.size(), joined->runs->size());
    const RunRow& differing = (*joined->runs)[runs.size()];
    QCOMPARE(differing.source.text(), std::string("join-b.bfdb: differs from the run here"));
    QCOMPARE(storeOfRun(differing.id), std::size_t{1});
    QCOMPARE(storeOfRun(joined->runs->front().id), std::size_t{0});
    const RunRow& fresh = joined->runs->back();
    QCOMPARE(fresh.source.text(), std::string());  // measured, and may be compared with the others
    QCOMPARE(joined->points->size(), runs.size() + 2);
    QCOMPARE(comparableSets(*joined->points, LawMetric::Accuracy).size(), std::size_t{2});
  }

  void aTickShowsAnotherStore() {
    const std::string file = stored(u"tick-a.bfdb"_s, testing::plantedRuns("opt", {"piqa"}));
    const std::string other = stored(u"tick-b.bfdb"_s, testing::plantedRuns("bloom", {"piqa"}, 4));
    MainWindow window;
    window.show();
    window.openStore(other);  // so that it is a recent one
    QTRY_VERIFY(window.settled());
    window.openStore(file);
    QTRY_VERIFY(window.settled() && window.session().path() == std::filesystem::path(file));
    const std::size_t alone = window.view().points()->size();
    auto& stores = window.panel<StoresList>();
    const auto row = [&](const char* name) -> QStandardItem* {
      const auto found = stores.model().findItems(QString::fromLatin1(name));
      return found.isEmpty() ? nullptr : found.front();
    };
    QVERIFY(row("tick-a.bfdb") && !row("tick-a.bfdb")->isEnabled());
    QVERIFY(row("tick-b.bfdb") && row("tick-b.bfdb")->checkState() == Qt::Unchecked);
    row("tick-b.bfdb")->setCheckState(Qt::Checked);
    QTRY_COMPARE(window.view().points()->size(), alone + 12);
    QTRY_VERIFY(window.settled());
    for (const LawPoint& p : *window.view().points()) {
      QCOMPARE(window.view().storesOf(p),
               std::string(p.family == "opt" ? "tick-a.bfdb" : "tick-b.bfdb"));
    }
    // It is followed like the open one.
    RunStore::open(other).addAll(testing::plantedRuns("gpt2", {"piqa"}, 2));
    QTRY_COMPARE(window.view().points()->size(), alone + 18);
    QVERIFY(viewStateText(window.viewState()).find("tick-b.bfdb") != std::string::npos);
    window.actions().undo->trigger();
    QTRY_COMPARE(window.view().points()->size(), alone);
    QCOMPARE(window.view().storesOf(window.view().points()->front()), std::string());
    // One that is gone is said, and the rest is shown.
    ViewOptions options = window.view().options();
    options.others = {"/nowhere/gone.bfdb"};
    QSignalSpy failures(&window.view(), &ViewController::failed);
    window.view().setOptions(options);
    QTRY_VERIFY(!failures.isEmpty());
    QVERIFY(failures.front().front().toString().contains(u"gone.bfdb"_s));
    QTRY_VERIFY(window.settled());
    QCOMPARE(window.view().points()->size(), alone);
  }
};

namespace {
const testing::Registered<JoinedTest> kJoinedTest;
}

}  // namespace bitfrontier

#include "joined_test.moc"
