// SPDX-License-Identifier: GPL-3.0-or-later
// The model manager over a made-up cache and a made-up hub.
#include <atomic>
#include <chrono>
#include <fstream>
#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QTest>
#include <thread>

#include "core/base/error.h"
#include "core/pocket/suite.h"
#include "tests/ui/registry.h"
#include "ui/panels/models/models_panel.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

const std::string kCommit(40, 'a');

fs::path cache(const QString& name) {
  return testing::temporaryFile(u"cache-"_s + name).toStdString();
}

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

/// A snapshot with these files, as huggingface_hub lays them out.
fs::path plant(const fs::path& root, const std::string& repo,
               const std::vector<std::string>& files) {
  const fs::path folder = root / ("models--" + repo);
  write(folder / "refs" / "main", kCommit);
  const fs::path snapshot = folder / "snapshots" / kCommit;
  fs::create_directories(snapshot);
  for (const std::string& file : files) {
    write(folder / "blobs" / ("blob-" + file), "some bytes of " + file);
    fs::create_symlink(fs::path("../../blobs") / ("blob-" + file), snapshot / file);
  }
  return snapshot;
}

struct Hub {
  std::atomic<int> calls{0};
  std::atomic<int> part{0};  ///< what is on the disk already
  std::atomic<bool> broken{false}, endless{true};
};

ModelDownload::Fetch fakeFetch(const std::shared_ptr<Hub>& hub) {
  return [hub](const HubModel&, const JobContext& job) -> fs::path {
    ++hub->calls;
    if (hub->broken) throw Error(ErrorKind::Io, "the network is down");
    while (hub->part < 100 || hub->endless) {
      job.throwIfCancelled();
      if (hub->part < 99) ++hub->part;
      job.progress({hub->part / 100.0, "model.safetensors", hub->part, 100});
      if (!hub->endless) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    job.progress({1, "model.safetensors", 100, 100});
    return "/cache/there";
  };
}

QString text(const ModelsPanel& panel, int row, int column) {
  return const_cast<ModelsPanel&>(panel).model().index(row, column).data().toString();
}

}  // namespace

class ModelsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void saysWhatIsThereAndWhatIsMissing() {
    const fs::path root = cache(u"list"_s);
    plant(root, "org--whole", {"config.json", "tokenizer.json", "model.safetensors"});
    plant(root, "org--no-weights", {"config.json", "tokenizer.json"});
    const fs::path broken =
        plant(root, "gpt2", {"config.json", "tokenizer.json", "model.safetensors"});
    fs::remove(root / "models--gpt2" / "blobs" / "blob-model.safetensors");
    const fs::path parts =
        plant(root, "org--parts", {"config.json", "tokenizer.json", "one.safetensors"});
    write(parts / "model.safetensors.index.json",
          R"({"weight_map": {"a": "one.safetensors", "b": "two.safetensors"}})");
    write(root / "models--org--parts" / "blobs" / "x.incomplete", std::string(1000, 'x'));
    fs::create_directories(root / "datasets--org--data" / "snapshots" / kCommit);
    const std::vector<CachedModel> models = cachedModels(HubCache(root));
    QCOMPARE(models.size(), std::size_t{4});
    const auto find = [&](const std::string& name) {
      for (const CachedModel& m : models)
        if (m.model.text() == name) return m;
      return CachedModel{};
    };
    QVERIFY(find("org/whole").complete());
    QVERIFY(find("org/whole").bytes > 30);
    QCOMPARE(find("org/no-weights").missing, (std::vector<std::string>{"weights"}));
    QVERIFY(!find("gpt2").complete());
    QCOMPARE(find("org/parts").missing, (std::vector<std::string>{"two.safetensors"}));
    QCOMPARE(find("org/parts").partialBytes, std::uint64_t{1000});
    QVERIFY_THROWS_EXCEPTION(Error, cachedModels(HubCache(root / "nowhere")));
  }

  // An unmounted disk does not wipe the list.
  void modelsOfADiskThatIsNotThereStay() {
    const fs::path root = cache(u"unmounted"_s);
    const fs::path snapshot = plant(root, "org--whole", {"tokenizer.json"});
    const fs::path real = openPocketSuite().models.front();
    for (const char* file : {"config.json", "model.safetensors"})
      fs::copy_file(real / file, snapshot / file);
    ModelsPanel panel(root, {});
    panel.show();
    QTRY_COMPARE(panel.model().rowCount(), 1);
    QCOMPARE(text(panel, 0, ModelsModel::Name), u"org/whole"_s);
    QCOMPARE(text(panel, 0, ModelsModel::StateColumn), u"complete"_s);
    QVERIFY(!text(panel, 0, ModelsModel::Architecture).isEmpty());
    QVERIFY(!text(panel, 0, ModelsModel::Parameters).isEmpty());
    QSignalSpy sweeps(&panel, &ModelsPanel::sweepWanted);
    panel.findChild<QTableView*>(u"modelsView"_s)->selectRow(0);
    panel.findChild<QPushButton*>(u"modelSweep"_s)->click();
    QCOMPARE(sweeps.size(), qsizetype{1});
    panel.findChild<QPushButton*>(u"modelCopy"_s)->click();
    QCOMPARE(QGuiApplication::clipboard()->text(), QString::fromStdString(snapshot.string()));

    const fs::path away = cache(u"away"_s);
    fs::rename(root, away);
    panel.reload();
    QTRY_COMPARE(text(panel, 0, ModelsModel::StateColumn), u"unavailable"_s);
    panel.findChild<QTableView*>(u"modelsView"_s)->selectRow(0);
    QVERIFY(!panel.findChild<QPushButton*>(u"modelSweep"_s)->isEnabled());
    fs::rename(away, root);
    panel.reload();
    QTRY_COMPARE(text(panel, 0, ModelsModel::StateColumn), u"complete"_s);
  }

  void downloadsPauseResumeAndCancel() {
    const fs::path root = cache(u"downloads"_s);
    fs::create_directories(root);
    const auto hub = std::make_shared<Hub>();
    ModelsPanel panel(root, fakeFetch(hub));
    QAbstractItemModelTester tester(&panel.model(),
                                    QAbstractItemModelTester::FailureReportingMode::QtTest);
    panel.show();
    QCOMPARE(hub->calls.load(), 0);  // nobody asked the network
    panel.startDownload(u"no name"_s);
    QCOMPARE(panel.model().rowCount(), 0);
    panel.startDownload(u"org/name"_s);
    panel.startDownload(u"org/name"_s);  // no second writer
    QCOMPARE(panel.model().rowCount(), 1);
    ModelDownload* download = panel.model().download(0);
    QTRY_VERIFY(download->doneBytes() > 3);
    QCOMPARE(hub->calls.load(), 1);
    auto* view = panel.findChild<QTableView*>(u"modelsView"_s);
    auto* pause = panel.findChild<QPushButton*>(u"modelPause"_s);
    view->selectRow(0);
    QCOMPARE(pause->text(), u"Pause"_s);
    pause->click();
    QCOMPARE(download->state(), ModelDownload::State::Paused);
    QCOMPARE(pause->text(), u"Resume"_s);
    const int before = hub->part;
    QVERIFY(before > 3);
    pause->click();
    QTRY_COMPARE(hub->calls.load(), 2);
    QVERIFY(hub->part >= before);
    hub->endless = false;
    QTRY_COMPARE(download->state(), ModelDownload::State::Done);
    QVERIFY(download->directory() == "/cache/there");

    hub->broken = true;
    panel.startDownload(u"org/other"_s);
    QTRY_COMPARE(panel.model().download(1)->state(), ModelDownload::State::Failed);
    QVERIFY(text(panel, 1, ModelsModel::StateColumn).contains(u"network is down"_s));
    hub->broken = false;
    view->selectRow(1);
    QCOMPARE(pause->text(), u"Resume"_s);
    pause->click();
    QTRY_COMPARE(panel.model().download(1)->state(), ModelDownload::State::Done);
    hub->endless = true;
    panel.startDownload(u"org/third"_s);
    view->selectRow(2);
    panel.findChild<QPushButton*>(u"modelCancel"_s)->click();
    QCOMPARE(panel.model().download(2), nullptr);
  }
};

namespace {
const testing::Registered<ModelsTest> kModelsTest;
}

}  // namespace bitfrontier

#include "models_test.moc"
