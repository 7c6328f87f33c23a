// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <nlohmann/json.hpp>
#include <QTableView>

#include "tests/ui/planted_decisions.h"
#include "ui/panels/laws/law_panel.h"
#include "ui/panels/laws/residual_plot.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

/// The laws panel shows the law that the data choose with everything that belongs to it.
class LawsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void numbersAreWrittenAsPeopleWriteThem() {
    QCOMPARE(withHalfWidth(4.2137, 0.0512), u"4.21 ± 0.05"_s);
    QCOMPARE(withHalfWidth(4.2137, 0.0132), u"4.214 ± 0.013"_s);
    QCOMPARE(withHalfWidth(-0.31, 0.2), u"-0.3 ± 0.2"_s);
    QCOMPARE(withHalfWidth(123.4, 30), u"123 ± 30"_s);
    QCOMPARE(withHalfWidth(0.5, LawPoint::kAbsent), u"0.5"_s);
    ParameterRow row;
    row.value = 3;
    row.lower = 2.5;
    row.upper = 5;
    QCOMPARE(row.text(), u"3 [2.5, 5]"_s);
    row.upper = 3.49;
    QVERIFY(row.text().contains(u"±"_s));
    row.upper = LawPoint::kAbsent;
    QCOMPARE(row.text(), u"3 [2.5, …]"_s);
  }

  void chosenLawIsThePlantedOne() {
    test::PlantedTruth truth = plantedTruth();
    const auto sweep = test::plantSweep(truth, 9);
    testing::PanelBench bench(
        testing::plantStore(u"laws.bfdb"_s, truth, sweep, [](auto, auto) { return true; }));
    LawsController controller(&bench.session, &bench.view);
    QTRY_VERIFY(bench.ready());
    const JointFit* law = controller.law();
    QVERIFY2(law != nullptr, qPrintable(controller.reason()));
    const auto tried = controller.tried();
    QVERIFY(tried.size() > 2);
    QVERIFY(tried.front().chosen && tried.front().difference == 0);
    for (const TriedLaw& row : tried) {
      QCOMPARE(row.usable, row.why.isEmpty());
      if (row.usable) QVERIFY(row.difference >= 0);
    }
    // The planted exponent lies in its interval.
    bool found = false;
    for (const ParameterRow& row : controller.parameters()) {
      if (row.name != u"alpha"_s) continue;
      found = true;
      QVERIFY(row.lower < row.value && row.value < row.upper);
      QVERIFY2(row.lower - 0.05 < truth.alpha && truth.alpha < row.upper + 0.05,
               qPrintable(row.text()));
    }
    QVERIFY(found);
    QVERIFY(controller.sentence().contains(u"alpha = "_s));
    QVERIFY(controller.facts().contains(u"sizes"_s));
    // For other programs.
    const auto json = nlohmann::json::parse(controller.json().toStdString());
    QVERIFY(json.contains("parameters"));
    QVERIFY(controller.python().contains(u"def predict"_s));
    QVERIFY(controller.latex().contains(u"alpha"_s));
    QVERIFY(controller.command().startsWith(u"bitfrontier fit "_s));
    // Selecting the law selects its evidence.
    controller.selectEvidence();
    QCOMPARE(bench.view.selection().keys().size(), sweep.points.size());
    controller.selectEvidenceOf(0);
    QCOMPARE(bench.view.selection().keys().size(), truth.sizes.size());
  }

  void profileAndComparisonAreAnsweredWhenAsked() {
    test::PlantedTruth truth = plantedTruth();
    const auto sweep = test::plantSweep(truth, 9);
    testing::PanelBench bench(
        testing::plantStore(u"profile.bfdb"_s, truth, sweep, [](auto, auto) { return true; }));
    LawsController controller(&bench.session, &bench.view);
    QTRY_VERIFY(bench.ready());
    QVERIFY(controller.profile().empty() && !controller.comparison());
    controller.askProfile();
    QVERIFY(controller.profiling());
    QTRY_VERIFY(!controller.profiling());
    QVERIFY2(!controller.profile().empty(), qPrintable(controller.problem()));
    const auto rows = controller.parameters();
    for (const ProfileInterval& interval : controller.profile()) {
      // The same fit as the one that is shown.
      const auto k = controller.law()->find(interval.name);
      QVERIFY(k.has_value());
      QVERIFY(std::abs(controller.law()->parameters[*k].value - interval.estimate) <
              1e-4 * std::max(1.0, std::abs(interval.estimate)));
      QVERIFY(rows[*k].profiled);
    }
    controller.askComparison();
    controller.cancel();
    QVERIFY(!controller.comparing() && !controller.comparison());
    controller.askComparison();
    QTRY_VERIFY(!controller.comparing());
    QVERIFY(controller.comparison() != nullptr);
    QVERIFY(!controller.comparison()->verdicts.empty());
    QVERIFY(controller.facts().contains(u"left-out sizes"_s));
  }

  void pagesShowLawRemarksAndResiduals() {
    test::PlantedTruth truth = plantedTruth();
    const auto sweep = test::plantSweep(truth, 9);
    testing::PanelBench bench(
        testing::plantStore(u"pages.bfdb"_s, truth, sweep, [](auto, auto) { return true; }));
    LawPanel panel(new LawsController(&bench.session, &bench.view));
    panel.controller().setParent(&panel);
    panel.show();
    QTRY_VERIFY(bench.ready());
    const JointFit* law = panel.controller().law();
    QVERIFY(law != nullptr);
    QCOMPARE(panel.details().parameterTable().rowCount(), static_cast<int>(law->parameters.size()));
    QCOMPARE(panel.findChild<ResidualPlot*>()->points(), law->n);
    auto* reason = panel.findChild<QLabel*>(u"lawReason"_s);
    QVERIFY(reason->accessibleName().contains(u"alpha"_s));
  }

  // Two sizes carry no law: the reason is a sentence in view, and no number is.
  void refusalIsASentence() {
    test::PlantedTruth truth = plantedTruth();
    truth.sizes.resize(2);
    const auto sweep = test::plantSweep(truth, 9);
    testing::PanelBench bench(
        testing::plantStore(u"two.bfdb"_s, truth, sweep, [](auto, auto) { return true; }));
    LawPanel panel(new LawsController(&bench.session, &bench.view));
    panel.controller().setParent(&panel);
    panel.show();
    QTRY_VERIFY(bench.ready());
    QVERIFY(!panel.controller().law());
    const QString text = panel.findChild<QLabel*>(u"lawReason"_s)->text();
    QVERIFY2(text.contains(u"2 sizes are too few"_s), qPrintable(text));
    QCOMPARE(panel.details().parameterTable().rowCount(), 0);
    QVERIFY(!panel.findChild<QPushButton*>(u"lawProfile"_s)->isEnabled());
  }

 private:
  static test::PlantedTruth plantedTruth() {
    test::PlantedTruth truth = test::drawTruth(9, false);
    truth.items = 2000;
    truth.tau = 0.001;
    return truth;
  }
};

namespace {
const testing::Registered<LawsTest> kLawsTest;
}

}  // namespace bitfrontier

#include "laws_test.moc"
