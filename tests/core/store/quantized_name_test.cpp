// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/quantized_name.h"

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <tuple>
#include <vector>

#include "core/store/import/gguf_types.h"
#include "core/store/import/quantization_config.h"

namespace bitfrontier {
namespace {

// The type of a GGUF file means the same in a name as in a table.
TEST(QuantizedName, TypesOfGgufHaveTheirBitsPerWeight) {
  for (const auto& [name, bits] : {std::pair{"org/model-1b-Q4_0", 4.5},
                                   {"org/m-1b-q8_0.gguf", 8.5},
                                   {"org/model-7b-TQ1_0", 1.6875}}) {
    const auto read = quantizationOfName(name);
    ASSERT_TRUE(read) << name;
    EXPECT_EQ(read->bitsPerWeight, bits) << name;
    EXPECT_EQ(read->method, "rtn") << name;
  }
  const auto mix = quantizationOfName("org/model-1b-Q4_K_M");
  EXPECT_EQ(mix->bitsPerWeight, parseGgufType("Q4_K_M")->bitsPerWeight);
  EXPECT_GT(mix->bitsPerWeight, 4.6);
}

// Names as they are used on the hub, and the bits that their model cards state; 0 = the name alone
// does not tell.
TEST(QuantizedName, SaysHowManyBitsANameStates) {
  const std::vector<std::tuple<const char*, int, const char*>> cases{
      {"org/model-1b-Q4_K_M", 4, "Q4_K_M"},
      {"org/model-1b-q8_0.gguf", 8, "Q8_0"},
      {"org/model-7b-IQ2_XXS", 2, "IQ2_XXS"},
      {"org/model-7b-UD-Q4_K_XL", 4, "UD-Q4_K_XL"},
      {"org/model-7b-TQ1_0", 2, "TQ1_0"},
      {"google/gemma-3-4b-it-qat-q4_0-gguf", 4, "Q4_0"},
      {"org/model-8b-W8A16", 8, "w8a16"},
      {"org/model-8b-quantized.w4a16", 4, "w4a16"},
      {"org/model-8b-W8A8-INT8", 8, "w8a8"},
      {"org/model-1b-int2", 2, "int2"},
      {"org/model-1b-INT6", 6, "int6"},
      {"org/model-1b-int3", 3, "int3"},
      {"org/model-7b-GPTQ-Int4", 4, "gptq4"},
      {"org/model-7b-GPTQ-4bit-128g", 4, "gptq4"},
      {"org/model-7b-GPTQ", 0, "gptq"},
      {"org/model-7b-AWQ", 0, "awq"},
      {"org/model-7b-AWQ-4bit", 4, "awq4"},
      {"org/model-7b-HQQ", 0, "hqq"},
      {"org/Llama-2-7b-chat-hf_2bitgs8_hqq", 2, "hqq2"},
      {"org/Mixtral-attn-4bit-moe-2bit-HQQ", 0, "hqq"},
      {"org/model-2bit", 2, "int2"},
      {"mlx-community/model-7b-4bit", 4, "int4"},
      {"mlx-community/model-7b-mlx-4bit", 4, "mlx4"},
      {"org/model-7b-quip-2bit", 2, "quip2"},
      {"relaxml/Llama-2-7b-E8P-2Bit", 2, "quip2"},
      {"ISTA-DASLab/Llama-2-7b-AQLM-2Bit-1x16-hf", 2, "aqlm2"},
      {"org/model-7b-torchao", 0, "torchao"},
      {"org/model-7b-torchao-int8wo", 8, "torchao8"},
      {"org/model-8b-FP8-dynamic", 8, "fp8"},
      {"org/model-8b-FP8", 8, "fp8"},
      {"org/model-8b-FP8-KV", 8, "fp8"},
      {"nvidia/model-8b-NVFP4", 4, "nvfp4"},
      {"org/model-8b-MXFP4", 4, "mxfp4"},
      {"unsloth/model-8b-bnb-4bit", 4, "bitsandbytes4"},
      {"org/model-8b-nf4", 4, "nf4"},
      {"org/model-8b-EETQ", 8, "eetq8"},
      {"org/model-8b-marlin", 0, "marlin"},
      {"org/model-8b-4.0bpw-exl2", 4, "4bpw"},
      {"org/model-8b-exl2-4.65bpw", 5, "4.65bpw"},
      {"org/model-8b-EXL2", 0, "exl2"},
      {"microsoft/bitnet-b1.58-2B-4T", 2, "b1.58"},
      {"openai/gpt-oss-20b", 4, "mxfp4"},
      {"deepseek-ai/DeepSeek-R1", 8, "fp8"},
      {"mlc-ai/model-7b-q4f16_1-MLC", 4, "q4f16_1"},
      {"/data/llama/model-7b-gptq-4bit/", 4, "gptq4"},
      {"org/model-7b-8-bit", 8, "int8"},
      {"org/Some-Model-7B-quantized", 0, "rtn"},
  };
  for (const auto& [name, bits, config] : cases) {
    const auto q = quantizationOfName(name);
    ASSERT_TRUE(q) << name;
    EXPECT_EQ(q->bits, bits) << name;
    EXPECT_EQ(q->config, config) << name;
    EXPECT_FALSE(q->word.empty()) << name;
    EXPECT_FALSE(q->method.empty()) << name;
  }
  EXPECT_DOUBLE_EQ(quantizationOfName("m-4.65bpw-exl2")->bitsPerWeight, 4.65);
  EXPECT_DOUBLE_EQ(quantizationOfName("openai/gpt-oss-120b")->bitsPerWeight, 4.25);
  EXPECT_EQ(quantizationOfName("m-GPTQ-4bit-128g")->blockSize, 128);
}

TEST(QuantizedName, OtherNamesSayNothing) {
  for (const char* name : {"EleutherAI/pythia-160m",
                           "meta-llama/Llama-2-7b-hf",
                           "meta-llama/Llama-3.1-8B-Instruct",
                           "Qwen/Qwen2.5-0.5B",
                           "Qwen/QwQ-32B",
                           "microsoft/Phi-3-mini-4k-instruct",
                           "gpt2",
                           "mistralai/Mixtral-8x7B-v0.1",
                           "google/gemma-3-4b-it-qat-q4_0-unquantized",
                           "unsloth/gpt-oss-20b-BF16",
                           "mlx-community/Llama-3.2-3B-bf16",
                           "org/model-8b-fp16",
                           "org/model-8b-BF16-GGUF",
                           "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B",
                           "bigscience/bloom-1b7",
                           "org/quantum-chat-7b",
                           "facebook/opt-1.3b",
                           "tiiuae/falcon-40b",
                           "01-ai/Yi-34B-200K",
                           "EleutherAI/pythia-70m@int",
                           "stabilityai/stablelm-2-1_6b",
                           "THUDM/chatglm3-6b-32k"}) {
    const auto q = quantizationOfName(name);
    EXPECT_FALSE(q) << name << ": " << (q ? q->word : "");
  }
  EXPECT_EQ(dtypeOfName("org/model-8b-BF16"), "bfloat16");
  EXPECT_EQ(dtypeOfName("org/model-8b-fp32"), "float32");
  EXPECT_EQ(dtypeOfName("org/model-8b"), "");
}

TEST(QuantizedName, NamesOfModelsWithoutTheirPlace) {
  EXPECT_EQ(shortModelName("EleutherAI/pythia-160m"), "pythia-160m");
  EXPECT_EQ(shortModelName("/data/models/pythia-160m/"), "pythia-160m");
  EXPECT_EQ(shortModelName("C:\\models\\pythia-160m"), "pythia-160m");
  EXPECT_EQ(shortModelName("EleutherAI/pythia-160m@step3000"), "pythia-160m@step3000");
  EXPECT_EQ(shortModelName("EleutherAI/pythia-160m@main"), "pythia-160m");
  // Folders that say nothing of whose model they hold.
  EXPECT_EQ(shortModelName("/disk/LLaMA/lm/huggingface/7B"), "LLaMA-7B");
  EXPECT_EQ(shortModelName("./runs/mine/checkpoint-500/"), "mine@checkpoint-500");
  EXPECT_EQ(shortModelName("/runs/mine/final"), "mine@final");
  EXPECT_EQ(shortModelName("/final"), "final");
  EXPECT_EQ(shortModelName("7B"), "7B");
  const std::string snapshot =
      "/home/u/.cache/huggingface/hub/models--EleutherAI--pythia-160m/snapshots/0123abcd";
  EXPECT_EQ(shortModelName(snapshot), "pythia-160m");
  EXPECT_EQ(hubRepository(snapshot), "EleutherAI/pythia-160m");
  EXPECT_EQ(hubRepository("EleutherAI/pythia-160m"), "EleutherAI/pythia-160m");
  EXPECT_EQ(hubRepository("gpt2"), "");
  EXPECT_EQ(hubRepository("/data/pythia-160m"), "");
  EXPECT_EQ(baseModelName("neuralmagic/Meta-Llama-3-8B-Instruct-FP8-KV"),
            "Meta-Llama-3-8B-Instruct");
  EXPECT_EQ(baseModelName("TheBloke/Llama-2-7B-Chat-GPTQ"), "Llama-2-7B-Chat");
  EXPECT_EQ(baseModelName("org/4bit"), "4bit");  // nothing else would be left
  EXPECT_EQ(baseModelName("Dynamic-8B-Instruct"), "Dynamic-8B-Instruct");
}

// quantization_config as transformers and the libraries write it.
TEST(QuantizationConfig, TellsMethodAndBits) {
  const auto read = [](const char* text) {
    return readQuantizationConfig(nlohmann::json::parse(text));
  };
  const auto gptq = read(R"({"quant_method": "gptq", "bits": 3, "group_size": 128})");
  EXPECT_EQ(gptq->bits, 3);
  EXPECT_EQ(gptq->config, "gptq3-b128");
  const auto awq = read(R"({"quant_method": "awq", "w_bit": 4, "q_group_size": 64})");
  EXPECT_EQ(awq->bits, 4);
  EXPECT_EQ(awq->blockSize, 64);
  EXPECT_TRUE(std::isnan(awq->bitsPerWeight));
  const auto fp8 = read(
      R"({"quant_method": "compressed-tensors", "format": "float-quantized", "config_groups":
          {"group_0": {"weights": {"num_bits": 8, "type": "float", "strategy": "channel"},
                       "input_activations": {"num_bits": 8}}}})");
  EXPECT_EQ(fp8->bits, 8);
  EXPECT_EQ(fp8->config, "fp8");
  const auto w4 = read(
      R"({"quant_method": "compressed-tensors", "config_groups": {"group_0": {"weights":
          {"num_bits": 4, "type": "int", "group_size": 128}, "input_activations": null}}})");
  EXPECT_EQ(w4->config, "w4a16");
  EXPECT_EQ(w4->blockSize, 128);
  const auto bnb = read(
      R"({"quant_method": "bitsandbytes", "load_in_4bit": true, "bnb_4bit_quant_type": "nf4",
          "bnb_4bit_use_double_quant": true})");
  EXPECT_EQ(bnb->config, "bnb-nf4-dq");
  EXPECT_DOUBLE_EQ(bnb->bitsPerWeight, 4 + 8.0 / 64 + 32.0 / (64 * 256));
  EXPECT_EQ(read(R"({"quant_method": "fp8", "weight_block_size": [128, 128]})")->bits, 8);
  EXPECT_EQ(read(R"({"quant_method": "mxfp4"})")->bits, 4);
  EXPECT_EQ(read(R"({"quant_method": "quanto", "weights": "int4"})")->bits, 4);
  EXPECT_EQ(read(R"({"quant_method": "torchao", "quant_type": "int8_weight_only"})")->bits, 8);
  EXPECT_EQ(read(R"({"quant_method": "hqq", "quant_config":
                     {"weight_quant_params": {"nbits": 2, "group_size": 16}}})")
                ->bits,
            2);
  EXPECT_EQ(read(R"({"quant_method": "aqlm", "nbits_per_codebook": 16, "num_codebooks": 1,
                     "in_group_size": 8})")
                ->bits,
            2);
  const auto exl2 = read(R"({"quant_method": "exl2", "bits": 4.65})");
  EXPECT_EQ(exl2->bits, 5);
  EXPECT_DOUBLE_EQ(exl2->bitsPerWeight, 4.65);
  EXPECT_EQ(read(R"({"quant_algo": "NVFP4"})")->bits, 4);
  EXPECT_EQ(read(R"({"quant_method": "eetq"})")->bits, 8);
  EXPECT_EQ(read(R"({"quant_method": "somethingnew"})")->bits, 0);  // quantized, no width
  EXPECT_FALSE(read("{}"));
}

}  // namespace
}  // namespace bitfrontier
