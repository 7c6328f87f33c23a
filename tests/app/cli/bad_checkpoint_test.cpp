// SPDX-License-Identifier: GPL-3.0-or-later
// What users see of damaged or hostile model directories: one sentence that names file and place.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/checkpoint/checkpoint.h"
#include "core/checkpoint/safetensors.h"
#include "tests/app/cli/process.h"
#include "tests/core/sweep/tiny_model.h"
#include "tests/support/torch_file_builder.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class BadCheckpoint : public ::testing::Test {
 protected:
  BadCheckpoint() : dir_("bad-checkpoint"), model_(dir_.path() / "model") {}
  void SetUp() override {
    test::writeTinyModel(model_);
    task_ = test::writeTinyTasks(dir_.path() / "tasks", 2).front();
    weights_ = readFile(model_ / "model.safetensors");
  }
  /// Runs the program on the model and expects a refusal.
  void expectSentence(const std::vector<std::string>& parts) {
    test::CliProcess process(dir_.path(), {"eval", "--model", model_.string(), "--tasks",
                                           task_.string(), "--device", "cpu", "--quiet"});
    EXPECT_EQ(process.wait(), 1) << process.err();
    EXPECT_EQ(process.out(), "");
    const std::string said = process.err();
    EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
    EXPECT_THAT(said, testing::StartsWith("bitfrontier: error: "));
    for (const std::string& part : parts) EXPECT_THAT(said, HasSubstr(part));
  }
  void write(const std::string& name, const std::string& content) {
    writeFileAtomic(model_ / name, content);
  }
  /// The good weights with one tensor changed.
  void change(const std::string& name, const std::function<at::Tensor(const at::Tensor&)>& how) {
    const Checkpoint good = Checkpoint::open(model_);
    std::vector<std::pair<std::string, at::Tensor>> tensors;
    for (const TensorInfo& info : good.tensors()) {
      const at::Tensor tensor = good.tensor(info.name).clone();
      tensors.emplace_back(info.name, info.name == name ? how(tensor) : tensor);
    }
    saveSafetensors(model_ / "model.safetensors", tensors);
  }
  /// A .bin file instead of the weights.
  void pickle(const std::string& bytes) {
    fs::remove(model_ / "model.safetensors");
    write("pytorch_model.bin", bytes);
  }

  test::TempDir dir_;
  fs::path model_;
  fs::path task_;
  std::string weights_;
};

TEST_F(BadCheckpoint, Safetensors) {
  write("model.safetensors", weights_.substr(0, weights_.size() - 1));
  expectSentence({"model.safetensors: tensor ", "ends at data byte", "but the file has"});
  write("model.safetensors", std::string("\0\0\0\0\0\0\0\x80{}", 10));
  expectSentence({"model.safetensors announces a header of 9223372036854775808 bytes"});
  std::string moved = weights_;
  const std::size_t at = moved.find("\"data_offsets\":[") + 16;
  moved[at] = moved[at] == '9' ? '8' : static_cast<char>(moved[at] + 1);
  write("model.safetensors", moved);
  expectSentence({"model.safetensors: tensor "});
  write("model.safetensors.index.json",
        R"({"weight_map": {"embed_out.weight": "model-00001-of-00002.safetensors"}})");
  fs::remove(model_ / "model.safetensors");
  expectSentence({"index.json names ", "model-00001-of-00002.safetensors, which does not exist"});
}

TEST_F(BadCheckpoint, Duplicates) {
  std::string header = R"({"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                       R"("w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})";
  write("model.safetensors", test::little(header.size(), 8) + header + "1");
  expectSentence({"model.safetensors: 'w' is there twice"});
  const std::string four(4, '\0');
  const test::PickledTensor w{"w", "FloatStorage", "0", 1, 0, {1}, {1}};
  pickle(test::torchZip(test::pickleState({w, w}), {{"0", four}}).build());
  expectSentence({"pytorch_model.bin: ", "tensor w is there twice"});
  pickle(test::torchZip(test::pickleState({w}), {{"0", four}, {"0", four}}).build());
  expectSentence({"pytorch_model.bin: ", "archive/data/0 is there twice"});
}

TEST_F(BadCheckpoint, Weights) {
  const std::string name = "gpt_neox.layers.1.mlp.dense_h_to_4h.weight";
  change(name, [](const at::Tensor& w) { return w.narrow(0, 0, w.size(0) - 1); });
  expectSentence({name + " has shape [31, 16], config.json asks for [32, 16]"});
  write("model.safetensors", weights_);
  change(name, [](at::Tensor w) {
    w[2][3] = std::numeric_limits<double>::quiet_NaN();
    return w;
  });
  expectSentence({name, "nan", "35"});
  write("model.safetensors", weights_);
  change(name, [](const at::Tensor& w) { return w.to(at::kInt); });
  expectSentence({name + " is of type Int, not 16, 32 or 64 bit floating point"});
}

TEST_F(BadCheckpoint, Pickles) {
  const std::string proof = (dir_.path() / "proof").string();
  pickle(
      test::torchZip(
          test::kPickleStart + "cposix\nsystem\n(" + test::pickleText("touch " + proof) + "tR.", {})
          .build());
  expectSentence(
      {"pytorch_model.bin: pickle byte 2: the file asks for posix.system", "nothing was run"});
  EXPECT_FALSE(fs::exists(proof));
  auto bomb = test::torchZip(test::pickleState({}), {{"0", std::string(100, '\0')}});
  bomb.members[1].method = 8;
  bomb.members[1].claimedSize = INT64_MAX;
  bomb.zip64 = true;
  pickle(bomb.build());
  expectSentence({"pytorch_model.bin: member archive/data/0 is compressed"});
  pickle(test::torchZip(test::kPickleStart + std::string(1'000'000, '('), {}).build());
  expectSentence({"pytorch_model.bin: pickle byte 1002: more than 1000 marks are open"});
  pickle("<!doctype html>");
  expectSentence({"pytorch_model.bin has 15 bytes and does not begin as"});
}

TEST_F(BadCheckpoint, Tokenizer) {
  const auto change = [&](const std::function<void(nlohmann::json&)>& how) {
    nlohmann::json tokenizer = nlohmann::json::parse(test::byteTokenizer());
    how(tokenizer["model"]);
    write("tokenizer.json", tokenizer.dump());
  };
  // Each needs what the other makes.
  change([](auto& model) { model["merges"] = {"ab a", "aba b"}; });
  expectSentence(
      {"tokenizer.json: merge 0 ('ab' and 'a') needs 'ab', which is not in the "
       "vocabulary"});
  change([](auto& model) { model["vocab"]["ab"] = 98; });
  expectSentence({"tokenizer.json: token 'ab' repeats id 98"});
  std::string text = test::byteTokenizer();
  text[text.find("endoftext")] = '\xff';
  write("tokenizer.json", text);
  expectSentence({"tokenizer.json: not valid JSON at byte "});
  write("tokenizer.json", test::byteTokenizer().substr(0, 1000));
  expectSentence({"tokenizer.json: not valid JSON at byte 1001 of 1000"});
  fs::remove(model_ / "tokenizer.json");
  expectSentence({"model holds neither tokenizer.json nor vocab.json"});
}

TEST_F(BadCheckpoint, Config) {
  write("config.json", "{\"model_type\": \"gpt_neox\", \"x\": \"\xc3\x28\"}");
  expectSentence({"config.json: not valid JSON at byte 35 of 37"});
  write("config.json", R"({"model_type": "evil\u001b[2J\n"})");
  expectSentence({"config.json: model_type \"evil\\x1b[2J\\x0a\" is not supported"});
  write("config.json", std::string(100'000, '['));
  expectSentence({"config.json: byte 32 is nested more than 32 deep"});
  fs::remove(model_ / "config.json");
  expectSentence({"config.json"});
}

}  // namespace
}  // namespace bitfrontier
