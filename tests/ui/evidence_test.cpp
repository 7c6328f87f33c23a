// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <QSignalSpy>
#include <QTest>
#include <random>

#include "tests/ui/planted_runs.h"
#include "tests/ui/registry.h"
#include "ui/base/text.h"
#include "ui/view/evidence.h"
#include "ui/window/plot_pane.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

/// Runs of one family with outcomes of items. At equal total bits 4 bit is `lead` better than the
/// others, everywhere the same.
std::filesystem::path plantedStore(const QString& name, double lead,
                                   const std::vector<int>& widths = {3, 4, 8, 16}) {
  const std::filesystem::path file = testing::temporaryFile(name).toStdString();
  std::filesystem::remove(file);
  RunStore store = RunStore::open(file);
  constexpr int kItems = 1500, kSizes = 6;
  std::vector<RunRecord> runs;
  for (int size = 0; size < kSizes; ++size) {
    for (const int bits : widths) {
      RunRecord run = testing::plantedRun("a", 1e8 * std::pow(2.0, size), bits, "t", 0);
      const double p = 0.3 + 0.09 * std::log2(run.modelBits.checkpointBytes / 3e8) / 1.2 +
                       (bits == 4 ? lead : 0);
      // Easier items are answered by all: outcomes are paired.
      std::mt19937 random(17);
      int right = 0;
      std::mt19937 own(static_cast<unsigned>(size * 100 + bits));
      for (int i = 0; i < kItems; ++i) {
        const double easy = (random() % 10000) / 10000.0, luck = (own() % 1000) / 1000.0;
        const bool correct = easy + 0.1 * (luck - 0.5) < p;
        run.result.correct.push_back(correct);
        right += correct;
      }
      run.result.items = kItems;
      run.result.accuracy = right / double(kItems);
      run.result.accuracySe = std::sqrt(run.result.accuracy * (1 - run.result.accuracy) / kItems);
      run.result.chance = 0;
      store.add(run);
    }
  }
  return file;
}

std::vector<LawPoint> pointsOf(const std::filesystem::path& store) {
  return *readSnapshot(store, CountingRule::CheckpointBytes)->points;
}

/// Budgets an eighth of an octave apart at which `best[i]` wins with `p[i]` against one other.
OptimalWidths planted(const std::vector<int>& best, const std::vector<double>& p) {
  OptimalWidths widths;
  widths.title = "a";
  widths.measured = {{8, 1e8, 1e10}, {4, 1e8, 1e10}};
  for (std::size_t i = 0; i < best.size(); ++i) {
    BudgetChoice choice;
    choice.totalBits = 8e9 * std::exp2(static_cast<double>(i) / 8);
    choice.best = static_cast<std::size_t>(best[i]);
    const std::size_t other = best[i] == 4 ? 8 : 4;
    choice.formats = {{choice.best, 0.6, p[i]}, {other, 0.5, 1 - p[i]}};
    choice.verdict = verdictOf(p[i], 2);
    widths.grid.push_back(choice);
  }
  WidthRange all;
  all.fromBits = widths.grid.front().totalBits;
  all.toBits = widths.grid.back().totalBits;
  all.curves = true;
  widths.ranges = {all};
  return widths;
}

}  // namespace

/// The sentence above the plot says what was planted, and nothing else.
class EvidenceTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theLongestSureStretchIsTheHeadline() {
    using Beside = WidthHeadline::Beside;
    const WidthHeadline line = widthHeadline(
        planted({8, 4, 4, 4, 4, 8, 8, 4}, {0.6, 0.97, 0.99, 0.98, 0.96, 0.99, 0.97, 0.5}));
    QCOMPARE(line.bits, 4);
    QCOMPARE(line.verdict, Verdict::Optimal);
    QCOMPARE(line.lowest, 0.96);
    QCOMPARE(line.fromBits, 8e9 * std::exp2(1 / 8.0));
    QCOMPARE(line.toBits, 8e9 * std::exp2(4 / 8.0));
    QCOMPARE(line.below, Beside::Undecided);
    QCOMPARE(line.above, Beside::Others);
    QCOMPARE(
        headlineText(line),
        u"4 bit is best from 1.09 to 1.41\u202fGB (P 0.96); undecided below; other widths are best "
        u"above"_s);
  }

  void probablyAndUndecided() {
    const WidthHeadline probably = widthHeadline(planted({4, 4, 4}, {0.8, 0.9, 0.94}));
    QCOMPARE(probably.verdict, Verdict::Probably);
    QVERIFY(headlineText(probably).startsWith(u"4 bit is probably best from"_s));
    const WidthHeadline undecided = widthHeadline(planted({4, 8, 4}, {0.6, 0.7, 0.5}));
    QCOMPARE(undecided.bits, 0);
    QVERIFY(headlineText(undecided).startsWith(u"which width is best is undecided"_s));
  }

  // Budgets at which only one width has a model are no evidence, also between others.
  void nothingIsSaidWhereNothingCompetes() {
    OptimalWidths widths =
        planted({4, 4, 4, 4, 4, 4, 4}, {0.99, 0.99, 0.99, 0.99, 0.99, 0.99, 0.99});
    widths.grid[3].formats.resize(1);
    const WidthHeadline line = widthHeadline(widths);
    QCOMPARE(line.bits, 4);
    QVERIFY(line.toBits < widths.grid[3].totalBits || line.fromBits > widths.grid[3].totalBits);
    for (BudgetChoice& choice : widths.grid) choice.formats.resize(1);
    const WidthHeadline none = widthHeadline(widths);
    QVERIFY(!none.contested && none.bits == 0);
    widths.measured.resize(1);
    QCOMPARE(headlineText(widthHeadline(widths)),
             u"only 8 bit is measured, so widths cannot be compared"_s);
  }

  // What guesses is not ranked, however sure the laws of its noise are.
  void familiesAtChanceAreNotRanked() {
    const auto family = [](const QString& name, double lead) {
      const std::filesystem::path file = testing::temporaryFile(name).toStdString();
      std::filesystem::remove(file);
      RunStore store = RunStore::open(file);
      std::mt19937 random(4);
      constexpr int kItems = 400;
      for (int size = 0; size < 5; ++size) {
        for (const int bits : {3, 4, 8, 16}) {
          RunRecord run = testing::plantedRun("a", 1e8 * std::pow(2.0, size), bits, "t", 0);
          std::bernoulli_distribution guess(0.5 + (size == 4 && bits == 4 ? lead : 0));
          int right = 0;
          for (int i = 0; i < kItems; ++i) {
            run.result.correct.push_back(guess(random));
            right += run.result.correct.back();
          }
          run.result.items = kItems;
          run.result.accuracy = right / double(kItems);
          run.result.accuracySe =
              std::sqrt(run.result.accuracy * (1 - run.result.accuracy) / kItems);
          run.result.chance = 0.5;
          store.add(run);
        }
      }
      return file;
    };
    const auto guessing = family(u"guessing.bfdb"_s, 0);
    const Statements statements = makeStatements(guessing, pointsOf(guessing), LawMetric::Accuracy);
    QCOMPARE(statements.families.size(), std::size_t{1});
    QVERIFY(statements.families[0].headline.atChance);
    QCOMPARE(statements.families[0].headline.bits, 0);
    QCOMPARE(headlineText(statements.families[0].headline),
             u"no model can be told from guessing, so no width is best"_s);
    QVERIFY(statementsHtml(statements).contains(u"told from guessing"_s));
    // One model that is clearly better is enough for a ranking.
    const auto able = family(u"able.bfdb"_s, 0.2);
    const Statements other = makeStatements(able, pointsOf(able), LawMetric::Accuracy);
    QVERIFY(!other.families[0].headline.atChance);
    QVERIFY(!statementsHtml(other).contains(u"guessing"_s));
    // Chance that is not known says nothing.
    std::vector<LawPoint> unknown = pointsOf(guessing);
    QVERIFY(cannotBeToldFromChance(unknown));
    unknown[3].chance = LawPoint::kAbsent;
    QVERIFY(!cannotBeToldFromChance(unknown));
    QVERIFY(!cannotBeToldFromChance({}));
  }

  void withoutErrorsNoProbability() {
    OptimalWidths widths = planted({4, 4}, {0.99, 0.99});
    widths.errorsKnown = false;
    const WidthHeadline line = widthHeadline(widths);
    QCOMPARE(line.bits, 0);
    QVERIFY(headlineText(line).contains(u"as measured"_s));
    QVERIFY(!headlineText(line).contains(u"(P"_s));
  }

  void plantedTruthIsSaid() {
    const auto points = pointsOf(plantedStore(u"lead.bfdb"_s, 0.12));
    const auto file = testing::temporaryFile(u"lead.bfdb"_s).toStdString();
    const Statements statements = makeStatements(file, points, LawMetric::Accuracy);
    QCOMPARE(statements.families.size(), std::size_t{1});
    const WidthHeadline& line = statements.families.front().headline;
    QCOMPARE(line.bits, 4);
    QCOMPARE(line.verdict, Verdict::Optimal);
    QVERIFY(line.lowest >= 0.95);
    // Where 4 bit competes, and no further.
    QVERIFY(line.fromBits >= 3e8 * 0.99 && line.toBits <= 1.6e9 * 32);
    QVERIFY(line.toBits / line.fromBits > 4);
    QVERIFY(statementsHtml(statements).contains(u"4 bit is best"_s));
    // The points behind it are of the best width.
    QVERIFY(!statements.families.front().points.empty());
    std::size_t four = 0;
    for (const LawPoint& p : points) {
      const auto& keys = statements.families.front().points;
      if (std::find(keys.begin(), keys.end(), pointKey(p)) != keys.end()) four += p.bits == 4;
    }
    QVERIFY(four * 2 > statements.families.front().points.size());
  }

  void noLeadIsUndecided() {
    const auto file = plantedStore(u"even.bfdb"_s, 0);
    const Statements statements = makeStatements(file, pointsOf(file), LawMetric::Accuracy);
    const WidthHeadline& line = statements.families.front().headline;
    QVERIFY2(line.bits == 0 || line.toBits / line.fromBits < 4, qPrintable(headlineText(line)));
  }

  void nothingToSayIsSaid() {
    const auto file = plantedStore(u"one.bfdb"_s, 0, {4});
    const auto points = pointsOf(file);
    const Statements one = makeStatements(file, points, LawMetric::Accuracy);
    QVERIFY(statementsHtml(one).contains(u"nly 4 bit is measured"_s));
    const Statements none = makeStatements(file, {}, LawMetric::Accuracy);
    QVERIFY(none.families.empty());
    QCOMPARE(statementsHtml(none), u"no point is in view"_s);
    QCOMPARE(statementsHtml(makeStatements(file, points, LawMetric::CrossEntropy)),
             u"no point in view has this metric"_s);
  }

  // Two configurations that answer the same are on the frontier half of the time each.
  void chancesAreThoseOfCore() {
    const auto file = plantedStore(u"chances.bfdb"_s, 0.12);
    const auto points = pointsOf(file);
    std::vector<double> costs;
    for (const LawPoint& p : points) costs.push_back(p.totalBits);
    const FrontierChances chances = makeChances(file, points, costs, LawMetric::Accuracy);
    QVERIFY(chances.paired);
    QVERIFY(!chances.points.empty());
    bool sure = false;
    for (const auto& [key, chance] : chances.points) {
      QVERIFY(chance.probability >= 0 && chance.probability <= 1);
      sure = sure || (chance.on && chance.probability > 0.99);
    }
    QVERIFY(sure);
    // 16 bit at the size at which 4 bit is far better is not on it.
    for (const LawPoint& p : points) {
      if (p.bits != 16 || p.totalBits > 1.3e10) continue;
      const auto found = chances.points.find(pointKey(p));
      QVERIFY(found == chances.points.end() || found->second.probability < 0.05);
    }
  }

  void theSentenceLeadsToItsPoints() {
    const auto file = plantedStore(u"pane.bfdb"_s, 0.12);
    StoreSession session;
    ViewController view(&session);
    auto* plot = new FrontierPlot;
    PlotPane pane(plot, &view, &session);
    QVERIFY(pane.statement()->text().contains(u"…"_s));  // at once: that it is coming
    QObject::connect(&view, &ViewController::pointsChanged, plot,
                     [&] { plot->setPoints(view.points(), view.facts(), view.axes()); });
    session.open(file);
    QTRY_VERIFY(pane.statement()->text().contains(u"4 bit is best"_s));
    QTRY_VERIFY(plot->chances());
    Q_EMIT pane.statement()->linkActivated(u"0"_s);
    const Statement& statement = pane.evidence().statements()->families.front();
    QVERIFY(plot->xAxis->range().contains(statement.headline.fromBits));
    QVERIFY(plot->xAxis->range().contains(statement.headline.toBits));
    std::vector<std::string> keys = statement.points;
    std::sort(keys.begin(), keys.end());
    QCOMPARE(view.selection().keys(), keys);
    QTest::keyClick(plot, Qt::Key_Backspace);
    QVERIFY(plot->xAxis->range().upper > statement.headline.toBits);
    // A filter that leaves one width says why nothing can be said.
    ViewOptions options = view.options();
    options.filter = "bits:4";
    view.setOptions(options);
    QTRY_VERIFY(pane.statement()->text().contains(u"nly 4 bit is measured"_s));
  }

  void refusalsAreSentences() {
    LawSet laws;
    for (const char* family : {"opt", "gpt2"}) {
      for (const int bits : {4, 8}) {
        LawCurve curve;
        curve.series.family = family;
        curve.series.label = std::to_string(bits) + " bit";
        curve.note =
            "2 sizes are too few for an exponent (4 are needed): the curve is interpolated";
        laws.laws.push_back(curve);
      }
    }
    const RefusalText text = refusals(laws);
    QCOMPARE(text.line, u"No law describes opt, gpt2: 2 sizes are too few for an exponent"_s);
    QCOMPARE(text.reasons.count(u'\n'), qsizetype{3});
    laws.laws[0].law = std::make_shared<JointFit>();
    QCOMPARE(refusals(laws).line,
             u"No law describes opt, 8 bit, gpt2: 2 sizes are too few for an exponent"_s);
    QVERIFY(refusals({}).line.isEmpty());
  }

  void theMenuWritesTheFilter() {
    const auto file = plantedStore(u"menu.bfdb"_s, 0.12);
    StoreSession session;
    ViewController view(&session);
    auto* plot = new FrontierPlot;
    PlotPane pane(plot, &view, &session);
    QObject::connect(&view, &ViewController::pointsChanged, plot,
                     [&] { plot->setPoints(view.points(), view.facts(), view.axes()); });
    session.open(file);
    QTRY_VERIFY(!plot->points().empty());
    const LawPoint first = plot->points().front();
    const std::unique_ptr<QMenu> menu(pane.menuFor(0));
    QStringList texts;
    for (QAction* action : menu->actions()) {
      texts << action->text();
      // Nobody listens to these here.
      QVERIFY(!action->text().contains(u"xclude"_s));
      if (action->text().contains(QString::fromStdString(first.model))) action->trigger();
    }
    QCOMPARE(view.options().filter, "model:\"" + first.model + "\"");
    QTRY_COMPARE(view.points()->size(), std::size_t{4});
    connect(&pane, &PlotPane::excludeWanted, this, [](const std::vector<std::string>&) {});
    const std::unique_ptr<QMenu> more(pane.menuFor(0));
    const QList<QAction*> actions = more->actions();
    QVERIFY(std::any_of(actions.begin(), actions.end(),
                        [](QAction* a) { return a->text().contains(u"xclude"_s); }));
  }
};

namespace {
const testing::Registered<EvidenceTest> kEvidenceTest;
}

}  // namespace bitfrontier

#include "evidence_test.moc"
