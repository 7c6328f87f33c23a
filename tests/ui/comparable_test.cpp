// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <functional>
#include <map>
#include <QTest>
#include <set>

#include "tests/ui/planted_runs.h"
#include "tests/ui/registry.h"
#include "ui/export/headless_export.h"
#include "ui/plot/frontier_plot.h"
#include "ui/view/view_controller.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

std::vector<RunRecord> joined(std::vector<RunRecord> a, const std::vector<RunRecord>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

std::filesystem::path storeOf(const QString& name, const std::vector<RunRecord>& runs) {
  const std::filesystem::path file = testing::temporaryFile(name).toStdString();
  RunStore::open(file).addAll(runs);
  return file;
}

QStringList legendTexts(const FrontierPlot& plot) {
  QStringList texts;
  for (const LegendEntry* entry : plot.legendEntries()) texts << entry->text();
  return texts;
}

/// How the points of a frontier were scored; more than one entry is a line that joins what must
/// not be compared.
std::set<std::string> scorings(const Choice& choice, const PlotFrontier& frontier) {
  std::set<std::string> found;
  for (const int i : frontier.points) {
    const LawPoint& p = (*choice.points)[static_cast<std::size_t>(i)];
    found.insert(p.source + "/" + std::to_string(p.itemLimit) + "/" + p.evaluator + "/" +
                 p.bosProfile + "/" + std::to_string(p.maxLength) + "/" + p.tasks + "/" +
                 p.taskTexts);
  }
  return found;
}

}  // namespace

/// Lines join only what may be compared; what is left out is counted.
class ComparableTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void itemLimitsHaveFrontiersOfTheirOwn() {
    // Four items a task: some of these are right by luck and would be the whole frontier.
    const auto file =
        storeOf(u"limits.bfdb"_s, joined(testing::plantedRuns("a", {"t", "u"}, 5, 200),
                                         testing::plantedRuns("a", {"t", "u"}, 3, 4, 0.2)));
    const SnapshotPtr snapshot = readSnapshot(file, CountingRule::CheckpointBytes);
    const Choice choice = choose(*snapshot, {});
    QCOMPARE(choice.points->size(), std::size_t{15 + 9});
    const PlotScene scene = makeScene(*choice.points, {}, choice.facts);
    QCOMPARE(scene.frontiers.size(), std::size_t{2});
    for (const PlotFrontier& f : scene.frontiers)
      QCOMPARE(scorings(choice, f).size(), std::size_t{1});
    QCOMPARE(scene.frontiers[0].label, u"200 items each"_s);  // the larger set first
    QCOMPARE(scene.frontiers[1].label, u"4 items each"_s);
    FrontierPlot plot;
    plot.setPoints(choice.points, choice.facts);
    const QStringList texts = legendTexts(plot);
    QVERIFY2(texts.contains(u"frontier, 4 items each"_s), qPrintable(texts.join(u'|')));
    QVERIFY2(texts.contains(u"Scored differently, so not joined."_s), qPrintable(texts.join(u'|')));
    QVERIFY(frontierPen({}, 0).dashPattern() != frontierPen({}, 1).dashPattern());
  }

  void sameSettingsHaveOneFrontier() {
    const auto file = storeOf(u"alike.bfdb"_s, joined(testing::plantedRuns("a", {"t", "u"}),
                                                      testing::plantedRuns("b", {"t", "u"})));
    const Choice choice = choose(*readSnapshot(file, CountingRule::CheckpointBytes), {});
    const PlotScene scene = makeScene(*choice.points, {}, choice.facts);
    QCOMPARE(scene.frontiers.size(), std::size_t{1});
    QVERIFY(scene.frontiers.front().label.isEmpty());
    FrontierPlot plot;
    plot.setPoints(choice.points, choice.facts);
    QVERIFY(legendTexts(plot).contains(u"Pareto frontier"_s));
  }

  // Families have different tasks, as many or not: both are points of their own scale.
  void taskSetsHaveFrontiersOfTheirOwn() {
    const auto file = storeOf(
        u"tasks.bfdb"_s, joined(joined(testing::plantedRuns("a", {"t", "u", "v", "w"}),
                                       testing::plantedRuns("b", {"t", "u", "v", "w", "x"})),
                                testing::plantedRuns("c", {"t", "u", "v", "easy"}, 5, 200, 0.1)));
    const Choice choice = choose(*readSnapshot(file, CountingRule::CheckpointBytes), {});
    const PlotScene scene = makeScene(*choice.points, {}, choice.facts);
    QCOMPARE(scene.frontiers.size(), std::size_t{3});
    QSet<QString> labels;
    for (const PlotFrontier& f : scene.frontiers) {
      QCOMPARE(scorings(choice, f).size(), std::size_t{1});
      labels << f.label;
    }
    QCOMPARE(labels.size(), qsizetype{3});
  }

  void evaluatorsHaveFrontiersOfTheirOwn() {
    auto other = testing::plantedRuns("b", {"t"});
    for (RunRecord& run : other) run.evaluatorVersion = "another";
    const auto file =
        storeOf(u"evaluators.bfdb"_s, joined(testing::plantedRuns("a", {"t"}), other));
    const Choice choice = choose(*readSnapshot(file, CountingRule::CheckpointBytes), {});
    QCOMPARE(makeScene(*choice.points, {}, choice.facts).frontiers.size(), std::size_t{2});
  }

  // Two halves of one family that differ in one thing only: no line joins them.
  void eachSettingHasLinesOfItsOwn() {
    using Change = std::function<void(RunRecord&)>;
    const std::vector<Change> changes{
        [](RunRecord& r) { r.source = "a paper, 2024"; },
        [](RunRecord& r) { r.evaluatorVersion = "another"; },
        [](RunRecord& r) { r.result.task += "_other"; },
        [](RunRecord& r) { r.result.taskHash = "another"; },
        [](RunRecord& r) { r.result.itemLimit = 100; },
        [](RunRecord& r) { r.result.bosProfile = "addbos"; },
        [](RunRecord& r) { r.result.maxLength = 64; },
        [](RunRecord& r) { r.calibration = "another text"; },
    };
    for (std::size_t c = 0; c < changes.size(); ++c) {
      std::vector<RunRecord> runs;
      for (int size = 0; size < 10; ++size) {
        for (const int bits : {3, 4}) {
          RunRecord run = testing::plantedRun("a", 1e8 * std::pow(1.5, size), bits, "t");
          run.method = "gptq";
          run.calibration = "a text";
          run.result.bosProfile = "harness";
          run.device = size % 2 == 0 ? "one" : "other";
          if (size % 2 == 1) changes[c](run);
          runs.push_back(run);
        }
      }
      const auto file = storeOf(u"setting-%1.bfdb"_s.arg(c), runs);
      const SnapshotPtr snapshot = readSnapshot(file, CountingRule::CheckpointBytes);
      std::map<std::int64_t, std::string> halves;
      for (const RunRow& run : *snapshot->runs) halves[run.id] = run.device;
      const Choice choice = choose(*snapshot, {});
      ViewOptions options;
      const PlotScene scene = makeScene(*choice.points, options, choice.facts);
      QCOMPARE(scene.frontiers.size(), std::size_t{2});
      for (const PlotFrontier& f : scene.frontiers) {
        std::set<std::string> joined;
        for (const int i : f.points) {
          joined.insert(halves.at((*choice.points)[static_cast<std::size_t>(i)].runIds.front()));
        }
        QCOMPARE(joined.size(), std::size_t{1});
      }
      QVERIFY(c == 0 || scene.frontiers[0].label != scene.frontiers[1].label);
      const auto laws = computeLaws(*choice.fitted, SeriesKey::Bits, LawMetric::Accuracy);
      for (const LawCurve& law : laws->laws) {
        std::set<std::string> joined;
        for (const LawPoint& p : law.series.points) joined.insert(halves.at(p.runIds.front()));
        QCOMPARE(joined.size(), std::size_t{1});
      }
    }
  }

  // Two rules for the first token in one family are two series, not one with twice the points.
  void lawsAreFittedToWhatMayBeCompared() {
    std::vector<LawPoint> points = testing::plantedFamily("a");
    const auto before = computeLaws(points, SeriesKey::Bits, LawMetric::Accuracy);
    for (LawPoint p : testing::plantedFamily("a")) {
      p.bosProfile = "always";
      p.accuracy -= 0.1;
      points.push_back(p);
    }
    const auto laws = computeLaws(points, SeriesKey::Bits, LawMetric::Accuracy);
    QCOMPARE(laws->laws.size(), 2 * before->laws.size());
    std::set<std::string> labels;
    for (const LawCurve& law : laws->laws) {
      QCOMPARE(law.series.points.size(), std::size_t{8});
      for (const LawPoint& p : law.series.points) {
        QCOMPARE(p.bosProfile, law.series.points.front().bosProfile);
      }
      labels.insert(law.series.label);
    }
    QCOMPARE(labels.size(), laws->laws.size());
  }

  // One model of a family has one more task: the others are left out, and that is said.
  void incompletePointsAreCountedAndShownOnRequest() {
    auto runs = testing::plantedRuns("a", {"t", "u"});
    for (const int bits : {3, 4, 16}) runs.push_back(testing::plantedRun("a", 1e8, bits, "more"));
    const auto file = storeOf(u"partial.bfdb"_s, runs);
    const SnapshotPtr snapshot = readSnapshot(file, CountingRule::CheckpointBytes);
    ViewOptions options;
    Choice choice = choose(*snapshot, options);
    QCOMPARE(choice.points->size(), std::size_t{3});
    QCOMPARE(choice.partial->size(), std::size_t{12});
    options.partial = true;
    choice = choose(*snapshot, options);
    QCOMPARE(choice.points->size(), std::size_t{15});
    QCOMPARE(choice.partial->size(), std::size_t{12});
    QCOMPARE(choice.total, std::size_t{15});
    QCOMPARE(choice.fitted->size(), std::size_t{3});  // laws never mix both
    for (const PlotFrontier& f : makeScene(*choice.points, options, choice.facts).frontiers) {
      QCOMPARE(scorings(choice, f).size(), std::size_t{1});
    }
    // The count goes with the filter.
    options.filter = "bits:3";
    QCOMPARE(choose(*snapshot, options).partial->size(), std::size_t{4});
    // Over the tasks that all have, all are complete.
    options = {};
    options.filter = "-task:more";
    choice = choose(*snapshot, options);
    QCOMPARE(choice.points->size(), std::size_t{15});
    QCOMPARE(choice.partial->size(), std::size_t{0});
  }

  void chosenTasksMakeTheMean() {
    auto runs = testing::plantedRuns("a", {"t", "u"});
    for (RunRecord& run : runs) {
      if (run.result.task == "u") run.result.accuracy = 0.5;
    }
    const auto file = storeOf(u"mean.bfdb"_s, runs);
    const SnapshotPtr snapshot = readSnapshot(file, CountingRule::CheckpointBytes);
    for (const char* filter : {"-task:t", "task:u", "task:u,x"}) {
      ViewOptions options;
      options.filter = filter;
      const Choice choice = choose(*snapshot, options);
      QCOMPARE(choice.points->size(), std::size_t{15});
      for (const LawPoint& p : *choice.points) QCOMPARE(p.accuracy, 0.5);
      for (const std::uint32_t place : *choice.shownRuns) {
        QCOMPARE((*choice.runs)[place].result.task.text(), std::string("u"));
      }
    }
    for (const LawPoint& p : *choose(*snapshot, {}).points) QCOMPARE(p.accuracyTasks, 2);
  }

  void exportSaysWhatIsLeftOut() {
    auto runs = testing::plantedRuns("a", {"t", "u"});
    for (const int bits : {3, 4, 16}) runs.push_back(testing::plantedRun("a", 1e8, bits, "more"));
    HeadlessExport request;
    request.store = storeOf(u"partial-export.bfdb"_s, runs);
    request.figures = {testing::temporaryFile(u"partial.svg"_s).toStdString()};
    request.look.preset = figurePresets().front();
    QString line = exportHeadless(request).front();
    QVERIFY2(line.contains(u"3 points"_s) && line.contains(u"12 more"_s), qPrintable(line));
    request.options.partial = true;
    line = exportHeadless(request).front();
    QVERIFY2(line.contains(u"15 points"_s), qPrintable(line));
  }

  void exportRefusesAFilterThatIsNotUnderstood() {
    HeadlessExport request;
    request.store = storeOf(u"filter-export.bfdb"_s, testing::plantedRuns("a", {"t"}));
    request.figures = {testing::temporaryFile(u"filter.svg"_s).toStdString()};
    request.look.preset = figurePresets().front();
    request.options.filter = "colour:red";
    try {
      exportHeadless(request);
      QFAIL("no error");
    } catch (const Error& e) {
      QVERIFY2(std::string(e.what()).find("colour") != std::string::npos, e.what());
    }
  }

  void exportOfPerplexitiesChoosesCrossEntropy() {
    auto runs = testing::plantedRuns("a", {"text"});
    for (RunRecord& run : runs) {
      run.result.crossEntropy = 4 - run.result.accuracy;
      run.result.crossEntropySe = 0.01;
      run.result.accuracy = run.result.accuracySe = run.result.chance = LawPoint::kAbsent;
    }
    HeadlessExport request;
    request.store = storeOf(u"text-export.bfdb"_s, runs);
    const QString figure = testing::temporaryFile(u"text.svg"_s);
    request.figures = {figure.toStdString()};
    request.look.preset = figurePresets().front();
    QVERIFY_EXCEPTION_THROWN(exportHeadless(request), Error);  // accuracy was asked for
    request.autoMetric = true;
    QVERIFY(exportHeadless(request).front().contains(u"15 points"_s));
    QFile file(figure);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll().contains("nats per token"));
  }
};

namespace {
const testing::Registered<ComparableTest> kComparableTest;
}

}  // namespace bitfrontier

#include "comparable_test.moc"
