// SPDX-License-Identifier: GPL-3.0-or-later
// What is dropped, pasted or imported: it is told what it is, then acted on.
#include <cstring>
#include <fstream>
#include <QClipboard>
#include <QDialog>
#include <QDir>
#include <QDropEvent>
#include <QGuiApplication>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QUrl>

#include "core/pocket/suite.h"
#include "tests/ui/planted_runs.h"
#include "tests/ui/registry.h"
#include "ui/launch/launch_dialog.h"
#include "ui/window/main_window.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

using Kind = DropPlan::Kind;

std::filesystem::path file(const QString& name, const std::string& content) {
  const std::filesystem::path path = testing::temporaryFile(u"drop-"_s + name).toStdString();
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

/// A GGUF file as llama.cpp writes it: version 3, no tensors, three pairs.
std::string gguf(const std::string& architecture) {
  std::string bytes = "GGUF";
  const auto number = [&](auto value) {
    char raw[sizeof value];
    std::memcpy(raw, &value, sizeof value);
    bytes.append(raw, sizeof value);
  };
  const auto text = [&](const std::string& s) {
    number(std::uint64_t{s.size()});
    bytes += s;
  };
  number(std::uint32_t{3});
  number(std::uint64_t{291});
  number(std::uint64_t{3});
  text("tokenizer.ggml.tokens");
  number(std::uint32_t{9});  // array of texts
  number(std::uint32_t{8});
  number(std::uint64_t{2});
  text("a");
  text("b");
  text("general.architecture");
  number(std::uint32_t{8});
  text(architecture);
  text("general.name");
  number(std::uint32_t{8});
  text("My Model");
  return bytes;
}

const std::string kTable =
    "model,config,bits,block_size,task,accuracy,parameters\n"
    "m-1b,int4-b64,4,64,piqa,0.61,1e9\n"
    "m-1b,fp16,16,0,piqa,0.63,1e9\n";

void dropOn(QWidget& window, const QMimeData& data) {
  const QPoint at = window.rect().center();
  QDragEnterEvent enter(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QCoreApplication::sendEvent(&window, &enter);
  QVERIFY(enter.isAccepted());
  QDropEvent drop(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QCoreApplication::sendEvent(&window, &drop);
  QVERIFY(drop.isAccepted());
}

QString title(const MainWindow& window) {
  const auto* dialog = window.findChild<QDialog*>(u"dropPreview"_s);
  return dialog ? dialog->findChild<QLabel*>(u"dropTitle"_s)->text() : QString();
}

}  // namespace

class DropTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { qputenv("HF_HUB_CACHE", testing::temporaryFile(u"hub"_s).toLocal8Bit()); }
  void cleanupTestCase() { qunsetenv("HF_HUB_CACHE"); }

  void modelsAreFoundByFolderAndByFile() {
    const PocketSuite suite = openPocketSuite();
    const DropPlan one = planPaths({suite.models.front()});
    QCOMPARE(one.kind, Kind::Models);
    QVERIFY2(one.detail.contains(u"parameters"_s), qPrintable(one.detail));
    QVERIFY(one.paths == std::vector{suite.models.front()});
    const DropPlan weights = planPaths({suite.models.front() / "model.safetensors"});
    QCOMPARE(weights.kind, Kind::Models);
    QVERIFY(weights.paths == one.paths);
    const DropPlan all = planPaths({suite.models.front().parent_path()});
    QCOMPARE(all.kind, Kind::Models);
    QCOMPARE(all.paths.size(), suite.models.size());
    QCOMPARE(planPaths({suite.models[0], suite.models[1]}).paths.size(), std::size_t{2});
    QCOMPARE(planText(QString::fromStdString(suite.models.front().string())).kind, Kind::Models);
  }

  void resultsAndStoresAreRecognized() {
    const DropPlan table = planPaths({file(u"table.csv"_s, kTable)});
    QVERIFY2(table.kind == Kind::Results, qPrintable(table.title + table.detail));
    QCOMPARE(table.runs.runs.size(), std::size_t{2});
    QVERIFY2(table.detail.contains(u"2 runs"_s), qPrintable(table.detail));
    const auto store = testing::temporaryFile(u"drop.bfdb"_s).toStdString();
    RunStore::open(store);
    const DropPlan opened = planPaths({store});
    QCOMPARE(opened.kind, Kind::Store);
    QVERIFY(opened.detail.contains(u"0 runs"_s));
  }

  // Whatever cannot be used is refused with one reason, and nothing crashes.
  void refusalsHaveAReason() {
    const DropPlan model = planPaths({file(u"model.gguf"_s, gguf("llama"))});
    QCOMPARE(model.kind, Kind::Refused);
    QVERIFY2(model.detail.contains(u"llama"_s) && model.detail.contains(u"My Model"_s) &&
                 model.detail.contains(u"291"_s) && model.detail.contains(u"cannot be evaluated"_s),
             qPrintable(model.detail));
    const std::string whole = gguf("gpt2");
    for (std::size_t length = 4; length < whole.size(); length += 7) {
      const DropPlan cut = planPaths({file(u"cut.gguf"_s, whole.substr(0, length))});
      QCOMPARE(cut.kind, Kind::Refused);
      QVERIFY(!cut.detail.isEmpty());
    }
    std::string huge = whole;
    huge.replace(24, 8, std::string(8, '\xff'));  // the first key's length
    QCOMPARE(planPaths({file(u"huge.gguf"_s, huge)}).kind, Kind::Refused);
    for (const std::filesystem::path& path :
         {std::filesystem::path("/nowhere/at/all"), file(u"lone.safetensors"_s, "x"),
          file(u"noise.csv"_s, "just,some\nwords,here\n"), file(u"bad.json"_s, "{"),
          file(u"empty.bfdb"_s, ""), file(u"other/readme"_s, "hello")}) {
      const DropPlan plan = planPaths({path});
      QVERIFY2(plan.kind == Kind::Refused, path.c_str());
      QVERIFY2(!plan.title.isEmpty() && plan.action.isEmpty(), path.c_str());
    }
    QCOMPARE(planPaths({}).kind, Kind::Refused);
    QCOMPARE(planPaths({file(u"table.csv"_s, kTable), openPocketSuite().models[0]}).kind,
             Kind::Refused);
  }

  void namesOnTheHub() {
    for (const QString& text : {u"EleutherAI/pythia-70m"_s, u"  EleutherAI/pythia-70m\n"_s,
                                u"https://huggingface.co/EleutherAI/pythia-70m/tree/main"_s}) {
      const DropPlan plan = planText(text);
      QCOMPARE(plan.kind, Kind::HubModel);
      QCOMPARE(plan.hubModel, std::string("EleutherAI/pythia-70m"));
    }
    for (const QString& text : {u"hello world"_s, u"a/b/c"_s, u""_s, u"word"_s})
      QCOMPARE(planText(text).kind, Kind::Refused);
  }

  void aDroppedModelOpensTheLaunchDialogWithIt() {
    const PocketSuite suite = openPocketSuite();
    MainWindow window;
    window.show();
    window.openStore(testing::temporaryFile(u"drop-own.bfdb"_s).toStdString(),
                     StoreSession::Open::New);
    QTRY_VERIFY(window.settled());
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(QString::fromStdString(suite.models[1].string()))});
    dropOn(window, data);
    QTRY_COMPARE(title(window), u"A model."_s);
    QVERIFY(window.queue().size() == 0 && !window.findChild<LaunchDialog*>());
    window.dropTarget().preview()->findChild<QPushButton*>(u"dropAct"_s)->click();
    auto* launch = window.findChild<LaunchDialog*>();
    QVERIFY(launch);
    QVERIFY(launch->choice().models == std::vector{suite.models[1]});
    launch->reject();
  }

  void droppedResultsAreAddedWhenTold() {
    MainWindow window;
    window.show();
    const auto store = testing::temporaryFile(u"drop-results.bfdb"_s).toStdString();
    window.openStore(store, StoreSession::Open::New);
    QTRY_VERIFY(window.settled());
    QMimeData data;
    const auto table = QString::fromStdString(file(u"table.csv"_s, kTable).string());
    data.setUrls({QUrl::fromLocalFile(table)});
    dropOn(window, data);
    QTRY_VERIFY(window.dropTarget().preview());
    QCOMPARE(RunStore::open(store, RunStore::Mode::ReadOnly).runs().size(), std::size_t{0});
    window.dropTarget().preview()->findChild<QPushButton*>(u"dropAct"_s)->click();
    QTRY_COMPARE(RunStore::open(store, RunStore::Mode::ReadOnly).runs().size(), std::size_t{2});
    QTRY_COMPARE(window.session().snapshot()->runs->size(), std::size_t{2});
  }

  void pasteDoesTheSame() {
    MainWindow window;
    window.show();
    QGuiApplication::clipboard()->setText(u"not a name of anything"_s);
    window.actions().paste->trigger();
    QTRY_VERIFY(window.dropTarget().preview());
    QVERIFY(title(window).contains(u"names no file"_s));
    QVERIFY(!window.dropTarget().preview()->findChild<QPushButton*>(u"dropAct"_s));
    window.dropTarget().preview()->findChild<QPushButton*>(u"dropClose"_s)->click();
  }
};

namespace {
const testing::Registered<DropTest> kDropTest;
}

}  // namespace bitfrontier

#include "drop_test.moc"
