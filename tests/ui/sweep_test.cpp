// SPDX-License-Identifier: GPL-3.0-or-later
// A real sweep, started from the window: two pocket models, few items.
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include "core/engine/engine.h"
#include "core/pocket/suite.h"
#include "tests/ui/registry.h"
#include "ui/export/figure_export.h"
#include "ui/launch/launch_dialog.h"
#include "ui/window/main_window.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

constexpr int kItems = 300;  // enough that a sweep lasts while it is looked at

class SweepTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void sweepFromTheWindow() {
    const PocketSuite suite = openPocketSuite();
    QVERIFY(suite.models.size() >= 2);
    MainWindow window;
    window.resize(1280, 860);
    window.show();
    const auto store = testing::temporaryFile(u"sweep.bfdb"_s).toStdString();
    window.openStore(store, StoreSession::Open::WithPublished);
    QTRY_VERIFY(window.settled());

    // Put together in the dialog as a user does: the two smallest models, few items.
    window.actions().newSweep->trigger();
    auto* dialog = window.findChild<LaunchDialog*>();
    QVERIFY(dialog);
    QAbstractItemModel* models = dialog->findChild<QListView*>(u"launchModels"_s)->model();
    for (int row = 2; row < models->rowCount(); ++row) {
      models->setData(models->index(row, 0), Qt::Unchecked, Qt::CheckStateRole);
    }
    dialog->findChild<QSpinBox*>(u"launchItems"_s)->setValue(kItems);
    dialog->findChild<QComboBox*>(u"launchDevice"_s)->setCurrentIndex(0);
    const std::size_t cells = dialog->cellCount();
    const std::size_t configs = 1 + 5 * 4 * 2;
    QCOMPARE(cells, 2 * configs * suite.tasks.size());
    QTRY_VERIFY_WITH_TIMEOUT(!dialog->planning(), 60000);
    QVERIFY2(dialog->summary().contains(u"0 already done"_s), qPrintable(dialog->summary()));
    const LaunchChoice choice = dialog->choice();
    QTest::mouseClick(dialog->findChild<QPushButton*>(u"launchStart"_s), Qt::LeftButton);
    QTRY_COMPARE(window.queue().size(), 1);
    SweepJob* job = window.queue().job(0);

    // Points appear before it ends: the pause keeps a fast machine from being done too early.
    QTRY_VERIFY_WITH_TIMEOUT(job->progress().cellsDone >= 2 * suite.tasks.size(), 120000);
    window.actions().pause->trigger();
    QCOMPARE(job->state(), SweepJob::State::Paused);
    QTRY_VERIFY(window.plot().points().size() >= 2);
    QVERIFY(job->progress().cellsDone < cells);
    for (const LawPoint& p : window.plot().points()) QVERIFY(!p.published());

    window.actions().pause->trigger();
    QCOMPARE(job->state(), SweepJob::State::Running);
    window.actions().cancel->trigger();
    QTRY_COMPARE(job->state(), SweepJob::State::Cancelled);
    const std::size_t done = job->summary()->ran;
    QVERIFY(done > 0 && done < cells);

    // Resumed in the list of sweeps, it runs only what is missing.
    auto* resume = window.findChild<QPushButton*>(u"queuePause"_s);
    QTRY_VERIFY(resume->isEnabled());
    QCOMPARE(resume->text(), u"Resume"_s);
    resume->click();
    QTRY_COMPARE_WITH_TIMEOUT(job->state(), SweepJob::State::Done, 400000);
    QCOMPARE(job->summary()->reused, done);
    QCOMPARE(job->summary()->ran, cells - done);
    QCOMPARE(job->summary()->failed, std::size_t{0});
    QTRY_COMPARE(window.plot().points().size(), 2 * configs);
    QTRY_VERIFY(window.settled());

    const SweepPreview preview =
        engine().previewSweep(sweepSpec(choice), RunStore::open(store), {}, {});
    std::size_t finished = 0;
    for (const PairPreview& pair : preview.pairs) finished += pair.done;
    QCOMPARE(finished, cells);

    FigureSpec figure;
    figure.points = window.view().points();
    figure.laws = window.view().laws();
    figure.options = window.view().options();
    figure.look.preset = figurePresets().front();
    const QString pdf = testing::temporaryFile(u"sweep.pdf"_s);
    exportFigure(figure, pdf);
    if (QStandardPaths::findExecutable(u"pdftotext"_s).isEmpty())
      QSKIP("pdftotext is not installed");
    QProcess process;
    process.start(u"pdftotext"_s, {pdf, u"-"_s});
    QVERIFY(process.waitForFinished());
    const QString text = QString::fromUtf8(process.readAllStandardOutput());
    QVERIFY2(text.contains(u"Mean zero-shot accuracy (%)"_s), qPrintable(text));
    QVERIFY2(text.contains(u"measured here"_s), qPrintable(text));
  }
};

namespace {
const testing::Registered<SweepTest> kSweepTest;
}

}  // namespace bitfrontier

#include "sweep_test.moc"
