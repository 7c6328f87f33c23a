// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLineEdit>
#include <QTableView>

#include "tests/ui/planted_decisions.h"
#include "ui/panels/compare/compare_panel.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

/// The compare panel: what core finds of two sides, with a verdict.
class CompareTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void sweepWithItselfIsEmpty() {
    const auto file = plant(u"same.bfdb"_s, 4, {});
    testing::PanelBench bench(file);
    CompareController controller(&bench.session, &bench.view);
    controller.setActive(true);
    QTRY_VERIFY(bench.ready());
    controller.setQuestion({});
    QTRY_VERIFY(controller.diff() && !controller.updating());
    QVERIFY(controller.diff()->empty());
    QVERIFY(controller.diff()->verdict.find("are the same") != std::string::npos);
    QCOMPARE(controller.name(controller.question().a), u"the open store"_s);
  }

  void plantedDifferenceIsShown() {
    const auto a = plant(u"a.bfdb"_s, 4, {});
    const auto b = plant(u"b.bfdb"_s, 4, {3});
    testing::PanelBench bench(a);
    ComparePanel panel(bench.context());
    panel.show();
    QTRY_VERIFY(bench.ready());
    CompareQuestion question;
    question.b.store = b;
    panel.controller().setQuestion(question);
    QTRY_VERIFY(panel.controller().diff() && !panel.controller().updating());
    const SweepDiff& diff = *panel.controller().diff();
    QCOMPARE(diff.different(), std::size_t{1});
    auto* view = panel.findChild<QTableView*>(u"compareCells"_s);
    QCOMPARE(view->model()->rowCount(), static_cast<int>(diff.cells.size()));
    int worse = 0;
    for (int row = 0; row < view->model()->rowCount(); ++row) {
      worse += view->model()->index(row, 5).data().toString() == u"B is worse"_s ? 1 : 0;
    }
    QCOMPARE(worse, 1);
    QVERIFY(panel.findChild<QLabel*>(u"compareVerdict"_s)->text().contains(u"differ in 1 of"_s));
    QVERIFY(panel.controller().csv().contains(u"worse"_s));
    // A cell of the open store is selected with it.
    panel.controller().select(diff.cells[2]);
    QCOMPARE(bench.view.selection().keys(), (std::vector<std::string>{pointKey(diff.cells[2].a)}));
  }

  void filtersAreSidesAndBadOnesAreNamed() {
    const auto file = plant(u"filters.bfdb"_s, 4, {});
    testing::PanelBench bench(file);
    CompareController controller(&bench.session, &bench.view);
    controller.setActive(true);
    QTRY_VERIFY(bench.ready());
    CompareQuestion question;
    question.a.filter = "bits>=4";
    question.b.filter = "bits<=4";
    controller.setQuestion(question);
    QTRY_VERIFY(controller.diff() && !controller.updating());
    for (const DiffCell& cell : controller.diff()->cells) QCOMPARE(cell.a.bits, 4);
    for (const LawPoint& p : controller.diff()->onlyA) QVERIFY(p.bits > 4);
    for (const LawPoint& p : controller.diff()->onlyB) QVERIFY(p.bits < 4);
    question.b.filter = "nothing-has-this-name";
    controller.setQuestion(question);
    QTRY_VERIFY(!controller.updating());
    QVERIFY2(controller.problem().contains(u"side B"_s), qPrintable(controller.problem()));
    question.b.filter.clear();
    question.b.store = "/nowhere/absent.bfdb";
    controller.setQuestion(question);
    QTRY_VERIFY(!controller.updating());
    QVERIFY2(controller.problem().contains(u"absent.bfdb"_s), qPrintable(controller.problem()));
  }

 private:
  /// A planted sweep; of the changed cells 150 items have turned wrong.
  static std::filesystem::path plant(const QString& name, std::uint64_t seed,
                                     const std::vector<std::size_t>& changed) {
    test::PlantedTruth truth = test::drawTruth(seed, false);
    truth.items = 800;
    const auto sweep = test::plantSweep(truth, seed);
    std::vector<RunRecord> runs;
    for (std::size_t c = 0; c < sweep.points.size(); ++c) {
      RunRecord run = testing::plantedCell(truth, sweep, c);
      if (std::find(changed.begin(), changed.end(), c) != changed.end()) {
        int left = 150;
        for (std::uint8_t& item : run.result.correct) {
          if (item != 0 && left-- > 0) item = 0;
        }
        run.result.accuracy -= 150.0 / truth.items;
      }
      runs.push_back(std::move(run));
    }
    const auto file = testing::temporaryFile(name).toStdString();
    RunStore::open(file).addAll(runs);
    return file;
  }
};

namespace {
const testing::Registered<CompareTest> kCompareTest;
}

}  // namespace bitfrontier

#include "compare_test.moc"
