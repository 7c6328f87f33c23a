// SPDX-License-Identifier: GPL-3.0-or-later
// Commands that read leave a store of an earlier version as it is, byte by byte.

#include <gmock/gmock.h>
#include <SQLiteCpp/SQLiteCpp.h>

#include <set>

#include "core/base/file.h"
#include "core/store/schema.h"
#include "tests/app/cli/cli_runs.h"
#include "tests/core/advice/planted_store.h"

namespace bitfrontier {
namespace {

using testing::HasSubstr;

/// What later versions of the schema added, taken away.
void makeVersion1(const std::filesystem::path& file) {
  SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
  for (const char* column :
       {"bos_profile", "max_length", "calibration", "accuracy_norm_se", "accuracy_bytes",
        "accuracy_bytes_se", "perplexity", "perplexity_se", "word_perplexity", "byte_perplexity",
        "items_planned", "peak_memory", "predicted_memory"}) {
    database.exec(fmt::format("ALTER TABLE runs DROP COLUMN {}", column));
  }
  database.exec("DELETE FROM migrations WHERE version > 1; PRAGMA user_version = 1");
}

class StoreOfVersion1 : public test::CliRuns {
 protected:
  StoreOfVersion1() {
    const test::PlantedTruth truth = test::drawTruth(4, false);
    addPlanted(store_, truth, test::plantSweep(truth, 4),
               [](auto size, auto format) { return size != 2 || format != 1; });
    makeVersion1(file());
  }
  std::filesystem::path file() const { return store_.folder() / "runs.bfdb"; }
  std::set<std::string> folder() const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(store_.folder())) {
      names.insert(entry.path().filename().string());
    }
    return names;
  }
  test::TempStore store_;
};

class OldStore : public StoreOfVersion1,
                 public testing::WithParamInterface<std::vector<std::string>> {};

TEST_P(OldStore, IsReadAndNotChanged) {
  const std::string before = readFile(file());
  ASSERT_EQ(before[63], '\1');
  const auto names = folder();
  std::vector<std::string> arguments = GetParam();
  arguments.insert(arguments.begin() + 1, file().string());
  const Result result = run(arguments);
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("planted"));
  EXPECT_EQ(readFile(file()), before);
  EXPECT_EQ(folder(), names);
}

INSTANTIATE_TEST_SUITE_P(
    Commands, OldStore,
    testing::Values(std::vector<std::string>{"runs"}, std::vector<std::string>{"runs", "--points"},
                    std::vector<std::string>{"fit", "--by", "bits"},
                    std::vector<std::string>{"fit", "--law", "J1"},
                    std::vector<std::string>{"frontier"},
                    std::vector<std::string>{"frontier", "--widths"},
                    std::vector<std::string>{"advise", "--memory", "20GB"},
                    std::vector<std::string>{"next"}, std::vector<std::string>{"compare"},
                    std::vector<std::string>{"report"}),
    [](const auto& command) {
      std::string name;
      for (const std::string& word : command.param) name += word;
      std::erase_if(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
      return name;
    });

TEST_F(StoreOfVersion1, OfAMergeOnlyTheTargetIsWritten) {
  const std::string before = readFile(file());
  const Result result = run({"merge", path("all.bfdb"), file().string()});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(readFile(file()), before);
  EXPECT_THAT(run({"runs", path("all.bfdb")}).out, HasSubstr("planted"));
  EXPECT_EQ(readFile(path("all.bfdb"))[63], static_cast<char>(storeSchemaVersion()));
}

}  // namespace
}  // namespace bitfrontier
