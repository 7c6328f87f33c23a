// SPDX-License-Identifier: GPL-3.0-or-later
#include <atomic>
#include <QAbstractButton>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QMenuBar>
#include <QMessageBox>
#include <QRadioButton>
#include <QSpinBox>
#include <QTest>
#include <QTimer>
#include <thread>

#include "core/base/resources.h"
#include "tests/ui/contrast.h"
#include "tests/ui/registry.h"
#include "ui/export/headless_export.h"
#include "ui/window/main_window.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

SweepFunction endlessSweep(std::atomic<bool>* running) {
  return [running](const SweepSpec&, const std::filesystem::path&, const std::string&,
                   const SweepEvents& events, const JobContext& job) {
    *running = true;
    SweepProgress p;
    p.cellsTotal = 10;
    while (!job.cancelled()) {
      events.progress(p);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    *running = false;
    SweepSummary summary;
    summary.cancelled = true;
    return summary;
  };
}

void collect(const QMenu* menu, QList<QAction*>& actions) {
  for (QAction* action : menu->actions()) {
    if (action->menu()) {
      collect(action->menu(), actions);
    } else if (!action->isSeparator()) {
      actions << action;
    }
  }
}

QChar mnemonic(const QString& text) {
  const qsizetype at = text.indexOf(u'&');
  return at < 0 || at + 1 >= text.size() ? QChar() : text[at + 1].toLower();
}

void checkMnemonics(const QMenu* menu) {
  QSet<QChar> used;
  for (QAction* action : menu->actions()) {
    if (action->menu()) checkMnemonics(action->menu());
    const QChar key = mnemonic(action->text());
    if (key.isNull()) continue;
    QVERIFY2(!used.contains(key), qPrintable(menu->title() + u": "_s + action->text()));
    used << key;
  }
}

}  // namespace

class WindowTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void actionsAreComplete() {
    MainWindow window;
    QList<QAction*> inMenus;
    for (QAction* top : window.menuBar()->actions()) collect(top->menu(), inMenus);
    QHash<QKeySequence, QString> shortcuts;
    for (QAction* action : window.actions().all()) {
      QVERIFY2(inMenus.contains(action), qPrintable(action->objectName()));
      QVERIFY2(!action->icon().isNull(), qPrintable(action->objectName()));
      for (const QKeySequence& key : action->shortcuts()) {
        QVERIFY2(!shortcuts.contains(key),
                 qPrintable(action->objectName() + u" and "_s + shortcuts[key]));
        shortcuts[key] = action->objectName();
      }
    }
    for (QAction* action : inMenus) {
      const QString name = action->text();
      QVERIFY2(!action->objectName().isEmpty(), qPrintable(name));
      QVERIFY2(!action->toolTip().isEmpty(), qPrintable(name));
      QVERIFY2(!action->statusTip().isEmpty(), qPrintable(name));
    }
    for (QAction* top : window.menuBar()->actions()) checkMnemonics(top->menu());
    const Actions& a = window.actions();
    QCOMPARE(a.quit->shortcut(), QKeySequence(u"Ctrl+Q"_s));
    QCOMPARE(a.fullScreen->shortcut(), QKeySequence(u"F11"_s));
    QCOMPARE(a.newSweep->shortcut(), QKeySequence(u"Ctrl+N"_s));
    QCOMPARE(a.openStore->shortcut(), QKeySequence(u"Ctrl+O"_s));
    QCOMPARE(a.exportFigure->shortcut(), QKeySequence(u"Ctrl+E"_s));
  }

  void controlsHaveNames() {
    MainWindow window;
    for (const QWidget* widget : window.findChildren<QWidget*>()) {
      const bool control =
          qobject_cast<const QComboBox*>(widget) || qobject_cast<const QLineEdit*>(widget) ||
          qobject_cast<const QTableView*>(widget) || qobject_cast<const QAbstractSpinBox*>(widget);
      if (!control) continue;
      QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(widget->objectName()));
    }
    QVERIFY(!window.plot().accessibleName().isEmpty());
  }

  void firstStartShowsPublishedResults() {
    MainWindow window;
    window.resize(1200, 800);
    window.show();
    window.openStore(testing::temporaryFile(u"first.bfdb"_s).toStdString(),
                     StoreSession::Open::WithPublished);
    QTRY_VERIFY(window.settled());
    QVERIFY(window.plot().points().size() >= 45);
    for (const LawPoint& p : window.plot().points()) QVERIFY(p.published());
    QCOMPARE(window.hint().hint(), HintBar::Hint::OnlyPublished);
    QVERIFY(window.laws().table().rowCount() >= 6);
    QVERIFY(window.runs().pointTable().rowCount() ==
            static_cast<int>(window.plot().points().size()));

    // The filter box acts on everything.
    auto* filter = window.findChild<QLineEdit*>(u"filterEdit"_s);
    QTest::keyClicks(filter, u"family:opt bits:4"_s);
    QTRY_VERIFY(window.plot().points().size() < 45);
    QTRY_VERIFY(window.settled());
    for (const LawPoint& p : window.plot().points()) QCOMPARE(p.bits, 4);
    QVERIFY(window.findChild<QLabel*>(u"countsLabel"_s)->text().contains(u" of "_s));

    // A click on a point selects its row.
    const int point = 3;
    window.plot().replot(QCustomPlot::rpImmediateRefresh);
    QTest::mouseClick(&window.plot(), Qt::LeftButton, {}, window.plot().pixelOf(point).toPoint());
    QCOMPARE(window.runs().selectedPoints().size(), std::size_t{1});

    // Other counting rule: other totals, same points.
    const double before = window.plot().points().front().totalBits;
    ViewOptions options = window.view().options();
    options.rule = CountingRule::AllParameters;
    window.view().setOptions(options);
    QTRY_VERIFY(!window.plot().points().empty() &&
                window.plot().points().front().totalBits != before);
    QVERIFY(window.plot().xAxis->label().contains(u"k bits"_s));
  }

  void emptyStoreSaysWhatToDo() {
    MainWindow window;
    window.show();
    window.openStore(testing::temporaryFile(u"empty.bfdb"_s).toStdString(),
                     StoreSession::Open::New);
    QTRY_VERIFY(window.settled());
    QCOMPARE(window.hint().hint(), HintBar::Hint::EmptyStore);
    auto* add = window.findChild<QPushButton*>(u"hintPublished"_s);
    QVERIFY(add->isVisible());
    QTest::mouseClick(add, Qt::LeftButton);
    QTRY_VERIFY(window.view().totalPoints() > 0);
  }

  void foreignFileIsRefusedWithOneSentence() {
    const QString name = testing::temporaryFile(u"foreign.bfdb"_s);
    QFile file(name);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(5000, 'x'));
    file.close();
    MainWindow window;
    window.show();
    window.openStore(name.toStdString());
    QTRY_VERIFY(!window.lastError().isEmpty());
    QVERIFY(window.lastError().contains(u"foreign.bfdb"_s));
    auto* box = window.findChild<QMessageBox*>(u"errorBox"_s);
    QVERIFY(box && box->isVisible());
    box->close();
    // The window goes on with another store.
    window.openStore(testing::temporaryFile(u"after.bfdb"_s).toStdString(),
                     StoreSession::Open::WithPublished);
    QTRY_VERIFY(window.settled() && window.view().totalPoints() > 0);
    QVERIFY(window.lastError().isEmpty());
  }

  void closingWithARunningSweepAsksOnce() {
    std::atomic<bool> running{false};
    auto window = std::make_unique<MainWindow>(endlessSweep(&running));
    window->show();
    window->openStore(testing::temporaryFile(u"close.bfdb"_s).toStdString(),
                      StoreSession::Open::New);
    QTRY_VERIFY(window->session().snapshot() != nullptr);
    LaunchChoice choice;
    window->startSweep(choice);
    QTRY_VERIFY(running.load());
    int asked = 0;
    const auto answer = [&](bool stop) {
      QTimer::singleShot(100, window.get(), [&, stop] {
        auto* box = window->findChild<QMessageBox*>(u"quitBox"_s);
        QVERIFY(box);
        ++asked;
        if (stop) {
          QTest::mouseClick(box->findChild<QAbstractButton*>(u"quitStop"_s), Qt::LeftButton);
        } else {
          QTest::keyClick(box, Qt::Key_Escape);
        }
      });
    };
    answer(false);
    window->close();
    QVERIFY(window->isVisible() && running.load());
    answer(true);
    window->close();
    QTRY_VERIFY(!window->isVisible());
    QCOMPARE(asked, 2);
    QVERIFY(!running.load());
  }

  void destructionStopsARunningSweep() {
    std::atomic<bool> running{false};
    auto window = std::make_unique<MainWindow>(endlessSweep(&running));
    window->show();
    window->openStore(testing::temporaryFile(u"destroy.bfdb"_s).toStdString(),
                      StoreSession::Open::WithPublished);
    QTRY_VERIFY(window->settled());
    window->startSweep({});
    QTRY_VERIFY(running.load());
    QCOMPARE(window->view().options().source, SourceChoice::Measured);
    QTRY_COMPARE(window->hint().hint(), HintBar::Hint::Waiting);
    window.reset();
    QVERIFY(!running.load());
  }

  void windowRemembersItsLayout() {
    const auto dock = [](MainWindow& window) {
      return window.findChild<QDockWidget*>(u"lawDock"_s);
    };
    {
      MainWindow window;
      window.show();
      dock(window)->close();
      window.actions().means->setChecked(true);
      window.close();
    }
    {
      MainWindow window;
      window.show();
      QVERIFY(!dock(window)->isVisible());
      QVERIFY(window.view().options().means);
      window.actions().resetLayout->trigger();
      QVERIFY(dock(window)->isVisibleTo(&window));
      window.actions().means->setChecked(false);
      window.close();
    }
  }

  void paletteChangesReachThePlot() {
    applyTheme(Theme::Light);
    MainWindow window;
    window.show();
    const QColor light = window.plot().xAxis->labelColor();
    applyTheme(Theme::Dark);
    QCoreApplication::processEvents();
    const QColor dark = window.plot().xAxis->labelColor();
    QVERIFY(light.lightness() < 100 && dark.lightness() > 155);
    applyTheme(Theme::Light);
  }

  /// WCAG 2 asks for 3 to 1 around what can be operated.
  void untickedBoxesAreSeen() {
    for (const Theme theme : {Theme::Light, Theme::Dark}) {
      applyTheme(theme);
      QCheckBox check;
      QRadioButton radio;
      for (QAbstractButton* button :
           {static_cast<QAbstractButton*>(&check), static_cast<QAbstractButton*>(&radio)}) {
        button->resize(button->sizeHint());
        const QImage image = button->grab().toImage();
        const QColor window = button->palette().color(QPalette::Window);
        double best = 1;
        for (int x = 0; x < image.width(); ++x) {
          best = std::max(best, contrast(image.pixelColor(x, image.height() / 2), window));
        }
        QVERIFY2(best >= 3, qPrintable(QString::number(best)));
      }
    }
    applyTheme(Theme::Light);
  }

  void missingStoreIsOneSentence() {
    HeadlessExport request;
    request.store = testing::temporaryFile(u"absent.bfdb"_s).toStdString();
    request.figures = {testing::temporaryFile(u"absent.pdf"_s).toStdString()};
    request.look.preset = figurePresets().front();
    try {
      exportHeadless(request);
      QFAIL("no error");
    } catch (const Error& e) {
      QVERIFY2(std::string(e.what()).find("absent.bfdb") != std::string::npos, e.what());
      QVERIFY(!QFile::exists(testing::temporaryFile(u"absent.bfdb"_s)));
    }
  }

  void headlessExportWritesEveryFormat() {
    const auto store = testing::temporaryFile(u"headless.bfdb"_s).toStdString();
    QVERIFY(addPublishedResults(store) > 0);
    QCOMPARE(addPublishedResults(store), std::size_t{0});  // not twice
    HeadlessExport request;
    request.store = store;
    for (const QString& name : {u"h.pdf"_s, u"h.svg"_s, u"h.png"_s}) {
      request.figures.push_back(testing::temporaryFile(name).toStdString());
    }
    request.laws = {testing::temporaryFile(u"h.json"_s).toStdString()};
    request.families = {"opt"};
    request.look.preset = figurePresets().front();
    const auto report = exportHeadless(request);
    QCOMPARE(report.size(), std::size_t{4});
    for (const std::string& file : request.figures) {
      QVERIFY(QFileInfo(QString::fromStdString(file)).size() > 1000);
    }
    request.families = {"no such family"};
    QVERIFY_EXCEPTION_THROWN(exportHeadless(request), Error);
  }
};

namespace {
const testing::Registered<WindowTest> kWindowTest;
}

}  // namespace bitfrontier

#include "window_test.moc"
