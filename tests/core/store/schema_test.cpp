// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/schema.h"

#include <gmock/gmock.h>
#include <SQLiteCpp/SQLiteCpp.h>

#include <fstream>
#include <vector>

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/store/run_store.h"
#include "tests/core/store/store_fixture.h"

namespace bitfrontier {
namespace {

using testing::HasSubstr;
using SchemaTest = StoreTest;

std::string openError(const std::filesystem::path& file, ErrorKind kind,
                      RunStore::Mode mode = RunStore::Mode::ReadWrite) {
  std::string message;
  EXPECT_EQ(errorOf([&] { RunStore::open(file, mode); }, message), kind) << message;
  EXPECT_THAT(message, HasSubstr(file.string()));
  return message;
}

TEST_F(SchemaTest, HeaderSaysWhatTheFileIs) {
  const auto file = folder_ / "a.bfdb";
  RunStore::open(file).add(sampleRun());
  const std::string bytes = readFile(file);
  EXPECT_EQ(bytes.substr(68, 4), "BFDB");
  EXPECT_EQ(bytes[63], static_cast<char>(storeSchemaVersion()));
}

TEST_F(SchemaTest, MigrationsAreNumberedFromOne) {
  int expected = 1;
  for (const Migration& step : storeMigrations()) EXPECT_EQ(step.version, expected++);
}

TEST_F(SchemaTest, ReleasedMigrationsNeverChange) {
  // A new schema is a new step at the end of the list; its hash joins this list.
  const std::vector<std::string> released{
      "1587240ecb3a0221009f0e7e51e6fe19f17947e6233880ab87ff96a031786caa",
      "defc37c5304903abc031f1045c2dd1ee3b3c8ca1605db419a9b144827f7d37d7",
      "1c79b0897bd5499810bf9a474acb36359231c2918d58bfe8477abd21492badc0"};
  ASSERT_EQ(storeMigrations().size(), released.size());
  for (std::size_t i = 0; i < released.size(); ++i) {
    EXPECT_EQ(sha256Hex(std::string_view(storeMigrations()[i].sql)), released[i]);
  }
}

// tests/data/store_v1.bfdb was written by the program when its schema was version 1: two
// configurations of pocket-neox-1 on eight items of two tasks, and one published number.
TEST_F(SchemaTest, AStoreOfVersion1KeepsItsRunsAndTheyAreFound) {
  const auto file = folder_ / "v1.bfdb";
  std::filesystem::copy_file(
      std::filesystem::path(BITFRONTIER_SOURCE_DIR) / "tests" / "data" / "store_v1.bfdb", file);
  std::filesystem::permissions(file, std::filesystem::perms::owner_write,
                               std::filesystem::perm_options::add);
  const std::string before = readFile(file);
  const auto looked = RunStore::open(file, RunStore::Mode::ReadOnly).runs({}, true);
  EXPECT_EQ(readFile(file), before) << "reading writes nothing";
  { RunStore::open(file); }
  const RunStore store = RunStore::open(file, RunStore::Mode::ReadOnly);
  const std::vector<RunRecord> runs = store.runs({}, true);
  ASSERT_EQ(runs.size(), 5u);
  ASSERT_EQ(looked.size(), 5u);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    EXPECT_EQ(looked[i].key, runs[i].key);
    EXPECT_EQ(looked[i].result.correct, runs[i].result.correct);
    EXPECT_EQ(looked[i].result.bosProfile, runs[i].result.bosProfile);
  }
  EXPECT_EQ(runs[0].key,
            "model=770d93bbf9ae3b335a961426f3298c878a9d3d5e80cbcd4b2dd4b5953cf71c63 config=fp16 "
            "task=3ad431062794e361fb276da42015ea0f35407dc5fc6b821e05b42c45c3860369 evaluator=1 "
            "bos=harness max_length=0");
  EXPECT_TRUE(store.hasDone(runs[0].key));
  EXPECT_EQ(runs[0].result.accuracy, 0.75);
  EXPECT_EQ(runs[0].result.correct.size(), 8u);
  for (const RunRecord& run : runs) {
    EXPECT_EQ(run.result.bosProfile, run.published() ? "" : "harness");
    EXPECT_EQ(run.result.maxLength, 0);
    EXPECT_EQ(run.calibration, "");
    EXPECT_TRUE(std::isnan(run.result.perplexity));
  }
  EXPECT_EQ(runs[4].key.find("bos="), std::string::npos);
  EXPECT_EQ(store.points().size(), 3u);
  { RunStore::open(file); }  // a second time changes nothing
  EXPECT_EQ(RunStore::open(file, RunStore::Mode::ReadOnly).find(1)->key, runs[0].key);
}

TEST_F(SchemaTest, ForeignFilesAreRefusedAndLeftAlone) {
  const auto text = folder_ / "text.bfdb";
  std::ofstream(text) << std::string(5000, 'x');
  EXPECT_THAT(openError(text, ErrorKind::Format), HasSubstr("SQLite header"));
  const auto shortFile = folder_ / "short.bfdb";
  std::ofstream(shortFile) << "SQLite format 3";
  EXPECT_THAT(openError(shortFile, ErrorKind::Format), HasSubstr("no Bitfrontier store"));

  for (const int id : {0, 77}) {
    const auto other = folder_ / ("other" + std::to_string(id) + ".db");
    {
      SQLite::Database database(other.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
      database.exec("CREATE TABLE t (x); PRAGMA application_id = " + std::to_string(id));
    }
    const std::string before = readFile(other);
    EXPECT_THAT(openError(other, ErrorKind::Format), HasSubstr("another program"));
    EXPECT_THAT(openError(other, ErrorKind::Format, RunStore::Mode::ReadOnly),
                HasSubstr("another program"));
    EXPECT_EQ(readFile(other), before);
  }
}

TEST_F(SchemaTest, EmptyFileBecomesAStoreOnlyWhenWritten) {
  const auto file = folder_ / "a.bfdb";
  std::ofstream{file};
  EXPECT_THAT(openError(file, ErrorKind::Format, RunStore::Mode::ReadOnly), HasSubstr("empty"));
  RunStore::open(file).add(sampleRun());
  EXPECT_TRUE(RunStore::open(file, RunStore::Mode::ReadOnly).hasDone("cell-1"));
}

TEST_F(SchemaTest, NewerSchemaIsRefused) {
  const auto file = folder_ / "a.bfdb";
  RunStore::open(file).add(sampleRun());
  {
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
    database.exec("PRAGMA user_version = 99");
  }
  for (const auto mode : {RunStore::Mode::ReadOnly, RunStore::Mode::ReadWrite}) {
    EXPECT_THAT(openError(file, ErrorKind::Unsupported, mode),
                HasSubstr("schema version 99 of a newer Bitfrontier"));
  }
}

TEST_F(SchemaTest, OlderSchemaIsReadAsItIsAndBroughtUpToDateByWriting) {
  // Version 0 with our id: what is left when the very first opening was killed.
  const auto file = folder_ / "a.bfdb";
  {
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec("PRAGMA application_id = " + std::to_string(kStoreApplicationId) + "; VACUUM");
  }
  const std::string before = readFile(file);
  RunStore reader = RunStore::open(file, RunStore::Mode::ReadOnly);
  EXPECT_TRUE(reader.runs().empty());
  EXPECT_EQ(readFile(file), before);
  const std::int64_t revision = reader.revision();
  RunStore::open(file).add(sampleRun());
  EXPECT_TRUE(RunStore::open(file, RunStore::Mode::ReadOnly).hasDone("cell-1"));
  EXPECT_GT(reader.revision(), revision) << "it follows the file";
  EXPECT_TRUE(reader.hasDone("cell-1"));
}

TEST_F(SchemaTest, StepsAreAppliedOnceAndAllOrNothing) {
  const auto file = folder_ / "a.bfdb";
  RunStore::open(file).add(sampleRun());
  const int now = storeSchemaVersion();
  std::vector<Migration> steps(storeMigrations().begin(), storeMigrations().end());
  steps.push_back(
      {now + 1, "ALTER TABLE runs ADD COLUMN note TEXT; UPDATE runs SET note = model;"});
  steps.push_back({now + 2, "CREATE TABLE broken (;"});
  SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
  EXPECT_THROW(migrateStore(database, file, steps), SQLite::Exception);
  EXPECT_EQ(database.execAndGet("PRAGMA user_version").getInt(), now);
  EXPECT_THROW(database.exec("SELECT note FROM runs"), SQLite::Exception);
  steps.back().sql = "CREATE TABLE whole (x);";
  migrateStore(database, file, steps);
  migrateStore(database, file, steps);
  EXPECT_EQ(database.execAndGet("PRAGMA user_version").getInt(), now + 2);
  EXPECT_EQ(database.execAndGet("SELECT note FROM runs WHERE key = 'cell-1'").getString(),
            "pocket-neox-3");
  EXPECT_EQ(database.execAndGet("SELECT count(*) FROM migrations").getInt(), now + 2);
}

TEST_F(SchemaTest, DamageIsAnErrorNeverACrash) {
  const auto file = folder_ / "a.bfdb";
  {
    RunStore store = RunStore::open(file);
    for (int i = 0; i < 200; ++i) store.add(sampleRun(std::to_string(i)));
  }
  const std::string whole = readFile(file);
  for (const std::size_t keep : {std::size_t{50}, std::size_t{100}, std::size_t{4096},
                                 std::size_t{6000}, whole.size() / 2, whole.size() - 1}) {
    std::ofstream(file, std::ios::binary) << whole.substr(0, keep);
    openError(file, ErrorKind::Format);
    openError(file, ErrorKind::Format, RunStore::Mode::ReadOnly);
  }
  // Noise over single pages: opening or reading fails with a sentence, or the page was not needed.
  int refused = 0;
  for (std::size_t page = 0; page < whole.size() / 4096; ++page) {
    std::string noisy = whole;
    for (std::size_t i = 0; i < 4096; i += 3) noisy[page * 4096 + i] ^= static_cast<char>(0x5A + i);
    std::ofstream(file, std::ios::binary) << noisy;
    try {
      RunStore store = RunStore::open(file);
      store.runs({}, true);
      store.add(sampleRun("new"));
    } catch (const Error& e) {
      EXPECT_THAT(e.what(), HasSubstr(file.string()));
      ++refused;
    }
    std::filesystem::remove(file.string() + "-wal");
    std::filesystem::remove(file.string() + "-shm");
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace bitfrontier
