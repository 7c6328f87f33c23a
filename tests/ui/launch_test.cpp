// SPDX-License-Identifier: GPL-3.0-or-later
#include <atomic>
#include <QClipboard>
#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QProcess>
#include <QTest>

#include "tests/ui/registry.h"
#include "ui/launch/launch_dialog.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

class LaunchTest : public QObject {
  Q_OBJECT

 private:
  std::filesystem::path modelFolder(const QString& name) {
    const QString path = testing::temporaryFile(name);
    QDir().mkpath(path);
    QFile config(path + u"/config.json"_s);
    if (config.open(QIODevice::WriteOnly)) config.write("{}");
    return path.toStdString();
  }

  std::filesystem::path taskFile(const QString& name) {
    QFile file(testing::temporaryFile(name));
    if (file.open(QIODevice::WriteOnly)) file.write("{}\n");
    return file.fileName().toStdString();
  }

  // Only what the test adds is ticked, whether or not the suite is installed.
  void clear(LaunchDialog& dialog) {
    for (const QString& name : {u"launchModels"_s, u"launchTasks"_s}) {
      QAbstractItemModel* model = dialog.findChild<QListView*>(name)->model();
      for (int row = 0; row < model->rowCount(); ++row) {
        model->setData(model->index(row, 0), Qt::Unchecked, Qt::CheckStateRole);
      }
    }
    for (QCheckBox* box : dialog.findChildren<QCheckBox*>()) box->setChecked(false);
  }
  void tick(LaunchDialog& dialog, const QString& name) {
    auto* box = dialog.findChild<QCheckBox*>(name);
    QVERIFY2(box, qPrintable(name));
    box->setChecked(true);
  }

 private Q_SLOTS:
  void countsCells() {
    LaunchDialog dialog("store.bfdb", nullptr,
                        [](const SweepSpec&, const std::filesystem::path&, const JobContext&) {
                          return SweepPlan{};
                        });
    clear(dialog);
    QCOMPARE(dialog.cellCount(), std::size_t{0});
    QVERIFY(!dialog.findChild<QPushButton*>(u"launchStart"_s)->isEnabled());
    QVERIFY(dialog.addModel(modelFolder(u"model-a"_s)));
    QVERIFY(dialog.addModel(modelFolder(u"model-b"_s)));
    QVERIFY(dialog.addTask(taskFile(u"t1.jsonl"_s)));
    tick(dialog, u"bits16"_s);
    QCOMPARE(dialog.cellCount(), std::size_t{2});  // the baseline needs no type and no block
    tick(dialog, u"bits4"_s);
    QCOMPARE(dialog.cellCount(), std::size_t{2});  // 4 bit without a type is nothing
    tick(dialog, u"type_int"_s);
    tick(dialog, u"type_float"_s);
    tick(dialog, u"block64"_s);
    QCOMPARE(dialog.cellCount(), std::size_t{2 * (1 + 2)});
    tick(dialog, u"block1024"_s);
    tick(dialog, u"bits3"_s);
    QCOMPARE(dialog.cellCount(), std::size_t{2 * (1 + 2 * 2 * 2)});
    QVERIFY(dialog.addTask(taskFile(u"t2.jsonl"_s)));
    QCOMPARE(dialog.cellCount(), std::size_t{2 * 2 * (1 + 2 * 2 * 2)});
    QVERIFY(!dialog.addModel("/nonexistent"));
    QVERIFY(dialog.findChild<QLabel*>(u"launchProblem"_s)->isVisibleTo(&dialog));
  }

  void plansInTheBackgroundAndShowsWhatIsDone() {
    std::atomic<int> calls{0};
    std::atomic<bool> wrongThread{false};
    const auto* gui = QThread::currentThread();
    LaunchDialog dialog(
        "store.bfdb", nullptr,
        [&](const SweepSpec& spec, const std::filesystem::path&, const JobContext&) {
          ++calls;
          wrongThread = QThread::currentThread() == gui;
          SweepPlan plan;
          plan.cells.resize(spec.models.size() * spec.configs.size() * spec.tasks.size());
          plan.done = 1;
          plan.estimatedSeconds = 130;
          return plan;
        });
    clear(dialog);
    dialog.addModel(modelFolder(u"model-a"_s));
    dialog.addTask(taskFile(u"t1.jsonl"_s));
    for (const QString& name : {u"bits16"_s, u"bits4"_s, u"type_int"_s, u"block64"_s})
      tick(dialog, name);
    QTRY_VERIFY(!dialog.planning());
    QVERIFY(!wrongThread);
    QCOMPARE(calls.load(), 1);  // typing is waited for
    QCOMPARE(
        dialog.summary(),
        u"1 model × 2 configurations × 1 task = 2 cells · 1 already done · about 2 min 10 s"_s);
    QCOMPARE(dialog.findChild<QPushButton*>(u"launchStart"_s)->text(), u"Start 1 cell"_s);
  }

  void commandIsTheSameSweep() {
    LaunchChoice c;
    c.suiteDirectory = "/s";
    c.suiteModels = {"/s/models/m1", "/s/models/m2"};
    c.suiteTasks = {"/s/tasks/t1.jsonl"};
    c.models = c.suiteModels;
    c.tasks = c.suiteTasks;
    c.grid.bits = {4, 16};
    c.grid.types = {DataType::Int, DataType::Float};
    c.grid.blockSizes = {64, 0};
    c.itemLimit = 50;
    c.store = "/tmp/my runs.bfdb";
    QCOMPARE(sweepCommand(c),
             u"bitfrontier sweep --suite pocket --bits 4,16 --types int,float --blocks 64,tensor "
             "--items 50 --device cpu --store '/tmp/my runs.bfdb'"_s);
    c.models.pop_back();
    QVERIFY(sweepCommand(c).contains(u"--suite pocket --models models/m1 "_s));
    c.models = {"/elsewhere/it's"};
    QVERIFY(
        sweepCommand(c).contains(uR"(--models '/elsewhere/it'\''s' --tasks /s/tasks/t1.jsonl)"_s));
    QVERIFY(!sweepCommand(c).contains(u"--suite"_s));
  }

  void shellWordsSurviveAShell() {
    for (const QString& word :
         {u"plain"_s, u"two words"_s, u"it's"_s, u"a$b`c\"d"_s, u"*?[x]"_s, u""_s}) {
      QProcess shell;
      shell.start(u"/bin/sh"_s, {u"-c"_s, u"printf %s "_s + shellWord(word)});
      QVERIFY(shell.waitForFinished());
      QCOMPARE(QString::fromUtf8(shell.readAllStandardOutput()), word);
    }
  }

  void escapeClosesAndTabReachesEverything() {
    LaunchDialog dialog("store.bfdb", nullptr,
                        [](const SweepSpec&, const std::filesystem::path&, const JobContext&) {
                          return SweepPlan{};
                        });
    dialog.show();
    QVERIFY(QTest::qWaitForWindowExposed(&dialog));
    dialog.activateWindow();
    QStringList names;
    for (int i = 0; i < 60; ++i) {
      const QWidget* focus = dialog.focusWidget();
      if (focus) names << focus->objectName();
      QTest::keyClick(focus ? const_cast<QWidget*>(focus) : &dialog, Qt::Key_Tab);
    }
    for (const QString& name :
         {u"launchModels"_s, u"bits3"_s, u"type_int"_s, u"block64"_s, u"launchTasks"_s,
          u"launchItems"_s, u"launchDevice"_s, u"launchCancel"_s}) {
      QVERIFY2(names.contains(name), qPrintable(name + u" not in "_s + names.join(u' ')));
    }
    QTest::keyClick(&dialog, Qt::Key_Escape);
    QVERIFY(!dialog.isVisible());
  }
};

namespace {
const testing::Registered<LaunchTest> kLaunchTest;
}

}  // namespace bitfrontier

#include "launch_test.moc"
