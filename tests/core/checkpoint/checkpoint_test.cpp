// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/checkpoint.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <set>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/checkpoint/safetensors.h"
#include "tests/support/cases.h"
#include "tests/support/torch_file_builder.h"

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

TEST_F(CheckpointTest, AbsentShardsAreCountedAndTheFirstNamed) {
  const auto index = [&](int shards) {
    std::string map;
    for (int i = shards; i > 0; --i) {
      map += fmt::format("{}\"w{}\": \"model-{}-of-{}.safetensors\"", i < shards ? ", " : "", i, i,
                         shards);
    }
    writeFileAtomic(dir_ / "model.safetensors.index.json", "{\"weight_map\": {" + map + "}}");
  };
  index(1);
  expectError(ErrorKind::NotFound, "model-1-of-1.safetensors, which does not exist");
  index(3);
  saveSafetensors(dir_ / "model-2-of-3.safetensors", {{"w2", at::ones({4})}});
  expectError(ErrorKind::NotFound,
              "index.json names 3 files, of which 2 do not exist: model-1-of-3.safetensors, "
              "model-3-of-3.safetensors");
  index(5);
  expectError(ErrorKind::NotFound,
              "names 5 files, none of which exists: model-1-of-5.safetensors, "
              "model-2-of-5.safetensors, model-3-of-5.safetensors and 2 more");
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

TEST_F(CheckpointTest, IndexNamesATensorOnce) {
  saveSafetensors(dir_ / "one.safetensors", {{"a", at::ones({2})}});
  writeFileAtomic(dir_ / "model.safetensors.index.json",
                  R"({"weight_map": {"a": "one.safetensors", "a": "one.safetensors"}})");
  expectError(ErrorKind::Format, "index.json: 'a' is there twice");
}

TEST_F(CheckpointTest, SaysWhatLiesThereInstead) {
  const auto with = [&](std::initializer_list<std::string> names, ErrorKind kind,
                        const std::string& part, bool config = true) {
    fs::remove_all(dir_);
    fs::create_directories(dir_);
    if (config) writeFileAtomic(dir_ / "config.json", R"({"model_type": "llama"})");
    for (const std::string& name : names) {
      fs::create_directories((dir_ / name).parent_path());
      writeFileAtomic(dir_ / name, "x");
    }
    SCOPED_TRACE(part);
    expectError(kind, part);
  };
  const auto missing = ErrorKind::NotFound;
  for (const bool config : {true, false}) {
    with({"m-Q4_K_M.gguf"}, missing, "as GGUF (m-Q4_K_M.gguf), which is not opened", config);
    with({"consolidated.safetensors"}, missing, "its maker's form (consolidated.safetensors)",
         config);
    with({"consolidated.00.pth", "params.json"}, missing, "its maker's form (consolidated.00.pth)",
         config);
    with({"tf_model.h5"}, missing, "weights for TensorFlow only (tf_model.h5)", config);
    with({"flax_model.msgpack"}, missing, "weights for Flax only", config);
    with({"rust_model.ot"}, missing, "weights for Rust only", config);
    with({"onnx/model.onnx"}, missing, "weights for ONNX only", config);
    with({"model-00001-of-00002.safetensors"}, missing,
         "but not their index model.safetensors.index.json", config);
    with({"pytorch_model-00001-of-00002.bin"}, missing,
         "but not their index pytorch_model.bin.index.json", config);
  }
  with({"model.fp16.safetensors"}, missing,
       "only as the variant fp16 (model.fp16.safetensors); name the file model.safetensors");
  with({"pytorch_model.bin.index.fp16.json"}, missing,
       "variant fp16 (pytorch_model.bin.index.fp16.json); name the file "
       "pytorch_model.bin.index.json");
  with({"weights.pt"}, missing, "holds weights.pt, but weights are looked for in");
  with({}, missing, "holds no weights: neither model.safetensors");
  with({}, missing, "holds no config.json", false);
  with({"README.md"}, missing, "holds no config.json", false);
  with({"pytorch_model.bin", "m.gguf"}, missing, "holds no config.json", false);
}

TEST_F(CheckpointTest, AdaptersAreNoModels) {
  writeFileAtomic(dir_ / "adapter_config.json", R"({"base_model_name_or_path": "org/base"})");
  saveSafetensors(dir_ / "adapter_model.safetensors", {{"w", at::ones({2})}});
  expectError(ErrorKind::NotFound,
              "holds a PEFT adapter, not a model; merge it into its base "
              "model org/base and open that");
  // transformers would take the base model and the adapter, whatever lies beside.
  saveSafetensors(dir_ / "model.safetensors", {{"w", at::ones({2})}});
  expectError(ErrorKind::Unsupported,
              "holds a model and a PEFT adapter (adapter_model.safetensors)");
  fs::remove(dir_ / "adapter_model.safetensors");
  EXPECT_TRUE(Checkpoint::open(dir_).has("w")) << "merged, with the old configuration left";
  fs::remove(dir_ / "config.json");
  fs::remove(dir_ / "model.safetensors");
  writeFileAtomic(dir_ / "adapter_config.json", "not JSON");
  expectError(ErrorKind::NotFound, "merge it into its base model and open that");
}

TEST_F(CheckpointTest, PointersOfGitLfsAreNamed) {
  const std::string pointer =
      "version https://git-lfs.github.com/spec/v1\noid sha256:" + std::string(64, '0') +
      "\nsize 1000\n";
  for (const char* name :
       {"model.safetensors", "pytorch_model.bin", "model.safetensors.index.json", "config.json"}) {
    fs::remove_all(dir_);
    fs::create_directories(dir_);
    writeFileAtomic(dir_ / "config.json", R"({"model_type": "llama"})");
    writeFileAtomic(dir_ / name, pointer);
    SCOPED_TRACE(name);
    expectError(ErrorKind::NotFound, std::string(name) + " is only Git LFS's note of where");
  }
}

// The order of the transformers package.
TEST_F(CheckpointTest, FirstFileOfTheOrderIsTaken) {
  const auto torchFile = [](const std::string& name, float value) {
    std::string bytes(4, '\0');
    std::memcpy(bytes.data(), &value, 4);
    return test::torchZip(test::pickleState({{name, "FloatStorage", "0", 1, 0, {1}, {1}}}),
                          {{"0", bytes}})
        .build();
  };
  const auto value = [&] { return Checkpoint::open(dir_).tensor("w").item<float>(); };
  writeFileAtomic(dir_ / "part.bin", torchFile("w", 4));
  writeFileAtomic(dir_ / "pytorch_model.bin.index.json", R"({"weight_map": {"w": "part.bin"}})");
  EXPECT_EQ(value(), 4);
  writeFileAtomic(dir_ / "pytorch_model.bin", torchFile("w", 3));
  EXPECT_EQ(value(), 3);
  saveSafetensors(dir_ / "part.safetensors", {{"w", at::full({1}, 2.0)}});
  writeFileAtomic(dir_ / "model.safetensors.index.json",
                  R"({"weight_map": {"w": "part.safetensors"}})");
  EXPECT_EQ(value(), 2);
  saveSafetensors(dir_ / "model.safetensors", {{"w", at::full({1}, 1.0)}});
  EXPECT_EQ(value(), 1);
}

TEST_F(CheckpointTest, WhatIsMissingIsNamed) {
  expectError(ErrorKind::NotFound, "holds no weights");
  writeFileAtomic(dir_ / "pytorch_model.bin", "x");
  expectError(ErrorKind::Format, "pytorch_model.bin has 1 bytes");
  writeFileAtomic(dir_ / "config.json", "[]");
  expectError(ErrorKind::Format, "config.json");
  writeFileAtomic(dir_ / "config.json", "{\"model_type\": \"\xff\"}");
  expectError(ErrorKind::Format, "config.json: not valid JSON at byte 17");
  fs::remove(dir_ / "config.json");
  expectError(ErrorKind::NotFound, "config.json");
  EXPECT_THROW(Checkpoint::open(dir_ / "none"), Error);
}

// Small models of four architectures, saved by the transformers package in every container.
TEST(ReferenceCheckpoints, ContainersAgree) {
  const fs::path root = test::casesDir() / "models";
  if (!fs::is_directory(root)) GTEST_SKIP() << test::kNoCases;
  int seen = 0;
  for (const auto& model : fs::directory_iterator(root)) {
    if (!fs::exists(model.path() / "safetensors" / "config.json")) continue;
    const Checkpoint single = Checkpoint::open(model.path() / "safetensors");
    for (const char* container : {"sharded-safetensors", "bin", "sharded-bin", "legacy-bin"}) {
      if (!fs::exists(model.path() / container)) continue;
      SCOPED_TRACE(model.path().filename().string() + "/" + container);
      ++seen;
      const Checkpoint other = Checkpoint::open(model.path() / container);
      for (const TensorInfo& info : single.tensors()) {
        ASSERT_TRUE(other.has(info.name)) << info.name;
        const at::Tensor a = single.tensor(info.name);
        EXPECT_EQ(a.sizes(), at::IntArrayRef(info.shape));
        EXPECT_TRUE(at::equal(a, other.tensor(info.name))) << info.name;
        EXPECT_TRUE(at::isfinite(a).all().item<bool>()) << info.name;
      }
      // Only .bin files name a tied head, which then is the embedding.
      for (const TensorInfo& info : other.tensors()) {
        if (single.has(info.name)) continue;
        EXPECT_EQ(info.name, "lm_head.weight");
        const at::Tensor head = other.tensor(info.name);
        bool shared = false;
        for (const TensorInfo& body : other.tensors()) {
          shared = shared || (body.name != info.name && at::equal(other.tensor(body.name), head));
        }
        EXPECT_TRUE(shared);
      }
    }
    EXPECT_EQ(single.hash(), Checkpoint::open(model.path() / "safetensors").hash());
  }
  EXPECT_EQ(seen, 16);
}

// Like old files of the hub: half precision beside mask buffers, shards of .bin.
TEST(ReferenceCheckpoints, OldHubFiles) {
  const fs::path root = test::casesDir() / "models";
  if (!fs::is_directory(root)) GTEST_SKIP() << test::kNoCases;
  const std::map<std::string, std::set<at::ScalarType>> expected = {
      {"neox-par", {at::kHalf, at::kFloat, at::kBool}},
      {"gpt2", {at::kFloat}},
      {"opt-pre", {at::kHalf, at::kFloat}},
      {"bloom-8h", {at::kBFloat16}}};
  for (const auto& [model, dtypes] : expected) {
    SCOPED_TRACE(model);
    const Checkpoint c = Checkpoint::open(root / model / "hub");
    std::set<at::ScalarType> types;
    for (const TensorInfo& info : c.tensors()) {
      types.insert(info.dtype);
      EXPECT_EQ(c.tensor(info.name).nbytes(), static_cast<std::size_t>(info.bytes));
    }
    EXPECT_EQ(types, dtypes);
  }
}

}  // namespace
}  // namespace bitfrontier
