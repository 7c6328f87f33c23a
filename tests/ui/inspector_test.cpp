// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <QClipboard>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QTableView>

#include "core/engine/engine.h"
#include "core/pocket/suite.h"
#include "tests/ui/planted_decisions.h"
#include "ui/panels/inspector/inspector_panel.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QString valueOf(const QTableView& view, const QString& name) {
  for (int row = 0; row < view.model()->rowCount(); ++row) {
    if (view.model()->index(row, 0).data().toString() == name) {
      return view.model()->index(row, 1).data().toString();
    }
  }
  return {};
}

}  // namespace

/// The inspector says of the selected point what is stored and what core makes of it.
class InspectorTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void pointIsTakenApart() {
    test::PlantedTruth truth = test::drawTruth(3, false);
    truth.items = 1000;
    const auto sweep = test::plantSweep(truth, 3);
    testing::PanelBench bench(
        testing::plantStore(u"inspect.bfdb"_s, truth, sweep, [](auto, auto) { return true; }));
    InspectorPanel panel(bench.context());
    panel.resize(320, 700);
    panel.show();
    QTRY_VERIFY(bench.ready());
    QVERIFY(panel.findChild<QLabel*>(u"inspectorState"_s)->text().contains(u"Select a point"_s));
    QVERIFY(!panel.findChild<QPushButton*>(u"inspectorVerify"_s)->isVisible());
    const std::string key = bench.keyOf("planted-2.7e+09", "int4-b64");
    QVERIFY(!key.empty());
    bench.view.selection().setOne(key);
    auto* worth = panel.findChild<QTableView*>(u"inspectorWorth"_s);
    QTRY_VERIFY(valueOf(*worth, u"Equals"_s).startsWith(u"a fp16 model of "_s));
    QCOMPARE(panel.findChild<ElidedLabel*>(u"inspectorName"_s)->text(),
             u"planted-2.7e+09 · int4-b64"_s);
    // Bits: 4.25 a weight and a parameter, codes and scales and nothing else.
    QVERIFY(
        panel.findChild<QLabel*>(u"inspectorBits"_s)->text().contains(u"= 4.25 bits a weight"_s));
    const auto& parts = panel.findChild<StackedBar*>(u"inspectorBar"_s)->parts();
    QCOMPARE(parts.size(), std::size_t{2});
    QVERIFY(std::abs(parts[0].share - 4 / 4.25) < 1e-9);
    QVERIFY(std::abs(parts[1].share - 0.25 / 4.25) < 1e-9);
    // The effective size: rho times the model's, as planted, within its interval.
    const PointStanding standing = panel.controller().standing(panel.controller().reports()[0]);
    QVERIFY(standing.equals && standing.equals->low < 2.7e9 * truth.formats[3].rho);
    QVERIFY(standing.equals->high > 2.7e9 * truth.formats[3].rho);
    QVERIFY(standing.onFrontier.has_value());
    // Against 16 bit on the same items: the difference of the stored accuracies.
    const PointReport& report = panel.controller().reports()[0];
    QVERIFY(report.against.test.has_value());
    QVERIFY(std::abs(report.against.test->difference -
                     (report.point.accuracy - report.against.reference.accuracy)) < 1e-12);
    QVERIFY(valueOf(*worth, u"Against 16 bit"_s).contains(u"items won"_s));
    auto* provenance = panel.findChild<QTableView*>(u"inspectorProvenance"_s);
    QCOMPARE(valueOf(*provenance, u"Model SHA-256"_s), u"planted-2.7e+09"_s);
    QCOMPARE(valueOf(*provenance, u"Evaluator"_s), u"2"_s);
    QCOMPARE(valueOf(*provenance, u"First token"_s), u"harness"_s);
    panel.findChild<QPushButton*>(u"inspectorCommand"_s)->click();
    const QString command = QGuiApplication::clipboard()->text();
    QVERIFY(command.startsWith(u"bitfrontier sweep --models "_s));
    QVERIFY(command.contains(u"--configs int4-b64"_s));
    // The model is not there: no run again, with the reason.
    auto* verify = panel.findChild<QPushButton*>(u"inspectorVerify"_s);
    QVERIFY(!verify->isEnabled());
    QVERIFY2(verify->toolTip().contains(u"not there any more"_s), qPrintable(verify->toolTip()));
    // What the window does is asked for with the point's key.
    QSignalSpy exclude(&bench.requests, &PanelRequests::excludeWanted);
    QSignalSpy baseline(&bench.requests, &PanelRequests::baselineWanted);
    panel.findChild<QPushButton*>(u"inspectorExclude"_s)->click();
    panel.findChild<QPushButton*>(u"inspectorBaseline"_s)->click();
    QCOMPARE(exclude.count(), 1);
    QCOMPARE(exclude[0][0].value<std::vector<std::string>>(), (std::vector<std::string>{key}));
    QCOMPARE(baseline[0][0].value<std::string>(), key);
  }

  void severalAreComparedAndNoneIsSaid() {
    test::PlantedTruth truth = test::drawTruth(3, false);
    truth.items = 300;
    const auto sweep = test::plantSweep(truth, 3);
    testing::PanelBench bench(
        testing::plantStore(u"several.bfdb"_s, truth, sweep, [](auto, auto) { return true; }));
    InspectorPanel panel(bench.context());
    panel.show();
    QTRY_VERIFY(bench.ready());
    bench.view.selection().set(
        {bench.keyOf("planted-2.7e+09", "int4-b64"), bench.keyOf("planted-2.7e+09", "int3-b64")});
    auto* several = panel.findChild<QTableView*>(u"inspectorSeveral"_s);
    QTRY_COMPARE(several->model()->rowCount(), 2);
    QVERIFY(several->isVisible());
    QVERIFY(!panel.findChild<QTableView*>(u"inspectorWorth"_s)->isVisible());
    QVERIFY(!panel.findChild<QPushButton*>(u"inspectorVerify"_s)->isEnabled());
    bench.view.selection().clear();
    QTRY_VERIFY(!several->isVisible());
    QCOMPARE(panel.findChild<ElidedLabel*>(u"inspectorName"_s)->text(), u"Nothing selected"_s);
  }

  // A point that lacks a task says so.
  void incompletePointsSaySo() {
    test::PlantedTruth truth = test::drawTruth(3, false);
    truth.items = 300;
    const auto sweep = test::plantSweep(truth, 3);
    const auto file =
        testing::plantStore(u"lacking.bfdb"_s, truth, sweep, [](auto, auto) { return true; });
    std::vector<RunRecord> more = RunStore::open(file).runs({}, true);
    more.pop_back();
    for (RunRecord& run : more) {
      run.result.task = run.result.taskHash = "second";
      run.key += "|second";
    }
    RunStore::open(file).addAll(more);
    testing::PanelBench bench(file);
    ViewOptions options = bench.view.options();
    options.partial = true;
    bench.view.setOptions(options);
    InspectorController controller(&bench.session, &bench.view, &bench.decisions, &bench.queue);
    controller.setActive(true);
    QTRY_VERIFY(bench.ready());
    bench.view.selection().setOne(bench.keyOf("planted-1.3e+10", "int3-b64"));
    QTRY_VERIFY(!controller.reports().empty());
    QCOMPARE(controller.reports()[0].lacks, (std::vector<std::string>{"second"}));
    const auto facts = worthOf(controller.reports()[0], {}, LawMetric::Accuracy);
    QVERIFY(std::any_of(facts.begin(), facts.end(),
                        [](const Fact& f) { return f.value.contains(u"second"_s); }));
  }

  void verificationNamesWhatDiffers() {
    Verification verification;
    verification.task = "t";
    verification.items = 20;
    QVERIFY(verificationText(verification).startsWith(u"20 of 20 items of t as stored."_s));
    verification.differences.push_back({6, true, false, -1, -2});
    const QString text = verificationText(verification);
    QVERIFY(text.startsWith(u"19 of 20 items of t as stored."_s));
    QVERIFY(text.contains(u"item 7: right stored, wrong now"_s));
  }

  // The real thing: a model of the installed suite is swept, verified from the panel, and verified
  // again after an outcome in the store was changed.
  void verifyRunsTheStoredItemsAgain() {
    PocketSuite suite;
    try {
      suite = openPocketSuite();
    } catch (const Error& e) {
      QSKIP(e.what());
    }
    SweepSpec spec;
    spec.models = {suite.models.front()};
    spec.tasks = {suite.tasks.front()};
    spec.configs = {QuantConfig::parse("int4-b64")};
    spec.itemLimit = 30;
    const auto file = testing::temporaryFile(u"verify.bfdb"_s).toStdString();
    {
      RunStore store = RunStore::open(file);
      QCOMPARE(engine().runSweep(spec, store, "cpu", {}, {}).ran, std::size_t{1});
    }
    RunRecord run = RunStore::open(file).runs({}, true).at(0);
    run.key = "changed";
    run.config = "int8-b64";  // another point, whose outcomes are those of 4 bit but for one
    run.result.correct[0] = 1 - run.result.correct[0];
    RunStore::open(file).add(run);
    testing::PanelBench bench(file);
    InspectorController controller(&bench.session, &bench.view, &bench.decisions, &bench.queue);
    controller.setActive(true);
    QTRY_VERIFY(bench.session.snapshot() && !bench.view.busy());
    const auto verified = [&](const std::string& config) {
      bench.view.selection().clear();
      for (const LawPoint& p : *bench.view.points()) {
        if (p.config == config) bench.view.selection().setOne(pointKey(p));
      }
      if (!QTest::qWaitFor([&] { return !controller.reports().empty() && !controller.updating(); },
                           testing::kPatience)) {
        return QString();
      }
      const QString why = controller.whyNotVerify();
      if (!why.isEmpty()) return why;
      controller.verify(30);
      if (!QTest::qWaitFor([&] { return !controller.verifying(); }, testing::kPatience)) {
        return QString();
      }
      return controller.verification();
    };
    const QString same = verified("int4-b64");
    QVERIFY2(same.startsWith(u"30 of 30 items"_s), qPrintable(same));
    const QString differs = verified("int8-b64");
    QVERIFY2(differs.contains(u"item 1: "_s), qPrintable(differs));
    controller.verify(30);
    QVERIFY(controller.verifying());
    controller.cancelVerify();
    QVERIFY(!controller.verifying());
    QVERIFY(controller.verification().contains(u"Cancelled"_s));
  }
};

namespace {
const testing::Registered<InspectorTest> kInspectorTest;
}

}  // namespace bitfrontier

#include "inspector_test.moc"
