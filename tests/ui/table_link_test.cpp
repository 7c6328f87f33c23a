// SPDX-License-Identifier: GPL-3.0-or-later
// The tables, the selection and the filter of a view are one.
#include <QTest>
#include <random>

#include "core/advice/baseline_differences.h"
#include "tests/ui/planted_decisions.h"
#include "tests/ui/planted_runs.h"
#include "tests/ui/registry.h"
#include "ui/base/text.h"
#include "ui/panels/all.h"
#include "ui/panels/table/runs_panel.h"
#include "ui/runs/row_selection.h"
#include "ui/view/view_controller.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

/// A table panel with all that it follows.
struct Shown {
  explicit Shown(const std::filesystem::path& file) {
    bench.session.open(file);
    panel = qobject_cast<RunsPanel*>(made.get());
  }
  bool quiet() const {
    return session.snapshot() && !session.busy() && !view.busy() && view.laws() && !panel->busy();
  }

  testing::PanelBench bench;
  StoreSession& session = bench.session;
  ViewController& view = bench.view;
  std::unique_ptr<QWidget> made{kTablePanel.make(bench.context())};
  RunsPanel* panel = nullptr;
};

std::filesystem::path storeOf(const QString& name, const std::vector<RunRecord>& runs) {
  const std::filesystem::path file = testing::temporaryFile(name).toStdString();
  std::filesystem::remove(file);
  RunStore::open(file).addAll(runs);
  return file;
}

/// Outcomes of the same items for all: each has its own difficulty.
std::vector<RunRecord> withItems(std::vector<RunRecord> runs) {
  std::mt19937 random(5);
  std::vector<double> difficulty(200);
  for (double& d : difficulty) d = std::uniform_real_distribution<double>()(random);
  for (RunRecord& run : runs) {
    double right = 0;
    for (const double d : difficulty) {
      run.result.correct.push_back(d + 0.1 * (random() % 100) / 100 < run.result.accuracy);
      right += run.result.correct.back();
    }
    run.result.accuracy = right / 200;
  }
  return runs;
}

}  // namespace

class TableLinkTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void pointsAndTheirRunsAreSelectedTogether() {
    Shown shown(storeOf(u"linked-rows.bfdb"_s, testing::plantedRuns("a", {"t", "u"})));
    QTRY_VERIFY(shown.quiet());
    const LawPoint& point = (*shown.view.points())[4];
    Selection& selection = shown.view.selection();
    selection.setOne(pointKey(point));
    QCOMPARE(shown.panel->selectedPoints(), std::vector<int>{4});
    std::vector<std::int64_t> ids;
    for (const int row : selectedViewRows(*shown.panel->runView())) {
      ids.push_back(shown.panel->runTable().rowAt(row)->id);
    }
    std::sort(ids.begin(), ids.end());
    QCOMPARE(ids, point.runIds);
    // A run that is chosen selects the point it belongs to, and stays the only row.
    const LawPoint& other = (*shown.view.points())[9];
    RunTable& runs = shown.panel->runTable();
    int row = 0;
    while (runs.rowAt(row)->id != other.runIds[1]) ++row;
    shown.panel->runView()->selectRow(row);
    QCOMPARE(selection.keys(), std::vector<std::string>{pointKey(other)});
    QCOMPARE(selectedViewRows(*shown.panel->runView()), std::vector<int>{row});
    QCOMPARE(shown.panel->selectedPoints(), std::vector<int>{9});
    selection.clear();
    QVERIFY(shown.panel->selectedPoints().empty());
    QVERIFY(selectedViewRows(*shown.panel->runView()).empty());
  }

  // What comes in while rows are selected does not change what is selected.
  void newRunsLeaveTheSelection() {
    const auto file = storeOf(u"selected.bfdb"_s, testing::plantedRuns("a", {"t"}));
    Shown shown(file);
    QTRY_VERIFY(shown.quiet());
    shown.panel->pointView()->selectAll();
    const std::vector<std::string> keys = shown.view.selection().keys();
    QCOMPARE(keys.size(), std::size_t{15});
    RunStore::open(file).add(testing::plantedRun("a", 3e8, 4, "t"));
    QTRY_COMPARE(shown.view.points()->size(), std::size_t{16});
    QTRY_VERIFY(shown.quiet());
    QCOMPARE(shown.view.selection().keys(), keys);
    QCOMPARE(shown.panel->selectedPoints().size(), std::size_t{15});
  }

  void menusWriteTheFilter() {
    auto all = testing::plantedRuns("opt", {"t", "u"});
    for (const RunRecord& run : testing::plantedRuns("opt-iml", {"t", "u"})) all.push_back(run);
    Shown shown(storeOf(u"menus.bfdb"_s, all));
    QTRY_VERIFY(shown.quiet());
    Q_EMIT shown.panel->filterWanted(u"family"_s, u"opt"_s, false);
    QCOMPARE(shown.view.options().filter, std::string("family==opt"));  // not opt-iml too
    QTRY_COMPARE(shown.view.points()->size(), std::size_t{15});
    Q_EMIT shown.panel->filterWanted(u"config"_s, u"fp16"_s, true);
    Q_EMIT shown.panel->filterWanted(u"config"_s, u"int3-b64"_s, true);
    QCOMPARE(shown.view.options().filter, std::string("family==opt -config:int3-b64,fp16"));
    QTRY_COMPARE(shown.view.points()->size(), std::size_t{5});
    QTRY_VERIFY(shown.quiet());
    QCOMPARE(shown.panel->runTable().rowCount(), 10);
    // Nothing is copied: the table shows places in the one list.
    QCOMPARE(&shown.panel->runTable().rows(), shown.view.runs().get());
  }

  void differencesComeInTheBackground() {
    const auto file =
        storeOf(u"differences.bfdb"_s, withItems(testing::plantedRuns("a", {"t", "u"})));
    Shown shown(file);
    QTRY_VERIFY(shown.quiet());
    PointTable& table = shown.panel->pointTable();
    const auto text = [&](std::size_t point) {
      return table.index(table.viewRow(static_cast<int>(point)), kPointDifference)
          .data()
          .toString();
    };
    const auto& points = *shown.view.points();
    const RunStore store = RunStore::open(file, RunStore::Mode::ReadOnly);
    const auto expected = baselineDifferences(store, points, LawMetric::Accuracy);
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (points[i].bits == 16) {
        QCOMPARE(text(i), u"–"_s);
        continue;
      }
      QTRY_VERIFY(text(i).contains(u'['));
      QCOMPARE(table.exactText(table.viewRow(static_cast<int>(i)), kPointDifference),
               exactNumber(100 * expected[i].difference));
    }
    // The mean over one task is another point with another difference. Its baseline need not be
    // shown.
    ViewOptions options = shown.view.options();
    options.filter = "task:u bits:4";
    shown.view.setOptions(options);
    QTRY_COMPARE(shown.view.points()->size(), std::size_t{5});
    QTRY_VERIFY(shown.quiet());
    const LawPoint first = shown.view.points()->front();
    double baseline = -1;
    for (const LawPoint& p : *shown.view.allPoints()) {
      if (p.model == first.model && p.bits == 16) baseline = p.accuracy;
    }
    QTRY_VERIFY(text(0).contains(u'['));
    QVERIFY(std::abs(table.exactText(table.viewRow(0), kPointDifference).toDouble() -
                     100 * (first.accuracy - baseline)) < 1e-9);
  }
};

namespace {
const testing::Registered<TableLinkTest> kTableLinkTest;
}

}  // namespace bitfrontier

#include "table_link_test.moc"
