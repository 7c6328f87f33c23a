// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>
#include <set>

#include "tests/ui/planted_runs.h"
#include "tests/ui/registry.h"
#include "ui/base/text.h"
#include "ui/plot/plot_grid.h"
#include "ui/view/multiples.h"
#include "ui/view/paper_figures.h"
#include "ui/window/main_window.h"
#include "ui/window/plot_pane.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

std::filesystem::path storeOf(const QString& name, const std::vector<RunRecord>& runs) {
  const std::filesystem::path file = testing::temporaryFile(name).toStdString();
  std::filesystem::remove(file);
  RunStore::open(file).addAll(runs);
  return file;
}

/// Two families with a grid of types, blocks and widths, on two tasks.
std::vector<RunRecord> gridOfRuns() {
  std::vector<RunRecord> runs;
  for (const std::string family : {"gpt", "pythia"}) {
    for (int size = 0; size < 4; ++size) {
      for (const std::string task : {"piqa", "arc"}) {
        const double parameters = 1e8 * (1 << size);
        runs.push_back(testing::plantedRun(family, parameters, 16, task));
        for (const int bits : {3, 4, 6, 8}) {
          for (const std::string type : {"int", "float"}) {
            for (const int block : {64, 1024}) {
              RunRecord run = testing::plantedRun(family, parameters, bits, task);
              run.dataType = type;
              run.blockSize = block;
              run.config = type + std::to_string(bits) + "-b" + std::to_string(block);
              run.key = run.model + "|" + run.config + "|" + task;
              run.result.accuracy += (task == "arc" ? -0.1 : 0.0) + (type == "float" ? 0.01 : 0.0);
              runs.push_back(run);
            }
          }
        }
      }
    }
  }
  return runs;
}

SplitInput inputOf(const std::filesystem::path& file, SplitBy split) {
  SplitInput input;
  input.snapshot = readSnapshot(file, CountingRule::CheckpointBytes);
  input.options.split = split;
  const Choice choice = choose(*input.snapshot, input.options);
  input.points = choice.points;
  input.axes = choice.axes;
  input.tasks = choice.tasks;
  return input;
}

}  // namespace

/// Small plots side by side, and the figures of the paper that are made of them.
class MultiplesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // Every point is in the plot of its value and in no other; 16 bit has no type and is in all.
  void pointsAreDivided() {
    const auto file = storeOf(u"divided.bfdb"_s, gridOfRuns());
    struct Case {
      SplitBy split;
      QStringList titles;
      std::function<QString(const LawPoint&)> of;
    };
    for (const Case& c :
         {Case{SplitBy::Family,
               {u"gpt"_s, u"pythia"_s},
               [](const LawPoint& p) { return Text::from(p.family); }},
          Case{SplitBy::DataType,
               {u"int"_s, u"float"_s},
               [](const LawPoint& p) { return Text::from(p.dataType); }},
          Case{SplitBy::BlockSize, {u"block 64"_s, u"block 1024"_s}, [](const LawPoint& p) {
                 return u"block %1"_s.arg(p.blockSize);
               }}}) {
      const SplitInput input = inputOf(file, c.split);
      const PlotCells cells = splitPoints(input);
      QStringList titles;
      std::size_t below16 = 0;
      for (const PlotCell& cell : cells.cells) {
        titles << cell.title;
        QCOMPARE(cell.keys.size(), cell.points->size());
        std::size_t wide = 0;
        for (std::size_t i = 0; i < cell.points->size(); ++i) {
          const LawPoint& p = (*cell.points)[i];
          QCOMPARE(cell.keys[i], pointKey(p));
          if (p.bits >= 16 && c.split != SplitBy::Family) {
            ++wide;
          } else {
            QCOMPARE(c.of(p), cell.title);
            below16 += p.bits < 16;
          }
        }
        if (c.split != SplitBy::Family) QCOMPARE(wide, std::size_t{8});
      }
      titles.sort();
      QStringList expected = c.titles;
      expected.sort();
      QCOMPARE(titles, expected);
      QVERIFY(cells.leftOut.isEmpty());
      const auto all = std::count_if(input.points->begin(), input.points->end(),
                                     [](const LawPoint& p) { return p.bits < 16; });
      QCOMPARE(below16, static_cast<std::size_t>(all));
    }
  }

  // A task's plot shows its own values; its points are those of the means elsewhere.
  void tasksAreDivided() {
    const auto file = storeOf(u"tasks.bfdb"_s, gridOfRuns());
    const SplitInput input = inputOf(file, SplitBy::Task);
    const PlotCells cells = splitPoints(input);
    QCOMPARE(cells.cells.size(), std::size_t{2});
    QCOMPARE(cells.cells[0].title, u"arc"_s);
    QCOMPARE(cells.cells[1].title, u"piqa"_s);
    std::map<std::string, double> means;
    for (const LawPoint& p : *input.points) means[pointKey(p)] = p.accuracy;
    QCOMPARE(means.size(), input.points->size());
    for (const PlotCell& cell : cells.cells) {
      QCOMPARE(cell.points->size(), input.points->size());
      const double away = cell.title == "arc"_L1 ? -0.05 : 0.05;
      for (std::size_t i = 0; i < cell.keys.size(); ++i) {
        QVERIFY(means.contains(cell.keys[i]));
        const LawPoint& p = (*cell.points)[i];
        const double expected = p.bits >= 16 ? 0 : away;  // 16 bit is planted alike on both
        QVERIFY(std::abs(p.accuracy - means[cell.keys[i]] - expected) < 1e-9);
      }
    }
  }

  // At most so many; which are left out is said.
  void tooManyAreLeftOutAndNamed() {
    std::vector<LawPoint> points;
    for (int f = 0; f < 30; ++f) {
      for (int i = 0; i <= f; ++i) {
        points.push_back(testing::plantedPoint("family " + std::to_string(f), 1e8 * (i + 1), 4));
      }
    }
    SplitInput input;
    input.options.split = SplitBy::Family;
    input.points = std::make_shared<const std::vector<LawPoint>>(points);
    const PlotCells cells = splitPoints(input);
    QCOMPARE(cells.cells.size(), kMostCells);
    QStringList left;
    for (int f = 0; f < 6; ++f) left << u"family %1"_s.arg(f);  // those with the fewest points
    QCOMPARE(cells.leftOut, left);
    QCOMPARE(cells.cells[4].title, u"family 10"_s);  // 10 after 9
  }

  void plotsShareZoomAndSelection() {
    MainWindow window;
    window.openStore(storeOf(u"shared.bfdb"_s, gridOfRuns()));
    window.show();
    QTRY_VERIFY(window.settled());
    PlotGrid& grid = window.pane().grid();
    QVERIFY(!grid.isVisible() && window.plot().isVisible());
    window.findChild<QAction*>(u"splitFamily"_s)->trigger();
    QCOMPARE(window.view().options().split, SplitBy::Family);
    QTRY_VERIFY(window.settled() && grid.plots().size() == 2 && grid.isVisible());
    QVERIFY(!window.plot().isVisible());
    const auto& plots = grid.plots();
    for (const FrontierPlot* plot : plots) {
      QTRY_VERIFY(plot->laws() && !plot->laws()->laws.empty());
      QCOMPARE(plot->range(), plots[0]->range());
      // Each lies in it.
      const PlotRange own = plot->fittedRange();
      QVERIFY(plot->range().x.lower <= own.x.lower && plot->range().x.upper >= own.x.upper);
      QVERIFY(plot->range().y.lower <= own.y.lower && plot->range().y.upper >= own.y.upper);
    }
    plots[1]->zoom(0.5);
    QCOMPARE(plots[0]->range(), plots[1]->range());
    QVERIFY(!plots[0]->followsData());
    window.actions().fitView->trigger();
    QVERIFY(plots[0]->followsData() && plots[0]->range() == plots[1]->range());
    // A point that is chosen in one is the selection of all.
    Q_EMIT plots[1]->pointActivated(3);
    const std::string key = pointKey(plots[1]->points()[3]);
    QCOMPARE(window.view().selection().keys(), std::vector<std::string>{key});
    QCOMPARE(plots[1]->selected(), std::vector<int>{3});
    QVERIFY(plots[0]->selected().empty());
    // By task the same point is in each.
    window.findChild<QAction*>(u"splitTask"_s)->trigger();
    QTRY_VERIFY(window.settled() && grid.plots().size() == 2 &&
                grid.plots()[0]->points().size() == window.view().points()->size());
    for (const FrontierPlot* plot : grid.plots())
      QTRY_COMPARE(plot->selected().size(), std::size_t{1});
    // The residuals, too, can be looked at so.
    ViewOptions options = window.view().options();
    options.split = SplitBy::Family;
    options.y = YAxis::Residual;
    window.view().setOptions(options);
    QTRY_VERIFY(window.settled() && grid.plots()[0]->laws() && !grid.plots()[0]->points().empty());
    QTRY_VERIFY(grid.plots()[0]->scene().hidden < int(grid.plots()[0]->points().size()));
    window.findChild<QAction*>(u"splitNone"_s)->trigger();
    QTRY_VERIFY(window.plot().isVisible() && !grid.isVisible());
  }

  void theLegendIsOneForAll() {
    MainWindow window;
    window.openStore(storeOf(u"legend.bfdb"_s, gridOfRuns()));
    window.show();
    QTRY_VERIFY(window.settled());
    window.findChild<QAction*>(u"splitFamily"_s)->trigger();
    PlotGrid& grid = window.pane().grid();
    QTRY_VERIFY(window.settled() && grid.plots().size() == 2);
    grid.legendPlot()->replot(QCustomPlot::rpImmediateRefresh);
    const LegendEntry* four = nullptr;
    for (const LegendEntry* entry : grid.legendEntries()) {
      if (entry->text() == u"4 bit"_s) four = entry;
    }
    QVERIFY(four);
    QTest::mouseClick(grid.legendPlot(), Qt::LeftButton, {}, four->outerRect().center());
    QTRY_VERIFY(window.settled());
    for (const FrontierPlot* plot : grid.plots()) {
      QCOMPARE(plot->visibility(), window.plot().visibility());
      QTRY_VERIFY(!plot->busy());
      std::size_t visible = 0;
      for (const ScatterGroup& group : plot->content().scatter()->data().groups) {
        visible += group.visible ? group.rows.size() : 0;
      }
      QCOMPARE(visible, std::size_t{16});  // four sizes, two types, two blocks
    }
  }

  void figuresOfThePaper() {
    MainWindow window;
    window.openStore(storeOf(u"paper.bfdb"_s, gridOfRuns()));
    window.show();
    QTRY_VERIFY(window.settled());
    const ViewOptions before = window.view().options();
    struct Case {
      int figure;
      std::set<int> bits;
      SeriesKey series;
      SplitBy split;
    };
    for (const Case& c : {Case{2, {3, 4, 8, 16}, SeriesKey::Bits, SplitBy::Family},
                          Case{3, {4, 16}, SeriesKey::DataType, SplitBy::BlockSize},
                          Case{7, {3, 4, 6, 8, 16}, SeriesKey::Bits, SplitBy::Family},
                          Case{8, {4, 16}, SeriesKey::BlockSize, SplitBy::Family},
                          Case{11, {6, 16}, SeriesKey::BlockSize, SplitBy::Family}}) {
      auto* action = window.findChild<QAction*>(u"paperFigure%1"_s.arg(c.figure));
      QVERIFY(action && action->isEnabled());
      action->trigger();
      QTRY_VERIFY(window.settled() && window.pane().grid().plots().size() == 2);
      const ViewOptions& shown = window.view().options();
      QCOMPARE(shown.series, c.series);
      QCOMPARE(shown.split, c.split);
      QVERIFY(shown.means && !shown.fits);
      std::set<int> bits;
      std::set<std::string> families;
      for (const LawPoint& p : *window.view().points()) {
        bits.insert(p.bits);
        families.insert(p.family);
      }
      QCOMPARE(bits, c.bits);
      QCOMPARE(families.size(), std::size_t(c.figure == 3 ? 1 : 2));  // figure 3 is of Pythia
      QVERIFY(window.keeper().undo().stack().undoText().contains(
          u"figure %1 of the paper"_s.arg(c.figure)));
      window.keeper().undo().stack().undo();
      QVERIFY(window.view().options() == before);
    }
  }

  // What a store cannot show is disabled, and says why.
  void figuresThatAreMissingSayWhy() {
    MainWindow window;
    window.openStore(storeOf(u"few.bfdb"_s, testing::plantedRuns("a", {"t"})));
    QTRY_VERIFY(window.settled());
    const auto action = [&](int figure) {
      return window.findChild<QAction*>(u"paperFigure%1"_s.arg(figure));
    };
    QVERIFY(action(2)->isEnabled() && action(7)->isEnabled());
    QVERIFY(!action(3)->isEnabled() && !action(8)->isEnabled() && !action(11)->isEnabled());
    QCOMPARE(action(3)->statusTip(),
             u"The store has only one data type and block size at 4 bit."_s);
    QCOMPARE(action(8)->statusTip(), u"The store has only one block size at 4 bit."_s);
    QCOMPARE(action(11)->statusTip(), u"The store has no runs at 6 bit."_s);
    for (const PaperFigure& figure : paperFigures()) {
      QVERIFY(!missingFor(figure.number, {}).isEmpty());
    }
  }

  // The menu's switches are the options, both ways.
  void theMenuFollowsTheView() {
    MainWindow window;
    window.openStore(storeOf(u"menu.bfdb"_s, gridOfRuns()));
    QTRY_VERIFY(window.settled());
    const auto action = [&](const QString& name) { return window.findChild<QAction*>(name); };
    const auto options = [&] { return window.view().options(); };
    QVERIFY(action(u"showRings"_s)->isChecked());
    action(u"showRings"_s)->trigger();
    QVERIFY(!options().rings && !action(u"showRings"_s)->isChecked());
    action(u"showLabels"_s)->trigger();
    QVERIFY(!options().labels);
    action(u"lossless3"_s)->trigger();
    QVERIFY(options().lossless && options().losslessBits == 3);
    QVERIFY(action(u"lossless3"_s)->isChecked() && !action(u"lossless4"_s)->isChecked());
    action(u"lossless3"_s)->trigger();  // once more: stays
    QVERIFY(options().lossless && action(u"lossless3"_s)->isChecked());
    action(u"losslessNone"_s)->trigger();
    QVERIFY(!options().lossless && action(u"losslessNone"_s)->isChecked());
    action(u"context8192"_s)->trigger();
    QCOMPARE(options().context, std::int64_t{8192});
    QCOMPARE(options().x, XAxis::Memory);
    while (window.keeper().undo().stack().canUndo()) window.keeper().undo().stack().undo();
    QVERIFY(options().rings && options().labels && action(u"showRings"_s)->isChecked());
    for (QAction* one : window.findChild<QMenu*>(u"plotOptionsMenu"_s)->findChildren<QAction*>()) {
      if (one->isSeparator() || one->text().isEmpty() || one->menu()) continue;
      QVERIFY2(!one->objectName().isEmpty() && !one->statusTip().isEmpty(),
               qPrintable(one->text()));
    }
  }

  // What is selected, and nothing else, is what the filter lets through.
  void onlyTheSelectedPoints() {
    MainWindow window;
    window.openStore(storeOf(u"only.bfdb"_s, gridOfRuns()));
    QTRY_VERIFY(window.settled());
    auto* only = window.findChild<QAction*>(u"showOnlySelected"_s);
    QVERIFY(!only->isEnabled() && only->statusTip() == u"Select points first"_s);
    std::vector<std::string> keys;
    for (const int row : {3, 20, 21, 40, 77}) {
      keys.push_back(pointKey((*window.view().points())[std::size_t(row)]));
    }
    window.view().selection().set(keys);
    QVERIFY(only->isEnabled());
    only->trigger();
    QTRY_VERIFY(window.settled() && window.view().points()->size() == keys.size());
    std::set<std::string> shown;
    for (const LawPoint& p : *window.view().points()) shown.insert(pointKey(p));
    QVERIFY(shown == std::set<std::string>(keys.begin(), keys.end()));
    QVERIFY(window.view().options().filter.find("model") != std::string::npos);
  }
};

namespace {
const testing::Registered<MultiplesTest> kMultiplesTest;
}

}  // namespace bitfrontier

#include "multiples_test.moc"
