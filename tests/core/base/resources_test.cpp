// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/resources.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

class ResourcesTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const char* set = std::getenv("BITFRONTIER_RESOURCES")) before_ = set;
  }
  void TearDown() override { ::setenv("BITFRONTIER_RESOURCES", before_.c_str(), 1); }
  std::string before_;
};

TEST_F(ResourcesTest, TheEnvironmentDecides) {
  ::setenv("BITFRONTIER_RESOURCES", testing::TempDir().c_str(), 1);
  EXPECT_EQ(resourceDir(), std::filesystem::path(testing::TempDir()));
}

TEST_F(ResourcesTest, AWrongEnvironmentIsAnErrorNotAFallback) {
  ::setenv("BITFRONTIER_RESOURCES", "/nonexistent/place", 1);
  try {
    resourceDir();
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_EQ(e.kind(), ErrorKind::NotFound);
    EXPECT_NE(std::string(e.what()).find("/nonexistent/place"), std::string::npos);
  }
}

TEST_F(ResourcesTest, ExecutableDirHoldsThisProgram) {
  EXPECT_TRUE(std::filesystem::exists(executableDir() / "test_core_base"));
}

}  // namespace
}  // namespace bitfrontier
