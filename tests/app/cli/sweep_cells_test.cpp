// SPDX-License-Identifier: GPL-3.0-or-later
// Cells of a sweep's grid that are left out by name.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/app/cli/cli_runs.h"

namespace bitfrontier {
namespace {

using ::testing::HasSubstr;

class SweepCells : public test::CliRuns {
 protected:
  SweepCells() {
    models_ = test::writeTinyModel(dir_.path() / "tiny-1").string() + "," +
              test::writeTinyModel(dir_.path() / "tiny-2", 32, 2).string();
    tasks_ = test::writeTinyTasks(dir_.path() / "tasks")[1].string();
  }
  Result plan(const std::string& without) {
    return run({"sweep", "--models", models_, "--tasks", tasks_, "--configs",
                "fp16,int3-b64,int4-b64", "--store", path("s.bfdb"), "--device", "cpu", "--plan",
                "--json", "--without", without});
  }
  /// "tiny-1 int4-b64" of every cell of the plan.
  static std::set<std::string> cells(const Result& result) {
    std::set<std::string> names;
    const nlohmann::json plan = nlohmann::json::parse(result.out);
    for (const auto& cell : plan["cells"]) {
      names.insert(std::filesystem::path(cell["model"].get<std::string>()).filename().string() +
                   " " + cell["config"].get<std::string>());
    }
    return names;
  }
  std::string models_, tasks_;
};

TEST_F(SweepCells, AreLeftOutByModelAndConfiguration) {
  const Result some = plan("tiny-1:int3-b64,*:int4-b64");
  ASSERT_EQ(some.code, 0) << some.err;
  EXPECT_EQ(cells(some), (std::set<std::string>{"tiny-1 fp16", "tiny-2 fp16", "tiny-2 int3-b64"}));
  const Result byPath = plan(path("tiny-2") + ":*");
  ASSERT_EQ(byPath.code, 0) << byPath.err;
  EXPECT_EQ(cells(byPath),
            (std::set<std::string>{"tiny-1 fp16", "tiny-1 int3-b64", "tiny-1 int4-b64"}));
}

TEST_F(SweepCells, NamesThatAreNoneAreRefused) {
  for (const auto& [without, reason] :
       {std::pair{"tiny-9:fp16", "names no cell"}, std::pair{"tiny-1:int5-b64", "names no cell"},
        std::pair{"tiny-1", "is not MODEL:CONFIG"}, std::pair{"*:*", "leaves no cell"},
        std::pair{"tiny-1:int44", "int44"}}) {
    const Result result = plan(without);
    EXPECT_EQ(result.code, 2) << without << result.err;
    EXPECT_THAT(result.err, HasSubstr(reason)) << without;
  }
}

}  // namespace
}  // namespace bitfrontier
