// SPDX-License-Identifier: GPL-3.0-or-later
// A store among others: its locks, readers who may not write, stores of earlier versions, and files
// that go away.
#include <gmock/gmock.h>
#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <fstream>
#include <set>
#include <thread>

#include "core/base/file.h"
#include "core/store/lock_vfs.h"
#include "core/store/read_view.h"
#include "core/store/run_store.h"
#include "core/store/schema.h"
#include "tests/core/store/store_fixture.h"
#include "tests/core/store/worker_process.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;
using test::WorkerProcess;
using testing::ElementsAre;
using testing::HasSubstr;

class SharingTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    file_ = folder_ / "runs.bfdb";
  }
  void TearDown() override {
    fs::permissions(folder_, fs::perms::owner_all, fs::perm_options::add);
    StoreTest::TearDown();
  }

  /// Names in the folder.
  std::set<std::string> names() const {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      found.insert(entry.path().filename());
    }
    return found;
  }

  /// Locks on the file, by the kernel's list; each as "READ 1073741826 1073742335".
  std::multiset<std::string> locks() const {
    struct stat info {};
    EXPECT_EQ(::stat(file_.c_str(), &info), 0);
    std::multiset<std::string> found;
    std::ifstream list("/proc/locks");
    std::string number, kind, advisory, access, process, inode, from, to;
    while (list >> number >> kind >> advisory >> access >> process >> inode >> from >> to) {
      if (inode.ends_with(":" + std::to_string(info.st_ino))) {
        found.insert(access + " " + from + " " + to);
      }
    }
    return found;
  }

  /// A change of a killed writer: the journal is there, the lock is not.
  void makeUnfinished() {
    { RunStore::open(file_).add(sampleRun("whole")); }
    const fs::path killed = folder_ / "killed";
    fs::create_directory(killed);
    {
      SQLite::Database database(file_.string(), SQLite::OPEN_READWRITE);
      database.exec("PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE");
      for (int i = 0; i < 50; ++i) {
        database.exec(
            "UPDATE runs SET model = hex(randomblob(3000)), error = hex(randomblob(3000))");
      }
      database.exec("CREATE TABLE big (x); INSERT INTO big VALUES (randomblob(500000))");
      for (const char* more : {"", "-journal"}) {
        fs::copy_file(file_.string() + more, killed / ("runs.bfdb" + std::string(more)));
      }
      database.exec("ROLLBACK");
    }
    file_ = killed / "runs.bfdb";
    folder_ = killed;
  }

  /// As earlier versions left them: in WAL mode.
  void makeLogged(int runs) {
    {
      RunStore store = RunStore::open(file_);
      for (int i = 0; i < runs; ++i) store.add(sampleRun(std::to_string(i)));
    }
    SQLite::Database database(file_.string(), SQLite::OPEN_READWRITE);
    database.execAndGet("PRAGMA journal_mode = WAL");
  }

  /// Makes a copy of the file and its log while a connection with uncheckpointed changes is open:
  /// what a killed writer of an earlier version leaves.
  void makeKilled() {
    makeLogged(2);
    SQLite::Database database(file_.string(), SQLite::OPEN_READWRITE);
    database.exec("PRAGMA wal_autocheckpoint = 0; UPDATE runs SET model = 'from the log'");
    const fs::path saved = folder_ / "saved";
    fs::create_directory(saved);
    for (const char* more : {"", "-wal", "-shm"}) {
      fs::copy_file(file_.string() + more, saved / ("runs.bfdb" + std::string(more)));
    }
    file_ = saved / "runs.bfdb";
    folder_ = saved;
  }

  fs::path file_;
};

TEST_F(SharingTest, LocksSurviveEverythingElseInTheProcess) {
  RunStore::open(file_).add(sampleRun());
  SQLite::Database writer(file_.string(), SQLite::OPEN_READWRITE, 0, storeVfs());
  SQLite::Transaction change(writer, SQLite::TransactionBehavior::IMMEDIATE);
  const auto held = locks();
  // The reserved byte and the range of the readers.
  EXPECT_THAT(held, ElementsAre("READ 1073741826 1073742335", "WRITE 1073741825 1073741825"));
  for (int i = 0; i < 3; ++i) {
    const RunStore reader = RunStore::open(file_, RunStore::Mode::ReadOnly);
    EXPECT_EQ(reader.runs().size(), 1u);
    RunStore::open(file_, RunStore::Mode::Update);
    readFile(file_);  // as a file dialog does that wants to know what a file is
    EXPECT_EQ(locks(), held) << i;
  }
  // A connection of plain SQLite is kept out.
  SQLite::Database other(file_.string(), SQLite::OPEN_READWRITE, 0);
  EXPECT_THROW(SQLite::Transaction(other, SQLite::TransactionBehavior::IMMEDIATE),
               SQLite::Exception);
  EXPECT_EQ(locks(), held);
}

TEST_F(SharingTest, NothingIsLeftBesideAStore) {
  {
    RunStore store = RunStore::open(file_);
    const RunStore reader = RunStore::open(file_, RunStore::Mode::ReadOnly);
    for (int i = 0; i < 3; ++i) {
      store.add(sampleRun(std::to_string(i)));
      EXPECT_EQ(reader.runs().size(), static_cast<std::size_t>(i + 1));
      EXPECT_THAT(names(), ElementsAre("runs.bfdb"));
    }
  }
  EXPECT_THAT(names(), ElementsAre("runs.bfdb"));
}

TEST_F(SharingTest, AnotherUserReadsAndLeavesNothing) {
  RunStore::open(file_).add(sampleRun());
  fs::permissions(folder_, fs::perms::all);  // a shared folder: others may make files in it
  WorkerProcess reader(folder_ / "log", {"read-as-nobody", file_});
  EXPECT_EQ(reader.wait(), 0) << reader.err();
  EXPECT_THAT(reader.lines(), ElementsAre("1"));
  EXPECT_THAT(names(), ElementsAre("log.err", "log.out", "runs.bfdb"));
  RunStore::open(file_).add(sampleRun("2"));
}

TEST_F(SharingTest, AnotherUserReadsAStoreOfAnEarlierVersionAndLeavesNothing) {
  makeLogged(2);
  fs::permissions(folder_, fs::perms::all);
  const std::string before = readFile(file_);
  WorkerProcess reader(folder_ / "log", {"read-as-nobody", file_});
  EXPECT_EQ(reader.wait(), 0) << reader.err();
  EXPECT_THAT(reader.lines(), ElementsAre("2"));
  EXPECT_THAT(names(), ElementsAre("log.err", "log.out", "runs.bfdb"));
  EXPECT_EQ(readFile(file_), before);
}

TEST_F(SharingTest, ReadOnlyFolderCanBeLookedAt) {
  RunStore::open(file_).add(sampleRun());
  fs::permissions(file_, fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read);
  fs::permissions(folder_, fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read |
                               fs::perms::others_exec);
  const fs::path log = fs::temp_directory_path() / (folder_.filename().string() + "-log");
  WorkerProcess reader(log, {"read-as-nobody", file_});
  EXPECT_EQ(reader.wait(), 0) << reader.err();
  EXPECT_THAT(reader.lines(), ElementsAre("1"));
  WorkerProcess writer(log, {"write-as-nobody", file_});
  EXPECT_EQ(writer.wait(), 1);
  EXPECT_THAT(writer.err(), HasSubstr("runs.bfdb is not writable"));
  // The file alone is writable: a change could still not be undone after a kill.
  fs::permissions(file_, fs::perms::all);
  WorkerProcess again(log, {"write-as-nobody", file_});
  EXPECT_EQ(again.wait(), 1);
  EXPECT_THAT(again.err(), HasSubstr("nothing can be written to its folder"));
  EXPECT_THAT(names(), ElementsAre("runs.bfdb"));
  for (const char* end : {".out", ".err"}) fs::remove(log.string() + end);
}

TEST_F(SharingTest, LogOfAKilledWriterOfAnEarlierVersionIsReadAndThenTakenIn) {
  makeKilled();
  const auto before = names();
  const RunStore reader = RunStore::open(file_, RunStore::Mode::ReadOnly);
  ASSERT_EQ(reader.runs().size(), 2u);
  EXPECT_EQ(reader.runs()[0].model, "from the log");
  EXPECT_EQ(names(), before) << "reading leaves all as it is";
  fs::remove(file_.string() + "-shm");  // as when only these two were copied from elsewhere
  EXPECT_EQ(RunStore::open(file_, RunStore::Mode::ReadOnly).runs()[0].model, "from the log");
  EXPECT_FALSE(fs::exists(file_.string() + "-shm"));
  const std::int64_t revision = reader.revision();
  RunStore::open(file_).add(sampleRun("new"));
  EXPECT_THAT(names(), ElementsAre("runs.bfdb"));
  EXPECT_GT(reader.revision(), revision) << "a reader follows";
  EXPECT_EQ(reader.runs().size(), 3u);
  EXPECT_EQ(readFile(file_)[18], 1) << "a log is no longer used";
}

TEST_F(SharingTest, AStoreThatAnEarlierVersionHasOpenIsWrittenWithIt) {
  makeLogged(1);
  WorkerProcess other(folder_ / "log", {"log", file_});
  while (other.running() && other.lines().empty()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  {
    RunStore store = RunStore::open(file_);
    store.add(sampleRun("mine"));
    const RunStore reader = RunStore::open(file_, RunStore::Mode::ReadOnly);
    EXPECT_TRUE(reader.hasDone("mine"));
    other.signal(SIGTERM);
    EXPECT_EQ(other.wait(), 0) << other.err();
    EXPECT_THAT(other.lines(), ElementsAre("open", "2"));
    EXPECT_EQ(store.find("mine")->model, "theirs");
    EXPECT_EQ(reader.find("mine")->model, "theirs");
  }
  EXPECT_THAT(names(), ElementsAre("log.err", "log.out", "runs.bfdb"));
}

TEST_F(SharingTest, ReaderSeesWhatAKilledWriterHadStored) {
  makeUnfinished();
  const auto before = names();
  ASSERT_EQ(before.size(), 2u);
  RunStore reader = RunStore::open(file_, RunStore::Mode::ReadOnly);
  EXPECT_EQ(reader.runs().size(), 1u);
  EXPECT_EQ(reader.find("whole")->model, sampleRun().model);
  EXPECT_EQ(names(), before);
  RunStore::open(file_).add(sampleRun("next"));
  EXPECT_THAT(names(), ElementsAre("runs.bfdb"));
  EXPECT_EQ(reader.runs().size(), 2u);
}

TEST_F(SharingTest, ReaderDoesNotWaitForAMomentWithoutWritersOnceTheJournalIsGone) {
  makeUnfinished();
  std::atomic<bool> read = false;
  // The file changes all the time, so that no copy is whole; meanwhile a writer takes the journal
  // in.
  const auto touch = [&] { fs::last_write_time(file_, fs::file_time_type::clock::now()); };
  std::thread others([&] {
    const auto start = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - start < std::chrono::milliseconds(300)) touch();
    RunStore::open(file_).add(sampleRun("next"));
    while (!read) touch();
  });
  std::string problem;
  try {
    ReadView view(file_, 1000);
    EXPECT_GE(view.database().execAndGet("SELECT count(*) FROM runs").getInt(), 1);
  } catch (const std::exception& e) {
    problem = e.what();
  }
  read = true;
  others.join();
  EXPECT_EQ(problem, "");
}

TEST_F(SharingTest, AFileThatIsGoneOrReplacedIsNotWrittenTo) {
  for (const bool replaced : {false, true}) {
    fs::remove(file_);
    RunStore store = RunStore::open(file_);
    store.add(sampleRun("1"));
    const RunStore reader = RunStore::open(file_, RunStore::Mode::ReadOnly);
    fs::remove(file_);
    const fs::path other = folder_ / "other.bfdb";
    if (replaced) {
      RunStore::open(other).add(sampleRun("other"));
      fs::rename(other, file_);
    }
    const ErrorKind kind = replaced ? ErrorKind::Conflict : ErrorKind::NotFound;
    const char* what = replaced ? "was replaced by another file" : "was deleted or moved";
    std::string message;
    EXPECT_EQ(errorOf([&] { store.add(sampleRun("2")); }, message), kind);
    EXPECT_THAT(message, HasSubstr(what));
    const std::vector<RunRecord> more{sampleRun("3")};
    EXPECT_EQ(errorOf([&] { store.addAll(more); }, message), kind);
    EXPECT_EQ(errorOf([&] { reader.revision(); }, message), kind);
    EXPECT_THAT(message, HasSubstr(what));
    EXPECT_EQ(fs::exists(file_), replaced) << "it is not made anew";
  }
}

TEST_F(SharingTest, UpdateMakesNoStore) {
  std::string message;
  EXPECT_EQ(errorOf([&] { RunStore::open(file_, RunStore::Mode::Update); }, message),
            ErrorKind::NotFound);
  EXPECT_FALSE(fs::exists(file_));
}

TEST_F(SharingTest, OneFileUnderTwoNames) {
  RunStore::open(file_).add(sampleRun());
  const fs::path soft = folder_ / "soft.bfdb", hard = folder_ / "hard.bfdb";
  fs::create_symlink(file_, soft);
  {
    RunStore a = RunStore::open(file_), b = RunStore::open(soft);
    a.add(sampleRun("a"));
    b.add(sampleRun("b"));
    EXPECT_EQ(a.runs().size(), 3u);
  }
  fs::create_hard_link(file_, hard);
  std::string message;
  for (const fs::path& name : {file_, hard}) {
    EXPECT_EQ(errorOf([&] { RunStore::open(name); }, message), ErrorKind::Io);
    EXPECT_THAT(message, HasSubstr("hard link"));
    EXPECT_EQ(RunStore::open(name, RunStore::Mode::ReadOnly).runs().size(), 3u);
  }
}

TEST_F(SharingTest, WhatSqliteKeepsBesideAStoreIsNoStore) {
  RunStore::open(file_);
  for (const char* more : {"-wal", "-shm", "-journal"}) {
    const fs::path beside = file_.string() + more;
    std::ofstream{beside};
    for (const auto mode : {RunStore::Mode::ReadOnly, RunStore::Mode::ReadWrite}) {
      std::string message;
      EXPECT_EQ(errorOf([&] { RunStore::open(beside, mode); }, message), ErrorKind::Format);
      EXPECT_THAT(message, HasSubstr("belongs to " + file_.string()));
    }
    fs::remove(beside);
  }
}

TEST_F(SharingTest, AnotherProgramsDatabaseIsNotEvenRecovered) {
  // Its log holds changes; opening it for writing would take them in and remove the log.
  {
    SQLite::Database database(file_.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.execAndGet("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (x)");
    const fs::path saved = folder_ / "saved";
    fs::create_directory(saved);
    for (const char* more : {"", "-wal"}) {
      fs::copy_file(file_.string() + more, saved / ("runs.bfdb" + std::string(more)));
    }
  }
  folder_ /= "saved";
  file_ = folder_ / "runs.bfdb";
  const std::string before = readFile(file_) + readFile(file_.string() + "-wal");
  for (const auto mode : {RunStore::Mode::ReadOnly, RunStore::Mode::ReadWrite}) {
    std::string message;
    EXPECT_EQ(errorOf([&] { RunStore::open(file_, mode); }, message), ErrorKind::Format);
    EXPECT_THAT(message, HasSubstr("another program"));
    EXPECT_EQ(readFile(file_) + readFile(file_.string() + "-wal"), before);
    EXPECT_THAT(names(), ElementsAre("runs.bfdb", "runs.bfdb-wal"));
  }
}

}  // namespace
}  // namespace bitfrontier
