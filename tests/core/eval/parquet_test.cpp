// SPDX-License-Identifier: GPL-3.0-or-later
// tests/data/hub was written by pyarrow 26 in the columns that the hub's data sets have.
#include "core/eval/parquet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/resources.h"
#include "core/eval/task.h"
#include "tests/core/sweep/tiny_model.h"
#include "tests/support/expect_error.h"

namespace bitfrontier {
namespace {

using ::testing::HasSubstr;

const std::filesystem::path kHub = std::filesystem::path(BITFRONTIER_SOURCE_DIR) / "tests/data/hub";

class Parquet : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!pathExists(executableDir() / "libbitfrontier_parquet.so")) {
      GTEST_SKIP() << "the optional Parquet module was not built (./dev setup --parquet)";
    }
  }
};

// First, because the module stays loaded.
TEST(ParquetModule, ItsAbsenceIsExplained) {
  ::setenv("BITFRONTIER_PARQUET_MODULE", "/nowhere/module.so", 1);
  std::string rows;
  const std::string message = test::errorText(
      ErrorKind::Unsupported, [&] { readParquet(kHub / "arc-test.parquet", rows); });
  EXPECT_THAT(message, HasSubstr("./dev setup --parquet"));
  ::unsetenv("BITFRONTIER_PARQUET_MODULE");
}

TEST_F(Parquet, StructsListsAndUnicodeBecomeRows) {
  std::string rows;
  readParquet(kHub / "arc-test.parquet", rows);
  EXPECT_EQ(rows.substr(0, rows.find('\n')),
            R"({"id":"q1","question":"Why is the sky blue?","choices":{"text":)"
            "[\"Rayleigh scattering\",\"Zw\u00f6lf \U0001F600 \u00c4pfel\",\"paint\"],"
            R"("label":["A","B","C"]},"answerKey":"A"})");
  const Task task = loadTask("arc_easy=" + (kHub / "arc-test.parquet").string());
  ASSERT_EQ(task.items.size(), 3u);  // over two row groups
  EXPECT_EQ(task.items[1].requests.size(), 4u);
  EXPECT_EQ(task.items[1].gold, 1);
  EXPECT_EQ(task.items[2].gold, 1);
}

TEST_F(Parquet, NumberedPartsOfAFolderAreOneTask) {
  const Task task = loadTask(kHub / "piqa");
  ASSERT_EQ(task.items.size(), 3u);
  EXPECT_EQ(task.items[0].requests[0].continuation, " do open a jar one");
  EXPECT_EQ(task.items[1].gold, 1);
  EXPECT_EQ(task.items[2].requests[0].context, "Question: cut paper\nAnswer:");
}

TEST_F(Parquet, BadFilesAreRefused) {
  std::string rows;
  test::errorText(ErrorKind::NotFound, [&] { readParquet(kHub / "none.parquet", rows); });
  EXPECT_THAT(
      test::errorText(ErrorKind::Format, [&] { readParquet(kHub / "dates_text.parquet", rows); }),
      HasSubstr("timestamp"));
  const test::TempDir dir("parquet");
  const std::string whole = readFile(kHub / "arc-test.parquet");
  test::writeText(dir.path() / "short.parquet", whole.substr(0, whole.size() / 2));
  EXPECT_THAT(
      test::errorText(ErrorKind::Format, [&] { readParquet(dir.path() / "short.parquet", rows); }),
      HasSubstr("short.parquet"));
}

}  // namespace
}  // namespace bitfrontier
