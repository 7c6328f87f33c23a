// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <QLineF>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <random>

#include "tests/ui/contrast.h"
#include "tests/ui/registry.h"
#include "ui/plot/frontier_plot.h"
#include "ui/plot/hover_card.h"
#include "ui/plot/law_set.h"
#include "ui/plot/log_ticker.h"
#include "ui/settings/theme.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

PointsPtr share(std::vector<LawPoint> points) {
  return std::make_shared<const std::vector<LawPoint>>(std::move(points));
}

std::vector<LawPoint> joined(std::vector<LawPoint> a, const std::vector<LawPoint>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

struct Ticks {
  QVector<double> major, minor;
  QVector<QString> labels;
};

Ticks ticks(double low, double high, LogTicker::Labels labels = LogTicker::Labels::Powers) {
  LogTicker ticker(labels);
  Ticks t;
  ticker.generate(QCPRange(low, high), QLocale::c(), u'g', 6, t.major, &t.minor, &t.labels);
  return t;
}

}  // namespace

class PlotTest : public QObject {
  Q_OBJECT

 private:
  std::unique_ptr<FrontierPlot> makePlot(std::vector<LawPoint> points) {
    auto plot = std::make_unique<FrontierPlot>();
    plot->resize(800, 500);
    plot->setPoints(share(std::move(points)));
    plot->show();
    const bool exposed = QTest::qWaitForWindowExposed(plot.get(), testing::kPatience);
    plot->replot(QCustomPlot::rpImmediateRefresh);
    Q_UNUSED(exposed);
    return plot;
  }

 private Q_SLOTS:
  void decadesAndMinorTicks() {
    const Ticks t = ticks(3e8, 5e12);
    QStringList shown;
    for (qsizetype i = 0; i < t.major.size(); ++i) {
      if (t.major[i] >= 3e8 && t.major[i] <= 5e12) shown << t.labels[i];
    }
    QCOMPARE(shown, (QStringList{u"10⁹"_s, u"10¹⁰"_s, u"10¹¹"_s, u"10¹²"_s}));
    for (const double decade : {1e9, 1e10, 1e11}) {
      for (int m = 2; m <= 9; ++m) {
        QVERIFY(std::any_of(t.minor.begin(), t.minor.end(),
                            [&](double v) { return std::abs(v / (m * decade) - 1) < 1e-9; }));
      }
    }
  }

  void narrowRangesStillHaveLabels_data() {
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    for (const double high : {9e9, 4e9, 2.2e9, 2.02e9}) {
      QTest::addRow("to %g", high) << 2e9 << high;
    }
  }
  void narrowRangesStillHaveLabels() {
    QFETCH(double, low);
    QFETCH(double, high);
    const Ticks t = ticks(low, high);
    const auto inside = std::count_if(t.major.begin(), t.major.end(),
                                      [&](double v) { return v >= low && v <= high; });
    QVERIFY2(inside >= 2 && inside <= 12, qPrintable(QString::number(inside)));
    QCOMPARE(QSet<QString>(t.labels.begin(), t.labels.end()).size(), t.labels.size());
  }

  void byteLabels() {
    LogTicker ticker(LogTicker::Labels::Bytes);
    QCOMPARE(ticker.label(1e8), u"100\u202fMB"_s);
    QCOMPARE(ticker.label(1e9), u"1\u202fGB"_s);
  }

  void colourIsBitsAndShapeIsFamily() {
    const auto plot = makePlot(joined(testing::plantedFamily("a"), testing::plantedFamily("b")));
    const PlotScene& scene = plot->scene();
    QCOMPARE(scene.values, (std::vector<QString>{u"3 bit"_s, u"4 bit"_s, u"16 bit"_s}));
    QCOMPARE(scene.families, (std::vector<QString>{u"a"_s, u"b"_s}));
    QCOMPARE(scene.groups.size(), std::size_t{6});
    const auto& drawn = plot->content().scatter()->data().groups;
    QCOMPARE(drawn.size(), scene.groups.size());
    for (std::size_t x = 0; x < drawn.size(); ++x) {
      for (std::size_t y = 0; y < drawn.size(); ++y) {
        const PlotGroup &gx = scene.groups[x], &gy = scene.groups[y];
        QCOMPARE(drawn[x].style.pen().color() == drawn[y].style.pen().color(),
                 gx.value == gy.value);
        QCOMPARE(drawn[x].style.shape() == drawn[y].style.shape(), gx.family == gy.family);
      }
    }
  }

  void plottedValuesAreTheData() {
    const auto points = testing::plantedFamily("a");
    const auto plot = makePlot(points);
    std::size_t count = 0;
    const ScatterData& data = plot->content().scatter()->data();
    for (const ScatterGroup& group : data.groups) {
      for (const int row : group.rows) {
        const auto i = static_cast<std::size_t>(row);
        const LawPoint& p = points[i];
        QCOMPARE(data.x[i], p.totalBits);
        QCOMPARE(data.y[i], 100 * p.accuracy);
        QCOMPARE(data.error[i], 100 * p.accuracySe);
        ++count;
      }
    }
    QCOMPARE(data.bars.size(), points.size());
    QCOMPARE(count, points.size());
  }

  void seriesAndMetricSwitch() {
    auto points = testing::plantedFamily("a");
    points.push_back(testing::plantedPoint("a", 1e8, 4, "float", 1024));
    const auto plot = makePlot(points);
    ViewOptions options = plot->options();
    options.series = SeriesKey::DataType;
    plot->setOptions(options);
    QCOMPARE(plot->scene().values, (std::vector<QString>{u"int"_s, u"float"_s, u"fp16"_s}));
    options.series = SeriesKey::BlockSize;
    plot->setOptions(options);
    QCOMPARE(plot->scene().values,
             (std::vector<QString>{u"block 64"_s, u"block 1024"_s, u"16 bit"_s}));
    options.metric = LawMetric::CrossEntropy;
    plot->setOptions(options);
    QVERIFY(plot->yAxis->label().contains(u"nats"_s));
    QVERIFY(plot->yAxis->range().upper < 10);
  }

  void publishedIsHollowAndNeverJoined() {
    const auto plot = makePlot(joined(testing::plantedFamily("a"),
                                      testing::published(testing::plantedFamily("a"), "Doe 2023")));
    const PlotScene& scene = plot->scene();
    const auto& drawn = plot->content().scatter()->data().groups;
    for (std::size_t g = 0; g < drawn.size(); ++g) {
      const bool hollow = drawn[g].style.brush().style() == Qt::NoBrush;
      QCOMPARE(hollow, scene.published(scene.groups[g]));
      for (const int i : drawn[g].rows) {
        QCOMPARE(plot->points()[static_cast<std::size_t>(i)].published(), hollow);
      }
    }
    QCOMPARE(scene.frontiers.size(), std::size_t{2});
    const auto entries = plot->legendEntries();
    QVERIFY(std::any_of(entries.begin(), entries.end(), [](const LegendEntry* e) {
      return e->text().contains(u"published"_s) && e->text().contains(u"Doe 2023"_s);
    }));
  }

  void frontiersJoinOnlyWhatMayBeCompared() {
    // 4 items with 200, five tasks with four: each has a frontier of its own.
    auto few = testing::plantedFamily("few"), fifth = testing::plantedFamily("fifth");
    for (LawPoint& p : few) p.itemLimit = 4;
    for (LawPoint& p : fifth) p.tasks = "a, b, c, d, e";
    const auto plot = makePlot(joined(testing::plantedFamily("a"), joined(few, fifth)));
    const PlotScene& scene = plot->scene();
    QCOMPARE(scene.frontiers.size(), std::size_t{3});
    for (const PlotFrontier& frontier : scene.frontiers) {
      for (const int i : frontier.points) {
        QCOMPARE(plot->points()[static_cast<std::size_t>(i)].family,
                 plot->points()[static_cast<std::size_t>(frontier.points[0])].family);
      }
    }
  }

  void absentMetricsAreCountedNotDrawn() {
    auto points = testing::plantedFamily("a");
    points[0].accuracy = LawPoint::kAbsent;
    points[1].totalBits = 0;
    const auto plot = makePlot(points);
    QCOMPARE(plot->scene().hidden, 2);
  }

  void legendClickIsolates() {
    const auto plot = makePlot(testing::plantedFamily("a"));
    LegendEntry* entry = plot->legendEntries()[1];  // after the heading: "3 bit"
    QCOMPARE(entry->text(), u"3 bit"_s);
    QTest::mouseClick(plot.get(), Qt::LeftButton, {}, entry->outerRect().center());
    const auto visible = [&] {
      QStringList names;
      const auto& drawn = plot->content().scatter()->data().groups;
      for (std::size_t g = 0; g < drawn.size(); ++g) {
        if (!drawn[g].visible) continue;
        names << plot->scene().values[static_cast<std::size_t>(plot->scene().groups[g].value)];
      }
      return names;
    };
    QCOMPARE(visible(), QStringList{u"3 bit"_s});
    plot->clickLegend({LegendTarget::Kind::Value, 1}, true);  // with Ctrl: 4 bit joins
    QCOMPARE(visible(), (QStringList{u"3 bit"_s, u"4 bit"_s}));
    plot->showEverySeries();
    QCOMPARE(visible().size(), qsizetype{3});
    plot->clickLegend({LegendTarget::Kind::Value, 2}, false);
    plot->clickLegend({LegendTarget::Kind::Value, 2}, false);  // again: everything is back
    QCOMPARE(visible().size(), qsizetype{3});
  }

  void zoomStaysWhenPointsArrive() {
    const auto all = testing::plantedFamily("a");
    const auto plot = makePlot({all.begin(), all.begin() + 6});
    const double before = plot->xAxis->range().upper;
    plot->setPoints(share({all.begin(), all.begin() + 12}));
    QVERIFY(plot->xAxis->range().upper > before);  // followed while nobody has zoomed
    const QPoint center = plot->axisRect()->rect().center();
    QWheelEvent wheel(center, plot->mapToGlobal(center), {}, QPoint(0, 240), Qt::NoButton,
                      Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(plot.get(), &wheel);
    const QCPRange x = plot->xAxis->range(), y = plot->yAxis->range();
    QVERIFY(x.upper / x.lower < 1e3);
    plot->setPoints(share(all));
    QCOMPARE(plot->xAxis->range(), x);
    QCOMPARE(plot->yAxis->range(), y);
    QTest::keyClick(plot.get(), Qt::Key_Home);
    QVERIFY(plot->xAxis->range().contains(all.back().totalBits));
    QVERIFY(plot->followsData());
  }

  void rangesStaySane() {
    const auto plot = makePlot(testing::plantedFamily("a"));
    for (int i = 0; i < 400; ++i) plot->zoom(2);
    QVERIFY(plot->xAxis->range().lower >= 1e2 && plot->xAxis->range().upper <= 1e18);
    for (int i = 0; i < 400; ++i) plot->zoom(0.5);
    QVERIFY(plot->xAxis->range().upper / plot->xAxis->range().lower > 1.01);
  }

  void keysWalkPoints() {
    const auto points = testing::plantedFamily("a");
    const auto plot = makePlot(points);
    QTest::keyClick(plot.get(), Qt::Key_Right);
    const int first = plot->current();
    QVERIFY(first >= 0);
    QTest::keyClick(plot.get(), Qt::Key_Right);
    const int second = plot->current();
    QCOMPARE(points[static_cast<std::size_t>(second)].bits,
             points[static_cast<std::size_t>(first)].bits);
    QVERIFY(points[static_cast<std::size_t>(second)].totalBits >
            points[static_cast<std::size_t>(first)].totalBits);
    QVERIFY(!plot->accessibleDescription().isEmpty());
    QTest::keyClick(plot.get(), Qt::Key_Down);
    QVERIFY(points[static_cast<std::size_t>(plot->current())].bits !=
            points[static_cast<std::size_t>(second)].bits);
    QSignalSpy activated(plot.get(), &FrontierPlot::pointActivated);
    QTest::keyClick(plot.get(), Qt::Key_Return);
    QCOMPARE(activated.size(), qsizetype{1});
    QTest::keyClick(plot.get(), Qt::Key_Escape);
    QCOMPARE(plot->current(), -1);
  }

  void hoverShowsACardBesideThePoint() {
    const auto plot = makePlot(testing::plantedFamily("a"));
    for (int i = 0; i < 24; ++i) {
      const QPoint at = plot->pixelOf(i).toPoint();
      QTest::mouseMove(plot.get(), at);
      QCOMPARE(plot->pointAt(at), plot->current());
      QTRY_VERIFY(plot->card()->isVisible());  // when the mouse has rested
      QVERIFY2(!plot->card()->geometry().contains(plot->pixelOf(plot->current()).toPoint()),
               "the card covers its point");
      QVERIFY(plot->rect().contains(plot->card()->geometry()));
    }
    QTest::mouseMove(plot.get(),
                     QPoint(plot->axisRect()->right() - 5, plot->axisRect()->bottom() - 5));
    QCOMPARE(plot->current(), -1);
    QVERIFY(!plot->card()->isVisible());
  }

  void cardPositionNeverCoversThePoint() {
    std::mt19937 random(7);
    const QRect area(0, 0, 600, 400);
    for (int i = 0; i < 2000; ++i) {
      const QPoint point(static_cast<int>(random() % 600), static_cast<int>(random() % 400));
      const QSize size(100 + static_cast<int>(random() % 150),
                       60 + static_cast<int>(random() % 110));
      const QRect card(cardPosition(size, point, area, 14), size);
      QVERIFY(!card.contains(point));
      QVERIFY(area.contains(card));
    }
  }

  void lawsAreDrawnDashedOutsideTheData() {
    const auto points = testing::plantedFamily("a");
    const auto plot = makePlot(points);
    const std::size_t before = plot->content().curves()->curves().size();
    const auto laws = computeLaws(points, SeriesKey::Bits, LawMetric::Accuracy);
    QCOMPARE(laws->laws.size(), std::size_t{3});
    plot->setLaws(laws);
    // Inside, below and above the data: each a line and a band.
    const std::vector<PlotCurve>& curves = plot->content().curves()->curves();
    QCOMPARE(curves.size(), before + 18);
    int dashed = 0, solid = 0, filled = 0, hatched = 0;
    for (const PlotCurve& curve : curves) {
      if (curve.steps || curve.x.size() < 50) continue;
      const bool inside = curve.x.front() >= 2.99e8 && curve.x.back() <= 2.06e11;
      if (curve.band()) {
        curve.hatched ? ++hatched : ++filled;
        for (std::size_t i = 0; i < curve.x.size(); ++i) QVERIFY(curve.lower[i] <= curve.y[i]);
        continue;
      }
      curve.pen.style() == Qt::DashLine ? ++dashed : ++solid;
      if (curve.pen.style() == Qt::SolidLine) QVERIFY(inside);
      // The curve runs through the planted law.
      const double middle = curve.y[curve.y.size() / 2];
      QVERIFY(middle > 0 && middle < 85);
    }
    QCOMPARE(solid, 3);
    QCOMPARE(dashed, 6);
    QCOMPARE(filled, 3);  // what no point supports looks less sure
    QCOMPARE(hatched, 6);
  }

  // Strokes lie inside the shape, at 45 degrees, and as densely as asked.
  void hatchingFillsTheShape() {
    const QPolygonF shape({{10, 10}, {210, 40}, {180, 90}, {120, 60}, {20, 120}});
    const QVector<QLineF> strokes = hatching(shape, 7);
    double length = 0;
    for (const QLineF& stroke : strokes) {
      QVERIFY(std::abs(stroke.dx() + stroke.dy()) < 1e-6);
      length += stroke.length();
      for (const double t : {0.01, 0.3, 0.5, 0.99}) {
        QVERIFY(shape.containsPoint(stroke.pointAt(t), Qt::OddEvenFill));
      }
    }
    double area = 0;
    for (int i = 0; i < shape.size(); ++i) {
      const QPointF a = shape[i], b = shape[(i + 1) % shape.size()];
      area += (a.x() * b.y() - b.x() * a.y()) / 2;
    }
    QVERIFY2(std::abs(length * 7 / std::abs(area) - 1) < 0.05, qPrintable(QString::number(length)));
  }

  // Dashes of a line far beyond the axes would cost a painter seconds.
  void linesAreCutToTheAxes() {
    PlotCurve curve;
    for (int i = 0; i <= 40; ++i) {
      curve.x.push_back(std::pow(10.0, i / 4.0));
      curve.y.push_back(20 + 7 * i);
    }
    PixelMap map;
    map.area = QRect(50, 20, 400, 300);
    map.x.log = true;
    map.x.slope = 4000 / std::log(10.0);  // a decade is ten times the area
    map.x.offset = 50 - 4000 * 5;
    map.y.slope = -1;
    map.y.offset = 320;
    const QPolygonF line = pixelLine(curve, map);
    QVERIFY(line.size() >= 2);
    for (const QPointF& p : line) {
      QVERIFY(p.x() >= 0 && p.x() <= 500);
      // On the line it was cut from: y is straight over the logarithm of x.
      QVERIFY(std::abs(p.y() - (320 - (20 + 28 * (p.x() - map.x.offset) / 4000))) < 1e-6);
    }
    curve.across = true;
    curve.y = {100};
    QCOMPARE(pixelLine(curve, map), QPolygonF({QPointF(50, 220), QPointF(450, 220)}));
  }

  void selectionSurvivesReload() {
    const auto points = testing::plantedFamily("a");
    const auto plot = makePlot(points);
    plot->setCurrent(5);
    auto shuffled = points;
    std::reverse(shuffled.begin(), shuffled.end());
    plot->setPoints(share(shuffled));
    QCOMPARE(plot->current(), static_cast<int>(points.size()) - 1 - 5);
  }

  void coloursCanBeSeen() {
    for (const QPalette& palette : {lightPalette(), darkPalette()}) {
      const PlotStyle style = PlotStyle::fromPalette(palette, QFont());
      QVERIFY(contrast(style.text, style.background) >= 4.5);
      QVERIFY(contrast(style.axis, style.background) >= 4.5);
      QSet<QRgb> seen;
      for (const int bits : {2, 3, 4, 5, 6, 7, 8, 16}) {
        const QColor color = style.seriesColor(SeriesKey::Bits, u"%1 bit"_s.arg(bits), 0);
        QVERIFY2(contrast(color, style.background) >= 2.1, qPrintable(QString::number(bits)));
        seen << color.rgb();
      }
      QCOMPARE(seen.size(), qsizetype{8});
    }
  }

  // Work grows with the number of series, not with a graph a point, and a search finds what
  // looking at every point finds.
  void manyPointsAreFewGraphs() {
    std::mt19937 random(3);
    std::vector<LawPoint> points;
    for (int i = 0; i < 35000; ++i) {
      LawPoint p = testing::plantedPoint("a", 1e7 * std::pow(10.0, random() % 4000 / 1000.0),
                                         3 + static_cast<int>(random() % 6));
      p.accuracy += (random() % 100) * 1e-4;
      points.push_back(p);
    }
    const auto plot = makePlot(points);
    QTRY_VERIFY_WITH_TIMEOUT(!plot->busy() && plot->points().size() == points.size(),
                             testing::kPatience);
    QCOMPARE(plot->scene().groups.size(), std::size_t{6});
    QVERIFY2(plot->plottableCount() < 30, qPrintable(QString::number(plot->plottableCount())));
    const ScatterData& data = plot->content().scatter()->data();
    QCOMPARE(plot->scene().frontiers.size(), std::size_t{1});
    QCOMPARE(data.bars, plot->scene().frontiers.front().points);
    QVERIFY(data.bars.size() < points.size() / 2);
    for (int i = 0; i < 20; ++i) {
      const QPointF at(100 + 20 * i, 120 + 10 * i);
      double nearest = 14;
      for (int k = 0; k < static_cast<int>(points.size()); ++k) {
        nearest = std::min(nearest, QLineF(plot->pixelOf(k), at).length());
      }
      const int found = plot->pointAt(at);
      QCOMPARE(found >= 0 ? QLineF(plot->pixelOf(found), at).length() : 14.0, nearest);
    }
  }
};

namespace {
const testing::Registered<PlotTest> kPlotTest;
}

}  // namespace bitfrontier

#include "plot_test.moc"
