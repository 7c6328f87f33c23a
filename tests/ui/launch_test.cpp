// SPDX-License-Identifier: GPL-3.0-or-later
#include <atomic>
#include <QClipboard>
#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QProcess>
#include <QScrollArea>
#include <QTabWidget>
#include <QTest>
#include <set>

#include "core/base/error.h"
#include "core/quant/quant_axes.h"
#include "tests/ui/registry.h"
#include "ui/base/text.h"
#include "ui/launch/launch_dialog.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

class LaunchTest : public QObject {
  Q_OBJECT

 private:
  static SweepPreview noPlan(const SweepSpec&, const std::filesystem::path&, const PreviewDevice&,
                             const JobContext&) {
    return {};
  }

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
  // Pages scroll downwards only, so what is wider than the window could not be read.
  void noPageIsCutAtTheSide() {
    LaunchDialog dialog("store.bfdb", nullptr, noPlan);
    dialog.show();
    auto* tabs = dialog.findChild<QTabWidget*>(u"launchTabs"_s);
    QVERIFY(tabs);
    for (int i = 0; i < tabs->count(); ++i) {
      tabs->setCurrentIndex(i);
      QCoreApplication::processEvents();
      auto* area = qobject_cast<QScrollArea*>(tabs->widget(i));
      QVERIFY(area);
      QVERIFY2(area->widget()->width() <= area->viewport()->width(), qPrintable(tabs->tabText(i)));
    }
  }

  void countsCells() {
    LaunchDialog dialog("store.bfdb", nullptr, noPlan);
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

  // Every type, axis and format of core/quant/quant_axes has a box with its line of explanation.
  void offersEverythingWithAnExplanation() {
    LaunchDialog dialog("store.bfdb", nullptr, noPlan);
    QStringList explanations;
    for (const QCheckBox* box : dialog.findChildren<QCheckBox*>()) {
      if (const auto* text = dialog.findChild<QLabel*>(box->objectName() + u"_explanation"_s)) {
        QCOMPARE(box->accessibleDescription(), text->text());
        explanations << text->text();
      } else {
        explanations << box->toolTip();
      }
    }
    for (const QLabel* label : dialog.findChildren<QLabel*>()) explanations << label->text();
    const auto offered = [&](std::string_view text) {
      QVERIFY2(explanations.contains(Text::from(text)), std::string(text).c_str());
    };
    for (const DataTypeInfo& info : dataTypes()) {
      if (info.lowestBits < 16) offered(info.explanation);
    }
    for (const SpecAlias& alias : specAliases()) offered(alias.explanation);
    for (const NamedAxis& axis : specAxes()) {
      for (const AxisValue& value : axis.values) {
        if (value.notation != "-b<size>") offered(value.explanation);
      }
    }
    for (std::int64_t size = 16; size <= 4096; size *= 2)
      QVERIFY(dialog.findChild<QCheckBox*>(u"block%1"_s.arg(size)));
    for (int bits = 2; bits <= 8; ++bits)
      QVERIFY(dialog.findChild<QCheckBox*>(u"bits%1"_s.arg(bits)));
  }

  void crossesAxesAndAddsFormats() {
    LaunchDialog dialog("store.bfdb", nullptr, noPlan);
    clear(dialog);
    dialog.addModel(modelFolder(u"model-a"_s));
    dialog.addTask(taskFile(u"t1.jsonl"_s));
    for (const QString& name : {u"bits4"_s, u"type_nf"_s, u"type_af"_s, u"block64"_s, u"blockRow"_s,
                                u"constant_default"_s, u"constant_sdq"_s, u"method_gptq"_s,
                                u"gptqOrder"_s, u"search_mse"_s, u"outliers_o"_s, u"scope_emb"_s,
                                u"scope_head"_s, u"format_nvfp4"_s, u"format_fp4"_s})
      tick(dialog, name);
    dialog.findChild<QLineEdit*>(u"outlierPercents"_s)->setText(u"1, 2.5"_s);
    dialog.findChild<QDoubleSpinBox*>(u"gptqDamping"_s)->setValue(5);
    dialog.findChild<QLineEdit*>(u"launchSpecs"_s)->setText(u"float4e2m1-b64 int3-b128r-gptq"_s);
    std::set<std::string> specs;
    for (const QuantConfig& c : configurations(dialog.choice().configs)) specs.insert(c.spec());
    std::set<std::string> expected = {"nvfp4", "fp4-b64", "fp4-row", "float4e2m1-b64",
                                      "int3-b128r-gptq"};
    // af has no table for rows.
    for (const char* type : {"nf4-b64", "nf4-row", "af4-b64"}) {
      for (const char* constant : {"", "-sdq"}) {
        for (const char* outliers : {"-o1", "-o2.5"}) {
          expected.insert(QuantConfig::parse(std::string(type) + constant + outliers +
                                             "-mse-gptq-act-damp5-emb-head")
                              .spec());
        }
      }
    }
    QCOMPARE(specs, expected);
    QCOMPARE(dialog.cellCount(), expected.size());
    QVERIFY(sweepCommand(dialog.choice())
                .contains(u"--bits 4 --types nf,af --blocks 64,row --constants fp16,dq "
                          "--outliers 1,2.5 --methods mse-gptq-act-damp5 --scope emb-head "
                          "--configs fp4-b64,fp4-row,nvfp4,float4e2m1-b64,int3-b128r-gptq "
                          "--calibration pocket"_s));
  }

  void saysWhatCannotBe() {
    LaunchDialog dialog("store.bfdb", nullptr, noPlan);
    clear(dialog);
    dialog.addModel(modelFolder(u"model-a"_s));
    dialog.addTask(taskFile(u"t1.jsonl"_s));
    for (const QString& name : {u"bits4"_s, u"type_int"_s, u"block64"_s}) tick(dialog, name);
    auto* specs = dialog.findChild<QLineEdit*>(u"launchSpecs"_s);
    auto* problem = dialog.findChild<QLabel*>(u"launchProblem"_s);
    auto* start = dialog.findChild<QPushButton*>(u"launchStart"_s);
    QVERIFY(start->isEnabled());
    specs->setText(u"int44-b64"_s);
    QVERIFY2(problem->text().contains(u"int44-b64"_s), qPrintable(problem->text()));
    QVERIFY(problem->isVisibleTo(&dialog) && !start->isEnabled());
    specs->clear();
    QVERIFY(!problem->isVisibleTo(&dialog) && start->isEnabled());
    tick(dialog, u"constant_se8m0"_s);
    tick(dialog, u"sign_signed"_s);  // a power of two has no sign
    QVERIFY2(problem->text().contains(u"-signed needs"_s), qPrintable(problem->text()));
    QVERIFY(!start->isEnabled());
    tick(dialog, u"sign_default"_s);  // beside it, only what can be
    QCOMPARE(dialog.cellCount(), std::size_t{1});
    QVERIFY(start->isEnabled());
  }

  // A text that is not there is found out before the sweep starts.
  void readsTheCalibrationTextWhenItPlans() {
    LaunchChoice c;
    c.configs.grid = {{4}, {DataType::Int}, {64}};
    c.configs.variants = {{}, {}, {}, {}, {"-gptq"}, {}};
    QVERIFY(sweepSpec(c).calibration.has_value());
    c.configs.calibration = "/nonexistent/text.txt";
    QVERIFY_THROWS_EXCEPTION(Error, sweepSpec(c));
    c.configs.variants.clear();
    QVERIFY(!sweepSpec(c).calibration);
  }

  void plansInTheBackgroundAndShowsWhatIsDone() {
    std::atomic<int> calls{0};
    std::atomic<bool> wrongThread{false};
    const auto* gui = QThread::currentThread();
    LaunchDialog dialog("store.bfdb", nullptr,
                        [&](const SweepSpec& spec, const std::filesystem::path&,
                            const PreviewDevice&, const JobContext&) {
                          ++calls;
                          wrongThread = QThread::currentThread() == gui;
                          SweepPreview preview;
                          preview.models = {{"model-a", 1e6, {}}};
                          preview.tasks = {"t1"};
                          preview.configs = spec.configs.size();
                          preview.pairs.resize(preview.configs);
                          for (PairPreview& pair : preview.pairs) pair.tasks = 1;
                          preview.pairs[0].done = 1;
                          preview.pairs[1].seconds = 130;
                          return preview;
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
        u"1 model × 2 configurations × 1 task = 2 cells · 1 already done · 1 min 5 s to 4 min 20 s"_s);
    QCOMPARE(dialog.findChild<QPushButton*>(u"launchStart"_s)->text(), u"Queue 1 cell"_s);
  }

  void commandIsTheSameSweep() {
    LaunchChoice c;
    c.suiteDirectory = "/s";
    c.suiteModels = {"/s/models/m1", "/s/models/m2"};
    c.suiteTasks = {"/s/tasks/t1.jsonl"};
    c.models = c.suiteModels;
    c.tasks = c.suiteTasks;
    c.configs.grid.bits = {4, 16};
    c.configs.grid.types = {DataType::Int, DataType::Float};
    c.configs.grid.blockSizes = {64, 0};
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
    LaunchDialog dialog("store.bfdb", nullptr, noPlan);
    dialog.show();
    QVERIFY(QTest::qWaitForWindowExposed(&dialog, testing::kPatience));
    dialog.activateWindow();
    QStringList names;
    for (int i = 0; i < 120; ++i) {
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
