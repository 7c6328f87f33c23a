// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iterator>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

class FileTest : public testing::Test {
 protected:
  void SetUp() override {
    dir_ =
        fs::path(testing::TempDir()) /
        ("file_test_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(dir_);
    fs::create_directories(dir_);
  }
  void TearDown() override { fs::remove_all(dir_); }
  std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(dir_), fs::directory_iterator()));
  }
  fs::path dir_;
};

ErrorKind kindOf(const std::function<void()>& call, const std::string& part) {
  try {
    call();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find(part), std::string::npos) << e.what();
    return e.kind();
  }
  ADD_FAILURE() << "no error";
  return ErrorKind::Conflict;
}

TEST_F(FileTest, WritesAndReadsBack) {
  const std::string content("a\0b\n\xff", 5);
  writeFileAtomic(dir_ / "a", content);
  EXPECT_EQ(readFile(dir_ / "a"), content);
  writeFileAtomic(dir_ / "a", "shorter");
  EXPECT_EQ(readFile(dir_ / "a"), "shorter");
  EXPECT_EQ(entries(), 1U);
}

TEST_F(FileTest, ADatabaseIsNotReplaced) {
  const std::string database = std::string("SQLite format 3\0", 16) + std::string(84, 'x');
  std::ofstream(dir_ / "runs.csv", std::ios::binary) << database;
  EXPECT_EQ(kindOf([&] { writeFileAtomic(dir_ / "runs.csv", "model,bits"); }, "runs.csv"),
            ErrorKind::InvalidArgument);
  EXPECT_EQ(readFile(dir_ / "runs.csv"), database);
  EXPECT_EQ(entries(), 1U);
}

TEST_F(FileTest, AbandonedWriteLeavesTheOldContent) {
  writeFileAtomic(dir_ / "a", "old");
  {
    AtomicFile file(dir_ / "a");
    file.write("new");
    EXPECT_EQ(readFile(dir_ / "a"), "old");
    EXPECT_EQ(entries(), 2U);
  }
  EXPECT_EQ(readFile(dir_ / "a"), "old");
  EXPECT_EQ(entries(), 1U);
}

TEST_F(FileTest, ErrorsNameTheFile) {
  EXPECT_EQ(kindOf([&] { readFile(dir_ / "none"); }, "none"), ErrorKind::NotFound);
  EXPECT_EQ(kindOf([&] { readFile(dir_); }, "regular"), ErrorKind::Io);
  EXPECT_EQ(kindOf([&] { MappedFile map(dir_); }, "regular"), ErrorKind::Io);
  EXPECT_EQ(kindOf([&] { writeFileAtomic(dir_ / "no" / "x", ""); }, "create"), ErrorKind::NotFound);
  writeFileAtomic(dir_ / "a", "12345");
  EXPECT_EQ(kindOf([&] { readFile(dir_ / "a", 4); }, "5 bytes"), ErrorKind::Format);
  EXPECT_EQ(readFile(dir_ / "a", 5), "12345");
}

TEST_F(FileTest, MapsAndMoves) {
  writeFileAtomic(dir_ / "empty", "");
  EXPECT_EQ(MappedFile(dir_ / "empty").size(), 0U);
  writeFileAtomic(dir_ / "a", "mapped");
  MappedFile first(dir_ / "a");
  const std::byte* data = first.bytes().data();
  MappedFile second(std::move(first));
  EXPECT_EQ(second.bytes().data(), data);
  MappedFile third;
  third = std::move(second);
  fs::remove(dir_ / "a");
  EXPECT_EQ(third.text(), "mapped");
}

}  // namespace
}  // namespace bitfrontier
