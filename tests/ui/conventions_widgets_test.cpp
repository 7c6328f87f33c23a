// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QScreen>
#include <QTest>
#include <QTextBrowser>

#include "tests/ui/contrast.h"
#include "tests/ui/conventions.h"
#include "tests/ui/registry.h"
#include "ui/base/text.h"
#include "ui/settings/preferences.h"
#include "ui/settings/theme.h"
#include "ui/window/desktop_tools.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

/// Puts application-wide appearance back when a test ends.
struct Restored {
  QFont font = QApplication::font();
  ~Restored() {
    QApplication::setFont(font);
    QApplication::setLayoutDirection(Qt::LeftToRight);
    applyTheme(Theme::Light);
  }
};

/// Counts dialogs that come up.
class DialogCounter : public QObject {
 public:
  DialogCounter() { qApp->installEventFilter(this); }
  bool eventFilter(QObject* object, QEvent* event) override {
    if (event->type() == QEvent::Show && object->inherits("QDialog")) names << object->objectName();
    return false;
  }
  QStringList names;
};

}  // namespace

/// Conventions 7, 12, 15 to 18, 29 (mirrored), 39 and 40, of the window and of every dialog that an
/// action opens.
class ConventionsWidgetsTest : public QObject {
  Q_OBJECT

  /// Calls `faultsOf` for the window and each dialog; fails with all that it finds.
  void audit(MainWindow& window, const std::function<QStringList(QWidget&)>& faultsOf) {
    QStringList faults = faultsOf(window);
    const QStringList dialogs = testing::forEveryDialog(window, [&](QDialog& dialog) {
      QVERIFY2(!dialog.objectName().isEmpty(), qPrintable(dialog.windowTitle()));
      QVERIFY2(!dialog.windowTitle().isEmpty(), qPrintable(dialog.objectName()));
      faults += faultsOf(dialog);
    });
    QVERIFY2(dialogs.size() >= 8, qPrintable(dialogs.join(u", "_s)));
    QVERIFY2(faults.isEmpty(), qPrintable(u"\n"_s + faults.join(u'\n')));
  }

 private Q_SLOTS:
  void initTestCase() { applyTheme(Theme::Light); }
  void init() { AppSettings().forgetWindow(); }

  void everyControlHasAName() {
    const auto window = testing::shownWindow({1440, 900}, u"names.bfdb"_s);
    QVERIFY(window);
    audit(*window, [](QWidget& w) { return testing::namelessControls(w); });
  }

  void everyLabelBelongsToItsControl() {
    const auto window = testing::shownWindow({1440, 900}, u"names.bfdb"_s);
    QVERIFY(window);
    audit(*window, [](QWidget& w) { return testing::labelsWithoutBuddy(w); });
  }

  void tabReachesEverything() {
    const auto window = testing::shownWindow({1440, 900}, u"names.bfdb"_s);
    QVERIFY(window);
    audit(*window, [](QWidget& w) { return testing::unreachedByTab(w); });
  }

  void theFocusIsSeen() {
    const Restored restored;
    const auto window = testing::shownWindow({1440, 900}, u"names.bfdb"_s);
    QVERIFY(window);
    for (const Theme theme : {Theme::Light, Theme::Dark, Theme::HighContrast}) {
      applyTheme(theme);
      audit(*window, [](QWidget& w) { return testing::unseenFocus(w); });
    }
  }

  void escapeClosesAndEnterIsClear() {
    const auto window = testing::shownWindow({1440, 900}, u"names.bfdb"_s);
    QVERIFY(window);
    // Enter must not start a sweep, runs the palette's choice, and opens a page of the manual.
    const QStringList withoutDefault{u"launchDialog"_s, u"commandPalette"_s, u"manualWindow"_s};
    audit(*window, [&](QWidget& w) -> QStringList {
      auto* dialog = qobject_cast<QDialog*>(&w);
      if (!dialog) return {};
      QStringList faults;
      bool hasDefault = dialog->inherits("QMessageBox");
      for (const QPushButton* b : dialog->findChildren<QPushButton*>()) {
        hasDefault = hasDefault || b->isDefault();
      }
      if (!hasDefault && !withoutDefault.contains(dialog->objectName())) {
        faults << u"no default button: "_s + dialog->objectName();
      }
      QTest::keyClick(dialog, Qt::Key_Escape);
      if (dialog->isVisible()) faults << u"Escape does not close "_s + dialog->objectName();
      return faults;
    });
  }

  void largeTextIsNotCut() {
    const Restored restored;
    QFont font = QApplication::font();
    font.setPointSize(18);
    QApplication::setFont(font);
    const auto window = testing::shownWindow({1900, 1000}, u"names.bfdb"_s);
    QVERIFY(window);
    audit(*window, [](QWidget& w) { return testing::clippedTexts(w); });
  }

  void textIsNotCut() {
    const auto window = testing::shownWindow({1440, 900}, u"names.bfdb"_s);
    QVERIFY(window);
    audit(*window, [](QWidget& w) { return testing::clippedTexts(w) + testing::overlaps(w); });
  }

  void everythingFitsSmallScreens() {
    for (const QSize screen : {QSize(1024, 640), QSize(1366, 768)}) {
      AppSettings().forgetWindow();
      const auto window = testing::shownWindow(screen, u"names.bfdb"_s);
      QVERIFY(window);
      audit(*window, [&](QWidget& w) -> QStringList {
        const QSize least = w.minimumSizeHint().expandedTo(w.minimumSize());
        QStringList faults;
        if (least.width() > screen.width() || least.height() > screen.height()) {
          faults
              << u"%1 needs %2 x %3"_s.arg(w.objectName()).arg(least.width()).arg(least.height());
        }
        if (w.isWindow() && qobject_cast<MainWindow*>(&w)) {
          if (w.size() != screen) {
            faults << u"the window is %1 x %2"_s.arg(w.width()).arg(w.height());
          }
          faults += testing::overlaps(w);
        }
        return faults;
      });
    }
  }

  void textIsReadInEveryTheme() {
    const Restored restored;
    const auto window = testing::shownWindow({1440, 900}, u"names.bfdb"_s);
    QVERIFY(window);
    for (const Theme theme : {Theme::Light, Theme::Dark, Theme::HighContrast}) {
      applyTheme(theme);
      QCoreApplication::processEvents();
      audit(*window, [](QWidget& w) { return testing::faintTexts(w); });
    }
  }

  // Marks, lines, and the numbers on the axes, as the picture of the plot has them.
  void marksAreSeenInEveryTheme() {
    const Restored restored;
    const auto window = testing::shownWindow({1440, 900}, u"names.bfdb"_s);
    QVERIFY(window);
    FrontierPlot& plot = window->plot();
    for (const Theme theme : {Theme::Light, Theme::Dark, Theme::HighContrast}) {
      applyTheme(theme);
      QTRY_VERIFY(window->settled());
      plot.replot(QCustomPlot::rpImmediateRefresh);
      const QImage image = plot.grab().toImage();
      const double ratio = image.devicePixelRatio();
      const QColor ground =
          image.pixelColor((plot.axisRect()->rect().topLeft() + QPoint(2, 2)) * ratio);
      const auto best = [&](const QRect& area) {
        double most = 1;
        const QRect part = QRect(area.topLeft() * ratio, area.size() * ratio) & image.rect();
        for (int y = part.top(); y <= part.bottom(); ++y) {
          for (int x = part.left(); x <= part.right(); ++x) {
            most = std::max(most, contrast(image.pixelColor(x, y), ground));
          }
        }
        return most;
      };
      int marks = 0, lines = 0;
      for (const PlotGroup& group : plot.scene().groups) {
        for (const int point : group.points) {
          const QPoint at = plot.pixelOf(point).toPoint();
          if (!plot.axisRect()->rect().contains(at)) continue;
          const double seen = best(QRect(at - QPoint(4, 4), QSize(9, 9)));
          QVERIFY2(seen >= 3,
                   qPrintable(
                       u"theme %1, point %2: contrast %3"_s.arg(int(theme)).arg(point).arg(seen)));
          ++marks;
        }
      }
      for (const PlotCurve& line : plot.content().curves()->curves()) {
        if (line.band() || line.across || line.x.size() < 2) continue;
        double seen = 1;
        bool inside = false;
        for (std::size_t i = 0; i < line.x.size(); ++i) {  // somewhere along it: it may be dashed
          const QPointF at(plot.xAxis->coordToPixel(line.x[i]),
                           plot.yAxis->coordToPixel(line.y[i]));
          if (!plot.axisRect()->rect().contains(at.toPoint())) continue;
          inside = true;
          seen = std::max(seen, best(QRect(at.toPoint() - QPoint(1, 1), QSize(3, 3))));
        }
        if (!inside) continue;
        ++lines;
        QVERIFY2(seen >= 3,
                 qPrintable(
                     u"theme %1, line %2: contrast %3"_s.arg(int(theme)).arg(line.name).arg(seen)));
      }
      QVERIFY2(marks > 40, qPrintable(QString::number(marks)));
      QVERIFY(lines > 0);
      const QRect inner = plot.axisRect()->rect();
      QVERIFY(best({0, inner.top(), inner.left() - 6, inner.height()}) >= 4.5);
      QVERIFY(best({inner.left(), inner.bottom() + 6, inner.width(), 40}) >= 4.5);
    }
  }

  // Every panel in turn, with a point selected, and the plot keeps a height that can be read.
  void everyPanelFitsASmallScreen() {
    const QSize screen(1024, 640);
    AppSettings().forgetWindow();
    const auto window = testing::shownWindow(screen, u"names.bfdb"_s);
    QVERIFY(window);
    window->view().selection().setOne(pointKey(window->plot().points().front()));
    QStringList faults;
    for (QDockWidget* dock : window->findChildren<QDockWidget*>()) {
      const bool closed = !dock->isVisible();
      dock->show();
      dock->raise();
      QTRY_VERIFY(window->settled());
      QCoreApplication::processEvents();
      const QSize least = window->minimumSizeHint();
      if (least.width() > screen.width() || least.height() > screen.height()) {
        faults << u"with %1 the window needs %2 x %3"_s.arg(dock->objectName())
                      .arg(least.width())
                      .arg(least.height());
      }
      if (window->size() != screen) {
        faults << u"with %1 the window is %2 x %3"_s.arg(dock->objectName())
                      .arg(window->width())
                      .arg(window->height());
      }
      if (window->plot().height() < 170) {
        faults << u"with %1 the plot has %2 pixels"_s.arg(dock->objectName())
                      .arg(window->plot().height());
      }
      if (closed) dock->close();
    }
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u'\n')));
  }

  // Of every two colours that are text and its ground in a palette.
  void palettesHaveContrast() {
    using P = QPalette;
    for (const P& p : {lightPalette(), darkPalette(), highContrastPalette()}) {
      const std::pair<P::ColorRole, P::ColorRole> pairs[] = {{P::WindowText, P::Window},
                                                             {P::Text, P::Base},
                                                             {P::Text, P::AlternateBase},
                                                             {P::ButtonText, P::Button},
                                                             {P::Link, P::Base},
                                                             {P::HighlightedText, P::Highlight},
                                                             {P::ToolTipText, P::ToolTipBase},
                                                             {P::PlaceholderText, P::Base},
                                                             {P::Link, P::Window}};
      for (const auto& [text, ground] : pairs) {
        const double c = contrast(p.color(text), p.color(ground));
        QVERIFY2(c >= 4.5, qPrintable(u"roles %1 and %2: %3"_s.arg(text).arg(ground).arg(c)));
      }
    }
  }

  void rightToLeftIsMirrored() {
    const Restored restored;
    QApplication::setLayoutDirection(Qt::RightToLeft);
    const auto window = testing::shownWindow({1440, 900}, u"names.bfdb"_s);
    QVERIFY(window);
    audit(*window, [](QWidget& w) { return testing::overlaps(w); });
    const auto left = [&](const QString& name) {
      const auto* w = window->findChild<QWidget*>(name);
      return w ? w->mapTo(window.get(), QPoint()).x() : -1;
    };
    QVERIFY(left(u"xBox"_s) > left(u"filterEdit"_s));  // else it is the other way round
  }

  void sharpAtEveryScale() {
    const auto window = testing::shownWindow({900, 600}, u"names.bfdb"_s);
    QVERIFY(window);
    const double ratio = window->devicePixelRatioF();
    const QImage image = window->grab().toImage();
    QCOMPARE(image.width(), qRound(window->width() * ratio));
    QCOMPARE(image.height(), qRound(window->height() * ratio));
  }

  void aWindowOffTheScreenComesBack() {
    QRect before;
    {
      MainWindow window;
      window.resize(700, 500);
      window.show();
      window.move(5000, 4000);
      window.close();
      before = window.frameGeometry();
    }
    MainWindow window;
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    const QRect seen = window.frameGeometry() & window.screen()->availableGeometry();
    QVERIFY2(seen.width() >= 200 && seen.height() >= 100,
             qPrintable(u"was at %1, is at %2"_s.arg(before.x()).arg(window.frameGeometry().x())));
  }

  void aLayoutOfAnotherVersionIsRefused() {
    MainWindow window;
    const QByteArray state = window.saveState();
    QVERIFY(window.restoreState(state));
    QVERIFY(!window.restoreState(state, 77));
    QVERIFY(!window.restoreState(QByteArray("nonsense")));
  }

  void theAboutBoxSaysWhatItIs() {
    MainWindow window;
    window.show();
    window.actions().about->trigger();
    auto* text = window.findChild<QTextBrowser*>(u"aboutWindowText"_s);
    QVERIFY(text && text->isVisible());
    for (const QString& part : {QApplication::applicationVersion(), u"GNU General Public License"_s,
                                QString::fromLatin1(qVersion()), u"libtorch"_s, u"QCustomPlot"_s}) {
      QVERIFY2(text->toPlainText().contains(part), qPrintable(part));
    }
    QTRY_VERIFY(text->toPlainText().contains(u"cpu: "_s));
  }

  // What can be undone or repeated asks nothing and reports no success in a box.
  void aSessionOpensNoDialog() {
    const auto window = testing::shownWindow({1300, 860}, u"names.bfdb"_s);
    QVERIFY(window);
    const Restored restored;
    DialogCounter counter;
    Actions& a = window->actions();
    for (QAction* action : testing::peoplesActions(*window)) {
      if (!action->isCheckable() || !action->isEnabled() || action == a.fullScreen) continue;
      action->trigger();
      if (!action->actionGroup()) action->trigger();
    }
    for (QAction* action : {a.zoomIn, a.zoomOut, a.fitView, a.showAll, a.copyFigure, a.copyRows,
                            a.copyLaws, a.focusFilter, a.resetLayout}) {
      action->trigger();
    }
    QTest::keyClicks(window->findChild<QLineEdit*>(u"filterEdit"_s), u"bits:4"_s);
    QTRY_VERIFY(window->view().options().filter == "bits:4" && window->settled());
    QVERIFY2(counter.names.isEmpty(), qPrintable(counter.names.join(u", "_s)));
  }
};

namespace {
const testing::Registered<ConventionsWidgetsTest> kConventionsWidgetsTest;
}

}  // namespace bitfrontier

#include "conventions_widgets_test.moc"
