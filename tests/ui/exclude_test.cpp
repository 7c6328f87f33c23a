// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <QLineEdit>
#include <QStatusBar>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include "core/base/error.h"
#include "tests/ui/planted_runs.h"
#include "tests/ui/registry.h"
#include "ui/base/text.h"
#include "ui/export/figure_export.h"
#include "ui/panels/views/exclude_dialog.h"
#include "ui/panels/views/views_panel.h"
#include "ui/plot/scatter.h"
#include "ui/view/exclusions.h"
#include "ui/window/main_window.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

/// Points of one family of which one is far above the law of the others, and below its bits.
std::string plantedStore(const QString& name) {
  const auto file = testing::temporaryFile(name).toStdString();
  std::vector<RunRecord> runs = testing::plantedRuns("opt", {"piqa"}, 6);
  for (RunRecord& run : runs) {
    if (run.model == "opt-400M" && run.bits == 4) run.result.accuracy = 0.79;
  }
  RunStore::open(file).addAll(runs);
  return file;
}

std::string keyOf(const MainWindow& window, const std::string& model, int bits) {
  for (const LawPoint& p : const_cast<MainWindow&>(window).plot().points()) {
    if (p.model == model && p.bits == bits) return pointKey(p);
  }
  return {};
}

}  // namespace

class ExcludeTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aReasonIsRequired() {
    const std::vector<PointRef> points{{"1", "opt int4"}};
    for (const char* reason : {"", "  ", "...", "\n\t-"}) {
      QVERIFY_EXCEPTION_THROWN(withExcluded({}, points, reason), Error);
    }
    const ViewOptions options = withExcluded({}, points, "  diverged\n at 3 B ");
    QCOMPARE(options.exclusions.size(), std::size_t{1});
    QCOMPARE(options.exclusions[0].reason, std::string("diverged at 3 B"));
    QVERIFY(QDate::fromString(Text::from(options.exclusions[0].date), Qt::ISODate).isValid());
    // Again, with another reason: still once.
    QCOMPARE(withExcluded(options, points, "typo").exclusions.size(), std::size_t{1});
    QVERIFY(withTakenBack(options, points).exclusions.empty());
  }

  // By key where the store is the same, by name in another one.
  void pointsAreFoundAgain() {
    std::vector<LawPoint> points = testing::plantedFamily("opt");
    for (std::size_t i = 0; i < points.size(); ++i) {
      points[i].runIds = {static_cast<std::int64_t>(i) + 1};
    }
    const std::vector<PointRef> refs{pointRef(points[3]), pointRef(points[7])};
    QCOMPARE(placesOf(refs, points), (std::vector<std::size_t>{3, 7}));
    std::reverse(points.begin(), points.end());
    for (LawPoint& p : points) p.runIds.front() += 1000;
    QCOMPARE(placesOf(refs, points),
             (std::vector<std::size_t>{points.size() - 8, points.size() - 4}));
    // Two models of one name: only the one that was meant, and both where none is.
    points.push_back(points.back());
    points.back().runIds = {5000};
    QCOMPARE(placesOf(std::vector{pointRef(points.back())}, points),
             (std::vector<std::size_t>{points.size() - 1}));
    QCOMPARE(placesOf(std::vector{PointRef{"1", nameOfPoint(points.back())}}, points).size(),
             std::size_t{2});
    QVERIFY(placesOf(std::vector{PointRef{"1", "opt-100M"}}, points).empty());
    // Whatever tells points apart is in the name.
    const std::string name = nameOfPoint(points[0]);
    const auto differs = [&](auto change) {
      LawPoint other = points[0];
      change(other);
      return nameOfPoint(other) != name;
    };
    QVERIFY(differs([](LawPoint& p) { p.method = "gptq"; }));
    QVERIFY(differs([](LawPoint& p) { p.calibration = "c4"; }));
    QVERIFY(differs([](LawPoint& p) { p.itemLimit = 4; }));
    QVERIFY(differs([](LawPoint& p) { p.bosProfile = "addbos"; }));
    QVERIFY(differs([](LawPoint& p) { p.maxLength = 256; }));
    QVERIFY(differs([](LawPoint& p) { p.source = "Doe 2023"; }));
  }

  void lawAndFrontierAreThoseOfTheRest() {
    MainWindow window;
    window.show();
    window.openStore(plantedStore(u"exclude.bfdb"_s));
    QTRY_VERIFY(window.settled());
    const std::string key = keyOf(window, "opt-400M", 4);
    QVERIFY(!key.empty());
    const auto onFrontier = [&] {
      for (const PlotFrontier& f : window.plot().scene().frontiers) {
        for (const int i : f.points) {
          if (pointKey(window.plot().points()[static_cast<std::size_t>(i)]) == key) return true;
        }
      }
      return false;
    };
    QVERIFY(onFrontier());
    ViewOptions options = window.view().options();
    options = withExcluded(options, refsOf(*window.view().points(), std::vector{key}), "planted");
    window.view().setOptions(options);
    QTRY_VERIFY(window.settled() && window.view().excludedPoints() == 1);
    QVERIFY(!onFrontier());
    QCOMPARE(window.view().points()->size(), std::size_t{18});  // still shown
    QCOMPARE(window.view().fitted()->size(), std::size_t{17});
    // The same laws as of a store that never had the point.
    std::vector<LawPoint> rest;
    for (const LawPoint& p : *window.view().points()) {
      if (pointKey(p) != key) rest.push_back(p);
    }
    const auto expected = computeLaws(rest, SeriesKey::Bits, LawMetric::Accuracy);
    QTRY_COMPARE(window.view().laws()->laws.size(), expected->laws.size());
    for (std::size_t i = 0; i < expected->laws.size(); ++i) {
      const LawCurve &mine = window.view().laws()->laws[i], &truth = expected->laws[i];
      QCOMPARE(mine.n, truth.n);
      QCOMPARE(mine.inside.size(), truth.inside.size());
      for (std::size_t k = 0; k < truth.inside.size(); ++k) {
        QCOMPARE(mine.inside[k].value, truth.inside[k].value);
      }
    }
    // Drawn as a cross, counted above the plot.
    int crosses = 0;
    const auto& groups = window.plot().content().scatter()->data().groups;
    QCOMPARE(groups.size(), window.plot().scene().groups.size());
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const bool cross = groups[g].style.shape() == QCPScatterStyle::ssCross;
      QCOMPARE(cross, window.plot().scene().groups[g].excluded);
      crosses += cross;
    }
    QCOMPARE(crosses, 1);
    auto* button = window.findChild<QToolButton*>(u"excludedButton"_s);
    QVERIFY(button->isVisible());
    QVERIFY(button->text().contains(u"1 excluded"_s));
    QTest::mouseClick(button, Qt::LeftButton);
    QVERIFY(window.panel<ViewsPanel>().exclusionList()->isVisible());
    QCOMPARE(window.panel<ViewsPanel>().exclusions().rowCount(), 1);
    QCOMPARE(window.panel<ViewsPanel>().exclusions().index(0, 1).data().toString(), u"planted"_s);

    // The figure says so.
    FigureSpec spec;
    spec.points = window.view().points();
    spec.options = window.view().options();
    QVERIFY2(figureNote(spec).contains(u"opt-400M int4-b64"_s), qPrintable(figureNote(spec)));
    QVERIFY(figureNote(spec).contains(u"planted"_s));
    spec.options.exclusions.clear();
    QVERIFY(!figureNote(spec).contains(u"exclu"_s));

    // Taken back in the panel, and that undone.
    QTest::mouseClick(window.findChild<QToolButton*>(u"takeBack"_s), Qt::LeftButton);
    QTRY_VERIFY(window.settled() && onFrontier());
    QVERIFY(!button->isVisible());
    window.actions().undo->trigger();
    QTRY_VERIFY(window.settled() && !onFrontier());
  }

  void theDialogNeedsAReasonAndOnlyTheKeyboard() {
    MainWindow window;
    window.show();
    window.openStore(plantedStore(u"exclude-dialog.bfdb"_s));
    QTRY_VERIFY(window.settled());
    QAction* action = window.actions().excludePoints;
    QVERIFY(!action->isEnabled());
    QVERIFY(!action->statusTip().isEmpty());
    window.view().selection().set({keyOf(window, "opt-400M", 4), keyOf(window, "opt-400M", 3)});
    QVERIFY(action->isEnabled());
    action->trigger();
    auto* dialog = window.findChild<ExcludeDialog*>();
    QTRY_VERIFY(dialog && dialog->isVisible());
    auto* accept = dialog->findChild<QPushButton*>(u"excludeAccept"_s);
    auto* reason = dialog->findChild<QLineEdit*>(u"excludeReason"_s);
    QVERIFY(!accept->isEnabled());
    QCOMPARE(accept->text().remove(u'&'), u"Exclude 2 points"_s);
    QTest::keyClick(reason, Qt::Key_Return);
    QVERIFY(dialog->isVisible());
    QTest::keyClicks(reason, u"other tokenizer"_s);
    QVERIFY(accept->isEnabled());
    QTest::keyClick(reason, Qt::Key_Return);
    QTRY_COMPARE(window.view().excludedPoints(), std::size_t{2});
    QCOMPARE(window.keeper().undo().stack().undoText(), u"exclude 2 points"_s);
    QVERIFY(window.notice().isVisible());
    QTest::mouseClick(window.notice().button(), Qt::LeftButton);  // Undo
    QTRY_COMPARE(window.view().excludedPoints(), std::size_t{0});

    // Esc leaves everything as it was.
    action->trigger();
    QTRY_VERIFY((dialog = window.findChild<ExcludeDialog*>()) && dialog->isVisible());
    QTest::keyClick(dialog, Qt::Key_Escape);
    QVERIFY(window.view().options().exclusions.empty());
  }

  void panelsAskForTheSame() {
    MainWindow window;
    window.show();
    window.openStore(plantedStore(u"exclude-panel.bfdb"_s));
    QTRY_VERIFY(window.settled());
    auto* requests = window.findChild<PanelRequests*>();
    const std::string key = keyOf(window, "opt-400M", 4);
    Q_EMIT requests->baselineWanted(key);
    QTRY_VERIFY(window.view().baseline());
    QCOMPARE(window.view().baseline()->model, std::string("opt-400M"));
    QCOMPARE(window.actions().setBaseline->text().remove(u'&'), u"Remove baseline"_s);
    // What is looked at is compared with it.
    const auto at = static_cast<int>(
        &*std::find_if(window.plot().points().begin(), window.plot().points().end(),
                       [](const LawPoint& p) { return p.model == "opt-400M" && p.bits == 3; }) -
        window.plot().points().data());
    window.plot().setCurrent(at);
    const LawPoint& other = window.plot().points()[static_cast<std::size_t>(at)];
    const QString difference =
        Text::number(100 * (window.view().baseline()->accuracy - other.accuracy), 3);
    const QString message = window.statusBar()->currentMessage();
    QVERIFY2(
        message.contains(u"−%1 points of accuracy against opt-400M int4-b64"_s.arg(difference)),
        qPrintable(message));
    window.actions().setBaseline->trigger();
    QVERIFY(!window.view().baseline());
    Q_EMIT requests->excludeWanted({key});
    QTRY_VERIFY(window.findChild<ExcludeDialog*>());
    // Other runs of the store do not bring it back.
    ViewOptions options = window.view().options();
    options = withExcluded(options, refsOf(*window.view().points(), std::vector{key}), "planted");
    window.view().setOptions(options);
    QTRY_COMPARE(window.view().excludedPoints(), std::size_t{1});
    RunStore::open(window.session().path()).addAll(testing::plantedRuns("bloom", {"piqa"}, 4));
    window.session().reload();
    QTRY_COMPARE(window.view().points()->size(), std::size_t{30});
    QCOMPARE(window.view().excludedPoints(), std::size_t{1});
  }
};

namespace {
const testing::Registered<ExcludeTest> kExcludeTest;
}

}  // namespace bitfrontier

#include "exclude_test.moc"
