// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <fstream>
#include <QSignalSpy>
#include <QTest>

#include "tests/ui/planted_runs.h"
#include "tests/ui/registry.h"
#include "ui/base/text.h"
#include "ui/export/figure_plot.h"
#include "ui/plot/axis_range.h"
#include "ui/plot/frontier_plot.h"
#include "ui/plot/plot_labels.h"
#include "ui/plot/plot_values.h"
#include "ui/view/point_axes.h"
#include "ui/view/view_controller.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

PointsPtr share(std::vector<LawPoint> points) {
  return std::make_shared<const std::vector<LawPoint>>(std::move(points));
}

/// A store of one model at 4 and 16 bit on one task of 100 items: 4 bit loses 6 of those that 16
/// bit has right, and gains 2.
std::filesystem::path pairedStore() {
  const std::filesystem::path file = testing::temporaryFile(u"paired-axes.bfdb"_s).toStdString();
  std::filesystem::remove(file);
  RunStore store = RunStore::open(file);
  for (const int bits : {4, 16}) {
    RunRecord run = testing::plantedRun("a", 1e8, bits, "t", 0);
    run.result.items = 100;
    for (int i = 0; i < 100; ++i) {
      const bool sixteen = i < 60;
      const bool four = (sixteen && i >= 6) || i == 90 || i == 91;
      run.result.correct.push_back(bits == 16 ? sixteen : four);
    }
    run.result.accuracy = bits == 16 ? 0.60 : 0.56;
    run.seconds = bits == 16 ? 30 : 12;
    store.add(run);
  }
  return file;
}

}  // namespace

/// What axes can show: values, ranges, what is hidden, and labels beside points.
class AxesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void differencesArePaired() {
    const auto file = pairedStore();
    const SnapshotPtr snapshot = readSnapshot(file, CountingRule::CheckpointBytes);
    ViewOptions options;
    options.y = YAxis::Difference;
    const Choice choice = choose(*snapshot, options);
    const PlotValues at = plotValues(*choice.points, options, {choice.axes.get(), nullptr});
    for (std::size_t i = 0; i < choice.points->size(); ++i) {
      if ((*choice.points)[i].bits == 16) {
        QCOMPARE(at.y[i], 0.0);
        continue;
      }
      QVERIFY(std::abs(at.y[i] - -4) < 1e-9);
      // McNemar: sqrt(n10 + n01 - (n10 - n01)^2 / n) / n, in points and times 1.96.
      const double se = std::sqrt(8 - 16 / 100.0) / 100;
      QVERIFY2(std::abs(at.error[i] - 1.96 * 100 * se) < 0.05,
               qPrintable(QString::number(at.error[i])));
      // Independent errors would be more than twice as long.
      QVERIFY(at.error[i] < 0.5 * 1.96 * 100 * std::sqrt((0.6 * 0.4 + 0.56 * 0.44) / 100));
    }
    QVERIFY(yAxisLabel(options).contains(u"16 bit"_s));
    QVERIFY(!hasFrontier(options));
  }

  void timeAndMemoryComeFromTheRuns() {
    const auto file = pairedStore();
    const SnapshotPtr snapshot = readSnapshot(file, CountingRule::CheckpointBytes);
    ViewOptions options;
    options.x = XAxis::Seconds;
    Choice choice = choose(*snapshot, options);
    PlotValues at = plotValues(*choice.points, options, {choice.axes.get(), nullptr});
    for (std::size_t i = 0; i < choice.points->size(); ++i) {
      QCOMPARE(at.x[i], (*choice.points)[i].bits == 16 ? 30.0 : 12.0);
    }
    options.x = XAxis::Memory;
    options.context = 0;
    choice = choose(*snapshot, options);
    at = plotValues(*choice.points, options, {choice.axes.get(), nullptr});
    for (std::size_t i = 0; i < choice.points->size(); ++i) {
      QCOMPARE(at.x[i], 1e8 * (*choice.points)[i].bits / 8);
    }
    // The shape of the model is not known, so its cache is not either: hidden, and counted.
    options.context = 2048;
    choice = choose(*snapshot, options);
    at = plotValues(*choice.points, options, {choice.axes.get(), nullptr});
    QCOMPARE(at.hidden.size(), std::size_t{1});
    QCOMPARE(hiddenText(at), u"2 points hidden: memory not known"_s);
  }

  void cacheOfTheContextIsPartOfTheMemory() {
    const auto file = testing::temporaryFile(u"cache-axes.bfdb"_s).toStdString();
    const std::filesystem::path folder = testing::temporaryFile(u"shape"_s).toStdString();
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "config.json")
        << R"({"model_type": "gpt2", "n_layer": 3, "n_head": 4, "n_embd": 32, "n_positions": 4096})";
    std::filesystem::remove(file);
    RunStore store = RunStore::open(file);
    RunRecord run = testing::plantedRun("a", 1e8, 4, "t");
    run.modelPath = folder.string();
    store.add(run);
    ViewOptions options;
    options.x = XAxis::Memory;
    options.context = 1000;
    const SnapshotPtr snapshot = readSnapshot(file, CountingRule::CheckpointBytes);
    const Choice choice = choose(*snapshot, options);
    // Two of 3 layers x 32 numbers x 1000 tokens x 16 bits.
    const double cache = 2 * 3 * 32 * 1000.0 * 16;
    QCOMPARE(choice.axes->memory.size(), std::size_t{1});
    QCOMPARE(choice.axes->memory[0], 4e8 + cache);
  }

  void oneTaskAsAnAxis() {
    const auto file = testing::temporaryFile(u"task-axes.bfdb"_s).toStdString();
    std::filesystem::remove(file);
    RunStore store = RunStore::open(file);
    for (RunRecord run : testing::plantedRuns("a", {"easy", "hard"})) {
      run.result.accuracy = run.result.task == "easy" ? 0.9 : 0.3;
      store.add(run);
    }
    const SnapshotPtr snapshot = readSnapshot(file, CountingRule::CheckpointBytes);
    ViewOptions options;
    options.task = "hard";
    const Choice choice = choose(*snapshot, options);
    QVERIFY(!choice.points->empty());
    for (const LawPoint& p : *choice.points) QCOMPARE(p.accuracy, 0.3);
    QVERIFY(yAxisLabel(options).contains(u"hard"_s));
    QCOMPARE(choice.tasks.size(), std::size_t{2});
  }

  void residualsAreFromTheLaw() {
    auto points = testing::plantedFamily("a");
    for (std::size_t i = 0; i < points.size(); ++i) points[i].accuracy += i % 2 ? 0.004 : -0.004;
    const auto laws = computeLaws(points, SeriesKey::Bits, LawMetric::Accuracy);
    ViewOptions options;
    options.y = YAxis::Residual;
    const PlotValues at = plotValues(points, options, {nullptr, laws.get()});
    double sum = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
      QVERIFY(std::isfinite(at.y[i]));
      QVERIFY(std::abs(at.y[i]) < 1.5);  // points of accuracy
      sum += at.y[i];
    }
    QVERIFY(std::abs(sum / static_cast<double>(points.size())) < 0.1);
    // Without a law there is no residual, and that is said.
    const PlotValues none = plotValues(points, options);
    QCOMPARE(hiddenText(none), u"24 points hidden: no law describes them"_s);
  }

  void errorOnALogarithmicAxis() {
    auto points = testing::plantedFamily("a");
    points[0].accuracy = 1;  // no error: cannot be shown
    FrontierPlot plot;
    plot.resize(700, 420);
    ViewOptions options;
    options.y = YAxis::Error;
    options.yLog = true;
    plot.setOptions(options);
    plot.setPoints(share(points));
    QCOMPARE(plot.yAxis->scaleType(), QCPAxis::stLogarithmic);
    QCOMPARE(plot.scene().hidden, 1);
    QVERIFY(hiddenText(plot.scene().at).contains(u"logarithmic y"_s));
    QVERIFY(plot.scene().at.hidden.front().byLogY);
    QCOMPARE(plot.scene().at.y[1], 100 - 100 * points[1].accuracy);
    QVERIFY(plot.yAxis->range().lower > 0);
    // The frontier goes down.
    const auto& frontier = plot.scene().frontiers.front().points;
    for (std::size_t i = 1; i < frontier.size(); ++i) {
      QVERIFY(plot.scene().at.y[std::size_t(frontier[i])] <=  // two are equal
              plot.scene().at.y[std::size_t(frontier[i - 1])]);
    }
    for (int i = 0; i < 300; ++i) plot.zoom(1.7);
    QVERIFY(plot.yAxis->range().lower > 0);
    options.yLog = false;
    plot.setOptions(options);
    QCOMPARE(plot.scene().hidden, 0);
  }

  void rangesAreClamped() {
    const AxisLimits log{true, 1e2, 1e18}, linear{false, 1e-6, 1e6};
    for (const QCPRange& range : {QCPRange(0, 1e12), QCPRange(-5, -1), QCPRange(1e30, 1e40),
                                  QCPRange(1e9, 1e9), QCPRange(std::nan(""), 3)}) {
      const QCPRange l = saneRange(range, log);
      QVERIFY(l.lower >= 10 && l.upper <= 1e19 && l.upper > l.lower);
      const QCPRange k = saneRange(range, linear);
      QVERIFY(std::isfinite(k.lower) && k.upper > k.lower);
    }
    const QCPRange good(3e8, 5e10);
    QCOMPARE(saneRange(good, log), good);
  }

  void labelsCoverNothing() {
    const QRectF area(0, 0, 400, 300);
    Occupancy occupied(area);
    std::vector<QPointF> points;
    for (int i = 0; i < 60; ++i) {
      points.emplace_back(20 + (i * 97) % 360, 15 + (i * 53) % 270);
      occupied.addPoint(points.back(), 4);
    }
    QPolygonF line;
    for (int x = 0; x <= 400; x += 20) line << QPointF(x, 150 + 60 * std::sin(x / 50.0));
    occupied.addLine(line);
    std::vector<LabelWish> wishes;
    for (int i = 0; i < 60; ++i) {
      wishes.push_back(
          {u"label %1"_s.arg(i), Qt::black, points[std::size_t(i)], QSizeF(52, 12), i % 5 == 0});
    }
    const auto placed = placeLabels(wishes, occupied);
    QVERIFY(placed.size() >= 10 && placed.size() <= kMostLabels);
    QCOMPARE(placed.front().wish, std::size_t{0});  // the first first
    for (std::size_t i = 0; i < placed.size(); ++i) {
      QVERIFY(area.contains(placed[i].rect));
      for (const QPointF& p : points) QVERIFY(!placed[i].rect.contains(p));
      for (const QPointF& p : line) QVERIFY(!placed[i].rect.contains(p));
      for (std::size_t j = 0; j < i; ++j) QVERIFY(!placed[i].rect.intersects(placed[j].rect));
    }
    QCOMPARE(placeLabels(wishes, occupied, 3).size(), std::size_t{3});
  }

  // In a small figure a label far from its point would name another one.
  void smallLabelsStayNear() {
    const QRectF area(0, 0, 200, 120);
    Occupancy occupied(area);
    occupied.addRect(QRectF(60, 20, 80, 80));  // nothing is free nearby
    const LabelWish small{u"4 bit"_s, Qt::black, QPointF(100, 60), QSizeF(20, 8)};
    QVERIFY(placeLabels({small}, occupied).empty());
    LabelWish large = small;
    large.size = QSizeF(20, 18);
    QCOMPARE(placeLabels({large}, occupied).size(), std::size_t{1});
    QVERIFY(placeLabels({large}, occupied).front().leader);
  }

  // A figure whose legend has no room for lines still says what rings are.
  void ringsAreExplainedInFigures() {
    std::vector<LawPoint> points;
    for (int family = 0; family < 12; ++family) {
      for (LawPoint p : testing::plantedFamily("family-" + std::to_string(family)))
        points.push_back(p);
    }
    auto chances = std::make_shared<FrontierChances>();
    chances->points[pointKey(points[0])] = {0.9, true};
    FigureSpec spec;
    spec.points = share(points);
    spec.chances = chances;
    const FigurePlot figure = makeFigurePlot(spec);
    QStringList legend;
    for (const LegendEntry* entry : figure.legend->entries()) legend << entry->text();
    QVERIFY2(legend.contains(u"P(on frontier)"_s), qPrintable(legend.join(u", "_s)));
    QVERIFY(!legend.contains(u"guessing"_s));
  }

  void cursorReadsTheBest() {
    const auto points = testing::plantedFamily("a");
    FrontierPlot plot;
    plot.setPoints(share(points));
    for (const int row : plot.scene().frontiers.front().points) {
      const LawPoint& p = points[std::size_t(row)];
      const QString reading = plot.readingAt(p.totalBits * 1.0001);
      // Some have the same total bits and value: any of them is named.
      QVERIFY2(reading.endsWith(Text::metric(p, LawMetric::Accuracy)), qPrintable(reading));
      const auto named = std::any_of(points.begin(), points.end(), [&](const LawPoint& q) {
        return q.totalBits == p.totalBits &&
               reading.contains(QString::fromStdString(q.model) + u" %1 bit"_s.arg(q.bits));
      });
      QVERIFY2(named, qPrintable(reading));
    }
    QVERIFY(plot.readingAt(1e3).startsWith(u"nothing"_s));
  }

  // The budget moves without anything else being drawn anew.
  void budgetIsOnALayerOfItsOwn() {
    FrontierPlot plot;
    plot.resize(600, 400);
    plot.setPoints(share(testing::plantedFamily("a")));
    plot.show();
    QVERIFY(QTest::qWaitForWindowExposed(&plot, testing::kPatience));
    plot.replot(QCustomPlot::rpImmediateRefresh);
    const QImage before = plot.grab().toImage();
    const PlotMarksPtr marks = plot.content().shared();
    const int renderings = plot.content().scatter()->renderings();
    ViewOptions options = plot.options();
    options.budgetBits = 1e10;
    plot.setOptions(options);
    QCOMPARE(plot.content().shared(), marks);
    QCOMPARE(plot.content().scatter()->renderings(), renderings);
    const QImage after = plot.grab().toImage();
    const double x = plot.xAxis->coordToPixel(1e10);
    const int middle = plot.axisRect()->center().y();
    QRect feasible = plot.axisRect()->rect();
    feasible.setRight(static_cast<int>(x) - 2);
    QCOMPARE(after.copy(feasible), before.copy(feasible));
    int darker = 0;
    for (int i = static_cast<int>(x) + 3; i < plot.axisRect()->right(); ++i) {
      darker += after.pixel(i, middle) != before.pixel(i, middle);
    }
    QVERIFY(darker > 0.8 * (plot.axisRect()->right() - x - 3));
  }

  void predictionsAreHollowWithIntervals() {
    FrontierPlot plot;
    plot.setPoints(share(testing::plantedFamily("a")));
    PredictedPoint predicted{testing::plantedPoint("a", 3e9, 5), 0.5, 0.6};
    QVERIFY(!plot.content().predictions());
    plot.setPredictions({predicted});
    const Scatter* shown = plot.content().predictions();
    QVERIFY(shown);
    QCOMPARE(shown->data().x.size(), std::size_t{1});
    QVERIFY(std::abs(shown->data().error[0] - 5) < 1e-9);
    QCOMPARE(shown->data().groups[0].style.pen().style(), Qt::DotLine);
  }

  void losslessLineIsThe16BitLawAtFewerBits() {
    const auto points = testing::plantedFamily("a");
    FrontierPlot plot;
    plot.setPoints(share(points));
    plot.setLaws(computeLaws(points, SeriesKey::Bits, LawMetric::Accuracy));
    ViewOptions options;
    options.lossless = true;
    options.losslessBits = 4;
    plot.setOptions(options);
    const PlotCurve* line = nullptr;
    for (const PlotCurve& curve : plot.content().curves()->curves()) {
      if (curve.name == u"lossless 4 bit"_s) line = &curve;
    }
    QVERIFY(line);
    const auto& curves = plot.laws()->laws;
    const auto sixteen = std::find_if(curves.begin(), curves.end(), [](const LawCurve& c) {
      return c.series.points.front().bits == 16;
    });
    QCOMPARE(line->x.size(), sixteen->inside.size());
    QCOMPARE(line->x[7], sixteen->inside[7].totalBits / 4);
    QCOMPARE(line->y[7], 100 * sixteen->inside[7].value);
  }
};

namespace {
const testing::Registered<AxesTest> kAxesTest;
}

}  // namespace bitfrontier

#include "axes_test.moc"
