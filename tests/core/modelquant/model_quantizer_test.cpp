// SPDX-License-Identifier: GPL-3.0-or-later
// Which tensors are quantized, with what they know of the model: previous layers, inputs behind
// quantized layers.
#include "core/modelquant/model_quantizer.h"

#include <gtest/gtest.h>

#include <set>

#include "core/base/error.h"
#include "core/modelquant/input_collector.h"
#include "core/modelquant/previous_layer.h"
#include "core/quant/outliers.h"
#include "kernels/registry.h"
#include "tests/core/modelquant/small_models.h"

namespace bitfrontier {
namespace {

using test::smallModel;

/// Names of the tensors that a configuration quantizes.
std::vector<std::string> quantized(const std::string& family, const std::string& spec) {
  ModelQuantizer quantizer(smallModel(family));
  std::vector<std::string> names;
  quantizer.run(QuantConfig::parse(spec), test::someTokens(),
                [&](const QuantizationStep& step) { names.push_back(step.slot.name); });
  return names;
}

TEST(ModelQuantizer, LinearLayersFirstThenWhatElseIsAskedFor) {
  const std::vector<std::string> linear = quantized("gpt_neox", "int4-b64");
  ASSERT_EQ(linear.size(), 8U);
  EXPECT_EQ(linear.front(), "gpt_neox.layers.0.attention.query_key_value.weight");
  EXPECT_EQ(linear.back(), "gpt_neox.layers.1.mlp.dense_4h_to_h.weight");
  std::vector<std::string> all = quantized("gpt_neox", "int4-b64-emb-head");
  EXPECT_EQ(all.size(), 10U);
  EXPECT_EQ(all[8], "gpt_neox.embed_in.weight");
  EXPECT_EQ(all[9], "embed_out.weight");
  EXPECT_EQ(quantized("gpt_neox", "int4-b64-head").back(), "embed_out.weight");
  // A tied head is the embedding.
  EXPECT_EQ(quantized("gpt2", "int4-b64-head").back(), "transformer.wte.weight");
  EXPECT_EQ(quantized("gpt2", "int4-b64-emb").size(), 8U + 2U);  // tokens and positions
  EXPECT_EQ(quantized("gpt_neox", "fp16").size(), 8U);
}

TEST(ModelQuantizer, EmbeddingsAreRoundedPlainly) {
  ModelQuantizer quantizer(smallModel("gpt_neox"));
  quantizer.run(QuantConfig::parse("int3-b32-o5-wmse-gptq-emb-head"), test::someTokens(),
                [&](const QuantizationStep& step) {
                  const bool linear = step.slot.quantizable();
                  EXPECT_EQ(step.config.method, linear ? Method::Gptq : Method::Nearest);
                  EXPECT_EQ(step.config.outliers != OutlierRule::None, linear);
                  EXPECT_EQ(step.options.inputs != nullptr, linear);
                  EXPECT_EQ(step.options.previousDeviations.defined(), linear);
                });
}

TEST(ModelQuantizer, EveryRunStartsFromTheOriginals) {
  ModelQuantizer quantizer(smallModel("opt"));
  const at::Tensor tokens = test::someTokens();
  const at::Tensor before = test::logProbabilities(quantizer.model(), tokens);
  const auto round = [&](const std::string& spec) {
    quantizer.run(QuantConfig::parse(spec), {}, [&](const QuantizationStep& step) {
      quantizer.model().setWeight(step.slot.name,
                                  quantizeDequantize(step.weight, step.config, kernelsFor("cpu")));
    });
    return test::logProbabilities(quantizer.model(), tokens);
  };
  const at::Tensor coarse = round("int3-b64-emb");
  EXPECT_FALSE(at::allclose(coarse, before, 0, 1e-3));
  const at::Tensor fine = round("int8-b64");
  EXPECT_FALSE(at::equal(fine, before));
  EXPECT_TRUE(at::equal(round("int3-b64-emb"), coarse));
  quantizer.restore();
  EXPECT_TRUE(at::equal(test::logProbabilities(quantizer.model(), tokens), before));
}

TEST(ModelQuantizer, ErrorsNameTheTensor) {
  ModelQuantizer quantizer(smallModel("gpt2"));
  const auto messageOf = [&](const std::string& spec, const at::Tensor& calibration) {
    try {
      quantizer.run(QuantConfig::parse(spec), calibration, [](const QuantizationStep& step) {
        if (step.slot.layer == 1) throw Error(ErrorKind::Numeric, "value 7 of 9 is nan");
      });
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(messageOf("int4-b64", {}),
            "tensor transformer.h.1.attn.c_attn.weight: value 7 of 9 is nan");
  EXPECT_EQ(messageOf("int4-b64-gptq", {}), "int4-b64-gptq needs a calibration text");
}

TEST(InputCollector, FirstLayerSeesTheNormedEmbedding) {
  const CausalLm model = smallModel("gpt_neox");
  const at::Tensor tokens = test::someTokens(40, 60);  // more than one batch... of 4096 tokens
  const auto inputs = collectInputs(model, 0, tokens);
  ASSERT_EQ(inputs.size(), 4U);
  const InputStatistics& qkv = *inputs.at("gpt_neox.layers.0.attention.query_key_value.weight");
  EXPECT_EQ(qkv.inputs, 2400);
  const at::Tensor x = at::layer_norm(
      at::embedding(model.weight("gpt_neox.embed_in.weight"), tokens), {32},
      model.weight("gpt_neox.layers.0.input_layernorm.weight"),
      model.weight("gpt_neox.layers.0.input_layernorm.bias"), model.config().normEpsilon);
  const at::Tensor flat = x.reshape({-1, 32}).to(at::kDouble);
  EXPECT_TRUE(at::allclose(qkv.moments, at::mm(flat.t(), flat) / 2400.0, 1e-5, 1e-6));
  EXPECT_TRUE(at::allclose(qkv.magnitudes, flat.abs().mean(0), 1e-5, 1e-6));
  // Inputs of the MLP's second layer: as many as it has columns.
  EXPECT_EQ(inputs.at("gpt_neox.layers.0.mlp.dense_4h_to_h.weight")->moments.size(0), 96);
}

TEST(InputCollector, SeparateProjectionsShareTheirInput) {
  const auto inputs = collectInputs(smallModel("llama"), 1, test::someTokens());
  ASSERT_EQ(inputs.size(), 7U);
  const std::string layer = "model.layers.1.";
  EXPECT_EQ(inputs.at(layer + "self_attn.q_proj.weight"),
            inputs.at(layer + "self_attn.v_proj.weight"));
  EXPECT_EQ(inputs.at(layer + "mlp.gate_proj.weight"), inputs.at(layer + "mlp.up_proj.weight"));
  EXPECT_NE(inputs.at(layer + "mlp.gate_proj.weight"), inputs.at(layer + "mlp.down_proj.weight"));
  EXPECT_NE(inputs.at(layer + "self_attn.q_proj.weight"),
            inputs.at(layer + "self_attn.o_proj.weight"));
}

TEST(ModelQuantizer, LaterLayersAreCalibratedBehindQuantizedOnes) {
  for (const std::string& family : test::kSmallFamilies) {
    ModelQuantizer quantizer(smallModel(family));
    const at::Tensor tokens = test::someTokens();
    // Taking layer 0 away altogether is the coarsest quantization there is.
    CausalLm without = smallModel(family);
    for (const TensorSlot& slot : tensorSlots(without.config()))
      if (slot.quantizable() && slot.layer == 0)
        without.setWeight(slot.name, at::zeros(slot.shape));
    const auto expected = collectInputs(without, 1, tokens);
    const auto untouched = collectInputs(smallModel(family), 1, tokens);
    int compared = 0;
    quantizer.run(QuantConfig::parse("int4-b32-gptq"), tokens, [&](const QuantizationStep& step) {
      if (step.slot.layer == 0) {
        quantizer.model().setWeight(step.slot.name, at::zeros(step.slot.shape));
        return;
      }
      EXPECT_TRUE(at::equal(step.options.inputs->moments, expected.at(step.slot.name)->moments))
          << step.slot.name;
      EXPECT_FALSE(
          at::allclose(step.options.inputs->moments, untouched.at(step.slot.name)->moments))
          << step.slot.name;
      ++compared;
    });
    EXPECT_GT(compared, 3) << family;
  }
}

/// The columns that the proxy keeps of a layer when one unit of another tensor is made loud.
std::set<std::int64_t> keptColumns(const std::string& family, const std::string& loudTensor,
                                   std::int64_t unit, const std::string& layer) {
  CausalLm model = smallModel(family);
  at::Tensor loud = model.weight(loudTensor).clone();
  const bool embedding =
      loudTensor.find("embed") != std::string::npos || loudTensor.ends_with("wte.weight");
  (embedding ? loud.select(1, unit) : loud[unit]).mul_(50);
  model.setWeight(loudTensor, loud);
  std::set<std::int64_t> kept;
  ModelQuantizer quantizer(std::move(model));
  quantizer.run(QuantConfig::parse("int3-b32-o0.5"), {}, [&](const QuantizationStep& step) {
    if (step.slot.name != layer) return;
    const QuantizedTensor tensor =
        quantize(step.weight, step.config, kernelsFor("cpu"), step.options);
    for (std::int64_t i = 0; i < tensor.outlierColumns.numel(); ++i)
      kept.insert(tensor.outlierColumns[i].item<std::int64_t>());
  });
  return kept;
}

TEST(PreviousLayer, IsTheOneThatFeedsTheInputs) {
  using Set = std::set<std::int64_t>;
  const std::string neox = "gpt_neox.layers.";
  // Value units of head 1 (rows q, k, v of each head): head 1 value 5 = row (1 * 3 + 2) * 16 + 5.
  EXPECT_EQ(keptColumns("gpt_neox", neox + "0.attention.query_key_value.weight", 85,
                        neox + "0.attention.dense.weight"),
            Set{21});
  EXPECT_EQ(keptColumns("gpt_neox", neox + "0.mlp.dense_h_to_4h.weight", 70,
                        neox + "0.mlp.dense_4h_to_h.weight"),
            Set{70});
  // Parallel blocks: both branches read what the block before wrote, the first one the embedding.
  for (const char* reader : {".attention.query_key_value.weight", ".mlp.dense_h_to_4h.weight"}) {
    EXPECT_EQ(keptColumns("gpt_neox", neox + "0.mlp.dense_4h_to_h.weight", 9, neox + "1" + reader),
              Set{9});
    EXPECT_EQ(keptColumns("gpt_neox", "gpt_neox.embed_in.weight", 30, neox + "0" + reader),
              Set{30});
  }
  // Sequential blocks: the MLP reads behind the attention.
  EXPECT_EQ(keptColumns("gpt2", "transformer.h.1.attn.c_proj.weight", 12,
                        "transformer.h.1.mlp.c_fc.weight"),
            Set{12});
  // GPT-2 keeps all q, all k, all v: value 7 is row 64 + 7.
  EXPECT_EQ(keptColumns("gpt2", "transformer.h.0.attn.c_attn.weight", 71,
                        "transformer.h.0.attn.c_proj.weight"),
            Set{7});
  EXPECT_EQ(keptColumns("gpt2", "transformer.wte.weight", 3, "transformer.h.0.attn.c_attn.weight"),
            Set{3});
  EXPECT_EQ(keptColumns("opt", "model.decoder.layers.0.self_attn.v_proj.weight", 11,
                        "model.decoder.layers.0.self_attn.out_proj.weight"),
            Set{11});
  EXPECT_EQ(keptColumns("opt", "model.decoder.project_in.weight", 8,
                        "model.decoder.layers.0.self_attn.q_proj.weight"),
            Set{8});
  EXPECT_EQ(keptColumns("opt", "model.decoder.layers.0.fc2.weight", 4,
                        "model.decoder.layers.1.self_attn.k_proj.weight"),
            Set{4});
  // Shared value heads feed several heads: unit 2 of value head 1 feeds heads 2 and 3.
  const std::set<std::int64_t> shared =
      keptColumns("llama", "model.layers.0.self_attn.v_proj.weight", 8 + 2,
                  "model.layers.0.self_attn.o_proj.weight");
  EXPECT_EQ(shared, Set{16 + 2});  // the first of the two equal ones
  EXPECT_EQ(keptColumns("llama", "model.layers.1.mlp.up_proj.weight", 60,
                        "model.layers.1.mlp.down_proj.weight"),
            Set{60});
}

}  // namespace
}  // namespace bitfrontier
