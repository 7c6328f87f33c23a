// SPDX-License-Identifier: GPL-3.0-or-later
// The main of every GoogleTest program. GoogleTest's own ends with 0 where tests were skipped, and
// where no test has the name asked for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace {

/// What ctest shows as "Skipped" (SKIP_RETURN_CODE in BitfrontierTargets.cmake).
constexpr int kSkipped = 77;

/// Prints a line for each skipped test, which `./dev test` collects:
/// "not run<tab>PROGRAM<tab>TEST<tab>REASON".
class SkippedTests : public testing::EmptyTestEventListener {
 public:
  explicit SkippedTests(std::string program) : program_(std::move(program)) {}

  void OnTestPartResult(const testing::TestPartResult& part) override {
    if (part.skipped()) reason_ = part.message();
  }
  void OnTestEnd(const testing::TestInfo& test) override {
    if (test.result()->Skipped()) {
      std::string reason = reason_.substr(0, reason_.find('\n'));
      if (reason.empty()) reason = "without a reason";
      std::printf("not run\t%s\t%s.%s\t%s\n", program_.c_str(), test.test_suite_name(), test.name(),
                  reason.c_str());
      any_ = true;
    }
    reason_.clear();
  }
  bool any() const { return any_; }

 private:
  std::string program_;
  std::string reason_;
  bool any_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  testing::UnitTest& tests = *testing::UnitTest::GetInstance();
  auto* skipped = new SkippedTests(std::filesystem::path(argv[0]).filename().string());
  tests.listeners().Append(skipped);  // which owns it
  const int failed = RUN_ALL_TESTS();
  if (failed != 0) return failed;
  if (testing::GTEST_FLAG(list_tests)) return 0;
  if (tests.test_to_run_count() == 0) {
    std::fprintf(stderr, "no test is named as --gtest_filter asks\n");
    return 1;
  }
  return skipped->any() ? kSkipped : 0;
}
