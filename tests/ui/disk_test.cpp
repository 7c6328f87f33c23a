// SPDX-License-Identifier: GPL-3.0-or-later
// A disk that is full, by a limit on the size of files, and places where nothing can be written.
#include <sys/resource.h>
#include <csignal>
#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include "core/base/error.h"
#include "core/base/file.h"
#include "tests/ui/planted_runs.h"
#include "tests/ui/registry.h"
#include "ui/export/figure_export.h"
#include "ui/jobs/queue_file.h"
#include "ui/view/view_library.h"
#include "ui/window/windows.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

/// While it lives no file of this process grows beyond so many bytes: writing says that the file is
/// too large, in place of a disk that says that it is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit less = before_;
    less.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &less);
  }
  ~FullDisk() { setrlimit(RLIMIT_FSIZE, &before_); }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_ = {};
};

constexpr rlim_t kRoom = 600;

/// The sentence of the Error that a call throws while the disk is full; empty when it throws none.
template <typename Call>
std::string whenFull(const Call& call) {
  const FullDisk full(kRoom);
  try {
    call();
  } catch (const Error& e) {
    return e.what();
  }
  return {};
}

QStringList filesIn(const QTemporaryDir& folder) {
  return QDir(folder.path()).entryList(QDir::Files | QDir::Hidden, QDir::Name);
}

SavedView savedView(const QString& name, std::size_t length) {
  SavedView view;
  view.name = name;
  view.state.options.filter = std::string(length, 'x');
  return view;
}

}  // namespace

/// Convention 34: a file is whole or as it was before, and what could not be written is said.
class DiskTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aFigureIsWholeOrNotThere_data() {
    QTest::addColumn<QString>("ending");
    for (const QString& ending : {u"pdf"_s, u"svg"_s, u"png"_s}) {
      QTest::newRow(qPrintable(ending)) << ending;
    }
  }
  void aFigureIsWholeOrNotThere() {
    QFETCH(QString, ending);
    QTemporaryDir folder;
    const QString old = folder.filePath(u"old."_s + ending);
    FigureSpec spec;
    spec.points = std::make_shared<const std::vector<LawPoint>>(testing::plantedFamily("opt"));
    exportFigure(spec, old);
    const std::string before = readFile(old.toStdString());
    QVERIFY(before.size() > kRoom);
    const QString fresh = folder.filePath(u"new."_s + ending);
    for (const QString& file : {old, fresh}) {
      const std::string sentence = whenFull([&] { exportFigure(spec, file); });
      QVERIFY2(sentence.find(file.toStdString()) != std::string::npos, sentence.c_str());
    }
    QVERIFY(readFile(old.toStdString()) == before);
    QCOMPARE(filesIn(folder), (QStringList{u"old."_s + ending}));
  }

  void whatCannotBeReachedIsNamed() {
    for (const QString& file : {u"/proc/figure.pdf"_s, u"/nowhere/at/all.csv"_s}) {
      try {
        writeFile(file, QByteArray("text"));
        QFAIL("it was written");
      } catch (const Error& e) {
        QVERIFY2(std::string(e.what()).find(file.toStdString()) != std::string::npos, e.what());
      }
    }
  }

  void savedViewsSurviveAFullDisk() {
    QTemporaryDir folder;
    const fs::path file = folder.filePath(u"views.json"_s).toStdString();
    ViewLibrary library(file);
    library.save(savedView(u"small"_s, 3));
    const std::string before = readFile(file);
    const std::string sentence = whenFull([&] { library.save(savedView(u"large"_s, 5000)); });
    QVERIFY2(sentence.find("views.json") != std::string::npos, sentence.c_str());
    QVERIFY(readFile(file) == before);
    QCOMPARE(filesIn(folder), QStringList{u"views.json"_s});
    // With room again it goes on, and nothing pretends to be saved.
    library.save(savedView(u"next"_s, 3));
    const ViewLibrary again(file);
    QCOMPARE(again.views().size(), library.views().size());
    QVERIFY(again.find(u"small"_s) && again.find(u"next"_s));
  }

  void theSessionSurvivesAFullDisk() {
    QTemporaryDir folder;
    const std::string store = folder.filePath(u"a.bfdb"_s).toStdString();
    RunStore::open(store).addAll(testing::plantedRuns("opt", {"piqa"}));
    Windows windows(folder.path().toStdString());
    windows.start(store, [&] { return fs::path(store); });
    QTRY_VERIFY(windows.windows().front()->settled());
    QVERIFY(windows.commit(false));
    const std::string before = readFile(windows.file());
    ViewOptions options = windows.windows().front()->view().options();
    options.filter = "bits:4";
    windows.windows().front()->view().setOptions(options);
    {
      const FullDisk full(kRoom);
      QVERIFY(windows.commit(false));
    }
    QVERIFY(readFile(windows.file()) == before);
    QVERIFY(windows.commit(false));
    QVERIFY(readFile(windows.file()) != before);
  }

  void theQueueSurvivesAFullDisk() {
    QTemporaryDir folder;
    QStringList said;
    std::mutex mutex;
    QueueFile queue(folder.path().toStdString(), [&](const QString& sentence) {
      const std::lock_guard lock(mutex);
      said << sentence;
    });
    QueueFile::Kept job;
    job.store = folder.filePath(u"a.bfdb"_s).toStdString();
    job.device = "cpu";
    queue.save({job});
    queue.flush();
    const std::string before = readFile(queue.path());
    {
      const FullDisk full(kRoom);
      queue.save(std::vector<QueueFile::Kept>(20, job));
      queue.flush();
    }
    const auto sentences = [&] {
      const std::lock_guard lock(mutex);
      return said.size();
    };
    QTRY_COMPARE(sentences(), 1);
    QVERIFY2(said.front().contains(QString::fromStdString(queue.path().filename().string())),
             qPrintable(said.front()));
    QVERIFY(readFile(queue.path()) == before);
  }

  // A finished cell that cannot be stored is said; those before it stay.
  void aStoreSurvivesAFullDisk() {
    QTemporaryDir folder;
    const fs::path file = folder.filePath(u"a.bfdb"_s).toStdString();
    std::size_t before = 0;
    {
      RunStore store = RunStore::open(file);
      store.addAll(testing::plantedRuns("opt", {"piqa"}));
      before = store.runs().size();
      const std::string sentence =
          whenFull([&] { store.addAll(testing::plantedRuns("bloom", {"piqa"})); });
      QVERIFY2(sentence.find("a.bfdb") != std::string::npos, sentence.c_str());
    }
    QCOMPARE(RunStore::open(file, RunStore::Mode::ReadOnly).runs().size(), before);
    RunStore::open(file).addAll(testing::plantedRuns("bloom", {"piqa"}));
    QVERIFY(RunStore::open(file, RunStore::Mode::ReadOnly).runs().size() > before);
  }
};

namespace {
const testing::Registered<DiskTest> kDiskTest;
}

}  // namespace bitfrontier

#include "disk_test.moc"
