// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/checkpoint.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <set>

#include "core/base/error.h"
#include "core/base/file.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

class CheckpointTest : public testing::Test {
 protected:
  void SetUp() override {
    dir_ = fs::path(testing::TempDir()) /
           ("checkpoint_test_" +
            std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(dir_);
    fs::create_directories(dir_);
    writeFileAtomic(dir_ / "config.json", R"({"model_type": "gpt_neox", "hidden_size": 4})");
  }
  void TearDown() override { fs::remove_all(dir_); }

  void expectError(ErrorKind kind, const std::string& part) {
    try {
      Checkpoint::open(dir_);
      ADD_FAILURE() << "no error with '" << part << "'";
    } catch (const Error& e) {
      EXPECT_EQ(e.kind(), kind) << e.what();
      EXPECT_NE(std::string(e.what()).find(part), std::string::npos) << e.what();
    }
  }
  fs::path dir_;
};

TEST_F(CheckpointTest, SingleFile) {
  const at::Tensor w = at::arange(8, at::kHalf).reshape({2, 4});
  saveSafetensors(dir_ / "model.safetensors", {{"w", w}, {"b", at::ones({4})}});
  const Checkpoint c = Checkpoint::open(dir_);
  EXPECT_EQ(c.config().at("hidden_size"), 4);
  ASSERT_EQ(c.tensors().size(), 2U);
  EXPECT_EQ(c.tensors()[0].name, "b");
  EXPECT_EQ(c.tensors()[1].dtype, at::kHalf);
  EXPECT_TRUE(at::equal(c.tensor("w"), w));
  EXPECT_TRUE(c.has("b"));
  EXPECT_FALSE(c.has("c"));
  try {
    c.tensor("c");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.kind(), ErrorKind::NotFound);
  }
}

TEST_F(CheckpointTest, HashFollowsWhatMatters) {
  const auto save = [&](double value) {
    saveSafetensors(dir_ / "model.safetensors", {{"w", at::full({4}, value)}});
  };
  save(1);
  const std::string before = Checkpoint::open(dir_).hash();
  EXPECT_EQ(before.size(), 64U);
  // Order, white space and names of origin do not matter.
  writeFileAtomic(dir_ / "config.json",
                  R"({"hidden_size":4,"model_type":"gpt_neox","_name_or_path":"elsewhere"})");
  EXPECT_EQ(Checkpoint::open(dir_).hash(), before);
  writeFileAtomic(dir_ / "config.json", R"({"hidden_size":5,"model_type":"gpt_neox"})");
  const std::string other = Checkpoint::open(dir_).hash();
  EXPECT_NE(other, before);
  save(2);
  EXPECT_NE(Checkpoint::open(dir_).hash(), other);
  std::stop_source source;
  source.request_stop();
  EXPECT_THROW(Checkpoint::open(dir_).hash({source.get_token(), {}}), Error);
}

TEST_F(CheckpointTest, ShardsAndTheirIndex) {
  saveSafetensors(dir_ / "one.safetensors", {{"a", at::ones({2})}, {"spare", at::ones({1})}});
  saveSafetensors(dir_ / "two.safetensors", {{"b", at::zeros({3})}});
  const auto index = [&](const std::string& text) {
    writeFileAtomic(dir_ / "model.safetensors.index.json", text);
  };
  index(R"({"weight_map": {"a": "one.safetensors", "b": "two.safetensors"}})");
  const Checkpoint c = Checkpoint::open(dir_);
  EXPECT_EQ(c.tensors().size(), 2U);
  EXPECT_EQ(c.tensor("b").numel(), 3);
  EXPECT_FALSE(c.has("spare"));
  index(R"({"weight_map": {"c": "one.safetensors"}})");
  expectError(ErrorKind::Format, "tensor c in one.safetensors");
  index(R"({"weight_map": {"a": "three.safetensors"}})");
  expectError(ErrorKind::NotFound, "three.safetensors");
  index(R"({"weight_map": {"a": "../one.safetensors"}})");
  expectError(ErrorKind::Format, "no file name");
  index(R"({"weight_map": {"a": ".."}})");
  expectError(ErrorKind::Format, "no file name");
  index(R"({"weight_map": {"a": 1}})");
  expectError(ErrorKind::Format, "no file name");
  index(R"({"weight_map": {}})");
  expectError(ErrorKind::Format, "names 0 weight files");
  index(R"({})");
  expectError(ErrorKind::Format, "'weight_map' is missing");
}

TEST_F(CheckpointTest, WhatIsMissingIsNamed) {
  expectError(ErrorKind::NotFound, "holds neither");
  writeFileAtomic(dir_ / "pytorch_model.bin", "x");
  expectError(ErrorKind::Unsupported, "pytorch_model.bin");
  writeFileAtomic(dir_ / "config.json", "[]");
  expectError(ErrorKind::Format, "config.json");
  fs::remove(dir_ / "config.json");
  expectError(ErrorKind::NotFound, "config.json");
  EXPECT_THROW(Checkpoint::open(dir_ / "none"), Error);
}

// Small models of four architectures, saved by the transformers package whole and in shards.
TEST(ReferenceCheckpoints, SingleAndShardedAgree) {
  const char* set = std::getenv("BITFRONTIER_CASES");
  const fs::path root =
      fs::path(set != nullptr ? set : BITFRONTIER_SOURCE_DIR "/../shared/cases") / "models";
  if (!fs::is_directory(root)) GTEST_SKIP() << "the reference cases are not on this machine";
  int seen = 0;
  for (const auto& model : fs::directory_iterator(root)) {
    if (!fs::exists(model.path() / "safetensors" / "config.json")) continue;
    SCOPED_TRACE(model.path().filename().string());
    ++seen;
    const Checkpoint single = Checkpoint::open(model.path() / "safetensors");
    const Checkpoint sharded = Checkpoint::open(model.path() / "sharded-safetensors");
    ASSERT_EQ(single.tensors().size(), sharded.tensors().size());
    EXPECT_EQ(single.hash(), Checkpoint::open(model.path() / "safetensors").hash());
    for (const TensorInfo& info : single.tensors()) {
      ASSERT_TRUE(sharded.has(info.name)) << info.name;
      const at::Tensor a = single.tensor(info.name);
      EXPECT_EQ(a.sizes(), at::IntArrayRef(info.shape));
      EXPECT_TRUE(at::equal(a, sharded.tensor(info.name))) << info.name;
      EXPECT_TRUE(at::isfinite(a).all().item<bool>()) << info.name;
    }
  }
  EXPECT_EQ(seen, 5);
}

// Like old files of the hub: half precision beside mask buffers.
TEST(ReferenceCheckpoints, OldHubFiles) {
  const char* set = std::getenv("BITFRONTIER_CASES");
  const fs::path root =
      fs::path(set != nullptr ? set : BITFRONTIER_SOURCE_DIR "/../shared/cases") / "models";
  if (!fs::is_directory(root)) GTEST_SKIP() << "the reference cases are not on this machine";
  const Checkpoint c = Checkpoint::open(root / "neox-par" / "hub");
  std::set<at::ScalarType> types;
  for (const TensorInfo& info : c.tensors()) {
    types.insert(info.dtype);
    EXPECT_EQ(c.tensor(info.name).nbytes(), static_cast<std::size_t>(info.bytes));
  }
  EXPECT_EQ(types, (std::set<at::ScalarType>{at::kHalf, at::kFloat, at::kBool}));
  try {
    Checkpoint::open(root / "neox-par" / "bin");
    FAIL() << "a pickle was read";
  } catch (const Error& e) {
    EXPECT_EQ(e.kind(), ErrorKind::Unsupported);
  }
}

}  // namespace
}  // namespace bitfrontier
