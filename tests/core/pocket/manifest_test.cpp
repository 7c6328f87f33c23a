// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pocket/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/resources.h"
#include "core/hub/model_name.h"
#include "core/pocket/suite.h"

namespace bitfrontier::pocket {
namespace {

namespace fs = std::filesystem;

TEST(PocketSuite, TheCommittedOneIsWhatItsSeedsGive) {
  const VerifyReport report = verifySuite(resourceDir() / "pocket");
  for (const std::string& problem : report.problems) ADD_FAILURE() << problem;
  // Corpus, tokenizer twice, six task files, four files of six checkpoints.
  EXPECT_GE(report.checked.size(), 3U + 6U + 24U);
}

TEST(PocketSuite, HasSixSizesFactorHundred) {
  PocketSuite suite = openPocketSuite();
  EXPECT_EQ(suite.tasks.size(), 5U);
  std::erase_if(suite.models, [](const fs::path& path) {
    return !path.filename().string().starts_with("pocket-neox-");
  });
  ASSERT_GE(suite.models.size(), 6U);
  const auto linear = [](const fs::path& path) {
    return static_cast<double>(CausalLm::load(path).parameters().linear);
  };
  EXPECT_GE(linear(suite.models.back()) / linear(suite.models.front()), 100);
  for (std::size_t i = 1; i < suite.models.size(); ++i) {
    EXPECT_GT(linear(suite.models[i]), linear(suite.models[i - 1]));
  }
}

TEST(PocketSuite, ModelsAreFoundByName) {
  EXPECT_EQ(findModel("pocket-opt-2"), resourceDir() / "pocket" / "pocket-opt-2");
  EXPECT_EQ(findModel("/"), "/");
  EXPECT_THROW(findModel("tasks"), Error);  // beside the models, but none
  EXPECT_THROW(findModel("pocket-opt-9"), Error);
  const fs::path resources = resourceDir();
  ::setenv("BITFRONTIER_RESOURCES", "/nowhere", 1);
  try {
    findModel("pocket-opt-2");
    ADD_FAILURE() << "found without a suite";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("pocket-opt-2 is neither a directory nor"));
  }
  ::setenv("BITFRONTIER_RESOURCES", resources.c_str(), 1);
}

TEST(PocketSuite, DamageIsNamed) {
  const fs::path dir = fs::temp_directory_path() / ("bf_suite_" + std::to_string(::getpid()));
  fs::copy(resourceDir() / "pocket", dir, fs::copy_options::recursive);
  const fs::path weights = dir / "pocket-neox-2" / "model.safetensors";
  std::string bytes = readFile(weights);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  writeFileAtomic(weights, bytes);
  fs::remove(dir / "tasks" / "pocket_piqa-labels.lst");
  const VerifyReport report = verifySuite(dir);
  ASSERT_EQ(report.problems.size(), 2U);
  EXPECT_NE(report.problems[0].find("pocket_piqa-labels.lst"), std::string::npos);
  EXPECT_NE(report.problems[1].find("pocket-neox-2/model.safetensors"), std::string::npos);
  fs::remove(dir / kManifest);
  EXPECT_THROW(verifySuite(dir), Error);
  writeFileAtomic(dir / kManifest, "{\"checkpoints\": 3");
  EXPECT_THROW(verifySuite(dir), Error);
  fs::remove_all(dir);
  EXPECT_THROW(openPocketSuite(dir), Error);
}

}  // namespace
}  // namespace bitfrontier::pocket
