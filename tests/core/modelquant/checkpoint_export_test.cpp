// SPDX-License-Identifier: GPL-3.0-or-later
// Quantized checkpoints: what is in the file to the byte, that it opens as the same model, plain
// copies for other programs, and what is refused.
#include "core/modelquant/checkpoint_export.h"

#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <map>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/checkpoint/checkpoint.h"
#include "core/modelquant/quantized_model.h"
#include "core/quant/bit_accounting.h"
#include "core/tokenizer/tokenizer.h"
#include "kernels/registry.h"
#include "tests/core/modelquant/small_models.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kSpecs = {"int4-b64",      "nf4-b64-sdq",
                                         "mxfp4",         "nvfp4",
                                         "quantile3-b32", "int3-b32r-o4",
                                         "nf3-row-bmean", "learned3-b64",
                                         "int3-b32-gptq", "nf4-b64-awq",
                                         "int5-b64-mean", "int4-b64-emb",
                                         "int4-b64-head", "int3-b32-oc4-wmse-gptq-act-emb-head"};

class Export : public testing::TestWithParam<std::string> {
 protected:
  Export() : dir_("export_" + GetParam()) {
    source_ = test::writeSmallModel(dir_.path() / "source", GetParam());
    for (int line = 0; line < 60; ++line)
      text_.text += "line " + std::to_string(line * 37) + " of it\n";
    text_.name = "lines";
    text_.sequences = 8;
    text_.length = 48;
    options_.calibration = text_;
  }

  /// The model as the sweep quantizes it.
  QuantizedModel fakeQuantized(const std::string& spec, WeightForm form = WeightForm::Dense) {
    QuantizedModel model(CausalLm::load(source_), kernelsFor("cpu"));
    const at::Tensor tokens =
        calibrationTokens(text_, Tokenizer::load(source_), model.model().config().maxPositions);
    model.apply(QuantConfig::parse(spec), {}, tokens, form);
    return model;
  }

  test::TempDir dir_;
  fs::path source_;
  CalibrationText text_;
  ExportOptions options_;
};

TEST_P(Export, OpensAsTheSameModelWithTheBytesThatAreCounted) {
  const at::Tensor tokens = test::someTokens();
  for (const std::string& spec : kSpecs) {
    const QuantConfig config = QuantConfig::parse(spec);
    const fs::path target = dir_.path() / spec;
    const ExportResult result = exportQuantized(source_, target, config, options_);
    const QuantizedModel dense = fakeQuantized(spec);
    const at::Tensor expected = test::logProbabilities(dense.model(), tokens);
    const QuantizedModel packed = fakeQuantized(spec, WeightForm::Packed);
    const CausalLm loaded = CausalLm::load(target);
    EXPECT_EQ(loaded.config().quantization, spec);
    EXPECT_EQ(loaded.config().calibration, config.needsCalibration() ? text_.identity() : "");
    EXPECT_TRUE(at::allclose(test::logProbabilities(loaded, tokens), expected, 0, 1e-4)) << spec;
    EXPECT_TRUE(at::allclose(test::logProbabilities(packed.model(), tokens), expected, 0, 1e-4))
        << spec;

    // Every tensor's bytes in the file are the bits that are counted for it.
    const Checkpoint file = Checkpoint::open(target);
    std::int64_t counted = 0;
    double linear = 0;
    for (const TensorSlot& slot : tensorSlots(loaded.config())) {
      const bool tied = loaded.config().tiedHead && slot.role == TensorRole::Embedding;
      const QuantConfig used = configFor(config, roleOf(slot), tied);
      std::int64_t bytes = 0;
      for (const TensorInfo& info : file.tensors())
        if (info.name == slot.name || info.name.starts_with(slot.name + ".")) bytes += info.bytes;
      EXPECT_EQ(8 * bytes, tensorBits(slot.shape, used)) << spec << ' ' << slot.name;
      if (slot.quantizable()) linear += 8.0 * static_cast<double>(bytes);
      if (!used.isBaseline()) counted += bytes;
    }
    EXPECT_EQ(result.quantizedBytes, counted) << spec;
    EXPECT_EQ(dense.bits(config).linearOnly, linear) << spec;
    EXPECT_EQ(QuantizedModel(CausalLm::load(target), kernelsFor("cpu"))
                  .bits(QuantConfig::fp16())
                  .linearOnly,
              linear);
    EXPECT_EQ(static_cast<std::int64_t>(fs::file_size(target / "model.safetensors")),
              result.fileBytes);
  }
}

TEST_P(Export, DequantizedIsAPlainFp16Checkpoint) {
  for (const std::string spec : {"nf4-b64", "int3-b32-gptq", "fp16"}) {
    ExportOptions options = options_;
    options.dequantized = true;
    const fs::path target = dir_.path() / ("plain-" + spec);
    exportQuantized(source_, target, QuantConfig::parse(spec), options);
    const Checkpoint plain = Checkpoint::open(target);
    const Checkpoint original = Checkpoint::open(source_);
    ASSERT_EQ(plain.tensors().size(), original.tensors().size());
    for (const TensorInfo& info : original.tensors()) {
      ASSERT_TRUE(plain.has(info.name)) << info.name;
      EXPECT_EQ(plain.tensor(info.name).scalar_type(), at::kHalf);
      EXPECT_EQ(plain.tensor(info.name).sizes(), at::IntArrayRef(info.shape));
    }
    EXPECT_FALSE(plain.config().contains("quantization_config"));
    EXPECT_EQ(plain.config().at("torch_dtype"), "float16");
    const QuantizedModel dense = fakeQuantized(spec);
    for (const LinearInfo& linear : dense.model().linears()) {
      const at::Tensor expected = dense.model().weight(linear.name).to(at::kHalf);
      EXPECT_TRUE(at::equal(CausalLm::load(target).weight(linear.name).to(at::kHalf), expected))
          << spec << ' ' << linear.name;
    }
    EXPECT_TRUE(fs::exists(target / "tokenizer.json"));
  }
}

INSTANTIATE_TEST_SUITE_P(Families, Export, testing::ValuesIn(test::kSmallFamilies));

class ExportFaults : public testing::Test {
 protected:
  ExportFaults() : dir_("export_faults"), source_(dir_.path() / "source") {
    test::writeSmallModel(source_, "gpt_neox");
  }
  std::string errorOf(const std::string& spec, const ExportOptions& options = {},
                      const fs::path& target = {}) const {
    try {
      exportQuantized(source_, target.empty() ? dir_.path() / "target" : target,
                      QuantConfig::parse(spec), options);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  /// Puts a value into a tensor of the source.
  void plant(const std::string& wanted, std::int64_t index, float value) const {
    std::vector<std::pair<std::string, at::Tensor>> tensors;
    {
      const Checkpoint checkpoint = Checkpoint::open(source_);
      for (const TensorInfo& info : checkpoint.tensors())
        tensors.emplace_back(info.name, checkpoint.tensor(info.name).clone());
    }
    for (auto& [name, tensor] : tensors)
      if (name == wanted) tensor.view({-1})[index] = value;
    saveSafetensors(source_ / "model.safetensors", tensors);
  }

  test::TempDir dir_;
  fs::path source_;
};

TEST_F(ExportFaults, NotFiniteWeightsAreNamedOrClamped) {
  const std::string name = "gpt_neox.layers.1.mlp.dense_h_to_4h.weight";
  plant(name, 77, std::numeric_limits<float>::quiet_NaN());
  for (const char* spec : {"int4-b64", "nf4-b64-sdq", "int3-b32-o4"})
    EXPECT_EQ(errorOf(spec), "tensor " + name + ": value 77 of 3072 is nan") << spec;
  EXPECT_FALSE(fs::exists(dir_.path() / "target" / "model.safetensors"));
  ExportOptions options;
  options.nonFinite = NonFinite::Clamp;
  const ExportResult result =
      exportQuantized(source_, dir_.path() / "target", QuantConfig::parse("int4-b64"), options);
  EXPECT_EQ(result.clamped, 1);
  EXPECT_EQ(CausalLm::load(dir_.path() / "target").weight(name).view({-1})[77].item<float>(), 0.0F);
}

TEST_F(ExportFaults, NotFiniteInWhatStaysIsNamedToo) {
  plant("gpt_neox.embed_in.weight", 5, std::numeric_limits<float>::infinity());
  EXPECT_EQ(errorOf("int4-b64"), "tensor gpt_neox.embed_in.weight: value 5 of 8224 is inf");
}

TEST_F(ExportFaults, WrongRequestsAreRefused) {
  EXPECT_NE(errorOf("fp16").find("no packed form"), std::string::npos);
  EXPECT_NE(errorOf("int4-b64-gptq").find("needs a calibration text"), std::string::npos);
  EXPECT_NE(errorOf("int4-b64", {}, source_).find("written over itself"), std::string::npos);
  ASSERT_EQ(errorOf("int4-b64"), "");
  const fs::path packed = dir_.path() / "target";
  EXPECT_THROW(exportQuantized(packed, dir_.path() / "again", QuantConfig::parse("int4-b64")),
               Error);
  QuantizedModel model(CausalLm::load(packed), kernelsFor("cpu"));
  model.apply(QuantConfig::fp16());
  model.apply(QuantConfig::parse("int4-b64"));
  EXPECT_THROW(model.apply(QuantConfig::parse("int3-b64")), Error);
}

TEST_F(ExportFaults, DamagedCheckpointsAreRefused) {
  ASSERT_EQ(errorOf("int4-b64"), "");
  const fs::path packed = dir_.path() / "target";
  const auto change = [&](const auto& edit) {
    nlohmann::json config = readJson(packed / "config.json");
    edit(config["quantization_config"]);
    test::writeText(packed / "config.json", config.dump());
    try {
      CausalLm::load(packed);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(change([](auto& c) { c["spec"] = "int3-b64"; }).find("part codes is"),
            std::string::npos);
  EXPECT_NE(change([](auto& c) { c["spec"] = "int4-b65"; }).find("block size 65"),
            std::string::npos);
  EXPECT_NE(change([](auto& c) { c["spec"] = "fp16"; }).find("no packed form"), std::string::npos);
  EXPECT_NE(change([](auto& c) { c["version"] = 2; }).find("version 2"), std::string::npos);
  EXPECT_NE(change([](auto& c) { c["quant_method"] = "awq"; }).find("\"awq\""), std::string::npos);
  EXPECT_NE(change([](auto& c) { c = 7; }).find("is not an object"), std::string::npos);
}

}  // namespace
}  // namespace bitfrontier
