// SPDX-License-Identifier: GPL-3.0-or-later
#include <atomic>
#include <QComboBox>
#include <QPushButton>
#include <QTableView>
#include <QTest>
#include <thread>

#include "tests/ui/planted_runs.h"
#include "tests/ui/registry.h"
#include "ui/window/main_window.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

constexpr int kPatience = 15000;

std::filesystem::path emptyStore(const QString& name) {
  const std::filesystem::path file = testing::temporaryFile(name).toStdString();
  RunStore::open(file);
  return file;
}

std::vector<RunRecord> imported(std::vector<RunRecord> runs, const std::string& source) {
  for (RunRecord& run : runs) {
    run.source = source;
    run.key = "import|" + source + "|" + run.key;
  }
  return runs;
}

SweepFunction endlessSweep() {
  return [](const SweepSpec&, const std::filesystem::path&, const std::string&,
            const SweepEvents& events, const JobContext& job) {
    SweepProgress p;
    p.cellsTotal = 10;
    while (!job.cancelled()) {
      events.waitWhilePaused();
      events.progress(p);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    SweepSummary summary;
    summary.cancelled = true;
    return summary;
  };
}

}  // namespace

/// The window follows what others write into its store, and what runs.
class FollowTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // Opened while it is empty, filled from a shell.
  void aNewStoreShowsItsRuns() {
    const auto file = emptyStore(u"filled.bfdb"_s);
    MainWindow window;
    window.show();
    window.openStore(file);
    QTRY_VERIFY_WITH_TIMEOUT(window.settled(), kPatience);
    QCOMPARE(window.hint().hint(), HintBar::Hint::EmptyStore);
    RunStore::open(file).addAll(testing::plantedRuns("a", {"t", "u"}));
    QTRY_VERIFY_WITH_TIMEOUT(window.plot().points().size() == 15, kPatience);
    QCOMPARE(window.view().options().source, SourceChoice::Measured);
    QTRY_COMPARE(window.hint().hint(), HintBar::Hint::None);
  }

  // Published results are shown until there are own ones; what the user has chosen stays.
  void ownRunsReplacePublishedOnesUnlessTheUserChose() {
    for (const bool chose : {false, true}) {
      const auto file = emptyStore(u"papers-%1.bfdb"_s.arg(chose));
      RunStore::open(file).addAll(imported(testing::plantedRuns("opt", {"t"}), "Doe 2023"));
      MainWindow window;
      window.show();
      window.openStore(file);
      QTRY_VERIFY_WITH_TIMEOUT(window.settled(), kPatience);
      QCOMPARE(window.view().options().source, SourceChoice::Published);
      QCOMPARE(window.hint().hint(), HintBar::Hint::OnlyPublished);
      if (chose) {
        ViewOptions options = window.view().options();
        options.source = SourceChoice::Both;
        window.view().setOptions(options);
      }
      RunStore::open(file).addAll(testing::plantedRuns("a", {"t", "u"}));
      QTRY_VERIFY_WITH_TIMEOUT(window.plot().points().size() == (chose ? 30 : 15), kPatience);
    }
  }

  void importedResultsAreNotFromPapers() {
    const auto file = emptyStore(u"imported.bfdb"_s);
    RunStore::open(file).addAll(
        imported(testing::plantedRuns("opt", {"t"}), "lm-evaluation-harness 0.4.13"));
    MainWindow window;
    window.show();
    window.openStore(file);
    QTRY_VERIFY_WITH_TIMEOUT(window.settled(), kPatience);
    QCOMPARE(window.plot().points().size(), std::size_t{15});
    QCOMPARE(window.hint().hint(), HintBar::Hint::OnlyImported);
    for (const QLabel* label : window.hint().findChildren<QLabel*>()) {
      QVERIFY2(!label->text().contains(u"papers"_s), qPrintable(label->text()));
    }
    for (const LegendEntry* entry : window.plot().legendEntries()) {
      QVERIFY2(!entry->text().contains(u"published"_s), qPrintable(entry->text()));
    }
  }

  void perplexitiesAloneAreShown() {
    auto runs = testing::plantedRuns("a", {"text"});
    for (RunRecord& run : runs) {
      run.result.crossEntropy = 4 - run.result.accuracy;
      run.result.accuracy = run.result.accuracySe = run.result.chance = LawPoint::kAbsent;
    }
    const auto texts = emptyStore(u"texts.bfdb"_s), both = emptyStore(u"accuracies.bfdb"_s);
    RunStore::open(texts).addAll(runs);
    RunStore::open(both).addAll(testing::plantedRuns("a", {"t"}));
    MainWindow window;
    window.show();
    window.openStore(texts);
    QTRY_VERIFY_WITH_TIMEOUT(window.settled(), kPatience);
    QCOMPARE(window.view().options().metric, LawMetric::CrossEntropy);
    QCOMPARE(window.plot().scene().hidden, 0);
    window.openStore(both);  // that was no choice of the user's
    QTRY_VERIFY_WITH_TIMEOUT(window.settled() && !window.plot().points().empty(), kPatience);
    QTRY_COMPARE(window.view().options().metric, LawMetric::Accuracy);
  }

  void incompletePointsAreOffered() {
    auto runs = testing::plantedRuns("a", {"t", "u"});
    for (const int bits : {3, 4, 16}) runs.push_back(testing::plantedRun("a", 1e8, bits, "more"));
    const auto file = emptyStore(u"incomplete.bfdb"_s);
    RunStore::open(file).addAll(runs);
    MainWindow window;
    window.show();
    window.openStore(file);
    QTRY_VERIFY_WITH_TIMEOUT(window.settled(), kPatience);
    QCOMPARE(window.plot().points().size(), std::size_t{3});
    QVERIFY(window.findChild<QLabel*>(u"countsLabel"_s)->text().contains(u"12 incomplete"_s));
    QCOMPARE(window.hint().hint(), HintBar::Hint::Partial);
    auto* show = window.findChild<QPushButton*>(u"hintPartial"_s);
    QVERIFY(show->isVisible());
    QTest::mouseClick(show, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(window.plot().points().size(), std::size_t{15}, kPatience);
    QVERIFY(window.actions().partial->isChecked());
    QCOMPARE(window.runs().pointTable().rowCount(), 15);
    window.actions().partial->setChecked(false);
    QTRY_COMPARE_WITH_TIMEOUT(window.plot().points().size(), std::size_t{3}, kPatience);
  }

  // The row that is selected, a waiting sweep, is not the one that runs.
  void pauseActsOnTheSweepThatRuns() {
    MainWindow window(endlessSweep());
    window.show();
    window.openStore(emptyStore(u"pause.bfdb"_s));
    QTRY_VERIFY_WITH_TIMEOUT(window.settled(), kPatience);
    QVERIFY(!window.actions().pause->isEnabled() && !window.actions().cancel->isEnabled());
    SweepJob* first = window.startSweep({});
    SweepJob* second = window.startSweep({});
    QTRY_COMPARE(first->state(), SweepJob::State::Running);
    QCOMPARE(second->state(), SweepJob::State::Queued);
    auto* view = window.findChild<QTableView*>(u"queueView"_s);
    for (const int row : {1, 0}) {
      view->selectRow(row);
      QVERIFY(window.actions().pause->isEnabled());
      QCOMPARE(window.actions().pause->text(), u"&Pause"_s);
      window.actions().pause->trigger();
      QCOMPARE(first->state(), SweepJob::State::Paused);
      QCOMPARE(second->state(), SweepJob::State::Queued);
      QCOMPARE(window.actions().pause->text(), u"&Resume"_s);
      window.actions().pause->trigger();
      QCOMPARE(first->state(), SweepJob::State::Running);
    }
    view->selectRow(1);
    window.actions().cancel->trigger();
    QTRY_COMPARE(first->state(), SweepJob::State::Cancelled);
    QTRY_COMPARE(second->state(), SweepJob::State::Running);
    view->selectRow(0);  // ended: the one that runs is meant
    QVERIFY(window.actions().pause->isEnabled());
    window.actions().pause->trigger();
    QCOMPARE(second->state(), SweepJob::State::Paused);
    QCOMPARE(first->state(), SweepJob::State::Cancelled);
  }
};

namespace {
const testing::Registered<FollowTest> kFollowTest;
}

}  // namespace bitfrontier

#include "follow_test.moc"
