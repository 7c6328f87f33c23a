// SPDX-License-Identifier: GPL-3.0-or-later
#include <atomic>
#include <cmath>
#include <QSignalSpy>
#include <QTableView>
#include <thread>

#include "core/advice/next.h"
#include "tests/ui/planted_decisions.h"
#include "ui/jobs/live_answer.h"
#include "ui/panels/next/next_panel.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
/// The next-experiment panel says what core says, and looking changes nothing.
class NextTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // The same question about newer data waits for the answer under way and the old answer stays;
  // another question stops it; nobody looking means no work.
  void liveAnswersKeepTheOldUntilTheNewIsThere() {
    std::atomic<int> begun = 0, hold = 1, stopped = 0;
    LiveAnswer<int> live([] {});
    const auto work = [&](int value) {
      return [&, value](const JobContext& job) {
        ++begun;
        while (hold != 0 && !job.cancelled()) std::this_thread::yield();
        if (job.cancelled()) ++stopped;
        job.throwIfCancelled();
        return value;
      };
    };
    live.ask(work(1), false);
    QVERIFY(!live.updating() && begun == 0);  // nobody looks
    live.setActive(true);
    QTRY_COMPARE(begun.load(), 1);
    live.ask(work(2), false);
    live.ask(work(3), false);
    QVERIFY(live.updating() && !live.answer());
    hold = 0;
    QTRY_VERIFY(!live.updating());
    QCOMPARE(*live.answer(), 3);
    QCOMPARE(begun.load(), 2);  // of the two that waited only the newest
    hold = 1;
    live.ask(work(4), false);
    QTRY_COMPARE(begun.load(), 3);
    QCOMPARE(*live.answer(), 3);
    live.ask(work(5), true);
    QTRY_COMPARE(stopped.load(), 1);
    hold = 0;
    QTRY_VERIFY(!live.updating());
    QCOMPARE(*live.answer(), 5);
    live.ask([](const JobContext&) -> int { throw Error(ErrorKind::Io, "the disk is gone"); },
             true);
    QTRY_COMPARE(live.problem(), u"the disk is gone"_s);
    QVERIFY(!live.answer());
  }

  void answersAreCores() {
    test::PlantedTruth truth = test::drawTruth(7, false);
    truth.items = 500;
    const auto sweep = test::plantSweep(truth, 7);
    const auto file = testing::plantStore(u"next.bfdb"_s, truth, sweep, testing::kTwoThirds);
    testing::PanelBench bench(file);
    NextPanel panel(bench.context());
    QSignalSpy queued(&bench.requests, &PanelRequests::sweepWanted);
    panel.show();
    QTRY_VERIFY(!panel.controller().answers().empty() && !panel.controller().updating());
    const NextRuns expected =
        nextRuns(RunStore::open(file, RunStore::Mode::ReadOnly), {}, NextOptions{}).at(0);
    const NextRuns& shown = panel.controller().answers().at(0);
    QCOMPARE(shown.verdict, expected.verdict);
    QVERIFY(!shown.runs.empty());
    auto* view = panel.findChild<QTableView*>(u"nextView"_s);
    QCOMPARE(view->model()->rowCount(), static_cast<int>(expected.runs.size()));
    for (std::size_t i = 0; i < expected.runs.size(); ++i) {
      const auto text = [&](int column) {
        return view->model()->index(static_cast<int>(i), column).data().toString().toStdString();
      };
      QCOMPARE(text(1), expected.runs[i].model + " " + expected.runs[i].config);
      QCOMPARE(text(2), expected.runs[i].reason);
      // What is proposed has not been run.
      QVERIFY(bench.keyOf(expected.runs[i].model, expected.runs[i].config).empty());
    }
    const QString verdict = panel.findChild<ElidedLabel*>(u"nextVerdict"_s)->text();
    QVERIFY2(verdict.contains(QString::fromStdString(expected.verdict).mid(1)),
             qPrintable(verdict));
    // Looking changes nothing; what cannot be run says why.
    QCOMPARE(queued.count(), 0);
    view->selectRow(0);
    auto* queue = panel.findChild<QPushButton*>(u"nextQueue"_s);
    QVERIFY(!queue->isEnabled());
    QVERIFY2(queue->toolTip().contains(u"is not there"_s), qPrintable(queue->toolTip()));
  }

  // A higher limit stops earlier, a new answer for the line of the budget alone has one budget.
  void stopLineAndBudgetLineAreObeyed() {
    test::PlantedTruth truth = test::drawTruth(7, false);
    truth.items = 500;
    const auto sweep = test::plantSweep(truth, 7);
    testing::PanelBench bench(
        testing::plantStore(u"stop.bfdb"_s, truth, sweep, testing::kTwoThirds));
    NextController controller(&bench.session, &bench.view, &bench.queue);
    controller.setActive(true);
    QTRY_VERIFY(!controller.answers().empty() && !controller.updating());
    QVERIFY(controller.answers()[0].budgets.size() > 1);
    controller.setStopRegret(1);
    QTRY_VERIFY(!controller.updating());
    QVERIFY(controller.answers()[0].stop);
    QVERIFY(controller.answers()[0].verdict.find("expected regret") != std::string::npos);
    ViewOptions options = bench.view.options();
    options.budgetBits = 2.5e10;
    bench.view.setOptions(options);
    controller.setAtLine(true);
    QTRY_VERIFY(!controller.updating());
    QCOMPARE(controller.answers()[0].budgets.size(), std::size_t{1});
    QCOMPARE(controller.answers()[0].budgets[0].bits, 2.5e10);
    QVERIFY(controller.command().contains(u"--budget"_s));
  }

  // Cells of one model are one sweep of exactly these configurations, with the tasks, items and
  // device of their neighbours.
  void queueingRunsTheCellsAlone() {
    test::PlantedTruth truth = test::drawTruth(7, false);
    truth.items = 500;
    const auto sweep = test::plantSweep(truth, 7);
    const auto file = testing::temporaryFile(u"launch-next.bfdb"_s).toStdString();
    const auto folder = testing::temporaryFile(u"a model"_s).toStdString();
    std::filesystem::create_directories(folder);
    std::vector<RunRecord> runs;
    for (std::size_t c = 0; c < sweep.points.size(); ++c) {
      if (!testing::kTwoThirds(c / truth.formats.size(), c % truth.formats.size())) continue;
      runs.push_back(testing::plantedCell(truth, sweep, c));
      runs.back().modelPath = folder;
    }
    RunStore::open(file).addAll(runs);
    testing::PanelBench bench(file);
    QTRY_VERIFY(bench.ready());
    const WantedCell cell{"planted", runs.front().model, "int4-b64", 0};
    const CellLaunch unknown = launchOf(*bench.session.snapshot(), cell, {});
    QVERIFY(!unknown.choice && unknown.reason.contains(u"task planted"_s));
    const CellLaunch launch =
        launchOf(*bench.session.snapshot(), cell, {{"planted", "/tasks/planted.jsonl"}});
    QVERIFY2(launch.choice.has_value(), qPrintable(launch.reason));
    const SweepSpec spec = sweepSpec(*launch.choice);
    QCOMPARE(spec.configs.size(), std::size_t{1});
    QCOMPARE(spec.configs[0].spec(), std::string("int4-b64"));
    QCOMPARE(spec.models, (std::vector<std::filesystem::path>{folder}));
    QCOMPARE(spec.tasks, (std::vector<std::filesystem::path>{"/tasks/planted.jsonl"}));
    QCOMPARE(launch.choice->device, std::string("cpu"));
  }
};

namespace {
const testing::Registered<NextTest> kNextTest;
}

}  // namespace bitfrontier

#include "next_test.moc"
