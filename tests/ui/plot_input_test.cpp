// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <QAccessible>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include "tests/ui/registry.h"
#include "ui/plot/frontier_plot.h"
#include "ui/plot/hover_card.h"
#include "ui/plot/plot_accessible.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

std::vector<LawPoint> twoFamilies() {
  std::vector<LawPoint> points = testing::plantedFamily("a");
  for (const LawPoint& p : testing::plantedFamily("b")) points.push_back(p);
  return points;
}

std::unique_ptr<FrontierPlot> shownPlot(std::vector<LawPoint> points, QSize size = {800, 500}) {
  auto plot = std::make_unique<FrontierPlot>();
  plot->resize(size);
  plot->setPoints(std::make_shared<const std::vector<LawPoint>>(std::move(points)));
  plot->show();
  const bool exposed = QTest::qWaitForWindowExposed(plot.get(), testing::kPatience);
  plot->replot(QCustomPlot::rpImmediateRefresh);
  Q_UNUSED(exposed);
  return plot;
}

void send(FrontierPlot& plot, QEvent::Type type, QPointF at, Qt::MouseButton button,
          Qt::MouseButtons buttons, Qt::KeyboardModifiers modifiers) {
  QMouseEvent event(type, at, plot.mapToGlobal(at), button, buttons, modifiers);
  QCoreApplication::sendEvent(&plot, &event);
}

void drag(FrontierPlot& plot, const std::vector<QPointF>& path, Qt::KeyboardModifiers modifiers) {
  send(plot, QEvent::MouseButtonPress, path.front(), Qt::LeftButton, Qt::LeftButton, modifiers);
  for (const QPointF& at : path) {
    send(plot, QEvent::MouseMove, at, Qt::NoButton, Qt::LeftButton, modifiers);
  }
  send(plot, QEvent::MouseButtonRelease, path.back(), Qt::LeftButton, Qt::NoButton, modifiers);
}

std::vector<int> rowsIn(const FrontierPlot& plot, const QPolygonF& shape) {
  std::vector<int> rows;
  for (int i = 0; i < static_cast<int>(plot.points().size()); ++i) {
    if (shape.containsPoint(plot.pixelOf(i), Qt::OddEvenFill)) rows.push_back(i);
  }
  return rows;
}

}  // namespace

/// Mouse and keys of the plot, and what screen readers are told.
class PlotInputTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { qRegisterMetaType<std::vector<int>>("std::vector<int>"); }

  void shiftAndDragSelectsARectangle() {
    const auto plot = shownPlot(twoFamilies());
    std::vector<int> enclosed;
    connect(plot.get(), &FrontierPlot::pointsEnclosed, plot.get(),
            [&](const std::vector<int>& rows) { enclosed = rows; });
    const PlotRange before = plot->range();
    const QRectF area(plot->axisRect()->rect());
    const QPointF from = area.topLeft() + QPointF(0.2 * area.width(), 5),
                  to = area.topLeft() + QPointF(0.6 * area.width(), 0.8 * area.height());
    drag(*plot, {from, (from + to) / 2, to}, Qt::ShiftModifier);
    const std::vector<int> expected = rowsIn(*plot, QPolygonF(QRectF(from, to)));
    QVERIFY(!expected.empty() && expected.size() < plot->points().size());
    QCOMPARE(enclosed, expected);
    QCOMPARE(plot->range(), before);
  }

  // A line by hand selects what lies in it, not what lies in the rectangle around it.
  void theLassoSelectsWhatItEncloses() {
    const auto plot = shownPlot(twoFamilies());
    std::vector<int> enclosed;
    connect(plot.get(), &FrontierPlot::pointsEnclosed, plot.get(),
            [&](const std::vector<int>& rows) { enclosed = rows; });
    plot->setLasso(true);
    const QRectF area(plot->axisRect()->rect());
    const auto at = [&](double x, double y) {
      return area.topLeft() + QPointF(x * area.width(), y * area.height());
    };
    // A triangle under the diagonal.
    const std::vector<QPointF> path{at(0.02, 0.98), at(0.5, 0.5),   at(0.98, 0.02),
                                    at(0.98, 0.5),  at(0.98, 0.98), at(0.5, 0.98)};
    QPolygonF shape;
    for (const QPointF& p : path) shape << p;
    drag(*plot, path, Qt::ShiftModifier);
    const std::vector<int> expected = rowsIn(*plot, shape);
    const std::vector<int> around = rowsIn(*plot, QPolygonF(shape.boundingRect()));
    QVERIFY(!expected.empty() && expected.size() < around.size());
    QCOMPARE(enclosed, expected);
    // With Ctrl it zooms all the same; without the lasso a rectangle is drawn again.
    enclosed.clear();
    drag(*plot, {path[0], path[2]}, Qt::ControlModifier);
    QVERIFY(enclosed.empty() && !plot->followsData());
    plot->fitView();
    plot->setLasso(false);
    drag(*plot, {path[0], path[2]}, Qt::ShiftModifier);
    QCOMPARE(enclosed, around);
  }

  void ctrlAndDragZoomsAndAltArrowsGoBack() {
    const auto plot = shownPlot(twoFamilies());
    const PlotRange all = plot->range();
    const QPointF from = plot->axisRect()->rect().topLeft() + QPointF(100, 60),
                  to = from + QPointF(200, 150);
    const PlotRange wanted{
        QCPRange(plot->xAxis->pixelToCoord(from.x()), plot->xAxis->pixelToCoord(to.x())),
        QCPRange(plot->yAxis->pixelToCoord(to.y()), plot->yAxis->pixelToCoord(from.y()))};
    drag(*plot, {from, (from + to) / 2, to}, Qt::ControlModifier);
    QVERIFY(std::abs(plot->range().x.lower / wanted.x.lower - 1) < 0.02);
    QVERIFY(std::abs(plot->range().x.upper / wanted.x.upper - 1) < 0.02);
    QVERIFY(std::abs(plot->range().y.lower - wanted.y.lower) < 0.5);
    QVERIFY(std::abs(plot->range().y.upper - wanted.y.upper) < 0.5);
    const PlotRange zoomed = plot->range();
    QTest::keyClick(plot.get(), Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(plot->range(), all);
    QTest::keyClick(plot.get(), Qt::Key_Right, Qt::AltModifier);
    QCOMPARE(plot->range(), zoomed);
    QTest::keyClick(plot.get(), Qt::Key_Backspace);
    QCOMPARE(plot->range(), all);
    QCOMPARE(plot->current(), -1);  // Alt and arrows walk no points
  }

  void ctrlAndClickTogglesOnePoint() {
    const auto plot = shownPlot(twoFamilies());
    QSignalSpy toggled(plot.get(), &FrontierPlot::pointToggled);
    QSignalSpy activated(plot.get(), &FrontierPlot::pointActivated);
    const int row = plot->pointAt(plot->pixelOf(4));
    drag(*plot, {plot->pixelOf(4)}, Qt::ControlModifier);
    QCOMPARE(toggled.size(), qsizetype{1});
    QCOMPARE(toggled[0][0].toInt(), row);
    QVERIFY(activated.isEmpty());
    plot->setFocus();
    plot->setCurrent(2);
    QTest::keyClick(plot.get(), Qt::Key_Space);
    QCOMPARE(toggled.size(), qsizetype{2});
    QCOMPARE(toggled[1][0].toInt(), 2);
  }

  void pagesAreTenPoints() {
    std::vector<LawPoint> points;
    for (int i = 0; i < 40; ++i) {
      points.push_back(testing::plantedPoint("a", 1e8 * std::pow(1.2, i), 4));
    }
    const auto plot = shownPlot(points);
    plot->setCurrent(3);
    for (const auto& [key, row] : {std::pair{Qt::Key_PageDown, 13},
                                   {Qt::Key_PageDown, 23},
                                   {Qt::Key_PageUp, 13},
                                   {Qt::Key_PageUp, 3},
                                   {Qt::Key_PageUp, 0},
                                   {Qt::Key_Right, 1}}) {
      QTest::keyClick(plot.get(), key);
      QCOMPARE(plot->current(), row);
    }
    for (int i = 0; i < 5; ++i) QTest::keyClick(plot.get(), Qt::Key_PageDown);
    QCOMPARE(plot->current(), 39);
  }

  // Where the keyboard goes can be seen: a frame inside the axes.
  void focusIsSeen() {
    const auto plot = shownPlot(twoFamilies());
    const QRect frame = plot->axisRect()->rect();
    const auto colored = [&] {
      const QImage image = plot->grab().toImage();
      const QColor accent = plot->palette().color(QPalette::Highlight);
      int count = 0;
      for (int x = frame.left() + 10; x < frame.right() - 10; ++x) {
        count += image.pixelColor(x, frame.top() + 1) == accent;
      }
      return count;
    };
    plot->clearFocus();
    QCOMPARE(colored(), 0);
    QFocusEvent in(QEvent::FocusIn, Qt::TabFocusReason);
    plot->activateWindow();
    plot->setFocus(Qt::TabFocusReason);
    QTRY_VERIFY_WITH_TIMEOUT(plot->hasFocus(), testing::kPatience);
    QVERIFY2(colored() > frame.width() / 2, qPrintable(QString::number(colored())));
  }

  // A legend that is longer than the plot is high never squeezes: the wheel shows the rest.
  void theLegendScrolls() {
    std::vector<LawPoint> points;
    for (int f = 0; f < 30; ++f) {
      for (const LawPoint& p : testing::plantedFamily("family " + std::to_string(f))) {
        points.push_back(p);
      }
    }
    const auto plot = shownPlot(points, {700, 320});
    QSet<QString> seen;
    const auto look = [&] {
      plot->replot(QCustomPlot::rpImmediateRefresh);
      for (const LegendEntry* entry : plot->legendEntries()) {
        QVERIFY(entry->outerRect().bottom() <= plot->height());
        QVERIFY(entry->outerRect().height() >= QFontMetrics(plot->font()).height() - 2);
        seen << entry->text();
      }
    };
    look();
    QVERIFY(!seen.contains(u"family 29"_s));
    const QPointF over(plot->axisRect()->right() + 40, 100);
    const PlotRange before = plot->range();
    for (int i = 0; i < 40; ++i) {
      QWheelEvent wheel(over, plot->mapToGlobal(over), {}, QPoint(0, -120), Qt::NoButton,
                        Qt::NoModifier, Qt::NoScrollPhase, false);
      QCoreApplication::sendEvent(plot.get(), &wheel);
      look();
    }
    for (int f = 0; f < 30; ++f)
      QVERIFY2(seen.contains(u"family %1"_s.arg(f)), qPrintable(u"%1"_s.arg(f)));
    QCOMPARE(plot->range(), before);
  }

  void theChartHasChildren() {
    const auto points = twoFamilies();
    const auto plot = shownPlot(points);
    plot->setLaws(computeLaws(points, SeriesKey::Bits, LawMetric::Accuracy));
    plot->replot(QCustomPlot::rpImmediateRefresh);
    QAccessibleInterface* chart = QAccessible::queryAccessibleInterface(plot.get());
    QVERIFY(chart);
    QCOMPARE(chart->role(), QAccessible::Chart);
    QCOMPARE(chart->text(QAccessible::Name), u"Scaling plot"_s);
    int laws = 0, entries = 0, shown = 0;
    for (int i = 0; i < chart->childCount(); ++i) {
      QAccessibleInterface* child = chart->child(i);
      QVERIFY(child && child->isValid());
      QCOMPARE(child->parent(), chart);
      QCOMPARE(chart->indexOfChild(child), i);
      QVERIFY(!child->text(QAccessible::Name).isEmpty());
      QVERIFY(!child->rect().isEmpty());
      if (child->role() == QAccessible::StaticText) {
        ++laws;
        QCOMPARE(child->text(QAccessible::Name), plot->lawSentence());
      }
      if (child->role() == QAccessible::CheckBox) {
        ++entries;
        QVERIFY(child->state().checked);
      }
      if (child->role() == QAccessible::ListItem) ++shown;
    }
    QCOMPARE(laws, 1);
    QCOMPARE(shown, static_cast<int>(points.size()));
    const auto named = [&](const QString& name) -> QAccessibleInterface* {
      for (int i = 0; i < chart->childCount(); ++i) {
        if (chart->child(i)->text(QAccessible::Name) == name) return chart->child(i);
      }
      return nullptr;
    };
    QVERIFY(entries >= 5 && named(u"4 bit"_s) && named(u"b"_s));
    // Switching a legend entry takes its points away.
    named(u"b"_s)->actionInterface()->doAction(QAccessibleActionInterface::toggleAction());
    QVERIFY(!named(u"b"_s)->state().checked);
    QCOMPARE(chart->childCount(), laws + entries + shown / 2);
    // What lies under a position is the point there.
    const QPoint at = plot->mapToGlobal(plot->pixelOf(2).toPoint());
    QAccessibleInterface* there = chart->childAt(at.x(), at.y());
    QVERIFY(there);
    QCOMPARE(there->text(QAccessible::Name),
             HoverCard::summary(points[static_cast<std::size_t>(plot->pointAt(plot->pixelOf(2)))],
                                LawMetric::Accuracy));
    QSignalSpy activated(plot.get(), &FrontierPlot::pointActivated);
    there->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
    QCOMPARE(activated.size(), qsizetype{1});
  }

  // Arrow keys move the focus among the children; of many points the neighbours are at hand. (Qt
  // gives no events to handlers of tests unless the platform has a bridge that is active.)
  void theCurrentPointIsTheFocus() {
    std::vector<LawPoint> points;
    for (int i = 0; i < 400; ++i) {
      points.push_back(testing::plantedPoint("a", 1e8 * std::pow(1.02, i), 3 + i % 2));
    }
    const auto plot = shownPlot(points);
    plot->activateWindow();
    plot->setFocus();
    QTRY_VERIFY_WITH_TIMEOUT(plot->hasFocus(), testing::kPatience);
    auto* chart = dynamic_cast<PlotAccessible*>(QAccessible::queryAccessibleInterface(plot.get()));
    QVERIFY(chart);
    std::vector<QString> spoken, expected;
    for (const int key : {Qt::Key_Right, Qt::Key_Right, Qt::Key_PageDown, Qt::Key_Down}) {
      QTest::keyClick(plot.get(), Qt::Key(key));
      expected.push_back(HoverCard::summary(points[static_cast<std::size_t>(plot->current())],
                                            LawMetric::Accuracy));
      QVERIFY(chart->focusChild());
      spoken.push_back(chart->focusChild()->text(QAccessible::Name));
    }
    QCOMPARE(spoken, expected);
    QCOMPARE(QSet<QString>(spoken.begin(), spoken.end()).size(), qsizetype{4});
    QCOMPARE(chart->focusChild()->text(QAccessible::Name), expected.back());
    QVERIFY(chart->focusChild()->state().focused);
    int items = 0;
    for (int i = 0; i < chart->childCount(); ++i) {
      items += chart->child(i)->role() == QAccessible::ListItem;
    }
    QCOMPARE(items, 5);
    // A store that changes leaves no child that lies.
    QAccessibleInterface* child = chart->focusChild();
    plot->setPoints(std::make_shared<const std::vector<LawPoint>>());
    QVERIFY(!child->isValid());
    QVERIFY(child->text(QAccessible::Name).isEmpty());
    QVERIFY(!chart->focusChild());
  }
};

namespace {
const testing::Registered<PlotInputTest> kPlotInputTest;
}

}  // namespace bitfrontier

#include "plot_input_test.moc"
