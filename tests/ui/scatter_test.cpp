// SPDX-License-Identifier: GPL-3.0-or-later
#include <QImage>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <random>

#include "tests/ui/registry.h"
#include "ui/base/text.h"
#include "ui/plot/frontier_plot.h"
#include "ui/plot/glyph.h"
#include "ui/plot/scatter.h"

namespace bitfrontier {
namespace {

PointsPtr share(std::vector<LawPoint> points) {
  return std::make_shared<const std::vector<LawPoint>>(std::move(points));
}

/// The plot as a picture without the widget's other layers, drawn as for a vector file or stamped.
QImage picture(FrontierPlot& plot, bool exact, double ratio) {
  QImage image(QSize(600, 400) * ratio, QImage::Format_RGB32);
  image.setDevicePixelRatio(ratio);
  image.fill(Qt::white);
  QCPPainter painter(&image);
  if (exact) painter.setModes(QCPPainter::pmNoCaching);
  plot.toPainter(&painter, 600, 400);
  return image;
}

std::vector<LawPoint> cloud(int count) {
  std::mt19937 random(5);
  std::vector<LawPoint> points;
  for (int i = 0; i < count; ++i) {
    LawPoint p = testing::plantedPoint(random() % 2 ? "a" : "b",
                                       1e7 * std::pow(10.0, random() % 3000 / 1000.0),
                                       3 + static_cast<int>(random() % 6));
    p.accuracy += (random() % 1000) * 1e-5;
    points.push_back(p);
  }
  return points;
}

}  // namespace

/// Points as they are drawn: stamped on screen, shapes in files.
class ScatterTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // A stamp is the marker, whatever the resolution, its middle in the middle.
  void stampsAreTheMarkers_data() {
    QTest::addColumn<double>("ratio");
    for (const double ratio : {1.0, 1.25, 1.5, 2.0, 3.0}) QTest::addRow("%g", ratio) << ratio;
  }
  void stampsAreTheMarkers() {
    QFETCH(double, ratio);
    for (int family = 0; family < 12; ++family) {
      const QCPScatterStyle style =
          glyphStyle(family, family % 3, QPen(Qt::black, 1), QBrush(Qt::red), 10);
      const QImage stamp = glyphStamp(style, ratio, 1);
      QVERIFY(stamp.width() % 2 == 1 && stamp.width() >= 10 * ratio);
      QVERIFY(stamp.width() <= 16 * ratio + 2);
      // Nothing is cut off at the edge.
      for (int i = 0; i < stamp.width(); ++i) {
        for (const QPoint& p : {QPoint(i, 0), QPoint(i, stamp.height() - 1), QPoint(0, i),
                                QPoint(stamp.width() - 1, i)}) {
          QCOMPARE(qAlpha(stamp.pixel(p)), 0);
        }
      }
      const QImage faint = glyphStamp(style, ratio, 0.5);
      const QPoint middle(stamp.width() / 2, stamp.height() / 2);
      QVERIFY(std::abs(qAlpha(faint.pixel(middle)) - qAlpha(stamp.pixel(middle)) / 2) <= 2);
    }
  }

  // What is stamped looks as what is drawn, to half a pixel.
  void stampingIsDrawing() {
    for (const double ratio : {1.0, 2.0}) {
      FrontierPlot plot;
      ViewOptions options;
      options.errorBars = options.frontier = options.labels = false;
      plot.setOptions(options);
      plot.setPoints(share(cloud(120)));
      const QImage stamped = picture(plot, false, ratio), exact = picture(plot, true, ratio);
      QCOMPARE(stamped.size(), exact.size());
      double difference = 0, ink = 0;
      for (int y = 0; y < exact.height(); ++y) {
        for (int x = 0; x < exact.width(); ++x) {
          difference += std::abs(qGray(stamped.pixel(x, y)) - qGray(exact.pixel(x, y)));
          ink += 255 - qGray(exact.pixel(x, y));
        }
      }
      QVERIFY2(difference < 0.2 * ink, qPrintable(QString::number(difference / ink)));
    }
  }

  // Laying stamps over each other is what QPainter does with a picture.
  void overlapsAddUp() {
    FrontierPlot plot;
    auto* scatter = new Scatter(plot.xAxis, plot.yAxis);
    plot.xAxis->setRange(1e3, 1e5);
    plot.yAxis->setRange(0, 1);
    ScatterData data;
    for (int i = 0; i < Scatter::kMany; ++i) {  // so many that they are transparent
      data.x.push_back(i < 2 ? 1e4 : 1e9);
      data.y.push_back(0.5);
      data.error.push_back(LawPoint::kAbsent);
    }
    ScatterGroup group{glyphStyle(1, 0, QPen(Qt::blue, 1), QBrush(Qt::blue), 12), true, {}};
    for (int i = 0; i < Scatter::kMany; ++i) group.rows.push_back(i);
    data.groups = {group};
    scatter->setData(data);
    const double alpha = Scatter::opacity(Scatter::kMany);
    QVERIFY(alpha < 1);
    const QImage image = picture(plot, false, 1);
    const QColor seen = image.pixelColor(scatter->pixelOf(0).toPoint());
    // Two layers of blue on white.
    const double left = (1 - alpha) * (1 - alpha);
    QVERIFY2(std::abs(seen.red() - 255 * left) <= 3, qPrintable(seen.name()));
    QCOMPARE(seen.blue(), 255);
  }

  void densityShowsFromManyPointsOn() {
    QCOMPARE(Scatter::opacity(Scatter::kMany - 1), 1.0);
    double last = 1;
    for (std::size_t n = Scatter::kMany; n < 1'000'000; n *= 2) {
      QVERIFY(Scatter::opacity(n) <= last && Scatter::opacity(n) >= 0.2);
      last = Scatter::opacity(n);
    }
  }

  // Moving the mouse or the selection draws no point anew.
  void pointsAreKeptUntilTheAxesMove() {
    FrontierPlot plot;
    plot.resize(600, 400);
    plot.setPoints(share(cloud(2000)));
    plot.show();
    QVERIFY(QTest::qWaitForWindowExposed(&plot, testing::kPatience));
    plot.replot(QCustomPlot::rpImmediateRefresh);
    const Scatter* scatter = plot.content().scatter();
    const int before = scatter->renderings();
    QVERIFY(before > 0);
    for (int i = 0; i < 20; ++i) {
      plot.setCurrent(i);
      plot.setSelected({i, i + 1});
      plot.replot(QCustomPlot::rpImmediateRefresh);
    }
    QCOMPARE(scatter->renderings(), before);
    plot.xAxis->scaleRange(0.9);
    plot.replot(QCustomPlot::rpImmediateRefresh);
    QCOMPARE(scatter->renderings(), before + 1);
  }

  // Many points are prepared and drawn by other threads, and are then what is drawn at once.
  void manyPointsAreDrawnInTheBackground() {
    FrontierPlot plot;
    plot.resize(600, 400);
    plot.show();
    QVERIFY(QTest::qWaitForWindowExposed(&plot, testing::kPatience));
    const auto points = share(cloud(Scatter::kMany + 1000));
    QSignalSpy shown(&plot, &FrontierPlot::pointsShown);
    plot.setPoints(points);
    QVERIFY(plot.busy());
    QVERIFY(plot.points().empty());
    QVERIFY(shown.isEmpty());
    QTRY_VERIFY_WITH_TIMEOUT(!plot.busy() && shown.size() == 1, testing::kPatience);
    QCOMPARE(plot.sharedPoints(), points);
    const Scatter* scatter = plot.content().scatter();
    const auto area = [&] { return plot.grab(plot.axisRect()->rect()).toImage(); };
    const auto exact = [&] {
      Scatter* own = plot.content().scatter();
      own->setBackground(false);
      own->setData(scatter->data());
      plot.replot(QCustomPlot::rpImmediateRefresh);
      const QImage image = area();
      own->setBackground(true);
      return image;
    };
    QTRY_VERIFY_WITH_TIMEOUT(!plot.busy(), testing::kPatience);
    const QImage drawn = area();
    QCOMPARE(drawn, exact());
    // A change of the axes moves the picture at once and makes another one.
    const int before = scatter->renderings();
    plot.xAxis->setRange(plot.xAxis->range().lower * 1.2, plot.xAxis->range().upper * 1.2);
    plot.replot(QCustomPlot::rpImmediateRefresh);
    QVERIFY(plot.busy());
    QCOMPARE(scatter->renderings(), before);
    QTRY_VERIFY_WITH_TIMEOUT(!plot.busy(), testing::kPatience);
    QVERIFY(scatter->renderings() > before);
    const QImage moved = area();
    QVERIFY(moved != drawn);
    QCOMPARE(moved, exact());
  }

  // However often something changes, the first is shown soon and the last at the end.
  void manyChangesAreFewDrawings() {
    FrontierPlot plot;
    plot.resize(600, 400);
    plot.setThreaded(true);
    plot.show();
    QVERIFY(QTest::qWaitForWindowExposed(&plot, testing::kPatience));
    QTRY_VERIFY_WITH_TIMEOUT(!plot.busy(), testing::kPatience);
    QSignalSpy shown(&plot, &FrontierPlot::pointsShown);
    auto points = cloud(200);
    plot.setPoints(share(points));
    for (int i = 0; i < 50; ++i) {
      points.push_back(testing::plantedPoint("a", 1e9 + i, 4));
      plot.setPoints(share(points));
    }
    QTRY_VERIFY_WITH_TIMEOUT(!plot.busy(), testing::kPatience);
    QCOMPARE(plot.points().size(), points.size());
    QCOMPARE(shown.size(), qsizetype{2});
    // The selection and the current point stay on their points, wherever these are now.
    plot.setSelected({3, 7});
    plot.setCurrent(7);
    const std::string third = pointKey(points[3]), seventh = pointKey(points[7]);
    std::reverse(points.begin(), points.end());
    plot.setPoints(share(points));
    QTRY_VERIFY_WITH_TIMEOUT(shown.size() == 3 && !plot.busy(), testing::kPatience);
    QCOMPARE(pointKey(plot.points()[std::size_t(plot.current())]), seventh);
    QCOMPARE(plot.selected().size(), std::size_t{2});
    QCOMPARE(pointKey(plot.points()[std::size_t(plot.selected()[0])]), third);
    QCOMPARE(pointKey(plot.points()[std::size_t(plot.selected()[1])]), seventh);
  }

  void theNearestPointIsFound() {
    FrontierPlot plot;
    plot.resize(600, 400);
    plot.setPoints(share(cloud(3000)));
    plot.replot(QCustomPlot::rpImmediateRefresh);
    const Scatter* scatter = plot.content().scatter();
    for (int i = 0; i < 40; ++i) {
      const QPointF at(80 + 10 * i, 60 + 7 * i);
      double least = 20;
      for (int k = 0; k < 3000; ++k) {
        // As the axes say it, not as the plottable does.
        const QPointF p(plot.xAxis->coordToPixel(scatter->data().x[std::size_t(k)]),
                        plot.yAxis->coordToPixel(scatter->data().y[std::size_t(k)]));
        QVERIFY((p - scatter->pixelOf(k)).manhattanLength() < 1e-6);
        least = std::min(least, QLineF(p, at).length());
      }
      const int found = scatter->nearest(at, 20);
      QCOMPARE(found >= 0 ? QLineF(scatter->pixelOf(found), at).length() : 20.0, least);
    }
  }

  void ringsAreAsThickAsTheChance() {
    FrontierPlot plot;
    plot.resize(600, 400);
    const auto points = testing::plantedFamily("a");
    plot.setPoints(share(points));
    auto chances = std::make_shared<FrontierChances>();
    chances->points[pointKey(points[0])] = {0.1, true};
    chances->points[pointKey(points[1])] = {0.9, true};
    chances->points[pointKey(points[2])] = {0.3, false};
    chances->points[pointKey(points[3])] = {0.01, false};
    plot.setChances(chances);
    const Scatter* rings = plot.content().rings();
    QVERIFY(rings);
    std::map<int, QCPScatterStyle> styles;
    for (const ScatterGroup& group : rings->data().groups) {
      for (const int row : group.rows) styles.emplace(row, group.style);
    }
    QCOMPARE(styles.size(), std::size_t{3});
    QVERIFY(styles.at(1).pen().widthF() > 2 * styles.at(0).pen().widthF());
    QVERIFY(styles.at(2).pen().color() != styles.at(0).pen().color());  // a tie
    QStringList legend;
    for (const LegendEntry* entry : plot.legendEntries()) legend << entry->text();
    QVERIFY(legend.filter(QStringLiteral("frontier")).size() >= 2);
    QVERIFY(!legend.filter(QStringLiteral("tie")).isEmpty());
    ViewOptions options;
    options.rings = false;
    plot.setOptions(options);
    QVERIFY(!plot.content().rings());
  }
};

namespace {
const testing::Registered<ScatterTest> kScatterTest;
}

}  // namespace bitfrontier

#include "scatter_test.moc"
